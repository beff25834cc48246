// application/cbor (60): one value as one CBOR item. OMA-TS-LightweightM2M_Core-V1_1_1 7.4.3, RFC 8949.
// A time carries tag 1, an object link is the text `3:0`. Allocates nothing but the value.

import { next as step } from "../lwm2m/cursor.js";
import type { Cursor } from "../lwm2m/cursor-state.js";
import type { Decoded } from "../lwm2m/decoded.js";
import type { ResourceType } from "../lwm2m/definition.js";
import type { Value } from "../lwm2m/path.js";
import { DEPTH, readHead, readValue, setItems, skipItem } from "./cbor-reader.js";
import { writeTagged } from "./cbor-writer.js";
import { CBOR, type Codec, END, MALFORMED, RECORD } from "./codec.js";
import { setPath, setTime } from "./record.js";

export const cbor: Codec = Object.freeze({ format: CBOR, isSingle: true, encode, open, next, value, hasValue });

function encode(cursor: Cursor, into: Uint8Array, at: number): number {
	return step(cursor) ? writeTagged(cursor, into, at) : -1;
}

function open(record: Decoded, from: Uint8Array, first: number, last: number): void {
	record.start = first;
	setItems(record, from, last);
	setTime(record, Number.NaN);
	record.status = MALFORMED;
	// exactly one item, that is neither an array nor a map
	if (skipItem(record, first, DEPTH) !== last) return;
	let at = readHead(record, first);
	while (record.major === 6) at = readHead(record, at);
	if (record.major !== 4 && record.major !== 5) record.status = RECORD;
}

function next(record: Decoded): number {
	if (record.status !== RECORD) return record.status;
	record.status = END;
	setPath(record, record.baseObject, record.baseInstance, record.baseResource, record.baseResourceInstance);
	return RECORD;
}

function hasValue(): boolean {
	return true;
}

function value(record: Decoded, type: ResourceType): Value | undefined {
	return record.status === MALFORMED ? undefined : readValue(record, record.start, type);
}
