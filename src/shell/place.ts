// What a path on a command line stands for.
import { parsePath } from "../bytes.js";
import { HIDDEN, NONE, type ResourceDefinition } from "../lwm2m/definition.js";
import { type Handler, LATER, type Model, type ObjectNode } from "../lwm2m/model.js";
import type { Value } from "../lwm2m/path.js";
import { refuse } from "./command.js";

export class Place {
	declare readonly model: Model;
	declare readonly path: string;
	/** How many ids the path has; those behind count for nothing. */
	declare readonly depth: number;
	declare readonly object: number;
	declare readonly instance: number;
	declare readonly resource: number;
	/** The resource instance, -1 of a single resource. */
	declare part: number;
	/** The object, undefined where there is none. */
	declare readonly node: ObjectNode | undefined;

	/** @throws a refusal where the path has fewer than `least` ids */
	constructor(model: Model, path: string, least: number) {
		const ids = new Uint16Array(4);
		const depth = parsePath(path, ids);
		const object = ids[0]!;
		if (depth < least) refuse(-22, "% is not a path of % to 4 ids", path, least);
		this.model = model;
		this.path = path;
		this.depth = depth;
		this.object = object;
		this.instance = ids[1]!;
		this.resource = ids[2]!;
		this.part = depth > 3 ? ids[3]! : -1;
		this.node = model.objects[object];
	}

	/** With a slash in front. */
	absolute(): string {
		const path = this.path;
		return path.startsWith("/") ? path : `/${path}`;
	}

	/** @throws a refusal where the object does not exist */
	find(): ObjectNode {
		return this.node ?? refuse(-2, "no object %", this.object);
	}

	/**
	 * The resource's definition, whether its instance exists or not. The path of a multiple resource alone stands for
	 * its instance 0 from here on, as in Zephyr. @throws a refusal where there can be no value
	 */
	define(): ResourceDefinition {
		const { path, resource, part } = this;
		const definition = this.find().definition.resources[resource];
		if (!definition) refuse(-2, "no resource %/%/%", this.object, this.instance, resource);
		if (definition.type === NONE) refuse(-22, "% is executable, it has no value", path);
		if (definition.multiple) this.part = Math.max(part, 0);
		else if (part >= 0) refuse(-2, "no resource %, it is a single one", path);
		return definition;
	}

	/** @throws a refusal where the instance does not exist */
	enter(): void {
		if (!this.find().instances[this.instance]) refuse(-2, "no instance %/%", this.object, this.instance);
	}

	/** What is stored, handlers left aside. */
	stored(): Value | undefined {
		return this.model.stored(this.object, this.instance, this.resource, this.part);
	}

	/** The value, asked of its handler as for a server. @throws a refusal where there is none */
	value(): Value {
		const { path, part } = this;
		this.enter();
		const stored = this.stored();
		// of a multiple resource the handler knows the values, and the registry which instances there are
		const value = stored === undefined && part >= 0 ? stored : (this.handler()?.read?.(this.instance, part) ?? stored);
		if (value === LATER) refuse(-11, "% takes its time, and the shell does not wait", path); // EAGAIN
		if (value === undefined) refuse(-2, "% has no value", path);
		return value as Value; // LATER has been dealt with
	}

	handler(): Handler | undefined {
		return this.model.handler(this.object, this.instance, this.resource);
	}

	/** @throws a refusal where the instance does not exist, or the resource instance, if the path names one */
	exist(): void {
		this.enter();
		if (this.part >= 0 && this.stored() === undefined)
			refuse(-2, "no resource instance %/%/%/%", this.object, this.instance, this.resource, this.part);
	}

	/** Creates the object instance. @throws a refusal where there is no room */
	make(): void {
		const { object, instance } = this;
		if ((instance > 0 && this.find().definition.isSingle) || !this.model.createInstance(object, instance))
			full(`object ${object}`);
	}

	/** @throws a refusal where there is no room */
	store(value: Value): void {
		if (!this.model.assign(this.object, this.instance, this.resource, this.part, value)) full(this.path);
	}
}

function full(what: string): never {
	refuse(-12, "% holds no more instances", what); // ENOMEM
}

/** True for the path of a key: what no server may read and what takes no part in the Read of its instance. Never shown, never kept. */
export function isSecret(model: Model, path: string): boolean {
	const { depth, node, resource } = new Place(model, path, -1);
	const definition = node?.definition.resources[resource];
	return depth > 2 && definition?.operations === HIDDEN && definition.isApart === true;
}
