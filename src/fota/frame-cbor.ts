// A package as a CBOR byte string, alone (60) or as the value of one SenML record (112), whole or in chunks. RFC 8949 3,
// RFC 8428 6: `81 A2 21 66 "/5/0/0" 08 5A …`.
import { FRAME_BYTES } from "../config.js";
import type { Frame, PackagePlace, Take } from "./frame.js";
import { isPackagePath, NAME_BYTES } from "./frame-json.js";

// major types
const UNSIGNED = 0;
const NEGATIVE = 1;
const BYTES = 2;
const TEXT = 3;
const ARRAY = 4;
const MAP = 5;
const OTHER = 7;
/** Labels of SenML. */
const BASE_NAME = -2;
const NAME = 0;
const DATA = 8;
const UNKNOWN = -99;
// what comes next
const OUTER = 0;
const RECORD = 1;
const KEY = 2;
const VALUE = 3;
const CHUNK = 4;
const DONE = 5;

export class CborFrame implements Frame {
	#put: Take;
	#place: PackagePlace;
	#isSenml: boolean;
	#expected: number;
	/** The head that is being read, and bytes of its argument that are missing. */
	#head = 0;
	#argument = 0;
	#missing = 0;
	/** Bytes of the string that is being read, and what it is: DATA, BASE_NAME, NAME or UNKNOWN. */
	#left = 0;
	#string = UNKNOWN;
	#isArrayOpen = false;
	/** Members of the map that are still to come; Infinity: until a break. */
	#members = 0;
	#key = UNKNOWN;
	#hasData = false;
	#base = "";
	#name = "";
	#frameBytes = 0;

	constructor(put: Take, place: PackagePlace, isSenml: boolean) {
		this.#put = put;
		this.#place = place;
		this.#isSenml = isSenml;
		this.#expected = isSenml ? OUTER : VALUE;
		if (!isSenml) this.#key = DATA;
	}

	take(bytes: Uint8Array, start: number, end: number): boolean {
		while (start < end) {
			if (this.#left > 0 && this.#string === DATA) {
				const stop = Math.min(end, start + this.#left);
				this.#left -= stop - start;
				if (!this.#put(bytes, start, stop)) return false;
				start = stop;
				continue;
			}
			const byte = bytes[start]!;
			start++;
			this.#frameBytes++;
			if (this.#frameBytes > FRAME_BYTES) return false;
			if (this.#left > 0) {
				this.#left--;
				if (this.#string === NAME) this.#name += String.fromCodePoint(byte);
				else if (this.#string === BASE_NAME) this.#base += String.fromCodePoint(byte);
			} else if (this.#missing > 0) {
				this.#argument = this.#argument * 256 + byte;
				this.#missing--;
				if (this.#missing === 0 && !this.#takeItem(this.#head >> 5, this.#argument)) return false;
			} else {
				const low = byte & 0x1f;
				this.#head = byte;
				this.#argument = 0;
				if (low > 23 && low < 28) this.#missing = 1 << (low - 24);
				else if (low > 27 && low < 31) return false;
				else if (!this.#takeItem(byte >> 5, low === 31 ? Number.POSITIVE_INFINITY : low)) return false;
			}
		}
		return true;
	}

	end(): boolean {
		if (this.#left > 0 || this.#missing > 0) return false;
		if (!this.#isSenml) return this.#expected === DONE || this.#frameBytes === 0;
		const path = this.#base + this.#name;
		return this.#expected === DONE && !this.#isArrayOpen && this.#hasData && isPackagePath(path, this.#place);
	}

	/** Takes a head with its argument; Infinity: of indefinite length, or a break. */
	#takeItem(major: number, argument: number): boolean {
		const isOpen = argument === Number.POSITIVE_INFINITY;
		const isBreak = isOpen && major === OTHER;
		switch (this.#expected) {
			case OUTER:
				this.#expected = RECORD;
				this.#isArrayOpen = isOpen;
				return major === ARRAY && (isOpen || argument === 1);
			case RECORD:
				this.#members = argument;
				this.#expected = KEY;
				return major === MAP && argument > 0;
			case KEY:
				if (isBreak && this.#members === Number.POSITIVE_INFINITY) return this.#endRecord();
				this.#expected = VALUE;
				this.#key = major === UNSIGNED ? argument : major === NEGATIVE ? -1 - argument : UNKNOWN;
				if (major === TEXT && !isOpen) return this.#begin(argument, UNKNOWN);
				return major <= NEGATIVE && !isOpen;
			case CHUNK:
				if (isBreak) return this.#endValue();
				return major === BYTES && !isOpen && this.#begin(argument, DATA);
			case VALUE:
				return this.#takeValue(major, argument, isOpen);
			default:
				// behind the record: the end of an array of indefinite length
				if (!isBreak || !this.#isArrayOpen) return false;
				this.#isArrayOpen = false;
				return true;
		}
	}

	#takeValue(major: number, argument: number, isOpen: boolean): boolean {
		const key = this.#key;
		if (key === DATA) {
			if (major !== BYTES || this.#hasData) return false;
			this.#hasData = true;
			if (isOpen) {
				this.#expected = CHUNK;
				return true;
			}
			return this.#endValue() && this.#begin(argument, DATA);
		}
		if (isOpen) return false;
		if (key === NAME || key === BASE_NAME)
			return major === TEXT && argument <= NAME_BYTES && this.#endValue() && this.#begin(argument, key);
		if (major === BYTES || major === TEXT) return this.#endValue() && this.#begin(argument, UNKNOWN);
		return (major <= NEGATIVE || major === OTHER) && this.#endValue();
	}

	#begin(count: number, string: number): boolean {
		this.#left = count;
		this.#string = string;
		return true;
	}

	#endValue(): boolean {
		if (!this.#isSenml) {
			this.#expected = DONE;
			return true;
		}
		this.#expected = KEY;
		this.#members--;
		return this.#members > 0 || this.#endRecord();
	}

	#endRecord(): boolean {
		this.#expected = DONE;
		return true;
	}
}
