// What a bootstrap server gives to one endpoint, and the steps that follow from it (OMA TS Core 1.1.1, 6.1).

import type { Link } from "../lwm2m/link-format.js";
import { type Instance, type Leaf, leavesOf, type Node } from "../lwm2m/node.js";
import type { Json } from "../lwm2m/node-json.js";
import type { Path } from "../lwm2m/path.js";

export const SECURITY_OBJECT = 0;
const IS_BOOTSTRAP_SERVER = 1;

/** What one Write carries. */
export type Granularity = "object" | "instance" | "resource";

export interface Placed {
	readonly path: Path;
	readonly node: Node;
}

export interface BootstrapConfig {
	/** As it was given, for the HTTP API. */
	readonly json: Json;
	/** Where the sequence begins with a Bootstrap-Discover. */
	readonly discover: Path | undefined;
	/** Takes the ids of security instances from what Bootstrap-Discover finds. */
	readonly hasAutoId: boolean;
	readonly toDelete: readonly Path[];
	/** Instances of the objects 0, 1 and 2, in the order they are written. */
	readonly instances: readonly (Placed & { readonly node: Instance })[];
	/** Other nodes, after those. */
	readonly objects: readonly Placed[];
	readonly reads: readonly Path[];
	/** Undefined: what the device prefers. */
	readonly format: number | undefined;
	readonly granularity: Granularity;
	readonly hasPack: boolean;
	/** Whether an error response ends the session; otherwise it goes on, as Leshan does. */
	readonly stopsOnError: boolean;
}

export type Step =
	| { readonly kind: "discover"; readonly path: Path }
	| { readonly kind: "delete"; readonly path: Path }
	| { readonly kind: "write"; readonly path: Path; readonly node: Node }
	| { readonly kind: "read"; readonly path: Path }
	| { readonly kind: "finish" };

/** The steps after Bootstrap-Discover, whose links renumber the security instances if that is wanted. */
export function stepsOf(config: BootstrapConfig, links: readonly Link[] | undefined): Step[] {
	return [
		...config.toDelete.map((path): Step => ({ kind: "delete", path })),
		...writesOf(config, links).map((placed): Step => ({ kind: "write", ...placed })),
		...config.reads.map((path): Step => ({ kind: "read", path })),
		{ kind: "finish" },
	];
}

/** The whole configuration as values with paths, for a Bootstrap-Pack. */
export function leavesOfConfig(config: BootstrapConfig): Leaf[] {
	return [...config.instances, ...config.objects].flatMap(({ path, node }) => leavesOf(node, path));
}

function writesOf(config: BootstrapConfig, links: readonly Link[] | undefined): Placed[] {
	const own = config.hasAutoId && links ? ownSecurityInstance(links) : undefined;
	const instances = own === undefined ? config.instances : renumbered(config.instances, own);
	switch (config.granularity) {
		case "instance":
			return [...instances, ...config.objects];
		case "resource":
			return [...instances.flatMap(resourcesOf), ...config.objects];
		case "object":
			return [...objectsOf(instances), ...config.objects];
	}
}

/** The security instance of the bootstrap server itself: the one without a short server id. */
function ownSecurityInstance(links: readonly Link[]): number | undefined {
	for (const { url, attributes } of links) {
		const match = /^\/0\/(\d+)$/.exec(url);
		if (match && attributes["ssid"] === undefined) return Number(match[1]);
	}
	return undefined;
}

/** The bootstrap server's instance gets the id it has on the device, the others the free ids from 0 on. */
function renumbered(instances: BootstrapConfig["instances"], own: number): BootstrapConfig["instances"] {
	let next = 0;
	return instances.map(({ path, node }) => {
		if (path[0] !== SECURITY_OBJECT) return { path, node };
		if (next === own) next++;
		const id = isBootstrapServer(node) ? own : next++;
		return { path: [SECURITY_OBJECT, id], node: { ...node, id } };
	});
}

function isBootstrapServer({ resources }: Instance): boolean {
	return resources.some(
		(resource) => resource.kind === "singleResource" && resource.id === IS_BOOTSTRAP_SERVER && resource.value === true,
	);
}

function resourcesOf({ path, node }: BootstrapConfig["instances"][number]): Placed[] {
	return node.resources.map((resource) => ({ path: [...path, resource.id], node: resource }));
}

function objectsOf(instances: BootstrapConfig["instances"]): Placed[] {
	const objects = new Map<number, Instance[]>();
	for (const { path, node } of instances) objects.set(path[0]!, [...(objects.get(path[0]!) ?? []), node]);
	return [...objects].map(([id, members]) => ({ path: [id], node: { kind: "obj", id, instances: members } }));
}
