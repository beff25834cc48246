// Walks the readable values below one path or several, for the codecs: the state is in module variables and nothing is
// allocated, because this runs for every Read and Notify.
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
import type { FindSamples, Samples, TimedValue, Value } from "./path.js";

/** Where the cursor stands; `resourceInstance` is -1 for a single resource. Valid after `next()`. */
export let object = -1;
export let instance = -1;
export let resource = -1;
export let resourceInstance = -1;
export let type = 0;
export let value: Value = 0;
/** When it was measured, seconds since 1970 or, below 2^28, relative to now (RFC 8428 4.5.3); NaN: not said. */
export let time = Number.NaN;
/** A read handler has put the request off; the walk ended there. */
export let isLater = false;
export let isEmpty = true;

/** The path that was asked for; -1 is absent. Of several paths all four are -1. */
export let rootObject = -1;
export let rootInstance = -1;
export let rootResource = -1;
export let rootResourceInstance = -1;

/** What is told in place of a stored value. */
export interface Overrides {
	crossedAt(object: number, instance: number, resource: number, resourceInstance: number): Value | undefined;
}

const SECURITY = 0;
const OSCORE = 21;

let model: Model;
/** The path that is walked just now. */
let atRootInstance = -1;
let atRootResource = -1;
let atRootResourceInstance = -1;
/** Several paths, four ids each, or values that come from the application; and which of them comes next. */
let paths: readonly number[] | undefined;
let pathIndex = 0;
let records: readonly TimedValue[] | undefined;
/** What is given in place of the stored value, once. */
let override: Value | undefined;
let overrides: Overrides | undefined;
let commonTime = Number.NaN;
let findSamples: FindSamples | undefined;
let samples: Samples | undefined;
let sampleIndex = 0;
let objectIndex = 0;
let instanceIndex = 0;
let resourceIndex = 0;
let node: ObjectNode | undefined;
let values: Instance | undefined;
let multiple: Multiple | undefined;
let multipleIndex = 0;
let isDone = true;
let isAnyObject = false;
/** Nobody can wait: where a handler wants to answer later, what is stored is taken. */
let isNotifying = false;
/** What is measured only: no handler is asked. */
let isMeasuring = false;
let mayRead: ((object: number, instance: number) => boolean) | undefined;

/** Which instances are walked, where access rights keep some from the server; undefined: all. To be taken back. */
export function setReader(is: ((object: number, instance: number) => boolean) | undefined): void {
	mayRead = is;
}

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
	paths = undefined;
	records = undefined;
	samples = undefined;
	time = commonTime;
	isLater = false;
	isEmpty = true;
	enter(atObject, atInstance, atResource, atResourceInstance);
}

/** Begins at several paths, four ids each (-1 for absent), of which none lies below another. What is missing is passed over. */
export function startPaths(of: Model, ids: readonly number[]): void {
	start(of, -1, -1, -1, -1);
	paths = ids;
	pathIndex = 0;
	isDone = true;
}

/** Begins at values that the application gives. */
export function startRecords(of: Model, values: readonly TimedValue[]): void {
	start(of, -1, -1, -1, -1);
	records = values;
	pathIndex = 0;
	isDone = true;
}

function enter(atObject: number, atInstance: number, atResource: number, atResourceInstance: number): void {
	atRootInstance = atInstance;
	atRootResource = atResource;
	atRootResourceInstance = atResourceInstance;
	object = atObject;
	instance = atInstance;
	objectIndex = instanceIndex = resourceIndex = multipleIndex = 0;
	multiple = undefined;
	values = undefined;
	isDone = false;
	isAnyObject = atObject < 0;
	node = isAnyObject ? undefined : model.objects[atObject];
	if (atInstance >= 0) {
		values = mayRead && !mayRead(atObject, atInstance) ? undefined : node?.instances[atInstance];
		if (!values) isDone = true;
	}
}

/** Begins again at the same path, or paths. */
export function restart(): void {
	if (records) startRecords(model, records);
	else if (paths) startPaths(model, paths);
	else start(model, rootObject, rootInstance, rootResource, rootResourceInstance);
}

/** The next single value is this one, whatever is stored: what crossed a threshold. Undefined takes it back. @param instead the same for many values */
export function setValue(of: Value | undefined, instead?: Overrides): void {
	override = of;
	overrides = instead;
}

/**
 * Resources with samples give all of them instead of their value. To be taken back at the end.
 * @param seconds the time of what has none of its own, NaN: now
 */
export function setSamples(find: FindSamples | undefined, seconds = Number.NaN): void {
	findSamples = find;
	commonTime = seconds;
}

/** For notifications: read handlers cannot put anything off. To be taken back at the end. */
export function setNotifying(is: boolean): void {
	isNotifying = is;
}

/** For measuring: what is stored counts, and no handler is asked. To be taken back. */
export function setMeasuring(is: boolean): void {
	isMeasuring = is;
}

/** Moves on. @returns false at the end. */
export function next(): boolean {
	for (;;) {
		if (samples && stepSamples()) return true;
		if (multiple) {
			if (stepMultiple()) return true;
			multiple = undefined;
		}
		if (isLater) return false;
		if (isDone) {
			if (records) return stepRecords();
			if (!paths || pathIndex >= paths.length) return false;
			const at = pathIndex;
			pathIndex += 4;
			enter(paths[at]!, paths[at + 1]!, paths[at + 2]!, paths[at + 3]!);
		} else if (atRootResource >= 0) {
			isDone = true;
			if (values && take(atRootResource)) return true;
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
				if (atRootInstance >= 0) isDone = true;
			}
		} else if (!stepInstance() && !paths) return false;
	}
}

/** Goes to the next instance, if need be of the next object. */
function stepInstance(): boolean {
	for (;;) {
		if (!node) {
			if (!isAnyObject || objectIndex >= model.objectIds.length) {
				isDone = true;
				return false;
			}
			object = model.objectIds[objectIndex]!;
			++objectIndex;
			if (object === SECURITY || object === OSCORE) continue;
			node = model.objects[object]!;
			instanceIndex = 0;
		}
		if (instanceIndex < node.instanceIds.length) {
			instance = node.instanceIds[instanceIndex]!;
			++instanceIndex;
			if (mayRead && !mayRead(object, instance)) continue;
			values = node.instances[instance];
			resourceIndex = 0;
			return true;
		}
		node = undefined;
	}
}

function stepSamples(): boolean {
	const of = samples!;
	for (const count = of.count(); sampleIndex < count; ) {
		const index = sampleIndex;
		++sampleIndex;
		if (!of.read(index)) continue;
		({ time, value } = of);
		return true;
	}
	samples = undefined;
	time = commonTime;
	return false;
}

function stepRecords(): boolean {
	const record = records![pathIndex];
	if (!record) return false;
	++pathIndex;
	object = record.object;
	instance = record.instance;
	resource = record.resource;
	resourceInstance = record.resourceInstance;
	type = model.objects[object]!.definition.resources[resource]!.type;
	value = record.value;
	time = record.time === record.time ? record.time : commonTime;
	isEmpty = false;
	return true;
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
		if (atRootResourceInstance >= 0 && atRootResourceInstance !== resourceInstance) continue;
		if (read(of[index])) return true;
	}
	return false;
}

function read(stored: Value | undefined): boolean {
	const crossed = override ?? overrides?.crossedAt(object, instance, resource, resourceInstance);
	if (crossed !== undefined) stored = crossed;
	else if (node!.handlers[resource] && !isMeasuring) {
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
	if (findSamples) {
		const found = findSamples(object, instance, resource, resourceInstance);
		if (found && found.count() > 0) {
			samples = found;
			sampleIndex = 0;
			return stepSamples();
		}
	}
	return true;
}

/** What a handler gave: NaN says that the value is not known. @throws TypeError where the resource cannot hold it */
function checked(given: Value): Value | undefined {
	if (given !== given) return undefined;
	const definition = node!.definition.resources[resource]!;
	if (!fits(definition, given)) throw new TypeError(`the read handler gave ${given}, ${wanted(definition)} is wanted`);
	return given;
}
