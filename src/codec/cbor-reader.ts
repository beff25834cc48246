// Reads CBOR items (RFC 8949 3; the head is drawn in cbor-writer.ts) out of a payload that nobody vouches for: every
// length is checked against the payload's end, nesting is bounded, and an item is skipped, and so found to be well
// formed, before anything is taken out of it. Allocates only values.

import { copy, readFloat, readText, readUnsigned } from "../bytes.js";
import type { Decoded } from "../lwm2m/decoded.js";
import { BOOLEAN, CORELNK, OBJLNK, OPAQUE, type ResourceType, STRING } from "../lwm2m/definition.js";
import type { Value } from "../lwm2m/path.js";
import { copyOut, ofFloat, ofInteger, readLink } from "./value.js";

/** How deep items may nest, tags included. */
export const DEPTH = 8;
/** The byte that ends an item of indefinite length. */
export const BREAK = 0xff;
export const NULL = 0xf6;

/** Sets the payload that all the others read; it ends at `last`. */
export function setItems(record: Decoded, of: Uint8Array, last: number): void {
	record.from = of;
	record.end = last;
}

/** Reads a head into `major` and `argument`. @returns the position after it; -1 where it is malformed or cut off */
export function readHead(record: Decoded, at: number): number {
	if (at >= record.end) return -1;
	const first = record.from[at]!;
	const low = first & 31;
	++at;
	record.major = first >> 5;
	record.floatBytes = 0;
	if (low < 24) {
		record.argument = low;
		return at;
	}
	if (low < 28) {
		const size = 1 << (low - 24);
		at += size;
		if (at > record.end) return -1;
		if (record.major === 7 && size > 1) {
			record.floatBytes = size;
			record.argument = 0;
			return at;
		}
		record.argument = size === 1 ? record.from[at - 1]! : readUnsigned(record.from, at - size, size);
		// a simple value below 32 has no second byte, RFC 8949 3.3
		return record.major === 7 && record.argument < 32 ? -1 : at;
	}
	record.argument = -1;
	return low === 31 && record.major >= 2 && record.major <= 5 ? at : -1;
}

/** Skips an item. @param depth how deep it may nest; @returns the position after it; -1 where it is malformed */
export function skipItem(record: Decoded, at: number, depth: number): number {
	if (depth === 0) return -1;
	at = readHead(record, at);
	if (at < 0) return -1;
	const kind = record.major;
	if (kind < 2 || kind === 7) return at;
	if (kind === 6) return skipItem(record, at, depth - 1);
	if (typeof record.argument === "bigint") return -1;
	let count = record.argument;
	if (count < 0) return kind < 4 ? skipChunks(record, at, kind) : skipUntilBreak(record, at, depth, kind);
	if (kind < 4) return at + count > record.end ? -1 : at + count;
	if (kind === 5) count *= 2;
	// every item takes a byte or more: the loop ends with the payload, however large the count
	for (; count > 0; --count) {
		at = skipItem(record, at, depth - 1);
		if (at < 0) return -1;
	}
	return at;
}

/** The item at a position as a value of the type; tags before it are passed over. It has been skipped before. */
export function readValue(record: Decoded, at: number, type: ResourceType): Value | undefined {
	at = readHead(record, at);
	while (at >= 0 && record.major === 6) at = readHead(record, at);
	if (at < 0) return undefined;
	if (record.major === 0) return ofInteger(record.argument, type);
	if (record.major === 1) {
		// -1 - argument is a safe number but for the greatest safe argument
		if (typeof record.argument === "bigint") return ofInteger(-1n - record.argument, type);
		return ofInteger(
			record.argument === Number.MAX_SAFE_INTEGER ? -1n - BigInt(record.argument) : -1 - record.argument,
			type,
		);
	}
	if (record.major === 7) {
		if (record.floatBytes > 0) return ofFloat(readFloat(record.from, at - record.floatBytes, record.floatBytes), type);
		return type !== BOOLEAN ? undefined : record.argument === 21 ? true : record.argument === 20 ? false : undefined;
	}
	if (typeof record.argument === "bigint") return undefined;
	if (record.major === 3) {
		if (type === STRING || type === CORELNK)
			return record.argument < 0 ? joinText(record, at) : readText(record.from, at, at + record.argument);
		return type === OBJLNK && record.argument >= 0 ? readLink(record.from, at, at + record.argument) : undefined;
	}
	if (record.major !== 2 || type !== OPAQUE) return undefined;
	return record.argument < 0 ? joinBytes(record, at) : copyOut(record.from, at, at + record.argument);
}

/** The chunks of a text or bytes of indefinite length: each is definite and of the same major type, RFC 8949 3.2.3. */
function skipChunks(record: Decoded, at: number, kind: number): number {
	while (at < record.end && record.from[at] !== BREAK) {
		at = readHead(record, at);
		if (at < 0 || record.major !== kind || typeof record.argument === "bigint" || record.argument < 0) return -1;
		at += record.argument;
	}
	return at < record.end ? at + 1 : -1;
}

function skipUntilBreak(record: Decoded, at: number, depth: number, kind: number): number {
	let count = 0;
	while (at < record.end && record.from[at] !== BREAK) {
		at = skipItem(record, at, depth - 1);
		if (at < 0) return -1;
		++count;
	}
	return at < record.end && (kind === 4 || (count & 1) === 0) ? at + 1 : -1;
}

function joinText(record: Decoded, at: number): string | undefined {
	let text = "";
	while (record.from[at] !== BREAK) {
		at = readHead(record, at);
		const after = at + (record.argument as number); // `skipChunks` has refused the others
		const part = readText(record.from, at, after);
		if (part === undefined) return undefined;
		text += part;
		at = after;
	}
	return text;
}

function joinBytes(record: Decoded, start: number): ArrayBuffer {
	let size = 0;
	for (let at = start; record.from[at] !== BREAK; ) {
		at = readHead(record, at) + (record.argument as number); // as above
		size += record.argument as number; // as above
	}
	const bytes = new Uint8Array(size);
	let to = 0;
	for (let at = start; record.from[at] !== BREAK; ) {
		at = readHead(record, at);
		const after = at + (record.argument as number); // as above
		to = copy(bytes, to, record.from, at, after);
		at = after;
	}
	return bytes.buffer;
}
