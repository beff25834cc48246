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
import { next as step } from "../lwm2m/cursor.js";
import type { Cursor } from "../lwm2m/cursor-state.js";
import type { Decoded, Levels } from "../lwm2m/decoded.js";
import type { ResourceType } from "../lwm2m/definition.js";
import type { Value } from "../lwm2m/path.js";
import { BREAK, DEPTH, NULL, readHead, readValue, setItems, skipItem } from "./cbor-reader.js";
import { ARRAY, MAP, writeHead, writeTagged } from "./cbor-writer.js";
import { type Codec, END, LWM2M_CBOR, MALFORMED, RECORD } from "./codec.js";
import { isBelowRequest, sharedIds } from "./names.js";
import { setPath, setTime } from "./record.js";

/** The deepest path. */
const LEVELS = 4;

export const lwm2mCbor: Codec = Object.freeze({
	format: LWM2M_CBOR,
	isSingle: false,
	encode,
	open,
	next,
	value,
	hasValue,
});

function newLevels(): Levels {
	return {
		path: new Int32Array(LEVELS),
		heads: new Int32Array(LEVELS),
		counts: new Int32Array(LEVELS),
		keys: new Int32Array(LEVELS),
		depths: new Int32Array(LEVELS),
	};
}

function encode(cursor: Cursor, into: Uint8Array, start: number): number {
	cursor.levels ??= newLevels();
	const levels = cursor.levels;
	const { path, heads, counts, keys, depths } = levels;
	let at = start + 1;
	into[start] = MAP;
	heads.fill(-1);
	heads[0] = start;
	counts[0] = 0;
	path.fill(-1);
	while (step(cursor)) {
		const map = sharedIds(cursor, path[0]!, path[1]!, path[2]!);
		for (let deeper = map + 1; deeper < LEVELS; ++deeper) heads[deeper] = -1;
		if (heads[map]! < 0) at = split(levels, into, at, map);
		const count = counts[map]! + 1;
		const head = heads[map]!;
		if (count === 24 || count === 0x100) {
			if (at < into.length) copy(into, head + (count === 24 ? 2 : 3), into, head + (count === 24 ? 1 : 2), at);
			++at;
		}
		counts[map] = count;
		writeHead(into, head, MAP, count);
		path[0] = cursor.object;
		path[1] = cursor.instance;
		path[2] = cursor.resource;
		path[3] = cursor.resourceInstance;
		const depth = cursor.resourceInstance < 0 ? 3 : 4;
		keys[map] = at;
		depths[map] = depth;
		at = writeTagged(cursor, into, writeKey(path, into, at, map, depth));
	}
	return at;
}

/** Splits the key of the last entry of the deepest map that is open, so that a map opens below the first `map` ids. */
function split(levels: Levels, into: Uint8Array, at: number, map: number): number {
	const { path, heads, counts, keys, depths } = levels;
	let above = map - 1;
	while (heads[above]! < 0) --above;
	const start = keys[above]!;
	const depth = depths[above]!;
	const oldLength = keyLength(path, above, depth);
	const more = keyLength(path, above, map) + 1 + keyLength(path, map, depth) - oldLength;
	if (at + more <= into.length) copy(into, start + oldLength + more, into, start + oldLength, at);
	const head = writeKey(path, into, start, above, map);
	into[head] = MAP | 1;
	writeKey(path, into, head + 1, map, depth);
	depths[above] = map;
	heads[map] = head;
	counts[map] = 1;
	keys[map] = head + 1;
	depths[map] = depth;
	return at + more;
}

/** Writes the ids `[first, last)` of the last record's path as a key. */
function writeKey(path: Int32Array, into: Uint8Array, at: number, first: number, last: number): number {
	if (last - first > 1) {
		into[at] = ARRAY | (last - first);
		++at;
	}
	for (let i = first; i < last; ++i) at = writeHead(into, at, 0, path[i]!);
	return at;
}

function keyLength(path: Int32Array, first: number, last: number): number {
	let length = last - first > 1 ? 1 : 0;
	for (let i = first; i < last; ++i) length += path[i]! < 24 ? 1 : path[i]! < 0x100 ? 2 : 3;
	return length;
}

function open(record: Decoded, of: Uint8Array, start: number, last: number): void {
	record.from = of;
	record.end = last;
	record.levels ??= newLevels();
	record.valueAt = -1;
	record.nesting = -1;
	setTime(record, Number.NaN);
	setItems(record, of, last);
	record.at = start;
	record.status = enter(record, 0) ? RECORD : MALFORMED;
}

/** Reads the head of a map to which `depth` ids lead. @returns false where there is none */
function enter(record: Decoded, depth: number): boolean {
	const { counts, depths } = record.levels!;
	record.at = readHead(record, record.at);
	// an entry takes two bytes or more
	if (record.at < 0 || record.major !== 5 || record.argument > record.end - record.at) return false;
	++record.nesting;
	counts[record.nesting] = Number(record.argument);
	depths[record.nesting] = depth;
	return true;
}

function next(record: Decoded): number {
	if (record.status !== RECORD) return record.status;
	record.valueAt = -1;
	record.status = readRecord(record);
	if (record.status === RECORD && !isBelowRequest(record)) record.status = MALFORMED;
	if (record.status !== RECORD) record.valueAt = -1;
	return record.status;
}

function hasValue(record: Decoded): boolean {
	return record.valueAt >= 0;
}

function value(record: Decoded, type: ResourceType): Value | undefined {
	return record.valueAt >= 0 ? readValue(record, record.valueAt, type) : undefined;
}

function readRecord(record: Decoded): number {
	const { counts, depths } = record.levels!;
	for (;;) {
		if (isEnd(record)) {
			--record.nesting;
			if (record.nesting < 0) return record.at === record.end ? END : MALFORMED;
			continue;
		}
		if (counts[record.nesting]! > 0) --counts[record.nesting]!;
		const depth = readKey(record, depths[record.nesting]!);
		if (depth < 0 || record.at >= record.end) return MALFORMED;
		const kind = record.from[record.at]! >> 5;
		if (kind === 5) {
			if (depth === LEVELS || !enter(record, depth)) return MALFORMED;
			if (!isEnd(record)) continue;
			// nothing in it: a multiple resource, or an instance, that is empty
			--record.nesting;
			return take(record, depth);
		}
		if (record.from[record.at] === NULL) {
			++record.at;
			return take(record, depth);
		}
		record.valueAt = record.at;
		record.at = skipItem(record, record.at, DEPTH);
		return record.at < 0 || kind === 4 || depth < 3 ? MALFORMED : take(record, depth);
	}
}

/** True at the end of the map that is being read, which it then leaves behind. */
function isEnd(record: Decoded): boolean {
	const { counts } = record.levels!;
	if (counts[record.nesting] === -1 && record.at < record.end && record.from[record.at] === BREAK) {
		++record.at;
		counts[record.nesting] = 0;
	}
	return counts[record.nesting] === 0;
}

/** Reads a key. @returns how many ids lead to its value; -1 where it is malformed or leads too deep */
function readKey(record: Decoded, depth: number): number {
	record.at = readHead(record, record.at);
	if (record.at < 0) return -1;
	const kind = record.major;
	if (kind === 0) return readId(record, depth) ? depth + 1 : -1;
	if (kind !== 4) return -1;
	let count = record.argument;
	let last = depth;
	for (; count !== 0; --count) {
		if (count < 0 && record.at < record.end && record.from[record.at] === BREAK) {
			++record.at;
			break;
		}
		record.at = readHead(record, record.at);
		if (record.at < 0 || record.major !== 0 || !readId(record, last)) return -1;
		++last;
	}
	return last === depth ? -1 : last;
}

/** Takes the id that has been read as the one at a depth. */
function readId(record: Decoded, depth: number): boolean {
	if (depth >= LEVELS || record.argument >= 65535) return false;
	record.levels!.path[depth] = Number(record.argument);
	return true;
}

function take(record: Decoded, depth: number): number {
	const { path } = record.levels!;
	setPath(record, path[0]!, depth > 1 ? path[1]! : -1, depth > 2 ? path[2]! : -1, depth > 3 ? path[3]! : -1);
	return RECORD;
}
