// A package in TLV: the entry of its resource, alone or within the entry of the instance. The format is in codec/tlv.ts.
import type { Frame, PackagePlace, Take } from "./frame.js";

const INSTANCE = 0x00;
const RESOURCE = 0xc0;
// parts of an entry
const TYPE = 0;
const ID = 1;
const LENGTH = 2;
const VALUE = 3;
const DONE = 4;

export class TlvFrame implements Frame {
	#put: Take;
	#place: PackagePlace;
	#part = TYPE;
	#kind = 0;
	#left = 0;
	#id = 0;
	#lengthBytes = 0;
	#length = 0;
	/** What the instance's entry has left; -1: there is none. */
	#around = -1;

	constructor(put: Take, place: PackagePlace) {
		this.#put = put;
		this.#place = place;
	}

	take(bytes: Uint8Array, start: number, end: number): boolean {
		while (start < end) {
			if (this.#part === DONE) return false;
			if (this.#part === VALUE) {
				const stop = Math.min(end, start + this.#length);
				const count = stop - start;
				this.#length -= count;
				if (!this.#put(bytes, start, stop)) return false;
				start = stop;
				if (this.#length === 0) this.#part = DONE;
			} else {
				if (this.#around > 0) this.#around--;
				else if (this.#around === 0) return false;
				if (!this.#takeHeader(bytes[start]!)) return false;
				start++;
			}
		}
		return true;
	}

	end(): boolean {
		// nothing at all is an empty package
		return this.#part === DONE || (this.#part === TYPE && this.#around < 0);
	}

	#takeHeader(byte: number): boolean {
		if (this.#part === TYPE) {
			this.#kind = byte & 0xc0;
			if (this.#kind !== RESOURCE && (this.#kind !== INSTANCE || this.#around >= 0)) return false;
			this.#left = byte & 0x20 ? 2 : 1;
			this.#lengthBytes = (byte >> 3) & 3;
			this.#length = this.#lengthBytes > 0 ? 0 : byte & 7;
			this.#id = 0;
			this.#part = ID;
			return true;
		}
		if (this.#part === ID) this.#id = (this.#id << 8) | byte;
		else this.#length = (this.#length << 8) | byte;
		this.#left--;
		if (this.#left > 0) return true;
		const { instance, resource } = this.#place;
		if (this.#part === ID && this.#id !== (this.#kind === INSTANCE ? instance : resource)) return false;
		if (this.#part === ID && this.#lengthBytes > 0) {
			this.#part = LENGTH;
			this.#left = this.#lengthBytes;
			return true;
		}
		if (this.#kind === INSTANCE) {
			this.#around = this.#length;
			this.#part = TYPE;
			return true;
		}
		this.#part = this.#length > 0 ? VALUE : DONE;
		return this.#around < 0 || this.#around === this.#length;
	}
}
