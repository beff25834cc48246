// application/octet-stream (42): the bytes of one opaque value. OMA-TS-LightweightM2M_Core-V1_1_1 7.4.2.
// Allocates a view of the value that is written, and the value that is read.

import { copy } from "../bytes.js";
import { next as step } from "../lwm2m/cursor.js";
import type { Cursor } from "../lwm2m/cursor-state.js";
import type { Decoded } from "../lwm2m/decoded.js";
import { OPAQUE, type ResourceType, STRING } from "../lwm2m/definition.js";
import type { Value } from "../lwm2m/path.js";
import { type Codec, OCTET_STREAM } from "./codec.js";
import { hasValue, next, open } from "./single.js";
import { copyOut } from "./value.js";

export const opaque: Codec = Object.freeze({
	format: OCTET_STREAM,
	isSingle: true,
	encode,
	open,
	next,
	value,
	hasValue,
});

function encode(cursor: Cursor, into: Uint8Array, at: number): number {
	if (!step(cursor)) return -1;
	const of = cursor.value;
	return typeof of === "object" ? copy(into, at, new Uint8Array(of), 0, of.byteLength) : -1;
}

function value(record: Decoded, type: ResourceType): Value | undefined {
	if (type === OPAQUE) return copyOut(record.from, record.start, record.end);
	// nothing is an empty text as well: so servers reset 5/0/1
	return type === STRING && record.start === record.end ? "" : undefined;
}
