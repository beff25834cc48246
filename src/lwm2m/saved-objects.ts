// The instances of objects as plain arrays, for storage: `[object, [[instance, [[resource, value], …]], …]]`.
// A text is kept as "s…", an opaque as "h" and hexadecimal digits, a large integer as "b…"; a multiple resource as
// [[id, value], …].
import { fromHex, toHex } from "../scan.js";
import { fits, isMultiple, type Model } from "./model.js";
import type { Value } from "./path.js";

type SavedValue = string | number | boolean;
type SavedResource = [resource: number, value: SavedValue | [id: number, value: SavedValue][]];
export type SavedObject = [object: number, instances: [instance: number, resources: SavedResource[]][]];

/** The object as it is now. */
export function saveObject(model: Model, object: number): SavedObject {
	const node = model.objects[object]!;
	return [
		object,
		node.instanceIds.map((instance) => {
			const resources: SavedResource[] = [];
			node.instances[instance]!.forEach((value, resource) => {
				if (isMultiple(value))
					resources.push([resource, value.ids.map((id, index) => [id, saveValue(value.values[index]!)])]);
				else if (value !== undefined) resources.push([resource, saveValue(value)]);
			});
			return [instance, resources];
		}),
	];
}

/** Makes the object's instances those that were saved. What the definition no longer takes is left out. */
export function loadObject(model: Model, [object, instances]: SavedObject): void {
	const node = model.objects[object];
	if (!node) return;
	for (const instance of node.instanceIds.slice()) model.deleteInstance(object, instance);
	for (const [instance, resources] of instances) {
		if (!model.createInstance(object, instance)) continue;
		for (const [resource, saved] of resources) {
			const definition = node.definition.resources[resource];
			if (!definition) continue;
			if (Array.isArray(saved)) {
				model.clearMultiple(object, instance, resource);
				for (const [id, one] of saved) {
					const value = loadValue(one);
					if (fits(definition, value)) model.assign(object, instance, resource, id, value);
				}
			} else {
				const value = loadValue(saved);
				if (fits(definition, value)) model.assign(object, instance, resource, -1, value);
			}
		}
	}
}

function saveValue(value: Value): SavedValue {
	if (typeof value === "string") return `s${value}`;
	if (typeof value === "bigint") return `b${value}`;
	if (typeof value !== "object") return value;
	return `h${toHex(new Uint8Array(value))}`;
}

function loadValue(saved: SavedValue): Value {
	if (typeof saved !== "string") return saved;
	const rest = saved.slice(1);
	if (saved.charCodeAt(0) === 0x73) return rest;
	if (saved.charCodeAt(0) === 0x62) return BigInt(rest);
	return fromHex(rest)?.buffer ?? new ArrayBuffer(0);
}
