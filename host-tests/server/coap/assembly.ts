// Block-wise transfer in the server role (RFC 7959): bodies that arrive with Block1, responses that leave with Block2.

import type { Clock } from "../clock.js";
import { blockOf, blockOption, sizeOf, szxOf } from "./block.js";
import { type CoapOption, EMPTY, type Message, optionStrings, uintOption } from "./message.js";
import { BLOCK1, BLOCK2, type CoapSettings, exchangeLifetimeMs, SIZE1, SIZE2, URI_PATH, URI_QUERY } from "./numbers.js";

/** A response as handlers give it. */
export interface Reply {
	readonly code: string;
	readonly payload?: Buffer;
	readonly options?: readonly CoapOption[];
	/** Hears up to where the payload goes out with this message. */
	readonly onCut?: (end: number) => void;
}

interface Body {
	readonly parts: Buffer[];
	length: number;
	expiresAt: number;
}

export class Assembly {
	readonly #clock: Clock;
	readonly #settings: CoapSettings;
	readonly #bodies = new Map<string, Body>();

	constructor(clock: Clock, settings: CoapSettings) {
		this.#clock = clock;
		this.#settings = settings;
	}

	/** The whole payload once it is complete, else the reply to this block. */
	collect(request: Message, peerKey: string): Buffer | Reply {
		const block = blockOf(request, BLOCK1);
		if (block === undefined) return request.payload;
		if (block === null) return { code: "4.00", payload: Buffer.from("reserved block size") };
		this.#forgetExpired();
		const key = JSON.stringify([
			peerKey,
			request.code,
			optionStrings(request, URI_PATH),
			optionStrings(request, URI_QUERY),
		]);
		if (block.number === 0) this.#bodies.set(key, { parts: [], length: 0, expiresAt: 0 });
		const body = this.#bodies.get(key);
		if (!body || body.length !== block.number * sizeOf(block.szx)) {
			this.#bodies.delete(key);
			return { code: "4.08", payload: Buffer.from("a block is missing") };
		}
		if (block.hasMore && request.payload.length !== sizeOf(block.szx)) {
			this.#bodies.delete(key);
			return { code: "4.00", payload: Buffer.from("a block that is not full has a successor") };
		}
		body.length += request.payload.length;
		if (body.length > this.#settings.maxBodyBytes) {
			this.#bodies.delete(key);
			return { code: "4.13", options: [uintOption(SIZE1, this.#settings.maxBodyBytes)] };
		}
		body.parts.push(request.payload);
		body.expiresAt = this.#clock.now() + exchangeLifetimeMs(this.#settings);
		if (!block.hasMore) {
			this.#bodies.delete(key);
			return Buffer.concat(body.parts);
		}
		const szx = Math.min(block.szx, szxOf(this.#settings.blockSize));
		return { code: "2.31", options: [blockOption(BLOCK1, { ...block, szx })] };
	}

	/** Adds the Block1 answer, and cuts the block out of the reply that the request asks for. */
	cut(request: Message, reply: Reply): Reply {
		const options = [...(reply.options ?? [])];
		const block1 = blockOf(request, BLOCK1);
		if (block1 && !options.some((option) => option.number === BLOCK1)) {
			options.push(blockOption(BLOCK1, { ...block1, hasMore: false }));
		}
		const payload = reply.payload ?? EMPTY;
		const asked = blockOf(request, BLOCK2);
		if (asked === null) return { code: "4.00" };
		const szx = Math.min(asked?.szx ?? 6, szxOf(this.#settings.blockSize));
		const size = sizeOf(szx);
		if (!reply.code.startsWith("2.") || (payload.length <= size && !asked)) {
			reply.onCut?.(payload.length);
			return { ...reply, options };
		}
		const offset = asked ? asked.number * sizeOf(asked.szx) : 0;
		if (offset > 0 && offset >= payload.length) return { code: "4.00", payload: Buffer.from("block out of range") };
		const hasMore = offset + size < payload.length;
		options.push(blockOption(BLOCK2, { number: offset / size, hasMore, szx }));
		if (offset === 0) options.push(uintOption(SIZE2, payload.length));
		reply.onCut?.(Math.min(offset + size, payload.length));
		return { code: reply.code, options, payload: payload.subarray(offset, offset + size) };
	}

	#forgetExpired(): void {
		const now = this.#clock.now();
		for (const [key, body] of this.#bodies) if (body.expiresAt <= now) this.#bodies.delete(key);
	}
}
