// The store of a package (the firmware slot, software management's) while a download goes into it: what is there, that it can be told again after a restart, and one
// line on why it takes no more. RAM: none; what is read goes through the send buffer, between two messages.
import { equal, hash } from "../bytes.js";

import type { PackageStore } from "../platform.js";

/** What is compared and hashed at a time. */
export const PIECE_BYTES = 1024;
/** Offsets that are stored are multiples of it: a sector of flash, so that what is written after a restart begins one. */
const SECTOR_BYTES = 4096;
/** What flash has where nothing is written. */
const BLANK = 0xff;

export class Slot {
	/** Bytes that are there. */
	length = 0;
	/** Why a method has returned false, one line. */
	problem = "";
	#store: PackageStore;
	#scratch: Uint8Array;
	/** Bytes that `#mark` covers, a multiple of SECTOR_BYTES, and the hash of their pieces. */
	#marked = 0;
	#mark = 0;

	/** @param scratch free between two messages, PIECE_BYTES or more */
	constructor(store: PackageStore, scratch: Uint8Array) {
		this.#scratch = scratch;
		this.#store = store;
	}

	get capacityBytes(): number {
		return this.#store.capacityBytes;
	}

	/** Bytes that `mark` speaks of. */
	get marked(): number {
		return this.#marked;
	}

	/** Begins anew. */
	erase(): boolean {
		this.rewind();
		try {
			this.#store.erase();
		} catch (error) {
			return this.#failed(error);
		}
		return true;
	}

	/** The same without touching what is there, for `recover`. */
	rewind(): void {
		this.length = this.#marked = this.#mark = 0;
	}

	/** Adds `from[start, end)`. @returns false where it does not fit or cannot be written */
	append(from: Uint8Array, start: number, end: number): boolean {
		if (start === end) return true;
		if (this.length + end - start > this.capacityBytes) {
			this.problem = `the package is longer than the ${this.capacityBytes} bytes of the slot`;
			return false;
		}
		try {
			this.#store.write(this.length, from, start, end);
		} catch (error) {
			return this.#failed(error);
		}
		this.length += end - start;
		return true;
	}

	/** True where the slot holds `from[start, end)` at an offset, or as much of it as the slot has. */
	holds(at: number, from: Uint8Array, start: number, end: number): boolean {
		const stop = Math.min(end, start + this.length - at);
		while (start < stop) {
			const count = this.#read(at, Math.min(PIECE_BYTES, stop - start));
			if (count === 0 || !equal(this.#scratch, 0, from, start, count)) return false;
			at += count;
			start += count;
		}
		return true;
	}

	/** A hash of the first `marked` bytes: all that are there in whole sectors. It is read from the slot. */
	mark(): number {
		const end = this.length - (this.length % SECTOR_BYTES);
		while (this.#marked < end && this.#markPiece());
		return this.#mark;
	}

	/**
	 * Takes up what an earlier life has left, a few pieces at a time. `rewind` comes first.
	 * @param bytes, mark as they were stored
	 * @returns 0 to be called again, 1 where it is there, -1 where it is not (then the slot counts as empty)
	 */
	recover(bytes: number, mark: number): number {
		for (let i = 0; i < 8 && this.#marked < bytes; i++) {
			this.length += PIECE_BYTES;
			if (!this.#markPiece()) {
				this.rewind();
				return -1;
			}
		}
		if (this.#marked < bytes) return 0;
		if (this.#mark === mark) return 1;
		this.rewind();
		return -1;
	}

	/**
	 * Takes up what an earlier life has left, up to where `from[start, end)` is to come, or behind it where it is there
	 * already. `rewind` comes first.
	 * @returns false where there is less, or where other bytes stand there
	 */
	resume(at: number, from: Uint8Array, start: number, end: number): boolean {
		if (this.#read(at - 1, 1) < 1) return false;
		const count = this.#read(at, end - start);
		const isThere = count === end - start && equal(this.#scratch, 0, from, start, count);
		if (!isThere && this.#scratch.subarray(0, count).some((byte) => byte !== BLANK)) return false;
		this.length = isThere ? at + count : at;
		return true;
	}

	#markPiece(): boolean {
		if (this.#read(this.#marked, PIECE_BYTES) < PIECE_BYTES) return false;
		this.#mark = Math.imul(this.#mark ^ hash(this.#scratch, 0, PIECE_BYTES), 0x01000193);
		this.#marked += PIECE_BYTES;
		return true;
	}

	#read(at: number, most: number): number {
		try {
			return Math.min(most, this.#store.read(at, this.#scratch));
		} catch (error) {
			this.#failed(error);
			return 0;
		}
	}

	#failed(error: unknown): false {
		this.problem = error instanceof Error ? error.message : String(error);
		return false;
	}
}
