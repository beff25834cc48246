// The registry: what a firmware author reads, sets and handles, with paths and types that the compiler checks.
// Misuse that only shows at run time (a bound, a range) throws a RangeError or TypeError that names path and value,
// before anything has changed.
import { parsePath } from "../bytes.js";
import { type Defined, NONE, type ObjectDefinition, type ResourceDefinition } from "./definition.js";
import { fits, type Handler, isMultiple, LATER, type Later, Model, type Refusal, wanted } from "./model.js";
import type {
	AnyOf,
	AnyPath,
	ExecutablePath,
	HandledPath,
	InstancePath,
	Path,
	ReadablePath,
	ResourcePath,
	Value,
	ValueAt,
	ValueOfResource,
	ValuePath,
} from "./path.js";

/** Stands for a request that a handler has put off. */
export type Ticket = number;

/** What may be set: opaques also as a view. Their bytes are copied. */
export type Settable<V> = V extends ArrayBuffer ? ArrayBuffer | Uint8Array : V;

/** The device's objects, instances and values by their paths. Of `new Client(…).registry`. */
export class Registry<O extends readonly ObjectDefinition[] = readonly ObjectDefinition[]> {
	/** The untyped model underneath, for those who have ids and not paths. */
	readonly model: Model;
	/** Set by the dispatcher while it calls a handler: puts off the request in hand. */
	deferCurrent: (() => Ticket) | undefined;
	/** Set by the dispatcher: takes what `answer` gives. */
	onAnswer: ((ticket: Ticket, code: number, value: Value | undefined) => boolean) | undefined;
	#ids = new Uint16Array(4);

	/** @throws RangeError where two objects have the same id */
	constructor(objects: O) {
		// `defineObject` has filled in `ids`; the type of a tuple of definitions does not show it
		this.model = new Model(objects as unknown as readonly Defined[]);
	}

	/**
	 * Sets a resource, or one instance of a multiple resource. The instance is made where it is missing.
	 * A value that differs from the last is notified to those who observe it.
	 * @throws TypeError for a value of the wrong type or out of range, RangeError for a path that the definitions lack or a bound that is reached
	 */
	set<P extends AnyOf<ValuePath<O>>>(path: Path<O, ValuePath<O>, P>, value: Settable<ValueAt<O, P>>): void {
		const { depth, resource } = this.#resourceAt(path);
		// ValueAt is one of Value, or a view
		const stored =
			value instanceof Uint8Array
				? value.slice().buffer
				: value instanceof ArrayBuffer
					? value.slice(0)
					: (value as Value);
		if (!fits(resource, stored)) throw new TypeError(`${path}: ${wanted(resource)} is wanted, not ${show(value)}`);
		this.#make(path);
		if (!this.model.assign(this.#ids[0]!, this.#ids[1]!, this.#ids[2]!, depth === 4 ? this.#ids[3]! : -1, stored))
			throw new RangeError(`${path}: holds at most ${resource.multiple} instances`);
	}

	/** The value of a resource, or of one instance of a multiple resource; undefined where there is none. A read handler is asked. */
	get<P extends AnyOf<ValuePath<O>>>(path: Path<O, ValuePath<O>, P>): ValueAt<O, P> | undefined {
		const { depth } = this.#resourceAt(path);
		const ids = this.#ids;
		const resourceInstance = depth === 4 ? ids[3]! : -1;
		const value = this.model.handler(ids[0]!, ids[1]!, ids[2]!)?.read?.(ids[1]!, resourceInstance);
		// what was stored has passed `fits`, so it is of the resource's type
		return (
			value === undefined || value === LATER ? this.model.stored(ids[0]!, ids[1]!, ids[2]!, resourceInstance) : value
		) as ValueAt<O, P> | undefined;
	}

	/** Removes a resource, or one instance of a multiple resource. @returns false where there was none. */
	remove<P extends AnyOf<ValuePath<O> | ResourcePath<O>>>(path: Path<O, ValuePath<O> | ResourcePath<O>, P>): boolean {
		const depth = this.#parse(path, 3, 4);
		return this.model.remove(this.#ids[0]!, this.#ids[1]!, this.#ids[2]!, depth === 4 ? this.#ids[3]! : -1);
	}

	/** Makes an instance. @throws RangeError where it exists or the definition's bound is reached */
	create<P extends AnyOf<InstancePath<O>>>(path: Path<O, InstancePath<O>, P>): void {
		this.#parse(path, 2, 2);
		if (this.model.objects[this.#ids[0]!]!.instances[this.#ids[1]!]) throw new RangeError(`${path}: exists`);
		this.#make(path);
	}

	/** Removes an instance with all its resources. @returns false where there was none. */
	delete<P extends AnyOf<InstancePath<O>>>(path: Path<O, InstancePath<O>, P>): boolean {
		this.#parse(path, 2, 2);
		return this.model.deleteInstance(this.#ids[0]!, this.#ids[1]!);
	}

	/** True where the object, instance, resource or resource instance exists. */
	has<P extends AnyOf<AnyPath<O>>>(path: Path<O, AnyPath<O>, P>): boolean {
		const depth = this.#parse(path, 1, 4);
		const instance = this.model.objects[this.#ids[0]!]?.instances[this.#ids[1]!];
		if (depth === 1) return true;
		if (depth === 2 || !instance) return !!instance;
		const value = instance[this.#ids[2]!];
		return depth === 3 ? value !== undefined : isMultiple(value) && value.ids.includes(this.#ids[3]!);
	}

	/**
	 * Gives the value when it is read, instead of the stored one. The handler may put the request off:
	 * `const ticket = registry.defer(); …; return LATER`, then `registry.answer(ticket, CONTENT, value)`.
	 * A multiple resource's handler is called for each instance that the registry holds. Undefined stands for the stored
	 * value, NaN for a value that is not known (there is none then); any other that the resource cannot hold is an error.
	 */
	onRead<P extends AnyOf<ReadablePath<O>>>(
		path: Path<O, ReadablePath<O>, P>,
		read: (instance: number, resourceInstance: number) => ValueOfResource<O, P> | Later | undefined,
	): void {
		this.#handle(path).read = read as NonNullable<Handler["read"]>; // every ValueOfResource is a Value
	}

	/** Called before a server's write changes anything. May refuse with a code, `BAD_REQUEST`. */
	onValidate<P extends AnyOf<HandledPath<O>>>(
		path: Path<O, HandledPath<O>, P>,
		validate: (value: ValueOfResource<O, P>, instance: number, resourceInstance: number) => Refusal,
	): void {
		this.#handle(path).validate = validate as NonNullable<Handler["validate"]>; // the dispatcher has checked the type
	}

	/**
	 * Called when a server has written, before the value is stored. May refuse with a code, or answer later (not when
	 * the value comes with a Create). Where one of several refuses, none is stored.
	 */
	onWrite<P extends AnyOf<HandledPath<O>>>(
		path: Path<O, HandledPath<O>, P>,
		write: (value: ValueOfResource<O, P>, instance: number, resourceInstance: number) => Refusal | Later,
	): void {
		this.#handle(path).write = write as NonNullable<Handler["write"]>; // as above
	}

	/**
	 * Called when a server executes the resource. `parameters` is the argument list, `0='abc',1`, checked against the
	 * grammar (OMA-TS-LightweightM2M_Core-V1_1_1 6.3.5) unless `takesAnyText`. May refuse with a code, or answer later.
	 */
	onExecute<P extends AnyOf<ExecutablePath<O>>>(
		path: Path<O, ExecutablePath<O>, P>,
		execute: (parameters: string, instance: number) => Refusal | Later,
		takesAnyText = false,
	): void {
		const handler = this.#handle(path);
		handler.execute = execute;
		handler.takesAnyText = takesAnyText;
	}

	/** Called when a server has created an instance, before its values are set. May refuse with a code. */
	onCreate(path: `/${O[number]["id"]}`, create: (instance: number) => Refusal): void {
		this.#parse(path, 1, 1);
		this.model.objects[this.#ids[0]!]!.onCreate = create;
	}

	/** Called before a server deletes an instance. May refuse with a code. */
	onDelete(path: `/${O[number]["id"]}`, remove: (instance: number) => Refusal): void {
		this.#parse(path, 1, 1);
		this.model.objects[this.#ids[0]!]!.onDelete = remove;
	}

	/** Many changes, one notification. Batches nest. */
	batch(run: () => void): void {
		this.model.beginBatch();
		try {
			run();
		} finally {
			this.model.endBatch();
		}
	}

	/**
	 * Within a handler: puts the request off; return LATER then. Where the handler is not asked by a request that can wait
	 * (but by `get`, or for a notification) the ticket is 0, and the stored value is taken.
	 * @throws RangeError when too many are put off already
	 */
	defer(): Ticket {
		return this.deferCurrent ? this.deferCurrent() : 0;
	}

	/**
	 * Answers a request that was put off; the answer goes out once the current job is over. A Write is stored then.
	 * @param code CONTENT with the value for a read, CHANGED or a refusal else.
	 * @returns false where nobody waits any more (it took too long, or the server is gone), or it has been answered.
	 * @throws TypeError for a read without a value, or with one that the resource cannot hold
	 */
	answer(ticket: Ticket, code: number, value?: Value): boolean {
		return this.onAnswer?.(ticket, code, value) ?? false;
	}

	#parse(path: string, least: number, most: number): number {
		const depth = parsePath(path, this.#ids);
		if (path.charCodeAt(0) !== 47 || depth < least || depth > most)
			throw new RangeError(
				`${path}: not a path of ${least === most ? least : `${least} to ${most}`} ids, /object/instance/resource`,
			);
		if (!this.model.objects[this.#ids[0]!]) throw new RangeError(`${path}: no definition of object ${this.#ids[0]}`);
		return depth;
	}

	#resourceAt(path: string): { depth: number; resource: ResourceDefinition } {
		const depth = this.#parse(path, 3, 4);
		const resource = this.model.objects[this.#ids[0]!]!.definition.resources[this.#ids[2]!];
		if (!resource) throw new RangeError(`${path}: the object has no resource ${this.#ids[2]}`);
		if (resource.type === NONE) throw new RangeError(`${path}: is executable, it has no value`);
		if ((resource.multiple !== undefined) !== (depth === 4))
			throw new RangeError(
				`${path}: ${depth === 4 ? "is a single resource" : "is a multiple resource, name the instance"}`,
			);
		return { depth, resource };
	}

	/** Makes the instance of the path in `#ids` where it is missing. */
	#make(path: string): void {
		const { definition, instances } = this.model.objects[this.#ids[0]!]!;
		const id = this.#ids[1]!;
		if (instances[id]) return;
		if (definition.isSingle && id !== 0)
			throw new RangeError(`${path}: object ${definition.id} has the one instance 0`);
		if (!this.model.createInstance(definition.id, id))
			throw new RangeError(`${path}: object ${definition.id} holds at most ${definition.instances} instances`);
	}

	#handle(path: string): Handler {
		const wild = path.split("/*/").join("/0/");
		this.#parse(wild, 3, 3);
		const [object, instance, resource] = [this.#ids[0]!, wild === path ? this.#ids[1]! : -1, this.#ids[2]!];
		const node = this.model.objects[object]!;
		if (!node.definition.resources[resource]) throw new RangeError(`${path}: the object has no resource ${resource}`);
		let handler = node.handlers[resource];
		while (handler && handler.instance !== instance) handler = handler.next;
		if (!handler) {
			handler = { instance, next: undefined };
			// the one for every instance stays last, so that a particular one is found first
			const first = node.handlers[resource];
			if (instance >= 0 || !first) {
				handler.next = first;
				node.handlers[resource] = handler;
			} else {
				let last = first;
				while (last.next) last = last.next;
				last.next = handler;
			}
		}
		return handler;
	}
}

function show(value: unknown): string {
	if (typeof value === "string") return `"${value.length > 40 ? `${value.slice(0, 40)}…` : value}"`;
	if (value instanceof ArrayBuffer || value instanceof Uint8Array) return `${value.byteLength} bytes`;
	return String(value);
}
