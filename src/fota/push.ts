// Push: a package as it is written to 5/0/0 or 9/x/2, in blocks or whole, straight into its store. RFC 7959 2.5.
// A block that comes again is not written again; block 0 of another package, or of the same after others, begins anew.
// After a restart it goes on with the block that the server sends next: one that was acknowledged has been written.
// RAM: what a frame keeps (frame.ts). Nothing is allocated for a block.

import { hash } from "../bytes.js";
import { blockBytes, blockNumber, blockSzx, hasMore } from "../coap/block.js";
import type { Message } from "../coap/message.js";

import {
	BAD_REQUEST,
	CHANGED,
	CONTINUE,
	METHOD_NOT_ALLOWED,
	REQUEST_ENTITY_INCOMPLETE,
	REQUEST_ENTITY_TOO_LARGE,
	UNSUPPORTED_CONTENT_FORMAT,
} from "../coap/numbers.js";
import { BLOCK_TRANSFER_MS, FRAME_BYTES } from "../config.js";
import type { SavedDownload } from "./downloader.js";
import { type Frame, frameOf, type PackagePlace } from "./frame.js";
import type { Slot } from "./slot.js";
import { CONNECTION_LOST, INTEGRITY_FAILURE, NO_STORAGE } from "./states.js";

export interface PushEvents {
	/** A package begins: the slot is to be empty. @param isAgain in place of one that was under way; @returns 0, or the code that refuses */
	onPush(isAgain: boolean): number;
	/** It is there. @returns 0, or the code that refuses */
	onPushed(): number;
	/** An empty package, or one zero byte. @returns the code to answer with */
	onReset(): number;
	onFailed(result: number, message: string): void;
}

const RESERVED_SZX = 7;
/** The content format application/octet-stream. */
const OPAQUE = 42;
/** Requests up to here may be a reset, whatever is under way. */
const RESET_BYTES = 32;

export class Push {
	#events: PushEvents;
	#slot: Slot;
	#message: Message;
	#place: PackagePlace;
	#frame: Frame | undefined;
	/** Who sends it in which format. */
	#key = -1;
	/** A second byte has come: it is a package and no reset. */
	#hasBegun = false;
	/** It comes in place of another one of the same server that was under way. */
	#isAgain = false;
	/** The first byte, while it is the only one; -1: none. */
	#held = -1;
	#refusal = 0;
	/** What blocks get that come after the end. */
	#laterCode = REQUEST_ENTITY_INCOMPLETE;
	/** Where it goes on after a restart is for the server to say. */
	#isResuming = false;
	/** Bytes of the payload that have been taken, and the hash of the last block. */
	#received = 0;
	#mark = 0;
	#deadline = Number.POSITIVE_INFINITY;
	/** What the last block has been answered, 0: it has not come. */
	#endedCode = 0;

	constructor(slot: Slot, message: Message, place: PackagePlace, events: PushEvents) {
		this.#message = message;
		this.#place = place;
		this.#slot = slot;
		this.#events = events;
	}

	/** A package is under way. */
	get isActive(): boolean {
		return this.#deadline !== Number.POSITIVE_INFINITY;
	}

	/** True where it is under way, and that server sends it. */
	isFrom(shortServerId: number): boolean {
		return this.isActive && this.#key >> 16 === shortServerId;
	}

	/** @param code what its further blocks get */
	stop(code: number = REQUEST_ENTITY_INCOMPLETE): void {
		this.#frame = undefined;
		this.#deadline = Number.POSITIVE_INFINITY;
		this.#laterCode = code;
		this.#isResuming = false;
	}

	/** What a restart needs to go on with it; null where it cannot: something stands around the package. */
	save(): SavedDownload | null {
		return this.#frame && isPlain(this.#key) ? ["", this.#key, -1, "", 0, 0] : null;
	}

	/** Goes on with what `save` gave. */
	resume([, key]: SavedDownload, now: number): void {
		this.#begin(key, formatOf(key));
		this.#hasBegun = this.#isResuming = true;
		this.#deadline = now + BLOCK_TRANSFER_MS;
	}

	/** Takes a package that lies in memory: of a Write to more than the one resource. */
	writeWhole(bytes: Uint8Array): number {
		this.#begin(-1, -1);
		return this.#take(bytes, 0, bytes.length) ? this.#finish() : this.#fail();
	}

	/** Takes the request in `message`. @returns the code to answer with */
	write(shortServerId: number, now: number): number {
		const { block1, format, payloadStart, end, rx, size1 } = this.#message;
		const count = end - payloadStart;
		const isMore = block1 >= 0 && hasMore(block1);
		let offset = 0;
		let start = payloadStart;
		if (block1 >= 0) {
			const size = blockBytes(blockSzx(block1));
			if (blockSzx(block1) === RESERVED_SZX || (isMore ? count !== size : count > size)) return BAD_REQUEST;
			offset = blockNumber(block1) * size;
		}
		const key = shortServerId * 65536 + (format & 0xffff);
		const mark = hash(rx, payloadStart, end);
		if (key === this.#key && this.#isRepeated(offset, count, isMore, mark)) return this.#endedCode || CONTINUE;
		if (offset === 0) {
			if (this.isActive && !this.isFrom(shortServerId) && (isMore || count > RESET_BYTES)) return METHOD_NOT_ALLOWED;
			if (!this.#begin(key, format)) return UNSUPPORTED_CONTENT_FORMAT;
			if ((size1 - FRAME_BYTES) * 0.75 > this.#slot.capacityBytes) return this.#refuseSize();
		} else if (key !== this.#key) return REQUEST_ENTITY_INCOMPLETE;
		else if (!this.#frame) return this.#laterCode;
		else if (this.#isResuming) {
			if (!this.#slot.resume(offset, rx, payloadStart, end)) return REQUEST_ENTITY_INCOMPLETE;
			this.#isResuming = false;
			start += this.#slot.length - offset;
		} else if (offset !== this.#received) return REQUEST_ENTITY_INCOMPLETE;
		this.#received = offset + count;
		this.#mark = mark;
		if (!this.#take(rx, start, end)) return this.#fail();
		if (isMore) {
			if (this.#hasBegun) this.#deadline = now + BLOCK_TRANSFER_MS;
			return CONTINUE;
		}
		this.#endedCode = this.#finish();
		return this.#endedCode;
	}

	/** @returns when it wants to be called again */
	step(now: number): number {
		if (this.#deadline > now) return this.#deadline;
		this.stop();
		this.#events.onFailed(CONNECTION_LOST, `no block of the package came for ${BLOCK_TRANSFER_MS / 1000} s`);
		return Number.POSITIVE_INFINITY;
	}

	/** True for a block that has been taken already: its answer got lost. */
	#isRepeated(offset: number, count: number, isMore: boolean, mark: number): boolean {
		if (this.#endedCode !== 0) return !isMore && offset > 0 && offset + count === this.#received && mark === this.#mark;
		if (!this.#frame || offset + count > this.#received || !isMore) return false;
		// block 0 after other blocks is a new beginning
		return offset + count === this.#received ? mark === this.#mark : offset > 0;
	}

	#begin(key: number, format: number): boolean {
		this.#isAgain = this.isFrom(key >> 16);
		this.stop();
		this.#frame = frameOf(format, this.#place, (bytes, start, end) => this.#put(bytes, start, end));
		this.#key = key;
		this.#hasBegun = false;
		this.#held = -1;
		this.#refusal = this.#received = this.#endedCode = 0;
		this.#slot.problem = "";
		return this.#frame !== undefined;
	}

	#take(bytes: Uint8Array, start: number, end: number): boolean {
		return this.#frame?.take(bytes, start, end) ?? false;
	}

	/** Takes bytes of the package. */
	#put(bytes: Uint8Array, start: number, end: number): boolean {
		if (start === end) return true;
		if (!this.#hasBegun) {
			if (this.#held < 0 && end - start === 1) {
				this.#held = bytes[start]!;
				return true;
			}
			if (!this.#open()) return false;
		}
		return this.#slot.append(bytes, start, end);
	}

	#open(): boolean {
		this.#refusal = this.#events.onPush(this.#isAgain);
		if (this.#refusal !== 0) return false;
		this.#hasBegun = true;
		return this.#held < 0 || this.#slot.append(Uint8Array.of(this.#held), 0, 1);
	}

	#finish(): number {
		if (!this.#frame?.end()) return this.#fail();
		if (!this.#hasBegun) {
			if (this.#held <= 0) {
				this.stop();
				return this.#events.onReset();
			}
			if (!this.#open()) return this.#fail();
		}
		this.stop();
		return this.#events.onPushed() || CHANGED;
	}

	#fail(): number {
		const { problem } = this.#slot;
		const code = this.#refusal || (problem === "" ? BAD_REQUEST : REQUEST_ENTITY_TOO_LARGE);
		if (this.#hasBegun && this.#refusal === 0)
			if (problem === "") this.#events.onFailed(INTEGRITY_FAILURE, "the payload around the package is malformed");
			else this.#events.onFailed(NO_STORAGE, problem);
		this.stop(code);
		return code;
	}

	#refuseSize(): number {
		this.#refusal = this.#events.onPush(this.#isAgain);
		this.#hasBegun = true;
		this.#slot.problem = `the package is longer than the ${this.#slot.capacityBytes} bytes of the slot`;
		return this.#fail();
	}
}

/** The content format in a key, -1 for none. */
function formatOf(key: number): number {
	const format = key & 0xffff;
	return format === 0xffff ? -1 : format;
}

/** True where the payload is the package as it is. */
function isPlain(key: number): boolean {
	const format = formatOf(key);
	return key >= 0 && (format < 0 || format === OPAQUE);
}
