// application/vnd.oma.lwm2m+json (11543), of LwM2M 1.0. OMA-TS-LightweightM2M-V1_0_2 6.4.4.
//
//   {"bn":"/3/0/","e":[{"n":"0","sv":"Open Mobile Alliance"},{"n":"9","v":95}]}
//
// The base name is the path of the request with a slash, or without where the value stands right there, which then
// has no `n`. Opaques are base64 with padding in `sv`. Other members may come in any order, "bn" after "e".
import { writeText } from "../bytes.js";
import {
	instance,
	object,
	resource,
	resourceInstance,
	rootInstance,
	rootObject,
	rootResource,
	rootResourceInstance,
	next as step,
	type,
} from "../lwm2m/cursor.js";
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
	key,
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

let at = 0;
let status = END;
let baseTime = Number.NaN;
let valueAt = -1;
let valueKey = 0;

export const omaJson: Codec = Object.freeze({
	format: JSON_FORMAT,
	isSingle: false,
	encode,
	open,
	next,
	value,
	hasValue,
});

function encode(into: Uint8Array, at: number): number {
	if (rootObject < 0) return -1; // a Read of the root came with LwM2M 1.1
	let base = `/${rootObject}`;
	if (rootInstance >= 0) base += `/${rootInstance}`;
	if (rootResource >= 0) base += `/${rootResource}`;
	if (rootResourceInstance >= 0) base += `/${rootResourceInstance}`;
	let separator = "";
	while (step()) {
		const path = pathText(object, instance, resource, resourceInstance);
		const isBase = path === base;
		if (separator === "") at = writeText(into, at, `{"bn":"${isBase ? base : `${base}/`}","e":[{`);
		else at = writeText(into, at, separator);
		separator = ",{";
		if (!isBase) at = writeText(into, at, `"n":"${path.slice(base.length + 1)}",`);
		at = writeText(into, at, `"${keyOf(type)}":`);
		at = writeValue(into, at, false);
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

function open(from: Uint8Array, start: number, last: number): void {
	valueAt = -1;
	setText(from, last);
	status = MALFORMED;
	const entries = readEnvelope(start, last);
	at = entries < 0 ? -1 : enter(entries, OPEN_ARRAY);
	if (at >= 0) status = RECORD;
}

/** Goes once through the outer object. @returns the position of "e"; -1 where something is malformed or it is not there */
function readEnvelope(start: number, last: number): number {
	let entries = -1;
	let hasBase = false;
	baseTime = Number.NaN;
	resetBaseName();
	let at = enter(skipSpace(start), OPEN_OBJECT);
	while (at >= 0 && byteAt(at) !== CLOSE_OBJECT) {
		const part = readKey(at);
		const name = key;
		const after = part < 0 ? -1 : skipValue(part, DEPTH);
		if (after < 0) return -1;
		if (name === E) {
			if (entries >= 0) return -1;
			entries = part;
		} else if (name === BN) {
			if (hasBase || byteAt(part) !== QUOTE || !takeString(part)) return -1;
			hasBase = true;
			if (!setBaseName(stringFrom, stringStart, stringEnd)) return -1;
			endBaseName();
			if (stringStart === stringEnd) hasBase = false;
		} else if (name === BT) {
			const number = isNumber(part) ? readValue(part, FLOAT) : undefined;
			if (typeof number !== "number") return -1;
			baseTime = number;
		}
		at = follow(after, CLOSE_OBJECT);
	}
	if (at < 0 || skipSpace(at + 1) !== last) return -1;
	// "when Base Name is not present, the default Base Name is the request URI"
	if (!hasBase) setBaseNameToRequest();
	return entries;
}

function next(): number {
	if (status !== RECORD) return status;
	valueAt = -1;
	status = readRecord();
	if (status !== RECORD) valueAt = -1;
	return status;
}

function hasValue(): boolean {
	return valueAt >= 0;
}

function value(type: ResourceType): Value | undefined {
	if (valueAt < 0 || (valueKey === OV && type !== OBJLNK)) return undefined;
	return readValue(valueAt, type);
}

function readRecord(): number {
	if (byteAt(at) === CLOSE_ARRAY) return END;
	let time = Number.NaN;
	let nameAt = -1;
	at = enter(at, OPEN_OBJECT);
	while (at >= 0 && byteAt(at) !== CLOSE_OBJECT) {
		const part = readKey(at);
		const name = key;
		const after = part < 0 ? -1 : skipValue(part, DEPTH);
		if (after < 0) return MALFORMED;
		if (name === N) {
			if (nameAt >= 0 || byteAt(part) !== QUOTE) return MALFORMED;
			nameAt = part;
		} else if (name === T) {
			const number = isNumber(part) ? readValue(part, FLOAT) : undefined;
			if (typeof number !== "number") return MALFORMED;
			time = number;
		} else if (name === V || name === SV || name === BV || name === OV) {
			if (valueAt >= 0 || !isOfKey(name, part)) return MALFORMED;
			valueAt = part;
			valueKey = name;
		}
		at = follow(after, CLOSE_OBJECT);
	}
	if (at >= 0) at = follow(at + 1, CLOSE_ARRAY);
	if (at < 0 || valueAt < 0) return MALFORMED;
	if (!resolve(nameAt)) return MALFORMED;
	setTimes(baseTime, time);
	return RECORD;
}

/** True where the value is of the JSON type that the member wants. */
function isOfKey(name: number, at: number): boolean {
	if (name === V) return isNumber(at);
	const byte = byteAt(at);
	return name === BV ? byte === 0x74 || byte === 0x66 : byte === QUOTE;
}

/** Puts the path of the record into `record`. A name may begin with the slash that the base name lacks. */
function resolve(nameAt: number): boolean {
	if (nameAt < 0) return resolveName(stringFrom, 0, 0) >= 3;
	if (!takeString(nameAt)) return false;
	const start = stringStart < stringEnd && stringFrom[stringStart] === SLASH ? stringStart + 1 : stringStart;
	return resolveName(stringFrom, start, stringEnd) >= 3;
}
