// Other implementations of DTLS against ours, in both roles: OpenSSL, and the test programs of Mbed TLS with connection IDs.

import assert from "node:assert/strict";
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { existsSync, readFileSync } from "node:fs";
import { afterEach, test } from "node:test";
import { fileURLToPath } from "node:url";
import { DtlsTransport } from "../server/dtls/dtls-transport.js";
import type { Peer } from "../server/transport.js";
import { DtlsDevice, type DtlsDeviceOptions, MemoryStorage } from "../support/dtls-device.js";

const BUILD = new URL("../../../../build/", import.meta.url);
const CERTIFICATES = fileURLToPath(new URL("dtls/certificates", BUILD));
const PROGRAMS = fileURLToPath(new URL("mbedtls/peers/programs/ssl", BUILD));
const KEY = Buffer.from("0123456789abcdef");
const PSK = { identity: Buffer.from("dev1"), key: KEY };
const WAIT_MS = 15_000;
/** What the programs of Mbed TLS answer. */
const REQUEST = "GET / HTTP/1.0\r\n\r\n";

let server: DtlsTransport | undefined;
let device: DtlsDevice | undefined;
let child: Program | undefined;

const file = (name: string) => readFileSync(`${CERTIFICATES}/${name}`);
const certificates: DtlsDeviceOptions["credentials"] = {
	certificate: file("client.pem"),
	privateKey: file("client.key"),
	peerCertificate: file("ca.pem"),
	serverName: "localhost",
};

/** A program whose output is waited for. */
class Program {
	output = "";
	readonly #process: ChildProcessWithoutNullStreams;

	constructor(program: string, args: string[]) {
		this.#process = spawn(program, args, { cwd: CERTIFICATES });
		const add = (chunk: Buffer) => (this.output += chunk.toString());
		this.#process.stdout.on("data", add);
		this.#process.stderr.on("data", add);
		this.#process.stdin.on("error", () => {});
		this.#process.on("error", (error) => (this.output += `cannot be started: ${error.message}`));
	}

	async shows(pattern: RegExp): Promise<void> {
		const end = Date.now() + WAIT_MS;
		while (!pattern.test(this.output)) {
			if (Date.now() > end) assert.fail(`no ${pattern} in:\n${this.output.slice(-3000)}`);
			await new Promise((resolve) => setTimeout(resolve, 20));
		}
	}

	type(line: string): void {
		this.#process.stdin.write(`${line}\n`);
	}

	stop(): Promise<void> {
		if (this.#process.exitCode !== null || this.#process.signalCode !== null) return Promise.resolve();
		return new Promise((resolve) => {
			this.#process.on("exit", () => resolve());
			this.#process.kill("SIGKILL");
		});
	}
}

function run(program: string, ...args: string[]): Program {
	child = new Program(program, args);
	return child;
}

function mbedtls(program: string, ...args: string[]): Program {
	const path = `${PROGRAMS}/${program}`;
	assert.ok(existsSync(path), `${program} has not been built: node scripts/test-dtls.mjs builds it`);
	return run(path, ...args);
}

/** Answers each message with itself in capitals. */
async function startServer(cidBytes = 6): Promise<Peer[]> {
	const peers: Peer[] = [];
	const made = new DtlsTransport({
		keyOf: (identity) => (identity === "dev1" ? KEY : undefined),
		certificate: file("server.pem"),
		privateKey: file("server.key"),
		authorities: file("ca.pem"),
		cidBytes,
	});
	made.onDatagram = (datagram, peer) => {
		peers.push(peer);
		made.send(Buffer.from(datagram.toString().toUpperCase()), peer);
	};
	server = made;
	await made.open();
	return peers;
}

async function freePort(): Promise<number> {
	const socket = createSocket("udp4");
	await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
	const { port } = socket.address();
	await new Promise<void>((resolve) => socket.close(() => resolve()));
	return port;
}

async function connect(port: number, options: Partial<DtlsDeviceOptions> = {}): Promise<DtlsDevice> {
	device = new DtlsDevice({ port, credentials: PSK, ...options });
	await device.open();
	return device;
}

afterEach(async () => {
	device?.close();
	await child?.stop();
	await server?.close();
	device = child = server = undefined;
});

const KEY_SUITES = {
	"PSK-AES128-CCM8": "c0a8",
	"PSK-AES128-GCM-SHA256": "00a8",
	"PSK-AES128-CBC-SHA256": "00ae",
	"ECDHE-PSK-AES128-CBC-SHA256": "c037",
};
const CERTIFICATE_SUITES = {
	"ECDHE-ECDSA-AES128-CCM8": "c0ae",
	"ECDHE-ECDSA-AES128-GCM-SHA256": "c02b",
	"ECDHE-ECDSA-AES128-SHA256": "c023",
};
const KEY_ARGUMENTS = ["-psk", KEY.toString("hex"), "-psk_identity", "dev1"];

for (const name of Object.keys(KEY_SUITES))
	test(`openssl s_client reaches the server with ${name}`, async () => {
		const peers = await startServer();
		const cipher = ["-cipher", `${name}:@SECLEVEL=0`];
		const client = run(
			"openssl",
			"s_client",
			"-dtls1_2",
			"-connect",
			`127.0.0.1:${server!.port}`,
			...KEY_ARGUMENTS,
			...cipher,
		);
		await client.shows(new RegExp(`Cipher is ${name}`));
		client.type("hello");
		await client.shows(/HELLO/);
		assert.equal(peers[0]!.identity, "dev1");
	});

for (const name of Object.keys(CERTIFICATE_SUITES))
	test(`openssl s_client reaches the server with ${name}`, async () => {
		const peers = await startServer();
		const own = ["-cert", "client.pem", "-key", "client.key", "-CAfile", "ca.pem"];
		const cipher = ["-cipher", `${name}:@SECLEVEL=0`];
		const client = run("openssl", "s_client", "-dtls1_2", "-connect", `127.0.0.1:${server!.port}`, ...own, ...cipher);
		await client.shows(/Verify return code: 0/);
		client.type("hello");
		await client.shows(/HELLO/);
		assert.equal(peers[0]!.identity, "dev1");
	});

for (const [name, suite] of Object.entries(KEY_SUITES))
	test(`the device reaches openssl s_server with ${name}`, async () => {
		const port = await freePort();
		const cipher = ["-cipher", `${name}:@SECLEVEL=0`];
		const peer = run("openssl", "s_server", "-dtls1_2", "-port", String(port), "-nocert", ...KEY_ARGUMENTS, ...cipher);
		await peer.shows(/ACCEPT/);
		const one = await connect(port, { credentials: { ...PSK, cipherSuites: Buffer.from(suite, "hex") } });
		one.send("hello from the device\n");
		await peer.shows(/hello from the device/);
		peer.type("hello from openssl");
		assert.equal(await one.message(), "hello from openssl\n");
	});

for (const [name, suite] of Object.entries(CERTIFICATE_SUITES))
	test(`the device reaches openssl s_server with ${name}`, async () => {
		const port = await freePort();
		const own = ["-cert", "server.pem", "-key", "server.key", "-CAfile", "ca.pem", "-Verify", "1"];
		const peer = run(
			"openssl",
			"s_server",
			"-dtls1_2",
			"-port",
			String(port),
			...own,
			"-cipher",
			`${name}:@SECLEVEL=0`,
		);
		await peer.shows(/ACCEPT/);
		const one = await connect(port, { credentials: { ...certificates, cipherSuites: Buffer.from(suite, "hex") } });
		one.send("hello from the device\n");
		await peer.shows(/hello from the device/);
	});

test("the device with a wrong key gives up at openssl s_server with a message", async () => {
	const port = await freePort();
	const cipher = ["-cipher", "PSK-AES128-CCM8:@SECLEVEL=0"];
	const peer = run("openssl", "s_server", "-dtls1_2", "-port", String(port), "-nocert", ...KEY_ARGUMENTS, ...cipher);
	await peer.shows(/ACCEPT/);
	const credentials = {
		...PSK,
		key: Buffer.from("another key"),
		firstTimeoutMs: 100,
		lastTimeoutMs: 100,
		retransmissions: 5,
	};
	await assert.rejects(connect(port, { credentials }), /the key is wrong|key is wrong/);
});

for (const [own, shown] of [
	["", "Use of Connection ID has been negotiated"],
	["dead", "Use of Connection ID has been negotiated"],
] as const)
	test(`ssl_client2 with the connection ID "${own}" reaches the server`, async () => {
		const peers = await startServer();
		const psk = [`psk=${KEY.toString("hex")}`, "psk_identity=dev1", "force_ciphersuite=TLS-PSK-WITH-AES-128-CCM-8"];
		const client = mbedtls(
			"ssl_client2",
			"server_addr=127.0.0.1",
			`server_port=${server!.port}`,
			"dtls=1",
			...psk,
			"cid=1",
			`cid_val=${own}`,
		);
		await client.shows(new RegExp(shown));
		await client.shows(/bytes read/);
		assert.equal(peers[0]!.identity, "dev1");
	});

test("ssl_client2 without connection ID reaches the server with a certificate", async () => {
	await startServer();
	const own = [
		"auth_mode=required",
		"crt_file=client.pem",
		"key_file=client.key",
		"ca_file=ca.pem",
		"server_name=localhost",
	];
	const suite = "force_ciphersuite=TLS-ECDHE-ECDSA-WITH-AES-128-CCM-8";
	const client = mbedtls(
		"ssl_client2",
		"server_addr=127.0.0.1",
		`server_port=${server!.port}`,
		"dtls=1",
		...own,
		suite,
	);
	await client.shows(/bytes read/);
});

for (const cid of ["", "0102030405060708"])
	test(`the device reaches ssl_server2 whose connection ID is "${cid}", and resumes where it has one`, async () => {
		const port = await freePort();
		const psk = [`psk=${KEY.toString("hex")}`, "psk_identity=dev1", "force_ciphersuite=TLS-PSK-WITH-AES-128-CCM-8"];
		const peer = mbedtls(
			"ssl_server2",
			`server_port=${port}`,
			"server_addr=127.0.0.1",
			"dtls=1",
			...psk,
			"cid=1",
			`cid_val=${cid}`,
			"exchanges=2",
		);
		await peer.shows(/Waiting for a remote connection/);
		const storage = new MemoryStorage();
		// the program's socket hears one address only
		const localPort = await freePort();
		const first = await connect(port, { storage, localPort });
		first.send(REQUEST);
		assert.match(await first.message(), /200 OK/);
		assert.equal(storage.entries.size, cid === "" ? 0 : 1);
		if (cid === "") return;
		first.cut();
		const again = await connect(port, { storage, localPort });
		assert.equal(again.isResumed, true);
		again.send(REQUEST);
		assert.match(await again.message(), /200 OK/);
		assert.equal(again.sent, 1);
	});

test("the device with a certificate reaches ssl_server2 with a connection ID", async () => {
	const port = await freePort();
	const own = ["auth_mode=required", "crt_file=server.pem", "key_file=server.key", "ca_file=ca.pem"];
	const peer = mbedtls(
		"ssl_server2",
		`server_port=${port}`,
		"server_addr=127.0.0.1",
		"dtls=1",
		...own,
		"cid=1",
		"cid_val=0a0b0c0d0e0f",
	);
	await peer.shows(/Waiting for a remote connection/);
	const one = await connect(port, { credentials: certificates });
	one.send(REQUEST);
	assert.match(await one.message(), /200 OK/);
	await peer.shows(/Use of Connection ID has been negotiated/);
});
