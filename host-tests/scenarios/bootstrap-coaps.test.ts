// The device on XS is bootstrapped over DTLS and registers over the credentials that it was given: pre-shared keys and
// certificates, and with its power cut at any point.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type BootstrapServer, createBootstrapServer } from "../server/bootstrap/bootstrap-server.js";
import { DtlsTransport } from "../server/dtls/dtls-transport.js";
import { hexKey, pskInfo } from "../server/security/security-info.js";
import { type CompanionServer, createServer } from "../server/server.js";
import { makeCertificates } from "../support/certificates.js";
import { DeviceProcess, HOST } from "../support/device-process.js";
import { killAtPoints } from "../support/kill.js";

/** The factory's credentials, which are for the bootstrap server alone. */
const FACTORY_KEY = "b0".repeat(16);
const GIVEN_KEY = "1f".repeat(16);
const folder = mkdtempSync(join(tmpdir(), "lwm2m-xs-bootstrap-"));
let certificates: string;
let server: CompanionServer;
let bootstrap: BootstrapServer;

const pem = (name: string) => readFileSync(`${certificates}/${name}`);
/** A file as the bootstrap server's configuration has bytes. */
const hexOf = (name: string) => pem(name).toString("hex");

before(async () => {
	certificates = makeCertificates();
	const identity = { certificate: pem("server.pem"), privateKey: pem("server.key"), authorities: pem("ca.pem") };
	server = createServer({
		secureTransport: new DtlsTransport({ ...identity, keyOf: (name) => server.security.keyOf(name) }),
	});
	bootstrap = createBootstrapServer({
		secureTransport: new DtlsTransport({ ...identity, keyOf: (name) => bootstrap.security.keyOf(name) }),
	});
	await server.start();
	await bootstrap.start();
});
after(async () => {
	await server.stop();
	await bootstrap.stop();
	rmSync(folder, { recursive: true });
});

/** What the bootstrap server gives to a device: an account with the credentials, on other instances than the factory's. */
function give(endpoint: string, credentials: object, more: object = {}): void {
	bootstrap.configure(endpoint, {
		...more,
		toDelete: ["/0", "/1"],
		security: { "3": { uri: `coaps://${HOST}:${server.coapsPort}`, serverId: 123, ...credentials } },
		// one attempt to register, and then another bootstrap
		servers: { "2": { shortId: 123, lifetime: 300, communicationRetryCount: 1 } },
		onError: "stop",
	});
}

function certificatesToGive(): object {
	return {
		securityMode: "X509",
		publicKeyOrId: hexOf("client.der"),
		serverPublicKey: hexOf("ca.der"),
		secretKey: hexOf("client.key.der"),
	};
}

function blank(endpoint: string, ...options: string[]): DeviceProcess {
	const uri = `coaps://127.0.0.1:${bootstrap.coapsPort}`;
	return new DeviceProcess("--bootstrap", uri, "--endpoint", endpoint, "--shell", "off", ...options);
}

/** A device with the factory's key, for which the server's own is ready. */
function blankWithKey(endpoint: string, ...options: string[]): DeviceProcess {
	const identity = `${endpoint}-given`;
	bootstrap.security.add(pskInfo(endpoint, `${endpoint}-factory`, hexKey(FACTORY_KEY)));
	server.security.add(pskInfo(endpoint, identity, hexKey(GIVEN_KEY)));
	const publicKeyOrId = Buffer.from(identity).toString("hex");
	give(endpoint, { securityMode: "PSK", publicKeyOrId, secretKey: GIVEN_KEY });
	return blank(endpoint, "--psk-identity", `${endpoint}-factory`, "--psk-key", FACTORY_KEY, ...options);
}

async function isProvisioned(one: DeviceProcess, endpoint: string): Promise<void> {
	await one.waitFor(new RegExp(`Bootstrap registration done \\(EP='${endpoint}'\\)`));
	await one.waitFor(/Bootstrap transfer complete/);
	await one.waitFor(/Registration Done/);
	assert.equal((await server.device(endpoint).read([1, 2, 0])).code, "2.05");
	const { links } = server.registrations.byEndpoint(endpoint)!;
	assert.ok(links.some(({ url }) => url === "/1/2"));
}

test("LightweightM2M-1.1-int-1: bootstrap over a PSK channel, and registration with the key that it gave", async () => {
	const one = blankWithKey("int-1");
	try {
		await isProvisioned(one, "int-1");
		assert.equal(server.registrations.byEndpoint("int-1")!.peer.identity, "int-1-given");
		assert.ok(!one.log.includes(GIVEN_KEY) && !one.log.includes(FACTORY_KEY));
	} finally {
		await one.kill();
	}
});

test("LightweightM2M-1.1-int-2: bootstrap over a channel with certificates, and registration with those that it gave", async () => {
	bootstrap.security.add({ endpoint: "dev1", mode: "x509" });
	server.security.add({ endpoint: "dev1", mode: "x509" });
	give("dev1", certificatesToGive());
	const files = [
		["--cert", "client.pem"] as const,
		["--key", "client.key"] as const,
		["--server-cert", "ca.pem"] as const,
	];
	const one = blank("dev1", ...files.flatMap(([name, file]) => [name, `${certificates}/${file}`]));
	try {
		await isProvisioned(one, "dev1");
		assert.equal(server.registrations.byEndpoint("dev1")!.peer.identity, "dev1");
	} finally {
		await one.kill();
	}
});

test("a Bootstrap-Pack with certificates comes in blocks", async () => {
	bootstrap.security.add(pskInfo("dev1", "dev1-factory", hexKey(FACTORY_KEY)));
	give("dev1", certificatesToGive(), { pack: true });
	const one = blank("dev1", "--psk-identity", "dev1-factory", "--psk-key", FACTORY_KEY, "--lwm2m", "1.2");
	try {
		await isProvisioned(one, "dev1");
		assert.ok(!one.log.includes("Bootstrap-Pack:"));
		assert.equal(server.registrations.byEndpoint("dev1")!.peer.identity, "dev1");
	} finally {
		await one.kill();
	}
});

test("LightweightM2M-1.1-int-7: credentials that the server does not know lead to another bootstrap", async () => {
	const one = blankWithKey("int-7", "--time-scale", "20");
	server.security.remove("int-7");
	try {
		await one.waitFor(/Bootstrap transfer complete/);
		await one.waitFor(/<err> .*DTLS: .*identity/i);
		server.security.add(pskInfo("int-7", "int-7-given", hexKey(GIVEN_KEY)));
		await one.waitFor(/Bootstrap transfer complete/);
		await one.waitFor(/Registration Done/);
	} finally {
		await one.kill();
	}
});

test("kill -9 at 50 points of a bootstrap over coaps: with the same storage the device ends registered", async () => {
	const logs = await killAtPoints(50, folder, (storage) => blankWithKey("killed", "--storage", storage));
	assert.ok(logs.some((log) => !log.includes("Bootstrap registration done")));
	assert.ok(logs.some((log) => log.includes("Bootstrap registration done") && !log.includes("Registration Done")));
});
