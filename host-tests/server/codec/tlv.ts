// application/vnd.oma.lwm2m+tlv (11542): OMA TS Core 1.1.1, 7.4.4. Header and structure.
//
//   0 1 2 3 4 5 6 7
//  +---+-+---+-----+  kind: 0 object instance, 1 resource instance, 2 multiple resource, 3 resource
//  |kin|I|len|short|  I: 16-bit identifier; len: bytes of the length field, 0 = `short` is the length
//  +---+-+---+-----+

import { modelOf } from "../lwm2m/model.js";
import { type Instance, type Node, nodeOf, type Resource } from "../lwm2m/node.js";
import { formatPath, type Path } from "../lwm2m/path.js";
import { CodecError, type ResourceType, type Value } from "../lwm2m/value.js";
import { readTlvValue, writeTlvValue } from "./tlv-value.js";

const INSTANCE = 0;
const RESOURCE_INSTANCE = 1;
const MULTIPLE_RESOURCE = 2;
const RESOURCE = 3;

interface Entry {
	readonly kind: number;
	readonly id: number;
	readonly value: Buffer;
}

export function decodeTlv(payload: Buffer, path: Path): Node {
	const entries = readEntries(payload);
	switch (path.length) {
		case 1:
			return objectOf(entries, path[0]!);
		case 2:
			return instanceOf(unwrap(entries, INSTANCE, path[1]!), path[0]!, path[1]!);
		case 3: {
			const entry = onlyEntry(unwrap(entries, INSTANCE, path[1]!), path, path[2]!);
			return resourceOf(entry, path[0]!);
		}
		case 4: {
			const entry = onlyEntry(unwrap(entries, MULTIPLE_RESOURCE, path[2]!), path, path[3]!);
			if (entry.kind !== RESOURCE_INSTANCE) throw unexpected(entry, path);
			const type = typeOf(path[0]!, path[2]!);
			return nodeOf(path, [{ path, type, value: readTlvValue(entry.value, type) }]);
		}
		default:
			throw new CodecError(`TLV cannot describe ${formatPath(path)}`);
	}
}

export function encodeTlv(node: Node, path: Path): Buffer {
	switch (node.kind) {
		case "root":
			throw new CodecError("TLV cannot describe the root");
		case "obj":
			return Buffer.concat(node.instances.map(writeInstance));
		case "instance":
			// A Create with a chosen id names it; without one, and in a Write, the resources stand alone.
			if (path.length === 1 && node.id !== undefined) return writeInstance(node);
			return Buffer.concat(node.resources.map(writeResource));
		case "singleResource":
		case "multiResource":
			return writeResource(node);
		case "resourceInstance":
			return writeEntry(RESOURCE_INSTANCE, node.id, writeTlvValue(node.value, node.type));
	}
}

function objectOf(entries: readonly Entry[], objectId: number): Node {
	if (entries.length > 0 && entries.every((entry) => entry.kind >= MULTIPLE_RESOURCE)) {
		return { kind: "obj", id: objectId, instances: [instanceOf(entries, objectId, 0)] };
	}
	const instances = entries.map((entry) => {
		if (entry.kind !== INSTANCE) throw unexpected(entry, [objectId]);
		return instanceOf(readEntries(entry.value), objectId, entry.id);
	});
	return { kind: "obj", id: objectId, instances };
}

function instanceOf(entries: readonly Entry[], objectId: number, id: number): Instance {
	const resources = entries.map((entry) => resourceOf(entry, objectId));
	if (new Set(resources.map((resource) => resource.id)).size !== resources.length) {
		throw new CodecError(`a resource of ${formatPath([objectId, id])} is there twice`);
	}
	return { kind: "instance", id, resources };
}

function resourceOf(entry: Entry, objectId: number): Resource {
	const type = typeOf(objectId, entry.id);
	if (entry.kind === RESOURCE) {
		return { kind: "singleResource", id: entry.id, type, value: readTlvValue(entry.value, type) };
	}
	if (entry.kind !== MULTIPLE_RESOURCE) throw unexpected(entry, [objectId]);
	const values = new Map<number, Value>();
	for (const inner of readEntries(entry.value)) {
		if (inner.kind !== RESOURCE_INSTANCE) throw unexpected(inner, [objectId]);
		values.set(inner.id, readTlvValue(inner.value, type));
	}
	return { kind: "multiResource", id: entry.id, type, values };
}

/** Some devices send the parent as well; then its content is what was asked for. */
function unwrap(entries: readonly Entry[], kind: number, id: number): readonly Entry[] {
	const first = entries[0];
	return entries.length === 1 && first?.kind === kind && first.id === id ? readEntries(first.value) : entries;
}

function onlyEntry(entries: readonly Entry[], path: Path, id: number): Entry {
	const entry = entries[0];
	if (!entry || entries.length > 1 || entry.id !== id) {
		throw new CodecError(`TLV with ${entries.length} entries in place of ${formatPath(path)}`);
	}
	return entry;
}

function typeOf(objectId: number, resourceId: number): ResourceType {
	return modelOf(objectId, resourceId)?.type ?? "OPAQUE";
}

function unexpected(entry: Entry, path: Path): CodecError {
	return new CodecError(`TLV entry of kind ${entry.kind} with id ${entry.id} is out of place in ${formatPath(path)}`);
}

function readEntries(bytes: Buffer): Entry[] {
	const entries: Entry[] = [];
	let at = 0;
	const take = (count: number): Buffer => {
		if (at + count > bytes.length) throw new CodecError("TLV that ends too early");
		at += count;
		return bytes.subarray(at - count, at);
	};
	while (at < bytes.length) {
		const type = take(1)[0]!;
		const idBytes = type & 0x20 ? 2 : 1;
		const id = take(idBytes).readUIntBE(0, idBytes);
		const lengthBytes = (type >> 3) & 3;
		const length = lengthBytes === 0 ? type & 7 : take(lengthBytes).readUIntBE(0, lengthBytes);
		entries.push({ kind: type >> 6, id, value: take(length) });
	}
	return entries;
}

function writeInstance(instance: Instance): Buffer {
	return writeEntry(INSTANCE, instance.id ?? 0, Buffer.concat(instance.resources.map(writeResource)));
}

function writeResource(resource: Resource): Buffer {
	if (resource.kind === "singleResource") {
		return writeEntry(RESOURCE, resource.id, writeTlvValue(resource.value, resource.type));
	}
	const inner = [...resource.values].map(([id, value]) =>
		writeEntry(RESOURCE_INSTANCE, id, writeTlvValue(value, resource.type)),
	);
	return writeEntry(MULTIPLE_RESOURCE, resource.id, Buffer.concat(inner));
}

function writeEntry(kind: number, id: number, value: Buffer): Buffer {
	const idBytes = id > 0xff ? 2 : 1;
	const lengthBytes = value.length < 8 ? 0 : value.length <= 0xff ? 1 : value.length <= 0xffff ? 2 : 3;
	const header = Buffer.alloc(1 + idBytes + lengthBytes);
	header[0] = (kind << 6) | (idBytes === 2 ? 0x20 : 0) | (lengthBytes === 0 ? value.length : lengthBytes << 3);
	header.writeUIntBE(id, 1, idBytes);
	if (lengthBytes > 0) header.writeUIntBE(value.length, 1 + idBytes, lengthBytes);
	return Buffer.concat([header, value]);
}
