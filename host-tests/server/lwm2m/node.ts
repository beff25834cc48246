// The tree of LwM2M nodes a request or answer carries, and its flat form, one leaf a resource instance.

import { formatPath, isWithin, type Path } from "./path.js";
import { CodecError, type ResourceType, type Value } from "./value.js";

export interface SingleResource {
	readonly kind: "singleResource";
	readonly id: number;
	readonly type: ResourceType;
	readonly value: Value;
}

export interface MultiResource {
	readonly kind: "multiResource";
	readonly id: number;
	readonly type: ResourceType;
	readonly values: Map<number, Value>;
}

export interface ResourceInstance {
	readonly kind: "resourceInstance";
	readonly id: number;
	readonly type: ResourceType;
	readonly value: Value;
}

export interface Instance {
	readonly kind: "instance";
	/** Absent in a Create that lets the device choose. */
	readonly id?: number;
	readonly resources: Resource[];
}

export interface ObjectNode {
	readonly kind: "obj";
	readonly id: number;
	readonly instances: Instance[];
}

export interface Root {
	readonly kind: "root";
	readonly objects: ObjectNode[];
}

export type Resource = SingleResource | MultiResource;
export type Node = Root | ObjectNode | Instance | Resource | ResourceInstance;

/** One value at a path of three or four ids. */
export interface Leaf {
	readonly path: Path;
	readonly type: ResourceType;
	readonly value: Value;
	/** Milliseconds since 1970-01-01, where the format carries a time. */
	readonly timestamp?: number;
}

export function leavesOf(node: Node, path: Path): Leaf[] {
	switch (node.kind) {
		case "root":
			return node.objects.flatMap((object) => leavesOf(object, [object.id]));
		case "obj":
			return node.instances.flatMap((instance) => leavesOf(instance, [node.id, instance.id ?? 0]));
		case "instance": {
			const base = path.length === 1 ? [path[0]!, node.id ?? 0] : path;
			return node.resources.flatMap((resource) => leavesOf(resource, [...base, resource.id]));
		}
		case "multiResource":
			return [...node.values].map(([id, value]) => ({ path: [...path, id], type: node.type, value }));
		case "singleResource":
		case "resourceInstance":
			return [{ path, type: node.type, value: node.value }];
	}
}

/** Builds the node at `path`; a leaf outside of it is a fault of the sender. */
export function nodeOf(path: Path, leaves: readonly Leaf[]): Node {
	for (const leaf of leaves) {
		if (leaf.path.length < 3) throw new CodecError(`a value at ${formatPath(leaf.path)}, which is no resource`);
		if (!isWithin(leaf.path, path)) {
			throw new CodecError(`a value at ${formatPath(leaf.path)} in an answer for ${formatPath(path)}`);
		}
	}
	if (path.length >= 3) return resourceOf(path, leaves);
	if (path.length === 2) return instanceOf(path[1]!, leaves);
	if (path.length === 1) return objectOf(path[0]!, leaves);
	return { kind: "root", objects: groups(leaves, 0).map(([id, members]) => objectOf(id, members)) };
}

function objectOf(id: number, leaves: readonly Leaf[]): ObjectNode {
	return {
		kind: "obj",
		id,
		instances: groups(leaves, 1).map(([instanceId, members]) => instanceOf(instanceId, members)),
	};
}

function instanceOf(id: number, leaves: readonly Leaf[]): Instance {
	const resources = groups(leaves, 2).map(
		([, members]) => resourceOf(members[0]!.path.slice(0, 3), members) as Resource,
	);
	return { kind: "instance", id, resources };
}

// Three ids give a Resource, four a ResourceInstance: the cast above relies on it.
function resourceOf(path: Path, leaves: readonly Leaf[]): Resource | ResourceInstance {
	const first = leaves[0];
	if (!first) throw new CodecError(`no value for ${formatPath(path)}`);
	const id = path[path.length - 1]!;
	if (path.length === 3 && first.path.length === 4) {
		if (leaves.some((leaf) => leaf.path.length !== 4)) throw twice(path);
		return {
			kind: "multiResource",
			id,
			type: first.type,
			values: new Map(leaves.map((leaf) => [leaf.path[3]!, leaf.value])),
		};
	}
	if (leaves.length > 1) throw twice(path);
	return { kind: path.length === 4 ? "resourceInstance" : "singleResource", id, type: first.type, value: first.value };
}

function groups(leaves: readonly Leaf[], depth: number): [number, Leaf[]][] {
	const found = new Map<number, Leaf[]>();
	for (const leaf of leaves) {
		const id = leaf.path[depth]!;
		const group = found.get(id);
		if (group) group.push(leaf);
		else found.set(id, [leaf]);
	}
	return [...found];
}

function twice(path: Path): CodecError {
	return new CodecError(`${formatPath(path)} is there twice`);
}
