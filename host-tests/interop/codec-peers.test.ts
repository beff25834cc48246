// Our codecs against libraries that others wrote: cbor-x for the CBOR formats, the engine's own JSON. Runs on Node only.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Decoder, Encoder } from "cbor-x";
import { cbor } from "../../src/codec/cbor.js";
import { lwm2mCbor } from "../../src/codec/lwm2m-cbor.js";
import { omaJson } from "../../src/codec/oma-json.js";
import { senmlCbor } from "../../src/codec/senml-cbor.js";
import { senmlJson } from "../../src/codec/senml-json.js";
import { objectLink, type Value } from "../../src/lwm2m/path.js";
import { decode, encode, linesOf, modelOf } from "../unit/codec-cases.js";

const OPTIONS = { mapsAsObjects: false, useRecords: false, tagUint8Array: false, variableMapSize: true };
const encoder = new Encoder(OPTIONS);
const decoder = new Decoder(OPTIONS);

const VALUES: { readonly [path: string]: Value } = {
	"/1/0/1": 86400,
	"/3/0/0": 'Open "Mobile" \\ Alliance\n\u0007',
	"/3/0/6/0": 1,
	"/3/0/6/1": 5,
	"/3/0/9": 95,
	"/3303/0/5700": 21.5,
	"/3303/1/5700": 0.1,
	"/3441/0/1": "Grüße \u{1f600}",
	"/3441/0/2": -70000,
	"/3441/0/4": 100000,
	"/3441/0/5": false,
	"/3441/0/6": new Uint8Array([0, 251, 255]).buffer,
	"/3441/0/8": objectLink(66, 1),
	"/3441/65534/102/300": 4294967295,
};

/** A value as a peer sees it. */
function plain(path: string, value: Value): unknown {
	if (value instanceof ArrayBuffer) return [...new Uint8Array(value)];
	return path.includes("/8") && typeof value === "number" ? `${Math.floor(value / 65536)}:${value % 65536}` : value;
}

const EXPECTED = new Map(Object.entries(VALUES).map(([path, value]) => [path, plain(path, value)]));

function bytesOf(message: Uint8Array | undefined): Uint8Array {
	assert.ok(message);
	return message;
}

/** Records by resolved name, RFC 8428 4.6. */
function resolve(
	records: readonly ReadonlyMap<unknown, unknown>[],
	base: unknown,
	name: unknown,
): Map<string, unknown> {
	const found = new Map<string, unknown>();
	let prefix = "";
	for (const record of records) {
		if (record.has(base)) prefix = String(record.get(base));
		const values = [...record].filter(([label]) => label !== base && label !== name).map(([, value]) => value);
		assert.equal(values.length, 1);
		found.set(prefix + String(record.get(name) ?? ""), values[0] instanceof Uint8Array ? [...values[0]] : values[0]);
	}
	return found;
}

test("cbor-x reads our SenML CBOR", () => {
	const pack: unknown = decoder.decode(bytesOf(encode(senmlCbor, modelOf(VALUES), "/")));
	assert.ok(Array.isArray(pack));
	assert.deepEqual(resolve(pack, -2, 0), EXPECTED);
});

test("we read SenML CBOR of cbor-x", () => {
	const pack = [
		new Map<unknown, unknown>([
			[-2, "/3441/0/"],
			[0, "1"],
			[3, "Grüße"],
		]),
		new Map<unknown, unknown>([
			[0, "2"],
			[2, -70000],
		]),
		new Map<unknown, unknown>([
			[0, "3"],
			[2, 18446744073709551615n],
		]),
		new Map<unknown, unknown>([
			[0, "4"],
			[2, 0.1],
		]),
		new Map<unknown, unknown>([
			[0, "5"],
			[4, true],
		]),
		new Map<unknown, unknown>([
			[0, "6"],
			[8, new Uint8Array([1, 2])],
		]),
		new Map<unknown, unknown>([
			[0, "7"],
			[2, 4294967296],
		]),
		new Map<unknown, unknown>([
			[0, "8"],
			["vlo", "66:1"],
		]),
	];
	assert.deepEqual(decode(senmlCbor, new Uint8Array(encoder.encode(pack)), "/3441"), [
		"/3441/0/1 = Grüße",
		"/3441/0/2 = -70000",
		"/3441/0/3 = 18446744073709551615n",
		"/3441/0/4 = 0.1",
		"/3441/0/5 = true",
		"/3441/0/6 = <0102>",
		"/3441/0/7 = 4294967296",
		"/3441/0/8 = 66:1",
	]);
});

test("cbor-x reads our single values, and we its", () => {
	const model = modelOf(VALUES);
	for (const [path, expected] of EXPECTED) {
		const item: unknown = decoder.decode(bytesOf(encode(cbor, model, path)));
		assert.deepEqual(item instanceof Uint8Array ? [...item] : item, expected);
		const theirs = Array.isArray(expected) ? new Uint8Array(expected) : expected;
		assert.deepEqual(decode(cbor, new Uint8Array(encoder.encode(theirs)), path), linesOf(model, path));
	}
	const time = modelOf({ "/3441/0/7": 1367491215 });
	assert.deepEqual(decoder.decode(bytesOf(encode(cbor, time, "/3441/0/7"))), new Date(1367491215000));
	assert.deepEqual(decode(cbor, new Uint8Array(encoder.encode(new Date(1367491215000))), "/3441/0/7"), [
		"/3441/0/7 = 1367491215",
	]);
});

/** The leaves of maps within maps, by path. */
function leavesOf(
	map: ReadonlyMap<unknown, unknown>,
	prefix = "",
	leaves = new Map<string, unknown>(),
): Map<string, unknown> {
	for (const [key, value] of map) {
		const path = `${prefix}/${(Array.isArray(key) ? key : [key]).join("/")}`;
		if (value instanceof Map) leavesOf(value, path, leaves);
		else leaves.set(path, value instanceof Uint8Array ? [...value] : value);
	}
	return leaves;
}

test("cbor-x reads our LwM2M CBOR, and we its", () => {
	const model = modelOf(VALUES);
	const map: unknown = decoder.decode(bytesOf(encode(lwm2mCbor, model, "/")));
	assert.ok(map instanceof Map);
	assert.deepEqual(leavesOf(map), EXPECTED);
	const nested = new Map<unknown, unknown>([
		[
			3,
			new Map([
				[
					0,
					new Map<unknown, unknown>([
						[9, 95],
						[
							6,
							new Map([
								[0, 1],
								[1, 5],
							]),
						],
					]),
				],
			]),
		],
		[[3303, 0, 5700], 21.5],
		[
			[3441, 0],
			new Map<unknown, unknown>([
				[6, new Uint8Array([7])],
				[8, "66:1"],
			]),
		],
	]);
	assert.deepEqual(decode(lwm2mCbor, new Uint8Array(encoder.encode(nested)), "/"), [
		"/3/0/9 = 95",
		"/3/0/6/0 = 1",
		"/3/0/6/1 = 5",
		"/3303/0/5700 = 21.5",
		"/3441/0/6 = <07>",
		"/3441/0/8 = 66:1",
	]);
});

/** What the JSON formats make of a value. */
function inJson(expected: unknown, encoding: "base64" | "base64url"): unknown {
	return Array.isArray(expected) ? Buffer.from(expected).toString(encoding) : expected;
}

function parse(message: Uint8Array | undefined): unknown {
	return JSON.parse(Buffer.from(bytesOf(message)).toString("utf8"));
}

function mapOf(record: object): Map<unknown, unknown> {
	return new Map<unknown, unknown>(Object.entries(record));
}

test("JSON.parse reads our SenML JSON, and we what JSON.stringify writes", () => {
	const model = modelOf(VALUES);
	const pack = parse(encode(senmlJson, model, "/"));
	assert.ok(Array.isArray(pack));
	const expected = new Map([...EXPECTED].map(([path, value]) => [path, inJson(value, "base64url")]));
	assert.deepEqual(resolve(pack.map(mapOf), "bn", "n"), expected);
	assert.deepEqual(decode(senmlJson, Buffer.from(JSON.stringify(pack, null, "\t")), "/"), linesOf(model, "/"));
});

test("JSON.parse reads our OMA JSON, and we what JSON.stringify writes", () => {
	const model = modelOf(VALUES);
	for (const base of ["/3", "/3303", "/3441/0"]) {
		const message = parse(encode(omaJson, model, base)) as { bn: string; e: Record<string, unknown>[] }; // compared below
		assert.equal(message.bn, `${base}/`);
		const found = resolve([mapOf({ bn: message.bn, n: "", v: 0 }), ...message.e.map(mapOf)], "bn", "n");
		found.delete(message.bn);
		const expected = [...EXPECTED].filter(([path]) => path.startsWith(message.bn));
		assert.deepEqual(found, new Map(expected.map(([path, value]) => [path, inJson(value, "base64")])));
		const turned = { e: message.e, bn: message.bn };
		assert.deepEqual(decode(omaJson, Buffer.from(JSON.stringify(turned, null, 2)), base), linesOf(model, base));
	}
});
