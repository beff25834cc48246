// The codecs against the worked examples of the standards, and against bytes that are wrong.

import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeCbor, encodeCbor } from "../codec/cbor.js";
import { decodeLeaves, decodeNode, encodeLeaves, encodeNode, encodePaths, nodesAt } from "../codec/codec.js";
import { CBOR, JSON_OMA, LWM2M_CBOR, OPAQUE, SENML_CBOR, SENML_JSON, TEXT, TLV } from "../codec/content-format.js";
import { decodeOmaJson } from "../codec/oma-json.js";
import { resolveRecords } from "../codec/senml.js";
import { readSenmlCbor } from "../codec/senml-cbor.js";
import { readSenmlJson } from "../codec/senml-json.js";
import { leavesOf, type Node } from "../lwm2m/node.js";
import { nodeFromJson } from "../lwm2m/node-json.js";
import { parsePath } from "../lwm2m/path.js";
import { CodecError, type Value } from "../lwm2m/value.js";
import {
	ACCESS_TLV,
	bytes,
	DEVICE_JSON,
	DEVICE_TLV,
	HISTORY_JSON,
	METER_CBOR,
	METER_JSON,
	SERVER_TLV,
} from "../simulation/vectors.js";

const NOW = 1_700_000_000_000;

const decode = (format: number, payload: Buffer, path: string): Node =>
	decodeNode(format, payload, parsePath(path), NOW);
const values = (node: Node, path: string): Record<string, Value> =>
	Object.fromEntries(leavesOf(node, parsePath(path)).map((leaf) => [leaf.path.join("/"), leaf.value]));

const DEVICE = {
	"3/0/0": "Open Mobile Alliance",
	"3/0/1": "Lightweight M2M Client",
	"3/0/2": "345000123",
	"3/0/3": "1.0",
	"3/0/6/0": 1n,
	"3/0/6/1": 5n,
	"3/0/7/0": 3800n,
	"3/0/7/1": 5000n,
	"3/0/8/0": 125n,
	"3/0/8/1": 900n,
	"3/0/9": 100n,
	"3/0/10": 15n,
	"3/0/11/0": 0n,
	"3/0/13": 1367491215n,
	"3/0/14": "+02:00",
	"3/0/16": "U",
};

test("TLV: the device example of the standard is read, and written byte for byte", () => {
	const node = decode(TLV, DEVICE_TLV, "/3/0");
	assert.deepEqual(values(node, "/3/0"), DEVICE);
	assert.deepEqual(encodeNode(TLV, node, [3, 0]), DEVICE_TLV);
});

test("TLV: an object of one instance may come without the instance around it", () => {
	assert.deepEqual(values(decode(TLV, DEVICE_TLV, "/3"), "/3"), DEVICE);
	const wrapped = Buffer.concat([bytes("08 00 79"), DEVICE_TLV]);
	assert.deepEqual(values(decode(TLV, wrapped, "/3"), "/3"), DEVICE);
	assert.deepEqual(values(decode(TLV, wrapped, "/3/0"), "/3/0"), DEVICE);
});

test("TLV: instances with gaps and 16-bit identifiers", () => {
	const node = decode(TLV, ACCESS_TLV, "/2");
	assert.deepEqual(values(node, "/2"), {
		"2/0/0": 1n,
		"2/0/1": 0n,
		"2/0/2/127": 7n,
		"2/0/3": 127n,
		"2/2/0": 3n,
		"2/2/1": 0n,
		"2/2/2/127": 7n,
		"2/2/2/310": 1n,
		"2/2/3": 127n,
	});
	assert.deepEqual(encodeNode(TLV, node, [2]), ACCESS_TLV);
	const server = decode(TLV, SERVER_TLV, "/1");
	assert.deepEqual(values(server, "/1"), { "1/0/0": 1n, "1/0/1": 86400n, "1/0/6": true, "1/0/7": "U" });
	assert.deepEqual(encodeNode(TLV, server, [1]), SERVER_TLV);
});

test("TLV: unknown resources are OPAQUE", () => {
	const node = decode(TLV, bytes("88 00 0C 44 00 00 42 00 00 44 01 00 42 00 01 C4 02 12 34 56 78"), "/65/0");
	assert.deepEqual(values(node, "/65/0"), {
		"65/0/0/0": bytes("00420000"),
		"65/0/0/1": bytes("00420001"),
		"65/0/2": bytes("12345678"),
	});
});

test("TLV: every truncation of the device example is refused or shorter", () => {
	for (let length = 0; length < DEVICE_TLV.length; length++) {
		try {
			const node = decode(TLV, DEVICE_TLV.subarray(0, length), "/3/0");
			assert.ok(Object.keys(values(node, "/3/0")).length < Object.keys(DEVICE).length);
		} catch (error) {
			assert.ok(error instanceof CodecError, `length ${length}: ${String(error)}`);
		}
	}
});

test("TLV: every mutation of one byte gives a node or a CodecError", () => {
	for (let at = 0; at < DEVICE_TLV.length; at++) {
		for (const mask of [0x01, 0x20, 0x80, 0xff]) {
			const mutated = Buffer.from(DEVICE_TLV);
			mutated[at]! ^= mask;
			try {
				decode(TLV, mutated, "/3/0");
			} catch (error) {
				assert.ok(error instanceof CodecError, `byte ${at}: ${String(error)}`);
			}
		}
	}
});

test("OMA JSON: the device example of the standard is read, and written with the same content", () => {
	const node = decode(JSON_OMA, Buffer.from(DEVICE_JSON), "/3/0");
	assert.deepEqual(values(node, "/3/0"), DEVICE);
	assert.deepEqual(JSON.parse(encodeNode(JSON_OMA, node, [3, 0]).toString()), JSON.parse(DEVICE_JSON));
});

test("OMA JSON: times are relative to the base time", () => {
	const leaves = decodeOmaJson(Buffer.from(HISTORY_JSON), [72]);
	assert.deepEqual(
		leaves.map(({ path, value, timestamp }) => [path, value, timestamp]),
		[
			[[72, 1, 2], 22.4, 25462629000],
			[[72, 1, 2], 22.9, 25462604000],
			[[72, 1, 2], 24.1, 25462584000],
		],
	);
});

test("OMA JSON: an entry without a value is refused", () => {
	assert.throws(() => decode(JSON_OMA, Buffer.from('{"bn":"/3/0/9","e":[{}]}'), "/3/0/9"), CodecError);
	assert.throws(() => decode(JSON_OMA, Buffer.from('{"bn":"/3/0/9"}'), "/3/0/9"), CodecError);
	assert.throws(() => decode(JSON_OMA, Buffer.from("{"), "/3/0/9"), CodecError);
});

test("SenML: JSON and CBOR of the RFC's meter resolve to the same records", () => {
	const fromJson = resolveRecords(readSenmlJson(Buffer.from(METER_JSON)), NOW);
	assert.deepEqual(resolveRecords(readSenmlCbor(METER_CBOR), NOW), fromJson);
	assert.equal(fromJson.length, 7);
	assert.equal(fromJson[0]!.name, "urn:dev:ow:10e2073a0108006:voltage");
	assert.equal(fromJson[1]!.name, "urn:dev:ow:10e2073a0108006:current");
	assert.equal(fromJson[1]!.time, 1276020076.001 - 5);
	assert.equal(fromJson[6]!.value, 1.7);
});

test("SenML: small times are relative to now, the base value is added", () => {
	const [record] = resolveRecords(readSenmlJson(Buffer.from('[{"n":"/3/0/9","bv":20,"v":1,"t":-60}]')), NOW);
	assert.deepEqual(record, { name: "/3/0/9", time: NOW / 1000 - 60, value: 21, isObjectLink: false });
});

test("SenML: what must be understood, other versions, two values and no name are refused", () => {
	for (const pack of [
		'[{"n":"/3/0/9","v":1,"must_":2}]',
		'[{"bver":11,"n":"/3/0/9","v":1}]',
		'[{"n":"/3/0/9","v":1,"vs":"1"}]',
		'[{"v":1}]',
		'[{"n":"/3/0/9"}]',
		'[{"n":"/3/x/9","v":1}]',
		'[{"n":"/3/0/9","v":"1"}]',
		"{}",
	]) {
		assert.throws(() => decodeLeaves(SENML_JSON, Buffer.from(pack), NOW), CodecError, pack);
	}
	for (const hex of ["81a1", "a0", "8101", "81a200662f332f302f390201ff", "81a200662f332f302f3903f5"]) {
		assert.throws(() => decodeLeaves(SENML_CBOR, bytes(hex), NOW), CodecError, hex);
	}
});

test("CBOR: the RFC's numbers are read, integers with all 64 bits", () => {
	const vectors: [string, Value][] = [
		["00", 0n],
		["1864", 100n],
		["1a000f4240", 1000000n],
		["1b7fffffffffffffff", 2n ** 63n - 1n],
		["3b7fffffffffffffff", -(2n ** 63n)],
		["29", -10n],
		["f94580", 5.5],
		["fa47c35000", 100000n],
		["fb3ff199999999999a", 1.1],
		["f5", true],
		["6449455446", "IETF"],
		["4401020304", bytes("01020304")],
	];
	for (const [hex, expected] of vectors) {
		const { value } = decodeCbor(bytes(hex), [9999, 0, 1]);
		assert.deepEqual(value, expected, hex);
	}
	assert.equal(decodeCbor(bytes("c11a514b67b0"), [3, 0, 13]).value, 1363896240n);
	assert.equal(encodeCbor(2n ** 63n - 1n).toString("hex"), "1b7fffffffffffffff");
	assert.equal(encodeCbor(100n).toString("hex"), "1864");
	for (const hex of ["", "18", "0102", "80", "a0", "f6", "1b8000000000000000"]) {
		assert.throws(() => decodeCbor(bytes(hex), [3, 0, 9]), CodecError, hex);
	}
});

test("text: numbers, booleans, links and base64 follow the type of the resource", () => {
	const read = (text: string, path: string) => Object.values(values(decode(TEXT, Buffer.from(text), path), path))[0];
	assert.equal(read("100", "/3/0/9"), 100n);
	assert.equal(read("-9223372036854775808", "/3/0/9"), -(2n ** 63n));
	assert.equal(read("21.5", "/3303/0/5700"), 21.5);
	assert.equal(read("1", "/1/0/6"), true);
	assert.deepEqual(read("10:3", "/1/0/10"), { objectId: 10, objectInstanceId: 3 });
	assert.deepEqual(read("AQID", "/5/0/0"), bytes("010203"));
	assert.equal(read("anything", "/9999/0/1"), "anything");
	for (const [text, path] of [
		["", "/3/0/9"],
		["1.5", "/3/0/9"],
		["9223372036854775808", "/3/0/9"],
		["true", "/1/0/6"],
		["-1", "/1/0/13"],
		["1,5", "/3303/0/5700"],
		["70000:1", "/1/0/10"],
		["A", "/5/0/0"],
	] as const) {
		assert.throws(() => read(text, path), CodecError, `${text} at ${path}`);
	}
});

test("every format gives back what it was given", () => {
	const one = decode(TEXT, Buffer.from("-7"), "/3/0/9");
	for (const format of [TEXT, CBOR, TLV, JSON_OMA, SENML_JSON, SENML_CBOR, LWM2M_CBOR]) {
		assert.deepEqual(decode(format, encodeNode(format, one, [3, 0, 9]), "/3/0/9"), one, `format ${format}`);
	}
	const device = decode(TLV, DEVICE_TLV, "/3/0");
	for (const format of [TLV, JSON_OMA, SENML_JSON, SENML_CBOR, LWM2M_CBOR]) {
		assert.deepEqual(values(decode(format, encodeNode(format, device, [3, 0]), "/3/0"), "/3/0"), DEVICE, `${format}`);
	}
	const opaque = decode(OPAQUE, bytes("00ff10"), "/5/0/0");
	for (const format of [TEXT, OPAQUE, CBOR, TLV, JSON_OMA, SENML_JSON, SENML_CBOR]) {
		assert.deepEqual(decode(format, encodeNode(format, opaque, [5, 0, 0]), "/5/0/0"), opaque, `format ${format}`);
	}
	assert.throws(() => encodeNode(TEXT, device, [3, 0]), CodecError);
	assert.throws(() => encodeNode(OPAQUE, one, [3, 0, 9]), CodecError);
	assert.throws(() => decode(TEXT, Buffer.from("x"), "/3/0"), CodecError);
});

test("integers beyond 2^53 stay exact in JSON", () => {
	const node = nodeFromJson({ kind: "singleResource", id: 9, type: "INTEGER", value: "9007199254740993" }, [3, 0, 9]);
	const payload = encodeNode(SENML_JSON, node, [3, 0, 9]);
	assert.equal(payload.toString(), '[{"bn":"/3/0/9","v":9007199254740993}]');
	assert.deepEqual(decode(SENML_JSON, payload, "/3/0/9"), node);
});

test("LwM2M CBOR: keys are ids or arrays of ids", () => {
	const nested = bytes("a1 03 a1 00 a2 09 18 64 06 a2 00 01 01 05");
	const flat = bytes("a1 82 03 00 a2 09 18 64 06 a2 00 01 01 05");
	const expected = { "3/0/9": 100n, "3/0/6/0": 1n, "3/0/6/1": 5n };
	assert.deepEqual(values(decode(LWM2M_CBOR, nested, "/3/0"), "/3/0"), expected);
	assert.deepEqual(values(decode(LWM2M_CBOR, flat, "/3/0"), "/3/0"), expected);
	for (const hex of ["01", "a103a1006161", "a1616101", "a1850102030405f5"]) {
		assert.throws(() => decode(LWM2M_CBOR, bytes(hex), "/3/0"), CodecError, hex);
	}
});

test("composite: paths go out, nodes come back, null for what is missing", () => {
	const paths = ["/3/0/9", "/1/0", "/9/0/1"].map(parsePath);
	assert.equal(encodePaths(SENML_JSON, paths).toString(), '[{"n":"/3/0/9"},{"n":"/1/0"},{"n":"/9/0/1"}]');
	assert.equal(encodePaths(SENML_CBOR, [[3, 0, 9]]).toString("hex"), "81a100662f332f302f39");
	assert.throws(() => encodePaths(TLV, paths), CodecError);
	const leaves = decodeLeaves(SENML_JSON, Buffer.from('[{"n":"/3/0/9","v":1},{"n":"/1/0/1","v":60}]'), NOW);
	const nodes = nodesAt(paths, leaves);
	assert.deepEqual([...nodes.keys()], ["/3/0/9", "/1/0", "/9/0/1"]);
	assert.equal(nodes.get("/9/0/1"), null);
	assert.equal(nodes.get("/1/0")?.kind, "instance");
	assert.deepEqual(encodeLeaves(SENML_JSON, leaves).toString(), '[{"n":"/3/0/9","v":1},{"n":"/1/0/1","v":60}]');
});

test("an answer with a value elsewhere is refused", () => {
	assert.throws(() => decode(SENML_JSON, Buffer.from('[{"n":"/3/0/10","v":1}]'), "/3/0/9"), CodecError);
	assert.throws(() => decode(TLV, bytes("c10a0f"), "/3/0/9"), CodecError);
});
