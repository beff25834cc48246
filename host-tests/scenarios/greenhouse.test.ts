// The device of examples/greenhouse.ts, on XS against the companion server: an object of one's own.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type CompanionServer, createServer } from "../server/server.js";
import { GreenhouseDevice } from "../support/device-process.js";
import { requestsTo } from "../support/requests.js";

const EP = "greenhouse";
let server: CompanionServer;
let device: GreenhouseDevice | undefined;

before(async () => {
	server = createServer();
	await server.start();
	const uri = `coap://127.0.0.1:${server.coapPort}`;
	device = new GreenhouseDevice("--endpoint", EP, "--server", uri, "--shell", "off", "--time-scale", "20");
	await device.waitFor(/Registration Done/);
});
after(async () => {
	await device?.stop();
	await server.stop();
});

const { execute, text, write } = requestsTo(EP, () => server);

test("its objects are announced, with a version of its own and an instance a bed", async () => {
	const links = JSON.stringify([...server.registrations]);
	for (const path of ["/26241/0", "/26241/1", "/3304/0", "/3304/1"])
		assert.ok(links.includes(`"${path}"`), `${path} in ${links}`);
	assert.equal(await text("/26241/1/2/0"), "tomatoes");
	assert.equal(await text("/26241/1/4/0"), "3304:1");
});

test("what is written reaches the application, which may refuse it", async () => {
	assert.equal(await write("/26241/1/1", "1"), "2.04");
	await device?.waitFor(/Valve 1 open/);
	assert.ok(Number(await text("/26241/1/3")) > 0);
	assert.equal(await write("/26241/0/5", Buffer.from([1, 2, 3]), "OPAQUE"), "4.00");
	assert.equal(await write("/26241/0/5", Buffer.from([1, 2, 3, 5]), "OPAQUE"), "2.04");
	assert.equal(await write("/26241/0/0", "1"), "4.05");
	assert.equal(await write("/26241/0/2/0", ""), "4.00");
});

test("a command that takes its time is answered when it is done", async () => {
	assert.equal(await execute("/26241/0/6"), "2.04");
	assert.match(device?.log ?? "", /Bed 0 calibrated/);
});

test("sensors are notified as they change, with their series", async () => {
	const observed = await server.device(EP).observe([26241, 0, 0]);
	assert.ok(observed.isSuccess);
	const notification = await server.events.waitFor("NOTIFICATION", (data) =>
		JSON.stringify(data).includes("/26241/0/0"),
	);
	assert.equal(notification.ep, EP);
});

test("too warm a bed is told without being asked for", async () => {
	const sent = server.events.waitFor("SEND", (data) => JSON.stringify(data).includes("/26241/"), 20_000);
	await device?.waitFor(/Alarm of bed \d told: 0/);
	assert.equal((await sent).ep, EP);
});
