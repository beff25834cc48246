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
					isMultiple: D["resources"][K] extends { readonly multiple: number } ? true : false;
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
/** The same for handlers, where `*` stands for every instance. */
export type HandledPath<O extends Definitions> = Extract<Entry<O>, { isExecutable: false }>["handled"];
/** Paths of object instances of objects that may have several. */
export type InstancePath<O extends Definitions> = O[number] extends infer D
	? D extends ObjectDefinition
		? `/${D["id"]}/${InstanceOf<D>}`
		: never
	: never;

/** Any path of the definitions: object, instance, resource, resource instance. */
export type AnyPath<O extends Definitions> = `/${O[number]["id"]}` | InstancePath<O> | Entry<O>["whole"] | ValuePath<O>;

/** What the path holds. */
export type ValueAt<O extends Definitions, P extends string> =
	Entry<O> extends infer E ? (E extends { path: infer Q; value: infer V } ? (P extends Q ? V : never) : never) : never;

/** What a handler of the whole resource gives: of a multiple one, the value of one resource instance. */
export type ValueOfResource<O extends Definitions, P extends string> =
	Entry<O> extends infer E
		? E extends { handled: infer Q; value: infer V }
			? P extends Q
				? V
				: never
			: never
		: never;

type Digit = "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9";
type Forbidden = "-" | "+" | "." | " " | "x" | "X" | "b" | "B" | "o" | "O" | "e" | "E";
/** Refuses ids with a sign, a fraction, white space, leading zeros or in another base than ten, which the form of the path lets through. */
export type Checked<P extends string> = P extends `${string}${Forbidden}${string}` | `${string}/0${Digit}${string}`
	? never
	: P;
