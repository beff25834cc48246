// Reads OMA's XML files of object definitions. A file that is malformed or lacks something is named with the place, as
// line:column.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ensureNpmPackages } from "./setup.mjs";

ensureNpmPackages();
const { XMLParser, XMLValidator } = await import("fast-xml-parser");

/** OMA's names of the types; the index is the number in src/lwm2m/definition.ts. */
export const TYPES = [
	"",
	"String",
	"Integer",
	"Unsigned Integer",
	"Float",
	"Boolean",
	"Opaque",
	"Time",
	"Objlnk",
	"Corelnk",
];
export const OPERATIONS = ["", "R", "W", "RW", "E"];

const NUMBER = /^-?\d+(\.\d+)?$/;
const IDENTIFIER = /^\d{1,5}$/;
const MAX_ID = 65534;
const META = XMLParser.getMetaDataSymbol();

const parser = new XMLParser({
	ignoreAttributes: false,
	attributeNamePrefix: "",
	parseTagValue: false,
	captureMetaData: true,
	isArray: (name) => name === "Item",
});

/**
 * Reads one file's text.
 * @returns the object: id, name, version, enabler, instances, presence and its resources by id
 * @throws Error whose message is `line:column: what is wrong`
 */
export function parseObject(text) {
	const source = text.replace(/^\uFEFF/, "");
	const verdict = XMLValidator.validate(source);
	if (verdict !== true) {
		const { line, col = 1, msg } = verdict.err;
		throw new Error(`${line}:${col}: ${msg.replace(/\.$/, "")}`);
	}
	const object = parser.parse(source).LWM2M?.Object;
	if (!object?.ObjectID || !object.Resources?.Item) throw faultAt(object, "holds no object with resources");
	const id = idOf(plain(object.ObjectID), "the object", object);
	const resources = new Map();
	for (const item of object.Resources.Item) {
		const resourceId = idOf(plain(item.ID), "a resource", item);
		if (resources.has(resourceId)) throw faultAt(item, `resource ${resourceId} is there twice`);
		resources.set(resourceId, resource(item, resourceId));
	}
	return {
		id,
		name: plain(object.Name) || fail(object, `object ${id} has no name`),
		// files of version 1.0 may name neither version
		version: plain(object.ObjectVersion) || "1.0",
		enabler: plain(object.LWM2MVersion) || "1.0",
		instances: oneOf(object, `object ${id}`, "MultipleInstances", ["Single", "Multiple"]),
		presence: oneOf(object, `object ${id}`, "Mandatory", ["Mandatory", "Optional"]),
		resources,
	};

	function resource(item, resourceId) {
		const of = `resource ${resourceId}`;
		return {
			name: plain(item.Name) || fail(item, `${of} has no name`),
			type: oneOf(item, of, "Type", TYPES),
			operations: oneOf(item, of, "Operations", OPERATIONS),
			instances: oneOf(item, of, "MultipleInstances", ["Single", "Multiple"]),
			presence: oneOf(item, of, "Mandatory", ["Mandatory", "Optional"]),
			units: plain(item.Units),
			...bounds(plain(item.RangeEnumeration), plain(item.Type)),
		};
	}

	function oneOf(node, of, name, allowed) {
		const value = plain(node[name]);
		if (!allowed.includes(value))
			throw faultAt(node, `${of}: ${name} is "${value}", allowed are ${allowed.map((each) => `"${each}"`).join(", ")}`);
		return value;
	}

	function idOf(text, of, node) {
		if (!IDENTIFIER.test(text) || Number(text) > MAX_ID)
			throw faultAt(node, `${of} has the id "${text}", not 0 to 65534`);
		return Number(text);
	}

	function fail(node, what) {
		throw faultAt(node, what);
	}

	function faultAt(node, what) {
		const before = source.slice(0, node?.[META]?.startIndex ?? 0).split("\n");
		return new Error(`${before.length}:${before.at(-1).length + 1}: ${what}`);
	}
}

/** The files of one object in a folder, all its versions: `3.xml`, `3-1_0.xml`. */
export function filesOf(id, registry) {
	return readdirSync(registry).filter((each) => each.match(/^(\d+)(-[\d_]+)?\.xml$/)?.[1] === `${id}`);
}

/** @throws Error with the file's name in front of the place */
export function readObject(registry, file) {
	try {
		return parseObject(readFileSync(join(registry, file), "utf8"));
	} catch (error) {
		throw new Error(/^\d+:\d+: /.test(error.message) ? `${file}:${error.message}` : `${file}: ${error.message}`);
	}
}

/** The column RangeEnumeration: `0..10`, `0..255 bytes`, `16,32,48`, `32 bytes`; prose gives no bounds. */
function bounds(text, type) {
	const isSized = type === "String" || type === "Opaque";
	const sized = /^(\d+) bytes?$/.exec(text);
	if (sized && isSized) return { range: [0, Number(sized[1])] };
	if (sized && type.endsWith("Integer")) return { range: [0, 256 ** Number(sized[1]) - 1] };
	const [least, most] = (isSized ? text.replace(/ bytes?$/, "") : text).split("..");
	if (most !== undefined && NUMBER.test(least) && NUMBER.test(most)) return { range: [Number(least), Number(most)] };
	const values = text.split(",").map(plain);
	return values.every((value) => NUMBER.test(value)) ? { only: values.map(Number) } : {};
}

function plain(text) {
	return (text ?? "").trim().replace(/\s+/g, " ");
}

/** Orders versions, "1.10" after "1.9". */
export function rank(version) {
	const [major, minor] = version.split(".");
	return Number(major) * 1000 + Number(minor ?? 0);
}
