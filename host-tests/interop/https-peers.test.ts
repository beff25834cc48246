// Firmware by https from OpenSSL: the device on XS with an authority, with the certificates and with the key of its account;
// and what Wireshark sees of it: names, suites, lengths. Runs on Node only.
import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createTcpServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { DtlsTransport } from "../server/dtls/dtls-transport.js";
import { hexKey, pskInfo } from "../server/security/security-info.js";
import { type CompanionServer, createServer } from "../server/server.js";
import { makeCertificates } from "../support/certificates.js";
import { DeviceProcess } from "../support/device-process.js";
import { Images } from "../support/images.js";
import { TcpRecorder } from "../support/tcp-recorder.js";

const folder = mkdtempSync(join(tmpdir(), "https-peers-"));
const images = new Images();
const KEY = "000102030405060708090a0b0c0d0e0f";
const PATIENCE_MS = 15_000;
/** Of max_fragment_length, RFC 6066 4: 1024 bytes of plaintext. */
const LENGTH_1024 = "2";
const MOST_RECORD_BYTES = 1024 + 24;
const HANDSHAKE = "22";
let certificates: string;
let server: CompanionServer;
let transport: DtlsTransport;
let device: DeviceProcess | undefined;
let peer: ChildProcess | undefined;
let peerLog = "";

before(async () => {
	certificates = makeCertificates();
	writeFileSync(join(folder, "image.fw"), images.make("2.0.0"));
	const file = (name: string) => readFileSync(`${certificates}/${name}`);
	transport = new DtlsTransport({
		keyOf: (identity) => server.security.keyOf(identity),
		certificate: file("server.pem"),
		privateKey: file("server.key"),
		authorities: file("ca.pem"),
	});
	server = createServer({ secureTransport: transport });
	await server.start();
	server.security.add(pskInfo("dev2", "dev2", hexKey(KEY)));
});
afterEach(async () => {
	await device?.kill();
	peer?.kill("SIGKILL");
	device = peer = undefined;
});
after(async () => {
	await server.stop();
	images.remove();
	rmSync(folder, { recursive: true });
});

async function freePort(): Promise<number> {
	const socket = createTcpServer();
	await new Promise<void>((resolve) => socket.listen(0, "127.0.0.1", resolve));
	const { port } = socket.address() as { port: number };
	await new Promise<void>((resolve) => socket.close(() => resolve()));
	return port;
}

/** OpenSSL serves the folder. @returns its port */
async function openssl(...options: string[]): Promise<number> {
	const port = await freePort();
	const words = ["s_server", "-accept", `127.0.0.1:${port}`, "-WWW", "-tls1_2", ...options];
	const child = spawn("openssl", words, { cwd: folder });
	peer = child;
	peerLog = "";
	await new Promise<void>((resolve, reject) => {
		const timer = setTimeout(() => reject(new Error(`openssl is not ready: ${peerLog}`)), PATIENCE_MS);
		const add = (chunk: Buffer) => {
			peerLog += chunk.toString();
			if (!peerLog.includes("ACCEPT")) return;
			clearTimeout(timer);
			resolve();
		};
		child.stdout.on("data", add);
		child.stderr.on("data", add);
	});
	return port;
}

const withCertificate = () => ["-cert", `${certificates}/server.pem`, "-key", `${certificates}/server.key`];

async function start(endpoint: string, uri: string, ...options: string[]): Promise<DeviceProcess> {
	device = new DeviceProcess("--endpoint", endpoint, "--server", uri, "--shell", "off", "--log", "debug", ...options);
	await device.waitFor(/Registration Done/);
	return device;
}

const inTheClear = (endpoint: string) =>
	start(endpoint, `coap://127.0.0.1:${server.coapPort}`, "--firmware-ca", `${certificates}/ca.pem`);

async function pull(endpoint: string, host: string, port: number): Promise<void> {
	const payload = `https://${host}:${port}/image.fw`;
	const answer = await server.request(endpoint, { method: "PUT", path: "/5/0/1", format: "TEXT", payload });
	assert.equal(answer.code, "2.04");
}

/** Fields of what Wireshark finds, a line a packet, several values of one separated by commas. */
function dissect(capture: Buffer, filter: string, ...fields: string[]): string[][] {
	const path = join(folder, "tls.pcap");
	writeFileSync(path, capture);
	const words = [
		"-r",
		path,
		"-Y",
		filter,
		"-T",
		"fields",
		"-E",
		"separator=|",
		...fields.flatMap((name) => ["-e", name]),
	];
	const { stdout, stderr, status } = spawnSync("tshark", words, { encoding: "utf8" });
	assert.equal(status, 0, stderr);
	return stdout
		.trim()
		.split("\n")
		.map((line) => line.split("|"));
}

test("OpenSSL heeds max_fragment_length; the hello names the host, and offers what the credentials are good for", async () => {
	const recorder = await new TcpRecorder(await openssl(...withCertificate())).open();
	try {
		const one = await inTheClear("openssl");
		await pull("openssl", "localhost", recorder.port);
		await one.waitFor(/downloading -> downloaded: version 2\.0\.0/);
		const capture = recorder.capture();
		const [hello] = dissect(
			capture,
			"tls.handshake.type == 1",
			"tls.handshake.extensions_server_name",
			"tls.handshake.max_fragment_length",
			"tls.handshake.ciphersuite",
			"tls.handshake.version",
		);
		assert.deepEqual(hello, ["localhost", LENGTH_1024, "0xc0ae,0xc02b,0xc023,0x00ff", "0x0303"]);
		const lengths = dissect(capture, "tls.record && tcp.srcport == 443", "tls.record.length").flatMap(([field]) =>
			field!.split(",").map(Number),
		);
		assert.ok(lengths.length > 100 && Math.max(...lengths) <= MOST_RECORD_BYTES, `${Math.max(...lengths)}`);
		assert.deepEqual(dissect(capture, "_ws.malformed || tls.alert_message.level == 2", "frame.number"), [[""]]);
		const types = dissect(capture, "tls.record", "tls.record.content_type")[0];
		assert.deepEqual(types, [HANDSHAKE]);
	} finally {
		recorder.close();
	}
});

test("an address is not named in the hello, and the certificate must be for it", async () => {
	const recorder = await new TcpRecorder(await openssl(...withCertificate())).open();
	try {
		const one = await inTheClear("address");
		await pull("address", "127.0.0.1", recorder.port);
		await one.waitFor(/downloading -> downloaded: version 2\.0\.0/);
		const [name] = dissect(recorder.capture(), "tls.handshake.type == 1", "tls.handshake.extensions_server_name");
		assert.deepEqual(name, [""]);
	} finally {
		recorder.close();
	}
});

test("a server that asks for a certificate gets that of the account; a device that trusts an authority alone has none", async () => {
	const options = [...withCertificate(), "-Verify", "1", "-verify_return_error", "-CAfile", `${certificates}/ca.pem`];
	const files = ["--cert", "client.pem", "--key", "client.key", "--server-cert", "ca.pem"].map((word) =>
		word.startsWith("--") ? word : `${certificates}/${word}`,
	);
	const port = await openssl(...options);
	const one = await start("dev1", `coaps://127.0.0.1:${transport.port}`, ...files);
	await pull("dev1", "localhost", port);
	await one.waitFor(/downloading -> downloaded: version 2\.0\.0/);
	assert.match(peerLog, /CN = dev1/);
	await one.kill();
	const other = await inTheClear("nobody");
	await pull("nobody", "localhost", port);
	await other.waitFor(/result 7: .*TLS: the peer refused the handshake \(alert 40\)/);
});

for (const [suite, number] of [
	["PSK-AES128-CCM8", "0xc0a8"],
	["PSK-AES128-GCM-SHA256", "0xa8"],
	["PSK-AES128-CBC-SHA256", "0xae"],
	["ECDHE-PSK-AES128-CBC-SHA256", "0xc037"],
] as const)
	test(`the key of the account serves for the host that shares it: ${suite}`, async () => {
		const port = await openssl("-nocert", "-psk_identity", "dev2", "-psk", KEY, "-cipher", `${suite}:@SECLEVEL=0`);
		const one = await start("dev2", `coaps://127.0.0.1:${transport.port}`, "--psk-identity", "dev2", "--psk-key", KEY);
		await pull("dev2", "localhost", port);
		await one.waitFor(/idle, result 9: .*https: nothing to know localhost by/);
		await pull("dev2", "127.0.0.1", port);
		await one.waitFor(new RegExp(`TLS: suite ${number}`));
		await one.waitFor(/downloading -> downloaded: version 2\.0\.0/);
	});

test("another key than the server's is told as such", async () => {
	const port = await openssl(
		"-nocert",
		"-psk_identity",
		"dev2",
		"-psk",
		"ff00",
		"-cipher",
		"PSK-AES128-CCM8:@SECLEVEL=0",
	);
	const one = await start("dev2", `coaps://127.0.0.1:${transport.port}`, "--psk-identity", "dev2", "--psk-key", KEY);
	await pull("dev2", "127.0.0.1", port);
	await one.waitFor(/result 7: .*TLS: the pre-shared key is wrong \(alert \d+\)/);
});
