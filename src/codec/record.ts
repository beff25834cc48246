// What a decoder has read last: one record, which is a path and a value or the end of it. The state is in module
// variables, because it is written for every record of every Write; only the codecs write it.

/** The path of the record; -1 for what is absent (a TLV of a Create without an instance id, say). */
export let object = -1;
export let instance = -1;
export let resource = -1;
export let resourceInstance = -1;
/** Seconds since 1970 where the record carries its own time (SenML `t`), else NaN. */
export let time = Number.NaN;

/** The path of the request, which relative names are based on; -1 is absent. */
export let baseObject = -1;
export let baseInstance = -1;
export let baseResource = -1;
export let baseResourceInstance = -1;

export function setBase(o: number, i: number, r: number, ri: number): void {
	baseObject = o;
	baseInstance = i;
	baseResource = r;
	baseResourceInstance = ri;
}

export function setPath(o: number, i: number, r: number, ri: number): void {
	object = o;
	instance = i;
	resource = r;
	resourceInstance = ri;
}

export function setTime(seconds: number): void {
	time = seconds;
}
