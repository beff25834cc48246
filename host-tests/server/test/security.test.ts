// Credentials: the store, its HTTP API, and who may register. The HTTP API of bootstrap configurations.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createBootstrapServer } from "../bootstrap/bootstrap-server.js";
import { systemClock } from "../clock.js";
import type { Json } from "../lwm2m/node-json.js";
import { CodecError } from "../lwm2m/value.js";
import { hexKey, pskInfo, securityFromJson, securityToJson } from "../security/security-info.js";
import { SecurityStore } from "../security/security-store.js";
import { type CompanionServer, createServer } from "../server.js";
import { CONFIG } from "../simulation/bootstrap-world.js";
import { FakeDevice } from "../simulation/fake-device.js";
import { SimulatedNetwork } from "../simulation/network.js";
import { QUERY } from "../simulation/world.js";

const network = new SimulatedNetwork();
const bootstrap = createBootstrapServer({ transport: network.transport(3) });
let server: CompanionServer;

before(async () => {
	server = createServer({
		transport: network.transport(1),
		secureTransport: network.transport(4, true),
		bootstrap,
		httpPort: 0,
	});
	await bootstrap.start();
	await server.start();
});

after(() => Promise.all([server.stop(), bootstrap.stop()]));

async function call(method: string, path: string, body?: Json) {
	const response = await fetch(`http://127.0.0.1:${server.httpPort}/api${path}`, {
		method,
		...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
	});
	const content = await response.text();
	return { status: response.status, json: content === "" ? undefined : JSON.parse(content) };
}

const psk = (endpoint: string, identity: string, key: string): Json => ({
	endpoint,
	tls: { mode: "psk", details: { identity, key } },
});

test("the modes in Leshan's JSON, and back", () => {
	for (const json of [
		psk("x", "me", "00ff"),
		{ endpoint: "x", tls: { mode: "x509", details: {} } },
		{ endpoint: "x", tls: { mode: "rpk", details: { key: "3059" } } },
	]) {
		assert.deepEqual(securityToJson(securityFromJson(json)), json);
	}
	assert.equal(securityFromJson({ endpoint: "x", tls: { mode: "x509" } }).mode, "x509");
	assert.throws(() => pskInfo("x", "me", Buffer.alloc(0)), CodecError);
	assert.throws(() => pskInfo("x", "me", Buffer.alloc(257)), CodecError);
	assert.throws(() => pskInfo("x", "i".repeat(257), Buffer.alloc(1)), CodecError);
	assert.deepEqual(hexKey("00FF"), Buffer.from([0, 255]));
});

test("the store: one set an endpoint, one owner an identity", () => {
	const store = new SecurityStore();
	store.add(pskInfo("x", "me", Buffer.from([1])));
	assert.deepEqual(store.keyOf("me"), Buffer.from([1]));
	assert.equal(store.endpointOf("me"), "x");
	assert.throws(() => store.add(pskInfo("y", "me", Buffer.from([2]))), RangeError);
	store.add(pskInfo("x", "you", Buffer.from([3])));
	assert.deepEqual([store.keyOf("me"), store.keyOf("you")], [undefined, Buffer.from([3])]);
	store.add({ endpoint: "x", mode: "x509" });
	assert.equal(store.keyOf("you"), undefined);
	assert.deepEqual([store.remove("x"), store.remove("x")], [true, false]);
});

test("who may speak for an endpoint", () => {
	const store = new SecurityStore();
	const peer = (identity?: string) => ({ address: "a", port: 1, key: "k", ...(identity ? { identity } : {}) });
	store.add(pskInfo("p", "me", Buffer.from([1])));
	store.add({ endpoint: "c", mode: "x509" });
	store.add({ endpoint: "r", mode: "rpk", key: Buffer.from("30ab", "hex") });
	for (const [endpoint, identity, isAllowed] of [
		["p", "me", true],
		["p", "you", false],
		["p", undefined, false],
		["c", "c", true],
		["c", "p", false],
		["r", "30AB", true],
		["r", "30ac", false],
		["free", undefined, true],
		["free", "stranger", true],
		["free", "me", false],
	] as const) {
		assert.equal(store.isAllowed(endpoint, peer(identity)), isAllowed, `${endpoint} ${identity}`);
	}
});

test("HTTP: credentials come and go; each server has its own", async () => {
	assert.equal((await call("PUT", "/security/clients", psk("x", "me", "00ff"))).status, 200);
	assert.equal((await call("PUT", "/security/clients/", psk("y", "you", "01"))).status, 200);
	assert.deepEqual((await call("GET", "/security/clients")).json, [psk("x", "me", "00ff"), psk("y", "you", "01")]);
	assert.deepEqual(server.security.keyOf("me"), Buffer.from([0, 255]));
	assert.deepEqual((await call("GET", "/security/clients?server=bootstrap")).json, []);
	assert.equal((await call("PUT", "/security/clients?server=bootstrap", psk("x", "me", "aa"))).status, 200);
	assert.deepEqual(bootstrap.security.keyOf("me"), Buffer.from([0xaa]));
	for (const name of ["x", "y"]) assert.equal((await call("DELETE", `/security/clients/${name}`)).status, 200);
	assert.equal((await call("DELETE", "/security/clients/x")).status, 404);
	assert.deepEqual([...server.security], []);
	assert.equal((await call("GET", "/security/clients?server=other")).status, 400);
});

test("HTTP: credentials that cannot be used are 400 with one line, without the key", async () => {
	await call("PUT", "/security/clients", psk("owner", "taken", "00"));
	for (const body of [
		"{",
		[],
		{ tls: { mode: "psk" } },
		{ endpoint: "x" },
		{ endpoint: "x", tls: { mode: "none" } },
		{ endpoint: "x", tls: { mode: "psk" } },
		{ endpoint: "x", oscore: {}, tls: { mode: "x509" } },
		psk("x", "", "00"),
		psk("x", "me", ""),
		psk("x", "me", "c0ffee0"),
		psk("x", "me", "c0ffee".repeat(100)),
		psk("x", "taken", "c0ffee"),
		{ endpoint: "x", tls: { mode: "rpk", details: { key: "c0ffeeg" } } },
	] as Json[]) {
		const { status, json } = await call("PUT", "/security/clients", body);
		assert.equal(status, 400, JSON.stringify(body));
		assert.doesNotMatch((json as { errormessage: string }).errormessage, /c0ffee|\n/);
	}
	await call("DELETE", "/security/clients/owner");
});

test("Register: an endpoint with credentials comes with them, or gets 4.03", async () => {
	server.security.add(pskInfo("d1", "device-22", Buffer.from([1])));
	const codeOf = async (port: number, serverPort: number, query = QUERY) =>
		(await new FakeDevice(network, systemClock, port, serverPort).register(query)).code;
	assert.equal(await codeOf(22, 4), "2.01");
	assert.equal(await codeOf(22, 4, ["lwm2m=1.1"]), "2.01", "without a name");
	assert.equal(await codeOf(23, 4, ["lwm2m=1.1"]), "4.00", "without a name and unknown");
	assert.equal(await codeOf(23, 4), "4.03");
	assert.equal(await codeOf(24, 1), "4.03");
	assert.equal(await codeOf(22, 4, ["ep=d2", "lwm2m=1.1"]), "4.03");
	assert.equal(await codeOf(24, 1, ["ep=d2", "lwm2m=1.1"]), "2.01");
	server.security.remove("d1");
});

test("HTTP: bootstrap configurations come and go, bad ones are 400", async () => {
	assert.equal((await call("POST", "/bootstrap/d%201", CONFIG)).status, 200);
	assert.deepEqual((await call("GET", "/bootstrap")).json, { "d 1": CONFIG });
	assert.equal((await call("POST", "/bootstrap/d%201", { servers: 5 })).status, 400);
	assert.equal((await call("POST", "/bootstrap/d%201", "{")).status, 400);
	const device = new FakeDevice(network, systemClock, 30, 3);
	device.onUnknown = () => ({ code: "2.04" });
	const stop = new AbortController();
	const url = `http://127.0.0.1:${server.httpPort}/api/event?ep=d%201`;
	const stream = await fetch(url, { signal: stop.signal });
	const finished = bootstrap.events.waitFor("BSSESSION", ({ name }) => name === "finished");
	assert.equal((await device.send({ method: "POST", path: ["bs"], query: ["ep=d 1"] })).code, "2.04");
	await finished;
	const reader = stream.body!.getReader();
	let content = "";
	while (!content.includes('"finished"')) content += Buffer.from((await reader.read()).value ?? []).toString();
	assert.match(content, /event: BSSESSION\ndata: \{"name":"new session","endpoint":"d 1","time":\d+,"message":/);
	stop.abort();
	assert.equal((await call("DELETE", "/bootstrap/d%201")).status, 204);
	assert.equal((await call("DELETE", "/bootstrap/d%201")).status, 404);
	assert.equal((await device.send({ method: "POST", path: ["bs"], query: ["ep=d 1"] })).code, "4.00");
});

test("without a bootstrap server its paths are 404", async () => {
	const alone = createServer({ transport: network.transport(50), httpPort: 0 });
	await alone.start();
	const statusOf = async (path: string) => (await fetch(`http://127.0.0.1:${alone.httpPort}/api${path}`)).status;
	assert.equal(await statusOf("/bootstrap"), 404);
	assert.equal(await statusOf("/security/clients?server=bootstrap"), 404);
	assert.equal(await statusOf("/security/clients"), 200);
	await alone.stop();
});

test("two servers in one process serve the same device", async () => {
	const other = createServer({ transport: network.transport(60) });
	await other.start();
	const device = new FakeDevice(network, systemClock, 40, 1);
	const second = new FakeDevice(network, systemClock, 41, 60);
	assert.equal((await device.register(["ep=both", "lwm2m=1.1"])).code, "2.01");
	assert.equal((await second.register(["ep=both", "lwm2m=1.1"])).code, "2.01");
	assert.equal((await second.send({ method: "DELETE", path: second.location })).code, "2.02");
	assert.deepEqual([server.registrations.byEndpoint("both")?.endpoint, other.registrations.size], ["both", 0]);
	await other.stop();
});
