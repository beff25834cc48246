// From what a user types to what the registry holds: the resource of a path, its value, and how `ls` shows it.
import { parsePath } from "../bytes.js";
import { OPAQUE_BYTES } from "../config.js";
import { FLOAT, NONE, OBJLNK, type ResourceDefinition } from "../lwm2m/definition.js";
import { isMultiple, LATER, type Model, type ObjectNode } from "../lwm2m/model.js";
import type { Value } from "../lwm2m/path.js";
import { EAGAIN, EINVAL, ENOENT, Refused } from "./command.js";

export interface Target {
	readonly path: string;
	readonly node: ObjectNode;
	readonly definition: ResourceDefinition;
	readonly object: number;
	readonly instance: number;
	readonly resource: number;
	/** -1 of a single resource. The path of a multiple one alone stands for its instance 0, as in Zephyr. */
	readonly resourceInstance: number;
}

/** Ids of a path. @throws Refused unless it has `least` to `most` */
export function parse(path: string, least: number, most: number): number[] {
	const ids = new Uint16Array(4);
	const depth = parsePath(path, ids);
	if (depth < least || depth > most) throw new Refused(EINVAL, `${path} is not a path of ${least} to ${most} ids`);
	return Array.from(ids.subarray(0, depth));
}

/** The object of a path. @throws Refused */
export function nodeAt(model: Model, object: number): ObjectNode {
	const node = model.objects[object];
	if (!node) throw new Refused(ENOENT, `no object ${object}`);
	return node;
}

/** The resource that a path names, whether its instance exists or not. @throws Refused where it has no value */
export function resourceAt(model: Model, path: string): Target {
	const [object, instance, resource, resourceInstance] = parse(path, 3, 4) as [number, number, number, number?];
	const node = nodeAt(model, object);
	const definition = node.definition.resources[resource];
	if (!definition) throw new Refused(ENOENT, `no resource ${object}/${instance}/${resource}`);
	if (definition.type === NONE) throw new Refused(EINVAL, `${path} is executable, it has no value`);
	if (resourceInstance !== undefined && definition.multiple === undefined)
		throw new Refused(ENOENT, `${object}/${instance}/${resource} has no instances`);
	return {
		path,
		node,
		definition,
		object,
		instance,
		resource,
		resourceInstance: definition.multiple === undefined ? -1 : (resourceInstance ?? 0),
	};
}

/** The value of a resource. @throws Refused where there is none */
export function valueAt(model: Model, target: Target): Value {
	const { path, node, object, instance, resource, resourceInstance } = target;
	const values = node.instances[instance];
	if (!values) throw new Refused(ENOENT, `no instance ${object}/${instance}`);
	const stored = model.stored(object, instance, resource, resourceInstance);
	// as for a server, a handler of a multiple resource is asked for the instances that there are
	const read =
		stored !== undefined || resourceInstance < 0 ? model.handler(object, instance, resource)?.read : undefined;
	const value = read?.(instance, resourceInstance);
	if (value === LATER) throw new Refused(EAGAIN, `${path} is not at hand at once`);
	const known = (value as Value | undefined) ?? stored; // LATER has been dealt with
	if (known === undefined)
		throw new Refused(ENOENT, isMultiple(values[resource]) ? `no resource instance ${path}` : `${path} has no value`);
	return known;
}

/** A value as `ls` shows it. Opaques show their length alone, so keys stay unseen. */
export function show(definition: ResourceDefinition, value: Value): string {
	if (value instanceof ArrayBuffer) {
		const { range, only } = definition;
		return `OPAQUE(${value.byteLength}/${range?.[1] ?? only?.[only.length - 1] ?? OPAQUE_BYTES})`;
	}
	if (definition.type === FLOAT) return Number(value).toFixed(6);
	return plain(definition, value);
}

/** A value as text, in the form that `write -v` takes; opaques in hexadecimal. */
export function plain(definition: ResourceDefinition, value: Value): string {
	if (typeof value === "boolean") return value ? "1" : "0";
	if (value instanceof ArrayBuffer) return hex(new Uint8Array(value));
	if (definition.type === OBJLNK) return `${(Number(value) / 65536) | 0}:${Number(value) & 0xffff}`;
	return String(value);
}

/** Digits of bytes, with `between` behind each. */
export function hex(bytes: Uint8Array, between = ""): string {
	let text = "";
	for (const byte of bytes) text += (byte < 16 ? "0" : "") + byte.toString(16) + between;
	return text;
}
