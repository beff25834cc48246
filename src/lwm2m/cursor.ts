// Walks the readable values below one path or several, for the codecs: the state is in `Cursor` and nothing is
// allocated, because this runs for every Read and Notify.
// Order: objects, instances, resources, resource instances, each by ascending id.
// OMA-TS-LightweightM2M_Core-V1_1_1 6.3.1 (what a Read includes).
import type { Cursor, Overrides } from "./cursor-state.js";
import { type Defined, R, type ResourceDefinition } from "./definition.js";
import {
	fits,
	type Handler,
	handlerOf,
	type Instance,
	isMultiple,
	LATER,
	type Model,
	type Multiple,
	wanted,
} from "./model.js";
import type { FindSamples, TimedValue, Value } from "./path.js";

const SECURITY = 0;
const OSCORE = 21;

/** Which instances are walked, where access rights keep some from the server; undefined: all. To be taken back. */
export function setReader(cursor: Cursor, is: ((object: number, instance: number) => boolean) | undefined): void {
	cursor.mayRead = is;
}

/** Begins at a path: -1 for what is absent. Of the root every object is walked, of a path that is not there nothing. */
export function start(
	cursor: Cursor,
	of: Model,
	atObject: number,
	atInstance: number,
	atResource: number,
	atResourceInstance: number,
): void {
	cursor.model = of;
	cursor.paths = undefined;
	cursor.records = undefined;
	cursor.samples = undefined;
	cursor.time = cursor.commonTime;
	cursor.isLater = false;
	cursor.isEmpty = true;
	enter(cursor, atObject, atInstance, atResource, atResourceInstance);
}

/** Begins at several paths, four ids each (-1 for absent), of which none lies below another. What is missing is passed over. */
export function startPaths(cursor: Cursor, of: Model, ids: readonly number[]): void {
	start(cursor, of, -1, -1, -1, -1);
	cursor.paths = ids;
	cursor.pathIndex = 0;
	cursor.isDone = true;
}

/** Begins at values that the application gives. */
export function startRecords(cursor: Cursor, of: Model, values: readonly TimedValue[]): void {
	start(cursor, of, -1, -1, -1, -1);
	cursor.records = values;
	cursor.pathIndex = 0;
	cursor.isDone = true;
}

function enter(
	cursor: Cursor,
	atObject: number,
	atInstance: number,
	atResource: number,
	atResourceInstance: number,
): void {
	const node = atObject < 0 ? undefined : cursor.model.objects[atObject];
	let values: Instance | undefined;
	cursor.rootObject = cursor.object = atObject;
	cursor.rootInstance = cursor.instance = atInstance;
	cursor.rootResource = atResource;
	cursor.rootResourceInstance = atResourceInstance;
	cursor.multiple = undefined;
	cursor.node = node;
	if (atInstance >= 0 && !(cursor.mayRead && !cursor.mayRead(atObject, atInstance)))
		values = node?.instances[atInstance];
	cursor.values = values;
	cursor.isDone = atInstance >= 0 && !values;
	if (atResource >= 0) return;
	cursor.objectIndex = cursor.instanceIndex = cursor.resourceIndex = 0;
	cursor.isAnyObject = atObject < 0;
}

/** Begins again at the same path, or paths. */
export function restart(cursor: Cursor): void {
	if (cursor.records) startRecords(cursor, cursor.model, cursor.records);
	else if (cursor.paths) startPaths(cursor, cursor.model, cursor.paths);
	else
		start(
			cursor,
			cursor.model,
			cursor.rootObject,
			cursor.rootInstance,
			cursor.rootResource,
			cursor.rootResourceInstance,
		);
}

/** The next single value is this one, whatever is stored: what crossed a threshold. Undefined takes it back. @param instead the same for many values */
export function setValue(cursor: Cursor, of: Value | undefined, instead?: Overrides): void {
	cursor.override = of;
	cursor.overrides = instead;
	cursor.isAsStored = of === undefined && !instead && !cursor.findSamples;
}

/**
 * Resources with samples give all of them instead of their value. To be taken back at the end.
 * @param seconds the time of what has none of its own, NaN: now
 */
export function setSamples(cursor: Cursor, find: FindSamples | undefined, seconds = Number.NaN): void {
	cursor.findSamples = find;
	cursor.isAsStored = !find && cursor.override === undefined && !cursor.overrides;
	cursor.commonTime = seconds;
}

/** For notifications: read handlers cannot put anything off. To be taken back at the end. */
export function setNotifying(cursor: Cursor, is: boolean): void {
	cursor.isNotifying = is;
}

/** For measuring: what is stored counts, and no handler is asked. To be taken back. */
export function setMeasuring(cursor: Cursor, is: boolean): void {
	cursor.isMeasuring = is;
}

/** Moves on. @returns false at the end. */
export function next(cursor: Cursor): boolean {
	for (;;) {
		if (cursor.samples && stepSamples(cursor)) return true;
		if (cursor.multiple) {
			if (stepMultiple(cursor)) return true;
			cursor.multiple = undefined;
		}
		if (cursor.isLater) return false;
		if (cursor.isDone) {
			if (cursor.records) return stepRecords(cursor);
			if (!cursor.paths || cursor.pathIndex >= cursor.paths.length) return false;
			const at = cursor.pathIndex;
			cursor.pathIndex += 4;
			enter(cursor, cursor.paths[at]!, cursor.paths[at + 1]!, cursor.paths[at + 2]!, cursor.paths[at + 3]!);
		} else if (cursor.rootResource >= 0) {
			cursor.isDone = true;
			const { node, values, rootResource: id } = cursor;
			if (!values) continue;
			const definition = node!.definition.resources[id];
			if (definition && take(cursor, definition, id, values[id], node!.handlers[id])) return true;
		} else if (cursor.values) {
			if (stepResources(cursor, cursor.values)) return true;
		} else if (!stepInstance(cursor) && !cursor.paths) return false;
	}
}

/** Goes to the next instance, if need be of the next object. */
function stepInstance(cursor: Cursor): boolean {
	for (;;) {
		if (!cursor.node) {
			if (!cursor.isAnyObject || cursor.objectIndex >= cursor.model.objectIds.length) {
				cursor.isDone = true;
				return false;
			}
			cursor.object = cursor.model.objectIds[cursor.objectIndex]!;
			++cursor.objectIndex;
			if (cursor.object === SECURITY || cursor.object === OSCORE) continue;
			cursor.node = cursor.model.objects[cursor.object]!;
			cursor.instanceIndex = 0;
		}
		if (cursor.instanceIndex < cursor.node.instanceIds.length) {
			cursor.instance = cursor.node.instanceIds[cursor.instanceIndex]!;
			++cursor.instanceIndex;
			if (cursor.mayRead && !cursor.mayRead(cursor.object, cursor.instance)) continue;
			cursor.values = cursor.node.instances[cursor.instance];
			cursor.resourceIndex = 0;
			return true;
		}
		cursor.node = undefined;
	}
}

function stepSamples(cursor: Cursor): boolean {
	const of = cursor.samples!;
	for (const count = of.count(); cursor.sampleIndex < count; ) {
		const index = cursor.sampleIndex;
		++cursor.sampleIndex;
		if (!of.read(index)) continue;
		({ time: cursor.time, value: cursor.value } = of);
		return true;
	}
	cursor.samples = undefined;
	cursor.time = cursor.commonTime;
	return false;
}

function stepRecords(cursor: Cursor): boolean {
	const record = cursor.records![cursor.pathIndex];
	if (!record) return false;
	++cursor.pathIndex;
	cursor.object = record.object;
	cursor.instance = record.instance;
	cursor.resource = record.resource;
	cursor.resourceInstance = record.resourceInstance;
	cursor.type = cursor.model.objects[cursor.object]!.definition.resources[cursor.resource]!.type;
	cursor.value = record.value;
	cursor.time = record.time === record.time ? record.time : cursor.commonTime;
	cursor.isEmpty = false;
	return true;
}

/** Goes through the resources of an instance, until one has a value or is multiple. */
function stepResources(cursor: Cursor, values: Instance): boolean {
	const node = cursor.node!; // it has the instance
	const { ids, resources } = node.definition as Defined; // every node has been made from a defined object
	const handlers = node.handlers;
	const count = ids.length;
	for (let index = cursor.resourceIndex; index < count; ) {
		const id = ids[index]!;
		const stored = values[id];
		++index;
		if (stored === undefined && !handlers[id]) continue;
		const definition = resources[id]!;
		if (definition.isApart) continue;
		cursor.resourceIndex = index;
		if (take(cursor, definition, id, stored, handlers[id])) return true;
		if (cursor.multiple || cursor.isLater) return false;
	}
	cursor.values = undefined;
	if (cursor.rootInstance >= 0) cursor.isDone = true;
	return false;
}

/** Takes a resource of the current instance; a multiple one is only entered. @returns true where a value is at hand. */
function take(
	cursor: Cursor,
	definition: ResourceDefinition,
	id: number,
	stored: Value | Multiple | undefined,
	handler: Handler | undefined,
): boolean {
	if ((definition.operations & R) === 0) return false;
	cursor.resource = id;
	cursor.type = definition.type;
	if (typeof stored === "object" && isMultiple(stored)) {
		cursor.multiple = stored;
		cursor.multipleIndex = 0;
		return false;
	}
	if (stored === undefined && definition.multiple !== undefined) return false;
	cursor.resourceInstance = -1;
	if (handler || stored === undefined || !cursor.isAsStored) return read(cursor, stored, handler);
	cursor.isEmpty = false;
	cursor.value = stored;
	return true;
}

function stepMultiple(cursor: Cursor): boolean {
	const { ids, values: of } = cursor.multiple!;
	const handler = cursor.node!.handlers[cursor.resource];
	const root = cursor.rootResourceInstance;
	const count = ids.length;
	for (let index = cursor.multipleIndex; index < count && !cursor.isLater; ) {
		const id = ids[index]!;
		const stored = of[index];
		++index;
		cursor.multipleIndex = index;
		cursor.resourceInstance = id;
		if ((root < 0 || root === id) && read(cursor, stored, handler)) return true;
	}
	return false;
}

/** @param first of the resource's handlers */
function read(cursor: Cursor, stored: Value | undefined, first: Handler | undefined): boolean {
	const crossed =
		cursor.override ??
		cursor.overrides?.crossedAt(cursor.object, cursor.instance, cursor.resource, cursor.resourceInstance);
	if (crossed !== undefined) stored = crossed;
	else if (first && !cursor.isMeasuring) {
		const handler = handlerOf(cursor.node, cursor.instance, cursor.resource);
		if (handler?.read && !handler.isFresh) {
			const given = handler.read(cursor.instance, cursor.resourceInstance);
			if (given === LATER) {
				if (!cursor.isNotifying) {
					cursor.isLater = true;
					return false;
				}
			} else if (given !== undefined) stored = checked(cursor, given as Value); // LATER is dealt with above
		}
	}
	if (stored === undefined) return false;
	cursor.isEmpty = false;
	cursor.value = stored;
	if (cursor.findSamples) {
		const found = cursor.findSamples(cursor.object, cursor.instance, cursor.resource, cursor.resourceInstance);
		if (found && found.count() > 0) {
			cursor.samples = found;
			cursor.sampleIndex = 0;
			return stepSamples(cursor);
		}
	}
	return true;
}

/** What a handler gave: NaN says that the value is not known. @throws TypeError where the resource cannot hold it */
function checked(cursor: Cursor, given: Value): Value | undefined {
	if (given !== given) return undefined;
	const definition = cursor.node!.definition.resources[cursor.resource]!;
	if (!fits(definition, given)) throw new TypeError(`the read handler gave ${given}, ${wanted(definition)} is wanted`);
	return given;
}
