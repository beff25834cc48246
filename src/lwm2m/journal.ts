// A time series in the key-value storage: what of it is older than its ring holds, and a copy of the ring. Append-only:
// an entry is written once under a name that is not in use, and deleted when its samples have left. So whatever write the
// power is cut after, nothing is lost but what no entry holds yet. The table of the order of writes is in src/DESIGN.md.
//
//  NAME.s0, NAME.s1, …  segments (segment.ts), by number in base 36: the older samples
//  NAME.t0, NAME.t1, …  the same: what the ring had in addition each time that it was copied; gone with the next segment
//  NAME.m               | number of the oldest sample (4) | number of the oldest segment (4) |
import { readUnsigned, writeBig } from "../bytes.js";
import { SEGMENT_BYTES, TAIL_ENTRIES } from "../config.js";
import type { KeyValue } from "../platform.js";
import { inRadix } from "../scan.js";
import type { ResourceType } from "./definition.js";
import type { Value } from "./path.js";
import { calendarOf, type Ring, type Stamp } from "./ring.js";
import { checkedSegment, countOf, moveSegment, SegmentReader, writeSegment } from "./segment.js";

const MARK_BYTES = 8;

export class Journal {
	/** The number of the first sample that is in no segment, and of the first that is in no entry at all. */
	sealed = 0;
	copied = 0;
	#storage: KeyValue;
	#name: string;
	#type: ResourceType;
	/** The numbers of the oldest segment and of the next one; how many copies of the ring's samples there are. */
	#first = 0;
	#next = 0;
	#tails = 0;
	/** Where the oldest segment ends; -1: not known. */
	#firstEnd = -1;
	/** Entries count on a clock of which the calendar is not known. */
	#hasLoose = false;
	/** The segment that is being read, and its number. */
	#reader: SegmentReader | undefined;
	#read = -1;

	/** @param name 1 to 7 characters */
	constructor(storage: KeyValue, name: string, type: ResourceType) {
		this.#storage = storage;
		this.#name = name;
		this.#type = type;
	}

	/**
	 * Takes up what is stored; the samples that are in no segment go into the ring, which is empty.
	 * @param now of the clock that never goes back, s. Samples of which nothing better is known end then.
	 * @returns the number of the oldest sample
	 */
	load(ring: Ring, now: number, calendarOffset: number): number {
		const mark = this.#storage.read(`${this.#name}.m`);
		const bytes = mark && mark.byteLength === MARK_BYTES ? new Uint8Array(mark) : undefined;
		const left = bytes ? Number(readUnsigned(bytes, 0, 4)) : 0;
		this.sealed = this.#tails = 0;
		this.#first = this.#next = bytes ? Number(readUnsigned(bytes, 4, 4)) : 0;
		// deleted from the oldest on: a power cut leaves some below the first
		for (let number = this.#first - 1; number >= 0 && this.#storage.read(this.#segment(number)); number--)
			this.#storage.delete(this.#segment(number));
		const loose: string[] = [];
		let oldest = -1;
		for (;;) {
			const key = this.#segment(this.#next);
			const reader = this.#open(key);
			// one that is damaged is passed over; one of the past, which a power cut has left, ends the series
			if (reader ? reader.first < this.sealed : !this.#storage.read(key)) break;
			this.#next++;
			if (!reader) continue;
			if (!reader.isCalendar) loose.push(key);
			if (oldest < 0) oldest = reader.first;
			this.sealed = reader.end;
		}
		if (oldest < 0) oldest = this.sealed = left;
		let last: SegmentReader | undefined;
		for (let reader = this.#open(this.#tail(0)); reader; reader = this.#open(this.#tail(this.#tails))) {
			if (!reader.isCalendar) loose.push(this.#tail(this.#tails));
			last = reader;
			this.#tails++;
		}
		if (loose.length > 0) this.#settle(loose, now, calendarOffset);
		ring.drop(this.sealed);
		for (let index = 0; index < this.#tails; index++) this.#take(ring, this.#open(this.#tail(index)), calendarOffset);
		this.copied = ring.end;
		if (last && last.end <= this.sealed) this.#deleteTails();
		return this.#next > this.#first ? Math.max(oldest, left) : ring.first;
	}

	/**
	 * Copies what the ring has in addition to what was copied before. @throws Error where the storage does not take it
	 */
	copy(ring: Ring, calendarOffset: number): void {
		const from = Math.max(this.copied, ring.first);
		if (from >= ring.end) return;
		// many at once are a segment at once: no copy first
		if (2 * (ring.end - from) >= ring.capacity || this.#tails >= TAIL_ENTRIES) {
			this.seal(ring, calendarOffset);
			return;
		}
		this.#settleAll(calendarOffset);
		this.copied = from;
		while (this.copied < ring.end) {
			this.copied += this.#write(this.#tail(this.#tails), ring, this.copied, calendarOffset);
			this.#tails++;
		}
	}

	/** Moves all of the ring into segments. @throws Error where the storage does not take it: the rest stays in the ring */
	seal(ring: Ring, calendarOffset: number): void {
		this.#settleAll(calendarOffset);
		this.#empty(ring, calendarOffset);
		this.#deleteTails();
	}

	#empty(ring: Ring, calendarOffset: number): void {
		this.sealed = Math.max(this.sealed, ring.first);
		while (ring.length > 0) {
			this.sealed += this.#write(this.#segment(this.#next), ring, ring.first, calendarOffset);
			this.copied = Math.max(this.copied, this.sealed);
			this.#next++;
			ring.drop(this.sealed);
		}
	}

	/** What a copy of the ring's samples holds goes back into it. */
	#take(ring: Ring, reader: SegmentReader | undefined, calendarOffset: number): void {
		if (!reader || reader.end <= ring.end) return;
		// the numbers between are those of samples that left before they were copied
		if (ring.length === 0) ring.drop(reader.first);
		while (reader.next()) {
			if (reader.number !== ring.end) continue;
			if (ring.length === ring.capacity) this.#empty(ring, calendarOffset);
			ring.push(reader.stamp, reader.value);
		}
	}

	/** The samples before that number have left. @throws Error where the storage does not take it */
	release(end: number, isMarked: boolean): void {
		if (this.#next > this.#first && this.#firstEnd < 0)
			this.#firstEnd = this.#open(this.#segment(this.#first))?.end ?? 0;
		const isOver = this.#next > this.#first && this.#firstEnd <= end;
		if (!isOver && !isMarked) return;
		const old = this.#first;
		while (this.#next > this.#first && this.#firstEnd <= end) {
			this.#first++;
			this.#firstEnd = this.#next > this.#first ? (this.#open(this.#segment(this.#first))?.end ?? 0) : -1;
		}
		const mark = new Uint8Array(MARK_BYTES);
		writeBig(mark, 0, end, 4);
		writeBig(mark, 4, this.#first, 4);
		this.#storage.write(`${this.#name}.m`, mark.buffer);
		for (let number = old; number < this.#first; number++) this.#storage.delete(this.#segment(number));
		if (this.#tails > 0 && end >= this.copied) this.#deleteTails();
	}

	/** Goes to a sample that is in a segment: `stamp` and `value` are its. @returns false where it cannot be read */
	seek(number: number): boolean {
		let reader = this.#reader;
		if (!reader || number >= reader.end || number < reader.number) {
			let at = reader && number >= reader.first ? Math.max(this.#read, this.#first) : this.#first;
			for (reader = undefined; at < this.#next; ++at) {
				reader = this.#open(this.#segment(at));
				if (reader && number < reader.end) break;
			}
			this.#reader = reader;
			this.#read = at;
		}
		while (reader && reader.number < number) if (!reader.next()) return false;
		return reader !== undefined && reader.number === number && number >= reader.first;
	}

	get stamp(): Stamp {
		return this.#reader!.stamp;
	}

	get value(): Value {
		return this.#reader!.value;
	}

	/** Deletes everything, also what another of the name has left half deleted: the newest first, so that the rest is found. */
	clear(ring: Ring): void {
		this.load(ring, 0, Number.NaN);
		this.#deleteTails();
		while (this.#next > this.#first) this.#storage.delete(this.#segment(--this.#next));
		this.#storage.delete(`${this.#name}.m`);
	}

	/** The calendar has become known: entries that count on the clock get their times of the calendar. */
	#settleAll(calendarOffset: number): void {
		if (!this.#hasLoose || calendarOffset !== calendarOffset) return;
		const loose: string[] = [];
		for (let number = this.#first; number < this.#next + this.#tails; number++) {
			const key = number < this.#next ? this.#segment(number) : this.#tail(number - this.#next);
			if (this.#open(key)?.isCalendar === false) loose.push(key);
		}
		this.#settle(loose, Number.NaN, calendarOffset);
	}

	/**
	 * Moves the times of entries that count on a clock. @param now where that is one of before a restart: as if the last
	 * sample had been measured now; NaN: it is this start's
	 */
	#settle(loose: readonly string[], now: number, calendarOffset: number): void {
		const isKnown = calendarOffset === calendarOffset;
		let ms = isKnown ? calendarOffset * 1000 : 0;
		if (now === now) {
			const reader = this.#open(loose[loose.length - 1]!);
			while (reader?.next());
			ms += now * 1000 - (reader?.time ?? 0);
		}
		for (const key of loose) {
			const bytes = checkedSegment(this.#storage.read(key));
			if (!bytes) continue;
			moveSegment(bytes, ms, isKnown);
			this.#storage.write(key, bytes.buffer as ArrayBuffer); // that of the entry
		}
		this.#hasLoose = !isKnown;
		this.#reader = undefined;
	}

	/** @returns how many samples the entry holds */
	#write(key: string, ring: Ring, from: number, calendarOffset: number): number {
		const { maxValueBytes } = this.#storage;
		const entry = writeSegment(ring, from, Math.min(SEGMENT_BYTES, maxValueBytes), calendarOffset);
		this.#storage.write(key, entry);
		const stamp = calendarOf(ring.stampOf(from));
		if (stamp !== stamp && calendarOffset !== calendarOffset) this.#hasLoose = true;
		return countOf(entry);
	}

	/** From the last to the first, so that those that a power cut leaves are found. */
	#deleteTails(): void {
		while (this.#tails > 0) {
			this.#storage.delete(this.#tail(this.#tails - 1));
			this.#tails--;
		}
	}

	#open(key: string): SegmentReader | undefined {
		const bytes = checkedSegment(this.#storage.read(key));
		return bytes && new SegmentReader(bytes, this.#type);
	}

	#segment(number: number): string {
		return `${this.#name}.s${inRadix(number, 36)}`;
	}

	#tail(index: number): string {
		return `${this.#name}.t${inRadix(index, 36)}`;
	}
}
