// A package by CoAP, over UDP or DTLS: Block2, one block at a time over a connection of its own, so that it needs
// nothing of the registration. RFC 7252, RFC 7959 2.4. The next block is asked for before the last is written.
// There is one request at a time, with the empty token: what tells its answer is the message id, or the block's number.
// RAM: the message layer and the connection, the encoded options. Nothing is allocated for a block.
import { hash } from "../bytes.js";
import { blockBytes, blockNumber, blockOption, blockSzx, hasMore } from "../coap/block.js";
import { Endpoint, type EndpointOptions, type Sender } from "../coap/endpoint.js";
import type { Message } from "../coap/message.js";
import {
	BLOCK2,
	CON,
	CONTENT,
	codeText,
	GET,
	MAX_TRANSMIT_WAIT,
	REQUEST_ENTITY_INCOMPLETE,
	SIZE2,
	URI_HOST,
	URI_PATH,
	URI_QUERY,
} from "../coap/numbers.js";
import { addEncoded, addNumber, addText, begin } from "../coap/writer.js";
import { BLOCK_SZX } from "../config.js";
import type { Platform, Udp, UdpOptions } from "../platform.js";
import { toHex } from "../scan.js";
import { Connection, type ConnectionOptions, type SecureEvents, type SecureSession } from "../security/connection.js";
import { isAddress, type ServerUri } from "../uri.js";
import { COAPS, type PackageUri } from "./package-uri.js";
import type { PartParts } from "./part.js";
import type { Source, SourceEvents } from "./source.js";
import { CONNECTION_LOST, INVALID_URI, NO_MEMORY, UNSUPPORTED_PROTOCOL } from "./states.js";

const TOO_MANY_REQUESTS = 0x9d; // 4.29, RFC 8516
const SERVER_ERRORS = 0xa0;
const NEVER = Number.POSITIVE_INFINITY;

/** It is the options of its endpoint and of its connection as well, and the sender of its requests. */
export class CoapSource implements Source, Sender, EndpointOptions, ConnectionOptions {
	readonly now: () => number;
	readonly random: () => number;
	readonly transmissions = 1;
	readonly duplicates = 2;
	readonly message: Message;
	readonly platform: Platform;
	readonly uri: ServerUri;
	readonly buffer: Uint8Array;
	readonly secure: ((events: SecureEvents) => SecureSession) | undefined;
	readonly onDrained: () => void;
	#events: SourceEvents;
	#package: PackageUri;
	#connection: Connection;
	#endpoint: Endpoint;
	/** The options of every request, below BLOCK2. */
	#options: Uint8Array | undefined;
	#lastOption = 0;
	#szx = BLOCK_SZX;
	/** Where the block begins that has been asked for; -1: none has. */
	#asked = -1;
	/** Until when it may come, the request having arrived, ms. */
	#deadline = NEVER;
	#hasHead = false;
	/** Hash of the ETag of the blocks so far. */
	#tag = 0;
	#wake: () => void;
	#isClosed = false;
	/** The result where the connection cannot be made. */
	#result = CONNECTION_LOST;

	/** @param securityInstance whose credentials serve for coaps */
	constructor(parts: PartParts, uri: PackageUri, securityInstance: number, events: SourceEvents) {
		const { message, platform, buffer, secure, now, random, step, wake } = parts;
		this.#events = events;
		this.#package = uri;
		this.message = message;
		this.platform = platform;
		this.buffer = buffer;
		this.now = now;
		this.random = random;
		this.onDrained = step;
		this.#wake = wake;
		this.#endpoint = new Endpoint(this);
		const isSecure = uri.protocol === COAPS;
		this.uri = { isSecure, host: uri.host, port: uri.port };
		this.secure = isSecure
			? (secured) =>
					this.#orElse(UNSUPPORTED_PROTOCOL, () => secure!({ securityInstance, isPassing: true }, this.uri, secured))
			: undefined;
		this.#connection = new Connection(this);
	}

	openUdp(options: UdpOptions): Udp {
		return this.#orElse(NO_MEMORY, () => this.platform.openUdp(options));
	}

	onOpen(): void {
		this.#ask(this.#events.position);
		this.#wake();
	}

	onFailure(text: string): void {
		this.#fail(this.#result, text);
	}

	onDatagram(datagram: Uint8Array, lengthBytes: number): void {
		this.#endpoint.receive(datagram, lengthBytes);
	}

	send(datagram: Uint8Array, lengthBytes: number): void {
		this.#connection.send(datagram, lengthBytes);
	}

	/** Whoever serves files asks for nothing. */
	onRequest(): void {}

	onResponse(sender: Sender | undefined): boolean {
		const { message } = this;
		if (this.#isClosed || this.#asked < 0 || message.tokenLength > 0) return false;
		if (!sender) {
			// a separate answer that comes twice, RFC 7252 5.3.1
			if (message.code === CONTENT && this.#position() !== this.#asked) return true;
			this.#endpoint.cancel(this);
		}
		this.#deadline = NEVER;
		if (message.code === CONTENT) this.#take();
		else this.#refuse(message.code);
		return true;
	}

	/** The request has arrived: the answer comes separately. */
	onAcknowledged(): void {
		this.#deadline = this.now() + MAX_TRANSMIT_WAIT;
	}

	/** @param mid of what nobody waits for */
	onReset(mid = -1): void {
		if (mid < 0) this.#fail(CONNECTION_LOST, "the server sent a reset");
	}

	onTimeout(): void {
		this.#fail(CONNECTION_LOST, "the server does not answer");
	}

	step(now: number): number {
		if (this.#deadline <= now) this.onTimeout();
		if (this.#isClosed) return NEVER;
		const next = Math.min(this.#connection.step(now), this.#endpoint.step(now));
		return this.#isClosed ? NEVER : Math.min(next, this.#deadline);
	}

	close(): void {
		this.#isClosed = true;
		this.#endpoint.cancel(this);
		this.#connection.close();
	}

	#refuse(code: number): void {
		const isPassing = code >= SERVER_ERRORS || code === TOO_MANY_REQUESTS || code === REQUEST_ENTITY_INCOMPLETE;
		this.#fail(isPassing ? CONNECTION_LOST : INVALID_URI, `the server answered ${codeText(code)}`);
	}

	/** Where the block in `message` begins. */
	#position(): number {
		const { block2 } = this.message;
		return block2 < 0 ? 0 : blockNumber(block2) * blockBytes(blockSzx(block2));
	}

	#take(): void {
		const { message } = this;
		const events = this.#events;
		const { rx, payloadStart, end, block2, size2 } = message;
		const szx = block2 < 0 ? this.#szx : blockSzx(block2);
		const isMore = block2 >= 0 && hasMore(block2);
		const at = this.#position();
		const after = at + end - payloadStart;
		if (szx > this.#szx || at !== this.#asked || (isMore && after - at !== blockBytes(szx))) {
			this.#fail(CONNECTION_LOST, `the server sent a block at ${at} where the one at ${this.#asked} was asked for`);
			return;
		}
		this.#szx = szx;
		const { etagAt, etagLength } = message;
		const tag = etagLength > 0 ? hash(rx, etagAt, etagAt + etagLength) : 0;
		if (!this.#hasHead || tag !== this.#tag) {
			this.#hasHead = true;
			this.#tag = tag;
			if (!events.onHead(block2 < 0 ? after : size2, tagText(message))) return;
		}
		// what is new goes on its way to the slot while the server already looks for the next block
		const isAhead = isMore && at === events.received;
		if (isAhead) this.#ask(after);
		if (this.#isClosed || !events.onBytes(at, rx, payloadStart, end)) return;
		if (!isMore) events.onEnd(after);
		else if (!isAhead) this.#ask(events.position);
	}

	/** Asks for the block that has the position. */
	#ask(position: number): void {
		const { message } = this;
		const szx = this.#szx;
		begin(message, CON, GET, this.#endpoint.nextMid(), this.buffer, 0);
		if (this.#options) addEncoded(message, this.#options, 0, this.#options.length, this.#lastOption);
		else this.#addOptions();
		const number = Math.floor(position / blockBytes(szx));
		this.#asked = number * blockBytes(szx);
		addNumber(message, BLOCK2, blockOption(number, false, szx));
		if (!this.#hasHead) addNumber(message, SIZE2, 0);
		this.#endpoint.transmit(this);
	}

	#addOptions(): void {
		const { message } = this;
		const { host, path, query } = this.#package;
		const { tx } = message;
		const start = message.txLength;
		if (!isAddress(host)) addText(message, URI_HOST, host);
		if (path.length > 1)
			for (const segment of path.slice(1).split("/")) addText(message, URI_PATH, decodeURIComponent(segment));
		if (query) for (const part of query.split("&")) addText(message, URI_QUERY, decodeURIComponent(part));
		this.#options = tx.slice(start, message.txLength);
		this.#lastOption = message.lastOption;
	}

	#orElse<T>(result: number, make: () => T): T {
		try {
			return make();
		} catch (error) {
			this.#result = result;
			throw error;
		}
	}

	#fail(result: number, text: string): void {
		if (this.#isClosed) return;
		this.close();
		this.#events.onFailure(result, text);
	}
}

/** The ETag in `message`, in hexadecimal digits. */
function tagText(message: Message): string {
	const { rx, etagAt, etagLength } = message;
	return toHex(rx.subarray(etagAt, etagAt + etagLength));
}
