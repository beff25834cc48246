// The HTTP API end to end: real HTTP, a device made of canned answers behind it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { systemClock } from "../clock.js";
import type { Incoming } from "../coap/endpoint.js";
import { encodeMessage, stringOptions } from "../coap/message.js";
import { LOCATION_PATH } from "../coap/numbers.js";
import { LINK, SENML_CBOR, SENML_JSON, TEXT, TLV } from "../codec/content-format.js";
import { type CompanionServer, createServer } from "../server.js";
import { FakeDevice, observed, text, typed } from "../simulation/fake-device.js";
import { SimulatedNetwork } from "../simulation/network.js";
import { bytes, DEVICE_TLV } from "../simulation/vectors.js";

interface Result {
	status: number;
	// The tests look into many shapes; each asserts the one it needs.
	json: Record<string, unknown>;
}

const network = new SimulatedNetwork();
let server: CompanionServer;
let device: FakeDevice;

before(async () => {
	server = createServer({ transport: network.transport(1), httpPort: 0 });
	await server.start();
	device = new FakeDevice(network, systemClock, 2, 1);
	await device.register(["ep=d 1", "lt=600", "lwm2m=1.1", "b=U"]);
});

after(() => server.stop());

async function call(method: string, path: string, body?: unknown): Promise<Result> {
	const response = await fetch(`http://127.0.0.1:${server.httpPort}/api${path}`, {
		method,
		...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
	});
	const content = await response.text();
	return { status: response.status, json: content === "" ? {} : JSON.parse(content) };
}

const lastRequest = (): Incoming => device.requests[device.requests.length - 1]!;

test("clients: the list, one of them, and 404 for a stranger", async () => {
	const list = (await call("GET", "/clients")).json as unknown as { endpoint: string }[];
	assert.deepEqual(
		list.map(({ endpoint }) => endpoint),
		["d 1"],
	);
	assert.equal((await call("GET", "/clients/d%201")).json["lwM2mVersion"], "1.1");
	assert.equal((await call("GET", "/clients/other")).status, 404);
	assert.equal((await call("GET", "/nowhere")).status, 404);
});

test("Read: the node and the status in Leshan's words; the format becomes the Accept", async () => {
	device.answers.set("GET /3/0/9", text("100"));
	const { status, json } = await call("GET", "/clients/d%201/3/0/9?format=TEXT");
	assert.equal(status, 200);
	assert.deepEqual(json, {
		status: "CONTENT(205)",
		valid: true,
		success: true,
		failure: false,
		content: { kind: "singleResource", id: 9, type: "INTEGER", value: "100" },
	});
	assert.equal(lastRequest().accept, TEXT);
	device.answers.set("GET /3/0", typed(TLV, DEVICE_TLV));
	const { json: whole } = await call("GET", "/clients/d%201/3/0?format=tlv");
	assert.equal((whole["content"] as { resources: unknown[] }).resources.length, 13);
	await call("GET", "/clients/d%201/3/0");
	assert.equal(lastRequest().accept, SENML_CBOR);
	await call("GET", "/clients/d%201/3/0?format=none");
	assert.equal(lastRequest().accept, undefined);
});

test("failures: of the device 200 with its code, of the request 400, silence 504, nonsense 500", async () => {
	const { status, json } = await call("GET", "/clients/d%201/3/0/99");
	assert.deepEqual([status, json["status"], json["failure"]], [200, "NOT_FOUND(404)", true]);
	for (const [method, path, message] of [
		["GET", "/clients/x/3/0/9", /x/],
		["GET", "/clients/d%201/3/x", /invalid path "\/3\/x": 1 to 4 ids/],
		["GET", "/clients/d%201/3/0/70000", /70000": an id is above 65535/],
		["GET", "/clients/d%201/3/0/9?format=XML", /"XML": TEXT, .*TLV/],
		["GET", "/clients/d%201/3/0/9?timeout=x", /timeout=x/],
		["PUT", "/clients/d%201/3/0/14", /no JSON: /],
		["PUT", "/clients/d%201/3", /Write: invalid path "\/3": 2 to 4 ids/],
		["POST", "/clients/d%201/3/0/4/1", /POST: invalid path "\/3\/0\/4\/1": 3 ids to Execute/],
		["DELETE", "/clients/d%201/3", /Delete: invalid path "\/3": 2 to 4 ids/],
	] as const) {
		const answer = await call(method, path);
		assert.equal(answer.status, 400, path);
		assert.match(String(answer.json["errormessage"]), message);
	}
	device.answers.set("GET /3/0/1", () => new Promise(() => {}));
	assert.equal((await call("GET", "/clients/d%201/3/0/1?timeout=0.2")).status, 504);
	device.answers.set("GET /3/0/2", typed(TEXT, Buffer.from([0xff])));
	assert.equal((await call("GET", "/clients/d%201/3/0/2")).status, 500);
});

test("Write: PUT replaces, POST updates; a bad node never leaves", async () => {
	device.answers.set("PUT /3/0/14", { code: "2.04" });
	device.answers.set("POST /1/0", { code: "2.04" });
	const node = { id: 14, kind: "singleResource", type: "STRING", value: "+02:00" };
	assert.equal((await call("PUT", "/clients/d%201/3/0/14", node)).json["status"], "CHANGED(204)");
	assert.equal(lastRequest().payload.toString(), "+02:00");
	await call("PUT", "/clients/d%201/3/0/14", "+03:00");
	assert.deepEqual([lastRequest().payload.toString(), lastRequest().format], ["+03:00", TEXT]);
	const instance = {
		id: 0,
		kind: "instance",
		resources: [{ id: 1, kind: "singleResource", type: "INTEGER", value: "300" }],
	};
	assert.equal((await call("PUT", "/clients/d%201/1/0?replace=false&format=TLV", instance)).json["success"], true);
	assert.deepEqual([lastRequest().method, lastRequest().payload.toString("hex")], ["POST", "c201012c"]);
	const before = device.requests.length;
	assert.equal((await call("PUT", "/clients/d%201/3/0/9", { id: 9, type: "INTEGER", value: "x" })).status, 400);
	assert.equal((await call("PUT", "/clients/d%201/3/0/9", "{")).status, 400);
	assert.equal(device.requests.length, before);
});

test("Execute, Create, Delete, Discover, Write-Attributes", async () => {
	device.answers.set("POST /3/0/4", { code: "2.04" });
	await call("POST", "/clients/d%201/3/0/4", "0='a',1");
	assert.deepEqual([lastRequest().payload.toString(), lastRequest().format], ["0='a',1", TEXT]);
	await call("POST", "/clients/d%201/3/0/4");
	assert.deepEqual([lastRequest().payload.length, lastRequest().format], [0, undefined]);
	device.answers.set("POST /3303", { code: "2.01", options: stringOptions(LOCATION_PATH, ["3303", "1"]) });
	const resources = [{ id: 5750, kind: "singleResource", type: "STRING", value: "x" }];
	const created = await call("POST", "/clients/d%201/3303?format=TLV", { kind: "instance", id: 1, resources });
	assert.deepEqual([created.json["status"], created.json["location"]], ["CREATED(201)", "3303/1"]);
	assert.equal(lastRequest().payload.toString("hex"), "0401e1167678");
	device.answers.set("DELETE /3303/1", { code: "2.02" });
	assert.equal((await call("DELETE", "/clients/d%201/3303/1")).json["status"], "DELETED(202)");
	device.answers.set("GET /3/0", typed(LINK, Buffer.from("</3/0>;pmin=10,</3/0/6>;dim=2,</3/0/9>")));
	const { json } = await call("GET", "/clients/d%201/3/0/discover");
	assert.deepEqual((json["objectLinks"] as unknown[])[1], { url: "/3/0/6", attributes: { dim: "2" } });
	device.answers.set("PUT /3/0/9", { code: "2.04" });
	await call("PUT", "/clients/d%201/3/0/9/attributes?pmin=1&gt=2.5&pmax&timeout=3");
	assert.deepEqual(lastRequest().query, ["pmin=1", "gt=2.5", "pmax"]);
});

test("composite: Read, Write, Observe and cancel", async () => {
	const pack = Buffer.from('[{"n":"/3/0/9","v":1},{"n":"/3/0/10","v":2}]');
	device.answers.set("FETCH /", typed(SENML_JSON, pack, observed(1)));
	const query = "?paths=/3/0/9,/1/0&pathformat=SENML_JSON&nodeformat=SENML_JSON";
	const read = await call("GET", `/clients/d%201/composite${query}`);
	assert.deepEqual(read.json["content"], {
		"/3/0/9": { kind: "singleResource", id: 9, type: "INTEGER", value: "1" },
		"/1/0": null,
	});
	assert.equal(lastRequest().payload.toString(), '[{"n":"/3/0/9"},{"n":"/1/0"}]');
	device.answers.set("iPATCH /", { code: "2.04" });
	const node = { id: 1, kind: "singleResource", type: "INTEGER", value: "60" };
	const written = await call("PUT", "/clients/d%201/composite?nodeformat=SENML_JSON", { "/1/0/1": node });
	assert.equal(written.json["status"], "CHANGED(204)");
	assert.equal(lastRequest().payload.toString(), '[{"n":"/1/0/1","v":60}]');
	assert.equal((await call("POST", `/clients/d%201/composite/observe${query}`)).json["success"], true);
	const registration = server.registrations.byEndpoint("d 1")!;
	assert.equal(server.observations.of(registration).length, 1);
	assert.equal((await call("DELETE", "/clients/d%201/composite/observe?paths=/1/0,/3/0/9&active")).status, 200);
	assert.equal(server.observations.of(registration).length, 0);
	assert.equal((await call("DELETE", "/clients/d%201/composite/observe?paths=/1/0&active")).status, 404);
	assert.equal((await call("GET", "/clients/d%201/composite")).status, 400);
});

test("the event stream: a notification arrives as SSE, for the asked endpoint only", async () => {
	device.answers.set("GET /3303/0/5700", typed(TEXT, Buffer.from("20"), observed(1)));
	const stop = new AbortController();
	const open = (ep: string) => fetch(`http://127.0.0.1:${server.httpPort}/api/event?ep=${ep}`, { signal: stop.signal });
	const [mine, other] = [await open("d%201"), await open("other")];
	const observe = await call("POST", "/clients/d%201/3303/0/5700/observe?format=TEXT");
	assert.equal(observe.json["status"], "CONTENT(205)");
	const { token } = server.observations.of(server.registrations.byEndpoint("d 1")!)[0]!;
	const arrived = server.events.waitFor("NOTIFICATION");
	device.raw(
		encodeMessage({
			type: "NON",
			code: "2.05",
			messageId: 9,
			token,
			options: [observed(2)],
			payload: Buffer.from("21.5"),
		}),
	);
	await arrived;
	assert.equal((await call("DELETE", "/clients/d%201/3303/0/5700/observe")).status, 200);
	assert.match(
		await readUntil(mine, "NOTIFICATION"),
		/event: NOTIFICATION\ndata: \{"ep":"d 1","kind":"single","res":"\/3303\/0\/5700","val":\{.*"value":"21.5"\}\}\n\n/,
	);
	const silent = await Promise.race([
		readUntil(other, "NOTIFICATION"),
		new Promise((resolve) => setTimeout(resolve, 100, "")),
	]);
	assert.equal(silent, "");
	stop.abort();
});

test("a raw request goes out as given", async () => {
	device.answers.set("GET /5/0/0", { code: "4.05" });
	const response = await server.request("d 1", { method: "GET", path: "/5/0/0", accept: "OPAQUE" });
	assert.equal(response.code, "4.05");
	assert.deepEqual([lastRequest().accept, lastRequest().payload], [42, bytes("")]);
	await assert.rejects(server.request("nobody", { method: "GET", path: "/3" }), RangeError);
});

async function readUntil(response: Response, word: string): Promise<string> {
	const reader = response.body!.getReader();
	let content = "";
	while (!content.includes(`event: ${word}`) || !content.endsWith("\n\n")) {
		const { value, done } = await reader.read().catch(() => ({ value: undefined, done: true }));
		if (done) break;
		content += Buffer.from(value ?? new Uint8Array()).toString("utf8");
	}
	return content;
}
