// A server of our CoAP layers on a UDP socket, for peers that others wrote. Node only.
import assert from "node:assert/strict";
import { createSocket, type Socket } from "node:dgram";
import { Endpoint } from "../../src/coap/endpoint.js";
import { OK } from "../../src/coap/message.js";
import {
	BAD_OPTION,
	CHANGED,
	CONTENT,
	CONTENT_FORMAT,
	GET,
	METHOD_NOT_ALLOWED,
	NON,
	NOT_FOUND,
	OBSERVE,
	POST,
	PUT,
} from "../../src/coap/numbers.js";
import { parse } from "../../src/coap/parse.js";
import { COMPLETE, requestKey, Transfer } from "../../src/coap/transfer.js";
import { addNumber, addPayload, begin, beginAnswer, beginSeparate } from "../../src/coap/writer.js";
import { message } from "../unit/in-hand.js";

export function textOf(length: number): string {
	let text = "";
	for (let line = 0; text.length < length; line++) text += `line ${line} of a text in blocks\n`;
	return text.slice(0, length);
}

export const LARGE = textOf(5000);

/** One client of the server: its own layers, as one server has on the device. */
interface Peer {
	endpoint: Endpoint;
	transfer: Transfer;
	timer: NodeJS.Timeout | undefined;
}

/**
 * `/1` is a large text, `/2` what was PUT last, `/3` answers separately, `/4` can be observed: it counts to 3; POST of
 * `/5` counts how often it was carried out. Everything else is 4.04.
 */
export class Server {
	readonly socket: Socket = createSocket("udp4");
	readonly seen: string[] = [];
	stored = Buffer.alloc(0);
	executed = 0;
	/** How many of the next datagrams that it sends get lost. */
	losing = 0;
	readonly #peers = new Map<number, Peer>();

	get port(): number {
		return this.socket.address().port;
	}

	open(): Promise<void> {
		this.socket.on("message", (datagram, { port }) => {
			const peer = this.#peer(port);
			peer.endpoint.receive(datagram, datagram.length);
			this.#step(peer);
		});
		return new Promise((resolve) => this.socket.bind(0, "127.0.0.1", () => resolve()));
	}

	close(): void {
		for (const { timer } of this.#peers.values()) clearTimeout(timer);
		this.socket.close();
	}

	#peer(port: number): Peer {
		const known = this.#peers.get(port);
		if (known) return known;
		const peer: Peer = {
			transfer: new Transfer(message),
			timer: undefined,
			endpoint: new Endpoint({
				message,
				send: (bytes, length) => {
					if (this.losing > 0) this.losing--;
					else this.socket.send(Buffer.from(bytes.slice(0, length)), port, "127.0.0.1");
				},
				now: () => performance.now(),
				random: Math.random,
				onRequest: (verdict) => this.#handle(peer, verdict),
				onResponse: () => false,
				onReset: () => this.seen.push("reset"),
			}),
		};
		this.#peers.set(port, peer);
		return peer;
	}

	#step(peer: Peer): void {
		clearTimeout(peer.timer);
		const next = Math.min(peer.endpoint.step(performance.now()), peer.transfer.step(performance.now()));
		if (next !== Number.POSITIVE_INFINITY)
			peer.timer = setTimeout(() => this.#step(peer), Math.max(0, next - performance.now()));
		peer.timer?.unref();
	}

	#handle(peer: Peer, verdict: number): void {
		const { code, object, block1, block2, type } = message;
		const received = verdict === OK ? peer.transfer.receive(performance.now()) : BAD_OPTION;
		if (block2 >= 0) this.seen.push(`block2 ${block2 >> 4} of ${16 << (block2 & 7)}`);
		if (block1 >= 0) this.seen.push(`block1 ${block1 >> 4} of ${16 << (block1 & 7)}`);
		if (type === NON) this.seen.push("NON");
		if (received !== COMPLETE) this.#answer(peer, received);
		else if (object === 1 && code === GET) this.#serve(peer);
		else if (object === 2 && code === PUT) {
			const { bytes, start, end } = peer.transfer;
			this.stored = Buffer.from(bytes.slice(start, end));
			this.#answer(peer, CHANGED);
		} else if (object === 3 && code === GET) this.#answerLater(peer);
		else if (object === 4 && code === GET) this.#observe(peer);
		else if (object === 5 && code === POST) {
			this.executed++;
			this.#answer(peer, CHANGED);
		} else this.#answer(peer, object >= 1 && object <= 5 ? METHOD_NOT_ALLOWED : NOT_FOUND);
	}

	#answer({ endpoint, transfer }: Peer, code: number): void {
		beginAnswer(message, code, endpoint.nextMid());
		transfer.addBlock1(message.block1, code);
		endpoint.answer();
	}

	#serve({ endpoint, transfer }: Peer): void {
		const key = requestKey(message, GET);
		if (message.block2 < 16 || !transfer.has(key)) transfer.keep(Buffer.from(LARGE), key, performance.now());
		beginAnswer(message, CONTENT, endpoint.nextMid());
		transfer.addTag();
		addNumber(message, CONTENT_FORMAT, 0);
		assert.ok(transfer.addBlock2(message.block2));
		endpoint.answer();
	}

	#answerLater(peer: Peer): void {
		const request = message.rx.slice(0, message.end);
		peer.endpoint.acknowledge();
		setTimeout(() => {
			parse(message, request, request.length);
			beginSeparate(message, CONTENT, peer.endpoint.nextMid());
			addPayload(message, Buffer.from("in a while"), 0, 10);
			peer.endpoint.transmit({
				onAcknowledged: () => this.seen.push("acknowledged"),
				onReset: () => this.seen.push("reset"),
				onTimeout: () => this.seen.push("timed out"),
			});
			this.#step(peer);
		}, 300);
	}

	#observe({ endpoint }: Peer): void {
		const { observe } = message;
		const token = message.rx.slice(4, 4 + message.tokenLength);
		const content = (count: number) => {
			if (observe === 0) addNumber(message, OBSERVE, count);
			addNumber(message, CONTENT_FORMAT, 0);
			addPayload(message, Buffer.from(`${count};`), 0, 2);
		};
		beginAnswer(message, CONTENT, endpoint.nextMid());
		content(1);
		endpoint.answer();
		this.seen.push(`observe ${observe}`);
		if (observe !== 0) return;
		for (const count of [2, 3])
			setTimeout(() => {
				begin(message, NON, CONTENT, endpoint.nextMid(), token, token.length);
				content(count);
				endpoint.send();
			}, count * 100);
	}
}
