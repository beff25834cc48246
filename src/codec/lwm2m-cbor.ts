// application/vnd.oma.lwm2m+cbor (11544): maps within maps, by id. OMA-TS-LightweightM2M_Core-V1_2 7.4.4.
//
//   A1 83 19 0CE7 00 19 1644  F9 4D60         {[3303, 0, 5700]: 21.5}
//   A1 82 03 00  A2 09 18 64  0A 0F           {[3, 0]: {9: 100, 10: 15}}
//
// A key is an id, or an array of ids that leads through several levels at once; the first map begins at the root.
// The shortest form in one pass: a record gets a key for all the levels that it has below the maps that are open; when
// the next one turns out to share some of them, the key is split there, and what follows it moves up.
// Maps nest no deeper than a path has ids. The scratch is made at the first use and kept; else only values are.
import { copy } from "../bytes.js";
import { instance, object, resource, resourceInstance, next as step } from "../lwm2m/cursor.js";
import type { ResourceType } from "../lwm2m/definition.js";
import type { Value } from "../lwm2m/path.js";
import { argument, BREAK, DEPTH, major, NULL, readHead, readValue, setItems, skipItem } from "./cbor-reader.js";
import { ARRAY, MAP, writeHead, writeTagged } from "./cbor-writer.js";
import { type Codec, END, LWM2M_CBOR, MALFORMED, RECORD } from "./codec.js";
import { isBelowRequest, sharedIds } from "./names.js";
import { setPath, setTime } from "./record.js";

/** The deepest path. */
const LEVELS = 4;

interface Scratch {
	/** The path of the last record. */
	readonly path: Int32Array;
	/** Writing: by how many ids lead to a map, where its head is; -1 where none is open. */
	readonly heads: Int32Array;
	/** Its entries: while writing how many there are, while reading how many are left (-1: an indefinite length). */
	readonly counts: Int32Array;
	/** Writing: where the key of its last entry begins. */
	readonly keys: Int32Array;
	/** Writing: how many ids lead through that key. Reading, by nesting: how many ids lead to the map. */
	readonly depths: Int32Array;
}

let scratch: Scratch | undefined;
let from: Uint8Array;
let end = 0;
let at = 0;
let nesting = 0;
let status = END;
let valueAt = -1;

export const lwm2mCbor: Codec = Object.freeze({
	format: LWM2M_CBOR,
	isSingle: false,
	encode,
	open,
	next,
	value,
	hasValue,
});

function prepare(): Scratch {
	if (!scratch) {
		scratch = {
			path: new Int32Array(LEVELS),
			heads: new Int32Array(LEVELS),
			counts: new Int32Array(LEVELS),
			keys: new Int32Array(LEVELS),
			depths: new Int32Array(LEVELS),
		};
	}
	return scratch;
}

function encode(into: Uint8Array, start: number): number {
	const { path, heads, counts, keys, depths } = prepare();
	let at = start + 1;
	into[start] = MAP;
	heads.fill(-1);
	heads[0] = start;
	counts[0] = 0;
	path.fill(-1);
	while (step()) {
		const map = sharedIds(path[0]!, path[1]!, path[2]!);
		for (let deeper = map + 1; deeper < LEVELS; ++deeper) heads[deeper] = -1;
		if (heads[map]! < 0) at = split(into, at, map);
		const count = counts[map]! + 1;
		const head = heads[map]!;
		if (count === 24 || count === 0x100) {
			if (at < into.length) copy(into, head + (count === 24 ? 2 : 3), into, head + (count === 24 ? 1 : 2), at);
			++at;
		}
		counts[map] = count;
		writeHead(into, head, MAP, count);
		path[0] = object;
		path[1] = instance;
		path[2] = resource;
		path[3] = resourceInstance;
		const depth = resourceInstance < 0 ? 3 : 4;
		keys[map] = at;
		depths[map] = depth;
		at = writeTagged(into, writeKey(into, at, map, depth));
	}
	return at;
}

/** Splits the key of the last entry of the deepest map that is open, so that a map opens below the first `map` ids. */
function split(into: Uint8Array, at: number, map: number): number {
	const { heads, counts, keys, depths } = prepare();
	let above = map - 1;
	while (heads[above]! < 0) --above;
	const start = keys[above]!;
	const depth = depths[above]!;
	const oldLength = keyLength(above, depth);
	const more = keyLength(above, map) + 1 + keyLength(map, depth) - oldLength;
	if (at + more <= into.length) copy(into, start + oldLength + more, into, start + oldLength, at);
	const head = writeKey(into, start, above, map);
	into[head] = MAP | 1;
	writeKey(into, head + 1, map, depth);
	depths[above] = map;
	heads[map] = head;
	counts[map] = 1;
	keys[map] = head + 1;
	depths[map] = depth;
	return at + more;
}

/** Writes the ids `[first, last)` of the last record's path as a key. */
function writeKey(into: Uint8Array, at: number, first: number, last: number): number {
	const { path } = prepare();
	if (last - first > 1) {
		into[at] = ARRAY | (last - first);
		++at;
	}
	for (let i = first; i < last; ++i) at = writeHead(into, at, 0, path[i]!);
	return at;
}

function keyLength(first: number, last: number): number {
	const { path } = prepare();
	let length = last - first > 1 ? 1 : 0;
	for (let i = first; i < last; ++i) length += path[i]! < 24 ? 1 : path[i]! < 0x100 ? 2 : 3;
	return length;
}

function open(of: Uint8Array, start: number, last: number): void {
	from = of;
	end = last;
	valueAt = -1;
	nesting = -1;
	setTime(Number.NaN);
	setItems(of, last);
	at = start;
	status = enter(0) ? RECORD : MALFORMED;
}

/** Reads the head of a map to which `depth` ids lead. @returns false where there is none */
function enter(depth: number): boolean {
	const { counts, depths } = prepare();
	at = readHead(at);
	// an entry takes two bytes or more
	if (at < 0 || major !== 5 || argument > end - at) return false;
	++nesting;
	counts[nesting] = Number(argument);
	depths[nesting] = depth;
	return true;
}

function next(): number {
	if (status !== RECORD) return status;
	valueAt = -1;
	status = readRecord();
	if (status === RECORD && !isBelowRequest()) status = MALFORMED;
	if (status !== RECORD) valueAt = -1;
	return status;
}

function hasValue(): boolean {
	return valueAt >= 0;
}

function value(type: ResourceType): Value | undefined {
	return valueAt >= 0 ? readValue(valueAt, type) : undefined;
}

function readRecord(): number {
	const { counts, depths } = prepare();
	for (;;) {
		if (isEnd()) {
			--nesting;
			if (nesting < 0) return at === end ? END : MALFORMED;
			continue;
		}
		if (counts[nesting]! > 0) --counts[nesting]!;
		const depth = readKey(depths[nesting]!);
		if (depth < 0 || at >= end) return MALFORMED;
		const kind = from[at]! >> 5;
		if (kind === 5) {
			if (depth === LEVELS || !enter(depth)) return MALFORMED;
			if (!isEnd()) continue;
			// nothing in it: a multiple resource, or an instance, that is empty
			--nesting;
			return take(depth);
		}
		if (from[at] === NULL) {
			++at;
			return take(depth);
		}
		valueAt = at;
		at = skipItem(at, DEPTH);
		return at < 0 || kind === 4 || depth < 3 ? MALFORMED : take(depth);
	}
}

/** True at the end of the map that is being read, which it then leaves behind. */
function isEnd(): boolean {
	const { counts } = prepare();
	if (counts[nesting] === -1 && at < end && from[at] === BREAK) {
		++at;
		counts[nesting] = 0;
	}
	return counts[nesting] === 0;
}

/** Reads a key. @returns how many ids lead to its value; -1 where it is malformed or leads too deep */
function readKey(depth: number): number {
	at = readHead(at);
	if (at < 0) return -1;
	const kind = major;
	if (kind === 0) return readId(depth) ? depth + 1 : -1;
	if (kind !== 4) return -1;
	let count = argument;
	let last = depth;
	for (; count !== 0; --count) {
		if (count < 0 && at < end && from[at] === BREAK) {
			++at;
			break;
		}
		at = readHead(at);
		if (at < 0 || major !== 0 || !readId(last)) return -1;
		++last;
	}
	return last === depth ? -1 : last;
}

/** Takes the id that has been read as the one at a depth. */
function readId(depth: number): boolean {
	if (depth >= LEVELS || argument >= 65535) return false;
	prepare().path[depth] = Number(argument);
	return true;
}

function take(depth: number): number {
	const { path } = prepare();
	setPath(path[0]!, depth > 1 ? path[1]! : -1, depth > 2 ? path[2]! : -1, depth > 3 ? path[3]! : -1);
	return RECORD;
}
