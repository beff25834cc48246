// The paths of a composite operation: a flat list of four ids each, -1 for absent, in ascending order and none below
// another, so that two requests for the same are equal and no value is told twice. At most COMPOSITE_PATHS.
// OMA-TS-LightweightM2M_Core-V1_1_1 6.3.9, 6.4.4.
import { COMPOSITE_PATHS } from "../config.js";

/** @returns false where there would be too many */
export function addPath(
	paths: number[],
	object: number,
	instance: number,
	resource: number,
	resourceInstance: number,
): boolean {
	const ids = [object, instance, resource, resourceInstance];
	let at = 0;
	while (at < paths.length) {
		if (isBelow(ids, 0, paths, at)) return true;
		if (isBelow(paths, at, ids, 0)) paths.splice(at, 4);
		else at += 4;
	}
	if (paths.length >= 4 * COMPOSITE_PATHS) return false;
	at = 0;
	while (at < paths.length && isBefore(paths, at, ids)) at += 4;
	paths.splice(at, 0, ...ids);
	return true;
}

export function isSamePaths(a: readonly number[], b: readonly number[]): boolean {
	return a.length === b.length && a.every((id, index) => id === b[index]);
}

/** The objects that the paths name; of the root all of them. */
export function objectsOf(paths: readonly number[], all: readonly number[]): number[] {
	const objects: number[] = [];
	for (let i = 0; i < paths.length; i += 4) {
		if (paths[i]! < 0) return all.slice();
		if (!objects.includes(paths[i]!)) objects.push(paths[i]!);
	}
	return objects;
}

/** True where the first path is the second or lies below it. */
function isBelow(a: readonly number[], aAt: number, b: readonly number[], bAt: number): boolean {
	for (let i = 0; i < 4; i++) {
		if (b[bAt + i]! < 0) return true;
		if (a[aAt + i] !== b[bAt + i]) return false;
	}
	return true;
}

function isBefore(a: readonly number[], at: number, b: readonly number[]): boolean {
	for (let i = 0; i < 4; i++) if (a[at + i] !== b[i]) return a[at + i]! < b[i]!;
	return false;
}
