// The bootstrap server against a device made of canned answers.

import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeMessage } from "../coap/message.js";
import { decodeLeaves, decodeNode } from "../codec/codec.js";
import { LINK, SENML_CBOR, SENML_JSON, TEXT, TLV } from "../codec/content-format.js";
import { leavesOf, type Node } from "../lwm2m/node.js";
import type { Path } from "../lwm2m/path.js";
import { bootstrapWorld, CONFIG } from "../simulation/bootstrap-world.js";
import { FakeDevice, text, typed } from "../simulation/fake-device.js";
import { SimulatedNetwork } from "../simulation/network.js";
import { bytes } from "../simulation/vectors.js";

const SEQUENCE = ["DELETE /0", "DELETE /1", "PUT /0/1", "PUT /1/0", "POST /bs"];
const LIFETIME: Node = { kind: "singleResource", id: 1, type: "INTEGER", value: 60n };

/** The values of a node by their path. */
function valuesOf(node: Node, path: Path): Record<string, unknown> {
	return Object.fromEntries(leavesOf(node, path).map((leaf) => [leaf.path.join("/"), leaf.value]));
}

test("a Bootstrap-Request gets 2.04, then the sequence: Delete, Write, Finish", async () => {
	const { server, bootstrap, seen, device, network, stages } = await bootstrapWorld();
	server.configure("d1", CONFIG);
	assert.equal((await bootstrap()).code, "2.04");
	assert.deepEqual(seen(), SEQUENCE);
	assert.equal(decodeMessage(network.log[1]!.datagram)!.code, "2.04", "the request is answered first");
	const [, , security, account] = device.requests;
	assert.deepEqual([security!.format, account!.format], [TLV, TLV]);
	assert.deepEqual(valuesOf(decodeNode(TLV, security!.payload, [0, 1], 0), [0, 1]), {
		"0/1/0": "coap://10.0.0.9:5683",
		"0/1/1": false,
		"0/1/2": 3n,
		"0/1/10": 1n,
	});
	assert.deepEqual(valuesOf(decodeNode(TLV, account!.payload, [1, 0], 0), [1, 0]), {
		"1/0/0": 1n,
		"1/0/1": 300n,
		"1/0/2": 1n,
		"1/0/6": true,
		"1/0/7": "U",
	});
	assert.deepEqual(
		stages.filter((name) => !/^(send|receive)/.test(name)),
		["new session", "authorized", "finished"],
	);
});

test("Bootstrap-Request: the refusals", async () => {
	const { server, bootstrap, until, device, stages, seen } = await bootstrapWorld();
	server.configure("d1", CONFIG);
	assert.equal((await bootstrap(["ep=other"])).code, "4.00");
	assert.deepEqual(stages, ["new session", "authorized", "no config"]);
	assert.equal((await bootstrap([])).code, "4.00");
	assert.equal((await bootstrap(["ep="])).code, "4.00");
	assert.equal((await bootstrap(["ep=d1", "pct=tlv"])).code, "4.00");
	assert.equal((await until(device.send({ method: "GET", path: ["bs"] }))).code, "4.05");
	assert.equal((await until(device.send({ method: "POST", path: ["rd"] }))).code, "4.04");
	assert.equal((await until(device.send({ method: "POST", path: ["bs", "x"] }))).code, "4.04");
	assert.deepEqual(seen(), []);
});

test("the format is the configuration's, else the one of pct, else TLV", async () => {
	for (const [contentFormat, pct, expected] of [
		[undefined, undefined, TLV],
		[undefined, "pct=112", SENML_CBOR],
		[undefined, "pct=110", SENML_JSON],
		[undefined, "pct=50", TLV],
		["TLV", "pct=112", TLV],
		["SENML_JSON", undefined, SENML_JSON],
	] as const) {
		const { server, bootstrap, device } = await bootstrapWorld();
		server.configure("d1", { ...CONFIG, ...(contentFormat ? { contentFormat } : {}) });
		await bootstrap(["ep=d1", ...(pct ? [pct] : [])]);
		const { format, payload } = device.requests[2]!;
		assert.equal(format, expected, `${contentFormat} ${pct}`);
		assert.equal(valuesOf(decodeNode(expected, payload, [0, 1], 0), [0, 1])["0/1/0"], "coap://10.0.0.9:5683");
	}
});

test("Writes by object, by instance, by resource", async () => {
	for (const [granularity, expected] of [
		["object", ["PUT /0", "PUT /1"]],
		["instance", ["PUT /0/1", "PUT /1/0"]],
		["resource", ["PUT /0/1/0", "PUT /0/1/1", "PUT /0/1/2", "PUT /0/1/10"]],
	] as const) {
		const { server, bootstrap, seen, device } = await bootstrapWorld();
		server.configure("d1", { ...CONFIG, granularity, toDelete: [] });
		await bootstrap();
		assert.deepEqual(seen().slice(0, expected.length), expected);
		if (granularity === "object") {
			const node = decodeNode(TLV, device.requests[0]!.payload, [0], 0);
			assert.equal(valuesOf(node, [0])["0/1/10"], 1n);
		}
	}
});

test("several servers from instance 3 on, access control, custom objects, Reads", async () => {
	const { server, bootstrap, seen, device } = await bootstrapWorld();
	server.configure("d1", {
		security: {
			"3": { uri: "coap://a", serverId: 1 },
			"4": { uri: "coaps://b", serverId: 2, securityMode: "PSK", publicKeyOrId: [97], secretKey: [-1, 255, 0] },
		},
		servers: { "0": { shortId: 1 }, "1": { shortId: 2, binding: ["U", "Q"], defaultMaxPeriod: 60 } },
		acls: [{ objectId: 4, instanceId: 0, rules: { "99": "rwe" }, owner: 65535 }],
		objects: { "3441/1": { "105": "text", "110": 5 }, "/3/0/14": { value: "+02:00" } },
		read: ["/1", "/2"],
		contentFormat: "SENML_JSON",
	});
	device.answers.set("GET /1", typed(SENML_JSON, Buffer.from('[{"n":"/1/0/0","v":1}]')));
	await bootstrap();
	assert.deepEqual(seen(), [
		"PUT /0/3",
		"PUT /0/4",
		"PUT /1/0",
		"PUT /1/1",
		"PUT /2/0",
		"PUT /3441/1",
		"PUT /3/0/14",
		"GET /1",
		"GET /2",
		"POST /bs",
	]);
	const written = device.requests
		.slice(0, 7)
		.flatMap(({ payload }) => decodeLeaves(SENML_JSON, payload, 0))
		.map(({ path, value }) => [path.join("/"), Buffer.isBuffer(value) ? value.toString("hex") : value]);
	const values = Object.fromEntries(written);
	assert.equal(values["0/4/3"], "61");
	assert.equal(values["0/4/5"], "ffff00");
	assert.equal(values["1/1/7"], "UQ");
	assert.equal(values["2/0/2/99"], 7n);
	assert.equal(values["2/0/3"], 65535n);
	assert.deepEqual([values["3441/1/105"], values["3441/1/110"], values["3/0/14"]], ["text", 5n, "+02:00"]);
});

test("auto-id: Bootstrap-Discover tells the instance of the bootstrap server; without an answer the ids stay", async () => {
	const config = {
		autoIdForSecurityObject: true,
		security: { "0": { uri: "coap://bs", bootstrapServer: true }, "1": { uri: "coap://a", serverId: 1 } },
		servers: { "0": { shortId: 1 } },
	};
	for (const [links, expected] of [
		['lwm2m="1.1",</0/0>;ssid=7,</0/1>,</1/0>;ssid=7', ["PUT /0/1", "PUT /0/0"]],
		["</0/0>;ssid=7,</0/1>,</1/0>;ssid=7", ["PUT /0/1", "PUT /0/0"]],
		["</>;lwm2m=1.1,</0/2>", ["PUT /0/2", "PUT /0/0"]],
		["</0/0>,</1>", ["PUT /0/0", "PUT /0/1"]],
		["</0/0>;ssid=1,</0/1>;ssid=2", ["PUT /0/0", "PUT /0/1"]],
	] as const) {
		const { server, bootstrap, seen, device } = await bootstrapWorld();
		server.configure("d1", config);
		device.answers.set("GET /", typed(LINK, Buffer.from(links)));
		await bootstrap();
		assert.deepEqual(seen(), ["GET /", ...expected, "PUT /1/0", "POST /bs"], links);
	}
	const { server, bootstrap, seen, device, messages } = await bootstrapWorld();
	server.configure("d1", config);
	device.answers.set("GET /", typed(LINK, Buffer.from("</0/0>;ssid=1,nonsense")));
	await bootstrap();
	assert.match(messages[messages.length - 1]!, /failed: the device answered with nonsense/);
	assert.deepEqual(seen(), ["GET /"]);
	device.answers.clear();
	device.requests.length = 0;
	await bootstrap();
	assert.deepEqual(seen(), ["GET /", "PUT /0/0", "PUT /0/1", "PUT /1/0", "POST /bs"]);
});

test("an error response: the sequence goes on, or stops where the configuration says so; Finish must succeed", async () => {
	for (const [failing, onError, expected, last] of [
		["DELETE /1", "continue", SEQUENCE, "finished"],
		["PUT /0/1", "continue", SEQUENCE, "finished"],
		["PUT /0/1", "stop", SEQUENCE.slice(0, 3), "failed"],
		["POST /bs", "continue", SEQUENCE, "failed"],
	] as const) {
		const { server, bootstrap, seen, stages, device, messages } = await bootstrapWorld();
		server.configure("d1", { ...CONFIG, onError });
		device.answers.set(failing, { code: "4.06", payload: Buffer.from("inconsistent") });
		await bootstrap();
		assert.deepEqual(seen(), expected, failing);
		assert.equal(stages[stages.length - 1], last);
		assert.ok(stages.includes("receive error response"));
		assert.ok(messages.includes("Receive 4.06: inconsistent"));
	}
});

test("no answer: retransmissions, then the session has failed, and the next request begins anew", async () => {
	const { server, bootstrap, seen, stages, device, network, clock } = await bootstrapWorld();
	server.configure("d1", CONFIG);
	network.fate = (datagram) => (decodeMessage(datagram)!.code === "0.03" ? "lose" : "deliver");
	await bootstrap();
	await clock.advance(29_999);
	assert.deepEqual([seen(), stages[stages.length - 1]], [["DELETE /0", "DELETE /1"], "send write"]);
	await clock.advance(1);
	assert.deepEqual(stages.slice(-2), ["request failure", "failed"]);
	network.fate = () => "deliver";
	device.requests.length = 0;
	await bootstrap();
	assert.deepEqual(seen(), SEQUENCE);
	assert.equal(stages[stages.length - 1], "finished");
});

test("a new Bootstrap-Request ends the session under way", async () => {
	const { server, bootstrap, seen, stages, device, messages } = await bootstrapWorld();
	server.configure("d1", CONFIG);
	device.answers.set("DELETE /1", () => new Promise(() => {}));
	await bootstrap();
	assert.deepEqual(seen(), SEQUENCE.slice(0, 2));
	device.answers.delete("DELETE /1");
	await bootstrap();
	assert.deepEqual(seen().slice(2), SEQUENCE);
	assert.equal(stages.filter((name) => name === "failed").length, 1);
	assert.ok(messages.includes("Bootstrap session failed: a new session of the device began"));
	assert.equal(stages[stages.length - 1], "finished");
});

test("hooks: a sequence is broken off, a step left out, a request answered by the test", async () => {
	const { server, bootstrap, seen, stages, device } = await bootstrapWorld();
	server.configure("d1", CONFIG);
	server.onStep = (_step, index) => (index === 3 ? "stop" : "send");
	await bootstrap();
	assert.deepEqual([seen(), stages[stages.length - 1]], [SEQUENCE.slice(0, 3), "failed"]);
	device.requests.length = 0;
	server.onStep = (step) => (step.kind === "write" && step.path[0] === 1 ? "skip" : "send");
	await bootstrap();
	assert.deepEqual(
		seen(),
		SEQUENCE.filter((step) => step !== "PUT /1/0"),
	);
	device.requests.length = 0;
	server.onRequest = () => ({ code: "5.03" });
	assert.equal((await bootstrap()).code, "5.03");
	server.onRequest = () => undefined;
	assert.deepEqual(seen(), []);
	assert.equal((await bootstrap()).code, "2.04");
});

test("a script in place of a configuration, and operations after the end", async () => {
	const { server, bootstrap, seen, device, until, stages } = await bootstrapWorld();
	device.answers.set("GET /1/0", typed(TLV, bytes("c1 00 01")));
	device.answers.set("GET /", typed(LINK, Buffer.from("</0/0>,</1/0>;ssid=1")));
	let links = 0;
	server.scripts.set("d1", async (session) => {
		await session.finish();
		links = (await session.discover()).links!.length;
		const { content } = await session.read([1, 0]);
		assert.deepEqual(valuesOf(content!, [1, 0]), { "1/0/0": 1n });
		await session.write([1, 0, 1], LIFETIME, TEXT);
		await session.delete([]);
	});
	await bootstrap(["ep=d1", "pct=112"]);
	assert.deepEqual(seen(), ["POST /bs", "GET /", "GET /1/0", "PUT /1/0/1", "DELETE /"]);
	assert.deepEqual([links, device.requests[2]!.accept, stages[stages.length - 1]], [2, SENML_CBOR, "finished"]);
	assert.deepEqual([device.requests[3]!.format, device.requests[3]!.payload.toString()], [TEXT, "60"]);
	const answer = await until(server.session("d1").request({ method: "DELETE", path: ["3"] }));
	assert.equal(answer.code, "2.02");
	assert.throws(() => server.session("d2"), RangeError);
	device.answers.set("GET /1/0", text("nonsense"));
	await bootstrap();
	assert.equal(stages[stages.length - 1], "failed");
});

test("over a secure transport a device is who its credentials say", async () => {
	const { server, network, clock, until, stages } = await secureWorld();
	const owner = new FakeDevice(network, clock, 7, 4);
	const thief = new FakeDevice(network, clock, 8, 4);
	const plain = new FakeDevice(network, clock, 9, 3);
	server.configure("d1", { servers: {} });
	server.security.add({ endpoint: "d1", mode: "psk", identity: "device-7", key: bytes("00") });
	const request = (device: FakeDevice, query: string[]) => until(device.send({ method: "POST", path: ["bs"], query }));
	assert.equal((await request(owner, ["ep=d1"])).code, "2.04");
	assert.equal((await request(owner, [])).code, "2.04");
	for (const device of [thief, plain]) assert.equal((await request(device, ["ep=d1"])).code, "4.00");
	assert.equal((await request(owner, ["ep=d2"])).code, "4.00");
	assert.equal(stages.filter((name) => name === "unauthorized").length, 3);
});

test("keys are in no event", async () => {
	const { server, bootstrap, messages, device } = await bootstrapWorld();
	const secretKey = [...Buffer.from("c0ffeec0ffee")];
	const security = { "1": { uri: "coaps://a", serverId: 1, securityMode: "PSK", publicKeyOrId: [97], secretKey } };
	server.configure("d1", { ...CONFIG, security, read: ["/0/1"] });
	await bootstrap();
	// The key as a string, which is not its type.
	device.answers.set("GET /0/1", typed(SENML_JSON, Buffer.from('[{"n":"/0/1/5","vs":"c0ffee"}]')));
	await bootstrap();
	assert.match(messages[messages.length - 1]!, /failed: the device answered with nonsense about its security object/);
	assert.doesNotMatch(messages.join("\n"), /c0ffee|633066666565/);
});

async function secureWorld() {
	const other = new SimulatedNetwork();
	const parts = await bootstrapWorld({ transport: other.transport(3), secureTransport: other.transport(4, true) });
	return { ...parts, network: other };
}
