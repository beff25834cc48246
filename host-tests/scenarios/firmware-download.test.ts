// Downloads of the device on XS that do not go well: a server that vanishes at half of it, kill -9, a slot that is too
// small; and other requests meanwhile.
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type CompanionServer, createServer } from "../server/server.js";
import { DeviceProcess, HOST } from "../support/device-process.js";
import { FileServer } from "../support/file-server.js";
import { Images } from "../support/images.js";

const folder = mkdtempSync(join(tmpdir(), "lwm2m-xs-download-"));
const images = new Images();
let server: CompanionServer;
let image: Buffer;

before(async () => {
	server = createServer();
	await server.start();
	image = images.make("2.0.0");
});
after(async () => {
	await server.stop();
	images.remove();
	rmSync(folder, { recursive: true });
});

async function start(endpoint: string, ...options: string[]): Promise<DeviceProcess> {
	const uri = `coap://${HOST}:${server.coapPort}`;
	const device = new DeviceProcess(
		"--endpoint",
		endpoint,
		"--server",
		uri,
		"--lifetime",
		"86400",
		"--shell",
		"off",
		...options,
	);
	await device.waitFor(/Registration Done|Registration update complete/);
	return device;
}

const text = async (endpoint: string, path: string) =>
	(await server.request(endpoint, { method: "GET", path, accept: "TEXT" })).payload.toString();

async function pull(endpoint: string, uri: string): Promise<void> {
	const answer = await server.request(endpoint, { method: "PUT", path: "/5/0/1", format: "TEXT", payload: uri });
	assert.equal(answer.code, "2.04");
}

/** Waits until it is so. */
async function until(isSo: () => boolean): Promise<void> {
	for (let i = 0; i < 2000 && !isSo(); i++) await new Promise((resolve) => setTimeout(resolve, 5));
	assert.ok(isSo());
}

test("LightweightM2M-1.1-int-775: a server that vanishes at half of it: result 4, and the same URI goes on from there", async () => {
	const device = await start("vanish", "--time-scale", "200");
	const files = new FileServer(image, 5);
	await files.open();
	try {
		files.delayMs = 2;
		await pull("vanish", `coap://${HOST}:${files.port}/fw`);
		await until(() => files.asked.length > image.length / 2048);
		// other requests are answered while blocks come
		assert.deepEqual([await text("vanish", "/5/0/3"), await text("vanish", "/3/0/3")], ["1", "0.1.0"]);
		files.isSilent = true;
		await device.waitFor(/attempt 5 of 5 from byte \d+/);
		await device.waitFor(/downloading -> idle, result 4: .*the server does not answer/);
		assert.deepEqual([await text("vanish", "/5/0/3"), await text("vanish", "/5/0/5")], ["0", "4"]);
		assert.equal(await text("vanish", "/3/0/3"), "0.1.0");
		files.isSilent = false;
		files.asked.length = 0;
		await pull("vanish", `coap://${HOST}:${files.port}/fw`);
		await device.waitFor(/downloading -> downloaded: version 2\.0\.0/);
		assert.ok(files.asked[0]! > image.length / 4, `from ${files.asked[0]} on`);
	} finally {
		await device.kill();
		files.close();
	}
});

test("a download by HTTP that breaks off, and kill -9 at half of it: the rest is asked for by Range", async () => {
	const ranges: (string | undefined)[] = [];
	let mayFinish = false;
	const web = createHttpServer((request, response) => {
		const { range } = request.headers;
		ranges.push(range);
		const from = Number(/bytes=(\d+)-/.exec(range ?? "")?.[1] ?? 0);
		const rest = image.subarray(from);
		response.setHeader("ETag", '"v2"');
		response.setHeader("Content-Length", rest.length);
		if (range) response.setHeader("Content-Range", `bytes ${from}-${image.length - 1}/${image.length}`);
		response.writeHead(range ? 206 : 200);
		if (mayFinish) response.end(rest);
		// a third of it, then the connection breaks
		else response.write(rest.subarray(0, image.length / 3), () => setTimeout(() => response.destroy(), 100));
	}).listen(0, "127.0.0.1");
	await once(web, "listening");
	const storage = ["--storage", join(folder, "http"), "--time-scale", "20"];
	let device = await start("http", ...storage);
	try {
		await pull("http", `http://${HOST}:${(web.address() as AddressInfo).port}/image.fw`);
		await device.waitFor(/attempt 1 of 5 from byte/);
		await until(() => ranges.length > 1);
		await device.waitFor(/attempt 1 of 5 from byte/);
		await device.kill();
		mayFinish = true;
		const before = ranges.length;
		device = await start("http", ...storage);
		await device.waitFor(/downloading -> downloaded: version 2\.0\.0/);
		const offset = Number(/bytes=(\d+)-/.exec(ranges[before] ?? "")?.[1]);
		assert.ok(offset > image.length / 2, `from ${ranges[before]} on`);
		assert.equal(ranges[0], undefined);
	} finally {
		await device.kill();
		web.close();
	}
});

test("LightweightM2M-1.1-int-773, 778: a slot that is too small, a package that is not there: results 2 and 7", async () => {
	const device = await start("small");
	const files = new FileServer(new Uint8Array(64 << 20), 1);
	await files.open();
	try {
		await pull("small", `coap://${HOST}:${files.port}/fw`);
		await device.waitFor(/idle, result 2: the package has 67108864 bytes, the slot takes \d+/);
		assert.equal(files.asked.length, 1);
		files.refusal = 0x84;
		await pull("small", `coap://${HOST}:${files.port}/fw`);
		await device.waitFor(/idle, result 7: .*the server answered 4\.04/);
		assert.deepEqual([await text("small", "/5/0/3"), await text("small", "/5/0/5")], ["0", "7"]);
		assert.equal(await text("small", "/3/0/3"), "0.1.0");
		// by push: the size is said with the first block
		const push = { method: "PUT", path: "/5/0/0", payload: Buffer.alloc(3 << 20), format: "OPAQUE" } as const;
		assert.equal((await server.request("small", push)).code, "4.13");
		await device.waitFor(/idle, result 2: the package is longer than the \d+ bytes of the slot/);
		assert.deepEqual([await text("small", "/5/0/5"), await text("small", "/3/0/3")], ["2", "0.1.0"]);
	} finally {
		await device.kill();
		files.close();
	}
});
