// text/plain (0): one value as text. OMA-TS-LightweightM2M_Core-V1_1_1 7.4.1 and appendix C: numbers in decimal and
// never with an exponent, booleans `0` and `1`, opaques in base64 with padding, object links `3:0`.
// Allocates nothing but the value (a view for an opaque that is written).

import { readInteger, readNumber, readText, writeBase64, writeInteger, writeNumber, writeText } from "../bytes.js";
import { next as step } from "../lwm2m/cursor.js";
import type { Cursor } from "../lwm2m/cursor-state.js";
import type { Decoded } from "../lwm2m/decoded.js";
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
import { type Codec, TEXT } from "./codec.js";
import { expand, isExpanded } from "./decimal.js";
import { hasValue, next, open } from "./single.js";
import { ofInteger, readLink, readOpaque, writeLink } from "./value.js";

export const text: Codec = Object.freeze({ format: TEXT, isSingle: true, encode, open, next, value, hasValue });

function encode(cursor: Cursor, into: Uint8Array, at: number): number {
	if (!step(cursor)) return -1;
	const of = cursor.value;
	if (typeof of === "number") {
		if (cursor.type === FLOAT) return isExpanded(of) ? writeText(into, at, expand(of)) : writeNumber(into, at, of);
		return cursor.type === OBJLNK ? writeLink(into, at, of) : writeInteger(into, at, of);
	}
	if (typeof of === "string") return writeText(into, at, of);
	if (typeof of === "boolean") {
		into[at] = of ? 0x31 : 0x30;
		return at + 1;
	}
	if (typeof of === "bigint") return writeInteger(into, at, of);
	return writeBase64(into, at, new Uint8Array(of), 0, of.byteLength, false);
}

function value(record: Decoded, type: ResourceType): Value | undefined {
	if (type === STRING || type === CORELNK) return readText(record.from, record.start, record.end);
	if (type === INTEGER || type === UNSIGNED || type === TIME) {
		const number = readInteger(record.from, record.start, record.end);
		return number === undefined ? undefined : ofInteger(number, type);
	}
	if (type === FLOAT) {
		const number = readNumber(record.from, record.start, record.end);
		return number - number === 0 ? number : undefined;
	}
	if (type === BOOLEAN) {
		const digit = record.end - record.start === 1 ? record.from[record.start] : 0;
		return digit === 0x31 ? true : digit === 0x30 ? false : undefined;
	}
	if (type === OBJLNK) return readLink(record.from, record.start, record.end);
	return type === OPAQUE ? readOpaque(record.from, record.start, record.end) : undefined;
}
