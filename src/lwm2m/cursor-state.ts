// Where a walk over values stands: written by cursor.ts, read by the encoders. One for each model, made with it: a module
// has no variables, so that it can lie in flash. What is read most comes first, because a property is looked for in order.
import type { Levels } from "./decoded.js";
import type { Instance, Model, Multiple, ObjectNode } from "./model.js";
import type { FindSamples, Samples, TimedValue, Value } from "./path.js";

/** What is told in place of a stored value. */
export interface Overrides {
	crossedAt(object: number, instance: number, resource: number, resourceInstance: number): Value | undefined;
}

export class Cursor {
	/** Where it stands, valid after `next`; `resourceInstance` is -1 for a single resource. */
	value: Value = 0;
	type = 0;
	resource = -1;
	instance = -1;
	object = -1;
	resourceInstance = -1;
	/** When it was measured, seconds since 1970 or, below 2^28, relative to now (RFC 8428 4.5.3); NaN: not said. */
	time = Number.NaN;
	samples: Samples | undefined;
	multiple: Multiple | undefined;
	/** A read handler has put the request off; the walk ended there. */
	isLater = false;
	isDone = true;
	/** The path that is walked: the one that was asked for, or one of several; -1 is absent, all four until the first of several. */
	rootResource = -1;
	rootInstance = -1;
	rootObject = -1;
	rootResourceInstance = -1;
	values: Instance | undefined;
	/** Nothing is given in place of a stored value, and no samples. */
	isAsStored = true;
	/** What is given in place of the stored value, once. */
	override: Value | undefined;
	overrides: Overrides | undefined;
	findSamples: FindSamples | undefined;
	isEmpty = true;
	node: ObjectNode | undefined;
	resourceIndex = 0;
	/** Several paths, four ids each, or values that come from the application; and which of them comes next. */
	paths: readonly number[] | undefined;
	records: readonly TimedValue[] | undefined;
	pathIndex = 0;
	multipleIndex = 0;
	instanceIndex = 0;
	objectIndex = 0;
	sampleIndex = 0;
	/** What is measured only: no handler is asked. */
	isMeasuring = false;
	/** Nobody can wait: where a handler wants to answer later, what is stored is taken. */
	isNotifying = false;
	isAnyObject = false;
	mayRead: ((object: number, instance: number) => boolean) | undefined;
	commonTime = Number.NaN;
	model!: Model;
	/** What LwM2M CBOR writes with, from its first use on. */
	levels: Levels | undefined;
	/** Where there is no room, to measure. */
	nowhere: Uint8Array | undefined;
}
