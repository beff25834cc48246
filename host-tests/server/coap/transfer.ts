// Block-wise transfer in the client role (RFC 7959): a large request goes out with Block1, a large response comes
// in with Block2. The device may choose a smaller block at any point; the change of an ETag spoils the body.

import { randomBytes } from "node:crypto";
import type { Peer } from "../transport.js";
import { type Block, blockOf, blockOption, sizeOf, szxOf } from "./block.js";
import { type CoapOption, EMPTY, type Message, optionBytes, optionUint, stringOptions, uintOption } from "./message.js";
import { content } from "./message-layer.js";
import {
	ACCEPT,
	BLOCK1,
	BLOCK2,
	CONTENT_FORMAT,
	type CoapSettings,
	codeOfMethod,
	ETAG,
	type Method,
	OBSERVE,
	SIZE1,
	SIZE2,
	URI_PATH,
	URI_QUERY,
} from "./numbers.js";
import { type Requester, RequestFailure } from "./requester.js";

export interface CoapRequest {
	readonly method: Method;
	readonly path: readonly string[];
	readonly query?: readonly string[];
	readonly payload?: Buffer;
	readonly format?: number;
	readonly accept?: number;
	readonly observe?: 0 | 1;
	/** Eight random bytes unless given; an Observe and its cancellation share one. */
	readonly token?: Buffer;
	/** True unless given. */
	readonly isConfirmable?: boolean;
	readonly timeoutMs?: number;
	/** The block size of this request's body, instead of the endpoint's. */
	readonly blockSize?: number;
	/** Asks for blocks of this size before the device has shown its own. */
	readonly block2Size?: number;
	readonly options?: readonly CoapOption[];
	/** Hears how many bytes of the payload have arrived, after each block. */
	readonly onProgress?: (bytes: number) => void;
}

export interface CoapResponse {
	readonly code: string;
	readonly payload: Buffer;
	readonly format?: number;
	readonly options: readonly CoapOption[];
	/** Blocks the body came in, 1 without Block2. */
	readonly blocks: number;
}

export const TOKEN_BYTES = 8;

export class Transfer {
	readonly #requester: Requester;
	readonly #settings: CoapSettings;
	readonly #peer: Peer;
	readonly #request: CoapRequest;

	constructor(requester: Requester, settings: CoapSettings, peer: Peer, request: CoapRequest) {
		this.#requester = requester;
		this.#settings = settings;
		this.#peer = peer;
		this.#request = request;
	}

	async run(): Promise<CoapResponse> {
		return this.complete(await this.#sendBody());
	}

	/** Fetches what follows the first block of a response or notification. */
	async complete(first: Message): Promise<CoapResponse> {
		let block = blockOf(first, BLOCK2);
		if (!block?.hasMore) return responseOf(first, first.payload, 1);
		if (block.number !== 0) throw broken("the first block has not number 0");
		const etag = optionBytes(first, ETAG);
		const announced = optionUint(first, SIZE2);
		const parts = [first.payload];
		let length = first.payload.length;
		while (block.hasMore) {
			if (length % sizeOf(block.szx) !== 0) throw broken("a block that is not full has a successor");
			if (length > this.#settings.maxBodyBytes || (announced ?? 0) > this.#settings.maxBodyBytes) {
				throw broken(`more than ${this.#settings.maxBodyBytes} bytes`);
			}
			const wanted: Block = { number: length / sizeOf(block.szx), hasMore: false, szx: block.szx };
			const response = await this.#exchange(this.#blockOptions(blockOption(BLOCK2, wanted)), this.#pathList());
			const next = blockOf(response, BLOCK2);
			if (!response.code.startsWith("2.")) return responseOf(response, response.payload, parts.length);
			if (!next || next.number * sizeOf(next.szx) !== length) throw broken("a block that was not asked for");
			if (!sameBytes(etag, optionBytes(response, ETAG))) throw broken("the content changed between two blocks");
			parts.push(response.payload);
			length += response.payload.length;
			block = next;
		}
		return responseOf(first, Buffer.concat(parts), parts.length);
	}

	async #sendBody(): Promise<Message> {
		const payload = this.#request.payload ?? EMPTY;
		const size = this.#request.blockSize ?? this.#settings.blockSize;
		if (payload.length > size) return this.#sendBlocks(payload, szxOf(size));
		const response = await this.#exchange(this.#options([]), payload, this.#request.token);
		const hint = blockOf(response, BLOCK1);
		// RFC 7959, 2.9.3: too large as one message, and this is the size that is not.
		if (response.code === "4.13" && hint && sizeOf(hint.szx) < payload.length) {
			return this.#sendBlocks(payload, hint.szx);
		}
		return response;
	}

	async #sendBlocks(payload: Buffer, firstSzx: number): Promise<Message> {
		let szx = firstSzx;
		let offset = 0;
		for (;;) {
			const part = payload.subarray(offset, offset + sizeOf(szx));
			const hasMore = offset + part.length < payload.length;
			const block: Block = { number: offset / sizeOf(szx), hasMore, szx };
			const extra = [blockOption(BLOCK1, block), ...(offset === 0 ? [uintOption(SIZE1, payload.length)] : [])];
			const response = await this.#exchange(this.#options(extra), part, hasMore ? undefined : this.#request.token);
			const answered = blockOf(response, BLOCK1);
			if (response.code === "4.13" && offset === 0 && answered && answered.szx < szx) {
				szx = answered.szx;
				continue;
			}
			if (response.code.startsWith("2.")) this.#request.onProgress?.(offset + part.length);
			if (response.code !== "2.31") return response;
			if (!hasMore) throw broken("2.31 for the last block");
			if (!answered || answered.number !== block.number) throw broken("2.31 for another block");
			offset += part.length;
			if (answered.szx < szx) szx = answered.szx;
		}
	}

	#exchange(options: CoapOption[], payload: Buffer, token: Buffer = randomBytes(TOKEN_BYTES)): Promise<Message> {
		const { method, isConfirmable = true, timeoutMs = this.#settings.requestTimeoutMs } = this.#request;
		const message = content(codeOfMethod(method), token, options, payload);
		return this.#requester.exchange(message, this.#peer, isConfirmable, timeoutMs);
	}

	#options(extra: readonly CoapOption[]): CoapOption[] {
		const { observe, block2Size } = this.#request;
		const options = [...this.#commonOptions(), ...extra];
		if (observe !== undefined) options.push(uintOption(OBSERVE, observe));
		if (block2Size !== undefined) {
			options.push(blockOption(BLOCK2, { number: 0, hasMore: false, szx: szxOf(block2Size) }));
		}
		return options;
	}

	/** Later blocks of a response are asked for without Observe. */
	#blockOptions(block: CoapOption): CoapOption[] {
		return [...this.#commonOptions(), block];
	}

	/** A FETCH names its paths again with every block; a body that was sent in blocks is not repeated. */
	#pathList(): Buffer {
		const { method, payload = EMPTY, blockSize = this.#settings.blockSize } = this.#request;
		return method === "FETCH" && payload.length <= blockSize ? payload : EMPTY;
	}

	#commonOptions(): CoapOption[] {
		const { path, query = [], format, accept, payload, options = [] } = this.#request;
		const common = [...stringOptions(URI_PATH, path), ...stringOptions(URI_QUERY, query), ...options];
		if (format !== undefined && payload !== undefined) common.push(uintOption(CONTENT_FORMAT, format));
		if (accept !== undefined) common.push(uintOption(ACCEPT, accept));
		return common;
	}
}

function responseOf(message: Message, payload: Buffer, blocks: number): CoapResponse {
	const format = optionUint(message, CONTENT_FORMAT);
	const response = { code: message.code, payload, options: message.options, blocks };
	return format === undefined ? response : { ...response, format };
}

function sameBytes(a: Buffer | undefined, b: Buffer | undefined): boolean {
	return a === undefined || b === undefined ? a === b : a.equals(b);
}

function broken(what: string): RequestFailure {
	return new RequestFailure("cancelled", `block-wise transfer failed: ${what}`);
}
