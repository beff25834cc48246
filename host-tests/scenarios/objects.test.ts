// Objects of OMA's registry beside the core's, on XS against the companion server.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type CompanionServer, createServer } from "../server/server.js";
import { EveryObjectDevice } from "../support/device-process.js";
import { requestsTo } from "../support/requests.js";
import { UdpProxy } from "../support/udp-proxy.js";

const EP = "objects";
let server: CompanionServer;
let proxy: UdpProxy;
let device: EveryObjectDevice | undefined;
const folder = mkdtempSync(join(tmpdir(), "lwm2m-xs-objects-"));

before(async () => {
	server = createServer();
	await server.start();
	proxy = new UdpProxy(server.coapPort);
	await proxy.open();
	device = await start();
});
after(async () => {
	await device?.stop();
	proxy.close();
	await server.stop();
	rmSync(folder, { recursive: true });
});

/** With a NAT in front, which keeps the device's address over a restart. */
async function start(): Promise<EveryObjectDevice> {
	const uri = `coap://127.0.0.1:${proxy.port}`;
	const options = ["--endpoint", EP, "--server", uri, "--shell", "off", "--time-scale", "30", "--storage", folder];
	const next = new EveryObjectDevice(...options);
	await next.waitFor(/Registration Done|Registration update complete/);
	return next;
}

const { ask, text, write, execute } = requestsTo(EP, () => server);
const notified = (part: string) =>
	server.events.waitFor("NOTIFICATION", (data) => JSON.stringify(data).includes(part), 20_000);

test("the objects are announced, with their instances", () => {
	const [registration] = [...server.registrations];
	const links = JSON.stringify(registration);
	for (const id of [7, 9, 3304, 3311, 3340, 3342]) assert.ok(links.includes(`/${id}/0`), `/${id}/0 in ${links}`);
	for (const id of [16, 19]) assert.ok(links.includes(`/${id}`), `/${id} in ${links}`);
});

test("3311: a light is read, written, refused and observed", async () => {
	assert.equal(await text("/3311/0/5850"), "0");
	assert.ok((await server.device(EP).observe([3311, 0, 5851])).isSuccess);
	const notification = notified('"80"');
	assert.equal(await write("/3311/0/5851", "80"), "2.04");
	assert.equal((await notification).ep, EP);
	assert.equal(await write("/3311/0/5851", "101"), "4.00");
	assert.equal(await text("/3311/0/5851"), "80");
	assert.equal(await write("/3311/0/5805", "1"), "4.05");
});

test("3340: a timer that is triggered switches the light, by the device's clock", async () => {
	assert.ok((await server.device(EP).observe([3311, 0, 5850])).isSuccess);
	const on = notified("5850");
	assert.equal(await execute("/3340/0/5523"), "2.04");
	await on;
	const left = Number(await text("/3340/0/5538"));
	assert.ok(left > 0 && left <= 30, `${left} s`);
	await device?.waitFor(/Timer 0 off/);
	assert.equal(await text("/3311/0/5850"), "0");
	assert.equal(await text("/3340/0/5534"), "1");
});

test("9: software is delivered, installed, activated and removed", async () => {
	const push = await ask({ method: "PUT", path: "/9/0/2", payload: Buffer.from("app 1.2"), format: "OPAQUE" });
	assert.equal(push.code, "2.04");
	assert.deepEqual([await text("/9/0/7"), await text("/9/0/9"), await text("/9/0/1")], ["3", "3", "1.2"]);
	assert.equal(await execute("/9/0/10"), "4.05");
	assert.equal(await execute("/9/0/4"), "2.04");
	assert.equal(await execute("/9/0/10"), "2.04");
	await device?.waitFor(/Software 0 active/);
	assert.deepEqual([await text("/9/0/7"), await text("/9/0/12")], ["4", "1"]);
	assert.equal(await execute("/9/0/6"), "2.04");
	assert.deepEqual([await text("/9/0/7"), await text("/9/0/12")], ["0", "0"]);
});

test("9: a package of 200 kB comes in blocks over a kill -9 of the device, and another one for another instance", async () => {
	const payload = Buffer.concat([Buffer.from("base 7.0\n"), Buffer.alloc(200_000, "0123456789")]);
	let onHalf = () => {};
	const half = new Promise<void>((resolve) => {
		onHalf = resolve;
	});
	const push = ask({
		method: "PUT",
		path: "/9/1/2",
		payload,
		format: "OPAQUE",
		timeoutMs: 15_000,
		onProgress: (count) => {
			if (count >= payload.length / 2) onHalf();
		},
	});
	push.catch(() => {});
	await half;
	await device?.kill();
	device = await start();
	assert.equal((await push).code, "2.04");
	assert.deepEqual(
		[await text("/9/1/7"), await text("/9/1/9"), await text("/9/1/0"), await text("/9/1/1")],
		["3", "3", "base", "7.0"],
	);
	const small = await ask({ method: "PUT", path: "/9/0/2", payload: Buffer.from("app 1.3"), format: "OPAQUE" });
	assert.deepEqual(
		[small.code, await text("/9/0/7"), await execute("/9/1/4"), await text("/9/1/7")],
		["2.04", "3", "2.04", "4"],
	);
	// what is installed, and what is not yet, is known after a restart
	await device.kill();
	device = await start();
	assert.deepEqual(
		[await text("/9/1/7"), await text("/9/1/1"), await text("/9/0/7"), await text("/9/0/1")],
		["4", "7.0", "3", "1.3"],
	);
	const long = await ask({ method: "PUT", path: "/9/0/2", payload: Buffer.alloc(400_000), format: "OPAQUE" });
	assert.deepEqual([long.code, await text("/9/0/7")], ["4.05", "3"]);
	assert.equal(await execute("/9/0/6"), "2.04");
	const other = await ask({ method: "PUT", path: "/9/0/2", payload: Buffer.alloc(400_000), format: "OPAQUE" });
	assert.deepEqual([other.code, await text("/9/0/7"), await text("/9/0/9")], ["4.13", "0", "50"]);
});

test("7: traffic is counted from Start on", async () => {
	assert.equal(await execute("/7/0/6"), "2.04");
	for (let i = 0; i < 30; i++) await text("/3304/0/5700");
	assert.ok(Number(await text("/7/0/2")) >= 1);
	assert.ok(Number(await text("/7/0/4")) > 28);
	assert.equal(await execute("/7/0/7"), "2.04");
});

test("19: a server's instance takes data of any bytes", async () => {
	const payload = Buffer.from('[{"bn":"/19/2/","n":"0/0","vd":"AAH_"},{"n":"3","vs":"three bytes"}]');
	assert.equal((await ask({ method: "POST", path: "/19", payload, format: "SENML_JSON" })).code, "2.01");
	assert.equal((await ask({ method: "GET", path: "/19/2/0/0", accept: "OPAQUE" })).payload.toString("hex"), "0001ff");
	assert.equal((await ask({ method: "DELETE", path: "/19/2" })).code, "2.02");
});
