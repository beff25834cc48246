// application/vnd.oma.lwm2m+json (11543), of LwM2M 1.0. OMA-TS-LightweightM2M-V1_0_2 6.4.4.
//
//   {"bn":"/3/0/","e":[{"n":"0","sv":"Open Mobile Alliance"},{"n":"9","v":95}]}
//
// The base name is the path of the request with a slash, or without where the value stands right there, which then
// has no `n`. Opaques are base64 with padding in `sv`. Other members may come in any order, "bn" after "e".

import { writeText } from "../bytes.js";
import { next as step } from "../lwm2m/cursor.js";
import type { Cursor } from "../lwm2m/cursor-state.js";
import type { Decoded } from "../lwm2m/decoded.js";
import { BOOLEAN, CORELNK, FLOAT, OBJLNK, OPAQUE, type ResourceType, STRING } from "../lwm2m/definition.js";
import type { Value } from "../lwm2m/path.js";
import { type Codec, END, JSON_FORMAT, MALFORMED, RECORD } from "./codec.js";
import {
	byteAt,
	CLOSE_ARRAY,
	CLOSE_OBJECT,
	DEPTH,
	enter,
	follow,
	isNumber,
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
import { endBaseName, pathText, resetBaseName, resolveName, setBaseName, setBaseNameToRequest } from "./names.js";
import { setTimes } from "./senml.js";

/** Member names as the numbers of their bytes. */
const BN = 0x626e;
const BT = 0x6274;
const E = 0x65;
const N = 0x6e;
const T = 0x74;
const V = 0x76;
const SV = 0x7376;
const BV = 0x6276;
const OV = 0x6f76;
const SLASH = 0x2f;

export const omaJson: Codec = Object.freeze({
	format: JSON_FORMAT,
	isSingle: false,
	encode,
	open,
	next,
	value,
	hasValue,
});

function encode(cursor: Cursor, into: Uint8Array, at: number): number {
	if (cursor.rootObject < 0) return -1; // a Read of the root came with LwM2M 1.1
	let base = `/${cursor.rootObject}`;
	if (cursor.rootInstance >= 0) base += `/${cursor.rootInstance}`;
	if (cursor.rootResource >= 0) base += `/${cursor.rootResource}`;
	if (cursor.rootResourceInstance >= 0) base += `/${cursor.rootResourceInstance}`;
	let separator = "";
	while (step(cursor)) {
		const path = pathText(cursor.object, cursor.instance, cursor.resource, cursor.resourceInstance);
		const isBase = path === base;
		if (separator === "") at = writeText(into, at, `{"bn":"${isBase ? base : `${base}/`}","e":[{`);
		else at = writeText(into, at, separator);
		separator = ",{";
		if (!isBase) at = writeText(into, at, `"n":"${path.slice(base.length + 1)}",`);
		at = writeText(into, at, `"${keyOf(cursor.type)}":`);
		at = writeValue(cursor, into, at, false);
		if (at < 0) return -1;
		at = writeText(into, at, "}");
	}
	return writeText(into, at, separator === "" ? `{"bn":"${base}/","e":[]}` : "]}");
}

function keyOf(type: number): string {
	if (type === STRING || type === CORELNK || type === OPAQUE) return "sv";
	if (type === BOOLEAN) return "bv";
	return type === OBJLNK ? "ov" : "v";
}

function open(record: Decoded, from: Uint8Array, start: number, last: number): void {
	record.valueAt = -1;
	setText(record, from, last);
	record.status = MALFORMED;
	const entries = readEnvelope(record, start, last);
	record.at = entries < 0 ? -1 : enter(record, entries, OPEN_ARRAY);
	if (record.at >= 0) record.status = RECORD;
}

/** Goes once through the outer object. @returns the position of "e"; -1 where something is malformed or it is not there */
function readEnvelope(record: Decoded, start: number, last: number): number {
	let entries = -1;
	let hasBase = false;
	record.baseTime = Number.NaN;
	resetBaseName(record);
	let at = enter(record, skipSpace(record, start), OPEN_OBJECT);
	while (at >= 0 && byteAt(record, at) !== CLOSE_OBJECT) {
		const part = readKey(record, at);
		const name = record.key;
		const after = part < 0 ? -1 : skipValue(record, part, DEPTH);
		if (after < 0) return -1;
		if (name === E) {
			if (entries >= 0) return -1;
			entries = part;
		} else if (name === BN) {
			if (hasBase || byteAt(record, part) !== QUOTE || !takeString(record, part)) return -1;
			hasBase = true;
			if (!setBaseName(record, record.stringFrom, record.stringStart, record.stringEnd)) return -1;
			endBaseName(record);
			if (record.stringStart === record.stringEnd) hasBase = false;
		} else if (name === BT) {
			const number = isNumber(record, part) ? readValue(record, part, FLOAT) : undefined;
			if (typeof number !== "number") return -1;
			record.baseTime = number;
		}
		at = follow(record, after, CLOSE_OBJECT);
	}
	if (at < 0 || skipSpace(record, at + 1) !== last) return -1;
	// "when Base Name is not present, the default Base Name is the request URI"
	if (!hasBase) setBaseNameToRequest(record);
	return entries;
}

function next(record: Decoded): number {
	if (record.status !== RECORD) return record.status;
	record.valueAt = -1;
	record.status = readRecord(record);
	if (record.status !== RECORD) record.valueAt = -1;
	return record.status;
}

function hasValue(record: Decoded): boolean {
	return record.valueAt >= 0;
}

function value(record: Decoded, type: ResourceType): Value | undefined {
	if (record.valueAt < 0 || (record.valueKey === OV && type !== OBJLNK)) return undefined;
	return readValue(record, record.valueAt, type);
}

function readRecord(record: Decoded): number {
	if (byteAt(record, record.at) === CLOSE_ARRAY) return END;
	let time = Number.NaN;
	let nameAt = -1;
	record.at = enter(record, record.at, OPEN_OBJECT);
	while (record.at >= 0 && byteAt(record, record.at) !== CLOSE_OBJECT) {
		const part = readKey(record, record.at);
		const name = record.key;
		const after = part < 0 ? -1 : skipValue(record, part, DEPTH);
		if (after < 0) return MALFORMED;
		if (name === N) {
			if (nameAt >= 0 || byteAt(record, part) !== QUOTE) return MALFORMED;
			nameAt = part;
		} else if (name === T) {
			const number = isNumber(record, part) ? readValue(record, part, FLOAT) : undefined;
			if (typeof number !== "number") return MALFORMED;
			time = number;
		} else if (name === V || name === SV || name === BV || name === OV) {
			if (record.valueAt >= 0 || !isOfKey(record, name, part)) return MALFORMED;
			record.valueAt = part;
			record.valueKey = name;
		}
		record.at = follow(record, after, CLOSE_OBJECT);
	}
	if (record.at >= 0) record.at = follow(record, record.at + 1, CLOSE_ARRAY);
	if (record.at < 0 || record.valueAt < 0) return MALFORMED;
	if (!resolve(record, nameAt)) return MALFORMED;
	setTimes(record, record.baseTime, time);
	return RECORD;
}

/** True where the value is of the JSON type that the member wants. */
function isOfKey(record: Decoded, name: number, at: number): boolean {
	if (name === V) return isNumber(record, at);
	const byte = byteAt(record, at);
	return name === BV ? byte === 0x74 || byte === 0x66 : byte === QUOTE;
}

/** Puts the path of the record into `record`. A name may begin with the slash that the base name lacks. */
function resolve(record: Decoded, nameAt: number): boolean {
	if (nameAt < 0) return resolveName(record, record.stringFrom, 0, 0) >= 3;
	if (!takeString(record, nameAt)) return false;
	const start =
		record.stringStart < record.stringEnd && record.stringFrom[record.stringStart] === SLASH
			? record.stringStart + 1
			: record.stringStart;
	return resolveName(record, record.stringFrom, start, record.stringEnd) >= 3;
}
