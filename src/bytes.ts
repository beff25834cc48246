// Bytes, text and integers in buffers that the caller owns. This is the plain TypeScript version, used on Node;
// on XS the manifest maps the same module id to src/native/bytes (C), because text in JavaScript costs twenty times
// as much there. One unit test runs against both.
//
// Writers: `into` from `at`; the result is the position after what was written. Where there is no room, nothing is
// written and the result is the same: it then lies beyond `into.length`. So a caller checks once, at the end, and an
// encoder that runs past the end has measured what it needs.
// Readers: `[start, end)` of `from`. Positions are whole numbers; `0 <= start <= end <= from.length` is the caller's
// duty, and a RangeError in the native version.

import { isDecimal, isDigits } from "./scan.js";

/** UTF-8 length of a text, bytes. Lone surrogates count as U+FFFD (3 bytes). */
export function textBytes(text: string): number {
	let count = 0;
	for (const character of text) {
		const code = character.codePointAt(0)!;
		count += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
	}
	return count;
}

/** Writes a text as UTF-8. Lone surrogates become U+FFFD; U+0000 is one zero byte. */
export function writeText(into: Uint8Array, at: number, text: string): number {
	const end = at + textBytes(text);
	if (end > into.length) return end;
	for (const character of text) {
		let code = character.codePointAt(0)!;
		if (code >= 0xd800 && code <= 0xdfff) code = 0xfffd;
		if (code < 0x80) into[at++] = code;
		else {
			const extra = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
			into[at++] = [0, 0xc0, 0xe0, 0xf0][extra]! | (code >> (6 * extra));
			for (let i = extra - 1; i >= 0; i--) into[at++] = 0x80 | ((code >> (6 * i)) & 0x3f);
		}
	}
	return at;
}

/** Reads UTF-8. @returns undefined where it is malformed (overlong, surrogate, above U+10FFFF, truncated). */
export function readText(from: Uint8Array, start: number, end: number): string | undefined {
	let text = "";
	while (start < end) {
		const lead = from[start++]!;
		if (lead < 0x80) {
			text += String.fromCharCode(lead);
			continue;
		}
		const extra =
			lead >= 0xc2 && lead < 0xe0 ? 1 : lead >= 0xe0 && lead < 0xf0 ? 2 : lead >= 0xf0 && lead < 0xf5 ? 3 : 0;
		if (extra === 0 || start + extra > end) return undefined;
		let code = lead & (0x3f >> extra);
		for (let i = 0; i < extra; i++) {
			const next = from[start++]!;
			if ((next & 0xc0) !== 0x80) return undefined;
			code = (code << 6) | (next & 0x3f);
		}
		if (code < [0, 0x80, 0x800, 0x10000][extra]! || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
			return undefined;
		text += String.fromCodePoint(code);
	}
	return text;
}

/** Copies `from[start, end)`; the ranges may overlap. */
export function copy(into: Uint8Array, at: number, from: Uint8Array, start: number, end: number): number {
	const after = at + end - start;
	if (after <= into.length) into.set(from.subarray(start, end), at);
	return after;
}

/** True where `count` bytes are the same. A range that leaves its buffer is not equal to anything. */
export function equal(a: Uint8Array, aAt: number, b: Uint8Array, bAt: number, count: number): boolean {
	if (aAt + count > a.length || bAt + count > b.length) return false;
	for (let i = 0; i < count; i++) if (a[aAt + i] !== b[bAt + i]) return false;
	return true;
}

/** FNV-1a, 32 bits, as an integer from -2^31 to 2^31 - 1. For ETags and look-ups, not for security. */
export function hash(from: Uint8Array, start: number, end: number): number {
	let value = 0x811c9dc5 | 0;
	for (let i = start; i < end; i++) value = Math.imul(value ^ from[i]!, 0x01000193);
	return value;
}

/** Writes an integer in decimal. @param value a safe integer, or a bigint of any size. */
export function writeInteger(into: Uint8Array, at: number, value: number | bigint): number {
	return writeText(into, at, Object.is(value, -0) ? "0" : value.toString());
}

/**
 * Reads a decimal integer: an optional `-`, then 1 to 20 digits.
 * @returns a number where it is safe, else a bigint; undefined where malformed or outside -2^63 .. 2^64 - 1.
 */
export function readInteger(from: Uint8Array, start: number, end: number): number | bigint | undefined {
	const text = readText(from, start, end);
	if (text === undefined || !isDigits(text[0] === "-" ? text.slice(1) : text, 20)) return undefined;
	const value = BigInt(text);
	if (value < -(2n ** 63n) || value >= 2n ** 64n) return undefined;
	return narrow(value);
}

/**
 * Writes a number in the shortest decimal that reads back as the same float64, with an exponent where JavaScript
 * writes one. @param value any number; NaN and the infinities are written as `NaN`, `Infinity`, `-Infinity`.
 */
export function writeNumber(into: Uint8Array, at: number, value: number): number {
	return writeText(into, at, value.toString());
}

/** Reads a decimal number, `-?digits[.digits][e[+-]digits]`, a leading `+` allowed. @returns NaN where malformed. */
export function readNumber(from: Uint8Array, start: number, end: number): number {
	const text = readText(from, start, end);
	return text !== undefined && isDecimal(text) ? Number(text) : Number.NaN;
}

/** Writes the low `size` bytes of an integer, big-endian, two's complement. @param size 1..8 */
export function writeBig(into: Uint8Array, at: number, value: number | bigint, size: number): number {
	if (at + size > into.length) return at + size;
	let rest = BigInt.asUintN(64, BigInt(value));
	for (let i = size - 1; i >= 0; i--) {
		into[at + i] = Number(rest & 0xffn);
		rest >>= 8n;
	}
	return at + size;
}

/** Reads an unsigned big-endian integer. @param size 0..8; @returns a number where it is safe, else a bigint. */
export function readUnsigned(from: Uint8Array, at: number, size: number): number | bigint {
	let value = 0n;
	for (let i = 0; i < size; i++) value = (value << 8n) | BigInt(from[at + i]!);
	return narrow(value);
}

/** Reads a two's complement big-endian integer. @param size 1..8; @returns a number where it is safe, else a bigint. */
export function readSigned(from: Uint8Array, at: number, size: number): number | bigint {
	return narrow(BigInt.asIntN(8 * size, BigInt(readUnsigned(from, at, size))));
}

/** The fewest bytes, 2, 4 or 8, in which an IEEE 754 float holds the value exactly. NaN takes 2. */
export function floatSize(value: number): number {
	if (value !== value) return 2;
	if (Math.fround(value) !== value) return 8;
	return halfBits(value) >= 0 ? 2 : 4;
}

/** Writes an IEEE 754 float, big-endian. @param size 2, 4 or 8; 2 only where `floatSize` says 2. */
export function writeFloat(into: Uint8Array, at: number, value: number, size: number): number {
	if (at + size > into.length) return at + size;
	const view = new DataView(into.buffer, into.byteOffset, into.byteLength);
	if (size === 8) view.setFloat64(at, value);
	else if (size === 4) view.setFloat32(at, value);
	else view.setUint16(at, value !== value ? 0x7e00 : halfBits(value));
	return at + size;
}

/** Reads an IEEE 754 float, big-endian. @param size 2, 4 or 8 */
export function readFloat(from: Uint8Array, at: number, size: number): number {
	const view = new DataView(from.buffer, from.byteOffset, from.byteLength);
	if (size === 8) return view.getFloat64(at);
	if (size === 4) return view.getFloat32(at);
	const bits = view.getUint16(at);
	const exponent = (bits >> 10) & 0x1f;
	const fraction = bits & 0x3ff;
	const sign = bits & 0x8000 ? -1 : 1;
	if (exponent === 0) return sign * fraction * 2 ** -24;
	if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
	return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

const base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/**
 * Writes `from[start, end)` in base64 (RFC 4648): `isUrl` false with `+/` and padding (section 4),
 * true with `-_` and none (section 5, as SenML wants it).
 */
export function writeBase64(
	into: Uint8Array,
	at: number,
	from: Uint8Array,
	start: number,
	end: number,
	isUrl: boolean,
): number {
	const alphabet = base64 + (isUrl ? "-_" : "+/");
	let text = "";
	for (; start < end; start += 3) {
		const count = Math.min(3, end - start);
		const group = (from[start]! << 16) | ((count > 1 ? from[start + 1]! : 0) << 8) | (count > 2 ? from[start + 2]! : 0);
		for (let i = 0; i <= count; i++) text += alphabet[(group >> (18 - 6 * i)) & 63];
		if (!isUrl) text += "===".slice(count);
	}
	return writeText(into, at, text);
}

/**
 * Reads base64 of either alphabet, padded or not, into `into` from `at`; may decode in place (`into === from`,
 * `at <= start`). @returns the position after the bytes, beyond `into.length` where there is no room; -1 where malformed.
 */
export function readBase64(into: Uint8Array, at: number, from: Uint8Array, start: number, end: number): number {
	let padding = 0;
	while (padding < 2 && end > start && from[end - 1] === 0x3d) {
		end--;
		padding++;
	}
	const count = end - start;
	if (count % 4 === 1 || (padding > 0 && (count + padding) % 4 !== 0)) return -1;
	const after = at + Math.floor((count * 3) / 4);
	let group = 0;
	let bits = 0;
	for (; start < end; start++) {
		const character = String.fromCharCode(from[start]!);
		const digit =
			character === "+" || character === "-"
				? 62
				: character === "/" || character === "_"
					? 63
					: base64.indexOf(character);
		if (digit < 0) return -1;
		group = ((group << 6) | digit) & 0xffff;
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			if (after <= into.length) into[at] = group >> bits;
			at++;
		}
	}
	return (group & ((1 << bits) - 1)) === 0 ? after : -1;
}

/** Writes a path, `/3/0/9`: each id from 0 to 65535, -1 and all after it are left out; all -1 is `/`. */
export function writePath(
	into: Uint8Array,
	at: number,
	object: number,
	instance: number,
	resource: number,
	resourceInstance: number,
): number {
	let text = object < 0 ? "/" : `/${object}`;
	if (object >= 0 && instance >= 0) {
		text += `/${instance}`;
		if (resource >= 0) {
			text += `/${resource}`;
			if (resourceInstance >= 0) text += `/${resourceInstance}`;
		}
	}
	return writeText(into, at, text);
}

/**
 * Reads a path, `/`, `/3`, `/3/0`, `/3/0/9`, `/3/0/11/0`; the leading slash may be absent and one at the end present.
 * Ids are decimal, 0 to 65534, without a sign or leading zeros (OMA-TS-LightweightM2M_Core 7.3.1: 65535 is reserved).
 * @param ids takes the ids; what is absent is left as it was. At least 4 elements.
 * @returns how many there are, 0..4; -1 where malformed.
 */
export function readPath(from: Uint8Array, start: number, end: number, ids: Uint16Array): number {
	const text = readText(from, start, end);
	return text === undefined ? -1 : parsePath(text, ids);
}

/** `readPath` of a text. */
export function parsePath(text: string, ids: Uint16Array): number {
	const parts = text.split("/");
	if (parts[0] === "") parts.shift();
	if (parts[0] !== "" && parts[parts.length - 1] === "") parts.pop();
	if (parts.length === 0 || (parts.length === 1 && parts[0] === "")) return 0;
	if (parts.length > 4) return -1;
	for (const part of parts)
		if (!isDigits(part, 5) || (part[0] === "0" && part !== "0") || Number(part) > 65534) return -1;
	for (let i = 0; i < parts.length; i++) ids[i] = Number(parts[i]);
	return parts.length;
}

/** The bits of a half float that is exactly the value; -1 where none is. The value is a float32, not NaN. */
function halfBits(value: number): number {
	const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
	const size = Math.abs(value);
	if (size === Number.POSITIVE_INFINITY) return sign | 0x7c00;
	if (size > 65504) return -1;
	if (size < 2 ** -14) {
		const fraction = size * 2 ** 24;
		return fraction === Math.floor(fraction) ? sign | fraction : -1;
	}
	const exponent = Math.floor(Math.log2(size));
	const fraction = size * 2 ** (10 - exponent) - 1024;
	return fraction === Math.floor(fraction) ? sign | ((exponent + 15) << 10) | fraction : -1;
}

function narrow(value: bigint): number | bigint {
	return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}
