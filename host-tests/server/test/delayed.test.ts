// Requests over HTTP for a device that sleeps: now within the timeout, or later as an event.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import type { ServerEvent } from "../events.js";
import { type CompanionServer, createServer } from "../server.js";
import { FakeDevice, text } from "../simulation/fake-device.js";
import { ManualClock, SimulatedNetwork, settle } from "../simulation/network.js";

const clock = new ManualClock();
let server: CompanionServer;
let device: FakeDevice;
let arrivals = 0;

before(async () => {
	const network = new SimulatedNetwork();
	server = createServer({ transport: network.transport(1), clock, httpPort: 0, queueLimit: 1 });
	await server.start();
	device = new FakeDevice(network, clock, 2, 1);
	device.answers.set("GET /3/0/9", text("55"));
});

after(() => server.stop());

/** Asleep again, with nothing waiting. */
beforeEach(async () => {
	void device.register(["ep=d1", "lt=86400", "lwm2m=1.1", "Q"]);
	await clock.advance(93_000);
	assert.equal(server.registrations.byEndpoint("d1")!.isSleeping, true);
});

async function call(method: string, path: string, body?: string) {
	const response = await fetch(`http://127.0.0.1:${server.httpPort}/api${path}`, {
		method,
		...(body === undefined ? {} : { body }),
	});
	arrivals++;
	const content = await response.text();
	return { status: response.status, json: (content === "" ? {} : JSON.parse(content)) as Record<string, unknown> };
}

/** Lets the clock stand while real HTTP is under way, and moves it until the answer is here. */
async function answered<T>(pending: Promise<T>, stepMs = 0): Promise<T> {
	const before = arrivals;
	pending.catch(() => {});
	while (arrivals === before) await (stepMs > 0 ? clock.advance(stepMs) : clock.advance(0).then(settle));
	return pending;
}

async function wake(): Promise<void> {
	void device.send({ method: "POST", path: device.location });
	await clock.advance(0);
}

test("without a timeout the request is accepted at once; its response is an event", async () => {
	const { status, json } = await answered(call("GET", "/clients/d1/3/0/9?format=TEXT"));
	assert.equal(status, 200);
	const { requestId } = json;
	assert.deepEqual(json, { ep: "d1", path: "/3/0/9", requestId, delayed: true });
	assert.equal((await answered(call("GET", "/clients/d1"))).json["sleeping"], true);
	const arrived = server.events.waitFor("REQUEST_RESPONSE");
	await wake();
	const event = await arrived;
	assert.deepEqual(
		[event["ep"], event["path"], event["requestId"], event["delayed"]],
		["d1", "/3/0/9", requestId, true],
	);
	const response = event["response"] as { status: string; content: { value: string } };
	assert.deepEqual([response.status, response.content.value], ["CONTENT(205)", "55"]);
});

test("a delayed request that fails is an event with the reason", async () => {
	const { json } = await answered(call("GET", "/clients/d1/3/0/9"));
	const arrived = server.events.waitFor("REQUEST_RESPONSE");
	server.registrations.remove(server.registrations.byEndpoint("d1")!);
	await clock.advance(0);
	const event: ServerEvent["data"] = await arrived;
	assert.equal(event["requestId"], json["requestId"]);
	assert.match(String(event["errormessage"]), /ended/);
	assert.equal(event["response"], undefined);
});

test("with a timeout the answer waits: the response if the device wakes, else that it is delayed", async () => {
	const pending = call("GET", "/clients/d1/3/0/9?format=TEXT&timeout=30");
	while (server.queuedOperations("d1") === 0) await settle();
	await wake();
	assert.equal(((await pending).json["content"] as { value: string }).value, "55");
	await clock.advance(93_000);
	const started = clock.now();
	const late = await answered(call("GET", "/clients/d1/3/0/9?format=TEXT&timeout=30"), 1000);
	assert.equal(late.json["delayed"], true);
	assert.ok(clock.now() - started >= 30_000);
	await wake();
});

test("a composite is delayed too; one too many is 503, a bad request 400 at once", async () => {
	const composite = await answered(call("GET", "/clients/d1/composite?paths=/3/0"));
	assert.deepEqual([composite.json["delayed"], composite.json["path"]], [true, undefined]);
	assert.equal((await answered(call("GET", "/clients/d1/3/0/9"))).status, 503);
	assert.equal((await answered(call("PUT", "/clients/d1/3/0/14", "{"))).status, 400);
	assert.equal((await answered(call("GET", "/clients/other/3/0/9"))).status, 400);
	await wake();
});

test("while a device that woke is busy with what waited, a request has its turn and a plain answer", async () => {
	device.answers.set("GET /3/0/0", async () => {
		await new Promise<void>((resolve) => clock.schedule(resolve, 500));
		return text("slow");
	});
	assert.equal((await answered(call("GET", "/clients/d1/3/0/0"))).json["delayed"], true);
	await wake();
	const pending = call("GET", "/clients/d1/3/0/9?format=TEXT");
	while (server.queuedOperations("d1") === 0) await settle();
	await clock.advance(500);
	const { json } = await pending;
	assert.equal((json["content"] as { value: string }).value, "55");
});
