// Walks the readable values below a path (or below several) one by one, for the codecs: the state is in module
// variables and nothing is allocated, because this runs for every Read and Notify.
// Order: objects, instances, resources, resource instances, each by ascending id.
// OMA-TS-LightweightM2M_Core-V1_1_1 6.3.1 (what a Read includes).
import { type Defined, R } from "./definition.js";
import {
	fits,
	handlerOf,
	type Instance,
	isMultiple,
	LATER,
	type Model,
	type Multiple,
	type ObjectNode,
	wanted,
} from "./model.js";
import type { Value } from "./path.js";

/** Where the cursor stands, and what is there; `resourceInstance` is -1 for a single resource. Valid after `next()`. */
export let object = -1;
export let instance = -1;
export let resource = -1;
export let resourceInstance = -1;
export let type = 0;
export let value: Value = 0;
/** A read handler has put the request off; the walk ended there. */
export let isLater = false;
/** Nothing has been found yet. */
export let isEmpty = true;

/** The path that was asked for; -1 is absent. */
export let rootObject = -1;
export let rootInstance = -1;
export let rootResource = -1;
export let rootResourceInstance = -1;

let model: Model;
let objectIndex = 0;
let instanceIndex = 0;
let resourceIndex = 0;
let node: ObjectNode | undefined;
let values: Instance | undefined;
let multiple: Multiple | undefined;
let multipleIndex = 0;
let isDone = true;
/** Nobody can wait: where a handler wants to answer later, what is stored is taken. */
let isNotifying = false;

/** Begins at a path: -1 for what is absent. Of the root every object is walked, of a path that is not there nothing. */
export function start(
	of: Model,
	atObject: number,
	atInstance: number,
	atResource: number,
	atResourceInstance: number,
): void {
	model = of;
	rootObject = atObject;
	rootInstance = atInstance;
	rootResource = atResource;
	rootResourceInstance = atResourceInstance;
	object = atObject;
	instance = atInstance;
	objectIndex = instanceIndex = resourceIndex = multipleIndex = 0;
	multiple = undefined;
	values = undefined;
	isLater = false;
	isEmpty = true;
	isDone = false;
	node = atObject < 0 ? undefined : of.objects[atObject];
	if (atInstance >= 0) {
		values = node?.instances[atInstance];
		if (!values) isDone = true;
	}
}

/** Begins again at the same path. */
export function restart(): void {
	start(model, rootObject, rootInstance, rootResource, rootResourceInstance);
}

/** For notifications: read handlers cannot put anything off. To be taken back at the end. */
export function setNotifying(is: boolean): void {
	isNotifying = is;
}

/** Moves on. @returns false at the end. */
export function next(): boolean {
	for (;;) {
		if (multiple) {
			if (stepMultiple()) return true;
			multiple = undefined;
		}
		if (isDone || isLater) return false;
		if (rootResource >= 0) {
			isDone = true;
			if (values && take(rootResource)) return true;
		} else if (values) {
			const ids = (node!.definition as Defined).ids; // every node has been made from a defined object
			if (resourceIndex < ids.length) {
				const id = ids[resourceIndex]!;
				++resourceIndex;
				if (values[id] !== undefined || node!.handlers[id]) {
					if (!node!.definition.resources[id]!.isApart && take(id)) return true;
				}
			} else {
				values = undefined;
				if (rootInstance >= 0) isDone = true;
			}
		} else if (!stepInstance()) return false;
	}
}

/** Goes to the next instance, if need be of the next object. */
function stepInstance(): boolean {
	for (;;) {
		if (!node) {
			if (rootObject >= 0 || objectIndex >= model.objectIds.length) {
				isDone = true;
				return false;
			}
			object = model.objectIds[objectIndex]!;
			++objectIndex;
			node = model.objects[object]!;
			instanceIndex = 0;
		}
		if (instanceIndex < node.instanceIds.length) {
			instance = node.instanceIds[instanceIndex]!;
			++instanceIndex;
			values = node.instances[instance];
			resourceIndex = 0;
			return true;
		}
		node = undefined;
	}
}

/** Takes a resource of the current instance; a multiple one is only entered. @returns true where a value is at hand. */
function take(id: number): boolean {
	const definition = node!.definition.resources[id];
	if (!definition || (definition.operations & R) === 0) return false;
	resource = id;
	type = definition.type;
	const stored = values![id];
	if (isMultiple(stored)) {
		multiple = stored;
		multipleIndex = 0;
		return false;
	}
	if (stored === undefined && definition.multiple !== undefined) return false;
	resourceInstance = -1;
	return read(stored);
}

function stepMultiple(): boolean {
	const { ids, values: of } = multiple!;
	while (!isLater && multipleIndex < ids.length) {
		const index = multipleIndex;
		++multipleIndex;
		resourceInstance = ids[index]!;
		if (rootResourceInstance >= 0 && rootResourceInstance !== resourceInstance) continue;
		if (read(of[index])) return true;
	}
	return false;
}

function read(stored: Value | undefined): boolean {
	if (node!.handlers[resource]) {
		const handler = handlerOf(node, instance, resource);
		if (handler?.read && !handler.isFresh) {
			const given = handler.read(instance, resourceInstance);
			if (given === LATER) {
				if (!isNotifying) {
					isLater = true;
					return false;
				}
			} else if (given !== undefined) stored = checked(given as Value); // LATER is dealt with above
		}
	}
	if (stored === undefined) return false;
	isEmpty = false;
	value = stored;
	return true;
}

/** What a handler gave: NaN says that the value is not known. @throws TypeError where the resource cannot hold it */
function checked(given: Value): Value | undefined {
	if (given !== given) return undefined;
	const definition = node!.definition.resources[resource]!;
	if (!fits(definition, given)) throw new TypeError(`the read handler gave ${given}, ${wanted(definition)} is wanted`);
	return given;
}
