// The device on XS against the companion's servers: bootstrap, queue mode, storage, several ways to lose a server.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type BootstrapServer, createBootstrapServer } from "../server/bootstrap/bootstrap-server.js";
import { type CompanionServer, createServer } from "../server/server.js";
import { DeviceProcess, HOST, isEmulated } from "../support/device-process.js";
import { killAtPoints } from "../support/kill.js";

let server: CompanionServer;
let bootstrap: BootstrapServer;
const folder = mkdtempSync(join(tmpdir(), "lwm2m-xs-life-"));

before(async () => {
	server = createServer();
	bootstrap = createBootstrapServer();
	await server.start();
	await bootstrap.start();
});
after(async () => {
	await server.stop();
	await bootstrap.stop();
	rmSync(folder, { recursive: true });
});

/** A device that knows the bootstrap server, which has this for it. */
function blank(endpoint: string, more: object = {}, ...options: string[]): DeviceProcess {
	bootstrap.configure(endpoint, {
		toDelete: ["/0", "/1"],
		security: { "3": { uri: `coap://${HOST}:${server.coapPort}`, serverId: 123 } },
		servers: { "2": { shortId: 123, lifetime: 300 } },
		...more,
	});
	const uri = `coap://127.0.0.1:${bootstrap.coapPort}`;
	return new DeviceProcess("--bootstrap", uri, "--shell", "off", "--endpoint", endpoint, ...options);
}

test("LightweightM2M-1.1-int-0: client-initiated bootstrap without security, instances of any id", async () => {
	const one = blank("int-0", { discover: true, read: ["/1"] });
	try {
		await one.waitFor(/Bootstrap registration done \(EP='int-0'\)/);
		await one.waitFor(/Bootstrap transfer complete/);
		await one.waitFor(/Registration Done \(EP='int-0'\)/);
		const { links } = server.registrations.byEndpoint("int-0")!;
		assert.ok(links.some(({ url }) => url === "/1/2"));
	} finally {
		await one.kill();
	}
});

for (const contentFormat of ["TLV", "SENML_CBOR", "SENML_JSON"])
	for (const granularity of ["instance", "object", "resource"])
		test(`a bootstrap in ${contentFormat} by ${granularity} ends registered`, async () => {
			const endpoint = `bs-${contentFormat.toLowerCase()}-${granularity}`;
			const one = blank(endpoint, { contentFormat, granularity, onError: "stop" });
			try {
				await one.waitFor(/Registration Done/);
				assert.ok(server.registrations.byEndpoint(endpoint));
			} finally {
				await one.kill();
			}
		});

test("LightweightM2M-1.1-int-5: Execute of the bootstrap trigger", async () => {
	const one = blank("int-5");
	try {
		await one.waitFor(/Registration Done/);
		assert.equal((await server.device("int-5").execute([1, 2, 9])).code, "2.04");
		await one.waitFor(/Server Initiated Bootstrap/);
		await one.waitFor(/Bootstrap transfer complete/);
		await one.waitFor(/Registration Done/);
	} finally {
		await one.kill();
	}
});

test("LightweightM2M-1.1-int-950, 951: a bootstrap gives two servers, access rights and values; each server has its own", async () => {
	const second = createServer();
	await second.start();
	const one = blank("int-950", {
		security: {
			"3": { uri: `coap://${HOST}:${server.coapPort}`, serverId: 123 },
			"7": { uri: `coap://${HOST}:${second.coapPort}`, serverId: 124 },
		},
		servers: { "2": { shortId: 123, lifetime: 300 }, "4": { shortId: 124, lifetime: 600 } },
		acls: [{ objectId: 3303, instanceId: 0, rules: { "123": "rwe" }, owner: 65535 }],
		objects: { "3303/5": { "5700": 7.5 } },
		onError: "stop",
	});
	try {
		await one.waitFor(/Registration Done/);
		await one.waitFor(/Registration Done/);
		const [first, other] = [server.device("int-950"), second.device("int-950")];
		assert.deepEqual(
			[server, second].map(({ registrations }) => registrations.byEndpoint("int-950")!.lifetimeSeconds),
			[300, 600],
		);
		assert.equal((await first.read([3303, 0, 5700])).code, "2.05");
		assert.equal((await other.read([3303, 0, 5700])).code, "4.01");
		assert.equal((await other.read([3303, 5, 5700])).code, "2.05");
		assert.equal((await first.writeAttributes([3303, 5, 5700], ["pmin=10"])).code, "2.04");
		assert.equal((await other.writeAttributes([3303, 5, 5700], ["pmin=20"])).code, "2.04");
		for (const [operations, pmin] of [
			[first, "10"],
			[other, "20"],
		] as const) {
			const { links } = await operations.discover([3303, 5, 5700]);
			assert.equal(links?.find(({ url }) => url === "/3303/5/5700")?.attributes["pmin"], pmin);
		}
	} finally {
		await one.kill();
		await second.stop();
	}
});

for (const pack of [true, false])
	test(`a device of 1.2 asks for a Bootstrap-Pack and ${pack ? "gets it" : "does with a bootstrap where there is none"}`, async () => {
		const one = blank(`pack-${pack}`, { pack, toDelete: [], onError: "stop" }, "--lwm2m", "1.2");
		try {
			if (!pack) await one.waitFor(/Bootstrap-Pack: Failed with code 4.05/);
			await one.waitFor(/Bootstrap transfer complete/);
			// and steps down for a server of 1.1
			await one.waitFor(/Server does not speak LwM2M 1.2, trying 1.1/);
			await one.waitFor(/Registration Done/);
			assert.equal(one.log.includes("Bootstrap-Pack:"), !pack);
		} finally {
			await one.kill();
		}
	});

test("a bootstrap that is broken off is tried again, and ends registered", async () => {
	let isBroken = true;
	bootstrap.onStep = (_, index, session) =>
		session.endpoint === "broken" && isBroken && index === 3 ? "stop" : "send";
	const one = blank("broken", {}, "--time-scale", "60");
	try {
		await one.waitFor(/Bootstrap: the server has been silent/);
		isBroken = false;
		await one.waitFor(/Registration Done/);
	} finally {
		await one.kill();
	}
});

test("after a restart with storage the registration goes on with an Update; what was provisioned is kept", async () => {
	const storage = join(folder, "kept");
	const first = blank("kept", {}, "--storage", storage);
	await first.waitFor(/Registration Done/);
	const { id, peer } = server.registrations.byEndpoint("kept")!;
	// the step after the registration saves it; the first Read may be answered in the same turn, a later one is not
	for (let i = 0; i < 3; i++) assert.equal((await server.device("kept").read([3, 0, 0])).code, "2.05");
	await first.kill();
	const second = blank("kept", {}, "--storage", storage);
	try {
		await second.waitFor(/Registration \/rd\/\w+ goes on/);
		await second.waitFor(/Registration update complete/);
		const now = server.registrations.byEndpoint("kept")!;
		assert.equal(now.id, id);
		// from where it was: a server drops the observations of another address. The emulator's network gives ports of its own
		if (!isEmulated) assert.equal(now.peer.key, peer.key);
		assert.ok(!second.log.includes("Bootstrap"));
		// a factory reset brings the bootstrap back
		assert.equal((await server.device("kept").execute([3, 0, 5])).code, "2.04");
		await second.waitFor(/Bootstrap transfer complete/);
		await second.waitFor(/Registration Done/);
	} finally {
		await second.kill();
	}
});

test("kill -9 at 50 points of a bootstrap: with the same storage the device ends registered", async () => {
	const logs = await killAtPoints(50, folder, (storage) => blank("killed", {}, "--storage", storage));
	assert.ok(logs.some((log) => !log.includes("Bootstrap transfer complete")));
});

test("LightweightM2M-1.1-int-108: a device in queue mode sleeps, wakes for what it has to tell, and gets what waited", async () => {
	const uri = `coap://127.0.0.1:${server.coapPort}`;
	const options = ["--binding", "UQ", "--time-scale", "60", "--lifetime", "300", "--shell", "off"];
	const one = new DeviceProcess("--server", uri, "--endpoint", "int-108", ...options);
	try {
		await one.waitFor(/Registration Done/);
		await one.waitFor(/Queue mode RX window closed/);
		await one.waitFor(/Registration update complete/);
		await one.waitFor(/Queue mode RX window closed/);
	} finally {
		await one.kill();
	}
});
