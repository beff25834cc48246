// application/senml+cbor (112) and senml-etch+cbor (322): an array of maps, one a value. RFC 8428 6, RFC 8790,
// OMA-TS-LightweightM2M_Core-V1_1_1 7.4.6.
//
//   81                              array of records, definite: RFC 8428 6 wants that of a pack that is no stream
//      A2                           map
//         00  6C 2F333330332F…      name (0) "/3303/0/5700"; base name is -2 (21)
//         02  F9 4D60               value (2) 21.5; string 3, boolean 4, data 8, object link "vlo"
//
// Names as short as one pass allows: a record is written under its whole path; when the next one turns out to share
// its object and instance, the path is split into a base name and a name, and what follows it moves up by two bytes.
// A pack may name many paths. Nothing is allocated but values.
import { copy, writeInteger, writePath } from "../bytes.js";
import { instance, object, resource, resourceInstance, rootResource, next as step, type } from "../lwm2m/cursor.js";
import { FLOAT, type ResourceType } from "../lwm2m/definition.js";
import type { Value } from "../lwm2m/path.js";
import { argument, BREAK, DEPTH, major, NULL, readHead, readValue, setItems, skipItem } from "./cbor-reader.js";
import { ARRAY, MAP, STRING, writeHead, writeValue } from "./cbor-writer.js";
import { type Codec, END, MALFORMED, RECORD, SENML_CBOR, SENML_ETCH_CBOR } from "./codec.js";
import { resetBaseName, resolveName, setBaseName, writeRest } from "./names.js";
import {
	BASE_NAME,
	BASE_TIME,
	BASE_VALUE,
	BASE_VERSION,
	LABELS,
	LINK_VALUE,
	mayHold,
	NAME,
	SUM,
	setTimes,
	TIME,
	UNKNOWN,
	UPDATE_TIME,
	VALUE,
	VERSION,
} from "./senml.js";

/** The base name is not to be split any more, or there is none. */
const WHOLE = 0;
/** The heads of the keys. */
const NAME_KEY = 0x00;
const BASE_NAME_KEY = 0x21;
const SLASH = 0x2f;
const UNDERSCORE = 0x5f;

let from: Uint8Array;
let end = 0;
let at = 0;
let remaining = 0;
let status = END;
let seen = 0;
let nameStart = 0;
let nameEnd = 0;
let baseTime = Number.NaN;
let time = Number.NaN;
let valueAt = -1;
let valueLabel = UNKNOWN;

export const senmlCbor: Codec = Object.freeze({
	format: SENML_CBOR,
	isSingle: false,
	encode,
	open,
	next,
	value,
	hasValue,
});

export const senmlEtchCbor: Codec = Object.freeze({
	format: SENML_ETCH_CBOR,
	isSingle: false,
	encode,
	open,
	next,
	value,
	hasValue,
});

function encode(into: Uint8Array, start: number): number {
	const deepest = rootResource < 0 ? 2 : 3;
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
	while (step()) {
		++count;
		if (depth !== WHOLE) {
			if (object !== o || (depth > 1 && instance !== i) || (depth > 2 && resource !== r)) depth = WHOLE;
		} else if (object === o) {
			// the record before moves up, to make room for its name beside the base name: a key and a head more, where
			// the path of 24 characters no longer needs its head of two bytes
			depth = instance !== i ? 1 : resource !== r ? 2 : deepest;
			hasBase = true;
			const more = restAt - mapAt === 28 ? 1 : 2;
			if (at + more <= into.length) copy(into, restAt + more, into, restAt, at);
			writeSplit(into, mapAt, depth, o, i, r, ri);
			at += more;
		}
		into[at] = MAP | 2; // 3 with a time (label 6), which then stands between the name and the value
		if (depth === WHOLE) {
			o = object;
			i = instance;
			r = resource;
			ri = resourceInstance;
			mapAt = at;
			into[at + 1] = hasBase ? BASE_NAME_KEY : NAME_KEY;
			at = restAt = writePathText(into, at + 2);
		} else {
			into[at + 1] = NAME_KEY;
			const nameAt = at + 2;
			// the most frequent case has the cheapest call
			at =
				depth === 2 && resourceInstance < 0 ? writeInteger(into, nameAt + 1, resource) : writeRest(into, nameAt, depth);
			into[nameAt] = STRING | (at - nameAt - 1); // over the slash of the latter
		}
		const label = LABELS[type]!;
		if (label === LINK_VALUE) at = writeLinkLabel(into, at);
		else {
			into[at] = label;
			++at;
		}
		at = writeValue(into, at);
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
function writePathText(into: Uint8Array, at: number): number {
	const after = writePath(into, at + 1, object, instance, resource, resourceInstance);
	if (after - at - 1 < 24) {
		into[at] = STRING | (after - at - 1);
		return after;
	}
	// four ids of five digits, the one path that needs a longer head
	into[at] = STRING | 24;
	into[at + 1] = 24;
	return writePath(into, at + 2, object, instance, resource, resourceInstance);
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

function open(of: Uint8Array, start: number, last: number): void {
	from = of;
	end = last;
	valueAt = -1;
	baseTime = Number.NaN;
	resetBaseName();
	setItems(of, last);
	at = readHead(start);
	status = at < 0 || major !== 4 || typeof argument === "bigint" ? MALFORMED : RECORD;
	if (typeof argument === "number") remaining = argument;
}

function next(): number {
	if (status === RECORD) status = readRecord();
	return status;
}

function hasValue(): boolean {
	return valueAt >= 0;
}

function value(type: ResourceType): Value | undefined {
	return valueAt >= 0 && mayHold(valueLabel, type) ? readValue(valueAt, type) : undefined;
}

function readRecord(): number {
	valueAt = -1;
	if (remaining < 0 && at < end && from[at] === BREAK) {
		++at;
		remaining = 0;
	}
	if (remaining === 0) return at === end ? END : MALFORMED;
	if (remaining > 0) --remaining;
	at = readHead(at);
	if (at < 0 || major !== 5 || typeof argument === "bigint") return MALFORMED;
	let fields = argument;
	seen = nameStart = nameEnd = 0;
	time = Number.NaN;
	valueLabel = UNKNOWN;
	for (; fields !== 0; --fields) {
		if (fields < 0 && at < end && from[at] === BREAK) {
			++at;
			break;
		}
		const label = readLabel();
		if (at < 0 || !readField(label)) {
			valueAt = -1;
			return MALFORMED;
		}
	}
	const depth = resolveName(from, nameStart, nameEnd);
	// a value belongs to a resource or to an instance of one
	if (depth < 0 || (depth < 3 && valueAt >= 0)) {
		valueAt = -1;
		return MALFORMED;
	}
	setTimes(baseTime, time);
	return RECORD;
}

/** Reads a key, moves on to its value. `at` is -1 where it is malformed, or must be understood and is not. */
function readLabel(): number {
	at = readHead(at);
	if (at < 0) return UNKNOWN;
	if (major < 2) {
		if (typeof argument === "bigint") return UNKNOWN;
		const label = major === 0 ? argument : -1 - argument;
		return label >= BASE_VERSION - 5 && label < LINK_VALUE ? label : UNKNOWN;
	}
	if (major !== 3 || typeof argument === "bigint" || argument < 0 || at + argument > end) {
		at = -1;
		return UNKNOWN;
	}
	const start = at;
	at += argument;
	if (at - start === 3 && from[start] === 0x76 && from[start + 1] === 0x6c && from[start + 2] === 0x6f)
		return LINK_VALUE;
	if (at > start && from[at - 1] === UNDERSCORE) at = -1; // RFC 8428 4.4
	return UNKNOWN;
}

/** Takes the value of a key, moves on behind it. @returns false where it is malformed */
function readField(label: number): boolean {
	const start = at;
	at = skipItem(start, DEPTH);
	if (at < 0) return false;
	if (label === UNKNOWN) return true;
	const bit = 1 << (label + 6);
	if ((seen & bit) !== 0) return false;
	seen |= bit;
	if (label === NAME || label === BASE_NAME) {
		const textAt = readHead(start);
		if (major !== 3 || typeof argument === "bigint" || argument < 0) return false;
		if (label === BASE_NAME) return setBaseName(from, textAt, textAt + argument);
		nameStart = textAt;
		nameEnd = textAt + argument;
		return true;
	}
	if (label >= VALUE && label !== TIME && label !== SUM && label !== UPDATE_TIME) {
		if (valueLabel !== UNKNOWN) return false;
		valueLabel = label;
		// a value of null: RFC 8790 3.2, the path alone counts
		if (from[start] !== NULL) valueAt = start;
		return true;
	}
	// values relative to a base value have no place in LwM2M; to pass over it would change them
	if (label !== TIME && label !== BASE_TIME && label !== BASE_VERSION) return label !== BASE_VALUE;
	const number = readValue(start, FLOAT);
	if (typeof number !== "number") return false;
	if (label === TIME) time = number;
	else if (label === BASE_TIME) baseTime = number;
	else return number <= VERSION;
	return true;
}
