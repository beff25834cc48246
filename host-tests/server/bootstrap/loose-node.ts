// Custom objects of a configuration: Leshan's node JSON, or in short the values by their ids,
// `{"105": "text"}` for an instance, `{"0": {"0": "a"}}` with a multiple resource in it.

import { modelOf } from "../lwm2m/model.js";
import type { Json } from "../lwm2m/node-json.js";
import type { Path } from "../lwm2m/path.js";

/** The node JSON of what may be written in short. */
export function looseNode(json: Json, path: Path): Json {
	if (json === null || Array.isArray(json)) return json;
	if (typeof json !== "object") return { id: path[path.length - 1] ?? 0, value: json };
	const ids = Object.keys(json);
	if (ids.length === 0 || !ids.every((id) => /^\d{1,5}$/.test(id))) return json;
	const inner = (id: string): Json => looseNode(json[id] ?? null, [...path, Number(id)]);
	if (path.length === 1) return { kind: "obj", id: path[0]!, instances: ids.map(inner) };
	if (path.length === 2) return { kind: "instance", id: path[1]!, resources: ids.map(inner) };
	return { kind: "multiResource", id: path[2] ?? 0, type: typeOf(json[ids[0]!] ?? null, path), values: json };
}

function typeOf(sample: Json, path: Path): string {
	const known = modelOf(path[0], path[2])?.type;
	if (known) return known;
	if (typeof sample === "boolean") return "BOOLEAN";
	if (typeof sample === "number") return Number.isInteger(sample) ? "INTEGER" : "FLOAT";
	return "STRING";
}
