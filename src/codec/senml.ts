// What SenML's two forms share: the labels (RFC 8428 4.3 and 6), which label holds which type, and the record's time.
import type { Decoded } from "../lwm2m/decoded.js";
import type { ResourceType } from "../lwm2m/definition.js";
import { setTime } from "./record.js";

/** The labels as the CBOR form numbers them. `vlo` is a text there too (OMA-TS-LightweightM2M_Core-V1_1_1 7.4.6). */
export const BASE_VERSION = -1;
export const BASE_NAME = -2;
export const BASE_TIME = -3;
export const BASE_VALUE = -5;
export const NAME = 0;
export const VALUE = 2;
export const TEXT_VALUE = 3;
export const BOOLEAN_VALUE = 4;
export const SUM = 5;
export const TIME = 6;
export const UPDATE_TIME = 7;
export const DATA_VALUE = 8;
export const LINK_VALUE = 9;
/** Any other: it is passed over. */
export const UNKNOWN = 10;

/** The version of SenML that RFC 8428 defines; a pack of a later one cannot be read (4.4). */
export const VERSION = 10;

/** The label under which a value stands, by type: in the order of the types in lwm2m/definition. */
export const LABELS: readonly number[] = Object.freeze([
	VALUE,
	TEXT_VALUE,
	VALUE,
	VALUE,
	VALUE,
	BOOLEAN_VALUE,
	DATA_VALUE,
	VALUE,
	LINK_VALUE,
	TEXT_VALUE,
]);

/** True where a value under the label may be of the type. Some servers give an object link as a string. */
export function mayHold(label: number, type: ResourceType): boolean {
	const wanted = LABELS[type]!;
	return label === wanted || (wanted === LINK_VALUE && label === TEXT_VALUE);
}

/** Sets the record's time: the sum of base time and time where either is given (RFC 8428 4.5.3), else none. */
export function setTimes(record: Decoded, baseTime: number, time: number): void {
	setTime(record, time !== time ? baseTime : baseTime !== baseTime ? time : baseTime + time);
}

/**
 * How long after the base time a time is, s, to the millisecond. As a float32 it would be shorter and another number: servers
 * refuse a time that has more than nine decimals, and RFC 8428 6 wants the double.
 */
export function offset(time: number, baseTime: number): number {
	return Math.round((time - baseTime) * 1000) / 1000;
}
