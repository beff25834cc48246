// Paths and values as the compiler sees them: which path exists in a set of object definitions, and what it holds.
// Types only, but for object links. OMA-TS-LightweightM2M_Core-V1_1_1 7.3.1 (identifiers), appendix C (data types).
import type {
	BOOLEAN,
	CORELNK,
	FLOAT,
	INTEGER,
	NONE,
	OBJLNK,
	ObjectDefinition,
	OPAQUE,
	STRING,
	TIME,
	UNSIGNED,
	W,
} from "./definition.js";

declare const linkBrand: unique symbol;
/** A link to an object instance (type Objlnk): both ids in one number. Made by `objectLink`. */
export type ObjectLink = number & { readonly [linkBrand]: true };

/** What the registry stores: objects and arrays never, so that a value costs one slot and at most one chunk. */
export type Value = string | number | bigint | boolean | ArrayBuffer;

/** What a resource has measured over time. */
export interface Samples {
	/** How many of them are to be told. */
	count(): number;
	/** Goes to one of them. @returns false where it cannot be read */
	read(index: number): boolean;
	/** Its time: seconds since 1970 or, below 2^28, relative to now (RFC 8428 4.5.3). */
	readonly time: number;
	readonly value: Value;
}

/** Finds the samples of a resource, or of one instance of a multiple resource (-1 for a single one). */
export type FindSamples = (
	object: number,
	instance: number,
	resource: number,
	resourceInstance: number,
) => Samples | undefined;

/** A value with its path, as the application gives it. */
export interface TimedValue {
	readonly object: number;
	readonly instance: number;
	readonly resource: number;
	readonly resourceInstance: number;
	readonly value: Value;
	readonly time: number;
}

/** A link to an object instance; 65535, 65535 is the null link. @throws RangeError unless both are 0..65535 */
export function objectLink(object: number, instance: number): ObjectLink {
	if (!(isId(object) && isId(instance))) throw new RangeError(`object link ${object}:${instance}: ids are 0 to 65535`);
	return (object * 65536 + instance) as ObjectLink; // the brand exists for the compiler alone
}

function isId(id: number): boolean {
	return id >= 0 && id <= 65535 && (id | 0) === id;
}

/** The object id of a link. */
export function linkObject(link: ObjectLink): number {
	return (link / 65536) | 0;
}

/** The instance id of a link. */
export function linkInstance(link: ObjectLink): number {
	return link & 0xffff;
}

type Definitions = readonly ObjectDefinition[];

/** The instance segment: 0 of a single object, any whole number else. */
type InstanceOf<D extends ObjectDefinition> = D["isSingle"] extends true ? 0 : number;
type ResourceIds<D extends ObjectDefinition> = keyof D["resources"] & number;

type ValueOfType<R> = R extends { readonly type: typeof STRING | typeof CORELNK }
	? string
	: R extends { readonly type: typeof FLOAT | typeof TIME }
		? number
		: R extends { readonly type: typeof INTEGER | typeof UNSIGNED }
			? R extends { readonly range: readonly [number, number] }
				? number
				: number | bigint
			: R extends { readonly type: typeof BOOLEAN }
				? boolean
				: R extends { readonly type: typeof OPAQUE }
					? ArrayBuffer
					: R extends { readonly type: typeof OBJLNK }
						? ObjectLink
						: never;

/** One member an object and resource: its path's form, its instance path's form, and its value. */
type Entry<O extends Definitions> = O[number] extends infer D
	? D extends ObjectDefinition
		? {
				[K in ResourceIds<D>]: {
					path: D["resources"][K] extends { readonly multiple: number }
						? `/${D["id"]}/${InstanceOf<D>}/${K}/${number}`
						: `/${D["id"]}/${InstanceOf<D>}/${K}`;
					whole: `/${D["id"]}/${InstanceOf<D>}/${K}`;
					handled: `/${D["id"]}/${InstanceOf<D> | "*"}/${K}`;
					isExecutable: D["resources"][K] extends { readonly type: typeof NONE } ? true : false;
					operations: D["resources"][K]["operations"];
					value: ValueOfType<D["resources"][K]>;
				};
			}[ResourceIds<D>]
		: never
	: never;

/** Paths that hold one value: resources, and instances of multiple resources. */
export type ValuePath<O extends Definitions> = Extract<Entry<O>, { isExecutable: false }>["path"];
/** Paths of executable resources; `*` stands for every instance. */
export type ExecutablePath<O extends Definitions> = Extract<Entry<O>, { isExecutable: true }>["handled"];
/** Paths of resources that have values, multiple ones as a whole. */
export type ResourcePath<O extends Definitions> = Extract<Entry<O>, { isExecutable: false }>["whole"];
/** Of those, what a time series may be kept of: numbers, booleans, texts. */
export type SampledPath<O extends Definitions> = Exclude<Handled<O>, { value: ArrayBuffer | ObjectLink }>["path"];
/** Of those, what a server may read, and the hidden ones; `*` stands for every instance. */
export type ReadablePath<O extends Definitions> = Exclude<Handled<O>, { operations: typeof W }>["handled"];
/** All of those, where `*` stands for every instance. */
export type HandledPath<O extends Definitions> = Handled<O>["handled"];
type Handled<O extends Definitions> = Extract<Entry<O>, { isExecutable: false }>;
/** Paths of object instances of objects that may have several. */
export type InstancePath<O extends Definitions> = O[number] extends infer D
	? D extends ObjectDefinition
		? `/${D["id"]}/${InstanceOf<D>}`
		: never
	: never;

/** Any path of the definitions: object, instance, resource, resource instance. */
export type AnyPath<O extends Definitions> = `/${O[number]["id"]}` | InstancePath<O> | Entry<O>["whole"] | ValuePath<O>;

/** A value with its path, as the application gives it for a Send. */
export type RecordOf<O extends Definitions> = number extends O[number]["id"]
	? TimedRecord<string, Value>
	: Handled<O> extends infer E
		? E extends { path: infer P extends string; value: infer V }
			? TimedRecord<P, V & Value>
			: never
		: never;

interface TimedRecord<P extends string, V> {
	readonly path: P;
	readonly value: V;
	/** Seconds since 1970; absent: now. */
	readonly time?: number;
}

/** What the path holds. */
export type ValueAt<O extends Definitions, P extends string> = ValueWhere<O, "path", P>;

/** What a handler of the whole resource gives: of a multiple one, the value of one resource instance. */
export type ValueOfResource<O extends Definitions, P extends string> = ValueWhere<O, "handled", P>;

type ValueWhere<
	O extends Definitions,
	Form extends "path" | "handled",
	P extends string,
> = number extends O[number]["id"]
	? Value
	: Entry<O> extends infer E
		? E extends { readonly [K in Form]: infer Q } & { value: infer V }
			? P extends Q
				? V
				: never
			: never
		: never;

type Digit = "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9";
type Forbidden = "-" | "+" | "." | " " | "x" | "X" | "b" | "B" | "o" | "O" | "e" | "E";
type IsMalformed<P extends string> = P extends `${string}${Forbidden}${string}` | `${string}/0${Digit}${string}`
	? true
	: false;

/** A path of those allowed; for the compiler any other is the wrong type, whose name says what is wrong with the path. */
export type Path<O extends Definitions, Allowed extends string, P extends string> = number extends O[number]["id"]
	? P
	: P extends Allowed
		? IsMalformed<P> extends true
			? `${P}: ids are digits, without sign and leading zeros`
			: P
		: Problem<O, P>;

/** Any text, for which the editor still proposes the paths that are allowed. */
export type AnyOf<Allowed extends string> = Allowed | (string & {});

type Problem<O extends Definitions, P extends string> = string extends P
	? "a path that the compiler knows is wanted, not a string"
	: P extends `/${infer Object}/${infer Instance}/${infer Resource}/${infer ResourceInstance}`
		? ProblemIn<O, P, [Object, Instance, Resource, ResourceInstance]>
		: P extends `/${infer Object}/${infer Instance}/${infer Resource}`
			? ProblemIn<O, P, [Object, Instance, Resource]>
			: P extends `/${infer Object}/${infer Instance}`
				? ProblemIn<O, P, [Object, Instance]>
				: P extends `/${infer Object}`
					? ProblemIn<O, P, [Object]>
					: `${P}: a path begins with a slash`;

type ProblemIn<O extends Definitions, P extends string, Ids extends readonly string[]> = [
	WithId<O[number], Ids[0]>,
] extends [infer D]
	? [D] extends [never]
		? `${P}: the client has no object ${Ids[0]}`
		: D extends { readonly isSingle: true }
			? Ids[1] extends "0" | "*" | undefined
				? ProblemAt<P, Ids, D>
				: `${P}: object ${Ids[0]} has the one instance 0`
			: ProblemAt<P, Ids, D>
	: never;

type ProblemAt<P extends string, Ids extends readonly string[], D> = Ids extends readonly [
	infer Object extends string,
	string,
	infer Resource extends string,
	...infer More,
]
	? D extends { readonly resources: { readonly [K in Resource]: infer Definition } }
		? Definition extends { readonly type: typeof NONE }
			? `${P}: resource ${Resource} is executable`
			: Definition extends { readonly multiple: number }
				? More extends []
					? `${P}: a multiple resource, name the instance: ${P}/0`
					: `${P}: not a path that is wanted here`
				: More extends []
					? Definition extends { readonly operations: typeof W }
						? `${P}: servers can only write it`
						: Definition extends { readonly type: typeof OPAQUE | typeof OBJLNK }
							? `${P}: not a number, boolean or text`
							: `${P}: not a path that is wanted here`
					: `${P}: a single resource, it has no instances`
		: `${P}: object ${Object} has no resource ${Resource}`
	: `${P}: not a path that is wanted here`;

/** The definition whose id, as a text, is this one. */
type WithId<D, Id> = D extends { readonly id: infer N extends number } ? (`${N}` extends Id ? D : never) : never;
