// application/senml+json (110) and senml-etch+json (320): an array of objects, one a value. RFC 8428 4 and 5, RFC 8790,
// OMA-TS-LightweightM2M_Core-V1_1_1 7.4.5.
//
//   [{"bn":"/3/0/","n":"0","vs":"Open Mobile Alliance"},{"n":"9","v":95}]
//
// Base names are chosen as in senml-cbor.ts: a record is written under its whole path, which is split when the next
// one turns out to share its object and instance. Opaques are base64 with the url alphabet and without padding.

import { copy, writeText } from "../bytes.js";
import { next as step } from "../lwm2m/cursor.js";
import type { Cursor } from "../lwm2m/cursor-state.js";
import type { Decoded } from "../lwm2m/decoded.js";
import { FLOAT, type ResourceType } from "../lwm2m/definition.js";
import type { Value } from "../lwm2m/path.js";
import { type Codec, END, MALFORMED, RECORD, SENML_ETCH_JSON, SENML_JSON } from "./codec.js";
import {
	byteAt,
	CLOSE_ARRAY,
	CLOSE_OBJECT,
	DEPTH,
	enter,
	follow,
	isNumber,
	LETTER_N,
	OPEN_ARRAY,
	OPEN_OBJECT,
	QUOTE,
	readKey,
	readValue,
	setText,
	skipSpace,
	skipValue,
	takeString,
} from "./json-reader.js";
import { writeValue } from "./json-writer.js";
import { pathText, resetBaseName, resolveName, setBaseName, sharedIds } from "./names.js";
import {
	BASE_NAME,
	BASE_TIME,
	BASE_VALUE,
	BASE_VERSION,
	BOOLEAN_VALUE,
	DATA_VALUE,
	LABELS,
	LINK_VALUE,
	mayHold,
	NAME,
	setTimes,
	TEXT_VALUE,
	TIME,
	UNKNOWN,
	VALUE,
	VERSION,
} from "./senml.js";

export const senmlJson: Codec = Object.freeze({
	format: SENML_JSON,
	isSingle: false,
	encode,
	open,
	next,
	value,
	hasValue,
});

export const senmlEtchJson: Codec = Object.freeze({
	format: SENML_ETCH_JSON,
	isSingle: false,
	encode,
	open,
	next,
	value,
	hasValue,
});

function encode(cursor: Cursor, into: Uint8Array, at: number): number {
	const deepest = cursor.rootResource < 0 ? 2 : 3;
	let separator = "[";
	let hasBase = false;
	/** The base time in force, 0 for none. */
	let timeBase = 0;
	let base = "";
	// the last record that is written under its whole path, and its members before the value
	let whole = "";
	let members = "";
	let membersAt = 0;
	let o = -1;
	let i = -1;
	let r = -1;
	while (step(cursor)) {
		const path = pathText(cursor.object, cursor.instance, cursor.resource, cursor.resourceInstance);
		if (base === "") {
			const isSame = cursor.resourceInstance < 0 && cursor.resource === r;
			const shared = Math.min(sharedIds(cursor, o, i, r), isSame ? 2 : deepest);
			if (shared > 0) {
				base = baseOf(whole, shared);
				hasBase = true;
				const split = `"bn":"${base}","n":"${whole.slice(base.length)}"`;
				const more = split.length - members.length;
				if (at + more <= into.length) copy(into, membersAt + split.length, into, membersAt + members.length, at);
				writeText(into, membersAt, split);
				at += more;
			}
		} else if (!path.startsWith(base)) base = "";
		at = writeText(into, at, `${separator}{`);
		separator = ",";
		if (base === "") {
			whole = path;
			o = cursor.object;
			i = cursor.instance;
			r = cursor.resource;
			membersAt = at;
			members = hasBase ? `"bn":"${path}"` : `"n":"${path}"`;
			at = writeText(into, at, members);
		} else at = writeText(into, at, `"n":"${path.slice(base.length)}"`);
		if (cursor.time === cursor.time) {
			const seconds = Math.round((cursor.time - timeBase) * 1000) / 1000;
			if (timeBase === 0 || seconds !== 0) at = writeText(into, at, `,"${timeBase === 0 ? "bt" : "t"}":${seconds}`);
			if (timeBase === 0) timeBase = cursor.time;
		} else if (timeBase !== 0) {
			// now: a base time of 0
			timeBase = 0;
			at = writeText(into, at, ',"bt":0');
		}
		at = writeText(into, at, `,"${keyOf(LABELS[cursor.type]!)}":`);
		at = writeValue(cursor, into, at, true);
		if (at < 0) return -1;
		at = writeText(into, at, "}");
	}
	return writeText(into, at, separator === "[" ? "[]" : "]");
}

/** The first ids of a path, with the slash behind them. */
function baseOf(path: string, ids: number): string {
	let slash = 0;
	for (let i = 0; i < ids; ++i) slash = path.indexOf("/", slash + 1);
	return path.slice(0, slash + 1);
}

function keyOf(label: number): string {
	if (label === TEXT_VALUE) return "vs";
	if (label === BOOLEAN_VALUE) return "vb";
	if (label === DATA_VALUE) return "vd";
	return label === LINK_VALUE ? "vlo" : "v";
}

/** The label of the member name read last: names are compared as the numbers of their bytes. */
function labelOfKey(record: Decoded): number {
	switch (record.key) {
		case 0x6e:
			return NAME;
		case 0x76:
			return VALUE;
		case 0x7673:
			return TEXT_VALUE;
		case 0x7662:
			return BOOLEAN_VALUE;
		case 0x7664:
			return DATA_VALUE;
		case 0x766c6f:
			return LINK_VALUE;
		case 0x74:
			return TIME;
		case 0x626e:
			return BASE_NAME;
		case 0x6274:
			return BASE_TIME;
		case 0x6276:
			return BASE_VALUE;
		case 0x62766572:
			return BASE_VERSION;
		default:
			return UNKNOWN;
	}
}

function open(record: Decoded, from: Uint8Array, start: number, last: number): void {
	record.end = last;
	record.nameFrom = from;
	record.valueAt = -1;
	record.baseTime = Number.NaN;
	resetBaseName(record);
	setText(record, from, last);
	record.at = enter(record, skipSpace(record, start), OPEN_ARRAY);
	record.status = record.at < 0 ? MALFORMED : RECORD;
}

function next(record: Decoded): number {
	if (record.status !== RECORD) return record.status;
	record.status = readRecord(record);
	if (record.status !== RECORD) record.valueAt = -1;
	return record.status;
}

function hasValue(record: Decoded): boolean {
	return record.valueAt >= 0;
}

function value(record: Decoded, type: ResourceType): Value | undefined {
	return record.valueAt >= 0 && mayHold(record.valueLabel, type) ? readValue(record, record.valueAt, type) : undefined;
}

function readRecord(record: Decoded): number {
	if (byteAt(record, record.at) === CLOSE_ARRAY)
		return skipSpace(record, record.at + 1) === record.end ? END : MALFORMED;
	record.seen = record.nameStart = record.nameEnd = 0;
	record.ownTime = Number.NaN;
	record.valueLabel = UNKNOWN;
	record.valueAt = -1;
	record.at = enter(record, record.at, OPEN_OBJECT);
	while (record.at >= 0 && byteAt(record, record.at) !== CLOSE_OBJECT) {
		const start = readKey(record, record.at);
		const label = labelOfKey(record);
		if (start < 0 || (label === UNKNOWN && record.isMandatory)) return MALFORMED;
		const after = skipValue(record, start, DEPTH);
		if (after < 0 || !readField(record, label, start)) return MALFORMED;
		record.at = follow(record, after, CLOSE_OBJECT);
	}
	if (record.at >= 0) record.at = follow(record, record.at + 1, CLOSE_ARRAY);
	if (record.at < 0) return MALFORMED;
	const depth = resolveName(record, record.nameFrom, record.nameStart, record.nameEnd);
	// a value belongs to a resource or to an instance of one
	if (depth < 0 || (depth < 3 && record.valueAt >= 0)) return MALFORMED;
	setTimes(record, record.baseTime, record.ownTime);
	return RECORD;
}

/** Takes the value of a member. @returns false where it is not of the member's type, or the member is there twice */
function readField(record: Decoded, label: number, start: number): boolean {
	if (label === UNKNOWN) return true;
	const bit = 1 << (label + 6);
	if ((record.seen & bit) !== 0) return false;
	record.seen |= bit;
	if (label === NAME || label === BASE_NAME) {
		if (byteAt(record, start) !== QUOTE || !takeString(record, start)) return false;
		if (label === BASE_NAME) return setBaseName(record, record.stringFrom, record.stringStart, record.stringEnd);
		record.nameFrom = record.stringFrom;
		record.nameStart = record.stringStart;
		record.nameEnd = record.stringEnd;
		return true;
	}
	if (label >= VALUE && label !== TIME) {
		if (record.valueLabel !== UNKNOWN) return false;
		record.valueLabel = label;
		const byte = byteAt(record, start);
		// a value of null: RFC 8790 3.2, the path alone counts
		if (label === VALUE && byte === LETTER_N) return true;
		record.valueAt = start;
		if (label === VALUE) return isNumber(record, start);
		return label === BOOLEAN_VALUE ? byte === 0x74 || byte === 0x66 : byte === QUOTE;
	}
	// values relative to a base value have no place in LwM2M; to pass over it would change them
	const number = isNumber(record, start) ? readValue(record, start, FLOAT) : undefined;
	if (typeof number !== "number" || label === BASE_VALUE) return false;
	if (label === TIME) record.ownTime = number;
	else if (label === BASE_TIME) record.baseTime = number;
	else return number <= VERSION;
	return true;
}
