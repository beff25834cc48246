// Reads CBOR items (RFC 8949 3; the head is drawn in cbor-writer.ts) out of a payload that nobody vouches for: every
// length is checked against the payload's end, nesting is bounded, and an item is skipped, and so found to be well
// formed, before anything is taken out of it. Allocates only values.
import { copy, readFloat, readText, readUnsigned } from "../bytes.js";
import { BOOLEAN, CORELNK, OBJLNK, OPAQUE, type ResourceType, STRING } from "../lwm2m/definition.js";
import type { Value } from "../lwm2m/path.js";
import { copyOut, ofFloat, ofInteger, readLink } from "./value.js";

/** How deep items may nest, tags included. */
export const DEPTH = 8;
/** The byte that ends an item of indefinite length. */
export const BREAK = 0xff;
export const NULL = 0xf6;

/** Of the head read last: the major type, 0..7, and the argument; -1 for an indefinite length. */
export let major = 0;
export let argument: number | bigint = 0;
/** Of a float: its size in bytes; 0 for all else of major type 7. */
let floatBytes = 0;
let from: Uint8Array;
let end = 0;

/** Sets the payload that all the others read; it ends at `last`. */
export function setItems(of: Uint8Array, last: number): void {
	from = of;
	end = last;
}

/** Reads a head into `major` and `argument`. @returns the position after it; -1 where it is malformed or cut off */
export function readHead(at: number): number {
	if (at >= end) return -1;
	const first = from[at]!;
	const low = first & 31;
	++at;
	major = first >> 5;
	floatBytes = 0;
	if (low < 24) {
		argument = low;
		return at;
	}
	if (low < 28) {
		const size = 1 << (low - 24);
		at += size;
		if (at > end) return -1;
		if (major === 7 && size > 1) {
			floatBytes = size;
			argument = 0;
			return at;
		}
		argument = size === 1 ? from[at - 1]! : readUnsigned(from, at - size, size);
		// a simple value below 32 has no second byte, RFC 8949 3.3
		return major === 7 && argument < 32 ? -1 : at;
	}
	argument = -1;
	return low === 31 && major >= 2 && major <= 5 ? at : -1;
}

/** Skips an item. @param depth how deep it may nest; @returns the position after it; -1 where it is malformed */
export function skipItem(at: number, depth: number): number {
	if (depth === 0) return -1;
	at = readHead(at);
	if (at < 0) return -1;
	const kind = major;
	if (kind < 2 || kind === 7) return at;
	if (kind === 6) return skipItem(at, depth - 1);
	if (typeof argument === "bigint") return -1;
	let count = argument;
	if (count < 0) return kind < 4 ? skipChunks(at, kind) : skipUntilBreak(at, depth, kind);
	if (kind < 4) return at + count > end ? -1 : at + count;
	if (kind === 5) count *= 2;
	// every item takes a byte or more: the loop ends with the payload, however large the count
	for (; count > 0; --count) {
		at = skipItem(at, depth - 1);
		if (at < 0) return -1;
	}
	return at;
}

/** The item at a position as a value of the type; tags before it are passed over. It has been skipped before. */
export function readValue(at: number, type: ResourceType): Value | undefined {
	at = readHead(at);
	while (at >= 0 && major === 6) at = readHead(at);
	if (at < 0) return undefined;
	if (major === 0) return ofInteger(argument, type);
	if (major === 1) {
		// -1 - argument is a safe number but for the greatest safe argument
		if (typeof argument === "bigint") return ofInteger(-1n - argument, type);
		return ofInteger(argument === Number.MAX_SAFE_INTEGER ? -1n - BigInt(argument) : -1 - argument, type);
	}
	if (major === 7) {
		if (floatBytes > 0) return ofFloat(readFloat(from, at - floatBytes, floatBytes), type);
		return type !== BOOLEAN ? undefined : argument === 21 ? true : argument === 20 ? false : undefined;
	}
	if (typeof argument === "bigint") return undefined;
	if (major === 3) {
		if (type === STRING || type === CORELNK) return argument < 0 ? joinText(at) : readText(from, at, at + argument);
		return type === OBJLNK && argument >= 0 ? readLink(from, at, at + argument) : undefined;
	}
	if (major !== 2 || type !== OPAQUE) return undefined;
	return argument < 0 ? joinBytes(at) : copyOut(from, at, at + argument);
}

/** The chunks of a text or bytes of indefinite length: each is definite and of the same major type, RFC 8949 3.2.3. */
function skipChunks(at: number, kind: number): number {
	while (at < end && from[at] !== BREAK) {
		at = readHead(at);
		if (at < 0 || major !== kind || typeof argument === "bigint" || argument < 0) return -1;
		at += argument;
	}
	return at < end ? at + 1 : -1;
}

function skipUntilBreak(at: number, depth: number, kind: number): number {
	let count = 0;
	while (at < end && from[at] !== BREAK) {
		at = skipItem(at, depth - 1);
		if (at < 0) return -1;
		++count;
	}
	return at < end && (kind === 4 || (count & 1) === 0) ? at + 1 : -1;
}

function joinText(at: number): string | undefined {
	let text = "";
	while (from[at] !== BREAK) {
		at = readHead(at);
		const after = at + (argument as number); // `skipChunks` has refused the others
		const part = readText(from, at, after);
		if (part === undefined) return undefined;
		text += part;
		at = after;
	}
	return text;
}

function joinBytes(start: number): ArrayBuffer {
	let size = 0;
	for (let at = start; from[at] !== BREAK; ) {
		at = readHead(at) + (argument as number); // as above
		size += argument as number; // as above
	}
	const bytes = new Uint8Array(size);
	let to = 0;
	for (let at = start; from[at] !== BREAK; ) {
		at = readHead(at);
		const after = at + (argument as number); // as above
		to = copy(bytes, to, from, at, after);
		at = after;
	}
	return bytes.buffer;
}
