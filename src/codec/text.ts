// text/plain (0): one value as text. OMA-TS-LightweightM2M_Core-V1_1_1 7.4.1 and appendix C: numbers in decimal and
// never with an exponent, booleans `0` and `1`, opaques in base64 with padding, object links `3:0`.
// Allocates nothing but the value (a view for an opaque that is written).
import { readInteger, readNumber, readText, writeBase64, writeInteger, writeNumber, writeText } from "../bytes.js";
import { type as cursorType, value as cursorValue, next as step } from "../lwm2m/cursor.js";
import {
	BOOLEAN,
	CORELNK,
	FLOAT,
	INTEGER,
	OBJLNK,
	OPAQUE,
	type ResourceType,
	STRING,
	TIME,
	UNSIGNED,
} from "../lwm2m/definition.js";
import type { Value } from "../lwm2m/path.js";
import { type Codec, END, RECORD, TEXT } from "./codec.js";
import { expand, isExpanded } from "./decimal.js";
import { baseInstance, baseObject, baseResource, baseResourceInstance, setPath, setTime } from "./record.js";
import { ofInteger, readLink, readOpaque, writeLink } from "./value.js";

let from: Uint8Array;
let start = 0;
let end = 0;
let isRead = false;

export const text: Codec = Object.freeze({ format: TEXT, isSingle: true, encode, open, next, value, hasValue });

function encode(into: Uint8Array, at: number): number {
	if (!step()) return -1;
	const of = cursorValue;
	if (typeof of === "number") {
		if (cursorType === FLOAT) return isExpanded(of) ? writeText(into, at, expand(of)) : writeNumber(into, at, of);
		return cursorType === OBJLNK ? writeLink(into, at, of) : writeInteger(into, at, of);
	}
	if (typeof of === "string") return writeText(into, at, of);
	if (typeof of === "boolean") {
		into[at] = of ? 0x31 : 0x30;
		return at + 1;
	}
	if (typeof of === "bigint") return writeInteger(into, at, of);
	return writeBase64(into, at, new Uint8Array(of), 0, of.byteLength, false);
}

function open(of: Uint8Array, first: number, last: number): void {
	from = of;
	start = first;
	end = last;
	isRead = false;
	setTime(Number.NaN);
}

function next(): number {
	if (isRead) return END;
	isRead = true;
	setPath(baseObject, baseInstance, baseResource, baseResourceInstance);
	return RECORD;
}

function hasValue(): boolean {
	return true;
}

function value(type: ResourceType): Value | undefined {
	if (type === STRING || type === CORELNK) return readText(from, start, end);
	if (type === INTEGER || type === UNSIGNED || type === TIME) {
		const number = readInteger(from, start, end);
		return number === undefined ? undefined : ofInteger(number, type);
	}
	if (type === FLOAT) {
		const number = readNumber(from, start, end);
		return number - number === 0 ? number : undefined;
	}
	if (type === BOOLEAN) {
		const digit = end - start === 1 ? from[start] : 0;
		return digit === 0x31 ? true : digit === 0x30 ? false : undefined;
	}
	if (type === OBJLNK) return readLink(from, start, end);
	return type === OPAQUE ? readOpaque(from, start, end) : undefined;
}
