// application/senml+json (110) and senml-etch+json (320): an array of objects, one a value. RFC 8428 4 and 5, RFC 8790,
// OMA-TS-LightweightM2M_Core-V1_1_1 7.4.5.
//
//   [{"bn":"/3/0/","n":"0","vs":"Open Mobile Alliance"},{"n":"9","v":95}]
//
// Base names are chosen as in senml-cbor.ts: a record is written under its whole path, which is split when the next
// one turns out to share its object and instance. Opaques are base64 with the url alphabet and without padding.
import { copy, writeText } from "../bytes.js";
import {
	time as cursorTime,
	instance,
	object,
	resource,
	resourceInstance,
	rootResource,
	next as step,
	type,
} from "../lwm2m/cursor.js";
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
	isMandatory,
	isNumber,
	key,
	LETTER_N,
	OPEN_ARRAY,
	OPEN_OBJECT,
	QUOTE,
	readKey,
	readValue,
	setText,
	skipSpace,
	skipValue,
	stringEnd,
	stringFrom,
	stringStart,
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

let end = 0;
let at = 0;
let status = END;
let seen = 0;
let nameFrom: Uint8Array;
let nameStart = 0;
let nameEnd = 0;
let baseTime = Number.NaN;
let time = Number.NaN;
let valueAt = -1;
let valueLabel = UNKNOWN;

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

function encode(into: Uint8Array, at: number): number {
	const deepest = rootResource < 0 ? 2 : 3;
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
	while (step()) {
		const path = pathText(object, instance, resource, resourceInstance);
		if (base === "") {
			const isSame = resourceInstance < 0 && resource === r;
			const shared = Math.min(sharedIds(o, i, r), isSame ? 2 : deepest);
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
			o = object;
			i = instance;
			r = resource;
			membersAt = at;
			members = hasBase ? `"bn":"${path}"` : `"n":"${path}"`;
			at = writeText(into, at, members);
		} else at = writeText(into, at, `"n":"${path.slice(base.length)}"`);
		if (cursorTime === cursorTime) {
			const seconds = Math.round((cursorTime - timeBase) * 1000) / 1000;
			if (timeBase === 0 || seconds !== 0) at = writeText(into, at, `,"${timeBase === 0 ? "bt" : "t"}":${seconds}`);
			if (timeBase === 0) timeBase = cursorTime;
		} else if (timeBase !== 0) {
			// now: a base time of 0
			timeBase = 0;
			at = writeText(into, at, ',"bt":0');
		}
		at = writeText(into, at, `,"${keyOf(LABELS[type]!)}":`);
		at = writeValue(into, at, true);
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
function labelOfKey(): number {
	switch (key) {
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

function open(from: Uint8Array, start: number, last: number): void {
	end = last;
	nameFrom = from;
	valueAt = -1;
	baseTime = Number.NaN;
	resetBaseName();
	setText(from, last);
	at = enter(skipSpace(start), OPEN_ARRAY);
	status = at < 0 ? MALFORMED : RECORD;
}

function next(): number {
	if (status !== RECORD) return status;
	status = readRecord();
	if (status !== RECORD) valueAt = -1;
	return status;
}

function hasValue(): boolean {
	return valueAt >= 0;
}

function value(type: ResourceType): Value | undefined {
	return valueAt >= 0 && mayHold(valueLabel, type) ? readValue(valueAt, type) : undefined;
}

function readRecord(): number {
	if (byteAt(at) === CLOSE_ARRAY) return skipSpace(at + 1) === end ? END : MALFORMED;
	seen = nameStart = nameEnd = 0;
	time = Number.NaN;
	valueLabel = UNKNOWN;
	valueAt = -1;
	at = enter(at, OPEN_OBJECT);
	while (at >= 0 && byteAt(at) !== CLOSE_OBJECT) {
		const start = readKey(at);
		const label = labelOfKey();
		if (start < 0 || (label === UNKNOWN && isMandatory)) return MALFORMED;
		const after = skipValue(start, DEPTH);
		if (after < 0 || !readField(label, start)) return MALFORMED;
		at = follow(after, CLOSE_OBJECT);
	}
	if (at >= 0) at = follow(at + 1, CLOSE_ARRAY);
	if (at < 0) return MALFORMED;
	const depth = resolveName(nameFrom, nameStart, nameEnd);
	// a value belongs to a resource or to an instance of one
	if (depth < 0 || (depth < 3 && valueAt >= 0)) return MALFORMED;
	setTimes(baseTime, time);
	return RECORD;
}

/** Takes the value of a member. @returns false where it is not of the member's type, or the member is there twice */
function readField(label: number, start: number): boolean {
	if (label === UNKNOWN) return true;
	const bit = 1 << (label + 6);
	if ((seen & bit) !== 0) return false;
	seen |= bit;
	if (label === NAME || label === BASE_NAME) {
		if (byteAt(start) !== QUOTE || !takeString(start)) return false;
		if (label === BASE_NAME) return setBaseName(stringFrom, stringStart, stringEnd);
		nameFrom = stringFrom;
		nameStart = stringStart;
		nameEnd = stringEnd;
		return true;
	}
	if (label >= VALUE && label !== TIME) {
		if (valueLabel !== UNKNOWN) return false;
		valueLabel = label;
		const byte = byteAt(start);
		// a value of null: RFC 8790 3.2, the path alone counts
		if (label === VALUE && byte === LETTER_N) return true;
		valueAt = start;
		if (label === VALUE) return isNumber(start);
		return label === BOOLEAN_VALUE ? byte === 0x74 || byte === 0x66 : byte === QUOTE;
	}
	// values relative to a base value have no place in LwM2M; to pass over it would change them
	const number = isNumber(start) ? readValue(start, FLOAT) : undefined;
	if (typeof number !== "number" || label === BASE_VALUE) return false;
	if (label === TIME) time = number;
	else if (label === BASE_TIME) baseTime = number;
	else return number <= VERSION;
	return true;
}
