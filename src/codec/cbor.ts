// application/cbor (60): one value as one CBOR item. OMA-TS-LightweightM2M_Core-V1_1_1 7.4.3, RFC 8949.
// A time carries tag 1, an object link is the text `3:0`. Allocates nothing but the value.
import { next as step } from "../lwm2m/cursor.js";
import type { ResourceType } from "../lwm2m/definition.js";
import type { Value } from "../lwm2m/path.js";
import { DEPTH, major, readHead, readValue, setItems, skipItem } from "./cbor-reader.js";
import { writeTagged } from "./cbor-writer.js";
import { CBOR, type Codec, END, MALFORMED, RECORD } from "./codec.js";
import { baseInstance, baseObject, baseResource, baseResourceInstance, setPath, setTime } from "./record.js";

let start = 0;
let status = END;

export const cbor: Codec = Object.freeze({ format: CBOR, isSingle: true, encode, open, next, value, hasValue });

function encode(into: Uint8Array, at: number): number {
	return step() ? writeTagged(into, at) : -1;
}

function open(from: Uint8Array, first: number, last: number): void {
	start = first;
	setItems(from, last);
	setTime(Number.NaN);
	status = MALFORMED;
	// exactly one item, that is neither an array nor a map
	if (skipItem(first, DEPTH) !== last) return;
	let at = readHead(first);
	while (major === 6) at = readHead(at);
	if (major !== 4 && major !== 5) status = RECORD;
}

function next(): number {
	if (status !== RECORD) return status;
	status = END;
	setPath(baseObject, baseInstance, baseResource, baseResourceInstance);
	return RECORD;
}

function hasValue(): boolean {
	return true;
}

function value(type: ResourceType): Value | undefined {
	return status === MALFORMED ? undefined : readValue(start, type);
}
