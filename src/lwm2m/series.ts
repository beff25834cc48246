// One time series: the samples of a resource, the newest in a ring in RAM, the older ones, where there is storage, in a
// journal. A sample leaves when it has been acknowledged, or when the series is full.
// RAM: the ring, and 710 B, with a journal 1,060 B.
import { RING_SAMPLES, SAMPLE_COPY_MS } from "../config.js";
import type { Log } from "../log.js";
import type { KeyValue } from "../platform.js";
import type { ResourceType } from "./definition.js";
import { Journal } from "./journal.js";
import type { Samples, Value } from "./path.js";
import { calendarOf, fitsSample, Ring } from "./ring.js";

const NEVER = Number.POSITIVE_INFINITY;

/** How `cache.enable` keeps the samples of a resource. */
export interface CacheOptions {
	/** What happens to a sample that finds the series full: it is dropped, or the oldest is. Default: the oldest. */
	isLatestDropped?: boolean;
	/** Which values are kept. Default: all. */
	filter?(value: Value): boolean;
	/** False: in RAM only, also where the device has storage. */
	isStored?: boolean;
}

/** What a series asks of the cache that it belongs to. */
export interface SeriesOwner {
	/** How many samples of each series the next message may carry: of the newest so many, and of these so many. */
	readonly newest: number;
	readonly limit: number;
	/** What to add to the clock that never goes back for the calendar, s; NaN while that is not set. */
	calendarOffset(): number;
	/** The time of a sample as a message gives it. */
	timeOf(seconds: number): number;
	/** ms, of the clock that never goes back. */
	now(): number;
	readonly log: Log;
}

export class Series implements Samples {
	readonly object: number;
	readonly instance: number;
	readonly resource: number;
	readonly resourceInstance: number;
	readonly type: ResourceType;
	/** How many samples there can be. */
	capacity: number;
	options: CacheOptions;
	/** The number of the oldest sample, counted from the first ever. */
	first = 0;
	/** Of the sample that was read last. */
	time = Number.NaN;
	value: Value = 0;
	/** When what is in RAM only is to be copied to the storage, ms. */
	copyAt = NEVER;
	/** Which of the stored ones it is, -1 for none. */
	readonly id: number;
	/** It was found in the storage, and the application has not enabled it. */
	isFound = false;
	#owner: SeriesOwner;
	#ring: Ring;
	#journal: Journal | undefined;
	#isFailing = false;
	/** When the newest sample was taken. */
	#newestMs = -1;

	constructor(
		owner: SeriesOwner,
		ids: readonly number[],
		type: ResourceType,
		capacity: number,
		options: CacheOptions,
		storage?: KeyValue,
		id = -1,
	) {
		this.#owner = owner;
		[this.object, this.instance, this.resource] = ids as [number, number, number]; // a path has three ids or more
		this.resourceInstance = ids[3] ?? -1;
		this.type = type;
		this.capacity = capacity;
		this.options = options;
		this.id = id;
		this.#ring = new Ring(type, storage ? RING_SAMPLES : capacity);
		if (storage) this.#journal = new Journal(storage, `c${id}`, type);
	}

	/** How many samples it has. */
	get length(): number {
		return this.#ring.end - this.first;
	}

	/** What it takes of the RAM, in samples. */
	get ringCapacity(): number {
		return this.#ring.capacity;
	}

	/** Takes up what is stored of it. */
	load(): void {
		const { calendarOffset, now } = this.#owner;
		this.#keep((journal) => {
			this.first = journal.load(this.#ring, now() / 1000, calendarOffset());
		});
		this.first = Math.max(this.first, this.#ring.end - this.capacity);
	}

	/** Adds a sample of now. @returns false where the filter, its size or a full series keeps it out */
	add(value: Value): boolean {
		const { filter, isLatestDropped } = this.options;
		if (!fitsSample(value) || (filter && !filter(value))) return false;
		if (this.length >= this.capacity) {
			if (isLatestDropped) return false;
			this.#leave(this.#ring.end + 1 - this.capacity, false);
		}
		const now = this.#owner.now();
		const ring = this.#ring;
		if (ring.length === ring.capacity && !this.#seal()) return false;
		// one a millisecond: a server that keeps a series by its times refuses two of the same
		this.#newestMs = Math.max(Math.floor(now), this.#newestMs + 1);
		ring.push(this.#newestMs / 1000, value);
		if (this.#journal && this.copyAt === NEVER) this.copyAt = now + SAMPLE_COPY_MS;
		return true;
	}

	/** The samples before that number have arrived at a server. */
	drop(end: number): void {
		if (end > this.first) this.#leave(Math.min(end, this.#ring.end), this.first < (this.#journal?.copied ?? 0));
	}

	/** Copies to the storage what is in RAM only. */
	copy(): void {
		this.copyAt = NEVER;
		const isDone = this.#keep((journal) => journal.copy(this.#ring, this.#owner.calendarOffset()));
		if (!isDone) this.copyAt = this.#owner.now() + SAMPLE_COPY_MS;
	}

	/** Forgets everything that is stored of it. */
	clear(): void {
		const empty = new Ring(this.type, this.#ring.capacity);
		this.#keep((journal) => journal.clear(empty));
	}

	count(): number {
		return Math.min(this.length, this.#owner.newest, this.#owner.limit);
	}

	/** The number of the sample at an index of those that are to be told. */
	numberOf(index: number): number {
		return this.#ring.end - Math.min(this.length, this.#owner.newest) + index;
	}

	read(index: number): boolean {
		const number = this.numberOf(index);
		const ring = this.#ring;
		const journal = this.#journal;
		let stamp = 0;
		if (number >= ring.first) {
			stamp = ring.stampOf(number);
			this.value = ring.valueOf(number);
		} else if (journal?.seek(number)) {
			({ stamp, value: this.value } = journal);
		} else return false;
		const calendar = calendarOf(stamp);
		this.time = calendar === calendar ? calendar : this.#owner.timeOf(stamp);
		return true;
	}

	#leave(first: number, isMarked: boolean): void {
		this.first = first;
		this.#ring.drop(first);
		if (this.#ring.length === 0) this.copyAt = NEVER;
		this.#keep((journal) => journal.release(first, isMarked));
	}

	#seal(): boolean {
		this.copyAt = NEVER;
		return this.#keep((journal) => journal.seal(this.#ring, this.#owner.calendarOffset()));
	}

	/** @returns false where the storage does not do it: a line in the log, the first time */
	#keep(run: (journal: Journal) => void): boolean {
		const journal = this.#journal;
		if (!journal) return true;
		try {
			run(journal);
			this.#isFailing = false;
			return true;
		} catch (error) {
			const { object, instance, resource } = this;
			const reason = error instanceof Error ? error.message : error;
			if (!this.#isFailing)
				this.#owner.log.error(`Storage: samples of ${object}/${instance}/${resource} are not saved: ${reason}`);
			this.#isFailing = true;
			return false;
		}
	}
}
