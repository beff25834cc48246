// CoRE links: what Register announces and what Discover answers. RFC 6690; OMA-TS-LightweightM2M_Core-V1_1_1 6.2.1
// and 6.3.2. Written straight into the caller's buffer; running past its end measures.
import { writeInteger, writePath, writeText } from "../bytes.js";
import { type Attributes, type AttributeValues, writeAttributes } from "./attributes.js";
import { type Defined, type EnablerVersion, HIDDEN } from "./definition.js";
import { holds, isMultiple, type Model, type ObjectNode } from "./model.js";

const SECURITY = 0;
const SERVER = 1;
const OSCORE = 21;
const SHORT_SERVER_ID = 0;

/** The payload of Register, or of an Update whose objects have changed. @returns the end */
export function writeRegisterLinks(into: Uint8Array, at: number, model: Model, enabler: EnablerVersion): number {
	at = writeText(into, at, '</>;rt="oma.lwm2m";ct="');
	at = writeText(
		into,
		at,
		enabler === "1.0"
			? '0 42 11542 11543"'
			: enabler === "1.1"
				? '0 42 60 110 112 11542 11543"'
				: '0 42 60 110 112 11542 11543 11544"',
	);
	const { objectIds } = model;
	for (let o = 0; o < objectIds.length; ++o) {
		const id = objectIds[o]!;
		if (id === SECURITY || id === OSCORE) continue;
		const node = model.objects[id]!;
		const version = node.definition.versions[enabler];
		if (version === undefined) continue;
		const { instanceIds } = node;
		if (version !== "1.0" || instanceIds.length === 0) {
			at = writeLink(into, at, false, id, -1, -1, -1);
			at = writeVersion(into, at, version);
		}
		for (let i = 0; i < instanceIds.length; ++i) at = writeLink(into, at, false, id, instanceIds[i]!, -1, -1);
	}
	return at;
}

/**
 * The answer to Discover of an object, instance or resource that exists, by the rules of 6.3.2: an object shows its own
 * attributes and bare links below it, an instance its own and those set at its resources, a resource those that hold
 * for it (its own and the inherited) and those set at its instances.
 */
export function writeDiscoverLinks(
	into: Uint8Array,
	at: number,
	model: Model,
	attributes: Attributes,
	server: number,
	enabler: EnablerVersion,
	object: number,
	instance: number,
	resource: number,
): number {
	const node = model.objects[object]!;
	if (resource >= 0) return writeResource(into, at, node, attributes, server, instance, resource, true);
	if (instance >= 0) return writeInstance(into, at, node, attributes, server, instance, true);
	at = writeLink(into, at, true, object, -1, -1, -1);
	at = writeVersion(into, at, node.definition.versions[enabler] ?? "1.0");
	at = writeSet(into, at, attributes.at(server, object, -1, -1, -1));
	for (const id of node.instanceIds) at = writeInstance(into, at, node, attributes, server, id, false);
	return at;
}

function writeInstance(
	into: Uint8Array,
	at: number,
	node: ObjectNode,
	attributes: Attributes,
	server: number,
	instance: number,
	isTarget: boolean,
): number {
	const { id } = node.definition;
	at = writeLink(into, at, isTarget, id, instance, -1, -1);
	const values = node.instances[instance]!;
	if (id === SERVER) {
		at = writeText(into, at, ";ssid=");
		at = writeInteger(into, at, Number(values[SHORT_SERVER_ID] ?? 0));
	}
	if (isTarget) at = writeSet(into, at, attributes.at(server, id, instance, -1, -1));
	const { ids } = node.definition as Defined; // every node has been made from a defined object
	for (let i = 0; i < ids.length; ++i) {
		const resource = ids[i]!;
		if (values[resource] === undefined && !(node.handlers[resource] && holds(node, instance, resource))) continue;
		if (isTarget) at = writeResource(into, at, node, attributes, server, instance, resource, false);
		else if (node.definition.resources[resource]!.operations !== HIDDEN)
			at = writeLink(into, at, false, id, instance, resource, -1);
	}
	return at;
}

function writeResource(
	into: Uint8Array,
	at: number,
	node: ObjectNode,
	attributes: Attributes,
	server: number,
	instance: number,
	resource: number,
	isTarget: boolean,
): number {
	const { id, resources } = node.definition;
	const value = node.instances[instance]![resource];
	if (resources[resource]!.operations === HIDDEN) return at;
	at = writeLink(into, at, isTarget, id, instance, resource, -1);
	if (isMultiple(value)) {
		at = writeText(into, at, ";dim=");
		at = writeInteger(into, at, value.ids.length);
	}
	at = writeSet(
		into,
		at,
		isTarget
			? attributes.effective(server, id, instance, resource, -1)
			: attributes.at(server, id, instance, resource, -1),
	);
	if (!isMultiple(value)) return at;
	for (let i = 0; i < value.ids.length; ++i) {
		const set = attributes.at(server, id, instance, resource, value.ids[i]!);
		if (!set && !isTarget) continue;
		at = writeLink(into, at, false, id, instance, resource, value.ids[i]!);
		at = writeSet(into, at, set);
	}
	return at;
}

/** Writes `,</3/0/9>`, the first without its comma. */
function writeLink(
	into: Uint8Array,
	at: number,
	isFirst: boolean,
	object: number,
	instance: number,
	resource: number,
	resourceInstance: number,
): number {
	at = writeText(into, at, isFirst ? "<" : ",<");
	at = writePath(into, at, object, instance, resource, resourceInstance);
	return writeText(into, at, ">");
}

function writeVersion(into: Uint8Array, at: number, version: string): number {
	if (version === "1.0") return at;
	at = writeText(into, at, ";ver=");
	return writeText(into, at, version);
}

function writeSet(into: Uint8Array, at: number, values: AttributeValues | undefined): number {
	return values ? writeAttributes(into, at, values) : at;
}
