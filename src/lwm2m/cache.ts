// Time series: the last values of a resource with their times, in rings of fixed size. A Read, a Notify and a Send in a
// format that carries times deliver all of them; they leave the ring once the server has acknowledged a Notify or a Send.
// RAM: 16 B a sample, allocated when the cache of a resource is enabled, and 20 slots a resource.
import { parsePath, readText, textBytes, writeText } from "../bytes.js";
import { CACHE_SAMPLES, CACHES } from "../config.js";
import { BOOLEAN, FLOAT, isNumeric, OBJLNK, type ResourceType, STRING, UNSIGNED } from "./definition.js";
import type { Model } from "./model.js";
import type { Samples, Value } from "./path.js";

/** A sample: its time as float64, then 8 bytes of value. Times are those of the clock that never goes back. */
const SAMPLE_BYTES = 16;
/** The longest text that fits beside its length. */
const SHORT_TEXT_BYTES = 7;

export interface CacheOptions {
	/** What happens to a sample that finds the ring full: it is dropped, or the oldest is. Default: the oldest. */
	isLatestDropped?: boolean;
	/** Which values are kept. Default: all. */
	filter?(value: Value): boolean;
}

/** Samples that a message has carried: they leave their ring when it has arrived. */
export interface Told {
	readonly ring: Ring;
	/** The number of the first sample that it has not carried, counted from the first ever. */
	readonly end: number;
}

export class Ring implements Samples {
	readonly object: number;
	readonly instance: number;
	readonly resource: number;
	readonly resourceInstance: number;
	readonly type: ResourceType;
	/** How many samples there can be, and how many there are. */
	readonly capacity: number;
	length = 0;
	/** How many have left: the number of the oldest. */
	first = 0;
	#cache: Cache;
	#options: CacheOptions;
	#bytes: Uint8Array;
	#view: DataView;

	constructor(cache: Cache, ids: readonly number[], type: ResourceType, capacity: number, options: CacheOptions) {
		this.#cache = cache;
		this.object = ids[0]!;
		this.instance = ids[1]!;
		this.resource = ids[2]!;
		this.resourceInstance = ids[3] ?? -1;
		this.type = type;
		this.#options = options;
		this.capacity = capacity;
		this.#bytes = new Uint8Array(capacity * SAMPLE_BYTES);
		this.#view = new DataView(this.#bytes.buffer);
	}

	/** Adds a sample. @returns false where the filter, its size or a full ring keeps it out */
	add(seconds: number, value: Value): boolean {
		const { filter, isLatestDropped } = this.#options;
		if (typeof value === "string" && textBytes(value) > SHORT_TEXT_BYTES) return false;
		if (filter && !filter(value)) return false;
		if (this.length === this.capacity) {
			if (isLatestDropped) return false;
			this.drop(this.first + 1);
		}
		const at = ((this.first + this.length) % this.capacity) * SAMPLE_BYTES;
		this.#view.setFloat64(at, seconds);
		this.#put(at + 8, value);
		this.length++;
		return true;
	}

	/** Drops the samples before that number. */
	drop(end: number): void {
		const count = Math.min(this.length, Math.max(0, end - this.first));
		this.first += count;
		this.length -= count;
	}

	count(): number {
		return Math.min(this.length, this.#cache.limit);
	}

	timeOf(index: number): number {
		return this.#cache.timeOf(this.#view.getFloat64(this.#at(index)));
	}

	valueOf(index: number): Value {
		const at = this.#at(index) + 8;
		const { type } = this;
		if (type === FLOAT) return this.#view.getFloat64(at);
		if (type === BOOLEAN) return this.#bytes[at] === 1;
		if (type === STRING) return readText(this.#bytes, at + 1, at + 1 + this.#bytes[at]!) ?? ""; // it was written as text
		const long = type === UNSIGNED ? this.#view.getBigUint64(at) : this.#view.getBigInt64(at);
		const short = Number(long);
		return Number.isSafeInteger(short) ? short : long;
	}

	#put(at: number, value: Value): void {
		if (typeof value === "boolean") this.#bytes[at] = value ? 1 : 0;
		else if (typeof value === "string") this.#bytes[at] = writeText(this.#bytes, at + 1, value) - at - 1;
		else if (this.type === FLOAT) this.#view.setFloat64(at, Number(value));
		else if (this.type === UNSIGNED)
			this.#view.setBigUint64(at, BigInt(value as number | bigint)); // a numeric type
		else this.#view.setBigInt64(at, BigInt(value as number | bigint)); // as above
	}

	#at(index: number): number {
		return ((this.first + index) % this.capacity) * SAMPLE_BYTES;
	}
}

export class Cache {
	/** How many samples of each ring the next message may carry. */
	limit = Number.POSITIVE_INFINITY;
	#model: Model;
	#now: () => number;
	/** Seconds since 1970, NaN while the clock is not set. */
	#wallClock: () => number;
	#rings: Ring[] = [];
	/** The rings that an encoder has asked for since `begin`. */
	#asked: Ring[] = [];

	constructor(model: Model, now: () => number, wallClock: () => number) {
		this.#model = model;
		this.#now = now;
		this.#wallClock = wallClock;
	}

	/** True where the resource, or the instance of a multiple resource, has a cache. */
	has(path: string): boolean {
		const ids = this.#parse(path);
		return this.find(ids[0]!, ids[1]!, ids[2]!, ids[3] ?? -1) !== undefined;
	}

	/**
	 * Keeps the last values of a resource, or of one instance of a multiple resource, from now on.
	 * @param samples how many, 16 bytes each
	 * @throws RangeError where there is no such resource, its type is opaque or links, it has a cache already, or
	 * CACHES or CACHE_SAMPLES are reached
	 */
	enable(path: string, samples: number, options: CacheOptions = {}): void {
		const ids = this.#parse(path);
		const definition = this.#model.objects[ids[0]!]?.definition.resources[ids[2]!];
		if (!definition || (ids.length === 4) !== (definition.multiple !== undefined))
			throw new RangeError(`cache ${path}: there is no such resource`);
		const { type } = definition;
		if (!isNumeric(type) && type !== BOOLEAN && type !== STRING && type !== OBJLNK)
			throw new RangeError(`cache ${path}: values of this type have no fixed size`);
		if (!(Number.isInteger(samples) && samples > 0)) throw new RangeError(`cache ${path}: 1 sample or more`);
		if (this.has(path)) throw new RangeError(`cache ${path}: enabled already`);
		if (this.#rings.length >= CACHES) throw new RangeError(`cache ${path}: ${CACHES} resources have one already`);
		const left = this.#rings.reduce((rest, ring) => rest - ring.capacity, CACHE_SAMPLES);
		if (samples > left) throw new RangeError(`cache ${path}: there is memory for ${left} samples`);
		this.#rings.push(new Ring(this, ids, type, samples, options));
	}

	/** The ring of a resource. */
	ring(path: string): Ring | undefined {
		const ids = this.#parse(path);
		return this.find(ids[0]!, ids[1]!, ids[2]!, ids[3] ?? -1);
	}

	/** A value has been set. */
	changed(object: number, instance: number, resource: number, resourceInstance: number): void {
		if (this.#rings.length === 0) return;
		const ring = this.find(object, instance, resource, resourceInstance);
		if (!ring) return;
		const value = this.#model.stored(object, instance, resource, resourceInstance);
		if (value !== undefined) ring.add(this.#now() / 1000, value);
	}

	/** True where one that has samples is at or below a path. */
	covers(object: number, instance: number, resource: number, resourceInstance: number): boolean {
		const rings = this.#rings;
		for (let i = 0, n = rings.length; i < n; ++i) {
			const ring = rings[i]!;
			if (
				ring.length > 0 &&
				(object < 0 || ring.object === object) &&
				(instance < 0 || ring.instance === instance) &&
				(resource < 0 || ring.resource === resource) &&
				(resourceInstance < 0 || ring.resourceInstance === resourceInstance)
			)
				return true;
		}
		return false;
	}

	/** An encoding begins, of at most `limit` samples of each ring: `samples` is to be given to the cursor. */
	begin(limit: number): void {
		this.limit = limit;
		this.#asked.length = 0;
	}

	/** What has been encoded since. */
	told(): Told[] {
		return this.#asked.map((ring) => ({ ring, end: ring.first + ring.count() }));
	}

	/** The most samples of one ring that have been encoded. */
	get mostTold(): number {
		return this.#asked.reduce((most, ring) => Math.max(most, ring.count()), 0);
	}

	/** For the cursor. */
	readonly samples = (
		object: number,
		instance: number,
		resource: number,
		resourceInstance: number,
	): Samples | undefined => {
		const ring = this.find(object, instance, resource, resourceInstance);
		if (ring && !this.#asked.includes(ring)) this.#asked.push(ring);
		return ring;
	};

	/** The time of a sample as a message gives it: to the millisecond; negative, relative to now, while the clock is not set. */
	timeOf(seconds: number): number {
		const age = seconds - this.#now() / 1000;
		const wall = this.#wallClock();
		return Math.round((wall === wall ? wall + age : age) * 1000) / 1000;
	}

	find(object: number, instance: number, resource: number, resourceInstance: number): Ring | undefined {
		const rings = this.#rings;
		for (let i = 0, n = rings.length; i < n; ++i) {
			const ring = rings[i]!;
			if (
				ring.resource === resource &&
				ring.object === object &&
				ring.instance === instance &&
				ring.resourceInstance === resourceInstance
			)
				return ring;
		}
		return undefined;
	}

	#parse(path: string): number[] {
		const ids = new Uint16Array(4);
		const depth = parsePath(path, ids);
		if (depth < 3) throw new RangeError(`cache ${path}: not the path of a resource`);
		return Array.from(ids).slice(0, depth);
	}
}

/** What a message has carried has arrived. */
export function release(told: readonly Told[]): void {
	for (const { ring, end } of told) ring.drop(end);
}
