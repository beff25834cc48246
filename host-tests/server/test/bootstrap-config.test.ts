// Bootstrap configurations as JSON, and the Bootstrap-Pack made of them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { configFromJson } from "../bootstrap/config-json.js";
import { decodeLeaves } from "../codec/codec.js";
import { LWM2M_CBOR, SENML_CBOR, SENML_JSON, TLV } from "../codec/content-format.js";
import { leavesOf } from "../lwm2m/node.js";
import type { Json } from "../lwm2m/node-json.js";
import { CodecError, formatText } from "../lwm2m/value.js";
import { bootstrapWorld, CONFIG } from "../simulation/bootstrap-world.js";

/** The values of the instances a configuration has, as text by their path. */
function values(json: Json): Record<string, string> {
	const leaves = configFromJson(json).instances.flatMap(({ path, node }) => leavesOf(node, path));
	return Object.fromEntries(leaves.map(({ path, value }) => [path.join("/"), formatText(value)]));
}

test("every field of Leshan's JSON becomes its resource", () => {
	const config = {
		servers: {
			"0": {
				shortId: 123,
				lifetime: 300,
				defaultMinPeriod: 1,
				defaultMaxPeriod: null,
				disableTimeout: 10,
				binding: "UQ",
				notifIfDisabled: false,
			},
		},
		security: {
			"1": {
				uri: "coaps://a:5684",
				bootstrapServer: false,
				securityMode: "X509",
				publicKeyOrId: [1, -1],
				serverPublicKey: "0a0b",
				secretKey: [],
				smsSecurityMode: "NO_SEC",
				smsBindingKeyParam: [],
				smsBindingKeySecret: [],
				serverSmsNumber: "",
				serverId: 123,
				clientOldOffTime: 1,
				bootstrapServerAccountTimeout: 0,
				certificateUsage: "TRUST_ANCHOR_ASSERTION",
				cipherSuite: [49320, 49324],
			},
		},
		acls: { "0": { objectId: 3, objectInstanceId: 0, acls: { "123": 15 }, accessControlOwner: 123 } },
		oscore: {},
		toDelete: ["/0", "/1"],
	};
	assert.deepEqual(values(config), {
		"0/1/0": "coaps://a:5684",
		"0/1/1": "0",
		"0/1/2": "2",
		"0/1/3": "Af8=",
		"0/1/4": "Cgs=",
		"0/1/5": "",
		"0/1/6": "3",
		"0/1/7": "",
		"0/1/8": "",
		"0/1/9": "",
		"0/1/10": "123",
		"0/1/11": "1",
		"0/1/12": "0",
		"0/1/15": "2",
		"0/1/16/0": "49320",
		"0/1/16/1": "49324",
		"1/0/0": "123",
		"1/0/1": "300",
		"1/0/2": "1",
		"1/0/5": "10",
		"1/0/6": "0",
		"1/0/7": "UQ",
		"2/0/0": "3",
		"2/0/1": "0",
		"2/0/2/123": "15",
		"2/0/3": "123",
	});
});

test("rights are letters or a number", () => {
	for (const [rights, expected] of [
		["r", "1"],
		["rwe", "7"],
		["CRWDE", "31"],
		["", "0"],
		[5, "5"],
	] as const) {
		const acls = [{ objectId: 4, instanceId: 0, rules: { "99": rights }, owner: 65535 }];
		assert.equal(values({ acls })["2/0/2/99"], expected, String(rights));
	}
});

test("custom objects: node JSON, and values by their ids", () => {
	const { objects } = configFromJson({
		objects: {
			"/3441/1": { id: 1, kind: "instance", resources: [{ id: 110, type: "STRING", value: "x" }] },
			"3441/10": { "105": "text", "120": 5, "130": 2.5, "150": true, "1110": { "0": "a", "3": "b" } },
			"/3303": { "0": { "5700": 21.5 } },
		},
	});
	const leaves = objects.flatMap(({ path, node }) => leavesOf(node, path));
	assert.deepEqual(
		leaves.map(({ path, type, value }) => `${path.join("/")} ${type} ${formatText(value)}`),
		[
			"3441/1/110 STRING x",
			"3441/10/105 STRING text",
			"3441/10/120 INTEGER 5",
			"3441/10/130 FLOAT 2.5",
			"3441/10/150 BOOLEAN 1",
			"3441/10/1110/0 STRING a",
			"3441/10/1110/3 STRING b",
			"3303/0/5700 FLOAT 21.5",
		],
	);
});

test("what cannot be used is refused in one line, without the value of a key", () => {
	const security = (fields: { [name: string]: Json }): Json => ({ security: { "1": fields } });
	const cases: Json[] = [
		[],
		"config",
		{ server: {} },
		{ servers: { "0": 5 } },
		{ servers: { x: {} } },
		{ servers: { "70000": {} } },
		{ servers: { "0": { shortID: 1 } } },
		{ servers: { "0": { lifetime: "long" } } },
		{ servers: { "0": { constructor: 1 } } },
		security({ securityMode: "NONE" }),
		security({ secretKey: "c0ffee0" }),
		security({ secretKey: [300] }),
		security({ uri: 5 }),
		{ oscore: { "0": {} } },
		{ acls: [{ objectId: 4, instanceId: 0, rules: { "99": "x" }, owner: 1 }] },
		{ acls: [{ objectId: 4, instanceId: 0, rules: { x: "r" }, owner: 1 }] },
		{ acls: [{ objectId: 4, rules: {}, owner: 1 }] },
		{ acls: [{ objectId: 4, instanceId: 0, rules: {}, owner: 1, more: 1 }] },
		{ objects: { "/": {} } },
		{ objects: { "/3441/1": null } },
		{ toDelete: "/0" },
		{ toDelete: [0] },
		{ toDelete: ["/x"] },
		{ read: ["/1/2/3/4/5"] },
		{ discover: 5 },
		{ contentFormat: "OPAQUE" },
		{ granularity: "byte" },
		{ pack: "yes" },
		{ onError: "panic" },
		{ autoIdForSecurityObject: 1 },
	];
	for (const json of cases) {
		assert.throws(
			() => configFromJson(json),
			(error) => error instanceof CodecError && !/\n|c0ffee/.test(error.message),
			JSON.stringify(json),
		);
	}
});

test("Bootstrap-Pack: the whole configuration in the accepted format, in blocks where it is large", async () => {
	const { server, until, device, stages } = await bootstrapWorld();
	const objects = { "/3441/1": { "110": "x".repeat(3000) } };
	server.configure("d1", { ...CONFIG, pack: true, objects });
	const pack = (query: string[], parts = {}) =>
		until(device.send({ method: "GET", path: ["bspack"], query, ...parts }));
	for (const accept of [undefined, SENML_CBOR, SENML_JSON, LWM2M_CBOR]) {
		const response = await pack(["ep=d1"], accept === undefined ? {} : { accept });
		assert.deepEqual([response.code, response.format], ["2.05", accept ?? SENML_CBOR]);
		assert.ok(response.blocks > 2);
		const leaves = decodeLeaves(response.format!, response.payload, 0);
		const texts = leaves.map(({ path, value }) => [path.join("/"), formatText(value).slice(0, 20)]);
		assert.equal(Object.fromEntries(texts)["0/1/0"], "coap://10.0.0.9:5683");
		assert.equal(leaves.length, 10);
	}
	assert.ok(stages.includes("send pack"));
	assert.deepEqual(device.requests, [], "a pack has no sequence");
});

test("Bootstrap-Pack: the refusals", async () => {
	const { server, until, device } = await bootstrapWorld();
	server.configure("d1", { ...CONFIG, pack: true });
	server.configure("d2", CONFIG);
	const pack = async (query: string[], parts = {}) =>
		(await until(device.send({ method: "GET", path: ["bspack"], query, ...parts }))).code;
	assert.equal(await pack(["ep=d2"]), "4.05");
	assert.equal(await pack(["ep=other"]), "4.00");
	assert.equal(await pack([]), "4.00");
	assert.equal(await pack(["ep=d1"], { accept: TLV }), "4.06");
	assert.equal(await pack(["ep=d1"], { method: "POST" }), "4.05");
});
