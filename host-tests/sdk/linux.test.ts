// The program that the Moddable SDK makes for Linux, against the companion server: the same sockets, DTLS, slots and options as
// on a board of this lane. Run by scripts/test-sdk.mjs, which says in LWM2M_XS_DEVICE where the program is.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { type BootstrapServer, createBootstrapServer } from "../server/bootstrap/bootstrap-server.js";
import { DtlsTransport } from "../server/dtls/dtls-transport.js";
import { hexKey, pskInfo } from "../server/security/security-info.js";
import { type CompanionServer, createServer } from "../server/server.js";
import { makeCertificates } from "../support/certificates.js";
import { DeviceProcess } from "../support/device-process.js";
import { HttpsServer } from "../support/https-server.js";
import { Images } from "../support/images.js";

const KEY = "000102030405060708090a0b0c0d0e0f";
const folder = mkdtempSync(join(tmpdir(), "lwm2m-xs-sdk-"));
const images = new Images("--target", "linux");
const program = process.env["LWM2M_XS_DEVICE"]!.slice("sdk:".length);
const running = new Set<DeviceProcess>();
let server: CompanionServer;
let bootstrap: BootstrapServer;

before(async () => {
	const secureTransport = new DtlsTransport({ keyOf: (identity) => server.security.keyOf(identity) });
	server = createServer({ secureTransport });
	bootstrap = createBootstrapServer();
	await server.start();
	await bootstrap.start();
});
after(async () => {
	for (const device of running) await device.kill();
	await server.stop();
	await bootstrap.stop();
	images.remove();
	rmSync(folder, { recursive: true });
});

/** A device with a pre-shared key and its own storage. */
async function secure(endpoint: string, ...options: string[]): Promise<DeviceProcess> {
	server.security.add(pskInfo(endpoint, endpoint, hexKey(KEY)));
	const uri = `coaps://127.0.0.1:${server.coapsPort}`;
	const psk = ["--psk-identity", endpoint, "--psk-key", KEY, "--storage", join(folder, endpoint)];
	const device = start("--endpoint", endpoint, "--server", uri, ...psk, ...options);
	await device.waitFor(/Registration Done|Registration update complete/);
	return device;
}

function start(...options: string[]): DeviceProcess {
	const device = new DeviceProcess(...options);
	running.add(device);
	return device;
}

const value = async (endpoint: string, ...path: [number, number, number]) =>
	String(((await server.device(endpoint).read(path)).content as { value: unknown }).value);

/** The device's text on standard output, once it holds something. */
async function shows(device: DeviceProcess, text: string): Promise<void> {
	for (let i = 0; i < 200 && !device.output.includes(text); i++) await wait(25);
	assert.ok(device.output.includes(text), `no "${text}" in\n${device.output}`);
}

test("every key of the config is obeyed: name, server, key, lifetime, binding, server id, version, connection ID, log", async () => {
	const keys = ["--lifetime", "120", "--binding", "UQ", "--short-server-id", "7", "--lwm2m", "1.0", "--cid", "4"];
	const device = await secure("sdk-keys", ...keys, "--log", "debug", "--shell", "off");
	const { version, binding, isQueueMode, lifetimeSeconds } = server.registrations.byEndpoint("sdk-keys")!;
	assert.deepEqual([version, binding, isQueueMode, lifetimeSeconds], ["1.0", "UQ", true, 120]);
	assert.equal(await value("sdk-keys", 1, 0, 0), "7");
	assert.match(device.log, /<dbg>/);
	assert.equal(await device.stop(), 0);
	assert.match(device.log, /Deregistration success/);
});

test("what mcconfig's command line said is in the program, and the program's own words go before it", async () => {
	const device = await secure("sdk-built-in", "--shell", "off");
	assert.equal(server.registrations.byEndpoint("sdk-built-in")!.lifetimeSeconds, 4321);
	await device.kill();
});

test("it registers over coaps, is read, written and observed, answers the shell, and keeps its session over kill -9", async () => {
	const device = await secure("sdk-coaps", "--log", "debug");
	assert.equal(await value("sdk-coaps", 3, 0, 1), "linux");
	const node = { kind: "singleResource", id: 14, type: "STRING", value: "+02:00" } as const;
	assert.equal((await server.device("sdk-coaps").write([3, 0, 14], node, true)).code, "2.04");
	assert.equal((await server.device("sdk-coaps").observe([3303, 0, 5700])).code, "2.05");
	device.type("lwm2m status\nlwm2m read 3/0/14 -s\nlwm2m write 3303/0/5700 -f 23.5\n");
	await shows(device, "security: PSK");
	await shows(device, "+02:00");
	await device.kill();
	assert.doesNotMatch(device.log, /resumed/);
	const again = await secure("sdk-coaps", "--log", "debug");
	assert.match(again.log, /DTLS: suite 0xc0a8, resumed/);
	assert.equal(await value("sdk-coaps", 3, 0, 1), "linux");
	await again.kill();
});

test("it is bootstrapped, and keeps its account", async () => {
	bootstrap.configure("sdk-bootstrap", {
		toDelete: ["/0", "/1"],
		security: { "1": { uri: `coap://127.0.0.1:${server.coapPort}`, serverId: 5, securityMode: "NO_SEC" } },
		servers: { "1": { shortId: 5, lifetime: 600 } },
	});
	const options = ["--endpoint", "sdk-bootstrap", "--bootstrap", `coap://127.0.0.1:${bootstrap.coapPort}`];
	options.push("--storage", join(folder, "bootstrap"), "--shell", "off");
	const device = start(...options);
	await device.waitFor(/Bootstrap transfer complete[\s\S]*Registration Done/);
	await device.kill();
	const again = start(...options);
	await again.waitFor(/Registration Done|Registration update complete/);
	assert.doesNotMatch(again.log, /Bootstrap/);
	await again.kill();
});

test("a device with noStart waits for its shell", async () => {
	const device = start("--server", `coap://127.0.0.1:${server.coapPort}`, "--endpoint", "sdk-waits", "--no-start");
	device.type("lwm2m status\n");
	await shows(device, "endpoint: sdk-waits");
	assert.equal(server.registrations.byEndpoint("sdk-waits"), undefined);
	device.type("lwm2m start sdk-waits\n");
	await device.waitFor(/Registration Done/);
	await device.kill();
});

const refused: [words: string[], line: RegExp][] = [
	[["--server", "http://x"], /^config: server http:\/\/x: not a URI of the form coap:/m],
	[["--bootstrap", "coap//x"], /^config: bootstrap coap\/\/x: not a URI/m],
	[["--server", "coap://a", "--bootstrap", "coap://b"], /^config: server and bootstrap: give one of them$/m],
	[["--endpoint", "e".repeat(201)], /^config: endpoint: 1 to 200 characters, not 201$/m],
	[["--psk-identity", "me"], /^config: pskIdentity and pskKey: give both or none$/m],
	[["--psk-identity", "me", "--psk-key", "xyz"], /^config: pskKey: 2 to 128 hexadecimal digits/m],
	[["--lifetime", "0"], /^config: lifetime 0: a whole number from 1 to 2147483647$/m],
	[["--binding", "T"], /^config: binding T: one of U, UQ$/m],
	[["--short-server-id", "65535"], /^config: shortServerId 65535: a whole number from 1 to 65534$/m],
	[["--lwm2m", "2"], /^config: lwm2m 2: one of 1\.0, 1\.1, 1\.2$/m],
	[["--cid", "33"], /^config: cid 33: a whole number from 0 to 32 or off$/m],
	[["--no-downgrade", "--cert", "manifest.json"], /^config: cert, key, serverCert: give all of them or none$/m],
	[["--log", "loud"], /^config: log loud: one of off, error, warning, info, debug$/m],
	[["--servr", "coap://a"], /^config: servr: no such key; there are endpoint, server, /m],
	[["--shell", "uart"], /^config: shell uart: one of stdio, pty, off$/m],
];
test("what cannot be used is told in one line that has the key, and the device waits in its shell", async () => {
	for (const [words, line] of refused) {
		const device = start(...words);
		await device.waitFor(line);
		if (words[0] !== "--shell") {
			device.type("lwm2m status\n");
			await shows(device, "endpoint: lwm2m-xs");
		}
		assert.equal(device.log.split("\n").filter((one) => one.startsWith("config:")).length, 1);
		await device.kill();
	}
});

/** This program under another version, in a signed image. */
function newVersion(version: string): Buffer {
	const text = readFileSync(program).toString("latin1").replaceAll("0.1.0\0", `${version}\0`);
	assert.ok(text.includes(`${version}\0`));
	const file = images.write("program", Buffer.from(text, "latin1"));
	return images.make(version, "--payload", file);
}

test("it is updated: a pulled image runs on trial, confirms itself, and stays after kill -9", async () => {
	const endpoint = "sdk-update";
	const device = await secure(endpoint, "--shell", "off");
	const image = server.offerFirmware(newVersion("7.8.9"));
	const uri = `coaps://127.0.0.1:${server.coapsPort}/fw/${image.id}`;
	assert.equal((await server.pullFirmware(endpoint, image, uri)).code, "2.04");
	await device.waitFor(/-> downloaded/);
	assert.equal((await server.device(endpoint).execute([5, 0, 2])).code, "2.04");
	await device.waitFor(
		/Firmware slot 1: version 7\.8\.9[\s\S]*on trial[\s\S]*(Registration Done|Registration update complete)/,
	);
	assert.deepEqual([await value(endpoint, 3, 0, 3), await value(endpoint, 5, 0, 5)], ["7.8.9", "1"]);
	await device.kill();
	const again = await secure(endpoint, "--shell", "off");
	assert.doesNotMatch(again.log, /on trial/);
	assert.equal(await value(endpoint, 3, 0, 3), "7.8.9");
	await again.kill();
});

test("an image comes by https from a server that firmwareCa vouches for, and from no other", async () => {
	const certificates = makeCertificates();
	// no program: it is downloaded, and not installed
	const image = images.make("7.8.9", "--payload", images.write("some", "some bytes ".repeat(2000)));
	const web = await new HttpsServer(image, certificates, {
		cert: "server.pem",
		key: "server.key",
	}).open();
	const uri = `https://localhost:${web.port}/image.fw`;
	try {
		for (const [authority, line] of [
			["other-ca.pem", /TLS: the peer's certificate is signed by an unknown authority/],
			["ca.pem", /-> downloaded: version 7\.8\.9/],
		] as const) {
			const options = ["--endpoint", "sdk-https", "--firmware-ca", `${certificates}/${authority}`, "--shell", "off"];
			const device = start(
				...options,
				"--server",
				`coap://127.0.0.1:${server.coapPort}`,
				"--storage",
				join(folder, authority),
			);
			await device.waitFor(/Registration Done/);
			const answer = await server.request("sdk-https", { method: "PUT", path: "/5/0/1", format: "TEXT", payload: uri });
			assert.equal(answer.code, "2.04");
			await device.waitFor(line);
			await device.kill();
		}
	} finally {
		web.close();
	}
});

test("an image that is damaged or another's is refused, one that does not run is taken back, and the old one goes on", async () => {
	const endpoint = "sdk-refuse";
	const device = await secure(endpoint, "--shell", "off");
	const push = async (content: Buffer, state: RegExp) => {
		assert.equal((await server.pushFirmware(endpoint, server.offerFirmware(content))).code, "2.04");
		await device.waitFor(state);
	};
	const text = images.write("text", "this is no program");
	const flipped = images.make("2.0.0", "--payload", text);
	flipped[520]! ^= 1;
	await push(flipped, /result 5/);
	await push(new Images().make("2.0.0", "--target", "nrf", "--payload", text), /result 6/);
	await push(images.make("2.0.0", "--payload", text), /-> downloaded/);
	assert.equal((await server.device(endpoint).execute([5, 0, 2])).code, "2.04");
	await device.waitFor(/Firmware slot 1: Exec format error[\s\S]*(Registration Done|Registration update complete)/);
	assert.deepEqual([await value(endpoint, 3, 0, 3), await value(endpoint, 5, 0, 5)], ["0.1.0", "8"]);
	await device.kill();
});
