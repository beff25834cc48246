// The device on XS over DTLS: pre-shared keys, connection IDs, sessions that are kept over a restart.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { DtlsTransport } from "../server/dtls/dtls-transport.js";
import { hexKey, pskInfo } from "../server/security/security-info.js";
import { type CompanionServer, createServer } from "../server/server.js";
import { DeviceProcess } from "../support/device-process.js";
import { UdpProxy } from "../support/udp-proxy.js";

const KEY = "000102030405060708090a0b0c0d0e0f";
const HANDSHAKE = 22;
const CID_RECORD = 25;
let server: CompanionServer;
let transport: DtlsTransport;
let proxy: UdpProxy;

before(async () => {
	transport = new DtlsTransport({ keyOf: (identity) => server.security.keyOf(identity) });
	server = createServer({ secureTransport: transport });
	await server.start();
	server.security.add(pskInfo("psk", "psk", hexKey(KEY)));
	proxy = new UdpProxy(transport.port);
	await proxy.open();
});
after(async () => {
	proxy.close();
	await server.stop();
});

function device(...options: string[]): DeviceProcess {
	return new DeviceProcess(
		"--endpoint",
		"psk",
		"--server",
		`coaps://127.0.0.1:${proxy.port}`,
		...(options.includes("--shell") ? [] : ["--shell", "off"]),
		...options,
	);
}

const readMaker = async () => (await server.request("psk", { method: "GET", path: "/3/0/0" })).payload.toString();
/** Counts the record types of what has passed since `from`. */
const count = (datagrams: Buffer[], from: number, type: number) =>
	datagrams.slice(from).filter((datagram) => datagram[0] === type).length;

test("LightweightM2M-1.1-int-401: a device registers and is read over a PSK channel, in few bytes", async () => {
	const start = proxy.fromDevice.length;
	const back = proxy.fromServer.length;
	const one = device("--psk-identity", "psk", "--psk-key", KEY);
	try {
		await one.waitFor(/Registration Done/);
		assert.equal(await readMaker(), "lwm2m-xs");
		// up to the last flight, which has the first record that is protected
		const isPlain = (datagram: Buffer) => datagram[0] === HANDSHAKE || datagram[0] === 20;
		const bytes = [...proxy.fromDevice.slice(start), ...proxy.fromServer.slice(back)]
			.filter(isPlain)
			.reduce((sum, { length }) => sum + length, 0);
		assert.ok(bytes <= 610, `${bytes} bytes`);
	} finally {
		await one.stop();
	}
});

test("after its address has changed a device with a connection ID is read without handshake or registration", async () => {
	const one = device("--psk-identity", "psk", "--psk-key", KEY, "--shell", "stdio");
	try {
		await one.waitFor(/Registration Done/);
		const { id } = server.registrations.byEndpoint("psk")!;
		await server.device("psk").observe([3, 0, 14]);
		const start = proxy.fromDevice.length;
		await proxy.move();
		// a notification is the first that the server hears from the new address
		const notified = server.events.waitFor("NOTIFICATION");
		one.type("lwm2m write 3/0/14 +05:00\n");
		await notified;
		assert.equal(await readMaker(), "lwm2m-xs");
		assert.equal(count(proxy.fromDevice, start, HANDSHAKE), 0);
		assert.equal(server.registrations.byEndpoint("psk")!.id, id);
	} finally {
		await one.kill();
	}
});

test("a device that is killed goes on over the session that it kept: no handshake, no record number twice", async () => {
	const folder = mkdtempSync(join(tmpdir(), "lwm2m-xs-"));
	const options = ["--psk-identity", "psk", "--psk-key", KEY, "--storage", folder, "--shell", "stdio"];
	const start = proxy.fromDevice.length;
	let registration = "";
	try {
		for (let run = 0; run < 4; run++) {
			const from = proxy.fromDevice.length;
			const one = device(...options);
			await one.waitFor(run === 0 ? /Registration Done/ : /Registration update complete/);
			assert.equal(await readMaker(), "lwm2m-xs");
			const { id } = server.registrations.byEndpoint("psk")!;
			assert.equal(id, run === 0 ? id : registration);
			registration = id;
			one.type("lwm2m stats\n");
			await until(() => one.output.includes(`handshakes: ${run === 0 ? 1 : 0}`));
			await one.kill();
			assert.equal(count(proxy.fromDevice, from, HANDSHAKE) > 0, run === 0, `run ${run}`);
		}
		// the number of a record: epoch and sequence, 8 bytes behind type and version
		const numbers = proxy.fromDevice
			.slice(start)
			.filter((datagram) => datagram[0] === CID_RECORD)
			.map((datagram) => datagram.toString("hex", 3, 11));
		assert.ok(numbers.length >= 8);
		assert.equal(new Set(numbers).size, numbers.length);
	} finally {
		rmSync(folder, { recursive: true });
	}
});

test("with the same storage another key than last time counts, and not the one that is stored", async () => {
	const folder = mkdtempSync(join(tmpdir(), "lwm2m-xs-"));
	const other = "a5".repeat(16);
	try {
		const one = device("--psk-identity", "psk", "--psk-key", KEY, "--storage", folder);
		await one.waitFor(/Registration Done/);
		assert.equal(await readMaker(), "lwm2m-xs");
		await one.kill();
		server.security.add(pskInfo("psk", "psk", hexKey(other)));
		const start = proxy.fromDevice.length;
		const two = device("--psk-identity", "psk", "--psk-key", other, "--storage", folder);
		// whether the first life had stored its registration before it was killed is no matter here
		await two.waitFor(/Registration (Done|update complete)/);
		assert.ok(count(proxy.fromDevice, start, HANDSHAKE) > 0);
		await two.kill();
		const third = device("--psk-identity", "psk", "--psk-key", KEY, "--storage", folder);
		await third.waitFor(/<err> .*DTLS: .*key/i);
		await third.kill();
	} finally {
		server.security.add(pskInfo("psk", "psk", hexKey(KEY)));
		rmSync(folder, { recursive: true });
	}
});

for (const [what, options, line] of [
	["an unknown identity", ["--psk-identity", "stranger", "--psk-key", KEY], /DTLS: .*identity/i],
	["a wrong key", ["--psk-identity", "psk", "--psk-key", "ff".repeat(16)], /DTLS: .*key/i],
] as const)
	test(`${what} is said in one line at error level, and no key is in it`, async () => {
		const one = device(...options);
		try {
			const [text] = await one.waitFor(/<err> .*DTLS.*/);
			assert.match(text, line);
			assert.ok(!one.log.includes(options[3]));
		} finally {
			await one.kill();
		}
	});

test("the alert of a server that refuses the device is in 1/x/11", async () => {
	const one = device("--psk-identity", "stranger", "--psk-key", KEY, "--shell", "stdio");
	try {
		await one.waitFor(/<err> .*DTLS.*/);
		one.type("lwm2m read 1/0/11 -u8\n");
		// unknown_psk_identity, RFC 4279 2
		await until(() => /^115$/m.test(one.output));
	} finally {
		await one.kill();
	}
});

test("a coaps server without credentials is refused with one line", async () => {
	const one = device();
	try {
		await one.waitFor(/<err> .*mode 3 is without security, but the URI is coaps/);
	} finally {
		await one.kill();
	}
});

async function until(isSo: () => boolean): Promise<void> {
	for (let i = 0; i < 100 && !isSo(); i++) await new Promise((resolve) => setTimeout(resolve, 50));
	assert.ok(isSo());
}
