// Write, Create and Delete. OMA-TS-LightweightM2M_Core-V1_1_1 6.3.3, 6.3.5, 6.3.6.
// A payload is read twice: once to check all of it, once to apply it. So a refused Write has changed nothing.

import * as message from "../coap/message.js";
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
import { type Codec, END, MALFORMED, RECORD, TEXT } from "../codec/codec.js";
import { codecOf } from "../codec/codecs.js";
import * as record from "../codec/record.js";
import { type Defined, E, RW, W } from "./definition.js";
import { fits, handlerOf, isMultiple, LATER, type Model } from "./model.js";
import type { Value } from "./path.js";

const SERVER = 1;

/** A handler has put the request off. */
export const PUT_OFF = -1;

/** The instance that `create` has made. */
export let createdInstance = -1;

/**
 * Writes the request's payload. @param isReplace PUT: what the payload lacks is removed; POST: it is left
 * @returns the code to answer with, or PUT_OFF
 */
export function write(model: Model, transfer: Transfer, isReplace: boolean): number {
	const { pathDepth, object, instance, resource, resourceInstance } = message;
	if (pathDepth < 2) return METHOD_NOT_ALLOWED;
	const node = model.objects[object];
	const values = node?.instances[instance];
	if (!node || !values) return NOT_FOUND;
	if (pathDepth > 2) {
		const definition = node.definition.resources[resource];
		if (!definition) return NOT_FOUND;
		if ((definition.operations & W) === 0) return METHOD_NOT_ALLOWED;
		if (pathDepth === 4 && definition.multiple === undefined) return NOT_FOUND;
		if (!isReplace && pathDepth === 3 && definition.multiple === undefined) return METHOD_NOT_ALLOWED;
	}
	const codec = codecOf(message.format < 0 && pathDepth > 2 ? TEXT : message.format);
	if (!codec) return UNSUPPORTED_CONTENT_FORMAT;
	record.setBase(object, instance, resource, resourceInstance);
	const refusal = check(model, codec, transfer, object, instance, W, false);
	if (refusal !== 0) return refusal;
	if (isReplace && pathDepth === 2) {
		const missing = removeAbsent(model, codec, transfer, object, instance);
		if (missing !== 0) return missing;
	} else if (isReplace && pathDepth === 3 && isMultiple(values[resource]))
		model.clearMultiple(object, instance, resource);
	return apply(model, codec, transfer, object, instance, isReplace);
}

/** Creates an instance from the request's payload. @returns CREATED's refusal, 0 for done, or PUT_OFF */
export function create(model: Model, transfer: Transfer): number {
	const { pathDepth, object } = message;
	const node = model.objects[object];
	if (pathDepth !== 1 || !node) return pathDepth === 1 ? NOT_FOUND : METHOD_NOT_ALLOWED;
	const { definition } = node;
	if (definition.isSingle) return METHOD_NOT_ALLOWED;
	const hasPayload = transfer.start < transfer.end;
	const codec = hasPayload || message.format >= 0 ? codecOf(message.format) : undefined;
	if (hasPayload && (!codec || codec.isSingle)) return UNSUPPORTED_CONTENT_FORMAT;
	let id = -1;
	if (codec && hasPayload) {
		record.setBase(object, -1, -1, -1);
		codec.open(transfer.bytes, transfer.start, transfer.end);
		if (codec.next() === RECORD) id = record.instance;
		const refusal = check(model, codec, transfer, object, id, RW, true);
		if (refusal !== 0) return refusal;
	}
	if (!hasMandatory(definition as Defined, codec && hasPayload ? codec : undefined, transfer)) return BAD_REQUEST;
	if (id < 0) id = model.freeInstance(object);
	if (node.instances[id] || node.instanceIds.length >= definition.instances) return BAD_REQUEST;
	const refusal = node.onCreate?.(id);
	if (typeof refusal === "number" && isRefusal(refusal)) return refusal;
	model.createInstance(object, id);
	createdInstance = id;
	if (!codec || !hasPayload) return 0;
	const outcome = apply(model, codec, transfer, object, id, true);
	return outcome === CHANGED ? 0 : outcome;
}

/** Deletes the instance that the request names. @returns the code to answer with */
export function remove(model: Model): number {
	const { pathDepth, object, instance, resource, resourceInstance } = message;
	const node = model.objects[object];
	if (!node) return NOT_FOUND;
	if (pathDepth === 4) return removeResourceInstance(model, object, instance, resource, resourceInstance);
	// a server account goes by bootstrap alone: the server that deleted its own would be lost (6.3.6, 7.2 of the object)
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

/**
 * Checks every record of the payload: path, operation, type, range, the application's validation.
 * @param operations those that a resource needs one of
 * @param isCreate resources that this device does not know are passed over (6.3.5)
 * @returns 0, or the code that refuses
 */
function check(
	model: Model,
	codec: Codec,
	transfer: Transfer,
	object: number,
	instance: number,
	operations: number,
	isCreate: boolean,
): number {
	const node = model.objects[object]!;
	codec.open(transfer.bytes, transfer.start, transfer.end);
	for (;;) {
		const found = codec.next();
		if (found === END) return 0;
		if (found === MALFORMED || record.object !== object || record.instance !== instance || record.resource < 0)
			return BAD_REQUEST;
		const { resource, resourceInstance } = record;
		const definition = node.definition.resources[resource];
		if (!definition) {
			if (isCreate) continue;
			return NOT_FOUND;
		}
		if ((definition.operations & operations) === 0 || definition.operations === E) return METHOD_NOT_ALLOWED;
		if (!codec.hasValue()) {
			if (definition.multiple === undefined || resourceInstance >= 0) return BAD_REQUEST;
			continue;
		}
		if (definition.multiple === undefined ? resourceInstance >= 0 : resourceInstance < 0) return BAD_REQUEST;
		const value = codec.value(definition.type);
		if (value === undefined || !fits(definition, value)) return BAD_REQUEST;
		const refusal = handlerOf(node, instance, resource)?.validate?.(value, instance, resourceInstance);
		if (typeof refusal === "number" && isRefusal(refusal)) return refusal;
	}
}

/** Applies a payload that has been checked. @returns CHANGED, a handler's refusal, or PUT_OFF */
function apply(
	model: Model,
	codec: Codec,
	transfer: Transfer,
	object: number,
	instance: number,
	isReplace: boolean,
): number {
	const node = model.objects[object]!;
	let outcome = CHANGED;
	let multiple = -1;
	model.beginBatch();
	codec.open(transfer.bytes, transfer.start, transfer.end);
	while (codec.next() === RECORD) {
		const { resource, resourceInstance } = record;
		const definition = node.definition.resources[resource];
		if (!definition) continue;
		// a multiple resource of an instance's payload is replaced as a whole, at its first record
		if (definition.multiple !== undefined && isReplace && message.pathDepth < 3 && multiple !== resource) {
			multiple = resource;
			model.clearMultiple(object, instance, resource);
		}
		if (!codec.hasValue()) {
			if (!node.instances[instance]![resource]) model.clearMultiple(object, instance, resource);
			continue;
		}
		const value = codec.value(definition.type)!; // `check` has seen it
		const handled = handlerOf(node, instance, resource)?.write?.(value, instance, resourceInstance);
		if (handled === LATER) outcome = PUT_OFF;
		else if (typeof handled === "number" && isRefusal(handled)) {
			outcome = handled;
			break;
		}
		if (!model.assign(object, instance, resource, resourceInstance, value as Value)) {
			outcome = INTERNAL_SERVER_ERROR;
			break;
		}
	}
	model.endBatch();
	return outcome;
}

/** Before an instance is replaced: removes writable resources that the payload lacks. @returns 0, or the refusal */
function removeAbsent(model: Model, codec: Codec, transfer: Transfer, object: number, instance: number): number {
	const node = model.objects[object]!;
	const present = presentResources(codec, transfer);
	const absent: number[] = [];
	for (const id of (node.definition as Defined).ids) {
		const definition = node.definition.resources[id]!;
		if ((definition.operations & W) === 0 || node.instances[instance]![id] === undefined || present.includes(id))
			continue;
		if (definition.isMandatory) return BAD_REQUEST;
		absent.push(id);
	}
	for (const id of absent) model.remove(object, instance, id, -1);
	return 0;
}

/** True where the payload holds every mandatory resource that a server can write. */
function hasMandatory(definition: Defined, codec: Codec | undefined, transfer: Transfer): boolean {
	const present = codec ? presentResources(codec, transfer) : [];
	return definition.ids.every((id) => {
		const { isMandatory, operations } = definition.resources[id]!;
		return !isMandatory || (operations & W) === 0 || present.includes(id);
	});
}

function presentResources(codec: Codec, transfer: Transfer): number[] {
	const present: number[] = [];
	codec.open(transfer.bytes, transfer.start, transfer.end);
	while (codec.next() === RECORD) present.push(record.resource);
	return present;
}
