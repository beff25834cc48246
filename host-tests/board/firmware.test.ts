// Firmware update of the emulated board: the whole firmware changes, by the boot loader's exchange, and comes back where it
// fails; the power is cut at any point of the exchange.
import assert from "node:assert/strict";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type CompanionServer, createServer } from "../server/server.js";
import { DeviceProcess, HOST } from "../support/device-process.js";
import { Images } from "../support/images.js";

const EXCHANGING = /Boot loader: exchanging the images\n/;
const REGISTERED = /Registration Done|Registration update complete/;
const CUTS = 10;
const folder = mkdtempSync(join(tmpdir(), "lwm2m-xs-board-"));
const images = new Images("--target", "qemu");
let server: CompanionServer;
let good: Buffer;

before(async () => {
	server = createServer();
	await server.start();
	good = images.changed("2.0.0", "simulated device", "updated device");
});
after(async () => {
	await server.stop();
	images.remove();
	rmSync(folder, { recursive: true });
});

function start(endpoint: string): DeviceProcess {
	const uri = `coap://127.0.0.1:${server.coapPort}`;
	const options = ["--endpoint", endpoint, "--server", uri, "--shell", "off", "--lifetime", "86400"];
	return new DeviceProcess(...options, "--storage", join(folder, endpoint));
}

const value = async (endpoint: string, ...path: [number, number, number]) =>
	String(((await server.device(endpoint).read(path)).content as { value: unknown }).value);

/** Version, device type, result. */
const what = async (endpoint: string) => [
	await value(endpoint, 3, 0, 3),
	await value(endpoint, 3, 0, 17),
	await value(endpoint, 5, 0, 5),
];

const OLD = ["0.1.0", "simulated device"];
const NEW = ["2.0.0", "updated device"];

async function push(endpoint: string, device: DeviceProcess, image: Buffer): Promise<void> {
	assert.equal((await server.pushFirmware(endpoint, server.offerFirmware(image))).code, "2.04");
	await device.waitFor(/downloading -> downloaded/);
}

async function pullByHttp(endpoint: string, device: DeviceProcess, image: Buffer): Promise<void> {
	const http = createHttpServer((_, response) => {
		response.end(image);
	});
	http.listen(0, "127.0.0.1");
	await once(http, "listening");
	const uri = `http://${HOST}:${(http.address() as AddressInfo).port}/image.fw`;
	const node = { kind: "singleResource", id: 1, type: "STRING", value: uri } as const;
	assert.equal((await server.device(endpoint).write([5, 0, 1], node, true)).code, "2.04");
	await device.waitFor(/downloading -> downloaded/);
	http.close();
}

const execute = async (endpoint: string) =>
	assert.equal((await server.device(endpoint).execute([5, 0, 2])).code, "2.04");

test("an image pulled over HTTP becomes the firmware, stays it, and the power cut at any point of the exchange changes nothing", async () => {
	const one = start("http");
	await one.waitFor(REGISTERED);
	assert.deepEqual(await what("http"), [...OLD, "0"]);
	await pullByHttp("http", one, good);
	await execute("http");
	await one.waitFor(EXCHANGING);
	await one.kill();
	const flash = join(folder, "http/flash.bin");
	const cut = join(folder, "cut.bin");
	copyFileSync(flash, cut);
	const begin = performance.now();
	const two = start("http");
	await two.waitFor(/Boot loader: going on with the exchange/);
	await two.waitFor(/Firmware: updating -> idle, result 1/);
	const takesMs = performance.now() - begin;
	assert.deepEqual(await what("http"), [...NEW, "1"]);
	await two.kill();
	for (let i = 0; i < CUTS; i++) {
		copyFileSync(cut, flash);
		const killed = start("http");
		await new Promise((resolve) => setTimeout(resolve, (takesMs * (i + Math.random())) / CUTS));
		await killed.kill();
		const next = start("http");
		try {
			await next.waitFor(REGISTERED);
			// a trial that is cut off begins again
			const [version] = await what("http");
			assert.equal(version, NEW[0], `${killed.log}\n${next.log}`);
		} finally {
			await next.kill();
		}
	}
});

for (const [name, body, line] of [
	["throws", 'throw new Error("broken");', /The firmware on trial has failed: restarting/],
	["hangs", "for (;;);", /Fault: watchdog .*: restarting/],
] as const)
	test(`an image that ${name} on trial is followed by the old one, with result 8`, async () => {
		const endpoint = name;
		const device = start(endpoint);
		try {
			await device.waitFor(REGISTERED);
			await push(endpoint, device, images.program("9.0.0", body));
			await execute(endpoint);
			await device.waitFor(/Boot loader: version 9\.0\.0, on trial/);
			await device.waitFor(line);
			await device.waitFor(/Boot loader: version 0\.1\.0, the one before came back/);
			await device.waitFor(/Firmware: updating -> idle, result 8/);
			await device.waitFor(REGISTERED);
			assert.deepEqual(await what(endpoint), [...OLD, "8"]);
		} finally {
			await device.kill();
		}
	});
