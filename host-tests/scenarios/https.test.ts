// The device on XS fetches its firmware by https from Node's own server: whom it trusts, what it agrees to, what it says
// where something is wrong, and that a download goes on where it was. The board does the same as the host.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import type { ServerOptions } from "node:https";
import { createServer as createTcpServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { type CompanionServer, createServer } from "../server/server.js";
import { makeCertificates } from "../support/certificates.js";
import { DeviceProcess, HOST, isEmulated } from "../support/device-process.js";
import { HttpsServer } from "../support/https-server.js";
import { Images } from "../support/images.js";

const storage = mkdtempSync(join(tmpdir(), "lwm2m-xs-https-"));
const images = new Images("--target", isEmulated ? "qemu" : "host");
const OWN = { cert: "server.pem", key: "server.key" };
const YEARS_20 = 20 * 365 * 24 * 3600;
let folder: string;
let server: CompanionServer;
let image: Buffer;

before(async () => {
	folder = makeCertificates();
	server = createServer();
	await server.start();
	image = images.make("2.0.0");
});
after(async () => {
	await server.stop();
	images.remove();
	rmSync(storage, { recursive: true });
});

/** A device that trusts an authority, undefined: none; with further options. */
async function start(endpoint: string, authority: string | undefined, ...options: string[]): Promise<DeviceProcess> {
	const device = new DeviceProcess(
		...[
			"--endpoint",
			endpoint,
			"--server",
			`coap://${HOST}:${server.coapPort}`,
			"--lifetime",
			"86400",
			"--shell",
			"off",
		],
		...(authority === undefined ? [] : ["--firmware-ca", `${folder}/${authority}`]),
		...options,
	);
	await device.waitFor(/Registration Done|Registration update complete/);
	return device;
}

const serve = (options: ServerOptions & { cert?: string; key?: string; ca?: string } = OWN) =>
	new HttpsServer(image, folder, options).open();

async function pull(endpoint: string, uri: string): Promise<void> {
	const answer = await server.request(endpoint, { method: "PUT", path: "/5/0/1", format: "TEXT", payload: uri });
	assert.equal(answer.code, "2.04");
}

test("an image comes over TLS 1.2 from a server whose authority is trusted; it is named in the hello", async () => {
	const device = await start("https", "ca.pem", "--log", "debug");
	const web = await serve();
	try {
		const protocols = await server.request("https", { method: "GET", path: "/5/0", accept: "SENML_JSON" });
		assert.match(protocols.payload.toString(), /"8\/3","v":3/);
		// the board has no name for this computer
		const host = isEmulated ? HOST : "localhost";
		await pull("https", `https://${host}:${web.port}/image.fw`);
		await device.waitFor(/TLS: suite 0xc02b/);
		await device.waitFor(/downloading -> downloaded: version 2\.0\.0/);
		const name = isEmulated ? "" : "localhost";
		assert.deepEqual(web.agreed, {
			version: "TLSv1.2",
			suite: "ECDHE-ECDSA-AES128-GCM-SHA256",
			name,
			client: "",
		});
		assert.deepEqual(web.ranges, [""]);
	} finally {
		await device.kill();
		web.close();
	}
});

test("a server that breaks off, and kill -9 at half of it: the rest is asked for by Range", async () => {
	const web = await serve();
	web.breaksAfter = image.length / 3;
	const options = ["--storage", join(storage, "kill"), "--time-scale", "20"];
	let device = await start("kill", "ca.pem", ...options);
	try {
		await pull("kill", `https://${HOST}:${web.port}/image.fw`);
		await device.waitFor(/the server closed the connection.*attempt 1 of 5 from byte/);
		await device.waitFor(/attempt 1 of 5 from byte/);
		await device.kill();
		web.breaksAfter = undefined;
		const before = web.ranges.length;
		device = await start("kill", "ca.pem", ...options);
		await device.waitFor(/downloading -> downloaded: version 2\.0\.0/);
		const offset = Number(/bytes=(\d+)-/.exec(web.ranges[before] ?? "")?.[1]);
		assert.ok(offset > image.length / 2, `from ${web.ranges[before]} on`);
		assert.equal(web.ranges[0], "");
	} finally {
		await device.kill();
		web.close();
	}
});

test("each thing that is wrong with a server is told, once, and the device stays as it was", async () => {
	const device = await start("wrong", "ca.pem");
	const fails = async (options: Parameters<typeof serve>[0], line: RegExp) => {
		const web = await serve(options);
		await pull("wrong", `https://${HOST}:${web.port}/image.fw`);
		await device.waitFor(line);
		web.close();
	};
	try {
		await fails(
			{ cert: "stranger.pem", key: "stranger.key" },
			/result 7: .*TLS: the peer's certificate is signed by an unknown authority/,
		);
		await fails(
			{ cert: "client.pem", key: "client.key" },
			/result 7: .*TLS: the server's certificate is for another host name/,
		);
		await fails(
			{ ...OWN, minVersion: "TLSv1.3" },
			/result 9: .*TLS: the peer does not speak version 1\.2 \(alert 70\)/,
		);
		await fails(
			{ ...OWN, ciphers: "ECDHE-ECDSA-AES256-GCM-SHA384" },
			/result 9: .*TLS: no common cipher suite \(alert 40\)/,
		);
		const web = await serve();
		const uri = `https://${HOST}:${web.port}`;
		web.answer = { status: 404, headers: {} };
		await pull("wrong", `${uri}/nothing`);
		await device.waitFor(/result 7: .*the server answered 404/);
		web.answer = { status: 302, headers: { location: `http://${HOST}:1/image.fw` } };
		await pull("wrong", `${uri}/down`);
		await device.waitFor(/result 9: .*redirects to "http:/);
		const now = Math.floor(Date.now() / 1000);
		const time = { method: "PUT", path: "/3/0/13", format: "TEXT", payload: String(now + YEARS_20) } as const;
		assert.equal((await server.request("wrong", time)).code, "2.04");
		await pull("wrong", `${uri}/late`);
		await device.waitFor(/result 7: .*TLS: the peer's certificate has expired/);
		web.close();
		assert.equal(device.log.match(/attempt/g), null);
		assert.equal(
			(await server.request("wrong", { method: "GET", path: "/5/0/5", accept: "TEXT" })).payload.toString(),
			"7",
		);
	} finally {
		await device.kill();
	}
});

test("what is no TLS, and what ends in the handshake: the connection is lost, and made again", async () => {
	const device = await start("lost", "ca.pem", "--time-scale", "20");
	const web = createTcpServer((socket) => socket.once("data", () => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")));
	await new Promise<void>((resolve) => web.listen(0, "127.0.0.1", resolve));
	const { port } = web.address() as { port: number };
	try {
		await pull("lost", `https://${HOST}:${port}/image.fw`);
		await device.waitFor(/TLS: the peer broke the protocol; attempt 1 of 5/);
		web.removeAllListeners("connection");
		web.on("connection", (socket) => socket.once("data", () => socket.end()));
		await device.waitFor(/the server closed the connection in the handshake; attempt 2 of 5/);
		await device.waitFor(/downloading -> idle, result 4/);
	} finally {
		await device.kill();
		web.close();
	}
});

test("without an authority: nothing is fetched from a stranger", async () => {
	const device = await start("stranger", undefined);
	const web = await serve();
	try {
		await pull("stranger", `https://${HOST}:${web.port}/image.fw`);
		await device.waitFor(/idle, result 9: .*https: nothing to know \S+ by/);
		assert.equal(web.ranges.length, 0);
	} finally {
		await device.kill();
		web.close();
	}
});

test("the file server for those without one serves https", async () => {
	const program = fileURLToPath(new URL("../server/serve-image.js", import.meta.url));
	const others = ["--coap", "--coaps", "--http"].flatMap((name) => [name, "off"]);
	const files = ["--cert", `${folder}/server.pem`, "--key", `${folder}/server.key`];
	const words = [program, images.write("served.fw", image), "--https", "0", ...others, ...files];
	const web = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "inherit"] });
	const said = once(web.stdout, "data");
	const device = await start("served", "ca.pem");
	try {
		const [line] = await said;
		const uri = String(line).trim().replace("127.0.0.1", HOST);
		assert.match(uri, /^https:\/\/\S+\/served\.fw$/);
		await pull("served", uri);
		await device.waitFor(/downloading -> downloaded: version 2\.0\.0/);
	} finally {
		await device.kill();
		web.kill();
	}
});
