// The message layer (RFC 7252, 4): confirmable messages and their retransmission, duplicates, ping, reset.
// It knows message ids, not tokens. Remembered exchanges live for EXCHANGE_LIFETIME.

import type { Clock } from "../clock.js";
import type { Peer, Transport } from "../transport.js";
import { decodeMessage, EMPTY, emptyMessage, encodeMessage, type Message } from "./message.js";
import { type CoapSettings, exchangeLifetimeMs, methodOfCode } from "./numbers.js";

/** A message before the layer gives it a type and an id. */
export type Content = Pick<Message, "code" | "token" | "options" | "payload">;

export interface Delivery {
	/** The peer has the message: an empty ACK, or any response to it. */
	onAcknowledged?(): void;
	onReset?(): void;
	/** Every retransmission went unanswered. */
	onTimeout?(): void;
}

interface Outstanding extends Delivery {
	cancelTimer: () => void;
}

interface Remembered {
	readonly expiresAt: number;
	reply?: Buffer;
}

export class MessageLayer {
	/** A new request; `respond` is called once. */
	onRequest: (request: Message, peer: Peer, respond: (response: Content) => void) => void = () => {};
	/** A response, or a notification; false when nobody wants it. */
	onResponse: (response: Message, peer: Peer) => boolean = () => false;
	readonly #transport: Transport;
	readonly #clock: Clock;
	readonly #settings: CoapSettings;
	readonly #random: () => number;
	readonly #outstanding = new Map<string, Outstanding>();
	/** In order of arrival, so that the oldest are in front. */
	readonly #remembered = new Map<string, Remembered>();
	readonly #timers = new Set<() => void>();
	#nextMessageId: number;

	constructor(transport: Transport, clock: Clock, settings: CoapSettings, random: () => number) {
		this.#transport = transport;
		this.#clock = clock;
		this.#settings = settings;
		this.#random = random;
		this.#nextMessageId = Math.floor(random() * 0x10000);
		transport.onDatagram = (datagram, peer) => this.#receive(datagram, peer);
	}

	/** Sends until acknowledged; the answer stops that. */
	sendConfirmable(content: Content, peer: Peer, delivery: Delivery): () => void {
		const messageId = this.#takeMessageId();
		const datagram = encodeMessage({ ...content, type: "CON", messageId });
		const key = keyOf(peer, messageId);
		const { ACK_TIMEOUT_MS, ACK_RANDOM_FACTOR, MAX_RETRANSMIT } = this.#settings;
		let timeout = ACK_TIMEOUT_MS * (1 + this.#random() * (ACK_RANDOM_FACTOR - 1));
		let retransmissions = 0;
		const entry: Outstanding = { ...delivery, cancelTimer: () => {} };
		const wait = () => {
			entry.cancelTimer = this.#clock.schedule(() => {
				if (retransmissions++ === MAX_RETRANSMIT) {
					this.#outstanding.delete(key);
					delivery.onTimeout?.();
					return;
				}
				timeout *= 2;
				wait();
				this.#transport.send(datagram, peer);
			}, timeout);
		};
		this.#outstanding.set(key, entry);
		wait();
		this.#transport.send(datagram, peer);
		return () => {
			entry.cancelTimer();
			if (this.#outstanding.get(key) === entry) this.#outstanding.delete(key);
		};
	}

	sendNonConfirmable(content: Content, peer: Peer): void {
		this.#transport.send(encodeMessage({ ...content, type: "NON", messageId: this.#takeMessageId() }), peer);
	}

	/** Drops everything that waits for a timer. */
	stop(): void {
		for (const entry of this.#outstanding.values()) entry.cancelTimer();
		for (const cancel of this.#timers) cancel();
		this.#outstanding.clear();
		this.#timers.clear();
		this.#remembered.clear();
	}

	#receive(datagram: Buffer, peer: Peer): void {
		const message = decodeMessage(datagram);
		if (!message) {
			this.#rejectMalformed(datagram, peer);
			return;
		}
		const isRequest = methodOfCode(message.code) !== undefined;
		const isResponse = /^[245]\./.test(message.code);
		switch (message.type) {
			case "ACK":
			case "RST":
				this.#settle(message, peer, isResponse);
				break;
			case "CON":
			case "NON":
				if (isRequest) this.#receiveRequest(message, peer);
				else if (isResponse) this.#receiveResponse(message, peer);
				else if (message.type === "CON") this.#reset(message, peer);
		}
	}

	#settle(message: Message, peer: Peer, isResponse: boolean): void {
		const key = keyOf(peer, message.messageId);
		const entry = this.#outstanding.get(key);
		if (!entry) return;
		this.#outstanding.delete(key);
		entry.cancelTimer();
		if (message.type === "RST") entry.onReset?.();
		else entry.onAcknowledged?.();
		if (message.type === "ACK" && isResponse) this.onResponse(message, peer);
	}

	#receiveRequest(request: Message, peer: Peer): void {
		const remembered = this.#remember(request, peer);
		if (!remembered) return;
		const { separateResponseMs, PROCESSING_DELAY_MS } = this.#settings;
		if (request.type === "NON") {
			this.onRequest(request, peer, (response) => this.sendNonConfirmable(response, peer));
			return;
		}
		let isAcknowledged = false;
		const acknowledge = () => {
			isAcknowledged = true;
			remembered.reply = encodeMessage(emptyMessage("ACK", request.messageId));
			this.#transport.send(remembered.reply, peer);
		};
		const stopWaiting = this.#later(acknowledge, PROCESSING_DELAY_MS);
		if (separateResponseMs !== undefined) {
			stopWaiting();
			acknowledge();
		}
		this.onRequest(request, peer, (response) => {
			stopWaiting();
			if (separateResponseMs !== undefined) {
				this.#later(() => this.sendConfirmable(response, peer, {}), separateResponseMs);
			} else if (isAcknowledged) {
				this.sendConfirmable(response, peer, {});
			} else {
				remembered.reply = encodeMessage({ ...response, type: "ACK", messageId: request.messageId });
				this.#transport.send(remembered.reply, peer);
			}
		});
	}

	#receiveResponse(response: Message, peer: Peer): void {
		const remembered = this.#remember(response, peer);
		if (!remembered) return;
		const isWanted = this.onResponse(response, peer);
		if (!isWanted) remembered.reply = this.#reset(response, peer);
		else if (response.type === "CON") {
			remembered.reply = encodeMessage(emptyMessage("ACK", response.messageId));
			this.#transport.send(remembered.reply, peer);
		}
	}

	/** Undefined for a duplicate, which gets the reply of the first one again. */
	#remember(message: Message, peer: Peer): Remembered | undefined {
		const now = this.#clock.now();
		for (const [key, { expiresAt }] of this.#remembered) {
			if (expiresAt > now) break;
			this.#remembered.delete(key);
		}
		const key = keyOf(peer, message.messageId);
		const known = this.#remembered.get(key);
		if (known) {
			if (known.reply) this.#transport.send(known.reply, peer);
			return undefined;
		}
		const remembered: Remembered = { expiresAt: now + exchangeLifetimeMs(this.#settings) };
		this.#remembered.set(key, remembered);
		return remembered;
	}

	#reset(message: Message, peer: Peer): Buffer {
		const datagram = encodeMessage(emptyMessage("RST", message.messageId));
		this.#transport.send(datagram, peer);
		return datagram;
	}

	/** RFC 7252, 4.2: a confirmable message with a format error is rejected, everything else ignored. */
	#rejectMalformed(datagram: Buffer, peer: Peer): void {
		if (datagram.length < 4 || datagram[0]! >> 4 !== 4) return;
		this.#transport.send(encodeMessage(emptyMessage("RST", datagram.readUInt16BE(2))), peer);
	}

	#later(callback: () => void, delayMs: number): () => void {
		const cancelTimer = this.#clock.schedule(() => {
			this.#timers.delete(cancel);
			callback();
		}, delayMs);
		const cancel = () => {
			this.#timers.delete(cancel);
			cancelTimer();
		};
		this.#timers.add(cancel);
		return cancel;
	}

	#takeMessageId(): number {
		const messageId = this.#nextMessageId;
		this.#nextMessageId = (messageId + 1) & 0xffff;
		return messageId;
	}
}

export function content(code: string, token: Buffer, options: Message["options"], payload: Buffer = EMPTY): Content {
	return { code, token, options, payload };
}

function keyOf(peer: Peer, messageId: number): string {
	return `${peer.key}#${messageId}`;
}
