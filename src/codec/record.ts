// What the decoders tell of a record: its path and time go into `Decoded`, which says what they mean.
import type { Decoded } from "../lwm2m/decoded.js";

export function setBase(record: Decoded, o: number, i: number, r: number, ri: number): void {
	record.baseObject = o;
	record.baseInstance = i;
	record.baseResource = r;
	record.baseResourceInstance = ri;
}

export function setPath(record: Decoded, o: number, i: number, r: number, ri: number): void {
	record.object = o;
	record.instance = i;
	record.resource = r;
	record.resourceInstance = ri;
}

export function setTime(record: Decoded, seconds: number): void {
	record.time = seconds;
}
