// Firmware over the HTTP API: upload, download with ranges, push, pull, progress events; real HTTP, a device of canned answers.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { PassThrough } from "node:stream";
import { after, before, beforeEach, test } from "node:test";
import { systemClock } from "../clock.js";
import { Console } from "../console.js";
import type { ServerEvent } from "../events.js";
import { Progress } from "../firmware/progress.js";
import { parseRange } from "../http/range.js";
import { type CompanionServer, createServer } from "../server.js";
import { FakeDevice } from "../simulation/fake-device.js";
import { SimulatedNetwork } from "../simulation/network.js";

const network = new SimulatedNetwork();
const image = Buffer.from(Array.from({ length: 5000 }, (_, i) => i % 251));
const sha256 = createHash("sha256").update(image).digest("hex");
const id = sha256.slice(0, 16);
let server: CompanionServer;
let device: FakeDevice;
let progress: ServerEvent["data"][] = [];

before(async () => {
	server = createServer({ transport: network.transport(1), httpPort: 0 });
	server.events.on("FIRMWARE", (data: ServerEvent["data"]) => progress.push(data));
	await server.start();
	device = new FakeDevice(network, systemClock, 2, 1);
	await device.register(["ep=d1", "lt=600", "lwm2m=1.1", "b=U"]);
});
beforeEach(() => {
	progress = [];
});
after(() => server.stop());

const url = (path: string): string => `http://127.0.0.1:${server.httpPort}${path}`;

async function call(
	method: string,
	path: string,
	body?: Buffer,
): Promise<[status: number, json: Record<string, never>]> {
	const response = await fetch(url(path), { method, ...(body ? { body: new Uint8Array(body) } : {}) });
	const text = await response.text();
	return [response.status, text === "" ? {} : JSON.parse(text)];
}

test("an upload gets a name from its digest, and the URIs to write to 5/0/1", async () => {
	const [status, json] = await call("PUT", "/api/firmware", image);
	assert.equal(status, 200);
	const coap = `coap://127.0.0.1:${server.coapPort}/fw/${id}`;
	assert.deepEqual(json, { id, size: 5000, sha256, uri: coap, uris: { coap, http: url(`/fw/${id}`) } });
	assert.deepEqual((await call("GET", "/api/firmware"))[1], [json]);
	const [, elsewhere] = await call("PUT", "/api/firmware?host=10.0.2.2", image);
	assert.equal(elsewhere["uri"], `coap://10.0.2.2:${server.coapPort}/fw/${id}`);
	const [refused, problem] = await call("PUT", "/api/firmware");
	assert.deepEqual([refused, problem], [400, { errormessage: "the image is empty" }]);
});

test("HTTP gives the image, a range of it, and nothing of one that has changed", async () => {
	const get = async (headers: Record<string, string>) => {
		const response = await fetch(url(`/fw/${id}`), { headers });
		return [response.status, Buffer.from(await response.arrayBuffer()), response.headers.get("content-range")];
	};
	assert.deepEqual(await get({}), [200, image, null]);
	assert.deepEqual(await get({ range: "bytes=4096-" }), [206, image.subarray(4096), "bytes 4096-4999/5000"]);
	assert.deepEqual(await get({ range: "bytes=0-1023" }), [206, image.subarray(0, 1024), "bytes 0-1023/5000"]);
	const same = { range: "bytes=10-19", "if-range": `"${sha256}"` };
	assert.deepEqual(await get(same), [206, image.subarray(10, 20), "bytes 10-19/5000"]);
	assert.deepEqual(await get({ ...same, "if-range": '"another"' }), [200, image, null]);
	assert.deepEqual(await get({ range: "bytes=5000-" }), [416, Buffer.alloc(0), "bytes */5000"]);
	assert.equal((await fetch(url("/fw/none"))).status, 404);
});

test("ranges as the RFC has them", () => {
	assert.deepEqual(parseRange("bytes=-5", 10), { start: 5, end: 10 });
	assert.deepEqual(parseRange("bytes=-50", 10), { start: 0, end: 10 });
	assert.deepEqual(parseRange("bytes=2-99", 10), { start: 2, end: 10 });
	assert.equal(parseRange("bytes=-0", 10), null);
	for (const ignored of ["bytes=5-2", "bytes=0-1,3-4", "lines=1-2", "bytes=-", "bytes=a-"])
		assert.equal(parseRange(ignored, 10), undefined, ignored);
});

test("a push goes to 5/0/0 in blocks of the size that was asked for, and tells how far it is", async () => {
	device.answers.set("PUT /5/0/0", { code: "2.04" });
	const [status, json] = await call("POST", `/api/firmware/${id}/push/d1?block=256`);
	assert.deepEqual([status, json["status"]], [200, "CHANGED(204)"]);
	assert.deepEqual(device.requests[device.requests.length - 1]!.payload, image);
	assert.equal(progress.length, 20);
	assert.deepEqual(progress[0], { ep: "d1", method: "push", id, bytes: 256, size: 5000 });
	assert.deepEqual(progress[19], { ep: "d1", method: "push", id, bytes: 5000, size: 5000 });
	device.answers.set("PUT /5/0/0", { code: "4.05" });
	const [, refused] = await call("POST", `/api/firmware/${id}/push/d1`);
	assert.equal(refused["status"], "METHOD_NOT_ALLOWED(405)");
});

test("a pull begins with a Write of 5/0/1; each block that the device takes counts", async () => {
	device.answers.set("PUT /5/0/1", { code: "2.04" });
	const [status, json] = await call("POST", `/api/firmware/${id}/pull/d1`);
	assert.deepEqual([status, json["status"]], [200, "CHANGED(204)"]);
	const uri = device.requests[device.requests.length - 1]!.payload.toString();
	assert.equal(uri, `coap://127.0.0.1:${server.coapPort}/fw/${id}`);
	const response = await device.send({ method: "GET", path: ["fw", id] });
	assert.deepEqual(response.payload, image);
	assert.equal(progress.length, 5);
	assert.deepEqual(progress[4], { ep: "d1", method: "pull", id, bytes: 5000, size: 5000 });
	await call("POST", `/api/firmware/${id}/pull/d1?scheme=http&host=10.0.2.2`);
	const http = device.requests[device.requests.length - 1]!.payload.toString();
	assert.equal(http, `http://10.0.2.2:${server.httpPort}/fw/${id}`);
});

test("what cannot be is told: image, device, block size, scheme", async () => {
	for (const [path, status, message] of [
		[`/api/firmware/none/push/d1`, 404, "no firmware image none"],
		[`/api/firmware/${id}/push/other`, 400, "no registered client with id 'other'"],
		[`/api/firmware/${id}/push/d1?block=100`, 400, "block=100 is none of 16, 32, 64, 128, 256, 512, 1024"],
		[`/api/firmware/${id}/pull/d1?scheme=coaps`, 400, "scheme=coaps is none of coap, http here"],
	] as const)
		assert.deepEqual(await call("POST", path), [status, { errormessage: message }]);
});

test("an image that is deleted is gone over HTTP and over CoAP", async () => {
	assert.equal((await call("DELETE", `/api/firmware/${id}`))[0], 200);
	assert.equal((await call("DELETE", `/api/firmware/${id}`))[0], 404);
	assert.equal((await fetch(url(`/fw/${id}`))).status, 404);
	assert.equal((await device.send({ method: "GET", path: ["fw", id] })).code, "4.04");
	for (let i = 0; i < 32; i++) server.offerFirmware(Buffer.from([i]));
	assert.throws(() => server.offerFirmware(image), /there are 32 images: delete one/);
});

test("progress is told a step at a time, of each transfer for itself", () => {
	const told: string[] = [];
	const meter = new Progress((key, bytes, size) => told.push(`${key} ${bytes}/${size}`));
	for (const bytes of [1, 2, 49, 50, 51, 999, 1000]) meter.at("a", bytes, 1000);
	meter.at("b", 1, 1000);
	assert.deepEqual(told, ["a 1/1000", "a 50/1000", "a 999/1000", "a 1000/1000", "b 1/1000"]);
});

test("the console pushes and pulls files by name", async () => {
	const file = join(mkdtempSync(join(tmpdir(), "console-")), "an image.fw");
	writeFileSync(file, image);
	const input = new PassThrough();
	const output = new PassThrough();
	const lines = new Console(server, input, output, () => {});
	for (const { id: old } of [...server.firmware]) server.withdrawFirmware(server.firmware.get(old)!);
	device.answers.set("PUT /5/0/0", { code: "2.04" });
	await lines.run(`push d1 ${file}`);
	assert.deepEqual(device.requests.at(-1)!.payload, image);
	await lines.run(`pull d1 ${file}`);
	assert.equal(device.requests.at(-1)!.payload.toString(), `coap://127.0.0.1:${server.coapPort}/fw/${id}`);
	await lines.run("push d1 /nowhere/at-all");
	lines.close();
	assert.match(String(output.read()), /CHANGED\(204\)[\s\S]*error: ENOENT/);
	rmSync(dirname(file), { recursive: true });
});
