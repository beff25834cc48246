// Reads JSON (RFC 8259) out of a payload that nobody vouches for, byte by byte and without an object of it: nesting is
// bounded, member names become numbers, and a value is skipped, and so found to be well formed, before it is taken.
// Allocates values; for a string with escapes also its plain bytes.

import { readInteger, readNumber, readText, textBytes, writeText } from "../bytes.js";
import type { Decoded } from "../lwm2m/decoded.js";
import { BOOLEAN, CORELNK, FLOAT, OBJLNK, OPAQUE, type ResourceType, STRING } from "../lwm2m/definition.js";
import type { Value } from "../lwm2m/path.js";
import { ofFloat, ofInteger, readLink, readOpaque } from "./value.js";

/** How deep values may nest. */
export const DEPTH = 8;

export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const OPEN_ARRAY = 0x5b;
export const CLOSE_ARRAY = 0x5d;
export const OPEN_OBJECT = 0x7b;
export const CLOSE_OBJECT = 0x7d;
export const LETTER_N = 0x6e;
const BACKSLASH = 0x5c;
const MINUS = 0x2d;
const ZERO = 0x30;
const UNDERSCORE = 0x5f;

/** Sets the payload that all the others read; it ends at `last`. */
export function setText(record: Decoded, of: Uint8Array, last: number): void {
	record.from = of;
	record.end = last;
}

/** The byte at a position; -1 at the end, and where the position is -1, malformed. */
export function byteAt(record: Decoded, at: number): number {
	return at >= 0 && at < record.end ? record.from[at]! : -1;
}

export function skipSpace(record: Decoded, at: number): number {
	while (at < record.end) {
		const byte = record.from[at]!;
		if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) break;
		++at;
	}
	return at;
}

/** Enters an array or object. @returns the position of its first part or of its end; -1 where there is none */
export function enter(record: Decoded, at: number, open: number): number {
	return byteAt(record, at) === open ? skipSpace(record, at + 1) : -1;
}

/** Goes on behind a part that ended at `at`. @returns the position of the next part or of the end; -1 where malformed */
export function follow(record: Decoded, at: number, close: number): number {
	if (at < 0) return -1;
	at = skipSpace(record, at);
	const byte = byteAt(record, at);
	if (byte === close) return at;
	if (byte !== COMMA) return -1;
	at = skipSpace(record, at + 1);
	return byteAt(record, at) === close ? -1 : at;
}

/** Reads a member's name into `key`. @returns the position of its value; -1 where it is malformed or escaped */
export function readKey(record: Decoded, at: number): number {
	const after = byteAt(record, at) === QUOTE ? skipString(record, at) : -1;
	if (after < 0 || record.hasEscape) return -1;
	record.key = 0;
	if (after - at <= 6) for (let i = at + 1; i < after - 1; ++i) record.key = (record.key << 8) | record.from[i]!;
	record.isMandatory = record.from[after - 2] === UNDERSCORE;
	at = skipSpace(record, after);
	return byteAt(record, at) === COLON ? skipSpace(record, at + 1) : -1;
}

/** Skips a value. @param depth how deep it may nest; @returns the position after it; -1 where it is malformed */
export function skipValue(record: Decoded, at: number, depth: number): number {
	const byte = byteAt(record, at);
	if (byte === QUOTE) return skipString(record, at);
	if (byte === MINUS || isDigit(byte)) return skipNumber(record, at);
	if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) {
		if (depth === 0) return -1;
		const close = byte === OPEN_ARRAY ? CLOSE_ARRAY : CLOSE_OBJECT;
		at = enter(record, at, byte);
		while (at >= 0 && byteAt(record, at) !== close) {
			if (close === CLOSE_OBJECT) at = readKey(record, at);
			if (at >= 0) at = follow(record, skipValue(record, at, depth - 1), close);
		}
		return at < 0 ? -1 : at + 1;
	}
	if (byte === 0x74) return skipWord(record, at, "true");
	return byte === LETTER_N ? skipWord(record, at, "null") : skipWord(record, at, "false");
}

/** True where a number begins. */
export function isNumber(record: Decoded, at: number): boolean {
	const byte = byteAt(record, at);
	return byte === MINUS || isDigit(byte);
}

/** Takes the string at a position, which has been skipped before. @returns false where its escapes give no text */
export function takeString(record: Decoded, at: number): boolean {
	const after = skipString(record, at);
	record.stringFrom = record.from;
	record.stringStart = at + 1;
	record.stringEnd = after - 1;
	if (!record.hasEscape) return true;
	const text = plainText(record, record.stringStart, record.stringEnd);
	if (text === undefined) return false;
	record.stringFrom = new Uint8Array(textBytes(text));
	record.stringStart = 0;
	record.stringEnd = writeText(record.stringFrom, 0, text);
	return true;
}

/** The value at a position as a value of the type. It has been skipped before. */
export function readValue(record: Decoded, at: number, type: ResourceType): Value | undefined {
	const byte = byteAt(record, at);
	if (byte === QUOTE) {
		if (!takeString(record, at)) return undefined;
		if (type === STRING || type === CORELNK) return readText(record.stringFrom, record.stringStart, record.stringEnd);
		if (type === OPAQUE) return readOpaque(record.stringFrom, record.stringStart, record.stringEnd);
		return type === OBJLNK ? readLink(record.stringFrom, record.stringStart, record.stringEnd) : undefined;
	}
	if (byte === 0x74 || byte === 0x66) return type === BOOLEAN ? byte === 0x74 : undefined;
	if (!isNumber(record, at)) return undefined;
	const after = skipNumber(record, at);
	const number = readNumber(record.from, at, after);
	if (type === FLOAT) return number - number === 0 ? number : undefined;
	const integer = readInteger(record.from, at, after);
	if (integer !== undefined) return ofInteger(integer, type);
	// with a fraction or an exponent, so only exact where a float64 surely is
	return Number.isSafeInteger(number) ? ofFloat(number, type) : undefined;
}

/** Skips a string; control characters and unknown escapes are malformed. Sets `hasEscape`. */
function skipString(record: Decoded, at: number): number {
	record.hasEscape = false;
	for (++at; at < record.end; ++at) {
		const byte = record.from[at]!;
		if (byte === QUOTE) return at + 1;
		if (byte < 0x20) return -1;
		if (byte !== BACKSLASH) continue;
		record.hasEscape = true;
		++at;
		const letter = byteAt(record, at);
		if (letter === 0x75) {
			if (unit(record, at) < 0) return -1;
			at += 4;
		} else if (escapedBy(letter) < 0) return -1;
	}
	return -1;
}

function skipNumber(record: Decoded, at: number): number {
	if (byteAt(record, at) === MINUS) ++at;
	if (byteAt(record, at) === ZERO) ++at;
	else at = skipDigits(record, at);
	if (byteAt(record, at) === 0x2e) at = skipDigits(record, at + 1);
	const mark = byteAt(record, at);
	if (mark !== 0x65 && mark !== 0x45) return at;
	const sign = byteAt(record, at + 1);
	return skipDigits(record, sign === MINUS || sign === 0x2b ? at + 2 : at + 1);
}

/** Skips one digit or more. */
function skipDigits(record: Decoded, at: number): number {
	if (!isDigit(byteAt(record, at))) return -1;
	while (isDigit(byteAt(record, at))) ++at;
	return at;
}

function isDigit(byte: number): boolean {
	return byte >= ZERO && byte <= 0x39;
}

function skipWord(record: Decoded, at: number, word: string): number {
	for (let i = 0; i < word.length; ++i) if (byteAt(record, at + i) !== word.charCodeAt(i)) return -1;
	return at + word.length;
}

/** The text of a string with escapes. @returns undefined for bad UTF-8 and for half of a surrogate pair */
function plainText(record: Decoded, at: number, last: number): string | undefined {
	let text = "";
	while (at < last) {
		let run = at;
		while (run < last && record.from[run] !== BACKSLASH) ++run;
		const plain = readText(record.from, at, run);
		if (plain === undefined) return undefined;
		text += plain;
		if (run === last) break;
		at = run + 2;
		if (record.from[run + 1] !== 0x75) {
			text += String.fromCodePoint(escapedBy(record.from[run + 1]!));
			continue;
		}
		let code = unit(record, run + 1);
		at += 4;
		if (code >= 0xd800 && code < 0xe000) {
			const low = record.from[at] === BACKSLASH && record.from[at + 1] === 0x75 ? unit(record, at + 1) : 0;
			if (code >= 0xdc00 || low < 0xdc00 || low > 0xdfff) return undefined;
			code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
			at += 6;
		}
		text += String.fromCodePoint(code);
	}
	return text;
}

/** The 16 bits of four hexadecimal digits behind the `u` at a position; -1 where they are not. */
function unit(record: Decoded, at: number): number {
	let value = 0;
	for (let i = 1; i <= 4; ++i) {
		const byte = byteAt(record, at + i);
		const letter = byte | 0x20;
		const digit = isDigit(byte) ? byte - ZERO : letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
		if (digit < 0) return -1;
		value = value * 16 + digit;
	}
	return value;
}

/** What a backslash and a character stand for, RFC 8259 7; -1 where nothing. */
function escapedBy(letter: number): number {
	switch (letter) {
		case QUOTE:
		case BACKSLASH:
		case 0x2f:
			return letter;
		case 0x62:
			return 8;
		case 0x66:
			return 12;
		case 0x6e:
			return 10;
		case 0x72:
			return 13;
		case 0x74:
			return 9;
		default:
			return -1;
	}
}
