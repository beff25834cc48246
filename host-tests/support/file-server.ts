// Serves one file by CoAP in blocks, after a pause that stands for the round trip of a network: plain and small, sharing no code
// with the client. RFC 7959. Node only.
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { datagram, integers, parse } from "./coap.js";

const BLOCK2 = 23;
const SIZE2 = 28;

export class FileServer {
	/** Positions that were asked for, in order. */
	readonly asked: number[] = [];
	/** When, ms. */
	readonly askedAt: number[] = [];
	/** Answers are late by this, ms. */
	delayMs = 0;
	/** Nothing is answered while it is true. */
	isSilent = false;
	/** What every request is answered in place of the file: a code. */
	refusal: number | undefined;
	file: Uint8Array;
	/** The ETag's one byte; undefined: there is none. */
	tag: number | undefined;
	#socket: Socket = createSocket("udp4");

	constructor(file: Uint8Array, tag?: number) {
		this.file = file;
		this.tag = tag;
	}

	get port(): number {
		return this.#socket.address().port;
	}

	async open(): Promise<void> {
		this.#socket.bind(0, "127.0.0.1");
		await once(this.#socket, "listening");
		this.#socket.on("message", (bytes, { port, address }) => {
			const answer = this.#answer(bytes);
			if (!answer || this.isSilent) return;
			const send = () => this.#socket.send(answer, port, address);
			if (this.delayMs > 0) setTimeout(send, this.delayMs);
			else send();
		});
	}

	close(): void {
		this.#socket.close();
	}

	#answer(bytes: Uint8Array): Uint8Array | undefined {
		const request = parse(bytes);
		if (request.code !== 1) return undefined;
		const [block = 6] = integers(request, BLOCK2);
		const size = 16 << (block & 7);
		const at = (block >> 4) * size;
		this.asked.push(at);
		this.askedAt.push(performance.now());
		const fields = { type: 2, mid: request.mid, token: request.token };
		if (this.refusal !== undefined) return datagram({ ...fields, code: this.refusal });
		const { length } = this.file;
		const options: [number, Uint8Array][] = [];
		if (this.tag !== undefined) options.push([4, Uint8Array.of(this.tag)]);
		if (integers(request, SIZE2).length > 0)
			options.push([SIZE2, Uint8Array.of(length >> 24, length >> 16, length >> 8, length)]);
		return datagram({
			...fields,
			code: 0x45,
			options,
			block2: (at / size) * 16 + (at + size < length ? 8 : 0) + (block & 7),
			payload: this.file.subarray(at, at + size),
		});
	}
}
