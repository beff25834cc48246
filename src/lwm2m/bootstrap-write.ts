// Bootstrap-Write and Bootstrap-Delete: any resource, whatever its operations; instances are made or overwritten.
// OMA-TS-LightweightM2M_Core-V1_1_1 6.1.7.4, 6.1.7.6. A payload is checked as a whole before anything changes.
import type { Message } from "../coap/message.js";
import {
	BAD_REQUEST,
	CHANGED,
	DELETED,
	METHOD_NOT_ALLOWED,
	NOT_FOUND,
	UNSUPPORTED_CONTENT_FORMAT,
} from "../coap/numbers.js";
import type { Transfer } from "../coap/transfer.js";
import { type Codec, END, RECORD, TEXT } from "../codec/codec.js";
import { codecOf } from "../codec/codecs.js";
import { setBase } from "../codec/record.js";
import { isBootstrap, SECURITY } from "./accounts.js";
import { isStorable, storeValues } from "./bootstrap-values.js";
import type { Decoded } from "./decoded.js";
import type { Model, ObjectNode } from "./model.js";

const ACCESS_CONTROL = 2;

/** Writes the request's payload. @returns the code to answer with */
export function bootstrapWrite(model: Model, transfer: Transfer): number {
	const { message } = transfer;
	const { record } = model;
	const { pathDepth, object, instance, resource, resourceInstance, format } = message;
	if (pathDepth < 1) return METHOD_NOT_ALLOWED;
	const node = model.objects[object];
	if (!node) return NOT_FOUND;
	const definition = node.definition.resources[resource];
	if (pathDepth > 2 && !definition) return NOT_FOUND;
	const codec = codecOf(format < 0 && pathDepth > 2 ? TEXT : format);
	const isOne = pathDepth === 4 || (pathDepth === 3 && definition?.multiple === undefined);
	if (!codec || (codec.isSingle && !isOne)) return UNSUPPORTED_CONTENT_FORMAT;
	setBase(record, object, instance, resource, resourceInstance);
	const instances = check(record, node, codec, transfer, pathDepth);
	if (!instances) return BAD_REQUEST;
	model.beginBatch();
	for (const id of instances) {
		// of other objects the application holds values that no server knows of
		if (pathDepth < 3 && object <= ACCESS_CONTROL) model.deleteInstance(object, id);
		if (!node.instances[id]) model.createInstance(object, id);
	}
	storeValues(model, codec, transfer.bytes, transfer.start, transfer.end, pathDepth === 4);
	model.endBatch();
	return CHANGED;
}

/** Deletes an instance, the instances of an object, or of all. The bootstrap server's account and the device stay. */
export function bootstrapDelete(message: Message, model: Model): number {
	const { pathDepth, object, instance } = message;
	if (pathDepth > 2) return METHOD_NOT_ALLOWED;
	const node = model.objects[object];
	if (pathDepth > 0 && !node) return NOT_FOUND;
	if (node?.definition.isSingle) return BAD_REQUEST;
	if (pathDepth === 2) {
		if (!node!.instances[instance]) return NOT_FOUND;
		if (object === SECURITY && isBootstrap(model, instance)) return BAD_REQUEST;
		model.deleteInstance(object, instance);
		return DELETED;
	}
	model.beginBatch();
	for (const id of pathDepth === 1 ? [object] : model.objectIds) {
		const { definition, instanceIds } = model.objects[id]!;
		if (definition.isSingle) continue;
		for (const one of instanceIds.slice())
			if (id !== SECURITY || !isBootstrap(model, one)) model.deleteInstance(id, one);
	}
	model.endBatch();
	return DELETED;
}

/** @returns the instances that the payload names, undefined where something in it cannot be stored */
function check(
	record: Decoded,
	node: ObjectNode,
	codec: Codec,
	transfer: Transfer,
	pathDepth: number,
): number[] | undefined {
	const { message } = transfer;
	const { definition, instances, instanceIds } = node;
	const { object, instance } = message;
	const named: number[] = pathDepth > 1 ? [instance] : [];
	codec.open(record, transfer.bytes, transfer.start, transfer.end);
	for (let found = codec.next(record); found !== END; found = codec.next(record)) {
		if (found !== RECORD || record.object !== object || record.instance < 0) return undefined;
		if (pathDepth > 1 && record.instance !== instance) return undefined;
		if (!named.includes(record.instance)) named.push(record.instance);
		if (!isStorable(record, node, codec)) return undefined;
	}
	const added = named.filter((id) => !instances[id]).length;
	if (instanceIds.length + added > definition.instances || (definition.isSingle && named.some((id) => id !== 0)))
		return undefined;
	return named;
}
