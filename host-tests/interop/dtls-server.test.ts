// The device's session (src/security/dtls-session.ts) against the companion server's transport, over UDP.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { createSocket } from "node:dgram";
import { readFileSync } from "node:fs";
import { afterEach, test } from "node:test";
import type { Clock } from "../server/clock.js";
import { DtlsTransport, type DtlsTransportOptions } from "../server/dtls/dtls-transport.js";
import type { Peer } from "../server/transport.js";
import { DtlsDevice, type DtlsDeviceOptions, MemoryStorage } from "../support/dtls-device.js";

const CERTIFICATES = new URL("../../../../build/dtls/certificates/", import.meta.url);
const KEY = Buffer.from("0123456789abcdef");
const PSK = { identity: Buffer.from("dev1"), key: KEY };

/** On the wire, from the server's end. */
let wire: { direction: "in" | "out"; datagram: Buffer }[] = [];
let failures: string[] = [];
let peers: Peer[] = [];
let server: DtlsTransport;
let devices: DtlsDevice[] = [];

function file(name: string): Buffer {
	return readFileSync(new URL(name, CERTIFICATES));
}

/** Answers each message with itself in capitals. */
async function startServer(options: DtlsTransportOptions = {}): Promise<void> {
	server = new DtlsTransport({
		keyOf: (identity) => (identity === "dev1" ? KEY : undefined),
		certificate: file("server.pem"),
		privateKey: file("server.key"),
		authorities: file("ca.pem"),
		wire: (direction, datagram) => wire.push({ direction, datagram }) > 0,
		onFailure: (message) => failures.push(message),
		...options,
	});
	server.onDatagram = (datagram, peer) => {
		peers.push(peer);
		server.send(Buffer.from(datagram.toString().toUpperCase()), peer);
	};
	await server.open();
}

function device(options: Partial<DtlsDeviceOptions> = {}): DtlsDevice {
	const made = new DtlsDevice({ port: server.port, credentials: PSK, ...options });
	devices.push(made);
	return made;
}

function certificates(more: Partial<DtlsDeviceOptions["credentials"]> = {}): DtlsDeviceOptions["credentials"] {
	return {
		certificate: file("client.pem"),
		privateKey: file("client.key"),
		peerCertificate: file("ca.der"),
		serverName: "127.0.0.1",
		...more,
	};
}

async function echo(from: DtlsDevice, text: string): Promise<void> {
	assert.equal(from.send(text), true);
	assert.equal(await from.message(), text.toUpperCase());
}

afterEach(async () => {
	for (const one of devices) one.close();
	await server.close();
	wire = [];
	failures = [];
	peers = [];
	devices = [];
});

test("a device with a key connects and is known by its identity", async () => {
	await startServer();
	const one = device();
	await one.open();
	await echo(one, "hello");
	assert.equal(peers[0]!.identity, "dev1");
	assert.equal(server.sessionCount, 1);
});

test("a device with a certificate connects and is known by its common name", async () => {
	await startServer();
	const one = device({ credentials: certificates() });
	await one.open();
	await echo(one, "hello");
	assert.equal(peers[0]!.identity, "dev1");
});

test("the handshake with a key takes at most 610 bytes, and 420 without cookie", async () => {
	for (const [hasCookies, most] of [
		[true, 610],
		[false, 420],
	] as const) {
		await startServer({ hasCookies });
		const one = device({ credentials: { ...PSK, cipherSuites: Buffer.from("c0a8", "hex") } });
		await one.open();
		const bytes = wire.reduce((sum, { datagram }) => sum + datagram.length, 0);
		assert.ok(bytes <= most, `${bytes} bytes`);
		wire = [];
		await echo(one, "0123456789");
		assert.deepEqual(
			wire.map(({ datagram }) => datagram.length),
			[46, 39],
		);
		one.cut();
		devices = [];
		await server.close();
		wire = [];
	}
	await startServer();
});

for (const cidBytes of [-1, 0, 1, 8, 32])
	test(`a device connects to a server whose connection ID setting is ${cidBytes}`, async () => {
		await startServer({ cidBytes });
		const one = device({ credentials: { ...PSK, cidBytes: 4 } });
		await one.open();
		await echo(one, "hello");
	});

test("a device without the extension connects to a server with it", async () => {
	await startServer();
	const one = device({ credentials: { ...PSK, cidBytes: -1 } });
	await one.open();
	await echo(one, "hello");
});

test("a session outlives the device's address", async () => {
	await startServer();
	const one = device();
	await one.open();
	await echo(one, "before");
	one.rebind();
	await echo(one, "after");
	assert.equal(one.sent, 5);
	assert.equal(peers[0]!.key, peers[1]!.key);
	assert.notEqual(peers[0]!.port, peers[1]!.port);
});

test("a replayed, an old or a forged record from elsewhere does not move a session", async () => {
	await startServer();
	const one = device();
	await one.open();
	await echo(one, "first");
	await echo(one, "second");
	const { port } = peers[1]!;
	const records = wire.filter(({ direction, datagram }) => direction === "in" && datagram[0] === 25);
	const forged = Buffer.from(records.at(-1)!.datagram);
	forged.writeUIntBE(forged.readUIntBE(5, 6) + 1000, 5, 6);
	const thief = createSocket("udp4");
	const stolen: Buffer[] = [];
	thief.on("message", (datagram) => stolen.push(datagram));
	for (const datagram of [...records.map((record) => record.datagram), forged, randomBytes(60)])
		await new Promise((resolve) => thief.send(datagram, server.port, "127.0.0.1", resolve));
	await new Promise((resolve) => setTimeout(resolve, 50));
	await echo(one, "third");
	thief.close();
	assert.equal(peers.length, 3);
	assert.equal(peers[2]!.port, port);
	assert.equal(stolen.length, 0);
});

test("after the power was cut the next message goes out without a handshake", async () => {
	await startServer();
	const storage = new MemoryStorage();
	const one = device({ storage });
	await one.open();
	await echo(one, "before");
	one.cut();
	devices = [];
	for (const text of ["first", "second", "third"]) {
		const again = device({ storage });
		await again.open();
		assert.equal(again.isResumed, true);
		await echo(again, text);
		assert.equal(again.sent, 1);
		again.cut();
		devices = [];
	}
	assert.equal(new Set(peers.map(({ key }) => key)).size, 1);
});

test("a session that ends in an orderly way leaves nothing in storage, before the server is told", async () => {
	await startServer();
	const storage = new MemoryStorage();
	const one = device({ storage });
	await one.open();
	assert.equal(storage.entries.size, 1);
	const held: number[] = [];
	one.onTransmit = () => held.push(storage.entries.size);
	one.session.close();
	assert.deepEqual(held, [0]);
});

test("a suspended session is taken up", async () => {
	await startServer();
	const storage = new MemoryStorage();
	const one = device({ storage });
	await one.open();
	one.session.suspend();
	const again = device({ storage });
	await again.open();
	assert.equal(again.isResumed, true);
	await echo(again, "hello");
});

test("storage that cannot be written does not stop the session", async () => {
	await startServer();
	const storage = new MemoryStorage();
	storage.isBroken = true;
	const one = device({ storage });
	await one.open();
	await echo(one, "hello");
	assert.equal(storage.entries.size, 0);
});

test("a stored session of other credentials is not used", async () => {
	await startServer({ keyOf: () => KEY });
	const storage = new MemoryStorage();
	const one = device({ storage });
	await one.open();
	one.cut();
	devices = [];
	const other = device({ storage, credentials: { identity: Buffer.from("dev2"), key: KEY } });
	await other.open();
	assert.equal(other.isResumed, false);
	await echo(other, "hello");
});

test("hundreds of messages take few writes to storage", async () => {
	await startServer();
	const storage = new MemoryStorage();
	const one = device({ storage });
	await one.open();
	for (let i = 0; i < 600; i++) await echo(one, `message ${i}`);
	assert.ok(storage.writes >= 3 && storage.writes <= 7, `${storage.writes} writes`);
});

test("a device that lost its session connects anew from the same address", async () => {
	await startServer();
	const one = device();
	await one.open();
	await echo(one, "before");
	one.session.renew();
	one.send("lost");
	await new Promise((resolve) => setTimeout(resolve, 100));
	await echo(one, "after");
	assert.notEqual(peers[0]!.key, peers[1]!.key);
	assert.equal(one.session.isConnected, true);
});

test("each wrong credential has its own message", async () => {
	await startServer();
	const year = 365 * 24 * 3600;
	const cases: [Partial<DtlsDeviceOptions>, RegExp, RegExp][] = [
		[
			{ credentials: { identity: Buffer.from("nobody"), key: KEY } },
			/identity is unknown to the server \(alert 115\)/,
			/identity/,
		],
		[
			{ credentials: { ...PSK, key: Buffer.from("another key") } },
			/the pre-shared key is wrong \(alert 20\)/,
			/the pre-shared key is wrong/,
		],
		[
			{ credentials: certificates({ serverName: "other.example" }) },
			/for another host name/,
			/does not accept our certificate/,
		],
		[
			{ credentials: certificates({ peerCertificate: file("other-ca.der") }) },
			/signed by an unknown authority/,
			/authority of our certificate/,
		],
		[{ credentials: certificates(), time: Date.now() / 1000 + 30 * year }, /has expired/, /has expired/],
		[
			{ credentials: certificates({ certificate: file("stranger.der"), privateKey: file("stranger.key.der") }) },
			/does not know the authority of our certificate \(alert 48\)/,
			/signed by an unknown authority/,
		],
	];
	for (const [options, expected, atServer] of cases) {
		failures = [];
		await assert.rejects(device(options).open(), expected);
		// the alert is on its way to the server
		for (let i = 0; i < 50 && failures.length === 0; i++) await new Promise((resolve) => setTimeout(resolve, 10));
		assert.match(failures.join(), atServer);
	}
	assert.equal(server.sessionCount, 0);
});

test("suites that the server does not have are refused with a message", async () => {
	await startServer({ cipherSuites: Buffer.from("00a8", "hex") });
	await assert.rejects(device().open(), /no common cipher suite \(alert 40\)/);
	assert.match(failures.join(), /no common cipher suite/);
});

test("a server that is not there is given up with a message", async () => {
	await startServer();
	const credentials = { ...PSK, firstTimeoutMs: 10, lastTimeoutMs: 20, retransmissions: 2 };
	await assert.rejects(device({ port: 9, credentials }).open(), /no answer to the handshake/);
});

test("unusable credentials throw one line when the session is made", async () => {
	await startServer();
	assert.throws(() => device({ credentials: {} }), /no credentials/);
	assert.throws(
		() => device({ credentials: certificates({ privateKey: file("server.key") }) }),
		/does not belong to the certificate/,
	);
	assert.throws(() => device({ credentials: certificates({ peerCertificate: undefined }) }), /cannot be read/);
});

test("an idle session is forgotten", async () => {
	let nowMs = Date.now();
	const timers: (() => void)[] = [];
	const clock: Clock = {
		now: () => nowMs,
		schedule: (callback) => {
			timers.push(callback);
			return () => {};
		},
	};
	await startServer({ idleMs: 1000, clock });
	const one = device();
	await one.open();
	await echo(one, "hello");
	nowMs += 900;
	timers[0]!();
	assert.equal(server.sessionCount, 1);
	nowMs += 200;
	timers.at(-1)!();
	assert.equal(server.sessionCount, 0);
});

test("the number of sessions is bounded: the least recently used gives way", async () => {
	await startServer({ sessions: 2 });
	const [a, b, c] = [device(), device(), device()];
	await a.open();
	await b.open();
	await echo(a, "a");
	await c.open();
	await echo(a, "a");
	await echo(c, "c");
	assert.equal(server.sessionCount, 2);
	b.send("b");
	await echo(a, "a");
	assert.equal(peers.length, 4);
});

test("a flood of first hellos leaves nothing at the server", async () => {
	await startServer();
	const one = device();
	await one.open();
	const hello = wire[0]!.datagram;
	const flood = createSocket("udp4");
	for (let i = 0; i < 500; i++) {
		const datagram = Buffer.from(hello);
		randomBytes(32).copy(datagram, 27);
		await new Promise((resolve) => flood.send(datagram, server.port, "127.0.0.1", resolve));
		// the server runs in this process
		if (i % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
	}
	await echo(one, "hello");
	flood.close();
	assert.equal(server.sessionCount, 1);
	assert.equal(failures.length, 0);
});

test("credentials that are taken away end the session", async () => {
	await startServer();
	const one = device();
	await one.open();
	await echo(one, "hello");
	const next = one.message();
	server.disconnect("dev1");
	await assert.rejects(next, /closed the session/);
	assert.equal(server.sessionCount, 0);
});
