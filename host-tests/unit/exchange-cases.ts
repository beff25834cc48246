// Exchanges with a clock and a server in memory, for the tests of them.
import { Endpoint } from "../../src/coap/endpoint.js";
import { Exchanges, type Requester } from "../../src/coap/exchange.js";
import { ACK, CON, CONTENT_FORMAT, POST, URI_PATH, URI_QUERY } from "../../src/coap/numbers.js";
import { addNumber, addText } from "../../src/coap/writer.js";
import { type CoapFields, type CoapMessage, datagram, parse } from "../support/coap.js";
import { equal, ok } from "../support/test.js";
import { message } from "./in-hand.js";

/** The exchanges with a server that the test plays. */
export class Bench {
	now = 1_000_000;
	sent: Uint8Array[] = [];
	readonly endpoint: Endpoint;
	readonly exchanges: Exchanges;
	#mid = 0x4000;

	constructor() {
		const now = () => this.now;
		const random = () => 0;
		this.endpoint = new Endpoint({
			message,
			send: (bytes, length) => this.sent.push(bytes.slice(0, length)),
			now,
			random,
			onRequest: () => {},
			onResponse: (sender) => this.exchanges.onResponse(sender),
			onReset: () => {},
		});
		this.exchanges = new Exchanges(this.endpoint, now, random);
	}

	/** Sends a POST of `/rd`. @returns the message */
	post(requester: Requester): CoapMessage {
		ok(this.exchanges.begin(POST));
		addText(message, URI_PATH, "rd");
		ok(this.exchanges.send(requester));
		return this.take();
	}

	/** Sends a POST of `/rd` in blocks. @returns the first */
	postBlocks(requester: Requester, payload: Uint8Array): CoapMessage {
		ok(this.exchanges.begin(POST));
		addText(message, URI_PATH, "rd");
		addNumber(message, CONTENT_FORMAT, 40);
		addText(message, URI_QUERY, "ep=d1");
		ok(this.exchanges.sendBlocks(requester, payload));
		return this.take();
	}

	/** The one message that was sent since the last time. */
	take(): CoapMessage {
		equal(this.sent.length, 1, "messages sent");
		return parse(this.sent.pop()!);
	}

	/** Nothing was sent since the last time. */
	quiet(): void {
		equal(this.sent.length, 0, "messages sent");
	}

	deliver(fields: CoapFields): void {
		const bytes = datagram(fields);
		this.endpoint.receive(bytes, bytes.length);
	}

	/** Answers on the acknowledgement. */
	reply(request: CoapMessage, fields: CoapFields): void {
		this.deliver({ type: ACK, mid: request.mid, token: request.token, ...fields });
	}

	/** Answers in a message of its own. @returns its message id */
	separate(request: CoapMessage, fields: CoapFields): number {
		this.#mid++;
		this.deliver({ type: CON, mid: this.#mid, token: request.token, ...fields });
		return this.#mid;
	}

	/** Lets time pass, stepping whenever a layer wants it. */
	pass(durationMs: number): void {
		const end = this.now + durationMs;
		for (;;) {
			const next = Math.min(this.exchanges.step(this.now), this.endpoint.step(this.now));
			if (next > end) break;
			this.now = next;
		}
		this.now = end;
	}
}

export class Outcomes implements Requester {
	list: number[] = [];
	onOutcome(outcome: number): void {
		this.list.push(outcome);
	}
}

export function bytesOf(length: number): Uint8Array {
	return new Uint8Array(length).map((_, index) => (index * 7 + (index >> 8)) & 0xff);
}
