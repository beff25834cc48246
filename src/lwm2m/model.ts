// The device's data model at run time: objects, instances and values, found by id through sparse arrays, because that
// is what XS looks up fastest (no Map, no search, no string). The typed API on top is `Registry`.
// RAM: a single value costs one slot of its instance's array and, for texts and opaques, one chunk.

import { textBytes } from "../bytes.js";
import { OPAQUE_BYTES, TEXT_BYTES } from "../config.js";
import { Cursor } from "./cursor-state.js";
import { Decoded } from "./decoded.js";
import {
	BOOLEAN,
	CORELNK,
	type Defined,
	E,
	FLOAT,
	HIDDEN,
	INTEGER,
	INTEGER_END,
	OBJLNK,
	OPAQUE,
	R,
	type ResourceDefinition,
	STRING,
	TIME,
	UNSIGNED,
	UNSIGNED_END,
} from "./definition.js";
import type { Value } from "./path.js";
import { SECURITY, wipe } from "./secrets.js";

/** What a handler returns to say that it answers later, by `Registry.answer`. */
export const LATER: { readonly isLater: true } = Object.freeze({ isLater: true });
export type Later = typeof LATER;

/** A code of CoAP that refuses (0x80 and up), or nothing. */
export type Refusal = number | undefined | void;

/** The application's functions for one resource of one instance, or of all (instance -1). */
export interface Handler {
	readonly instance: number;
	read?: (instance: number, resourceInstance: number) => Value | Later | undefined;
	validate?: (value: Value, instance: number, resourceInstance: number) => Refusal;
	write?: (value: Value, instance: number, resourceInstance: number) => Refusal | Later;
	execute?: (parameters: string, instance: number) => Refusal | Later;
	/** Execute takes any text, not only the standard's argument list. */
	takesAnyText?: boolean;
	/** The value was put into the model by `answer`: the next read takes it from there. */
	isFresh?: boolean;
	next: Handler | undefined;
}

/** The values of a multiple resource, by ascending id. */
export interface Multiple {
	readonly ids: number[];
	readonly values: Value[];
}

/** Values by resource id, sparse. */
export type Instance = (Value | Multiple | undefined)[];

export interface ObjectNode {
	readonly definition: Defined;
	/** By instance id, sparse. */
	readonly instances: (Instance | undefined)[];
	/** The ids in use, ascending. */
	readonly instanceIds: number[];
	/** By resource id, sparse. */
	readonly handlers: (Handler | undefined)[];
	onCreate?: (instance: number) => Refusal;
	onDelete?: (instance: number) => Refusal;
}

export class Model {
	/** What walks over its values. */
	readonly cursor = new Cursor();
	/** By object id, sparse. */
	readonly objects: (ObjectNode | undefined)[] = [];
	/** Ascending. */
	readonly objectIds: number[] = [];
	/** Told of every new value and of every removed one. Not called for a value that stays the same. */
	onChange: ((object: number, instance: number, resource: number, resourceInstance: number) => void) | undefined;
	/** Told when an instance comes or goes. */
	onStructure: ((object: number, instance: number, isCreated: boolean) => void) | undefined;
	/** Told when a batch ends. */
	onBatchEnd: (() => void) | undefined;
	#batchDepth = 0;
	#record: Decoded | undefined;

	constructor(definitions: readonly Defined[]) {
		for (const definition of definitions) this.addObject(definition);
	}

	/** What a decoder has read for it; made at the first use. */
	get record(): Decoded {
		this.#record ??= new Decoded();
		return this.#record;
	}

	/** Adds an object without instances. @throws RangeError where the id is taken. */
	addObject(definition: Defined): void {
		const { id } = definition;
		if (this.objects[id]) throw new RangeError(`object ${id}: defined twice`);
		this.objects[id] = { definition, instances: [], instanceIds: [], handlers: [] };
		insert(this.objectIds, id);
	}

	/** The stored value; of a multiple resource the instance's. No handler is asked. */
	stored(object: number, instance: number, resource: number, resourceInstance: number): Value | undefined {
		const value = this.objects[object]?.instances[instance]?.[resource];
		if (!isMultiple(value)) return resourceInstance < 0 ? value : undefined;
		const index = value.ids.indexOf(resourceInstance);
		return index < 0 ? undefined : value.values[index];
	}

	/** Makes an instance. @returns false where it exists or the object's bound is reached. */
	createInstance(object: number, instance: number): boolean {
		const node = this.objects[object];
		if (!node || node.instances[instance] || node.instanceIds.length >= node.definition.instances) return false;
		node.instances[instance] = [];
		insert(node.instanceIds, instance);
		this.onStructure?.(object, instance, true);
		return true;
	}

	/** Removes an instance. @returns false where there is none. */
	deleteInstance(object: number, instance: number): boolean {
		const node = this.objects[object];
		if (!node?.instances[instance]) return false;
		if (object === SECURITY)
			node.instances[instance].forEach((value, resource) => {
				wipe(resource, value);
			});
		delete node.instances[instance];
		node.instanceIds.splice(node.instanceIds.indexOf(instance), 1);
		this.onStructure?.(object, instance, false);
		return true;
	}

	/** The lowest instance id that is free. */
	freeInstance(object: number): number {
		const node = this.objects[object];
		let id = 0;
		while (node?.instances[id]) id++;
		return id;
	}

	/**
	 * Stores a value that has been checked. The instance exists.
	 * @returns false where a multiple resource is at its bound.
	 */
	assign(object: number, instance: number, resource: number, resourceInstance: number, value: Value): boolean {
		const node = this.objects[object]!;
		const values = node.instances[instance]!;
		const old = values[resource];
		if (resourceInstance < 0) {
			if (isSame(old, value)) return true;
			if (object === SECURITY) wipe(resource, old);
			values[resource] = value;
		} else {
			const multiple = isMultiple(old) ? old : { ids: [], values: [] };
			const index = multiple.ids.indexOf(resourceInstance);
			if (index >= 0) {
				if (isSame(multiple.values[index], value)) return true;
				multiple.values[index] = value;
			} else {
				if (multiple.ids.length >= (node.definition.resources[resource]!.multiple ?? 1)) return false;
				const at = insert(multiple.ids, resourceInstance);
				multiple.values.splice(at, 0, value);
				values[resource] = multiple;
			}
		}
		this.onChange?.(object, instance, resource, resourceInstance);
		return true;
	}

	/** Makes a multiple resource exist without instances, or removes those that it has. */
	clearMultiple(object: number, instance: number, resource: number): void {
		const values = this.objects[object]!.instances[instance]!;
		values[resource] = { ids: [], values: [] };
		this.onChange?.(object, instance, resource, -1);
	}

	/** Removes a resource, or one instance of it. @returns false where there is none. */
	remove(object: number, instance: number, resource: number, resourceInstance: number): boolean {
		const values = this.objects[object]?.instances[instance];
		const value = values?.[resource];
		if (!values || value === undefined) return false;
		if (resourceInstance < 0) {
			if (object === SECURITY) wipe(resource, value);
			delete values[resource];
		} else {
			if (!isMultiple(value)) return false;
			const index = value.ids.indexOf(resourceInstance);
			if (index < 0) return false;
			value.ids.splice(index, 1);
			value.values.splice(index, 1);
		}
		this.onChange?.(object, instance, resource, resourceInstance);
		return true;
	}

	/** The handler for a resource of an instance, if any. */
	handler(object: number, instance: number, resource: number): Handler | undefined {
		return handlerOf(this.objects[object], instance, resource);
	}

	/** True while changes are being gathered: nothing is notified. */
	get isBatching(): boolean {
		return this.#batchDepth > 0;
	}

	beginBatch(): void {
		this.#batchDepth++;
	}

	/** Ends what `beginBatch` began. @returns false where nothing was begun. */
	endBatch(): boolean {
		if (this.#batchDepth === 0) return false;
		this.#batchDepth--;
		if (this.#batchDepth === 0) this.onBatchEnd?.();
		return true;
	}
}

/** True for the values of a multiple resource. */
export function isMultiple(value: Value | Multiple | undefined): value is Multiple {
	return typeof value === "object" && !(value instanceof ArrayBuffer);
}

export function handlerOf(node: ObjectNode | undefined, instance: number, resource: number): Handler | undefined {
	let handler = node?.handlers[resource];
	while (handler && handler.instance !== instance && handler.instance >= 0) handler = handler.next;
	return handler;
}

/** True where an instance that exists holds the resource, or the application's handler stands for it. */
export function holds(node: ObjectNode, instance: number, resource: number): boolean {
	if (node.instances[instance]![resource] !== undefined) return true;
	const handler = handlerOf(node, instance, resource);
	const definition = node.definition.resources[resource];
	if (!handler || !definition) return false;
	const { operations, multiple } = definition;
	if (operations === E) return handler.execute !== undefined;
	return (operations & R) === 0 ? handler.write !== undefined : multiple === undefined && handler.read !== undefined;
}

/** True where the resource may hold the value: its type, range and length. Appendix C of the core specification. */
export function fits(resource: ResourceDefinition, value: Value): boolean {
	const { type, operations, range, only } = resource;
	let size: number | bigint;
	if (type === STRING || type === CORELNK) {
		if (typeof value !== "string") return false;
		size = textBytes(value);
		if (!range && size > TEXT_BYTES) return false;
	} else if (type === OPAQUE) {
		if (!(value instanceof ArrayBuffer)) return false;
		size = value.byteLength;
		// no credential: so some bootstrap servers write those of a transport that the device does not have
		if (size === 0 && operations === HIDDEN) return true;
		if (!range && size > OPAQUE_BYTES) return false;
	} else if (type === BOOLEAN) return typeof value === "boolean";
	else if (typeof value === "bigint") {
		if (
			type === INTEGER
				? value < -INTEGER_END || value >= INTEGER_END
				: type !== UNSIGNED || value < 0n || value >= UNSIGNED_END
		)
			return false;
		size = value;
	} else {
		if (typeof value !== "number") return false;
		if (type !== FLOAT && !Number.isSafeInteger(value)) return false;
		if ((type === UNSIGNED || type === OBJLNK) && value < 0) return false;
		if (type === OBJLNK && value > 0xffffffff) return false;
		size = value;
	}
	if (range && !(size >= range[0] && size <= range[1])) return false;
	return !only || only.indexOf(Number(size)) >= 0;
}

/** What `fits` wants, for messages: `an integer from 0 to 100`. */
export function wanted(resource: ResourceDefinition): string {
	const { type, range, only } = resource;
	const isSized = type === STRING || type === CORELNK || type === OPAQUE;
	const names: { readonly [type: number]: string } = {
		[STRING]: "a text",
		[CORELNK]: "a text of links",
		[OPAQUE]: "an ArrayBuffer",
		[BOOLEAN]: "a boolean",
		[INTEGER]: "an integer",
		[UNSIGNED]: "an unsigned integer",
		[FLOAT]: "a number",
		[TIME]: "a time in whole seconds",
		[OBJLNK]: "an object link",
	};
	const of = isSized ? " of " : " ";
	const unit = isSized ? " bytes" : "";
	const bound = type === OPAQUE ? OPAQUE_BYTES : TEXT_BYTES;
	return `${names[type]}${range ? `${of}${isSized ? "" : "from "}${range[0]} to ${range[1]}${unit}` : only ? `${of}${only.join(" or ")}${unit}` : isSized ? `${of}at most ${bound} bytes` : ""}`;
}

function isSame(old: Value | Multiple | undefined, value: Value): boolean {
	if (value instanceof ArrayBuffer)
		return old instanceof ArrayBuffer && isSameBytes(new Uint8Array(old), new Uint8Array(value));
	return Object.is(old, value);
}

function isSameBytes(a: Uint8Array, b: Uint8Array): boolean {
	return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

/** Inserts into an ascending list. @returns the index it got. */
function insert(list: number[], value: number): number {
	let index = list.length;
	while (index > 0 && list[index - 1]! > value) index--;
	list.splice(index, 0, value);
	return index;
}
