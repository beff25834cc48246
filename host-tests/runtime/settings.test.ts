// The keys of the manifest's config (platforms/sdk/settings.ts): each does what the simulated device's option does, and what
// cannot be used is said with the key and without what is a secret.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { settingsOf } from "../../platforms/sdk/settings.js";
import { OptionError } from "../../platforms/xs/options.js";
import { makeCertificates } from "../support/certificates.js";

const folder = makeCertificates();
const file = (name: string) => readFileSync(`${folder}/${name}`);
const manifest = JSON.parse(readFileSync("manifest.json", "utf8")) as {
	config: Record<string, string | number | boolean>;
};

test("the manifest's own config is the default of every option", () => {
	assert.deepEqual(settingsOf(manifest.config), settingsOf({}));
	assert.equal(settingsOf({}).start, true);
	assert.equal(settingsOf({}).mayDowngrade, true);
});

test("every key of the manifest's config, but for the network's, is an option's", () => {
	for (const key of Object.keys(manifest.config).filter((name) => name !== "ssid" && name !== "password"))
		assert.throws(
			() => settingsOf({ [key]: ["server", "bootstrap"].includes(key) ? "x" : "e".repeat(201) }),
			(error) => error instanceof OptionError && error.message.includes(key) && !error.message.includes("--"),
			key,
		);
});

test("certificates and keys are contents of files: PEM as it is, or base64 of PEM or DER", () => {
	const names = { cert: "client.pem", key: "client.key", serverCert: "ca.pem", firmwareCa: "ca.pem" };
	const read = (text: (name: string) => string) =>
		settingsOf(Object.fromEntries(Object.entries(names).map(([key, name]) => [key, text(name)])));
	for (const text of [(name: string) => file(name).toString(), (name: string) => file(name).toString("base64")]) {
		const { certificates, firmwareAuthority } = read(text);
		assert.deepEqual(Buffer.from(firmwareAuthority!), file("ca.pem"));
		assert.deepEqual(Buffer.from(certificates!.certificate), file("client.pem"));
		assert.deepEqual(Buffer.from(certificates!.privateKey), file("client.key"));
		assert.deepEqual(Buffer.from(certificates!.server), file("ca.pem"));
	}
	const der = Buffer.from([0x30, 0x03, 0x02, 0x01, 0xff]);
	assert.deepEqual(Buffer.from(settingsOf({ firmwareCa: der.toString("base64") }).firmwareAuthority!), der);
});

const refused: [config: Record<string, string | boolean>, message: string][] = [
	[{ firmwareCa: "ca.pem" }, "firmwareCa content: not the content of a file, as base64 or PEM"],
	[{ firmwareKey: "AAAA" }, "firmwareKey content: not a public key on P-256, PEM or DER"],
	[{ cert: "AAAA" }, "cert, key, serverCert: give all of them or none"],
	[{ cert: "AAAA", key: "?secret?", serverCert: "AAAA" }, "key content: not the content of a file, as base64 or PEM"],
	[
		{ cert: "AAAA", key: "AAAA", serverCert: "AAAA", pskIdentity: "me", pskKey: "00" },
		"pskKey and cert: give one of them",
	],
	[{ noDowngrade: "yes" }, "noDowngrade yes: true or false"],
	[{ noStart: "1" }, "noStart 1: true or false"],
	[{ server: "x" }, "server x: not a URI of the form coap://host[:port] or coaps://host[:port]"],
];
for (const [config, message] of refused)
	test(`refused: ${Object.keys(config).join(", ")}: ${message}`, () =>
		assert.throws(() => settingsOf(config), { name: "OptionError", message }));

test("flags are true or false, as JSON or as a word of mcconfig's", () => {
	for (const value of [true, "true"]) {
		assert.equal(settingsOf({ noStart: value }).start, false);
		assert.equal(settingsOf({ noDowngrade: value }).mayDowngrade, false);
	}
	for (const value of [false, "false", ""])
		assert.equal(settingsOf({ noStart: value, noDowngrade: value }).start, true);
});
