// A package in JSON, as the base64 text of one record: SenML JSON `[{"bn":"/5/0/0","vd":"…"}]`, or OMA's JSON
// `{"bn":"/5/0/0","e":[{"sv":"…"}]}`. RFC 8428 5, OMA-TS-LightweightM2M-V1_0_2 6.4.4. Members in any order.
import { FRAME_BYTES } from "../config.js";
import { Base64Stream } from "./base64-stream.js";
import type { Frame, PackagePlace, Take } from "./frame.js";

/** Longest name or base name. */
export const NAME_BYTES = 16;
const DEPTH = 4;

// what comes next
const VALUE = 0;
const KEY = 1;
const COLON = 2;
const AFTER = 3;
// within a token
const STRING = 4;
const WORD = 5;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** Member names as the numbers of their bytes. */
const N = 0x6e;
const BN = 0x626e;
const SV = 0x7376;
const VD = 0x7664;
/** The string that is read is a member name. */
const NAMING = -1;

export class JsonFrame implements Frame {
	#base64: Base64Stream;
	#place: PackagePlace;
	#dataKey: number;
	#isSenml: boolean;
	#expected = VALUE;
	/** The containers around: bit n is set where the one at depth n is an object. */
	#containers = 0;
	#depth = 0;
	/** The member whose value is read; NAMING while its name is. */
	#key = 0;
	#name = 0;
	/** 1 behind a backslash; 2 to 5: that many less one digits of \u are still to come. */
	#escape = 0;
	#escaped = 0;
	#hasData = false;
	#hasBegun = false;
	#baseText = "";
	#nameText = "";
	#frameBytes = 0;

	constructor(put: Take, place: PackagePlace, isSenml: boolean) {
		this.#place = place;
		this.#base64 = new Base64Stream(put);
		this.#isSenml = isSenml;
		this.#dataKey = isSenml ? VD : SV;
	}

	take(bytes: Uint8Array, start: number, end: number): boolean {
		while (start < end) {
			if (this.#expected === STRING && this.#key === this.#dataKey && this.#escape === 0) {
				// as far as neither the string ends nor an escape begins
				let stop = indexOf(bytes, QUOTE, start, end);
				stop = indexOf(bytes, BACKSLASH, start, stop);
				if (!this.#base64.take(bytes, start, stop)) return false;
				start = stop;
				if (start === end) return true;
			}
			this.#frameBytes++;
			if (this.#frameBytes > FRAME_BYTES || !this.#takeOne(bytes[start]!)) return false;
			start++;
		}
		return true;
	}

	end(): boolean {
		if (this.#depth > 0 || !this.#hasBegun || !this.#hasData) return false;
		const path = this.#baseText + this.#nameText;
		// "when Base Name is not present, the default Base Name is the request URI"
		return isPackagePath(path, this.#place) || (!this.#isSenml && path === "");
	}

	#takeOne(byte: number): boolean {
		if (this.#expected === STRING) return this.#takeInString(byte);
		if (this.#expected === WORD) {
			if ((byte >= 0x30 && byte <= 0x39) || (byte >= 0x61 && byte <= 0x7a)) return true;
			if (byte === 0x2e || byte === 0x2b || byte === 0x2d || byte === 0x45) return true;
			this.#expected = AFTER;
		}
		if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) return true;
		const isObject = (this.#containers & (1 << this.#depth)) !== 0;
		switch (this.#expected) {
			case VALUE:
				return this.#beginValue(byte);
			case KEY:
				if (byte === 0x7d) return this.#close(true);
				this.#name = 0;
				this.#key = NAMING;
				this.#expected = STRING;
				return byte === QUOTE;
			case COLON:
				this.#expected = VALUE;
				return byte === 0x3a;
			default:
				if (this.#depth === 0) return false;
				if (byte === 0x2c) {
					this.#expected = isObject ? KEY : VALUE;
					// one record is all that there may be: the entries of an array are those of records
					return isObject;
				}
				return (byte === 0x7d || byte === 0x5d) && this.#close(byte === 0x7d);
		}
	}

	#beginValue(byte: number): boolean {
		if (byte === 0x7b || byte === 0x5b) {
			if (this.#depth === DEPTH || (this.#hasBegun && this.#depth === 0)) return false;
			this.#hasBegun = true;
			this.#depth++;
			const bit = 1 << this.#depth;
			this.#containers = byte === 0x7b ? this.#containers | bit : this.#containers & ~bit;
			this.#expected = byte === 0x7b ? KEY : VALUE;
			return true;
		}
		if (this.#depth === 0) return false;
		if (byte === QUOTE) {
			if ((this.#containers & (1 << this.#depth)) === 0) return false;
			if (this.#key === this.#dataKey) {
				if (this.#hasData) return false;
				this.#hasData = true;
			}
			this.#expected = STRING;
			return true;
		}
		this.#expected = WORD;
		// a value of another kind stands in place of the package's text
		return this.#key !== this.#dataKey && (byte === 0x2d || (byte >= 0x30 && byte <= 0x39) || byte >= 0x61);
	}

	#close(isObject: boolean): boolean {
		const bit = 1 << this.#depth;
		if (((this.#containers & bit) !== 0) !== isObject) return false;
		this.#depth--;
		this.#expected = AFTER;
		return true;
	}

	#takeInString(byte: number): boolean {
		if (this.#escape === 1) {
			if (byte === 0x75) {
				this.#escape = 5;
				this.#escaped = 0;
				return true;
			}
			this.#escape = 0;
			return (byte === 0x2f || byte === BACKSLASH || byte === QUOTE) && this.#takeCharacter(byte);
		}
		if (this.#escape > 1) {
			const digit = byte <= 0x39 ? byte - 0x30 : (byte | 0x20) - 0x57;
			if (digit < 0 || digit > 15) return false;
			this.#escaped = this.#escaped * 16 + digit;
			this.#escape--;
			if (this.#escape > 1) return true;
			this.#escape = 0;
			return this.#takeCharacter(this.#escaped);
		}
		if (byte === BACKSLASH) {
			this.#escape = 1;
			return true;
		}
		if (byte !== QUOTE) return byte >= 0x20 && this.#takeCharacter(byte);
		if (this.#key === this.#dataKey) {
			this.#expected = AFTER;
			return this.#base64.end();
		}
		this.#expected = this.#key === NAMING ? COLON : AFTER;
		if (this.#key === NAMING) this.#key = this.#name;
		return true;
	}

	#takeCharacter(character: number): boolean {
		const key = this.#key;
		// longer names than any known one collide with none: the number stays below 2^32
		if (key === NAMING) this.#name = this.#name < 0x1000000 ? this.#name * 256 + character : 0xffffffff;
		else if (key === this.#dataKey) return this.#base64.takeOne(character);
		else if (key === BN) this.#baseText += String.fromCodePoint(character);
		else if (key === N) this.#nameText += String.fromCodePoint(character);
		return this.#baseText.length <= NAME_BYTES && this.#nameText.length <= NAME_BYTES;
	}
}

/** True for the path of the package, with or without the slash that it begins with. */
export function isPackagePath(path: string, { object, instance, resource }: PackagePlace): boolean {
	const wanted = `/${object}/${instance}/${resource}`;
	return path === wanted || `/${path}` === wanted;
}

/** @returns `end` where the byte is not there */
function indexOf(bytes: Uint8Array, byte: number, start: number, end: number): number {
	const at = bytes.indexOf(byte, start);
	return at < 0 || at > end ? end : at;
}
