// Notification attributes: what Write-Attributes sets, by server and path. OMA-TS-LightweightM2M_Core-V1_1_1 5.1.2.
// RAM: an attribute set takes 190 B with one attribute, 32 B with each more; ATTRIBUTE_SETS of them.

import { readText, writeNumber, writeText } from "../bytes.js";
import type { Message } from "../coap/message.js";
import { findOption } from "../coap/message.js";
import { BAD_REQUEST, CHANGED, INTERNAL_SERVER_ERROR, URI_QUERY } from "../coap/numbers.js";
import { ATTRIBUTE_SETS } from "../config.js";
import { isDecimal, isDigits } from "../scan.js";
import type { EnablerVersion } from "./definition.js";

/** Attributes by number; their names below in the same order. */
export const PMIN = 0;
export const PMAX = 1;
export const GT = 2;
export const LT = 3;
export const ST = 4;
export const EPMIN = 5;
export const EPMAX = 6;
export const EDGE = 7;
export const CONFIRMABLE = 8;
export const HQMAX = 9;
const names: readonly string[] = Object.freeze([
	"pmin",
	"pmax",
	"gt",
	"lt",
	"st",
	"epmin",
	"epmax",
	"edge",
	"con",
	"hqmax",
]);
/** The enabler version that brought each. */
const since: readonly EnablerVersion[] = Object.freeze([
	"1.0",
	"1.0",
	"1.0",
	"1.0",
	"1.0",
	"1.1",
	"1.1",
	"1.2",
	"1.2",
	"1.2",
]);

/** Values by attribute number, sparse. In a change, null removes. */
export type AttributeValues = (number | undefined)[];
export type AttributeChanges = (number | null | undefined)[];

/** A set as it is stored: its path, then number and value of each attribute. */
export type SavedAttributes = number[];

interface AttributeSet {
	readonly server: number;
	readonly object: number;
	readonly instance: number;
	readonly resource: number;
	readonly resourceInstance: number;
	values: AttributeValues;
}

export class Attributes {
	#sets: AttributeSet[] = [];

	/** What is set at exactly this path, undefined where nothing is. */
	at(
		server: number,
		object: number,
		instance: number,
		resource: number,
		resourceInstance: number,
	): AttributeValues | undefined {
		for (const set of this.#sets)
			if (isAt(set, server, object, instance, resource, resourceInstance)) return set.values;
		return undefined;
	}

	/** What holds for a path: its own attributes, and those of the levels above that it does not set itself. */
	effective(
		server: number,
		object: number,
		instance: number,
		resource: number,
		resourceInstance: number,
	): AttributeValues {
		const merged: AttributeValues = [];
		const levels = [
			this.at(server, object, -1, -1, -1),
			instance < 0 ? undefined : this.at(server, object, instance, -1, -1),
			resource < 0 ? undefined : this.at(server, object, instance, resource, -1),
			resourceInstance < 0 ? undefined : this.at(server, object, instance, resource, resourceInstance),
		];
		for (const values of levels)
			values?.forEach((value, attribute) => {
				merged[attribute] = value;
			});
		return merged;
	}

	/** Changes the attributes of a path. @returns CHANGED, or the code that refuses: nothing has changed then */
	write(
		server: number,
		object: number,
		instance: number,
		resource: number,
		resourceInstance: number,
		changes: AttributeChanges,
	): number {
		let set = this.#sets.find((candidate) => isAt(candidate, server, object, instance, resource, resourceInstance));
		const values: AttributeValues = set ? set.values.slice() : [];
		changes.forEach((change, attribute) => {
			if (change === null) delete values[attribute];
			else if (change !== undefined) values[attribute] = change;
		});
		if (!isConsistent(values)) return BAD_REQUEST;
		const isEmpty = values.every((value) => value === undefined);
		if (!set) {
			if (isEmpty) return CHANGED;
			if (this.#sets.length >= ATTRIBUTE_SETS) return INTERNAL_SERVER_ERROR;
			set = { server, object, instance, resource, resourceInstance, values };
			this.#sets.push(set);
		} else if (isEmpty) this.#sets.splice(this.#sets.indexOf(set), 1);
		set.values = values;
		return CHANGED;
	}

	/** What a server has set, to be stored. */
	save(server: number): SavedAttributes[] {
		return this.#sets
			.filter((set) => set.server === server)
			.map((set) => {
				const saved = [set.object, set.instance, set.resource, set.resourceInstance];
				set.values.forEach((value, attribute) => {
					if (value !== undefined) saved.push(attribute, value);
				});
				return saved;
			});
	}

	/** Takes up a set that was stored. */
	restore(server: number, [object, instance, resource, resourceInstance, ...pairs]: SavedAttributes): void {
		const changes: AttributeChanges = [];
		for (let i = 0; i < pairs.length; i += 2) changes[pairs[i]!] = pairs[i + 1]!;
		this.write(server, object!, instance!, resource!, resourceInstance!, changes);
	}

	/** Forgets what lies at or below an instance that is gone; with instance -1, everything of a server. */
	forget(server: number, object: number, instance: number): void {
		this.#sets = this.#sets.filter((set) =>
			instance < 0 ? set.server !== server : set.object !== object || set.instance !== instance,
		);
	}
}

/**
 * Reads the attributes from the Uri-Query options of the request in `message`.
 * @param isNumeric the path is a numeric resource, or an instance of one: thresholds are allowed
 * @param isBoolean the same of a boolean resource: `edge` is allowed
 * @returns the changes, undefined where a name is unknown, a value malformed, or an attribute not for this level
 */
export function readAttributes(
	message: Message,
	enabler: EnablerVersion,
	isNumeric: boolean,
	isBoolean: boolean,
): AttributeChanges | undefined {
	const changes: AttributeChanges = [];
	for (let i = 0; i < message.queryCount; i++) {
		const at = findOption(message, URI_QUERY, i);
		const text = readText(message.rx, at, at + message.optionLength);
		if (text === undefined) return undefined;
		const equals = text.indexOf("=");
		const attribute = names.indexOf(equals < 0 ? text : text.slice(0, equals));
		if (attribute < 0 || since[attribute]! > enabler) return undefined;
		if (isThreshold(attribute) && !isNumeric) return undefined;
		if (attribute === EDGE && !isBoolean) return undefined;
		const value = equals < 0 || equals === text.length - 1 ? null : readValue(attribute, text.slice(equals + 1));
		if (value === undefined) return undefined;
		changes[attribute] = value;
	}
	return changes;
}

/** Writes attributes as link parameters, `;pmin=10;gt=3.5`. @returns the end */
export function writeAttributes(into: Uint8Array, at: number, values: AttributeValues): number {
	for (let attribute = 0; attribute < names.length; attribute++) {
		const value = values[attribute];
		if (value === undefined) continue;
		at = writeText(into, at, ";");
		at = writeText(into, at, names[attribute]!);
		at = writeText(into, at, "=");
		at = writeNumber(into, at, value);
	}
	return at;
}

function isThreshold(attribute: number): boolean {
	return attribute === GT || attribute === LT || attribute === ST;
}

/** A threshold is a decimal number, the step not negative; edge and con are 0 or 1; the others whole seconds or counts. */
function readValue(attribute: number, text: string): number | undefined {
	if (attribute === GT || attribute === LT || attribute === ST) {
		if (!isDecimal(text)) return undefined;
		const value = Number(text);
		return Number.isFinite(value) && (attribute !== ST || value >= 0) ? value : undefined;
	}
	if (!isDigits(text, 10)) return undefined;
	const value = Number(text);
	return (attribute === EDGE || attribute === CONFIRMABLE) && value > 1 ? undefined : value;
}

/** `lt + 2 * st < gt` (5.1.2, table 5.1.2-2), and each pair in order. */
export function isConsistent(values: AttributeValues): boolean {
	const gt = values[GT];
	const lt = values[LT];
	return gt === undefined || lt === undefined || lt + 2 * (values[ST] ?? 0) < gt;
}

function isAt(
	set: AttributeSet,
	server: number,
	object: number,
	instance: number,
	resource: number,
	resourceInstance: number,
): boolean {
	return (
		set.object === object &&
		set.instance === instance &&
		set.resource === resource &&
		set.resourceInstance === resourceInstance &&
		set.server === server
	);
}
