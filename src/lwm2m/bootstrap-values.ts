// What Bootstrap-Write and Bootstrap-Pack share: which values of a payload can be stored, and storing them.

import { type Codec, RECORD } from "../codec/codec.js";
import { SECURITY } from "./accounts.js";
import type { Decoded } from "./decoded.js";
import { E } from "./definition.js";
import { fits, type Model, type ObjectNode } from "./model.js";

const SHORT_SERVER_ID = 10;

/** True where the record that the codec stands at can be stored, or is of a resource that the device does not know. */
export function isStorable(record: Decoded, node: ObjectNode, codec: Codec): boolean {
	const { resources } = node.definition;
	const one = resources[record.resource];
	if (!one || !codec.hasValue(record)) return true;
	if (one.operations === E) return false;
	if (one.multiple === undefined ? record.resourceInstance >= 0 : record.resourceInstance < 0) return false;
	const value = codec.value(record, one.type);
	return value !== undefined && (fits(one, value) || isNoServer(record.object, record.resource, value));
}

/** Stores a payload that has been checked, `[start, end)` of `bytes`. @param isOne it is one resource instance */
export function storeValues(
	model: Model,
	codec: Codec,
	bytes: Uint8Array,
	start: number,
	end: number,
	isOne: boolean,
): void {
	const { record } = model;
	let cleared = "";
	codec.open(record, bytes, start, end);
	while (codec.next(record) === RECORD) {
		const { object, instance, resource, resourceInstance } = record;
		const definition = model.objects[object]?.definition.resources[resource];
		if (!definition) continue;
		// a multiple resource is written as a whole
		const key = `${object}/${instance}/${resource}`;
		if (definition.multiple !== undefined && !isOne && key !== cleared) {
			cleared = key;
			model.clearMultiple(object, instance, resource);
		}
		if (!codec.hasValue(record)) continue;
		const value = codec.value(record, definition.type)!; // `isStorable` has seen it
		if (fits(definition, value)) model.assign(object, instance, resource, resourceInstance, value);
	}
}

/** Servers give their own account the short server id 0 or 65535, which means none. */
function isNoServer(object: number, resource: number, value: unknown): boolean {
	return object === SECURITY && resource === SHORT_SERVER_ID && (value === 0 || value === 65535);
}
