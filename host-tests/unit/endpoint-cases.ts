// An endpoint with a clock and a peer in memory, for the tests of it.
import { Endpoint, type EndpointOptions, type Sender } from "../../src/coap/endpoint.js";
import { CHANGED, CON, POST } from "../../src/coap/numbers.js";
import { addPayload, begin, beginAnswer } from "../../src/coap/writer.js";
import { type CoapFields, datagram } from "../support/coap.js";
import { hex, toHex } from "../support/test.js";
import { message } from "./in-hand.js";

export const token = hex("7e");

/** An endpoint whose peer is the test. */
export class Bench {
	now = 1_000_000;
	fraction = 0;
	sent: string[] = [];
	requests: number[] = [];
	resets: number[] = [];
	responses: (Sender | undefined)[] = [];
	isAwaited = true;
	onRequest: () => void = () => {
		beginAnswer(message, CHANGED, 0x5000);
		addPayload(message, Uint8Array.of(this.requests.length), 0, 1);
		this.endpoint.answer();
	};
	readonly endpoint: Endpoint;

	constructor(options: Partial<EndpointOptions> = {}) {
		this.endpoint = new Endpoint({
			message,
			send: (bytes, length) => this.sent.push(toHex(bytes, 0, length)),
			now: () => this.now,
			random: () => this.fraction,
			onRequest: (verdict) => {
				this.requests.push(verdict);
				this.onRequest();
			},
			onResponse: (sender) => {
				this.responses.push(sender);
				return this.isAwaited;
			},
			onReset: (mid) => this.resets.push(mid),
			...options,
		});
	}

	deliver(fields: CoapFields): void {
		const bytes = datagram(fields);
		this.endpoint.receive(bytes, bytes.length);
	}

	deliverHex(text: string): void {
		const bytes = hex(text);
		this.endpoint.receive(bytes, bytes.length);
	}

	/** What was sent since the last time. */
	take(): string[] {
		return this.sent.splice(0);
	}

	/** Sends a confirmable POST. @returns its message id, -1 where the endpoint is busy */
	transmit(sender: Sender): number {
		const mid = this.endpoint.nextMid();
		begin(message, CON, POST, mid, token, 1);
		return this.endpoint.transmit(sender) ? mid : -1;
	}
}

export class Outcome implements Sender {
	events: string[] = [];
	onAcknowledged(): void {
		this.events.push("acknowledged");
	}
	onReset(): void {
		this.events.push("reset");
	}
	onTimeout(): void {
		this.events.push("timeout");
	}
}

export function digits(mid: number): string {
	return (mid + 0x10000).toString(16).slice(1);
}
