// The decoder's part of formats whose payload is one value, without a path: plain text and opaque. The path is the request's.
import type { Decoded } from "../lwm2m/decoded.js";
import { END, RECORD } from "./codec.js";
import { setPath, setTime } from "./record.js";

export function open(record: Decoded, of: Uint8Array, first: number, last: number): void {
	record.from = of;
	record.start = first;
	record.end = last;
	record.isRead = false;
	setTime(record, Number.NaN);
}

export function next(record: Decoded): number {
	if (record.isRead) return END;
	record.isRead = true;
	setPath(record, record.baseObject, record.baseInstance, record.baseResource, record.baseResourceInstance);
	return RECORD;
}

export function hasValue(): boolean {
	return true;
}
