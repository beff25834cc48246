// When a value is worth a notification: the change conditions gt, lt, st and edge, and the periods pmin, pmax, epmin and
// epmax. OMA-TS-LightweightM2M_Core-V1_1_1 5.1.2, V1_2 7.3. Pure functions that
// allocate nothing.
import { type AttributeValues, EDGE, GT, LT, ST } from "./attributes.js";
import type { Value } from "./path.js";

/** True where the attributes hold a change condition: not every change is to be told then. */
export function hasCondition(values: AttributeValues): boolean {
	return values[GT] !== undefined || values[LT] !== undefined || values[ST] !== undefined || values[EDGE] !== undefined;
}

/**
 * True where a change is to be told.
 * @param last the value that was notified last; for `edge` the value before
 */
export function isWorthTelling(values: AttributeValues, last: Value | undefined, value: Value): boolean {
	if (typeof value === "boolean") {
		const edge = values[EDGE];
		return edge === undefined ? last !== value : last !== value && value === (edge === 1);
	}
	if (typeof value !== "number" && typeof value !== "bigint") return last !== value;
	if (typeof last !== "number" && typeof last !== "bigint") return true;
	// a sensor that fails, or works again, is news whatever the thresholds
	if (value !== value || last !== last) return (value !== value) !== (last !== last);
	const gt = values[GT];
	if (gt !== undefined && value > gt !== last > gt) return true;
	const lt = values[LT];
	if (lt !== undefined && value < lt !== last < lt) return true;
	const st = values[ST];
	return st !== undefined && value !== last && distance(value, last) >= st;
}

/** A period in ms; absent gives the default. @param seconds of an attribute, 0 and undefined stand for none */
export function periodMs(seconds: number | undefined, absent: number): number {
	return seconds === undefined || seconds <= 0 ? absent : seconds * 1000;
}

/** Of fractions, 12 digits count: the distance from 0.1 to 0.3 is 0.2, which binary fractions miss by a little. */
function distance(a: number | bigint, b: number | bigint): number {
	if (typeof a === "bigint" || typeof b === "bigint") {
		const difference = BigInt(a) - BigInt(b);
		return Number(difference < 0n ? -difference : difference);
	}
	const difference = a < b ? b - a : a - b;
	if (a % 1 === 0 && b % 1 === 0) return difference;
	return difference + Math.max(Math.abs(a), Math.abs(b)) * 1e-12;
}
