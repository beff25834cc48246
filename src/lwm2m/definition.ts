// Object definitions: what OMA's registry says of an object, as deeply frozen data that XS keeps in flash.
// One file an object in `objects/`. OMA-TS-LightweightM2M_Core-V1_1_1 7.2 and appendix C (data types).

/** Data types. NONE is that of an executable resource. */
export const NONE = 0;
export const STRING = 1;
export const INTEGER = 2;
export const UNSIGNED = 3;
export const FLOAT = 4;
export const BOOLEAN = 5;
export const OPAQUE = 6;
export const TIME = 7;
export const OBJLNK = 8;
export const CORELNK = 9;
export type ResourceType =
	| typeof NONE
	| typeof STRING
	| typeof INTEGER
	| typeof UNSIGNED
	| typeof FLOAT
	| typeof BOOLEAN
	| typeof OPAQUE
	| typeof TIME
	| typeof OBJLNK
	| typeof CORELNK;

/** What the integers of 64 bits are below, with a sign and without. */
export const INTEGER_END = 0x8000000000000000n;
export const UNSIGNED_END = 0x10000000000000000n;

/** True of the types that have an order: thresholds apply to them. */
export function isNumeric(type: ResourceType | undefined): boolean {
	return type === INTEGER || type === UNSIGNED || type === FLOAT || type === TIME;
}

/** What a server may do with a resource. HIDDEN: nothing; only a bootstrap server and the device itself reach it. */
export const HIDDEN = 0;
export const R = 1;
export const W = 2;
export const RW = 3;
export const E = 4;
export type Operations = typeof HIDDEN | typeof R | typeof W | typeof RW | typeof E;

/** Versions of the LwM2M enabler. */
export type EnablerVersion = "1.0" | "1.1" | "1.2";

/** A resource of an object. OMA-TS-LightweightM2M_Core-V1_1_1 7.2. */
export interface ResourceDefinition {
	/** As in OMA's registry; for readers: a prepared machine does without (platforms/xs/rom). */
	readonly name: string;
	readonly type: ResourceType;
	readonly operations: Operations;
	/** A resource with instances: the most of them that this device holds, 1..65535. Absent: a single resource. */
	readonly multiple?: number;
	/** Every instance must hold it (or, when executable, must answer it). */
	readonly isMandatory?: true;
	/**
	 * Numbers: the least and the greatest value. Strings and opaques: the least and the greatest length in bytes.
	 */
	readonly range?: readonly [number, number];
	/** The only values allowed, where they do not form a range (for opaques and strings: the only lengths). */
	readonly only?: readonly number[];
	/** The unit as in OMA's registry, `Cel`, `s`, `/100`; for readers as well. */
	readonly units?: string;
	/** The object version that brought it; absent: the first one. */
	readonly since?: string;
	/** Its value takes no part in the answer to a Read of its instance or object: too large, or secret (see `Registry`). */
	readonly isApart?: true;
}

/** An object, for `defineObject` and the `objects` of a client. OMA-TS-LightweightM2M_Core-V1_1_1 7.2. */
export interface ObjectDefinition {
	/** 0..65534 */
	readonly id: number;
	/** As in OMA's registry. */
	readonly name: string;
	/** The object version that a client of each enabler version announces; an enabler that lacks the object is absent. */
	readonly versions: { readonly [enabler in EnablerVersion]?: string };
	/** The most instances that this device holds, 1..65535; 1 and `isSingle` for an object that OMA defines as single. */
	readonly instances: number;
	/** OMA defines it with one instance, whose id is 0. */
	readonly isSingle?: true;
	readonly isMandatory?: true;
	/** Its notifications are confirmable and wait for the server, unless that has asked for others by `con`. */
	readonly isConfirmed?: true;
	readonly resources: { readonly [id: number]: ResourceDefinition };
	/** The ids of `resources`, ascending. Filled in by `defineObject`. */
	readonly ids?: readonly number[];
}

/** A definition as `defineObject` returns it. */
export type Defined<D extends ObjectDefinition = ObjectDefinition> = D & { readonly ids: readonly number[] };

/**
 * Checks and freezes a definition (deeply on XS, where `Object.freeze` takes a second argument).
 * @throws RangeError naming the object and what is wrong with it.
 */
export function defineObject<const D extends ObjectDefinition>(definition: D): Defined<D> {
	const { id, instances, resources } = definition;
	if (!isId(id)) throw new RangeError(`object ${id}: the id is 0 to 65534`);
	if (!(Number.isInteger(instances) && instances > 0 && instances <= 65535))
		throw new RangeError(`object ${id}: instances is 1 to 65535, not ${instances}`);
	if (definition.isSingle && instances !== 1)
		throw new RangeError(`object ${id}: a single object has one instance, not ${instances}`);
	const ids = Object.keys(resources).map(Number);
	for (const resourceId of ids) {
		if (!isId(resourceId)) throw new RangeError(`object ${id}: the resource id ${resourceId} is not 0 to 65534`);
		const { type, operations } = resources[resourceId]!;
		if ((type === NONE) !== (operations === E))
			throw new RangeError(`resource /${id}/x/${resourceId}: type NONE goes with operation E, and only with it`);
	}
	return deepFreeze({ ...definition, ids });
}

function isId(id: number): boolean {
	return Number.isInteger(id) && id >= 0 && id <= 65534;
}

function deepFreeze<T extends object>(value: T): T {
	for (const part of Object.values(value)) if (typeof part === "object" && part !== null) deepFreeze(part);
	return Object.freeze(value);
}
