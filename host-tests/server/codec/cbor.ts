// application/cbor (60): one value (RFC 8949; OMA TS Core 1.1.1, 7.4.3), and the CBOR library for the other formats.

import { Decoder, Encoder } from "cbor-x";
import { modelOf } from "../lwm2m/model.js";
import type { Leaf } from "../lwm2m/node.js";
import type { Path } from "../lwm2m/path.js";
import { CodecError, coerce, formatObjectLink, guessType, type RawValue, type Value } from "../lwm2m/value.js";

const OPTIONS = { mapsAsObjects: false, useRecords: false, tagUint8Array: false, variableMapSize: true };

const encoder = new Encoder(OPTIONS);
const decoder = new Decoder(OPTIONS);

export function decodeCbor(payload: Buffer, path: Path): Leaf {
	const raw = asRawValue(readCbor(payload));
	const type = modelOf(path[0], path[2])?.type ?? guessType(raw);
	return { path, type, value: coerce(raw, type) };
}

export function encodeCbor(value: Value): Buffer {
	return writeCbor(toCborValue(value));
}

/** Decodes exactly one item: Maps for maps, BigInt for 64-bit integers. */
export function readCbor(bytes: Buffer): unknown {
	try {
		return decoder.decode(bytes);
	} catch (error) {
		throw new CodecError(`bad CBOR: ${error instanceof Error ? error.message : String(error)}`);
	}
}

export function writeCbor(item: unknown): Buffer {
	return Buffer.from(encoder.encode(item));
}

/** Integers as numbers where 32 bits hold them: the library writes those in their shortest form. */
export function toCborValue(value: Value): unknown {
	if (typeof value === "bigint") return value >= -0x80000000n && value <= 0x7fffffffn ? Number(value) : value;
	if (typeof value === "object" && !Buffer.isBuffer(value)) return formatObjectLink(value);
	return value;
}

export function asRawValue(item: unknown): RawValue {
	if (item instanceof Uint8Array) return Buffer.from(item);
	if (item instanceof Date) return item;
	switch (typeof item) {
		case "string":
		case "number":
		case "bigint":
		case "boolean":
			return item;
		default:
			throw new CodecError("a CBOR item that is no value of a resource");
	}
}
