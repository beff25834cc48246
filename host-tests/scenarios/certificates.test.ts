// The device on XS over DTLS with certificates: PEM and DER, and each thing that may be wrong with them.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { DtlsTransport } from "../server/dtls/dtls-transport.js";
import { type CompanionServer, createServer } from "../server/server.js";
import { makeCertificates } from "../support/certificates.js";
import { DeviceProcess } from "../support/device-process.js";

let folder: string;
let server: CompanionServer;
let transport: DtlsTransport;

before(async () => {
	folder = makeCertificates();
	const file = (name: string) => readFileSync(`${folder}/${name}`);
	transport = new DtlsTransport({
		certificate: file("server.pem"),
		privateKey: file("server.key"),
		authorities: file("ca.pem"),
	});
	server = createServer({ secureTransport: transport });
	await server.start();
});
after(() => server.stop());

function device(host: string, certificate: string, key: string, authority: string): DeviceProcess {
	const files = [
		"--cert",
		`${folder}/${certificate}`,
		"--key",
		`${folder}/${key}`,
		"--server-cert",
		`${folder}/${authority}`,
	];
	return new DeviceProcess(
		"--endpoint",
		"dev1",
		"--server",
		`coaps://${host}:${transport.port}`,
		"--shell",
		"off",
		...files,
	);
}

for (const [form, certificate, key, authority] of [
	["PEM", "client.pem", "client.key", "ca.pem"],
	["DER", "client.der", "client.key.der", "ca.der"],
	["PEM, the server's own certificate being known", "client.pem", "client.key", "server.pem"],
] as const)
	test(`LightweightM2M-1.1-int-2: a device with certificates in ${form} registers and is read`, async () => {
		const one = device("127.0.0.1", certificate, key, authority);
		try {
			await one.waitFor(/Registration Done/);
			assert.equal((await server.request("dev1", { method: "GET", path: "/3/0/0" })).payload.toString(), "lwm2m-xs");
		} finally {
			await one.stop();
		}
	});

for (const [what, certificate, key, authority, line] of [
	["a server of an unknown authority", "client.pem", "client.key", "other-ca.pem", /DTLS: /],
	["a certificate that the server's authority has not signed", "stranger.pem", "stranger.key", "ca.pem", /DTLS: /],
	["a private key that is not the certificate's", "client.pem", "server.key", "ca.pem", /key/],
] as const)
	test(`${what} is said in one line at error level`, async () => {
		const one = device("127.0.0.1", certificate, key, authority);
		try {
			const [text] = await one.waitFor(/<err> .*/);
			assert.match(text, line);
			assert.ok(!/Registration Done/.test(one.log));
		} finally {
			await one.kill();
		}
	});
