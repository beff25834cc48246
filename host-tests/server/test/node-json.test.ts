// Nodes in the JSON of the HTTP API, and content formats by name.

import assert from "node:assert/strict";
import { test } from "node:test";
import { formatByName, SENML_CBOR, TLV } from "../codec/content-format.js";
import { type Json, nodeFromJson, nodeToJson } from "../lwm2m/node-json.js";
import { parsePath } from "../lwm2m/path.js";
import { CodecError } from "../lwm2m/value.js";

test("nodes as JSON: types, hex and milliseconds, and back", () => {
	const cases: [string, Json][] = [
		["/3/0/9", { kind: "singleResource", id: 9, type: "INTEGER", value: "100" }],
		["/3/0/13", { kind: "singleResource", id: 13, type: "TIME", value: 1367491215000 }],
		["/5/0/0", { kind: "singleResource", id: 0, type: "OPAQUE", value: "00ff" }],
		["/3303/0/5700", { kind: "singleResource", id: 5700, type: "FLOAT", value: "21.5" }],
		["/1/0/10", { kind: "singleResource", id: 10, type: "OBJLNK", value: { objectId: 10, objectInstanceId: 0 } }],
		["/3/0/6", { kind: "multiResource", id: 6, type: "INTEGER", values: { "0": "1", "1": "5" } }],
		["/3/0/6/1", { kind: "resourceInstance", id: 1, type: "INTEGER", value: "5" }],
	];
	for (const [path, json] of cases) assert.deepEqual(nodeToJson(nodeFromJson(json, parsePath(path))), json, path);
	for (const [path, json] of [
		["/3/0/9", { id: 10, value: "1" }],
		["/3/0/9", { id: 9, value: "x" }],
		["/3/0/9", { id: 9, type: "NUMBER", value: "1" }],
		["/3/0/9", { kind: "instance", id: 9, resources: [] }],
		["/5/0/0", { id: 0, value: "0" }],
		["/3/0/9", []],
	] as [string, Json][]) {
		assert.throws(() => nodeFromJson(json, parsePath(path)), CodecError, JSON.stringify(json));
	}
});

test("formats by name and number", () => {
	assert.equal(formatByName("senml_cbor"), SENML_CBOR);
	assert.equal(formatByName("11542"), TLV);
	assert.throws(() => formatByName("XML"), RangeError);
	assert.throws(() => formatByName("70000"), RangeError);
});
