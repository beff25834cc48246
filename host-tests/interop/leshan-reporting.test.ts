// The device on XS at a server of Eclipse Leshan 2: attributes, Send, time series, queue mode.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { DeviceProcess } from "../support/device-process.js";
import type { PeerEvent } from "../support/java-peer.js";
import { Leshan } from "../support/leshan.js";

const AWAKE_MS = 2000;
let leshan: Leshan;

before(async () => {
	leshan = await Leshan.server(AWAKE_MS);
});
after(() => leshan?.stop());

/** A registered device. */
async function start(endpoint: string, ...options: string[]): Promise<DeviceProcess> {
	const registered = leshan.peer.next("registered", ({ ep }) => ep === endpoint);
	const device = new DeviceProcess("--endpoint", endpoint, "--server", leshan.coap, ...options);
	await registered;
	await device.waitFor(/Registration Done/);
	return device;
}

const set = (device: DeviceProcess, value: number) => device.type(`lwm2m write 3303/0/5700 -f ${value}\n`);

test("a threshold that Leshan sets decides what it is told", async () => {
	const device = await start("attributes");
	try {
		const server = leshan.operator("attributes");
		await server.done("CHANGED", "writeAttributes", "/3303/0/5700", "gt=30&lt=10");
		await server.values("observe", "/3303/0/5700", "SENML_CBOR");
		const next = server.notified("/3303/0/5700");
		for (const value of [22, 25, 30.5]) set(device, value);
		assert.deepEqual((await next).values, { "/3303/0/5700": 30.5 });
	} finally {
		await device.stop();
	}
});

type Sample = { ms: number | null; values: Record<string, unknown> };
const samplesOf = (event: PeerEvent) => event["samples"] as Sample[];
/** The values of a series in the order of their times, each of which has to be another one. */
function series(event: PeerEvent): unknown[] {
	const samples = samplesOf(event).sort((a, b) => Number(a.ms) - Number(b.ms));
	assert.equal(new Set(samples.map(({ ms }) => ms)).size, samples.length);
	for (const { ms } of samples) assert.ok(Math.abs(Number(ms) - Date.now()) < 60_000, String(ms));
	return samples.map(({ values }) => values["/3303/0/5700"]);
}

test("Send: of a resource, of instances, of a time series with its times", async () => {
	const device = await start("send");
	const sent = () => leshan.peer.next("send", ({ ep }) => ep === "send");
	try {
		let next = sent();
		device.type("lwm2m send /3303/0/5700\n");
		const first = await next;
		assert.equal(first["format"], "SENML_CBOR");
		assert.deepEqual(samplesOf(first), [{ ms: null, values: { "/3303/0/5700": 21.5 } }]);
		await device.waitFor(/SEND status: 0/);
		next = sent();
		device.type("lwm2m send /3/0/7 /6/0 /3303/0/5701\n");
		const { values } = samplesOf(await next)[0]!;
		assert.equal(values["/3/0/7/1"], 5000);
		assert.deepEqual(values["/6/0/5"], { time: 1367491215 });
		assert.equal(values["/3303/0/5701"], "Cel");
		device.type("lwm2m cache 3303/0/5700 40\n");
		const all = Array.from({ length: 20 }, (_, index) => index);
		for (const value of all) set(device, value);
		next = sent();
		device.type("lwm2m send /3303/0/5700\n");
		assert.deepEqual(series(await next), all);
		assert.deepEqual(
			leshan.peer.events.filter(({ event }) => event === "fault"),
			[],
		);
	} finally {
		await device.stop();
	}
});

test("a notification of a time series has all of its samples", async () => {
	const device = await start("series");
	try {
		const server = leshan.operator("series");
		await server.done("CHANGED", "writeAttributes", "/3303/0/5700", "pmin=2");
		await server.values("observe", "/3303/0/5700", "SENML_CBOR");
		device.type("lwm2m cache 3303/0/5700 10\n");
		const next = server.notified("/3303/0/5700");
		for (const value of [1, 2, 3]) set(device, value);
		assert.deepEqual(series(await next), [1, 2, 3]);
	} finally {
		await device.stop();
	}
});

for (const version of ["1.1", "1.0"])
	test(`queue mode, LwM2M ${version}: awake, asleep, and awake again by what the device has to tell`, async () => {
		const endpoint = `queue-${version}`;
		const about = (event: { ep?: string }) => event.ep === endpoint;
		const asleep = leshan.peer.next("sleeping", about);
		// awake for 93 s of its own clock
		const device = await start(endpoint, "--binding", "UQ", "--lwm2m", version, "--time-scale", "100");
		try {
			const server = leshan.operator(endpoint);
			const registration = await server.registration();
			assert.equal(registration.queue, true);
			assert.equal(registration.version, version);
			await server.values("observe", "/3303/0/5700", "TLV");
			await asleep;
			await device.waitFor(/Queue mode RX window closed/);
			await assert.rejects(server.read("/3/0/0"), /sleep/i);
			const awake = leshan.peer.next("awake", about);
			const notified = server.notified("/3303/0/5700");
			set(device, 40.5);
			await awake;
			assert.deepEqual(await server.read("/3/0/0"), { "/3/0/0": "lwm2m-xs" });
			assert.deepEqual((await notified).values, { "/3303/0/5700": 40.5 });
		} finally {
			await device.stop();
		}
	});
