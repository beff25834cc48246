// The device on XS against the companion server: every operation, by the numbers of OMA's test specification.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { inspect } from "node:util";
import type { RawRequest } from "../server/raw-request.js";
import { type CompanionServer, createServer } from "../server/server.js";
import { DeviceProcess } from "../support/device-process.js";
import { requestsTo } from "../support/requests.js";

const EP = "operations";
let server: CompanionServer;
let device: DeviceProcess;

before(async () => {
	server = createServer();
	await server.start();
	device = new DeviceProcess("--endpoint", EP, "--server", `coap://127.0.0.1:${server.coapPort}`, "--shell", "off");
	await device.waitFor(/Registration Done/);
});
after(async () => {
	await device.stop();
	await server.stop();
});

const { ask, text } = requestsTo(EP, () => server);
const read = (path: string, accept?: string) => ask({ method: "GET", path, ...(accept ? { accept } : {}) });

test("LightweightM2M-1.1-int-201: Read in plain text", async () => {
	assert.equal(await text("/3/0/0"), "lwm2m-xs");
	assert.equal(await text("/3303/0/5700"), "21.5");
	assert.equal((await read("/3/0", "TEXT")).code, "4.06");
});

for (const [number, format] of [
	[203, "TLV"],
	[204, "JSON"],
	[231, "SENML_JSON"],
	[233, "SENML_CBOR"],
] as const)
	test(`LightweightM2M-1.1-int-${number}: Read of object, instance and resource in ${format}`, async () => {
		for (const path of [[3], [3, 0], [3, 0, 0], [3, 0, 6]]) {
			const answer = await server
				.device(EP)
				.read(path, { format: { TLV: 11542, JSON: 11543, SENML_JSON: 110, SENML_CBOR: 112 }[format] });
			assert.ok(answer.isSuccess);
			assert.ok(inspect(answer.content, { depth: 9 }).includes(path.length === 3 && path[2] === 6 ? "5n" : "lwm2m-xs"));
		}
	});

test("LightweightM2M-1.1-int-205: Write in plain text, restored", async () => {
	for (const [path, value] of [
		["/1/0/2", "101"],
		["/1/0/3", "1010"],
		["/1/0/5", "2000"],
	] as const) {
		assert.equal((await ask({ method: "PUT", path, payload: value, format: "TEXT" })).code, "2.04");
		assert.equal(await text(path), value);
	}
	assert.equal((await ask({ method: "PUT", path: "/1/0/2", payload: "often", format: "TEXT" })).code, "4.00");
	assert.equal(await text("/1/0/2"), "101");
});

test("LightweightM2M-1.1-int-211, 212: Read and Write CBOR", async () => {
	assert.equal((await read("/3303/0/5700", "CBOR")).payload.toString("hex"), "f94d60");
	assert.equal(
		(await ask({ method: "PUT", path: "/3/0/14", payload: Buffer.from("662b30323a3030", "hex"), format: "CBOR" })).code,
		"2.04",
	);
	assert.equal(await text("/3/0/14"), "+02:00");
	assert.equal(
		(await ask({ method: "PUT", path: "/3/0/14", payload: Buffer.from("6", "latin1"), format: "CBOR" })).code,
		"4.00",
	);
});

test("LightweightM2M-1.1-int-215, 226: a partial Write of an instance leaves what it does not name", async () => {
	const before = await text("/1/0/7");
	const answer = await server
		.device(EP)
		.write(
			[1, 0],
			{ kind: "instance", id: 0, resources: [{ kind: "singleResource", id: 2, type: "INTEGER", value: 7n }] } as never,
			false,
			{ format: 11542 },
		);
	assert.ok(answer.isSuccess, answer.code);
	assert.equal(await text("/1/0/2"), "7");
	assert.equal(await text("/1/0/7"), before);
});

test("LightweightM2M-1.1-int-221: any operation on the Security object is answered with 4.01", async () => {
	for (const request of [
		{ method: "GET", path: "/0/0/0" },
		{ method: "GET", path: "/0" },
		{ method: "GET", path: "/0/0", accept: "LINK" },
		{ method: "PUT", path: "/0/0/0", payload: "x", format: "TEXT" },
		{ method: "POST", path: "/0/0/1" },
		{ method: "DELETE", path: "/0/0" },
	] as RawRequest[])
		assert.equal((await ask(request)).code, "4.01", `${request.method} ${request.path}`);
});

test("LightweightM2M-1.1-int-222 to 225: Read of object, instance, resource and resource instance", async () => {
	for (const path of ["/3", "/3/0", "/3/0/6", "/3/0/6/1"])
		assert.equal((await read(path, "SENML_CBOR")).code, "2.05", path);
	assert.equal(await text("/3/0/6/1"), "5");
	for (const path of ["/33", "/3/1", "/3/0/99", "/3/0/6/9"])
		assert.equal((await read(path, "SENML_CBOR")).code, "4.04", path);
	assert.equal((await read("/3/0/4")).code, "4.05");
});

test("LightweightM2M-1.1-int-237: a Read without Accept is answered in a format that suits", async () => {
	const one = await read("/3/0/0");
	assert.deepEqual([one.code, one.format, one.payload.toString()], ["2.05", 0, "lwm2m-xs"]);
	const several = await read("/3/0");
	assert.equal(several.format, 11542);
	assert.ok(several.payload.length < (await read("/3/0", "SENML_CBOR")).payload.length);
});

test("LightweightM2M-1.1-int-256: a Write of a read-only resource is answered with 4.05", async () => {
	assert.equal((await ask({ method: "PUT", path: "/3/0/0", payload: "x", format: "TEXT" })).code, "4.05");
	assert.equal((await ask({ method: "PUT", path: "/3303/0/5605", payload: "x", format: "TEXT" })).code, "4.05");
	assert.equal((await ask({ method: "PUT", path: "/3/0/14", payload: "x", format: 9999 })).code, "4.15");
});

test("LightweightM2M-1.1-int-260: Discover shows versions, dimensions and attributes", async () => {
	const links = async (path: string) => (await ask({ method: "GET", path, accept: "LINK" })).payload.toString();
	assert.match(await links("/3"), /^<\/3>;ver=1\.1,<\/3\/0>,/);
	assert.match(await links("/3/0"), /^<\/3\/0>,.*<\/3\/0\/6>;dim=2/);
	assert.equal(
		(await ask({ method: "PUT", path: "/3303/0/5700", query: ["pmin=10", "pmax=60", "gt=30.5"] })).code,
		"2.04",
	);
	assert.equal(await links("/3303/0/5700"), "</3303/0/5700>;pmin=10;pmax=60;gt=30.5");
	assert.equal((await ask({ method: "PUT", path: "/3303/0/5700", query: ["pmin", "pmax", "gt"] })).code, "2.04");
	assert.equal(await links("/3303/0/5700"), "</3303/0/5700>");
	assert.equal((await ask({ method: "PUT", path: "/3303/0/5700", query: ["fast=1"] })).code, "4.00");
	assert.equal((await ask({ method: "GET", path: "/3/7", accept: "LINK" })).code, "4.04");
});

test("LightweightM2M-1.1-int-680, 685: Create and Delete of an instance", async () => {
	const created = await ask({ method: "POST", path: "/3303", format: "TLV", payload: Buffer.from("2802", "hex") });
	assert.equal(created.code, "4.00", "a malformed payload creates nothing");
	const answer = await server.device(EP).create([3303], {
		kind: "instance",
		id: 2,
		resources: [{ kind: "singleResource", id: 5750, type: "STRING", value: "roof" }],
	} as never);
	assert.ok(answer.isSuccess, answer.code);
	assert.equal(await text("/3303/2/5750"), "roof");
	await device.waitFor(/Registration update complete/);
	assert.ok((await server.device(EP).delete([3303, 2])).isSuccess);
	assert.equal((await read("/3303/2/5750")).code, "4.04");
	assert.equal((await ask({ method: "DELETE", path: "/3303/2" })).code, "4.04");
	assert.equal((await ask({ method: "DELETE", path: "/3/0" })).code, "4.05");
});

test("LightweightM2M-1.1-int-301, 303: Observe, a Notify on a change, cancel by Observe=1", async () => {
	assert.ok((await server.device(EP).observe([3, 0, 14])).isSuccess);
	const notified = server.events.waitFor("NOTIFICATION");
	await ask({ method: "PUT", path: "/3/0/14", payload: "+05:00", format: "TEXT" });
	assert.ok(JSON.stringify(await notified).includes("+05:00"));
	assert.ok((await server.device(EP).cancelActively("single", [[3, 0, 14]]))?.isSuccess);
});

test("LightweightM2M-1.1-int-302: an observation that the server has forgotten ends by RST", async () => {
	assert.ok((await server.device(EP).observe([3, 0, 15])).isSuccess);
	assert.equal(server.device(EP).cancelPassively("single", [[3, 0, 15]]), 1);
	await ask({ method: "PUT", path: "/3/0/15", payload: "Europe/Berlin", format: "TEXT" });
	await device.waitFor(/Observer removed for 3\/0\/15/);
});

test("LightweightM2M-1.1-int-651, 652, 701, 801: device, firmware version, connectivity and location are read", async () => {
	assert.match(await text("/3/0/3"), /^\d+\.\d+\.\d+$/);
	for (const path of ["/3", "/4", "/6"]) assert.equal((await read(path, "TLV")).code, "2.05");
	assert.equal(await text("/6/0/0"), "52.5");
});

test("LightweightM2M-1.1-int-241: Execute of Reboot: the device registers again", async () => {
	const again = server.events.waitFor("REGISTRATION");
	assert.equal((await ask({ method: "POST", path: "/3/0/4" })).code, "2.04");
	await again;
	await device.waitFor(/Registration Done/);
	assert.equal((await ask({ method: "POST", path: "/3/0/4", payload: "no list", format: "TEXT" })).code, "4.00");
});
