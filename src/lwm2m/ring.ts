// The newest samples of a time series in RAM: 16 B each, allocated once.
import { readSigned, readText, readUnsigned, textBytes, writeBig, writeText } from "../bytes.js";
import { BOOLEAN, FLOAT, type ResourceType, STRING, UNSIGNED } from "./definition.js";
import type { Value } from "./path.js";

/** A sample: its time as float64, then 8 bytes of value. */
const SAMPLE_BYTES = 16;
/** The longest text that fits beside its length. */
const SHORT_TEXT_BYTES = 7;
/** Below this a time is one of the calendar, negated: no clock began 8 years before the device. */
const CALENDAR = -(2 ** 28);

/**
 * A time as a ring keeps it, s: on the clock that never goes back, so that it is right even where the calendar is set
 * later; or, of a sample from before a restart, its negated time of the calendar.
 */
export type Stamp = number;

export function calendarStamp(seconds: number): Stamp {
	return -seconds;
}

/** The seconds since 1970 of a stamp; NaN where it counts on the clock that never goes back. */
export function calendarOf(stamp: Stamp): number {
	return stamp < CALENDAR ? -stamp : Number.NaN;
}

/** False where a value does not fit a sample. */
export function fitsSample(value: Value): boolean {
	return typeof value !== "string" || textBytes(value) <= SHORT_TEXT_BYTES;
}

export class Ring {
	readonly type: ResourceType;
	/** How many samples there can be, and how many there are. */
	readonly capacity: number;
	length = 0;
	/** The number of the oldest, counted from the first sample ever. */
	first = 0;
	#bytes: Uint8Array;
	#view: DataView;

	constructor(type: ResourceType, capacity: number) {
		this.type = type;
		this.capacity = capacity;
		this.#bytes = new Uint8Array(capacity * SAMPLE_BYTES);
		this.#view = new DataView(this.#bytes.buffer);
	}

	/** The number of the next sample. */
	get end(): number {
		return this.first + this.length;
	}

	/** Adds a sample; there is room for it. */
	push(stamp: Stamp, value: Value): void {
		const at = this.#at(this.end);
		this.#view.setFloat64(at, stamp);
		this.#put(at + 8, value);
		this.length++;
	}

	/** Drops the samples before that number. */
	drop(end: number): void {
		const count = Math.max(0, end - this.first);
		this.first += count;
		this.length = Math.max(0, this.length - count);
	}

	stampOf(number: number): Stamp {
		return this.#view.getFloat64(this.#at(number));
	}

	valueOf(number: number): Value {
		const at = this.#at(number) + 8;
		const { type } = this;
		if (type === FLOAT) return this.#view.getFloat64(at);
		if (type === BOOLEAN) return this.#bytes[at] === 1;
		if (type === STRING) return readText(this.#bytes, at + 1, at + 1 + this.#bytes[at]!) ?? ""; // it was written as text
		return type === UNSIGNED ? readUnsigned(this.#bytes, at, 8) : readSigned(this.#bytes, at, 8);
	}

	#put(at: number, value: Value): void {
		if (typeof value === "boolean") this.#bytes[at] = value ? 1 : 0;
		else if (typeof value === "string") this.#bytes[at] = writeText(this.#bytes, at + 1, value) - at - 1;
		else if (this.type === FLOAT) this.#view.setFloat64(at, Number(value));
		else writeBig(this.#bytes, at, value as number | bigint, 8); // no other type is left
	}

	#at(number: number): number {
		return (number % this.capacity) * SAMPLE_BYTES;
	}
}
