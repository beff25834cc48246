// Block-wise transfer in the server role: a request that comes in blocks (Block1) is put together, a representation
// that is too large for one datagram (Block2) is kept while it is being fetched. RFC 7959 2.3 to 2.5.
// One of each at a time with each peer, of at most REPRESENTATION_BYTES, dropped after BLOCK_TRANSFER_MS.
import { copy, hash } from "../bytes.js";
import { BLOCK_SZX, BLOCK_TRANSFER_MS, REPRESENTATION_BYTES } from "../config.js";
import { blockBytes, blockNumber, blockOption, blockSzx, hasMore } from "./block.js";
import * as message from "./message.js";
import {
	BAD_OPTION,
	BAD_REQUEST,
	BLOCK1,
	BLOCK2,
	CONTINUE,
	ETAG,
	GET,
	REQUEST_ENTITY_INCOMPLETE,
	REQUEST_ENTITY_TOO_LARGE,
	SIZE1,
	SIZE2,
} from "./numbers.js";
import * as writer from "./writer.js";

/** What `receive` says beside a code that refuses. */
export const COMPLETE = 0;

interface Assembly {
	buffer: Uint8Array;
	length: number;
	key: number;
	deadline: number;
}

interface Representation {
	bytes: Uint8Array;
	key: number;
	deadline: number;
}

export class Transfer {
	/** The payload of the complete request: `[start, end)` of `bytes`. */
	bytes: Uint8Array = new Uint8Array(0);
	start = 0;
	end = 0;
	#assembly: Assembly | undefined;
	#representation: Representation | undefined;
	/** The transfer that ended last and what it was answered, for a server that repeats its last block. */
	#endedKey = 0;
	#endedNumber = -1;
	#endedCode = 0;

	/**
	 * Takes the payload of the request in `message`, a block of it where the request has a Block1 option.
	 * @returns COMPLETE; CONTINUE to be answered with `addBlock1`; or a code that refuses
	 */
	receive(now: number): number {
		const { block1, rx, payloadStart, end } = message;
		if (block1 < 0) {
			this.bytes = rx;
			this.start = payloadStart;
			this.end = end;
			return COMPLETE;
		}
		const szx = blockSzx(block1);
		if (szx === 7) return BAD_OPTION;
		const size = blockBytes(szx);
		const offset = blockNumber(block1) * size;
		const count = end - payloadStart;
		const isMore = hasMore(block1);
		if (isMore ? count !== size : count > size) return BAD_REQUEST;
		const key = requestKey(message.code);
		if (message.size1 > REPRESENTATION_BYTES || offset + count > REPRESENTATION_BYTES) {
			this.#assembly = undefined;
			return REQUEST_ENTITY_TOO_LARGE;
		}
		let assembly = this.#assembly;
		if (offset === 0)
			assembly = this.#assembly = {
				buffer: new Uint8Array(isMore ? Math.max(message.size1, 2 * size) : count),
				length: 0,
				key,
				deadline: 0,
			};
		else if (!assembly || assembly.key !== key) {
			// the answer to the last block got lost, and the server repeats it with a new message id
			if (!isMore && key === this.#endedKey && blockNumber(block1) === this.#endedNumber) return this.#endedCode;
			return REQUEST_ENTITY_INCOMPLETE;
		}
		if (offset > assembly.length) return REQUEST_ENTITY_INCOMPLETE;
		if (offset + count > assembly.buffer.length) {
			const larger = new Uint8Array(
				Math.min(REPRESENTATION_BYTES, Math.max(2 * assembly.buffer.length, offset + count)),
			);
			copy(larger, 0, assembly.buffer, 0, assembly.length);
			assembly.buffer = larger;
		}
		copy(assembly.buffer, offset, rx, payloadStart, end);
		assembly.length = offset + count;
		assembly.deadline = now + BLOCK_TRANSFER_MS;
		if (isMore) return CONTINUE;
		this.bytes = assembly.buffer;
		this.start = 0;
		this.end = assembly.length;
		this.#assembly = undefined;
		this.#endedKey = key;
		this.#endedNumber = blockNumber(block1);
		return COMPLETE;
	}

	/** Adds the Block1 option to the answer, asking in the first for smaller ones where ours are. */
	addBlock1(block1: number, code: number): void {
		if (block1 < 0) return;
		if (code !== CONTINUE) this.#endedCode = code;
		const number = blockNumber(block1);
		const szx = number === 0 ? Math.min(blockSzx(block1), BLOCK_SZX) : blockSzx(block1);
		writer.addNumber(BLOCK1, blockOption(number, code === CONTINUE, szx));
		if (code === REQUEST_ENTITY_TOO_LARGE) writer.addNumber(SIZE1, REPRESENTATION_BYTES);
	}

	/**
	 * Keeps a representation that goes out in blocks; it belongs to the transfer from now on.
	 * @param key from `requestKey`, of the request that it answers
	 */
	keep(bytes: Uint8Array, key: number, now: number): void {
		this.#representation = { bytes, key, deadline: now + BLOCK_TRANSFER_MS };
	}

	/** True where the representation that the request asks a further block of is kept. */
	has(key: number): boolean {
		return this.#representation?.key === key;
	}

	/**
	 * Ends the message with a block of the kept representation: ETag, what `addOptions` adds, Block2, Size2, payload.
	 * `addTag` is to be called before options with numbers above ETAG.
	 */
	addTag(): void {
		const { bytes } = this.#representation!;
		const tag = hash(bytes, 0, bytes.length) >>> 0;
		const scratch = writer.tx.length - 4;
		for (let i = 0; i < 4; i++) writer.tx[scratch + i] = tag >>> (24 - 8 * i);
		writer.addBytes(ETAG, writer.tx, scratch, scratch + 4);
	}

	/** Adds Block2, Size2 (to the first block) and the block. @returns false where the representation ends before it. */
	addBlock2(block2: number): boolean {
		const { bytes } = this.#representation!;
		const szx = block2 < 0 ? BLOCK_SZX : Math.min(blockSzx(block2), BLOCK_SZX);
		const size = blockBytes(szx);
		// a smaller block of ours: the number counts in the server's units
		const offset = block2 < 0 ? 0 : blockNumber(block2) * blockBytes(blockSzx(block2));
		if (offset >= bytes.length) return false;
		const stop = Math.min(offset + size, bytes.length);
		writer.addNumber(BLOCK2, blockOption(offset / size, stop < bytes.length, szx));
		if (offset === 0) writer.addNumber(SIZE2, bytes.length);
		writer.addPayload(bytes, offset, stop);
		if (stop === bytes.length && offset > 0) this.#representation = undefined;
		return true;
	}

	/** Drops what nobody has fetched or finished. @returns when it wants to be called again */
	step(now: number): number {
		if (this.#assembly && this.#assembly.deadline <= now) this.#assembly = undefined;
		if (this.#representation && this.#representation.deadline <= now) this.#representation = undefined;
		return Math.min(
			this.#assembly?.deadline ?? Number.POSITIVE_INFINITY,
			this.#representation?.deadline ?? Number.POSITIVE_INFINITY,
		);
	}
}

/** Tells requests apart that belong to different transfers: method, path, format and Accept. RFC 7959 2.5. */
export function requestKey(code: number): number {
	const { object, instance, resource, resourceInstance, accept, format } = message;
	return (
		(Math.imul(requestKeyOf(object, instance, resource, resourceInstance, accept), 65599) +
			(code === GET ? 0 : code * 65536 + format)) |
		0
	);
}

/** The key of a GET of a path. */
export function readKeyOf(
	object: number,
	instance: number,
	resource: number,
	resourceInstance: number,
	accept: number,
): number {
	return Math.imul(requestKeyOf(object, instance, resource, resourceInstance, accept), 65599);
}

function requestKeyOf(
	object: number,
	instance: number,
	resource: number,
	resourceInstance: number,
	accept: number,
): number {
	let key = Math.imul(object, 65599) + instance;
	key = Math.imul(key, 65599) + resource;
	key = Math.imul(key, 65599) + resourceInstance;
	return (Math.imul(key, 65599) + accept) | 0;
}
