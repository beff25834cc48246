// BootstrapConfig as JSON, in the shape of the Leshan demo server and with more: what it has beyond is in the README.

import { CBOR, formatByName, LWM2M_CBOR, SENML_CBOR, SENML_JSON, TEXT, TLV } from "../codec/content-format.js";
import type { Instance, Resource } from "../lwm2m/node.js";
import { type Json, nodeFromJson } from "../lwm2m/node-json.js";
import { type Path, parsePath } from "../lwm2m/path.js";
import { CodecError } from "../lwm2m/value.js";
import type { BootstrapConfig, Granularity, Placed } from "./config.js";
import { accessControl, securityInstance, serverInstance } from "./instances.js";
import { looseNode } from "./loose-node.js";

const FIELDS: readonly string[] = [
	"toDelete",
	"servers",
	"security",
	"acls",
	"oscore",
	"objects",
	"autoIdForSecurityObject",
	"discover",
	"read",
	"contentFormat",
	"granularity",
	"pack",
	"onError",
];
const FORMATS: readonly number[] = [TLV, SENML_CBOR, SENML_JSON, LWM2M_CBOR, TEXT, CBOR];

/** Throws a CodecError of one line that says which field cannot be used. */
export function configFromJson(json: Json): BootstrapConfig {
	const fields = recordOf(json, "the body");
	for (const name of Object.keys(fields)) {
		if (!FIELDS.includes(name)) throw new CodecError(`unknown field "${name}"`);
	}
	if (entriesOf(fields["oscore"], "oscore").length > 0) throw new CodecError("oscore is not supported");
	const hasAutoId = flag(fields["autoIdForSecurityObject"], "autoIdForSecurityObject");
	const discover = discoverFrom(fields["discover"]) ?? (hasAutoId ? [] : undefined);
	return {
		json,
		discover,
		hasAutoId,
		toDelete: paths(fields["toDelete"], "toDelete"),
		instances: [
			...instancesOf(0, fields["security"], "security", securityInstance),
			...instancesOf(1, fields["servers"], "servers", serverInstance),
			...instancesOf(2, fields["acls"], "acls", accessControl),
		],
		objects: entriesOf(fields["objects"], "objects").map(([path, node]) => objectFrom(path, node)),
		reads: paths(fields["read"], "read"),
		format: formatFrom(fields["contentFormat"]),
		granularity: oneOf<Granularity>(fields["granularity"], ["instance", "object", "resource"], "granularity"),
		hasPack: flag(fields["pack"], "pack"),
		stopsOnError: oneOf(fields["onError"], ["continue", "stop"], "onError") === "stop",
	};
}

function instancesOf(
	objectId: number,
	json: Json | undefined,
	name: string,
	resourcesFrom: (fields: Record<string, Json>, where: string) => Resource[],
): { path: Path; node: Instance }[] {
	return entriesOf(json, name).map(([text, item]) => {
		const path = pathOf(`/${objectId}/${text}`, name);
		const where = `${name}.${text}`;
		const node: Instance = {
			kind: "instance",
			id: path[1]!,
			resources: resourcesFrom(recordOf(item, where), where).sort((a, b) => a.id - b.id),
		};
		return { path, node };
	});
}

function objectFrom(text: string, json: Json): Placed {
	const path = pathOf(text, "objects");
	if (path.length === 0) throw new CodecError("objects: / is no node");
	return { path, node: nodeFromJson(looseNode(json, path), path) };
}

function discoverFrom(json: Json | undefined): Path | undefined {
	if (json === undefined || json === null || json === false) return undefined;
	if (json === true) return [];
	if (typeof json === "string") return pathOf(json, "discover");
	throw new CodecError("discover is neither a path nor a boolean");
}

function formatFrom(json: Json | undefined): number | undefined {
	if (json === undefined || json === null) return undefined;
	const format = typeof json === "string" || typeof json === "number" ? formatByName(String(json)) : undefined;
	if (format === undefined || !FORMATS.includes(format)) throw new CodecError("contentFormat cannot be used");
	return format;
}

function paths(json: Json | undefined, name: string): Path[] {
	if (json === undefined || json === null) return [];
	if (!Array.isArray(json)) throw new CodecError(`${name} is not a JSON array`);
	return json.map((item) => pathOf(typeof item === "string" ? item : "?", name));
}

function pathOf(text: string, name: string): Path {
	try {
		return parsePath(text.startsWith("/") ? text : `/${text}`);
	} catch {
		throw new CodecError(`${name}: "${text}" is no path`);
	}
}

function flag(json: Json | undefined, name: string): boolean {
	if (json === undefined || json === null) return false;
	if (typeof json !== "boolean") throw new CodecError(`${name} is not a boolean`);
	return json;
}

/** The first of the words is the preset. */
function oneOf<T extends string>(json: Json | undefined, words: readonly T[], name: string): T {
	const word = words.find((item) => item === (json ?? words[0]));
	if (word === undefined) throw new CodecError(`${name} is none of ${words.join(", ")}`);
	return word;
}

/** An object of instances by id; an array counts from 0. */
function entriesOf(json: Json | undefined, name: string): [string, Json][] {
	if (json === undefined || json === null) return [];
	if (Array.isArray(json)) return json.map((item, at) => [String(at), item]);
	return Object.entries(recordOf(json, name));
}

function recordOf(json: Json, what: string): Record<string, Json> {
	if (!json || typeof json !== "object" || Array.isArray(json)) throw new CodecError(`${what} is not a JSON object`);
	return json;
}
