// A package that a server writes while the device on XS is killed: the server goes on with the block that it was at, or
// begins anew. A NAT between them keeps the device's address, as a network does on which a device has one.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type CompanionServer, createServer } from "../server/server.js";
import { DeviceProcess } from "../support/device-process.js";
import { Images } from "../support/images.js";
import { UdpProxy } from "../support/udp-proxy.js";

const EP = "pushed";
const folder = mkdtempSync(join(tmpdir(), "lwm2m-xs-push-"));
const images = new Images();
let server: CompanionServer;
let proxy: UdpProxy;
let image: Buffer;

before(async () => {
	server = createServer();
	await server.start();
	proxy = new UdpProxy(server.coapPort);
	await proxy.open();
	image = images.make("2.0.0");
});
after(async () => {
	proxy.close();
	await server.stop();
	images.remove();
	rmSync(folder, { recursive: true });
});

async function start(): Promise<DeviceProcess> {
	const uri = `coap://127.0.0.1:${proxy.port}`;
	const device = new DeviceProcess("--endpoint", EP, "--server", uri, "--shell", "off", "--storage", folder);
	await device.waitFor(/Registration Done|Registration update complete/);
	return device;
}

const text = async (path: string) =>
	(await server.request(EP, { method: "GET", path, accept: "TEXT" })).payload.toString();

/** Pushes the image, and kills the device at half of it. @returns how the push ends, to which nobody listens yet */
async function interrupt(device: DeviceProcess): Promise<{ readonly push: Promise<{ code: string }> }> {
	let onHalf = () => {};
	const half = new Promise<void>((resolve) => {
		onHalf = resolve;
	});
	const push = server.request(EP, {
		method: "PUT",
		path: "/5/0/0",
		payload: image,
		format: "OPAQUE",
		timeoutMs: 15_000,
		onProgress: (count) => {
			if (count >= image.length / 2) onHalf();
		},
	});
	push.catch(() => {});
	await half;
	await device.kill();
	return { push };
}

test("kill -9 in the middle of a push: the server goes on with its block, or begins anew, and the package is downloaded", async () => {
	let device = await start();
	try {
		const { push } = await interrupt(device);
		device = await start();
		assert.equal(await text("/5/0/3"), "1");
		assert.equal((await push).code, "2.04");
		await device.waitFor(/downloading -> downloaded: version 2\.0\.0/);
		assert.deepEqual([await text("/5/0/3"), await text("/5/0/5"), await text("/5/0/7")], ["2", "0", "2.0.0"]);
		// once more, and what the server sent goes to nobody
		await interrupt(device);
		await proxy.move();
		device = await start();
		assert.equal((await server.pushFirmware(EP, server.offerFirmware(image))).code, "2.04");
		await device.waitFor(/downloading -> downloaded: version 2\.0\.0/);
	} finally {
		await device.kill();
	}
});
