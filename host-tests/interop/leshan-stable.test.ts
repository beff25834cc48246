// The device on XS at a server of Eclipse Leshan 1, which many platforms build upon. It has the objects of LwM2M 1.0 only.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { DeviceProcess } from "../support/device-process.js";
import { Leshan, type Operator } from "../support/leshan.js";

const EP = "stable";
const KEY = "000102030405060708090a0b0c0d0e0f";
let leshan: Leshan;
let device: DeviceProcess;
let server: Operator;

before(async () => {
	leshan = await Leshan.stable();
	server = leshan.operator(EP);
	await leshan.peer.ask("psk", EP, "identity", KEY);
	const registered = leshan.peer.next("registered");
	const security = ["--psk-identity", "identity", "--psk-key", KEY];
	device = new DeviceProcess(
		"--endpoint",
		EP,
		"--server",
		leshan.coaps,
		...security,
		"--lwm2m",
		"1.0",
		"--time-scale",
		"10",
	);
	await registered;
});
after(async () => {
	await device?.kill();
	await leshan?.stop();
});

test("a device that speaks 1.0 is registered", async () => {
	await device.waitFor(/Registration Done/);
	const { version, identity } = await server.registration();
	assert.equal(version, "1.0");
	assert.match(identity, /identity/);
});

for (const format of ["", "TLV", "JSON"])
	test(`${format || "Leshan's default"}: Read, Write, Create, Delete`, async () => {
		const device3 = await server.read("/3/0", format);
		assert.equal(device3?.["/3/0/0"], "lwm2m-xs");
		assert.equal(device3?.["/3/0/7/1"], 5000);
		assert.equal((await server.read("/3303/0/5700", format))?.["/3303/0/5700"], 21.5);
		for (const zone of ["Europe/Paris", "Etc/UTC"]) {
			await server.write("/3/0/15", format, "REPLACE", { "/3/0/15": `STRING=${zone}` });
			assert.equal((await server.read("/3/0/15", format))?.["/3/0/15"], zone);
		}
		await server.done("CHANGED", "writeInstance", "/1/0", format, { "/1/0/1": "INTEGER=600" });
		assert.equal((await server.read("/1/0/1", format))?.["/1/0/1"], 600);
		await server.done("CREATED", "create", "/3303", format, { "/3303/2/5750": "STRING=inside" });
		assert.equal((await server.read("/3303/2/5750", format))?.["/3303/2/5750"], "inside");
		await server.done("DELETED", "delete", "/3303/2");
	});

test("Execute, Discover, Write-Attributes", async () => {
	await server.done("CHANGED", "execute", "/3/0/12");
	await server.done("METHOD_NOT_ALLOWED", "execute", "/3/0/1");
	await server.done("CHANGED", "writeAttributes", "/3303/0/5700", "gt=30&lt=10");
	const { links } = await server.done("CONTENT", "discover", "/3303/0/5700");
	assert.match(String(links), /<\/3303\/0\/5700>;(lt=10;gt=30|gt=30;lt=10)/);
});

test("Observe, a notification over the threshold, cancel", async () => {
	await server.values("observe", "/3303/0/5700", "TLV");
	const notified = server.notified("/3303/0/5700");
	for (const value of [25, 30.5]) device.type(`lwm2m write 3303/0/5700 -f ${value}\n`);
	assert.deepEqual((await notified).values, { "/3303/0/5700": 30.5 });
	assert.equal(await leshan.peer.ask<number>("cancelPassively", EP, "/3303/0/5700"), 1);
	const removed = device.waitFor(/Observer removed for 3303\/0\/5700/);
	device.type("lwm2m write 3303/0/5700 -f 5\n");
	await removed;
});

test("the server is told when the device stops", async () => {
	const gone = leshan.peer.next("unregistered", ({ expired }) => expired === false);
	assert.equal(await device.stop(), 0);
	await gone;
});
