// application/vnd.oma.lwm2m+cbor (11544): OMA TS Core 1.2, 7.4.6. Nested maps whose keys are an id or an array of ids.

import { modelOf } from "../lwm2m/model.js";
import type { Leaf } from "../lwm2m/node.js";
import type { Path } from "../lwm2m/path.js";
import { CodecError, coerce, guessType } from "../lwm2m/value.js";
import { asRawValue, readCbor, toCborValue, writeCbor } from "./cbor.js";

const DEEPEST = 4;

export function decodeLwm2mCbor(payload: Buffer): Leaf[] {
	const item = readCbor(payload);
	if (!(item instanceof Map)) throw new CodecError("LwM2M CBOR that is no map");
	const leaves: Leaf[] = [];
	collect(item as Map<unknown, unknown>, [], leaves);
	return leaves;
}

export function encodeLwm2mCbor(leaves: readonly Leaf[]): Buffer {
	const root = new Map<number, unknown>();
	for (const leaf of leaves) {
		let level = root;
		for (const id of leaf.path.slice(0, -1)) {
			const next = level.get(id) ?? new Map<number, unknown>();
			if (!(next instanceof Map)) throw new CodecError("a resource with and without instances");
			level.set(id, next);
			level = next as Map<number, unknown>;
		}
		level.set(leaf.path[leaf.path.length - 1]!, toCborValue(leaf.value));
	}
	return writeCbor(root);
}

function collect(map: Map<unknown, unknown>, parent: Path, leaves: Leaf[]): void {
	for (const [key, item] of map) {
		const path = [...parent, ...idsOf(key)];
		if (path.length > DEEPEST) throw new CodecError("LwM2M CBOR deeper than a resource instance");
		if (item instanceof Map) {
			collect(item as Map<unknown, unknown>, path, leaves);
			continue;
		}
		if (path.length < 3) throw new CodecError("LwM2M CBOR with a value that is no resource");
		const raw = asRawValue(item);
		const type = modelOf(path[0], path[2])?.type ?? guessType(raw);
		leaves.push({ path, type, value: coerce(raw, type) });
	}
}

function idsOf(key: unknown): number[] {
	const ids: unknown[] = Array.isArray(key) ? key : [key];
	return ids.map((id) => {
		if (typeof id !== "number" || !Number.isInteger(id) || id < 0 || id > 65535) {
			throw new CodecError("LwM2M CBOR with a key that is no id");
		}
		return id;
	});
}
