// Nodes as JSON, in the shapes of the Leshan demo server: INTEGER and FLOAT as strings, TIME in ms, OPAQUE as hex.

import { modelOf } from "./model.js";
import type { Instance, Node, ObjectNode, Resource } from "./node.js";
import { formatPath, type Path } from "./path.js";
import { CodecError, checkInteger, guessType, objectLink, parseText, type ResourceType, type Value } from "./value.js";

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

const TYPES: readonly string[] = [
	"STRING",
	"INTEGER",
	"UNSIGNED_INTEGER",
	"FLOAT",
	"BOOLEAN",
	"OPAQUE",
	"TIME",
	"OBJLNK",
	"CORELINK",
];

export function nodeToJson(node: Node): Json {
	switch (node.kind) {
		case "root":
			return { kind: "root", objects: node.objects.map(nodeToJson) };
		case "obj":
			return { kind: "obj", id: node.id, instances: node.instances.map(nodeToJson) };
		case "instance":
			return { kind: "instance", id: node.id ?? 0, resources: node.resources.map(nodeToJson) };
		case "multiResource": {
			const values: { [id: string]: Json } = {};
			for (const [id, value] of node.values) values[id] = valueToJson(value, node.type);
			return { kind: "multiResource", id: node.id, type: node.type, values };
		}
		case "singleResource":
		case "resourceInstance":
			return { kind: node.kind, id: node.id, type: node.type, value: valueToJson(node.value, node.type) };
	}
}

export function valueToJson(value: Value, type: ResourceType): Json {
	if (Buffer.isBuffer(value)) return value.toString("hex");
	if (typeof value === "bigint") return type === "TIME" ? Number(value * 1000n) : value.toString();
	if (typeof value === "number") return String(value);
	if (typeof value === "object") return { objectId: value.objectId, objectInstanceId: value.objectInstanceId };
	return value;
}

/** The node that `json` describes for `path`. In a Create the path is the object's and the node an instance. */
export function nodeFromJson(json: Json, path: Path): Node {
	const fields = asRecord(json, "a node");
	const kind = fields["kind"] ?? impliedKind(fields, path);
	switch (kind) {
		case "obj":
			wantDepth(path, [1], kind);
			return objectFromJson(fields, path);
		case "instance":
			wantDepth(path, [1, 2], kind);
			return instanceFromJson(fields, path);
		case "singleResource":
		case "multiResource":
			wantDepth(path, [3], kind);
			return resourceFromJson(fields, path, kind);
		case "resourceInstance": {
			wantDepth(path, [4], kind);
			const type = typeFrom(fields, path);
			return { kind, id: idFrom(fields, path[3]), type, value: valueFromJson(fields["value"] ?? null, type) };
		}
		default:
			throw new CodecError(`unknown kind of node "${String(kind)}"`);
	}
}

export function valueFromJson(json: Json, type: ResourceType): Value {
	switch (type) {
		case "OPAQUE":
			if (typeof json === "string" && /^([0-9a-f]{2})*$/i.test(json)) return Buffer.from(json, "hex");
			break;
		case "TIME":
			if (typeof json === "number" && Number.isSafeInteger(json)) return BigInt(Math.floor(json / 1000));
			if (typeof json === "string" && /^-?\d+$/.test(json)) return BigInt(Math.floor(Number(json) / 1000));
			break;
		case "BOOLEAN":
			if (typeof json === "boolean") return json;
			if (json === "true" || json === "false") return json === "true";
			break;
		case "OBJLNK":
			if (typeof json === "string") return parseText(json, type);
			if (json && typeof json === "object" && !Array.isArray(json)) {
				return objectLink(Number(json["objectId"]), Number(json["objectInstanceId"]));
			}
			break;
		case "INTEGER":
		case "UNSIGNED_INTEGER":
			if (typeof json === "number" && Number.isSafeInteger(json)) return checkInteger(BigInt(json), type);
			if (typeof json === "string") return parseText(json, type);
			break;
		case "FLOAT":
			if (typeof json === "number") return json;
			if (typeof json === "string") return parseText(json, type);
			break;
		default:
			if (typeof json === "string") return json;
	}
	throw new CodecError(`${JSON.stringify(json)} is not a ${type}`);
}

function objectFromJson(fields: Record<string, Json>, path: Path): ObjectNode {
	const instances = asArray(fields["instances"], "instances").map((item) => {
		const instance = asRecord(item, "an instance");
		return instanceFromJson(instance, [path[0]!, idFrom(instance, undefined)]);
	});
	return { kind: "obj", id: path[0]!, instances };
}

function instanceFromJson(fields: Record<string, Json>, path: Path): Instance {
	const isIdOpen = path.length === 1 && fields["id"] === undefined;
	const id = isIdOpen ? undefined : idFrom(fields, path[1]);
	const resources = asArray(fields["resources"], "resources").map((item) => {
		const resource = asRecord(item, "a resource");
		const resourcePath = [path[0]!, id ?? 0, idFrom(resource, undefined)];
		return resourceFromJson(resource, resourcePath, resource["kind"] ?? impliedKind(resource, resourcePath));
	});
	return id === undefined ? { kind: "instance", resources } : { kind: "instance", id, resources };
}

function resourceFromJson(fields: Record<string, Json>, path: Path, kind: Json): Resource {
	const id = idFrom(fields, path[2]);
	const type = typeFrom(fields, path);
	if (kind === "singleResource") return { kind, id, type, value: valueFromJson(fields["value"] ?? null, type) };
	if (kind !== "multiResource") throw new CodecError(`unknown kind of resource "${String(kind)}"`);
	const values = new Map<number, Value>();
	for (const [instanceId, value] of Object.entries(asRecord(fields["values"] ?? null, "values"))) {
		values.set(checkId(Number(instanceId)), valueFromJson(value, type));
	}
	return { kind, id, type, values };
}

function impliedKind(fields: Record<string, Json>, path: Path): string {
	if (path.length === 4) return "resourceInstance";
	if (path.length === 3) return fields["values"] === undefined ? "singleResource" : "multiResource";
	return fields["instances"] === undefined ? "instance" : "obj";
}

function typeFrom(fields: Record<string, Json>, path: Path): ResourceType {
	const named = fields["type"];
	if (typeof named === "string") {
		const type = named.toUpperCase();
		// The list has exactly the members of the type.
		if (TYPES.includes(type)) return type as ResourceType;
		throw new CodecError(`unknown type "${named}"`);
	}
	const known = modelOf(path[0], path[2])?.type;
	if (known) return known;
	const value = fields["value"];
	if (typeof value === "string" || typeof value === "boolean" || typeof value === "number") return guessType(value);
	throw new CodecError(`${formatPath(path)} needs a type`);
}

function idFrom(fields: Record<string, Json>, expected: number | undefined): number {
	const id = fields["id"];
	if (id === undefined && expected !== undefined) return expected;
	const number = checkId(typeof id === "number" ? id : Number.NaN);
	if (expected !== undefined && number !== expected)
		throw new CodecError(`node has id ${number}, path has ${expected}`);
	return number;
}

function checkId(id: number): number {
	if (!Number.isInteger(id) || id < 0 || id > 65535) throw new CodecError("a node without a valid id");
	return id;
}

function wantDepth(path: Path, depths: readonly number[], kind: string): void {
	if (!depths.includes(path.length)) throw new CodecError(`a node of kind ${kind} does not fit ${formatPath(path)}`);
}

function asRecord(json: Json, what: string): Record<string, Json> {
	if (!json || typeof json !== "object" || Array.isArray(json)) throw new CodecError(`${what} is not a JSON object`);
	return json;
}

function asArray(json: Json | undefined, what: string): Json[] {
	if (!Array.isArray(json)) throw new CodecError(`${what} is not a JSON array`);
	return json;
}
