// What a bootstrap may have to take back: the instances of the objects that it touches, as they were before.
// RAM: one slot a value of those objects, and a copy of each key, until the bootstrap ends.
import { type Instance, isMultiple, type Model } from "./model.js";
import { isSecret, SECURITY, wipe } from "./secrets.js";

interface Saved {
	readonly ids: readonly number[];
	readonly instances: readonly Instance[];
}

export class Snapshot {
	/** By object id, sparse. */
	#saved: (Saved | undefined)[] = [];

	/** Keeps an object as it is now, the first time that it is asked to. */
	keep(model: Model, object: number): void {
		const node = model.objects[object];
		if (!node || this.#saved[object]) return;
		const ids = node.instanceIds.slice();
		this.#saved[object] = { ids, instances: ids.map((id) => copyOf(node.instances[id]!, object === SECURITY)) };
	}

	/** Puts back what was kept, and forgets it. */
	restore(model: Model): void {
		this.#saved.forEach((saved, object) => {
			const node = model.objects[object]!;
			for (const id of node.instanceIds.slice()) model.deleteInstance(object, id);
			saved?.ids.forEach((id, index) => {
				model.createInstance(object, id);
				fill(model, object, id, saved.instances[index]!);
			});
		});
		this.#saved = [];
	}

	/** Forgets what was kept: what has come since stays. */
	clear(): void {
		for (const values of this.#saved[SECURITY]?.instances ?? [])
			values.forEach((value, resource) => {
				wipe(resource, value);
			});
		this.#saved = [];
	}
}

function fill(model: Model, object: number, instance: number, values: Instance): void {
	values.forEach((value, resource) => {
		if (isMultiple(value)) {
			model.clearMultiple(object, instance, resource);
			for (let i = 0; i < value.ids.length; i++)
				model.assign(object, instance, resource, value.ids[i]!, value.values[i]!);
		} else if (value !== undefined) model.assign(object, instance, resource, -1, value);
	});
}

/** @param hasKeys the model zeroes its own when it loses them */
function copyOf(values: Instance, hasKeys: boolean): Instance {
	const copy: Instance = [];
	values.forEach((value, resource) => {
		copy[resource] = isMultiple(value) ? { ids: value.ids.slice(), values: value.values.slice() } : value;
		if (hasKeys && isSecret(resource) && value instanceof ArrayBuffer) copy[resource] = value.slice(0);
	});
	return copy;
}
