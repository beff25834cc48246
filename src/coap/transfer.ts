// Block-wise transfer in the server role: a request that comes in blocks (Block1) is put together, a representation
// that is too large for one datagram (Block2) is kept while it is being fetched. RFC 7959 2.3 to 2.5.
// One of each at a time with each peer, of at most REPRESENTATION_BYTES, dropped BLOCK_TRANSFER_MS after its last block.

import { copy, hash } from "../bytes.js";
import { BLOCK_SZX, BLOCK_TRANSFER_MS, REPRESENTATION_BYTES } from "../config.js";
import { blockBytes, blockNumber, blockOption, blockSzx, hasMore } from "./block.js";
import type { Message } from "./message.js";

import {
	BAD_REQUEST,
	BLOCK1,
	BLOCK2,
	CONTENT,
	CONTINUE,
	ETAG,
	GET,
	MAX_TRANSMIT_SPAN,
	REQUEST_ENTITY_INCOMPLETE,
	REQUEST_ENTITY_TOO_LARGE,
	SERVICE_UNAVAILABLE,
	SIZE1,
	SIZE2,
} from "./numbers.js";
import { addBytes, addNumber, addPayload } from "./writer.js";

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
	/** The ETag, 32 bits. */
	tag: number;
	/** The Content-Format. */
	format: number;
	deadline: number;
	/** How much longer it is kept because of blocks that went out since the last step, ms; 0 where none did. */
	extensionMs: number;
}

/** SZX 7 must not be sent and is a bad request, RFC 7959 2.2. */
const RESERVED_SZX = 7;

export class Transfer {
	readonly message: Message;
	/** A block has come or gone since the last step. */
	isStirred = false;
	/** The payload of the complete request: `[start, end)` of `bytes`, until the next `step`. */
	bytes: Uint8Array;
	start = 0;
	end = 0;
	#assembly: Assembly | undefined;
	#representation: Representation | undefined;
	#nothing = new Uint8Array(0);
	/** The request that was complete last and what it was answered (0: not yet), for a server that repeats its last block. */
	#endedKey = 0;
	#endedNumber = -1;
	#endedCode = 0;
	#endedUntil = 0;

	/** @param message the one in hand */
	constructor(message: Message) {
		this.message = message;
		this.bytes = this.#nothing;
	}

	/**
	 * Takes the payload of the request in `message`, a block of it where the request has a Block1 option.
	 * @returns COMPLETE; CONTINUE to be answered with `addBlock1`; or a code that refuses
	 */
	receive(now: number): number {
		const { message } = this;
		if (message.block1 < 0) {
			this.bytes = message.rx;
			this.start = message.payloadStart;
			this.end = message.end;
			return COMPLETE;
		}
		message.isStirred = this.isStirred = true;
		const szx = blockSzx(message.block1);
		if (szx === RESERVED_SZX) return BAD_REQUEST;
		const size = blockBytes(szx);
		const offset = blockNumber(message.block1) * size;
		const count = message.end - message.payloadStart;
		const isMore = hasMore(message.block1);
		if (isMore ? count !== size : count > size) return BAD_REQUEST;
		const key = requestKey(message, message.code);
		if (message.size1 > REPRESENTATION_BYTES || offset + count > REPRESENTATION_BYTES) {
			this.#assembly = undefined;
			return REQUEST_ENTITY_TOO_LARGE;
		}
		let assembly = this.#assembly;
		if (offset === 0) {
			if (key === this.#endedKey) this.#endedNumber = -1;
			assembly = this.#assembly = {
				buffer: new Uint8Array(isMore ? Math.max(message.size1, 2 * size) : count),
				length: 0,
				key,
				deadline: 0,
			};
		} else if (!assembly || assembly.key !== key) {
			// the answer to the last block got lost, and the server repeats it with a new message id
			if (
				!isMore &&
				key === this.#endedKey &&
				blockNumber(message.block1) === this.#endedNumber &&
				now < this.#endedUntil
			)
				return this.#endedCode || SERVICE_UNAVAILABLE;
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
		copy(assembly.buffer, offset, message.rx, message.payloadStart, message.end);
		assembly.length = offset + count;
		assembly.deadline = now + BLOCK_TRANSFER_MS;
		if (isMore) return CONTINUE;
		this.bytes = assembly.buffer;
		this.start = 0;
		this.end = assembly.length;
		this.#assembly = undefined;
		this.#endedKey = key;
		this.#endedNumber = blockNumber(message.block1);
		this.#endedCode = 0;
		this.#endedUntil = now + BLOCK_TRANSFER_MS;
		return COMPLETE;
	}

	/** Adds the Block1 option to the answer of the request in `message`, asking in the first for smaller ones where ours are. */
	addBlock1(block1: number, code: number, limitBytes: number = REPRESENTATION_BYTES): void {
		const { message } = this;
		if (block1 < 0 || blockSzx(block1) === RESERVED_SZX) return;
		const number = blockNumber(block1);
		if (
			code !== CONTINUE &&
			this.#endedCode === 0 &&
			number === this.#endedNumber &&
			requestKey(message, message.code) === this.#endedKey
		) {
			this.#endedCode = code;
			// content cannot be repeated from here
			if (code === CONTENT) this.#endedNumber = -1;
		}
		const szx = number === 0 ? Math.min(blockSzx(block1), BLOCK_SZX) : blockSzx(block1);
		addNumber(message, BLOCK1, blockOption(number, code === CONTINUE, szx));
		if (code === REQUEST_ENTITY_TOO_LARGE) addNumber(message, SIZE1, limitBytes);
	}

	/**
	 * Keeps a representation that goes out in blocks; it belongs to the transfer from now on.
	 * @param key from `requestKey`, of the request that it answers
	 */
	keep(bytes: Uint8Array, key: number, now: number, format = -1): void {
		const tag = hash(bytes, 0, bytes.length);
		this.message.isStirred = this.isStirred = true;
		this.#representation = { bytes, key, tag, format, deadline: now + BLOCK_TRANSFER_MS, extensionMs: 0 };
	}

	/** The Content-Format of the kept representation. */
	get format(): number {
		return this.#representation!.format;
	}

	/** True where the representation that the request asks a further block of is kept. */
	has(key: number): boolean {
		return this.#representation?.key === key;
	}

	/** Adds the ETag of the kept representation; options with higher numbers and `addBlock2` follow. */
	addTag(): void {
		const { message } = this;
		const { tag } = this.#representation!;
		const scratch = message.tx.length - 4;
		for (let i = 0; i < 4; i++) message.tx[scratch + i] = tag >>> (24 - 8 * i);
		addBytes(message, ETAG, message.tx, scratch, scratch + 4);
	}

	/**
	 * Ends the message with Block2, Size2 (to the first block) and the block.
	 * @returns false where the representation ends before it, or its size is the reserved one
	 */
	addBlock2(block2: number): boolean {
		const { message } = this;
		if (block2 >= 0 && blockSzx(block2) === RESERVED_SZX) return false;
		const representation = this.#representation!;
		const { bytes } = representation;
		const szx = block2 < 0 ? BLOCK_SZX : Math.min(blockSzx(block2), BLOCK_SZX);
		const size = blockBytes(szx);
		// a smaller block of ours: the number counts in the server's units
		const offset = block2 < 0 ? 0 : blockNumber(block2) * blockBytes(blockSzx(block2));
		if (offset > 0 && offset >= bytes.length) return false;
		const stop = Math.min(offset + size, bytes.length);
		addNumber(message, BLOCK2, blockOption(offset / size, stop < bytes.length, szx));
		if (offset === 0) addNumber(message, SIZE2, bytes.length);
		addPayload(message, bytes, offset, stop);
		// after the last block only until the server cannot ask for it again in the same message
		message.isStirred = this.isStirred = true;
		representation.extensionMs = stop === bytes.length ? MAX_TRANSMIT_SPAN : BLOCK_TRANSFER_MS;
		return true;
	}

	/** Drops what nobody has fetched or finished. @returns when it wants to be called again */
	step(now: number): number {
		this.isStirred = false;
		this.bytes = this.#nothing;
		this.start = this.end = 0;
		let next = Number.POSITIVE_INFINITY;
		const assembly = this.#assembly;
		if (assembly) {
			if (assembly.deadline <= now) this.#assembly = undefined;
			else next = assembly.deadline;
		}
		const representation = this.#representation;
		if (representation) {
			const { extensionMs } = representation;
			if (extensionMs > 0) {
				representation.deadline = now + extensionMs;
				representation.extensionMs = 0;
			}
			if (representation.deadline <= now) this.#representation = undefined;
			else if (representation.deadline < next) next = representation.deadline;
		}
		return next;
	}
}

/** Tells requests apart that belong to different transfers: method, path, format and Accept. RFC 7959 2.5. */
export function requestKey(message: Message, code: number): number {
	const { object, instance, resource, resourceInstance, accept, format } = message;
	return keyOfRequest(code, object, instance, resource, resourceInstance, accept, format);
}

/** The key of a request that is not in `message`. @param format of the request's payload; counts where it is no GET */
export function keyOfRequest(
	code: number,
	object: number,
	instance: number,
	resource: number,
	resourceInstance: number,
	accept: number,
	format: number,
): number {
	const key = Math.imul(requestKeyOf(object, instance, resource, resourceInstance, accept), 65599);
	return (key + (code === GET ? 0 : code * 65536 + format)) | 0;
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
