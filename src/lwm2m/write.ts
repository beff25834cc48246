// Write, Create and Delete. OMA-TS-LightweightM2M_Core-V1_1_1 6.3.3, 6.3.5, 6.3.6.
// A payload is read several times: to check all of it, to tell the application's write handlers, and only then to store
// it. So a refused Write has changed nothing. A Write of one value allocates nothing but the value.

import type { Message } from "../coap/message.js";
import {
	BAD_REQUEST,
	CHANGED,
	DELETED,
	INTERNAL_SERVER_ERROR,
	isRefusal,
	METHOD_NOT_ALLOWED,
	NOT_FOUND,
	UNSUPPORTED_CONTENT_FORMAT,
} from "../coap/numbers.js";
import type { Transfer } from "../coap/transfer.js";
import { type Codec, END, MALFORMED, RECORD, SENML_ETCH_CBOR, SENML_ETCH_JSON, TEXT } from "../codec/codec.js";
import { codecOf } from "../codec/codecs.js";
import { setBase } from "../codec/record.js";
import type { Decoded } from "./decoded.js";
import { type Defined, E, type ResourceDefinition, RW, W } from "./definition.js";
import { fits, handlerOf, type Instance, isMultiple, LATER, type Model, type ObjectNode } from "./model.js";

/** Server accounts come and go by bootstrap alone: the server that deleted its own would be lost. */
const SERVER = 1;
/** Stands for "none" in `keyOf`; no id is so large. */
const NONE = 65535;

/** A handler has put the request off. */
export const PUT_OFF = -1;

/**
 * Writes the request's payload. @param isReplace PUT: what the payload lacks is removed; POST: it is left
 * @param isResumed the write handlers have put the request off and now agree
 * @returns the code to answer with, or PUT_OFF
 */
export function write(model: Model, transfer: Transfer, isReplace: boolean, isResumed: boolean): number {
	const { message } = transfer;
	const { record } = model;
	const { pathDepth, object, instance, resource, resourceInstance, format } = message;
	if (pathDepth < 2) return METHOD_NOT_ALLOWED;
	const node = model.objects[object];
	if (!node?.instances[instance]) return NOT_FOUND;
	let isOne = pathDepth === 4;
	if (pathDepth > 2) {
		const definition = node.definition.resources[resource];
		if (!definition) return NOT_FOUND;
		if ((definition.operations & W) === 0) return METHOD_NOT_ALLOWED;
		const isMultiple = definition.multiple !== undefined;
		if (isOne && !isMultiple) return NOT_FOUND;
		// to POST is to execute, but for what can be updated in part
		if (!isReplace && (isOne || !isMultiple)) return METHOD_NOT_ALLOWED;
		isOne ||= !isMultiple;
	}
	const codec = format < 0 && pathDepth > 2 ? codecOf(TEXT) : codecOfWrite(format);
	if (!codec || (codec.isSingle && !isOne)) return UNSUPPORTED_CONTENT_FORMAT;
	setBase(record, object, instance, resource, resourceInstance);
	const refusal = check(record, node, codec, transfer, instance, instance, W, isReplace && pathDepth < 4, false);
	if (refusal !== 0) return refusal;
	if (isOne && !record.hasRecords) return BAD_REQUEST;
	const keys = isReplace && !isOne ? collect(record, codec, transfer) : undefined;
	if (keys && pathDepth === 2 && lacksMandatory(node, node.instances[instance]!, keys)) return BAD_REQUEST;
	if (record.hasHandlers && !isResumed) {
		const outcome = tell(record, node, codec, transfer, instance);
		if (outcome !== 0) return outcome;
	}
	model.beginBatch();
	if (keys) removeAbsent(model, node, instance, pathDepth === 2 ? -1 : resource, keys);
	store(model, node, codec, transfer, instance);
	model.endBatch();
	return CHANGED;
}

/**
 * Creates an instance from the request's payload.
 * @returns the code that refuses, or 0 for done. @throws Error where a write handler puts the request off
 */
export function create(model: Model, transfer: Transfer): number {
	const { message } = transfer;
	const { record } = model;
	const { object, format } = message;
	const node = model.objects[object];
	if (!node) return NOT_FOUND;
	const { definition } = node;
	if (definition.isSingle || object === SERVER) return METHOD_NOT_ALLOWED;
	const codec = codecOfWrite(format);
	const hasPayload = transfer.start < transfer.end;
	if (codec ? codec.isSingle : hasPayload || format >= 0) return UNSUPPORTED_CONTENT_FORMAT;
	let named = -1;
	if (codec && hasPayload) {
		setBase(record, object, -1, -1, -1);
		codec.open(record, transfer.bytes, transfer.start, transfer.end);
		if (codec.next(record) === RECORD) named = record.instance;
	}
	const id = named < 0 ? model.freeInstance(object) : named;
	if (node.instances[id] || node.instanceIds.length >= definition.instances) return BAD_REQUEST;
	if (codec && hasPayload) {
		const refusal = check(record, node, codec, transfer, named, id, RW, true, true);
		if (refusal !== 0) return refusal;
	}
	if (!hasMandatory(definition, codec && hasPayload ? collect(record, codec, transfer) : [])) return BAD_REQUEST;
	let outcome = INTERNAL_SERVER_ERROR;
	// what the handlers refuse, or throw at, leaves no instance behind
	try {
		const refusal = node.onCreate?.(id);
		if (typeof refusal === "number" && isRefusal(refusal)) outcome = refusal;
		else outcome = codec && hasPayload && record.hasHandlers ? tell(record, node, codec, transfer, id) : 0;
		if (outcome === PUT_OFF) throw new Error("a Create cannot be put off");
	} finally {
		if (outcome !== 0) model.deleteInstance(object, id);
	}
	if (outcome !== 0) return outcome;
	model.beginBatch();
	model.createInstance(object, id);
	if (codec && hasPayload) store(model, node, codec, transfer, id);
	model.endBatch();
	record.createdInstance = id;
	return 0;
}

/** Deletes the instance that the request names. @returns the code to answer with */
export function remove(message: Message, model: Model): number {
	const { pathDepth, object, instance, resource, resourceInstance } = message;
	if (pathDepth === 0) return METHOD_NOT_ALLOWED;
	const node = model.objects[object];
	if (!node) return NOT_FOUND;
	if (pathDepth === 4) return removeResourceInstance(model, object, instance, resource, resourceInstance);
	if (pathDepth !== 2 || node.definition.isSingle || object === SERVER) return METHOD_NOT_ALLOWED;
	if (!node.instances[instance]) return NOT_FOUND;
	const refusal = node.onDelete?.(instance);
	if (typeof refusal === "number" && isRefusal(refusal)) return refusal;
	model.deleteInstance(object, instance);
	return DELETED;
}

/** OMA-TS-LightweightM2M_Core-V1_2 6.3.6 lets a server delete an instance of a multiple resource. */
function removeResourceInstance(
	model: Model,
	object: number,
	instance: number,
	resource: number,
	resourceInstance: number,
): number {
	const definition = model.objects[object]!.definition.resources[resource];
	if (definition && (definition.operations & W) === 0) return METHOD_NOT_ALLOWED;
	return model.remove(object, instance, resource, resourceInstance) ? DELETED : NOT_FOUND;
}

/** The formats of composite operations are for those alone, RFC 8790. */
function codecOfWrite(format: number): Codec | undefined {
	return format === SENML_ETCH_CBOR || format === SENML_ETCH_JSON ? undefined : codecOf(format);
}

/**
 * Checks every record of the payload: path, operation, type, range, number, the application's validation.
 * @param named the instance that the records name, -1 for none; @param instance the one that is written
 * @param operations those that a resource needs one of
 * @param isWhole multiple resources get the payload's instances instead of those that they have
 * @param isCreate resources that this device does not know are passed over (6.3.5)
 * @returns 0, or the code that refuses
 */
function check(
	record: Decoded,
	node: ObjectNode,
	codec: Codec,
	transfer: Transfer,
	named: number,
	instance: number,
	operations: number,
	isWhole: boolean,
	isCreate: boolean,
): number {
	const { id } = node.definition;
	let counts: number[] | undefined;
	record.hasRecords = record.hasHandlers = false;
	codec.open(record, transfer.bytes, transfer.start, transfer.end);
	for (;;) {
		const found = codec.next(record);
		if (found === END) return 0;
		if (found === MALFORMED || record.object !== id || record.instance !== named) return BAD_REQUEST;
		const { resource, resourceInstance } = record;
		// an instance without resources: nothing but its id (TLV)
		if (resource < 0) {
			if (isCreate && !codec.hasValue(record)) continue;
			return BAD_REQUEST;
		}
		const definition = node.definition.resources[resource];
		if (!definition) {
			if (isCreate) continue;
			return NOT_FOUND;
		}
		if ((definition.operations & operations) === 0 || definition.operations === E) return METHOD_NOT_ALLOWED;
		record.hasRecords = true;
		if (!codec.hasValue(record)) {
			if (definition.multiple === undefined || resourceInstance >= 0) return BAD_REQUEST;
			continue;
		}
		if (definition.multiple === undefined ? resourceInstance >= 0 : resourceInstance < 0) return BAD_REQUEST;
		const value = codec.value(record, definition.type);
		if (value === undefined || !fits(definition, value)) return BAD_REQUEST;
		if (definition.multiple !== undefined) {
			counts ??= [];
			if (!counted(record, counts, definition, isWhole ? undefined : node.instances[instance]))
				return INTERNAL_SERVER_ERROR;
		}
		if (!node.handlers[resource]) continue;
		const handler = handlerOf(node, instance, resource);
		if (handler?.write) record.hasHandlers = true;
		const refusal = handler?.validate?.(value, instance, resourceInstance);
		if (typeof refusal === "number" && isRefusal(refusal)) return refusal;
	}
}

/** Counts the record as an instance of its multiple resource. @returns false where the resource cannot hold so many */
function counted(
	record: Decoded,
	counts: number[],
	definition: ResourceDefinition,
	values: Instance | undefined,
): boolean {
	const { resource, resourceInstance } = record;
	const held = values?.[resource];
	const ids = isMultiple(held) ? held.ids : undefined;
	const count = counts[resource] ?? ids?.length ?? 0;
	counts[resource] = ids && ids.indexOf(resourceInstance) >= 0 ? count : count + 1;
	return counts[resource]! <= definition.multiple!;
}

/** Tells the write handlers what comes. @returns 0, a handler's refusal, or PUT_OFF */
function tell(record: Decoded, node: ObjectNode, codec: Codec, transfer: Transfer, instance: number): number {
	let outcome = 0;
	codec.open(record, transfer.bytes, transfer.start, transfer.end);
	while (codec.next(record) === RECORD) {
		const { resource, resourceInstance } = record;
		const definition = node.definition.resources[resource];
		if (!definition || !codec.hasValue(record)) continue;
		const write = handlerOf(node, instance, resource)?.write;
		if (!write) continue;
		const answer = write(codec.value(record, definition.type)!, instance, resourceInstance); // `check` has seen the value
		if (answer === LATER) outcome = PUT_OFF;
		else if (typeof answer === "number" && isRefusal(answer)) return answer;
	}
	return outcome;
}

/** Stores a payload that has been checked. */
function store(model: Model, node: ObjectNode, codec: Codec, transfer: Transfer, instance: number): void {
	const { record } = model;
	const { id, resources } = node.definition;
	codec.open(record, transfer.bytes, transfer.start, transfer.end);
	while (codec.next(record) === RECORD) {
		const { resource, resourceInstance } = record;
		const definition = resources[resource];
		if (!definition) continue;
		if (codec.hasValue(record))
			model.assign(id, instance, resource, resourceInstance, codec.value(record, definition.type)!);
		else if (!node.instances[instance]![resource]) model.clearMultiple(id, instance, resource);
	}
}

/** Removes writable resources, and instances of multiple ones, that the payload lacks. @param only one resource, or -1 */
function removeAbsent(model: Model, node: ObjectNode, instance: number, only: number, keys: number[]): void {
	const { id, ids, resources } = node.definition;
	for (const resource of only < 0 ? ids : [only]) {
		const value = node.instances[instance]![resource];
		if (value === undefined || (resources[resource]!.operations & W) === 0) continue;
		if (only < 0 && !hasResource(keys, resource)) model.remove(id, instance, resource, -1);
		else if (isMultiple(value))
			for (const one of value.ids.slice())
				if (!keys.includes(keyOf(resource, one))) model.remove(id, instance, resource, one);
	}
}

/** True where the payload lacks a mandatory resource that the instance has and a server can write. */
function lacksMandatory({ definition }: ObjectNode, values: Instance, keys: number[]): boolean {
	return definition.ids.some((id) => {
		const { isMandatory, operations } = definition.resources[id]!;
		return isMandatory && (operations & W) !== 0 && values[id] !== undefined && !hasResource(keys, id);
	});
}

/** True where the payload holds every mandatory resource that a server can write. */
function hasMandatory(definition: Defined, keys: number[]): boolean {
	return definition.ids.every((id) => {
		const { isMandatory, operations } = definition.resources[id]!;
		return !isMandatory || (operations & W) === 0 || hasResource(keys, id);
	});
}

/** The resources and resource instances that the payload names, as keys. */
function collect(record: Decoded, codec: Codec, transfer: Transfer): number[] {
	const keys: number[] = [];
	codec.open(record, transfer.bytes, transfer.start, transfer.end);
	while (codec.next(record) === RECORD)
		if (record.resource >= 0)
			keys.push(keyOf(record.resource, record.resourceInstance < 0 ? NONE : record.resourceInstance));
	return keys;
}

function keyOf(resource: number, resourceInstance: number): number {
	return resource * 65536 + resourceInstance;
}

function hasResource(keys: number[], resource: number): boolean {
	return keys.some((key) => Math.floor(key / 65536) === resource);
}
