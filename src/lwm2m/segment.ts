// Samples as an entry of the storage: a segment of a time series, each sample as what differs from the one before.
//
//  | first (4) | count (1) | base (6) | sample … | check (2) |        a sample: | varint | value |
//
// first: the number of the first sample. base: its time in ms; count has bit 7 where that is one of the calendar. The
// varint (7 bits a byte, the lowest first) holds 4 times the ms since the sample before, plus the form of the value.
import {
	floatSize,
	hash,
	readFloat,
	readSigned,
	readText,
	readUnsigned,
	writeBig,
	writeFloat,
	writeText,
} from "../bytes.js";
import { BOOLEAN, FLOAT, type ResourceType, STRING, UNSIGNED } from "./definition.js";
import type { Value } from "./path.js";
import { calendarOf, calendarStamp, type Ring, type Stamp } from "./ring.js";

/** Of an entry: what it has beside its samples. */
export const SEGMENT_HEAD_BYTES = 11;
const CHECK_BYTES = 2;
/** The most samples of one, by the bits of its count. */
export const MAX_SEGMENT = 127;
const IS_CALENDAR = 0x80;
/** Times before the start of the clock, of samples from before a restart, are told by an excess. */
const EXCESS = 2 ** 46;
/** Forms of a value: as the one before; else its size by its type, or 0 and 1 of a boolean. */
const SAME = 3;

/** How many samples an entry holds. */
export function countOf(entry: ArrayBuffer): number {
	return new Uint8Array(entry)[4]! & ~IS_CALENDAR;
}

/**
 * Makes an entry of the samples `[from, ring.end)`, or as many of them as fit and have times of one kind that do not go back.
 * @param calendarOffset what to add to the clock that never goes back for the calendar, s; NaN: not known
 */
export function writeSegment(ring: Ring, from: number, maxBytes: number, calendarOffset: number): ArrayBuffer {
	const end = Math.min(ring.end, from + MAX_SEGMENT);
	const bytes = new Uint8Array(Math.min(maxBytes, SEGMENT_HEAD_BYTES + CHECK_BYTES + 17 * (end - from)));
	const room = bytes.length - CHECK_BYTES;
	const isCalendar = isOfCalendar(ring.stampOf(from), calendarOffset);
	const base = msOf(ring.stampOf(from), calendarOffset);
	let at = SEGMENT_HEAD_BYTES;
	let before = base;
	let last: Value | undefined;
	let written = 0;
	for (let number = from; number < end; number++) {
		const stamp = ring.stampOf(number);
		const time = msOf(stamp, calendarOffset);
		if (time < before || isOfCalendar(stamp, calendarOffset) !== isCalendar) break;
		const value = ring.valueOf(number);
		const form = value === last || (value !== value && last !== last) ? SAME : formOf(ring.type, value);
		let after = writeVarint(bytes, at, (time - before) * 4 + form);
		if (form !== SAME) after = writeForm(bytes, after, ring.type, form, value);
		if (after > room) break;
		at = after;
		before = time;
		last = value;
		written++;
	}
	writeBig(bytes, 0, from, 4);
	bytes[4] = written | (isCalendar ? IS_CALENDAR : 0);
	writeBig(bytes, 5, base + EXCESS, 6);
	writeBig(bytes, at, hash(bytes, 0, at), CHECK_BYTES);
	return bytes.buffer.slice(0, at + CHECK_BYTES);
}

/** Reads the samples of an entry, one after the other. */
export class SegmentReader {
	readonly first: number;
	readonly count: number;
	/** The number of the sample that it stands on, its time in ms, and its value. */
	number: number;
	time: number;
	value: Value = 0;
	#bytes: Uint8Array;
	#type: ResourceType;
	#at = SEGMENT_HEAD_BYTES;

	constructor(bytes: Uint8Array, type: ResourceType) {
		this.#bytes = bytes;
		this.#type = type;
		this.first = Number(readUnsigned(bytes, 0, 4));
		this.count = bytes[4]! & ~IS_CALENDAR;
		this.time = baseOf(bytes);
		this.number = this.first - 1;
	}

	get end(): number {
		return this.first + this.count;
	}

	/** The time of the sample, as a ring keeps it. */
	get stamp(): Stamp {
		const seconds = this.time / 1000;
		return this.isCalendar ? calendarStamp(seconds) : seconds;
	}

	/** Its times are of the calendar. */
	get isCalendar(): boolean {
		return (this.#bytes[4]! & IS_CALENDAR) !== 0;
	}

	/** Goes to the next sample. @returns false at the end */
	next(): boolean {
		if (this.number + 1 >= this.end) return false;
		const bytes = this.#bytes;
		let sum = 0;
		let scale = 1;
		let at = this.#at;
		for (; bytes[at]! >= 128; ++at, scale *= 128) sum += (bytes[at]! - 128) * scale;
		sum += bytes[at]! * scale;
		this.#at = at + 1;
		const form = sum % 4;
		this.time += (sum - form) / 4;
		if (form !== SAME) this.value = this.#readForm(form);
		this.number++;
		return true;
	}

	#readForm(form: number): Value {
		const bytes = this.#bytes;
		const type = this.#type;
		const at = this.#at;
		if (type === BOOLEAN) return form === 1;
		if (type === STRING) {
			this.#at = at + 1 + bytes[at]!;
			return readText(bytes, at + 1, this.#at) ?? ""; // it was written as text
		}
		const size = 2 << form;
		this.#at = at + size;
		if (type === FLOAT) return readFloat(bytes, at, size);
		return type === UNSIGNED && size === 8 ? readUnsigned(bytes, at, size) : readSigned(bytes, at, size);
	}
}

/** What was read from the storage, where it is a whole segment. */
export function checkedSegment(entry: ArrayBuffer | undefined): Uint8Array | undefined {
	if (!entry || entry.byteLength < SEGMENT_HEAD_BYTES + CHECK_BYTES) return undefined;
	const bytes = new Uint8Array(entry);
	const end = bytes.length - CHECK_BYTES;
	return Number(readUnsigned(bytes, end, CHECK_BYTES)) === (hash(bytes, 0, end) & 0xffff) ? bytes : undefined;
}

/** Moves the times of a segment that counts on the clock that never goes back. @param isCalendar the sum is a time of the calendar */
export function moveSegment(bytes: Uint8Array, ms: number, isCalendar: boolean): void {
	writeBig(bytes, 5, Math.round(baseOf(bytes) + ms) + EXCESS, 6);
	if (isCalendar) bytes[4]! |= IS_CALENDAR;
	const end = bytes.length - CHECK_BYTES;
	writeBig(bytes, end, hash(bytes, 0, end), CHECK_BYTES);
}

function baseOf(bytes: Uint8Array): number {
	return Number(readUnsigned(bytes, 5, 6)) - EXCESS;
}

function isOfCalendar(stamp: Stamp, calendarOffset: number): boolean {
	const calendar = calendarOf(stamp);
	return calendar === calendar || calendarOffset === calendarOffset;
}

function msOf(stamp: Stamp, calendarOffset: number): number {
	const calendar = calendarOf(stamp);
	if (calendar === calendar) return Math.round(calendar * 1000);
	return Math.round((calendarOffset === calendarOffset ? stamp + calendarOffset : stamp) * 1000);
}

/** The form of a number is the least f for which it fits 2 << f bytes. */
function formOf(type: ResourceType, value: Value): number {
	if (typeof value === "boolean") return value ? 1 : 0;
	if (typeof value === "string") return 0;
	if (type === FLOAT) {
		const size = floatSize(value as number); // a float's values are numbers
		return size === 2 ? 0 : size === 4 ? 1 : 2;
	}
	// a ring gives as bigint what is no safe integer
	if (typeof value !== "number") return 2;
	return value >= -0x8000 && value < 0x8000 ? 0 : value >= -0x80000000 && value < 0x80000000 ? 1 : 2;
}

function writeForm(into: Uint8Array, at: number, type: ResourceType, form: number, value: Value): number {
	if (typeof value === "boolean") return at;
	if (typeof value === "string") {
		const after = writeText(into, at + 1, value);
		into[at] = after - at - 1;
		return after;
	}
	if (type === FLOAT) return writeFloat(into, at, value as number, 2 << form); // as above
	return writeBig(into, at, value as number | bigint, 2 << form);
}

function writeVarint(into: Uint8Array, at: number, value: number): number {
	while (value >= 128) {
		into[at] = (value % 128) + 128;
		value = Math.floor(value / 128);
		++at;
	}
	into[at] = value;
	return at + 1;
}
