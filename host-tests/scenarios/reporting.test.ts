// The device on XS against the companion server: what it reports, by the numbers of OMA's test specification.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type CompanionServer, createServer } from "../server/server.js";
import { DeviceProcess } from "../support/device-process.js";

const EP = "reporting";
/** How fast the device's clock runs. */
const TIME_SCALE = 60;
let server: CompanionServer;
let device: DeviceProcess;

before(async () => {
	server = createServer();
	await server.start();
	device = new DeviceProcess(
		"--endpoint",
		EP,
		"--server",
		`coap://127.0.0.1:${server.coapPort}`,
		"--lifetime",
		"86400",
		"--time-scale",
		String(TIME_SCALE),
	);
	await device.waitFor(/Registration Done/);
});
after(async () => {
	await device.stop();
	await server.stop();
});

const shell = (line: string) => device.type(`${line}\n`);
const set = (value: number) => shell(`lwm2m write 3303/0/5700 -f ${value}`);
/** The next notification whose data, as text, holds the part. */
const notified = (part: string) =>
	server.events.waitFor("NOTIFICATION", (data) => JSON.stringify(data).includes(part), 20_000);

test("LightweightM2M-1.1-int-301: a value that crosses a threshold is notified, one that does not is not", async () => {
	const operations = server.device(EP);
	assert.ok((await operations.writeAttributes([3303, 0, 5700], ["gt=30", "lt=10"])).isSuccess);
	assert.ok((await operations.observe([3303, 0, 5700])).isSuccess);
	const seen: string[] = [];
	const listen = (data: object) => seen.push(JSON.stringify(data));
	server.events.on("NOTIFICATION", listen);
	const last = notified('"9.5"');
	for (const value of [22, 30.5, 31, 25, 9.5]) {
		set(value);
		await new Promise((resolve) => setTimeout(resolve, 100));
	}
	await last;
	server.events.off("NOTIFICATION", listen);
	const values = seen.map((text) => /"value":"([^"]*)"/.exec(text)?.[1]);
	assert.deepEqual(values, ["30.5", "25", "9.5"]);
	await operations.cancelActively("single", [[3303, 0, 5700]]);
	assert.ok((await operations.writeAttributes([3303, 0, 5700], ["gt", "lt"])).isSuccess);
});

test("LightweightM2M-1.1-int-304: a composite observation is notified as one", async () => {
	const operations = server.device(EP);
	const paths = [
		[3303, 0, 5700],
		[3, 0, 16],
	];
	assert.ok((await operations.observeComposite(paths)).isSuccess);
	const notification = notified('"44.25"');
	set(44.25);
	const data = await notification;
	assert.equal(data.kind, "composite");
	assert.match(JSON.stringify(data), /"U"/);
	assert.ok((await operations.cancelActively("composite", paths))?.isSuccess);
});

test("LightweightM2M-1.1-int-281: a composite Read leaves out what is missing", async () => {
	const answer = await server.device(EP).readComposite([
		[3, 0, 16],
		[3, 0, 999],
		[9, 0],
	]);
	assert.ok(answer.isSuccess);
	assert.match(
		JSON.stringify(answer, (_, value) => (value instanceof Map ? [...value] : value)),
		/"U"/,
	);
});

test("LightweightM2M-1.1-int-311: lwm2m send sends, and says how it ended", async () => {
	const received = server.events.waitFor("SEND");
	const done = device.waitFor(/SEND status: 0/);
	shell("lwm2m send 3303/0/5700 3/0/16");
	const text = JSON.stringify(await received);
	assert.match(text, /44\.25/);
	await done;
});

test("samples of a minute without a server arrive with their times, in one message", async () => {
	shell("lwm2m cache 3303/0/5700 60");
	shell("lwm2m pause");
	for (let index = 0; index < 60; index++) {
		set(index + 0.5);
		await new Promise((resolve) => setTimeout(resolve, 1000 / TIME_SCALE));
	}
	const received = server.events.waitFor("SEND", () => true, 20_000);
	shell("lwm2m send 3303/0/5700");
	shell("lwm2m resume");
	const data = await received;
	const samples = data.samples as { timestamp?: number; value?: string }[];
	assert.deepEqual(
		samples.map(({ value }) => Number(value)),
		Array.from({ length: 60 }, (_, index) => index + 0.5),
	);
	const times = samples.map(({ timestamp }) => timestamp ?? 0);
	assert.ok(times.every((time, index) => index === 0 || time > times[index - 1]!));
	// milliseconds of the device's clock: a minute and what the shell took
	const span = times[59]! - times[0]!;
	assert.ok(span > 55_000 && span < 600_000, `${span}`);
});
