// The token layer of the client role (RFC 7252, 5.3; RFC 7641): one request and its response, and notifications.

import type { Clock } from "../clock.js";
import type { Peer } from "../transport.js";
import { type Message, optionUint } from "./message.js";
import type { Content, MessageLayer } from "./message-layer.js";
import { OBSERVE } from "./numbers.js";

export type FailureReason = "timeout" | "reset" | "cancelled";

/** A request that got no response. */
export class RequestFailure extends Error {
	override readonly name = "RequestFailure";
	readonly reason: FailureReason;

	constructor(reason: FailureReason, message: string) {
		super(message);
		this.reason = reason;
	}
}

export interface Observer {
	/** Where notifications may come from; an Update can change it. */
	readonly peerKey: () => string;
	onNotification(notification: Message, peer: Peer): void;
}

interface Waiting {
	readonly peerKey: string;
	/** A cancellation shares its token with the notifications it ends. */
	readonly isCancellation: boolean;
	settle(outcome: Message | RequestFailure): void;
}

/** Sequence numbers are compared for this long only (RFC 7641, 3.4). */
const SEQUENCE_WINDOW_MS = 128_000;

export class Requester {
	readonly #layer: MessageLayer;
	readonly #clock: Clock;
	readonly #waiting = new Map<string, Waiting>();
	readonly #observers = new Map<string, { observer: Observer; sequence: number; at: number }>();

	constructor(layer: MessageLayer, clock: Clock) {
		this.#layer = layer;
		this.#clock = clock;
		layer.onResponse = (response, peer) => this.#deliver(response, peer);
	}

	exchange(content: Content, peer: Peer, isConfirmable: boolean, timeoutMs: number): Promise<Message> {
		const key = content.token.toString("hex");
		return new Promise((resolve, reject) => {
			let stopSending = () => {};
			const settle = (outcome: Message | RequestFailure) => {
				if (this.#waiting.get(key) !== waiting) return;
				this.#waiting.delete(key);
				stopSending();
				stopTimer();
				if (outcome instanceof RequestFailure) reject(outcome);
				else resolve(outcome);
			};
			const isCancellation = optionUint(content, OBSERVE) === 1;
			const waiting: Waiting = { peerKey: peer.key, isCancellation, settle };
			this.#waiting.set(key, waiting);
			const stopTimer = this.#clock.schedule(
				() => settle(new RequestFailure("timeout", `no answer within ${timeoutMs} ms`)),
				timeoutMs,
			);
			if (!isConfirmable) {
				this.#layer.sendNonConfirmable(content, peer);
				return;
			}
			stopSending = this.#layer.sendConfirmable(content, peer, {
				onReset: () => settle(new RequestFailure("reset", "the device answered with a reset")),
				onTimeout: () => settle(new RequestFailure("timeout", "no answer to any retransmission")),
			});
		});
	}

	/** Accepts notifications with this token from now on. */
	addObserver(token: Buffer, observer: Observer): void {
		this.#observers.set(token.toString("hex"), { observer, sequence: -1, at: 0 });
	}

	removeObserver(token: Buffer): void {
		this.#observers.delete(token.toString("hex"));
	}

	/** Fails what waits for this peer, or for anyone. */
	cancel(peerKey: string | undefined, why: string): void {
		for (const waiting of [...this.#waiting.values()]) {
			if (peerKey === undefined || waiting.peerKey === peerKey) {
				waiting.settle(new RequestFailure("cancelled", why));
			}
		}
	}

	#deliver(response: Message, peer: Peer): boolean {
		const key = response.token.toString("hex");
		const sequence = optionUint(response, OBSERVE);
		const observation = this.#observers.get(key);
		const waiting = this.#waiting.get(key);
		const isNotification = waiting?.isCancellation && sequence !== undefined && response.type !== "ACK";
		if (waiting && waiting.peerKey === peer.key && !isNotification) {
			if (observation && sequence !== undefined) this.#isFresh(observation, sequence);
			waiting.settle(response);
			return true;
		}
		if (!observation || observation.observer.peerKey() !== peer.key) return false;
		if (sequence === undefined || this.#isFresh(observation, sequence)) {
			observation.observer.onNotification(response, peer);
		}
		return true;
	}

	/** False for a notification that a newer one overtook. */
	#isFresh(observation: { sequence: number; at: number }, sequence: number): boolean {
		const now = this.#clock.now();
		const ahead = (sequence - observation.sequence) & 0xffffff;
		const isNewer = ahead !== 0 && ahead < 0x800000;
		if (observation.sequence >= 0 && !isNewer && now <= observation.at + SEQUENCE_WINDOW_MS) return false;
		observation.sequence = sequence;
		observation.at = now;
		return true;
	}
}
