// What the content formats share of values: object links as text, and numbers checked against a resource's type.
// OMA-TS-LightweightM2M_Core-V1_1_1 appendix C. Allocates only where a value is a bigint or an opaque.
import { copy, readBase64, readInteger, writeInteger } from "../bytes.js";
import { FLOAT, INTEGER, INTEGER_END, type ResourceType, TIME, UNSIGNED, UNSIGNED_END } from "../lwm2m/definition.js";
import { linkInstance, linkObject, objectLink, type Value } from "../lwm2m/path.js";

const COLON = 0x3a;

/** Writes an object link as `object:instance`. */
export function writeLink(into: Uint8Array, at: number, link: number): number {
	const of = link as Parameters<typeof linkObject>[0]; // a value of type OBJLNK is a link, see `fits`
	at = writeInteger(into, at, linkObject(of));
	into[at] = COLON;
	return writeInteger(into, at + 1, linkInstance(of));
}

/** Reads `object:instance`. @returns undefined where it is malformed or an id is above 65535. */
export function readLink(from: Uint8Array, start: number, end: number): Value | undefined {
	let colon = start;
	while (colon < end && from[colon] !== COLON) ++colon;
	if (colon === start || colon + 1 >= end) return undefined;
	const object = readInteger(from, start, colon);
	const instance = readInteger(from, colon + 1, end);
	if (typeof object !== "number" || typeof instance !== "number") return undefined;
	if (object < 0 || object > 65535 || instance < 0 || instance > 65535) return undefined;
	return objectLink(object, instance);
}

/** An integer as a value of the type: a FLOAT takes any, the others what their range holds, the rest none. */
export function ofInteger(value: number | bigint, type: ResourceType): Value | undefined {
	if (type === FLOAT) return Number(value);
	if (typeof value === "number")
		return type === INTEGER || type === TIME || (type === UNSIGNED && value >= 0) ? value : undefined;
	if (type === INTEGER) return value >= -INTEGER_END && value < INTEGER_END ? value : undefined;
	return type === UNSIGNED && value >= 0n && value < UNSIGNED_END ? value : undefined;
}

/** A float as a value of the type; the integer types take it where it is whole. */
export function ofFloat(value: number, type: ResourceType): Value | undefined {
	if (type === FLOAT) return value;
	if (Math.floor(value) !== value || value - value !== 0) return undefined;
	return ofInteger(Number.isSafeInteger(value) ? value + 0 : BigInt(value), type);
}

/** A copy of the bytes `[start, end)`, as an opaque value. */
export function copyOut(from: Uint8Array, start: number, end: number): ArrayBuffer {
	const bytes = new Uint8Array(end - start);
	copy(bytes, 0, from, start, end);
	return bytes.buffer;
}

/** The opaque value of base64 text, either alphabet. @returns undefined where it is malformed */
export function readOpaque(from: Uint8Array, start: number, end: number): ArrayBuffer | undefined {
	// at the end of the buffer there is no room, so that this only measures
	const after = readBase64(from, from.length, from, start, end);
	if (after < 0) return undefined;
	const bytes = new Uint8Array(after - from.length);
	readBase64(bytes, 0, from, start, end);
	return bytes.buffer;
}
