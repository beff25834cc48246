// Writes CBOR items (RFC 8949 3), always in their shortest form. A head:
//
//    0 1 2 3 4 5 6 7
//   +-----+---------+---------------------+  argument: below 24 it is the additional information itself,
//   |major|  info   | argument, 0..8 bytes|  24..27: it follows in 1, 2, 4 or 8 bytes, big-endian
//   +-----+---------+---------------------+
//
// major 0 unsigned, 1 negative (-1 - argument), 2 bytes, 3 text, 4 array, 5 map, 6 tag, 7 simple values and floats.
// Allocates a view for an opaque value, else nothing.

import { copy, floatSize, textBytes, writeBig, writeFloat, writeText } from "../bytes.js";
import type { Cursor } from "../lwm2m/cursor-state.js";

import { FLOAT, OBJLNK, TIME } from "../lwm2m/definition.js";
import { writeLink } from "./value.js";

export const NEGATIVE = 0x20;
export const BYTES = 0x40;
export const STRING = 0x60;
export const ARRAY = 0x80;
export const MAP = 0xa0;
/** The head of tag 1: seconds since 1970. RFC 8949 3.4.2. */
const EPOCH = 0xc1;

/** Writes a head. @param major one of the above, or 0 for an unsigned integer; @param argument a safe integer from 0 */
export function writeHead(into: Uint8Array, at: number, major: number, argument: number): number {
	if (argument < 24) {
		into[at] = major | argument;
		return at + 1;
	}
	if (argument < 0x100) {
		into[at] = major | 24;
		into[at + 1] = argument;
		return at + 2;
	}
	if (argument < 0x10000) {
		into[at] = major | 25;
		into[at + 1] = argument >> 8;
		into[at + 2] = argument;
		return at + 3;
	}
	if (argument <= 0xffffffff) {
		into[at] = major | 26;
		return writeBig(into, at + 1, argument, 4);
	}
	into[at] = major | 27;
	return writeBig(into, at + 1, argument, 8);
}

/**
 * Writes the value at the cursor as one item. A FLOAT stays a float even where it is whole: Leshan takes no integer
 * for one, neither in CBOR nor in SenML CBOR.
 */
export function writeValue(cursor: Cursor, into: Uint8Array, at: number): number {
	const of = cursor.value;
	if (typeof of === "number") {
		if (cursor.type === FLOAT) {
			const size = floatSize(of);
			into[at] = size === 2 ? 0xf9 : size === 4 ? 0xfa : 0xfb;
			return writeFloat(into, at + 1, of, size);
		}
		if (cursor.type === OBJLNK) {
			const end = writeLink(into, at + 1, of);
			into[at] = STRING | (end - at - 1); // at most 11 characters
			return end;
		}
		if (of < 0) return writeHead(into, at, NEGATIVE, -1 - of);
		if (of >= 24) return writeHead(into, at, 0, of);
		into[at] = of; // small integers and short texts are most of what is written: they go without a call
		return at + 1;
	}
	if (typeof of === "string") {
		const size = textBytes(of);
		if (size >= 24) return writeText(into, writeHead(into, at, STRING, size), of);
		into[at] = STRING | size;
		return writeText(into, at + 1, of);
	}
	if (typeof of === "boolean") {
		into[at] = of ? 0xf5 : 0xf4;
		return at + 1;
	}
	if (typeof of === "bigint") return writeLong(into, at, of);
	at = writeHead(into, at, BYTES, of.byteLength);
	return copy(into, at, new Uint8Array(of), 0, of.byteLength);
}

/** The same, with tag 1 before a TIME: Leshan needs it in plain CBOR. In SenML, `v` is a bare number. */
export function writeTagged(cursor: Cursor, into: Uint8Array, at: number): number {
	if (cursor.type === TIME) {
		into[at] = EPOCH;
		++at;
	}
	return writeValue(cursor, into, at);
}

function writeLong(into: Uint8Array, at: number, value: bigint): number {
	const major = value < 0n ? NEGATIVE : 0;
	const argument = value < 0n ? -1n - value : value;
	if (argument <= 0xffffffffn) return writeHead(into, at, major, Number(argument));
	into[at] = major | 27;
	return writeBig(into, at + 1, argument, 8);
}
