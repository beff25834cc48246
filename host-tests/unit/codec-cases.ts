// What the tests of the content formats share: objects with every type, and a message as text, a line a record.

import { type Codec, MALFORMED, RECORD } from "../../src/codec/codec.js";
import { setBase } from "../../src/codec/record.js";
import { next, start } from "../../src/lwm2m/cursor.js";
import * as types from "../../src/lwm2m/definition.js";
import { defineObject, R, type ResourceType, RW } from "../../src/lwm2m/definition.js";
import { Model } from "../../src/lwm2m/model.js";
import { linkInstance, linkObject, type ObjectLink, type Value } from "../../src/lwm2m/path.js";
import { ascii, hex, toHex } from "../support/test.js";
import { cursor, record } from "./in-hand.js";

const VERSIONS = { "1.0": "1.0", "1.1": "1.0", "1.2": "1.0" } as const;

function resource(type: ResourceType, multiple?: number) {
	return multiple === undefined
		? ({ name: "x", type, operations: RW } as const)
		: ({ name: "x", type, operations: RW, multiple } as const);
}

export const SERVER = defineObject({
	id: 1,
	name: "Server",
	versions: VERSIONS,
	instances: 4,
	resources: {
		0: { name: "Short Server ID", type: types.INTEGER, operations: R },
		1: resource(types.INTEGER),
		2: resource(types.INTEGER),
		3: resource(types.INTEGER),
		5: resource(types.INTEGER),
		6: resource(types.BOOLEAN),
		7: resource(types.STRING),
	},
});

export const ACCESS = defineObject({
	id: 2,
	name: "Access Control",
	versions: VERSIONS,
	instances: 4,
	resources: {
		0: { name: "Object ID", type: types.INTEGER, operations: R },
		1: { name: "Object Instance ID", type: types.INTEGER, operations: R },
		2: resource(types.INTEGER, 8),
		3: resource(types.INTEGER),
	},
});

export const DEVICE = defineObject({
	id: 3,
	name: "Device",
	versions: VERSIONS,
	instances: 1,
	isSingle: true,
	resources: {
		0: resource(types.STRING),
		1: resource(types.STRING),
		2: resource(types.STRING),
		3: resource(types.STRING),
		6: resource(types.INTEGER, 8),
		7: resource(types.INTEGER, 8),
		8: resource(types.INTEGER, 8),
		9: resource(types.INTEGER),
		10: resource(types.INTEGER),
		11: resource(types.INTEGER, 8),
		13: resource(types.TIME),
		14: resource(types.STRING),
		15: resource(types.STRING),
		16: resource(types.STRING),
	},
});

export const LINKS = defineObject({
	id: 65,
	name: "Links",
	versions: VERSIONS,
	instances: 2,
	resources: { 0: resource(types.OBJLNK, 4), 1: resource(types.STRING), 2: resource(types.INTEGER) },
});

export const TEMPERATURE = defineObject({
	id: 3303,
	name: "Temperature",
	versions: VERSIONS,
	instances: 65535,
	resources: { 5601: resource(types.FLOAT), 5602: resource(types.FLOAT), 5700: resource(types.FLOAT) },
});

/** Every type, single as 1..9 and multiple as 101..109, where the number is the type. */
export const EVERY = defineObject({
	id: 3441,
	name: "Every type",
	versions: VERSIONS,
	instances: 65535,
	resources: {
		1: resource(types.STRING),
		2: resource(types.INTEGER),
		3: resource(types.UNSIGNED),
		4: resource(types.FLOAT),
		5: resource(types.BOOLEAN),
		6: resource(types.OPAQUE),
		7: resource(types.TIME),
		8: resource(types.OBJLNK),
		9: resource(types.CORELNK),
		101: resource(types.STRING, 65535),
		102: resource(types.INTEGER, 65535),
		103: resource(types.UNSIGNED, 65535),
		104: resource(types.FLOAT, 65535),
		105: resource(types.BOOLEAN, 65535),
		106: resource(types.OPAQUE, 65535),
		107: resource(types.TIME, 65535),
		108: resource(types.OBJLNK, 65535),
		109: resource(types.CORELNK, 65535),
	},
});

export const EDGE = defineObject({
	id: 65534,
	name: "The longest path",
	versions: VERSIONS,
	instances: 65535,
	resources: { 65533: resource(types.INTEGER), 65534: resource(types.INTEGER, 65535) },
});

const DEFINITIONS = [SERVER, ACCESS, DEVICE, LINKS, TEMPERATURE, EVERY, EDGE];

/** A path, `/3/0/9`, as four ids. */
export function idsOf(path: string): [number, number, number, number] {
	const ids = path
		.split("/")
		.filter((part) => part !== "")
		.map(Number);
	return [ids[0] ?? -1, ids[1] ?? -1, ids[2] ?? -1, ids[3] ?? -1];
}

/** A model that holds the values, by path. */
export function modelOf(values: { readonly [path: string]: Value }): Model {
	const model = new Model(DEFINITIONS);
	for (const path of Object.keys(values)) {
		const [o, i, r, ri] = idsOf(path);
		model.createInstance(o, i);
		model.assign(o, i, r, ri, values[path]!);
	}
	return model;
}

/** The message for a Read of the path, from a buffer that is larger; undefined where the format cannot say it. */
export function encode(codec: Codec, model: Model, path: string, room = 4096): Uint8Array | undefined {
	const [o, i, r, ri] = idsOf(path);
	const buffer = new Uint8Array(room);
	start(cursor, model, o, i, r, ri);
	const end = codec.encode(cursor, buffer, 3);
	return end < 0 ? undefined : buffer.slice(3, end);
}

/** The same in hexadecimal digits. */
export function encodeHex(codec: Codec, model: Model, path: string): string | undefined {
	const bytes = encode(codec, model, path);
	return bytes && toHex(bytes);
}

/** The same as the text of its bytes. */
export function encodeText(codec: Codec, model: Model, path: string): string | undefined {
	const bytes = encode(codec, model, path);
	return bytes && String.fromCharCode(...bytes);
}

/** What a message to the path holds, a line a record: `/3/0/9 = 95`, `/3/0/11 -`; the last line is its end if that is bad. */
export function decode(codec: Codec, message: Uint8Array | string, path: string): string[] {
	const bytes = typeof message === "string" ? ascii(message) : message;
	// the payload lies in a larger buffer, whose other bytes must not matter
	const buffer = new Uint8Array(bytes.length + 8).fill(0x30);
	buffer.set(bytes, 3);
	setBase(record, ...idsOf(path));
	codec.open(record, buffer, 3, 3 + bytes.length);
	const lines: string[] = [];
	for (let limit = 0; limit < 1000; limit++) {
		const found = codec.next(record);
		if (found !== RECORD) {
			if (found === MALFORMED) lines.push("MALFORMED");
			if (codec.next(record) !== found) lines.push("the end is not the same the second time");
			return lines;
		}
		lines.push(line(codec));
	}
	lines.push("does not end");
	return lines;
}

/** `decode` of hexadecimal digits. */
export function decodeHex(codec: Codec, digits: string, path: string): string[] {
	return decode(codec, hex(digits), path);
}

/** A record as text. */
function line(codec: Codec): string {
	const { object, instance, resource, resourceInstance, time } = record;
	let path = object < 0 ? "/" : `/${object}/${instance < 0 ? "?" : instance}`;
	if (object >= 0 && instance < 0 && resource < 0) path = `/${object}`;
	if (resource >= 0) path += `/${resource}`;
	if (resourceInstance >= 0) path += `/${resourceInstance}`;
	const at = time === time ? ` @${time}` : "";
	if (!codec.hasValue(record)) return `${path} -${at}`;
	const definition = DEFINITIONS.find(({ id }) => id === object);
	const known = definition?.resources as { readonly [id: number]: { readonly type: ResourceType } } | undefined;
	const type = known?.[resource]?.type ?? types.STRING;
	const text = show(codec.value(record, type), type);
	const again = show(codec.value(record, type), type);
	return `${path} = ${text}${at}${again === text ? "" : ` and then ${again}`}`;
}

/** A value as text. */
export function show(value: Value | undefined, type: ResourceType): string {
	if (value === undefined) return "?";
	if (value instanceof ArrayBuffer) return `<${toHex(new Uint8Array(value))}>`;
	if (typeof value === "bigint") return `${value}n`;
	// a value of type OBJLNK is a link
	if (type === types.OBJLNK) return `${linkObject(value as ObjectLink)}:${linkInstance(value as ObjectLink)}`;
	return Object.is(value, -0) ? "-0" : String(value);
}

/** What `decode` gives for a model that was sent whole. */
export function linesOf(model: Model, path: string): string[] {
	const lines: string[] = [];
	start(cursor, model, ...idsOf(path));
	while (next(cursor)) {
		const tail = cursor.resourceInstance < 0 ? "" : `/${cursor.resourceInstance}`;
		const value = show(cursor.value, cursor.type as ResourceType); // the cursor takes it from a definition
		lines.push(`/${cursor.object}/${cursor.instance}/${cursor.resource}${tail} = ${value}`);
	}
	return lines;
}

/** The Device of the examples in OMA-TS-LightweightM2M_Core-V1_1_1 7.4. */
export function exampleDevice(): Model {
	return modelOf({
		"/3/0/0": "Open Mobile Alliance",
		"/3/0/1": "Lightweight M2M Client",
		"/3/0/2": "345000123",
		"/3/0/3": "1.0",
		"/3/0/6/0": 1,
		"/3/0/6/1": 5,
		"/3/0/7/0": 3800,
		"/3/0/7/1": 5000,
		"/3/0/8/0": 125,
		"/3/0/8/1": 900,
		"/3/0/9": 100,
		"/3/0/10": 15,
		"/3/0/11/0": 0,
		"/3/0/13": 1367491215,
		"/3/0/14": "+02:00",
		"/3/0/16": "U",
	});
}
