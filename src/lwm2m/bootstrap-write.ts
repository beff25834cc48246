// Bootstrap-Write and Bootstrap-Delete: any resource, whatever its operations; instances are made or overwritten.
// OMA-TS-LightweightM2M_Core-V1_1_1 6.1.7.4, 6.1.7.6. A payload is checked as a whole before anything changes.
import * as message from "../coap/message.js";
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
import * as record from "../codec/record.js";
import { isBootstrap, SECURITY } from "./accounts.js";
import { E } from "./definition.js";
import { fits, type Model, type ObjectNode } from "./model.js";

const ACCESS_CONTROL = 2;
const SHORT_SERVER_ID = 10;

/** Writes the request's payload. @returns the code to answer with */
export function bootstrapWrite(model: Model, transfer: Transfer): number {
	const { pathDepth, object, instance, resource, resourceInstance, format } = message;
	if (pathDepth < 1) return METHOD_NOT_ALLOWED;
	const node = model.objects[object];
	if (!node) return NOT_FOUND;
	const definition = node.definition.resources[resource];
	if (pathDepth > 2 && !definition) return NOT_FOUND;
	const codec = codecOf(format < 0 && pathDepth > 2 ? TEXT : format);
	const isOne = pathDepth === 4 || (pathDepth === 3 && definition?.multiple === undefined);
	if (!codec || (codec.isSingle && !isOne)) return UNSUPPORTED_CONTENT_FORMAT;
	record.setBase(object, instance, resource, resourceInstance);
	const instances = check(node, codec, transfer, pathDepth);
	if (!instances) return BAD_REQUEST;
	model.beginBatch();
	for (const id of instances) {
		// of other objects the application holds values that no server knows of
		if (pathDepth < 3 && object <= ACCESS_CONTROL) model.deleteInstance(object, id);
		if (!node.instances[id]) model.createInstance(object, id);
	}
	store(model, node, codec, transfer, pathDepth);
	model.endBatch();
	return CHANGED;
}

/** Deletes an instance, the instances of an object, or of all. The bootstrap server's account and the device stay. */
export function bootstrapDelete(model: Model): number {
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
function check(node: ObjectNode, codec: Codec, transfer: Transfer, pathDepth: number): number[] | undefined {
	const { definition, instances, instanceIds } = node;
	const { object, instance } = message;
	const named: number[] = pathDepth > 1 ? [instance] : [];
	codec.open(transfer.bytes, transfer.start, transfer.end);
	for (let found = codec.next(); found !== END; found = codec.next()) {
		if (found !== RECORD || record.object !== object || record.instance < 0) return undefined;
		if (pathDepth > 1 && record.instance !== instance) return undefined;
		if (!named.includes(record.instance)) named.push(record.instance);
		const one = definition.resources[record.resource];
		// what the device does not know is passed over
		if (!one || !codec.hasValue()) continue;
		if (one.operations === E) return undefined;
		if (one.multiple === undefined ? record.resourceInstance >= 0 : record.resourceInstance < 0) return undefined;
		const value = codec.value(one.type);
		if (value === undefined) return undefined;
		if (!fits(one, value) && !isNoServer(object, record.resource, value)) return undefined;
	}
	const added = named.filter((id) => !instances[id]).length;
	if (instanceIds.length + added > definition.instances || (definition.isSingle && named.some((id) => id !== 0)))
		return undefined;
	return named;
}

/** Stores a payload that has been checked. */
function store(model: Model, node: ObjectNode, codec: Codec, transfer: Transfer, pathDepth: number): void {
	const { id, resources } = node.definition;
	let cleared = "";
	codec.open(transfer.bytes, transfer.start, transfer.end);
	while (codec.next() === RECORD) {
		const { instance, resource, resourceInstance } = record;
		const definition = resources[resource];
		if (!definition) continue;
		// a multiple resource is written as a whole
		const key = `${instance}/${resource}`;
		if (definition.multiple !== undefined && pathDepth < 4 && key !== cleared) {
			cleared = key;
			model.clearMultiple(id, instance, resource);
		}
		if (!codec.hasValue()) continue;
		const value = codec.value(definition.type)!; // `check` has seen it
		if (fits(definition, value)) model.assign(id, instance, resource, resourceInstance, value);
	}
}

/** Servers give their own account the short server id 0 or 65535, which means none. */
function isNoServer(object: number, resource: number, value: unknown): boolean {
	return object === SECURITY && resource === SHORT_SERVER_ID && (value === 0 || value === 65535);
}
