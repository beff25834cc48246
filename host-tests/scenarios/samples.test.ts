// A time series of the device on XS: an hour without a network, and what the companion server has of it afterwards; the
// same where the device is killed meanwhile.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type CompanionServer, createServer } from "../server/server.js";
import { DeviceProcess } from "../support/device-process.js";
import { UdpProxy } from "../support/udp-proxy.js";

const EP = "samples";
/** How fast the device's clock runs: an hour is 18 s. */
const TIME_SCALE = 200;
const MINUTES = 60;
const SENML_CBOR = 112;
/** The largest payload of one datagram, and of one record: two labels, a time of 4 bytes with its head, a value of 2 with its own. */
const DATAGRAM_BYTES = 1024;
const RECORD_BYTES = 11;

interface Sample {
	timestamp?: number;
	value?: string;
}

const folder = mkdtempSync(join(tmpdir(), "samples-"));
let server: CompanionServer;
let proxy: UdpProxy;
let device: DeviceProcess;

function start(): DeviceProcess {
	return new DeviceProcess(
		...["--endpoint", EP, "--server", `coap://127.0.0.1:${proxy.port}`, "--lifetime", "1000000"],
		...["--time-scale", `${TIME_SCALE}`, "--storage", folder],
	);
}

before(async () => {
	server = createServer();
	await server.start();
	proxy = new UdpProxy(server.coapPort);
	await proxy.open();
	device = start();
	await device.waitFor(/Registration Done/);
});
after(async () => {
	await device.kill();
	proxy.close();
	await server.stop();
	rmSync(folder, { recursive: true });
});

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** One value a minute of the device's time. @returns when each was set, in ms of it, from some moment on */
async function measureForAnHour(first: number): Promise<number[]> {
	const times: number[] = [];
	const begin = performance.now();
	for (let minute = 0; minute < MINUTES; minute++) {
		await pause(begin + (minute * 60_000) / TIME_SCALE - performance.now());
		times.push(performance.now() * TIME_SCALE);
		device.type(`lwm2m write 3303/0/5700 -f ${first + minute / 4}\n`);
	}
	// what is in RAM only is copied a minute later
	await pause((70 * 1000) / TIME_SCALE);
	return times;
}

/** The samples of all notifications that come while `run` runs, and until there are enough of them. */
async function collect(run: () => void): Promise<{ samples: Sample[]; payloads: number[] }> {
	const samples: Sample[] = [];
	const payloads: number[] = [];
	const from = proxy.fromDevice.length;
	const enough = server.events.waitFor(
		"NOTIFICATION",
		(data) => {
			samples.push(...((data.samples ?? []) as Sample[]));
			return samples.length >= MINUTES;
		},
		60_000,
	);
	run();
	await enough;
	const seen = new Set<string>();
	for (const datagram of proxy.fromDevice.slice(from)) {
		// a 2.05 with a token: a notification, counted once however often it was sent
		if (datagram[1] !== 0x45 || seen.has(datagram.toString("hex"))) continue;
		seen.add(datagram.toString("hex"));
		payloads.push(datagram.length - datagram.indexOf(0xff) - 1);
	}
	return { samples, payloads };
}

function check(samples: Sample[], first: number, times: number[]): void {
	assert.deepEqual(
		samples.map(({ value }) => Number(value)),
		times.map((_, minute) => first + minute / 4),
	);
	const at = samples.map(({ timestamp }) => timestamp ?? 0);
	for (let i = 1; i < at.length; i++) {
		assert.ok(at[i]! > at[i - 1]!);
		// by the device's clock, as far as the shell took a line at once
		const error = at[i]! - at[0]! - (times[i]! - times[0]!);
		assert.ok(Math.abs(error) < 40_000, `sample ${i} is ${error} ms off`);
	}
}

/** Which is the fewest that so many samples fit into, and whether each is full. */
function checkCount(payloads: number[]): void {
	const bytes = payloads.reduce((sum, one) => sum + one, 0);
	assert.equal(payloads.length, Math.ceil(bytes / DATAGRAM_BYTES), `${payloads}`);
	for (const payload of payloads.slice(0, -1)) assert.ok(payload > DATAGRAM_BYTES - RECORD_BYTES, `${payloads}`);
}

test("60 samples of an hour without a network arrive with their times, in the fewest datagrams", async () => {
	assert.ok((await server.device(EP).observe([3303, 0, 5700], { format: SENML_CBOR })).isSuccess);
	device.type("lwm2m cache 3303/0/5700 60\n");
	await pause(100);
	proxy.isCut = true;
	const times = await measureForAnHour(10);
	const { samples, payloads } = await collect(() => {
		proxy.isCut = false;
		device.type("lwm2m update\n");
	});
	check(samples, 10, times);
	checkCount(payloads);
});

test("the same after the device was killed", async () => {
	proxy.isCut = true;
	const times = await measureForAnHour(40);
	await device.kill();
	const { samples, payloads } = await collect(() => {
		proxy.isCut = false;
		device = start();
	});
	check(samples, 40, times);
	checkCount(payloads);
});
