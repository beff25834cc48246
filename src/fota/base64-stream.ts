// Base64 of either alphabet that comes in parts, decoded where it lies. RFC 4648 4, 5.
import { readBase64 } from "../bytes.js";
import type { Take } from "./frame.js";

export class Base64Stream {
	#put: Take;
	/** Characters of a group that is not complete. */
	#group = new Uint8Array(4);
	#count = 0;
	/** Padding has come: nothing may follow. */
	#hasEnded = false;

	constructor(put: Take) {
		this.#put = put;
	}

	/** Takes `[start, end)` and overwrites it. @returns false where it is malformed, or `put` says so */
	take(bytes: Uint8Array, start: number, end: number): boolean {
		while (this.#count > 0 && start < end) {
			if (!this.takeOne(bytes[start]!)) return false;
			start++;
		}
		const whole = (end - start) & ~3;
		if (whole > 0 && !this.#decode(bytes, start, start + whole)) return false;
		for (let i = start + whole; i < end; i++) if (!this.takeOne(bytes[i]!)) return false;
		return true;
	}

	takeOne(character: number): boolean {
		this.#group[this.#count] = character;
		this.#count++;
		if (this.#count < 4) return true;
		this.#count = 0;
		return this.#decode(this.#group, 0, 4);
	}

	/** The text is over: what is left is a group without padding. */
	end(): boolean {
		const count = this.#count;
		this.#count = 0;
		return count === 0 || this.#decode(this.#group, 0, count);
	}

	#decode(bytes: Uint8Array, start: number, end: number): boolean {
		if (this.#hasEnded) return false;
		const stop = readBase64(bytes, start, bytes, start, end);
		if (stop < 0) return false;
		this.#hasEnded = (stop - start) * 4 < (end - start) * 3;
		return this.#put(bytes, start, stop);
	}
}
