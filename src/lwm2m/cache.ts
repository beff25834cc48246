// Time series: the last values of resources with their times. A Read, a Notify and a Send in a format that carries times
// deliver all of them; they leave once the server has acknowledged a Notify or a Send. With storage they survive restarts.
// RAM: CACHE_SAMPLES of 16 B, allocated when the cache of a resource is enabled; series.ts says what else.
import { parsePath, readUnsigned, writeBig } from "../bytes.js";
import { CACHE_SAMPLES, CACHES, RING_SAMPLES, STORED_SAMPLES } from "../config.js";
import type { Log } from "../log.js";
import type { KeyValue } from "../platform.js";
import { BOOLEAN, isNumeric, OBJLNK, type ObjectDefinition, type ResourceType, STRING } from "./definition.js";
import type { Model } from "./model.js";
import type { AnyOf, Path, SampledPath, Samples } from "./path.js";
import { type CacheOptions, Series, type SeriesOwner } from "./series.js";

/** What is stored of a series beside its samples: `c<id>`, | type | drops the latest | capacity (4) | ids (2 each) |. */
const HEAD_BYTES = 14;
const NO_INSTANCE = 0xffff;
/** A record of SenML CBOR with a value of one byte and no time. */
const LEAST_SAMPLE_BYTES = 3;

/** Samples that a message has carried: they leave their series when it has arrived. */
export interface Told {
	readonly series: Series;
	/** The number of the first sample that it has not carried, counted from the first ever. */
	readonly end: number;
}

export interface CacheParts {
	model: Model;
	log: Log;
	/** ms, of the clock that never goes back. */
	now(): number;
	/** Seconds since 1970, NaN while the clock is not set. */
	calendar(): number;
	/** Something has to be done later: `step` says when. */
	wake(): void;
	storage: KeyValue | undefined;
}

export class Cache<O extends readonly ObjectDefinition[] = readonly ObjectDefinition[]> implements SeriesOwner {
	/** How many samples of each series the next message may carry: of the newest so many, and of these so many. */
	newest = Number.POSITIVE_INFINITY;
	limit = Number.POSITIVE_INFINITY;
	readonly log: Log;
	readonly now: () => number;
	#parts: CacheParts;
	#list: Series[] = [];
	/** The series that an encoder has asked for since `begin`. */
	#asked: Series[] = [];
	/** How many samples the last full message has carried. */
	#fitted = 64;
	/** The clocks at the last `begin`: what a message is measured with must be what it is written with. */
	#nowSeconds = 0;
	#offset = Number.NaN;

	constructor(parts: CacheParts) {
		this.#parts = parts;
		this.log = parts.log;
		this.now = parts.now;
	}

	/** True where the resource, or the instance of a multiple resource, has a cache. */
	has<P extends AnyOf<SampledPath<O>>>(path: Path<O, SampledPath<O>, P>): boolean {
		return this.series(path) !== undefined;
	}

	/** The time series of a resource. */
	series<P extends AnyOf<SampledPath<O>>>(path: Path<O, SampledPath<O>, P>): Series | undefined {
		const ids = parse(path);
		return this.find(ids[0]!, ids[1]!, ids[2]!, ids[3] ?? -1);
	}

	/**
	 * Keeps the last values of a resource, or of one instance of a multiple resource, from now on; where the device has
	 * storage, with those that it has kept of it.
	 * @param samples how many: 16 bytes of RAM each, and with storage RING_SAMPLES of these
	 * @throws RangeError where there is no such resource, its type is opaque or links, it has a cache already, or
	 * CACHES, CACHE_SAMPLES or STORED_SAMPLES are reached
	 */
	enable<P extends AnyOf<SampledPath<O>>>(
		path: Path<O, SampledPath<O>, P>,
		samples: number,
		options: CacheOptions = {},
	): void {
		const ids = parse(path);
		const type = this.#typeOf(ids);
		if (type === undefined) throw new RangeError(`cache ${path}: there is no such resource`);
		if (!isKept(type)) throw new RangeError(`cache ${path}: values of this type have no fixed size`);
		if (!(Number.isInteger(samples) && samples > 0)) throw new RangeError(`cache ${path}: 1 sample or more`);
		const found = this.series(path);
		if (found && !found.isFound) throw new RangeError(`cache ${path}: enabled already`);
		const isStored = this.#parts.storage !== undefined && options.isStored !== false;
		const { ram, stored } = this.#room(found);
		if (!found && this.#list.length >= CACHES)
			throw new RangeError(`cache ${path}: ${CACHES} resources have one already`);
		if (isStored && samples > stored) throw new RangeError(`cache ${path}: there is storage for ${stored} samples`);
		if ((isStored ? RING_SAMPLES : samples) > ram)
			throw new RangeError(`cache ${path}: there is memory for ${ram} samples`);
		if (found) this.#remove(found, !isStored);
		this.#list.push(isStored ? this.#open(ids, type, samples, options) : new Series(this, ids, type, samples, options));
	}

	/** Keeps no values of the resource any more, and forgets those that it has. */
	disable<P extends AnyOf<SampledPath<O>>>(path: Path<O, SampledPath<O>, P>): void {
		const series = this.series(path);
		if (series) this.#remove(series, true);
	}

	/** Takes up the series that are stored and that nobody has enabled yet: an operator has, before a restart. */
	takeUp(): void {
		for (let id = 0; id < CACHES; id++) {
			if (this.#list.some((one) => one.id === id)) continue;
			const head = this.#head(id);
			if (!head) continue;
			const ids = idsOf(head);
			const capacity = Number(readUnsigned(head, 2, 4));
			const type = this.#typeOf(ids);
			const { ram, stored } = this.#room(undefined);
			const isWanted = type === head[0] && this.#list.length < CACHES && ram >= RING_SAMPLES && stored >= capacity;
			if (!isWanted || this.find(ids[0]!, ids[1]!, ids[2]!, ids[3] ?? -1)) continue;
			const series = this.#open(ids, type!, capacity, { isLatestDropped: head[1] === 1 });
			series.isFound = true;
			this.#list.push(series);
		}
	}

	/** Copies to the storage what is due. @returns when it wants to be called again, ms */
	step(now: number): number {
		let next = Number.POSITIVE_INFINITY;
		for (let i = 0, n = this.#list.length; i < n; ++i) {
			const series = this.#list[i]!;
			if (series.copyAt <= now) series.copy();
			if (series.copyAt < next) next = series.copyAt;
		}
		return next;
	}

	/** Copies to the storage everything that is in RAM only: before an end that is foreseen. */
	flush(): void {
		for (const series of this.#list) series.copy();
	}

	/** A value has been set. */
	changed(object: number, instance: number, resource: number, resourceInstance: number): void {
		if (this.#list.length === 0) return;
		const series = this.find(object, instance, resource, resourceInstance);
		if (!series) return;
		const value = this.#parts.model.stored(object, instance, resource, resourceInstance);
		if (value === undefined) return;
		const { copyAt } = series;
		series.add(value);
		if (series.copyAt < copyAt) this.#parts.wake();
	}

	/** True where one that has samples is at or below a path. */
	covers(object: number, instance: number, resource: number, resourceInstance: number): boolean {
		const list = this.#list;
		for (let i = 0, n = list.length; i < n; ++i) {
			const series = list[i]!;
			if (
				series.length > 0 &&
				(object < 0 || series.object === object) &&
				(instance < 0 || series.instance === instance) &&
				(resource < 0 || series.resource === resource) &&
				(resourceInstance < 0 || series.resourceInstance === resourceInstance)
			)
				return true;
		}
		return false;
	}

	/** The same of several paths, four ids each. */
	coversAny(paths: readonly number[]): boolean {
		for (let i = 0; i < paths.length; i += 4)
			if (this.covers(paths[i]!, paths[i + 1]!, paths[i + 2]!, paths[i + 3]!)) return true;
		return false;
	}

	/** An encoding begins, of all samples or of the newest of each series: `samples` is to be given to the cursor. */
	begin(newest = Number.POSITIVE_INFINITY): void {
		this.limit = Number.POSITIVE_INFINITY;
		this.newest = newest;
		this.#asked.length = 0;
		this.#nowSeconds = this.now() / 1000;
		this.#offset = this.calendarOffset();
	}

	/** What has been encoded since. */
	told(): Told[] {
		return this.#asked.map((series) => ({ series, end: series.numberOf(series.count()) }));
	}

	/**
	 * Encodes as many samples of each series as fit, at least one.
	 * @param encode does it, from the start; @returns the size that it has had in the end, beyond `room` where one is too large
	 */
	fill(room: number, encode: () => number): number {
		let [fits, exceeds] = [0, Number.POSITIVE_INFINITY];
		let limit = this.#fitted;
		for (;;) {
			this.limit = limit;
			this.#asked.length = 0;
			const size = encode();
			const most = this.#asked.reduce((count, series) => Math.max(count, series.count()), 0);
			const isFit = size <= room;
			if (isFit ? most < limit || limit + 1 >= exceeds || room - size < LEAST_SAMPLE_BYTES : most <= 1) {
				if (isFit && most === limit) this.#fitted = limit;
				return size;
			}
			if (isFit) fits = limit;
			else exceeds = most;
			// what is there beside the samples makes this fall short, never go beyond
			const guess = most + Math.floor(((room - size) * most) / size);
			limit = fits + 1 >= exceeds ? fits : Math.max(fits + 1, Math.min(guess, exceeds - 1));
		}
	}

	/** For the cursor. */
	readonly samples = (
		object: number,
		instance: number,
		resource: number,
		resourceInstance: number,
	): Samples | undefined => {
		const series = this.find(object, instance, resource, resourceInstance);
		if (series && !this.#asked.includes(series)) this.#asked.push(series);
		return series;
	};

	/** The time of a sample as a message gives it: to the millisecond; negative, relative to now, while the clock is not set. */
	timeOf(seconds: number): number {
		const offset = this.#offset;
		return Math.round((offset === offset ? seconds + offset : seconds - this.#nowSeconds) * 1000) / 1000;
	}

	readonly calendarOffset = (): number => this.#parts.calendar() - this.now() / 1000;

	find(object: number, instance: number, resource: number, resourceInstance: number): Series | undefined {
		const list = this.#list;
		for (let i = 0, n = list.length; i < n; ++i) {
			const series = list[i]!;
			if (
				series.resource === resource &&
				series.object === object &&
				series.instance === instance &&
				series.resourceInstance === resourceInstance
			)
				return series;
		}
		return undefined;
	}

	/** Makes a stored series: what is stored under its path, or one under an id that is free. */
	#open(ids: readonly number[], type: ResourceType, capacity: number, options: CacheOptions): Series {
		const storage = this.#parts.storage!; // asked before
		const head = new Uint8Array(HEAD_BYTES);
		head[0] = type;
		head[1] = options.isLatestDropped ? 1 : 0;
		writeBig(head, 2, capacity, 4);
		for (let i = 0; i < 4; i++) writeBig(head, 6 + 2 * i, ids[i] ?? NO_INSTANCE, 2);
		let [id, free] = [-1, -1];
		for (let n = CACHES - 1; n >= 0; n--) {
			const one = this.#head(n);
			if (one ? one[0] === type && `${idsOf(one)}` === `${ids}` : false) id = n;
			else if ((!one || free < 0) && !this.#list.some((series) => series.id === n)) free = n;
		}
		const series = new Series(this, ids, type, capacity, options, storage, id < 0 ? free : id);
		if (id < 0) series.clear();
		this.#write(series.id, head);
		series.load();
		return series;
	}

	/** Removes a series from RAM. @param isForever also from the storage, its head first: without that nobody takes it up */
	#remove(series: Series, isForever: boolean): void {
		this.#list = this.#list.filter((one) => one !== series);
		this.#asked.length = 0;
		if (!isForever) series.copy();
		else if (series.id >= 0) {
			this.#parts.storage!.delete(`c${series.id}`);
			series.clear();
		}
	}

	#head(id: number): Uint8Array | undefined {
		const entry = this.#parts.storage?.read(`c${id}`);
		return entry && entry.byteLength === HEAD_BYTES ? new Uint8Array(entry) : undefined;
	}

	#write(id: number, head: Uint8Array): void {
		const old = this.#head(id);
		if (old?.every((byte, index) => byte === head[index])) return;
		try {
			this.#parts.storage!.write(`c${id}`, head.buffer as ArrayBuffer); // made by `#open`
		} catch (error) {
			this.log.error(`Storage: c${id} is not saved: ${error instanceof Error ? error.message : error}`);
		}
	}

	/** How many samples there is RAM and storage for, not counting a series that is to be replaced. */
	#room(replaced: Series | undefined): { ram: number; stored: number } {
		let [ram, stored] = [CACHE_SAMPLES, STORED_SAMPLES];
		for (const one of this.#list) {
			if (one === replaced) continue;
			ram -= one.ringCapacity;
			if (one.id >= 0) stored -= one.capacity;
		}
		return { ram, stored };
	}

	/** The type of a resource; undefined where there is none, or the path has too many ids for it or too few. */
	#typeOf(ids: readonly number[]): ResourceType | undefined {
		const definition = this.#parts.model.objects[ids[0]!]?.definition.resources[ids[2]!];
		return definition && (ids.length === 4) === (definition.multiple !== undefined) ? definition.type : undefined;
	}
}

/** What a message has carried has arrived. */
export function release(told: readonly Told[]): void {
	for (const { series, end } of told) series.drop(end);
}

function isKept(type: ResourceType): boolean {
	return isNumeric(type) || type === BOOLEAN || type === STRING || type === OBJLNK;
}

function idsOf(head: Uint8Array): number[] {
	const ids = [6, 8, 10, 12].map((at) => Number(readUnsigned(head, at, 2)));
	return ids[3] === NO_INSTANCE ? ids.slice(0, 3) : ids;
}

function parse(path: string): number[] {
	const ids = new Uint16Array(4);
	const depth = parsePath(path, ids);
	if (depth < 3) throw new RangeError(`cache ${path}: not the path of a resource`);
	return Array.from(ids).slice(0, depth);
}
