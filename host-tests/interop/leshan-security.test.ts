// The device on XS at a server of Eclipse Leshan 2 over DTLS, which is Californium's: pre-shared keys, certificates,
// connection IDs, and sessions that outlive the device's address and the device itself.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { DeviceProcess } from "../support/device-process.js";
import { certificates, Leshan } from "../support/leshan.js";
import { UdpProxy } from "../support/udp-proxy.js";

const KEY = "000102030405060708090a0b0c0d0e0f";
const PSK = ["--psk-identity", "psk-identity", "--psk-key", KEY];
const HANDSHAKE = 22;
const CID_RECORD = 25;
let leshan: Leshan;
let proxy: UdpProxy;

before(async () => {
	leshan = await Leshan.server();
	await leshan.peer.ask("psk", "psk", "psk-identity", KEY);
	await leshan.peer.ask("x509", "dev1");
	proxy = new UdpProxy(leshan.coapsPort);
	await proxy.open();
});
after(async () => {
	proxy?.close();
	await leshan?.stop();
});

/** A device that reaches the server through the proxy. */
function start(endpoint: string, ...options: string[]): DeviceProcess {
	const uri = `coaps://127.0.0.1:${proxy.port}`;
	return new DeviceProcess("--endpoint", endpoint, "--server", uri, "--lifetime", "86400", ...options);
}

async function isRead(endpoint: string): Promise<void> {
	assert.deepEqual(await leshan.operator(endpoint).read("/3/0/0"), { "/3/0/0": "lwm2m-xs" });
}

/** How many datagrams of the device since `from` are of a record type. */
const count = (from: number, type: number) =>
	proxy.fromDevice.slice(from).filter((datagram) => datagram[0] === type).length;

test("pre-shared key: registration with a connection ID each way, operations, deregistration", async () => {
	const from = proxy.fromDevice.length;
	const device = start("psk", ...PSK, "--cid", "4");
	try {
		await device.waitFor(/Registration Done/);
		await isRead("psk");
		assert.match((await leshan.operator("psk").registration()).identity, /psk-identity/);
		assert.ok(count(from, CID_RECORD) > 0);
		assert.equal(proxy.fromServer.at(-1)?.[0], CID_RECORD);
	} finally {
		const gone = leshan.peer.next("unregistered");
		assert.equal(await device.stop(), 0);
		await gone;
	}
});

test("without connection IDs", async () => {
	const from = proxy.fromDevice.length;
	const device = start("psk", ...PSK, "--cid", "off");
	try {
		await device.waitFor(/Registration Done/);
		await isRead("psk");
		assert.equal(count(from, CID_RECORD), 0);
	} finally {
		await device.stop();
	}
});

test("certificates", async () => {
	const files = ["--cert", "client.pem", "--key", "client.key", "--server-cert", "ca.pem"];
	const device = start("dev1", ...files.map((word) => (word.startsWith("--") ? word : `${certificates}/${word}`)));
	try {
		await device.waitFor(/Registration Done/);
		await isRead("dev1");
		assert.match((await leshan.operator("dev1").registration()).identity, /x509=dev1/);
	} finally {
		await device.stop();
	}
});

for (const [what, endpoint, options, line] of [
	[
		"an unknown identity",
		"psk",
		["--psk-identity", "nobody", "--psk-key", KEY],
		/DTLS: .*identity or the key is wrong/,
	],
	[
		"a wrong key",
		"psk",
		["--psk-identity", "psk-identity", "--psk-key", "ff".repeat(16)],
		/DTLS: .*identity or the key is wrong/,
	],
	["another endpoint's key", "other", PSK, /4\.00|4\.03/],
	["an authority that the server does not know", "dev1", ["stranger", "ca"], /DTLS: .*(authority|certificate)/],
	["a server of another authority", "dev1", ["client", "other-ca"], /DTLS: .*authority/],
] as const)
	test(`${what} is told by the log`, async () => {
		const [own, authority] = options;
		const files = [
			"--cert",
			`${certificates}/${own}.pem`,
			"--key",
			`${certificates}/${own}.key`,
			"--server-cert",
			`${certificates}/${authority}.pem`,
		];
		// of what it does not know the server says nothing: it takes all repetitions
		const device = start(endpoint, "--time-scale", "100", ...(options.length === 2 ? files : options));
		try {
			await device.waitFor(line);
			assert.doesNotMatch(device.log, /Registration Done/);
		} finally {
			await device.kill();
		}
	});

test("after its address has changed the device is read over the same session and registration", async () => {
	const device = start("psk", ...PSK);
	try {
		await device.waitFor(/Registration Done/);
		const { port } = await leshan.operator("psk").registration();
		const from = proxy.fromDevice.length;
		await proxy.move();
		const updated = leshan.peer.next("updated");
		device.type("lwm2m update\n");
		await updated;
		await isRead("psk");
		assert.notEqual((await leshan.operator("psk").registration()).port, port);
		assert.equal(count(from, HANDSHAKE), 0);
	} finally {
		await device.stop();
	}
});

test("a device that was killed goes on over the session that it has kept, without a handshake", async () => {
	const folder = mkdtempSync(join(tmpdir(), "lwm2m-xs-leshan-"));
	try {
		let device = start("psk", ...PSK, "--storage", folder);
		await device.waitFor(/Registration Done/);
		await leshan.operator("psk").values("observe", "/3303/0/5700", "");
		await isRead("psk");
		const from = proxy.fromDevice.length;
		for (const value of [30.5, 31.5, 32.5]) {
			await device.kill();
			device = start("psk", ...PSK, "--storage", folder);
			await device.waitFor(/Registration update complete/);
			await isRead("psk");
			const notified = leshan.peer.next("notification", ({ values }) => {
				return (values as Record<string, unknown>)["/3303/0/5700"] === value;
			});
			device.type(`lwm2m write 3303/0/5700 -f ${value}\n`);
			await notified;
		}
		assert.equal(count(from, HANDSHAKE), 0);
		await device.stop();
	} finally {
		rmSync(folder, { recursive: true });
	}
});
