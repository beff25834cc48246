// Writes SenML CBOR (senml-cbor.ts). Names as short as one pass allows: a record is written under its whole path; when the
// next one turns out to share its object and instance, the path is split into a base name and a name, and what follows it
// moves up by two bytes. Samples of one resource have its path as base name, and no names. The first time is the base
// time, the others are written relative to it (RFC 8428 4.5.3). Nothing is allocated but views of opaques.

import { copy, floatSize, writeFloat, writeInteger, writePath } from "../bytes.js";
import { next as step } from "../lwm2m/cursor.js";
import type { Cursor } from "../lwm2m/cursor-state.js";
import { ARRAY, MAP, NEGATIVE, STRING, writeHead, writeValue } from "./cbor-writer.js";
import { writeRest } from "./names.js";
import { LABELS, LINK_VALUE, offset } from "./senml.js";

/** The base name is not to be split any more, or there is none. */
const WHOLE = 0;
/** The base name is the record's path. */
const SAME = 4;
/** The heads of the keys. */
const NAME_KEY = 0x00;
const TIME_KEY = 0x06;
const BASE_NAME_KEY = 0x21;
const BASE_TIME_KEY = 0x22;
const SLASH = 0x2f;

/** `Codec.encode` */
export function encode(cursor: Cursor, into: Uint8Array, start: number): number {
	const deepest = cursor.rootResource < 0 ? 2 : 3;
	let at = start + 1;
	let count = 0;
	let depth = WHOLE;
	let hasBase = false;
	// the path of the last record that is written whole, and where its map and its value begin
	let o = -1;
	let i = -1;
	let r = -1;
	let ri = -1;
	let mapAt = 0;
	let restAt = 0;
	/** The fields of that record beside its name and value: a time. */
	let extra = 0;
	/** The base time in force, 0 for none. */
	let baseTime = 0;
	let headAt = 0;
	while (step(cursor)) {
		const object = cursor.object;
		const instance = cursor.instance;
		const resource = cursor.resource;
		const part = cursor.resourceInstance;
		const time = cursor.time;
		++count;
		if (depth !== WHOLE) {
			if (object !== o || (depth > 1 && instance !== i) || (depth > 2 && resource !== r)) depth = WHOLE;
			else if (depth === SAME && part !== ri) depth = WHOLE;
		} else if (object === o && instance === i && resource === r && part === ri) {
			// another sample of the same: the whole path becomes the base name, and this record needs none
			depth = SAME;
			hasBase = true;
			into[mapAt + 1] = BASE_NAME_KEY;
		} else if (object === o) {
			// the record before moves up, to make room for its name beside the base name: a key and a head more, where
			// the path of 24 characters no longer needs its head of two bytes
			depth = instance !== i ? 1 : resource !== r ? 2 : deepest;
			hasBase = true;
			const more = restAt - mapAt === 28 ? 1 : 2;
			if (at + more <= into.length) copy(into, restAt + more, into, restAt, at);
			writeSplit(into, mapAt, depth, o, i, r, ri);
			into[mapAt] = (MAP | 3) + extra;
			at += more;
		}
		headAt = at;
		into[at] = MAP | 2;
		if (depth === WHOLE) {
			o = object;
			i = instance;
			r = resource;
			ri = part;
			mapAt = at;
			into[at + 1] = hasBase ? BASE_NAME_KEY : NAME_KEY;
			at = restAt = writePathText(cursor, into, at + 2);
		} else if (depth === SAME) {
			into[at] = MAP | 1;
			++at;
		} else {
			into[at + 1] = NAME_KEY;
			const nameAt = at + 2;
			// the most frequent case has the cheapest call
			at = depth === 2 && part < 0 ? writeInteger(into, nameAt + 1, resource) : writeRest(cursor, into, nameAt, depth);
			into[nameAt] = STRING | (at - nameAt - 1); // over the slash of the latter
		}
		if (time === time || baseTime !== 0) {
			const before = at;
			at = writeTime(into, at, time, baseTime);
			if (at > before) ++into[headAt]!;
			if (depth === WHOLE) extra = at > before ? 1 : 0;
			if (baseTime === 0) baseTime = time;
			else if (time !== time) baseTime = 0;
		} else extra = 0;
		const label = LABELS[cursor.type]!;
		if (label === LINK_VALUE) at = writeLinkLabel(into, at);
		else {
			into[at] = label;
			++at;
		}
		at = writeValue(cursor, into, at);
	}
	if (count < 24) {
		into[start] = ARRAY | count;
		return at;
	}
	const more = count < 0x100 ? 1 : 2;
	if (at + more <= into.length) copy(into, start + 1 + more, into, start + 1, at);
	writeHead(into, start, ARRAY, count);
	return at + more;
}

/** Writes the cursor's whole path as a text. */
function writePathText(cursor: Cursor, into: Uint8Array, at: number): number {
	const after = writePath(into, at + 1, cursor.object, cursor.instance, cursor.resource, cursor.resourceInstance);
	if (after - at - 1 < 24) {
		into[at] = STRING | (after - at - 1);
		return after;
	}
	// four ids of five digits, the one path that needs a longer head
	into[at] = STRING | 24;
	into[at + 1] = 24;
	return writePath(into, at + 2, cursor.object, cursor.instance, cursor.resource, cursor.resourceInstance);
}

/** Writes the beginning of a record's map with its path as a base name of `depth` ids and a name of the others. */
function writeSplit(into: Uint8Array, at: number, depth: number, o: number, i: number, r: number, ri: number): number {
	into[at] = MAP | 3;
	into[at + 1] = BASE_NAME_KEY;
	const baseAt = at + 2;
	at = writePath(into, baseAt + 1, o, depth > 1 ? i : -1, depth > 2 ? r : -1, -1);
	into[at] = SLASH;
	into[baseAt] = STRING | (at - baseAt);
	into[at + 1] = NAME_KEY;
	const nameAt = at + 2;
	if (depth === 1) at = writePath(into, nameAt, i, r, ri, -1);
	else if (depth === 2) at = writePath(into, nameAt, r, ri, -1, -1);
	else at = writePath(into, nameAt, ri, -1, -1, -1);
	into[nameAt] = STRING | (at - nameAt - 1);
	return at;
}

function writeLinkLabel(into: Uint8Array, at: number): number {
	into[at] = STRING | 3;
	into[at + 1] = 0x76;
	into[at + 2] = 0x6c;
	into[at + 3] = 0x6f;
	return at + 4;
}

/** Writes the field that gives the record its time: nothing where it is the base time. NaN is now, a base time of 0. */
function writeTime(into: Uint8Array, at: number, of: number, baseTime: number): number {
	const seconds = baseTime === 0 ? of : of !== of ? 0 : offset(of, baseTime);
	const isBase = baseTime === 0 || of !== of;
	if (!isBase && seconds === 0) return at;
	into[at] = isBase ? BASE_TIME_KEY : TIME_KEY;
	++at;
	if (seconds % 1 === 0)
		return seconds < 0 ? writeHead(into, at, NEGATIVE, -1 - seconds) : writeHead(into, at, 0, seconds);
	const size = floatSize(seconds);
	into[at] = size === 2 ? 0xf9 : size === 4 ? 0xfa : 0xfb;
	return writeFloat(into, at + 1, seconds, size);
}
