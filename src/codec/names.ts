// Names of SenML and OMA JSON records: RFC 8428 4.5.1, a record's name is the base name in force followed by its own;
// OMA-TS-LightweightM2M_Core-V1_1_1 7.4.5, the result is the path of what the record holds.
// A scratch of 32 bytes and one of 4 ids are made at the first use and kept.

import { copy, readPath, writePath } from "../bytes.js";
import type { Cursor } from "../lwm2m/cursor-state.js";
import type { Decoded } from "../lwm2m/decoded.js";

import { setPath } from "./record.js";

/** Longer than any path: `/65534/65534/65534/65534/` has 25. */
const NAME_BYTES = 32;
const SLASH = 0x2f;

/** Forgets the base name. */
export function resetBaseName(record: Decoded): void {
	record.baseBytes = 0;
}

/** Takes a base name. @returns false where it is too long for a path */
export function setBaseName(record: Decoded, from: Uint8Array, start: number, end: number): boolean {
	if (!record.base) record.base = new Uint8Array(NAME_BYTES);
	record.baseBytes = end - start;
	return copy(record.base, 0, from, start, end) <= NAME_BYTES;
}

/** Takes the request's path as base name, with the slash that separates it from what follows. */
export function setBaseNameToRequest(record: Decoded): void {
	if (!record.base) record.base = new Uint8Array(NAME_BYTES);
	record.baseBytes = writePath(
		record.base,
		0,
		record.baseObject,
		record.baseInstance,
		record.baseResource,
		record.baseResourceInstance,
	);
	endBaseName(record);
}

/** Appends a slash to a base name that lacks it. */
export function endBaseName(record: Decoded): void {
	if (
		!record.base ||
		record.baseBytes === 0 ||
		record.baseBytes >= NAME_BYTES ||
		record.base[record.baseBytes - 1] === SLASH
	)
		return;
	record.base[record.baseBytes] = SLASH;
	++record.baseBytes;
}

/**
 * Puts the path that the base name and a name give into `record`.
 * @returns how many ids it has, 0..4; -1 where it is no path or not at or below the request's
 */
export function resolveName(record: Decoded, from: Uint8Array, start: number, end: number): number {
	if (!record.ids) record.ids = new Uint16Array(4);
	let count: number;
	if (record.baseBytes === 0) count = start === end ? -1 : readPath(from, start, end, record.ids);
	else {
		const of = record.base!; // a base name has been put there
		const after = start === end ? record.baseBytes : copy(of, record.baseBytes, from, start, end);
		count = after > NAME_BYTES ? -1 : readPath(of, 0, after, record.ids);
	}
	if (count < 0) return -1;
	setPath(
		record,
		count > 0 ? record.ids[0]! : -1,
		count > 1 ? record.ids[1]! : -1,
		count > 2 ? record.ids[2]! : -1,
		count > 3 ? record.ids[3]! : -1,
	);
	return isBelowRequest(record) ? count : -1;
}

/** True where the record's path is that of the request or below it. */
export function isBelowRequest(record: Decoded): boolean {
	return (
		record.baseObject < 0 ||
		(record.baseObject === record.object &&
			(record.baseInstance < 0 ||
				(record.baseInstance === record.instance &&
					(record.baseResource < 0 ||
						(record.baseResource === record.resource &&
							(record.baseResourceInstance < 0 || record.baseResourceInstance === record.resourceInstance))))))
	);
}

/** A path as a text, for the JSON formats. */
export function pathText(o: number, i: number, r: number, ri: number): string {
	return ri < 0 ? `/${o}/${i}/${r}` : `/${o}/${i}/${r}/${ri}`;
}

/** How many of the first ids of the cursor's path are those given. At most 3. */
export function sharedIds(cursor: Cursor, o: number, i: number, r: number): number {
	if (o !== cursor.object) return 0;
	if (i !== cursor.instance) return 1;
	return r === cursor.resource ? 3 : 2;
}

/** Writes the cursor's path without its first `depth` ids, beginning with a slash. */
export function writeRest(cursor: Cursor, into: Uint8Array, at: number, depth: number): number {
	if (depth === 1) return writePath(into, at, cursor.instance, cursor.resource, cursor.resourceInstance, -1);
	if (depth === 2) return writePath(into, at, cursor.resource, cursor.resourceInstance, -1, -1);
	return writePath(into, at, cursor.resourceInstance, -1, -1, -1);
}
