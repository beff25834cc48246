// application/octet-stream (42): the bytes of one opaque value. OMA-TS-LightweightM2M_Core-V1_1_1 7.4.2.
// Allocates a view of the value that is written, and the value that is read.
import { copy } from "../bytes.js";
import { value as cursorValue, next as step } from "../lwm2m/cursor.js";
import { OPAQUE, type ResourceType } from "../lwm2m/definition.js";
import type { Value } from "../lwm2m/path.js";
import { type Codec, END, OCTET_STREAM, RECORD } from "./codec.js";
import { baseInstance, baseObject, baseResource, baseResourceInstance, setPath, setTime } from "./record.js";
import { copyOut } from "./value.js";

let from: Uint8Array;
let start = 0;
let end = 0;
let isRead = false;

export const opaque: Codec = Object.freeze({
	format: OCTET_STREAM,
	isSingle: true,
	encode,
	open,
	next,
	value,
	hasValue,
});

function encode(into: Uint8Array, at: number): number {
	if (!step()) return -1;
	const of = cursorValue;
	return typeof of === "object" ? copy(into, at, new Uint8Array(of), 0, of.byteLength) : -1;
}

function open(of: Uint8Array, first: number, last: number): void {
	from = of;
	start = first;
	end = last;
	isRead = false;
	setTime(Number.NaN);
}

function next(): number {
	if (isRead) return END;
	isRead = true;
	setPath(baseObject, baseInstance, baseResource, baseResourceInstance);
	return RECORD;
}

function hasValue(): boolean {
	return true;
}

function value(type: ResourceType): Value | undefined {
	return type === OPAQUE ? copyOut(from, start, end) : undefined;
}
