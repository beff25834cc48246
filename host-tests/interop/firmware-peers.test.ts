// Firmware from programs that others wrote: the device on XS fetches it from libcoap's server in blocks, and libcoap's
// client writes it. Needs the Debian package libcoap3-bin. Runs on Node only.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { createServer } from "../server/server.js";
import { endWithTests } from "../support/children.js";
import { datagram, parse } from "../support/coap.js";
import { DeviceProcess } from "../support/device-process.js";
import { Images } from "../support/images.js";
import { libcoap } from "./peer-programs.js";

const folder = mkdtempSync(join(tmpdir(), "firmware-peers-"));
const file = join(folder, "image.fw");
const images = new Images();

before(() => writeFileSync(file, images.make("2.0.0")));
after(() => {
	images.remove();
	rmSync(folder, { recursive: true });
});

async function freePort(): Promise<number> {
	const socket = createSocket("udp4");
	socket.bind(0, "127.0.0.1");
	await once(socket, "listening");
	const { port } = socket.address();
	socket.close();
	await once(socket, "close");
	return port;
}

/** Runs libcoap's client. @returns what it printed */
function client(...words: string[]): string {
	const { stdout, stderr, status } = spawnSync(libcoap("coap-client"), words, { encoding: "utf8", timeout: 60_000 });
	assert.equal(status, 0, stderr);
	return stdout + stderr;
}

test("libcoap's server: the device pulls in blocks", async () => {
	const port = await freePort();
	const peer = endWithTests(
		spawn(libcoap("coap-server"), ["-A", "127.0.0.1", "-p", String(port), "-d", "10"], { stdio: "ignore" }),
	);
	const server = createServer();
	await server.start();
	const name = "libcoap-pull";
	const device = new DeviceProcess(
		"--endpoint",
		name,
		"--server",
		`coap://127.0.0.1:${server.coapPort}`,
		"--shell",
		"off",
	);
	try {
		await device.waitFor(/Registration Done/);
		client("-m", "put", "-b", "1024", "-f", file, `coap://127.0.0.1:${port}/fw`);
		const payload = `coap://127.0.0.1:${port}/fw`;
		assert.equal((await server.request(name, { method: "PUT", path: "/5/0/1", format: "TEXT", payload })).code, "2.04");
		await device.waitFor(/downloading -> downloaded: version 2\.0\.0/);
		// what is not there
		await server.request(name, { method: "PUT", path: "/5/0/1", format: "TEXT", payload: `${payload}/none` });
		await device.waitFor(/downloading -> idle, result 7: .*the server answered 4\.04/);
	} finally {
		await device.kill();
		peer.kill("SIGKILL");
		await server.stop();
	}
});

test("libcoap's client: the device is pushed to in blocks of every size", async () => {
	// a server that knows nothing but to take a registration; the client then has its port
	const socket = createSocket("udp4");
	socket.bind(0, "127.0.0.1");
	await once(socket, "listening");
	const { port } = socket.address();
	const device = new DeviceProcess(
		"--endpoint",
		"libcoap-push",
		"--server",
		`coap://127.0.0.1:${port}`,
		"--shell",
		"off",
	);
	try {
		const [bytes, peer] = (await once(socket, "message")) as [Buffer, { port: number }];
		const { mid, token } = parse(bytes);
		socket.send(datagram({ type: 2, code: 0x41, mid, token, location: "rd/1" }), peer.port, "127.0.0.1");
		await device.waitFor(/Registration Done/);
		socket.close();
		await once(socket, "close");
		for (const size of ["1024", "256", "64"]) {
			client(
				"-m",
				"put",
				"-p",
				String(port),
				"-b",
				size,
				"-t",
				"42",
				"-f",
				file,
				`coap://127.0.0.1:${peer.port}/5/0/0`,
			);
			await device.waitFor(/downloading -> downloaded: version 2\.0\.0/);
		}
	} finally {
		await device.kill();
	}
});
