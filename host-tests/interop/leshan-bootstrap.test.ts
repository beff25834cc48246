// The device on XS gets its account from a bootstrap server of Eclipse Leshan 2, over coap and over coaps with pre-shared
// keys, in every content format that it writes, and registers at a server of Leshan 2.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { DeviceProcess } from "../support/device-process.js";
import { Leshan } from "../support/leshan.js";

const BOOTSTRAP_KEY = "000102030405060708090a0b0c0d0e0f";
const KEY = "0f0e0d0c0b0a09080706050403020100";
let bootstrap: Leshan;
let server: Leshan;

before(async () => {
	[bootstrap, server] = await Promise.all([Leshan.bootstrap(), Leshan.server()]);
});
after(async () => {
	await bootstrap?.stop();
	await server?.stop();
});

/** What the bootstrap server does with an endpoint: the format, the account's URI, identity and key, lifetime, deletions. */
async function configure(endpoint: string, format: string, uri: string, identity = "", key = ""): Promise<void> {
	await bootstrap.peer.ask("configure", endpoint, format, uri, identity, key, "7200", "/0", "/1");
}

for (const [format, isSecure] of [
	["TLV", false],
	["SENML_JSON", false],
	["SENML_CBOR", false],
	["TLV", true],
	["SENML_CBOR", true],
] as const)
	test(`${format}, ${isSecure ? "coaps" : "coap"}: Discover, Delete, Write, Finish, registration`, async () => {
		const endpoint = `bootstrapped-${format}-${isSecure}`;
		if (isSecure) await configure(endpoint, format, server.coaps, endpoint, KEY);
		else await configure(endpoint, format, server.coap);
		if (isSecure) {
			await bootstrap.peer.ask("psk", endpoint, `bootstrap-${endpoint}`, BOOTSTRAP_KEY);
			await server.peer.ask("psk", endpoint, endpoint, KEY);
		}
		const credentials = isSecure ? ["--psk-identity", `bootstrap-${endpoint}`, "--psk-key", BOOTSTRAP_KEY] : [];
		const uri = isSecure ? bootstrap.coaps : bootstrap.coap;
		const finished = bootstrap.peer.next("finished", ({ ep }) => ep === endpoint);
		const registered = server.peer.next("registered", ({ ep }) => ep === endpoint);
		const device = new DeviceProcess("--endpoint", endpoint, "--bootstrap", uri, ...credentials, "--shell", "off");
		try {
			await finished;
			await registered;
			await device.waitFor(/Bootstrap transfer complete[\s\S]*Registration Done/);
			const steps = bootstrap.peer.events.filter(({ event, ep }) => event === "step" && ep === endpoint);
			for (const { what } of steps) assert.match(String(what), /^Bootstrap\w+Request (CHANGED|CONTENT|DELETED)/);
			assert.ok(steps.length >= 7, JSON.stringify(steps));
			const operator = server.operator(endpoint);
			assert.equal((await operator.registration()).lifetime, 7200);
			const account = await operator.read("/1");
			assert.deepEqual(Object.keys(account ?? {}).length > 4 && account?.["/1/0/0"], 123);
			assert.equal(account?.["/1/0/2"], 1);
			assert.deepEqual(await operator.read("/2/0/2", "TLV"), { "/2/0/2/123": 15 });
		} finally {
			await device.kill();
		}
	});

test("an endpoint that the bootstrap server does not know is told by the log", async () => {
	const device = new DeviceProcess("--endpoint", "unknown", "--bootstrap", bootstrap.coap, "--shell", "off");
	try {
		await device.waitFor(/Failed with code 4\.\d\d/);
	} finally {
		await device.kill();
	}
});

test("a server asks for a bootstrap by Execute of 1/x/9", async () => {
	const endpoint = "again";
	await configure(endpoint, "SENML_CBOR", server.coap);
	const about = ({ ep }: { ep?: string }) => ep === endpoint;
	let registered = server.peer.next("registered", about);
	const device = new DeviceProcess("--endpoint", endpoint, "--bootstrap", bootstrap.coap, "--shell", "off");
	try {
		await registered;
		registered = server.peer.next("registered", about);
		const finished = bootstrap.peer.next("finished", about);
		await server.operator(endpoint).done("CHANGED", "execute", "/1/0/9");
		await finished;
		await registered;
	} finally {
		await device.kill();
	}
});
