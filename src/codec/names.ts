// Names of SenML and OMA JSON records: RFC 8428 4.5.1, a record's name is the base name in force followed by its own;
// OMA-TS-LightweightM2M_Core-V1_1_1 7.4.5, the result is the path of what the record holds.
// A scratch of 32 bytes and one of 4 ids are made at the first use and kept.
import { copy, readPath, writePath } from "../bytes.js";
import { instance as cursorInstance, resource as cursorResource, object, resourceInstance } from "../lwm2m/cursor.js";
import {
	baseInstance,
	baseObject,
	baseResource,
	baseResourceInstance,
	instance,
	object as recordObject,
	resourceInstance as recordResourceInstance,
	resource,
	setPath,
} from "./record.js";

/** Longer than any path: `/65534/65534/65534/65534/` has 25. */
const NAME_BYTES = 32;
const SLASH = 0x2f;

let name: Uint8Array | undefined;
let ids: Uint16Array | undefined;
let baseBytes = 0;

/** Forgets the base name. */
export function resetBaseName(): void {
	baseBytes = 0;
}

/** Takes a base name. @returns false where it is too long for a path */
export function setBaseName(from: Uint8Array, start: number, end: number): boolean {
	if (!name) name = new Uint8Array(NAME_BYTES);
	baseBytes = end - start;
	return copy(name, 0, from, start, end) <= NAME_BYTES;
}

/** Takes the request's path as base name, with the slash that separates it from what follows. */
export function setBaseNameToRequest(): void {
	if (!name) name = new Uint8Array(NAME_BYTES);
	baseBytes = writePath(name, 0, baseObject, baseInstance, baseResource, baseResourceInstance);
	endBaseName();
}

/** Appends a slash to a base name that lacks it. */
export function endBaseName(): void {
	if (!name || baseBytes === 0 || baseBytes >= NAME_BYTES || name[baseBytes - 1] === SLASH) return;
	name[baseBytes] = SLASH;
	++baseBytes;
}

/**
 * Puts the path that the base name and a name give into `record`.
 * @returns how many ids it has, 0..4; -1 where it is no path or not at or below the request's
 */
export function resolveName(from: Uint8Array, start: number, end: number): number {
	if (!ids) ids = new Uint16Array(4);
	let count: number;
	if (baseBytes === 0) count = start === end ? -1 : readPath(from, start, end, ids);
	else {
		const of = name!; // a base name has been put there
		const after = start === end ? baseBytes : copy(of, baseBytes, from, start, end);
		count = after > NAME_BYTES ? -1 : readPath(of, 0, after, ids);
	}
	if (count < 0) return -1;
	setPath(count > 0 ? ids[0]! : -1, count > 1 ? ids[1]! : -1, count > 2 ? ids[2]! : -1, count > 3 ? ids[3]! : -1);
	return isBelowRequest() ? count : -1;
}

/** True where the record's path is that of the request or below it. */
export function isBelowRequest(): boolean {
	return (
		baseObject < 0 ||
		(baseObject === recordObject &&
			(baseInstance < 0 ||
				(baseInstance === instance &&
					(baseResource < 0 ||
						(baseResource === resource &&
							(baseResourceInstance < 0 || baseResourceInstance === recordResourceInstance))))))
	);
}

/** A path as a text, for the JSON formats. */
export function pathText(o: number, i: number, r: number, ri: number): string {
	return ri < 0 ? `/${o}/${i}/${r}` : `/${o}/${i}/${r}/${ri}`;
}

/** How many of the first ids of the cursor's path are those given. At most 3. */
export function sharedIds(o: number, i: number, r: number): number {
	if (o !== object) return 0;
	if (i !== cursorInstance) return 1;
	return r === cursorResource ? 3 : 2;
}

/** Writes the cursor's path without its first `depth` ids, beginning with a slash. */
export function writeRest(into: Uint8Array, at: number, depth: number): number {
	if (depth === 1) return writePath(into, at, cursorInstance, cursorResource, resourceInstance, -1);
	if (depth === 2) return writePath(into, at, cursorResource, resourceInstance, -1, -1);
	return writePath(into, at, resourceInstance, -1, -1, -1);
}
