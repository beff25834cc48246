// Thresholds of a path that is observed together with others, or that has several values: each value is compared with the
// one of it that was told last, and the one that crossed is told. RAM: 12 slots a path, 2 a value, 2 more while it waits.
import type { AttributeValues } from "./attributes.js";
import { isMultiple, type Model } from "./model.js";
import type { Value } from "./path.js";
import { isWorthTelling } from "./threshold.js";

export class Watch {
	readonly object: number;
	readonly instance: number;
	readonly resource: number;
	/** -1: a single resource, or all instances of a multiple one. */
	readonly resourceInstance: number;
	conditions: AttributeValues;
	/** By resource instance plus one, sparse: what was told last, and what is to be told because it crossed. */
	#last: (Value | undefined)[] = [];
	#crossed: (Value | undefined)[] = [];

	constructor(
		object: number,
		instance: number,
		resource: number,
		resourceInstance: number,
		conditions: AttributeValues,
		model: Model,
	) {
		this.object = object;
		this.instance = instance;
		this.resource = resource;
		this.resourceInstance = resourceInstance;
		this.conditions = conditions;
		this.told(model);
	}

	covers(object: number, instance: number, resource: number, resourceInstance: number): boolean {
		return (
			this.resource === resource &&
			this.object === object &&
			this.instance === instance &&
			(this.resourceInstance < 0 || this.resourceInstance === resourceInstance)
		);
	}

	/** Looks at a value that has changed. @returns whether it is worth telling */
	look(model: Model, resourceInstance: number): boolean {
		const { object, instance, resource } = this;
		const value = model.stored(object, instance, resource, resourceInstance);
		if (value === undefined || model.handler(object, instance, resource)?.read) return true;
		const index = resourceInstance + 1;
		const last = this.#last[index];
		if (typeof value === "boolean") this.#last[index] = value;
		if (!isWorthTelling(this.conditions, last, value)) return false;
		this.#crossed[index] = value;
		return true;
	}

	crossed(resourceInstance: number): Value | undefined {
		return this.#crossed[resourceInstance + 1];
	}

	/** What waits is not to be told after all. */
	drop(): void {
		this.#crossed.length = 0;
	}

	/** A notification has gone out. @returns true where a value has moved on since it crossed, so far that it is worth telling */
	told(model: Model): boolean {
		const stored = model.objects[this.object]?.instances[this.instance]?.[this.resource];
		const crossed = this.#crossed;
		const last: (Value | undefined)[] = [];
		let isMore = false;
		this.#crossed = [];
		const count = isMultiple(stored) ? stored.ids.length : stored === undefined ? 0 : 1;
		for (let i = 0; i < count; i++) {
			const id = isMultiple(stored) ? stored.ids[i]! : -1;
			const value = isMultiple(stored) ? stored.values[i]! : (stored as Value); // it is one or the other
			last[id + 1] = crossed[id + 1] ?? value;
			if (crossed[id + 1] === undefined || !isWorthTelling(this.conditions, crossed[id + 1], value)) continue;
			this.#crossed[id + 1] = value;
			isMore = true;
		}
		this.#last = last;
		return isMore;
	}
}
