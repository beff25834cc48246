// The device on XS against the companion server: the life of its registration.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type CompanionServer, createServer } from "../server/server.js";
import { DeviceProcess } from "../support/device-process.js";

let server: CompanionServer;

before(async () => {
	server = createServer();
	await server.start();
});
after(() => server.stop());

function device(...options: string[]): DeviceProcess {
	return new DeviceProcess("--server", `coap://127.0.0.1:${server.coapPort}`, "--shell", "off", ...options);
}

test("LightweightM2M-1.1-int-101: initial registration", async () => {
	const registered = server.events.waitFor("REGISTRATION");
	const one = device("--endpoint", "int-101");
	try {
		await one.waitFor(/Registration Done \(EP='int-101'\)/);
		assert.deepEqual(
			JSON.parse(JSON.stringify(await registered, ["endpoint", "lifetime", "lwM2mVersion", "bindingMode"])),
			{
				endpoint: "int-101",
				lwM2mVersion: "1.1",
				lifetime: 300,
				bindingMode: "U",
			},
		);
		const { links } = server.registrations.byEndpoint("int-101")!;
		assert.ok(links.some(({ url }) => url === "/3/0"));
	} finally {
		await one.kill();
	}
});

test("LightweightM2M-1.1-int-102: a written lifetime goes out in one Update and not in the next", async () => {
	const one = device("--endpoint", "int-102");
	try {
		await one.waitFor(/Registration Done/);
		const first = server.events.waitFor("UPDATED", (data) => isOf(data, "int-102"));
		assert.equal(
			(await server.request("int-102", { method: "PUT", path: "/1/0/1", payload: "600", format: 0 })).code,
			"2.04",
		);
		await first;
		await one.waitFor(/Update Done[\s\S]*Registration update complete/);
		assert.equal(server.registrations.byEndpoint("int-102")?.lifetimeSeconds, 600);
		const queries: string[] = [];
		server.trace = (direction, datagram) => {
			if (direction === "in" && datagram[1] === 2) queries.push(datagram.toString("latin1"));
			return true;
		};
		const second = server.events.waitFor("UPDATED", (data) => isOf(data, "int-102"));
		assert.equal((await server.request("int-102", { method: "POST", path: "/1/0/8" })).code, "2.04");
		await second;
		assert.equal(queries.length, 1);
		assert.ok(!queries[0]!.includes("lt="));
	} finally {
		server.trace = undefined;
		await one.kill();
	}
});

test("LightweightM2M-1.1-int-103: an interrupted device deregisters and ends with status 0", async () => {
	const one = device("--endpoint", "int-103");
	await one.waitFor(/Registration Done/);
	const gone = server.events.waitFor("DEREGISTRATION", (data) => isOf(data, "int-103"));
	assert.equal(await one.stop(), 0);
	await gone;
	assert.match(one.log, /Deregistration success/);
});

test("LightweightM2M-1.1-int-104: Execute of 1/0/8 makes the device send an Update", async () => {
	const one = device("--endpoint", "int-104");
	try {
		await one.waitFor(/Registration Done/);
		const updated = server.events.waitFor("UPDATED", (data) => isOf(data, "int-104"));
		assert.equal((await server.device("int-104").execute([1, 0, 8])).code, "2.04");
		await updated;
	} finally {
		await one.kill();
	}
});

test("LightweightM2M-1.1-int-105: an Update that is answered with 4.04 is followed by a Register", async () => {
	const one = device("--endpoint", "int-105");
	try {
		await one.waitFor(/Registration Done/);
		await server.device("int-105").execute([1, 0, 8]);
		await one.waitFor(/Update Done/);
		const again = server.events.waitFor("REGISTRATION", (data) => isOf(data, "int-105"));
		await server.request("int-105", { method: "PUT", path: "/1/0/1", payload: "60", format: 0 });
		server.registrations.remove(server.registrations.byEndpoint("int-105")!);
		await again;
		await one.waitFor(/Registration Done/);
	} finally {
		await one.kill();
	}
});

test("LightweightM2M-1.1-int-107: Updates in time extend the lifetime", async () => {
	const one = device("--endpoint", "int-107", "--lifetime", "60", "--time-scale", "50");
	try {
		await one.waitFor(/Registration Done/);
		for (let i = 0; i < 3; i++) await one.waitFor(/Registration update complete/);
	} finally {
		await one.kill();
	}
});

test("a device of LwM2M 1.2 steps down at a server that speaks 1.1", async () => {
	const one = device("--endpoint", "step", "--lwm2m", "1.2");
	try {
		await one.waitFor(/Server does not speak LwM2M 1\.2, trying 1\.1/);
		await one.waitFor(/Registration Done/);
		assert.equal(server.registrations.byEndpoint("step")?.version, "1.1");
	} finally {
		await one.kill();
	}
});

test("a device of LwM2M 1.0 announces the objects of 1.0", async () => {
	const one = device("--endpoint", "old", "--lwm2m", "1.0", "--binding", "UQ");
	try {
		await one.waitFor(/Registration Done/);
		const { version, links } = server.registrations.byEndpoint("old")!;
		assert.equal(version, "1.0");
		assert.ok(!JSON.stringify(links).includes("ver"));
	} finally {
		await one.kill();
	}
});

test("a device without an answer registers when its server comes back", async () => {
	let isReachable = false;
	server.trace = () => isReachable;
	const one = device("--endpoint", "silent", "--time-scale", "100");
	try {
		await one.waitFor(/Registration: no answer/);
		await one.waitFor(/Next attempt to register in 60 s/);
		isReachable = true;
		await one.waitFor(/Registration Done/);
	} finally {
		server.trace = undefined;
		await one.kill();
	}
});

function isOf(data: object, endpoint: string): boolean {
	return JSON.stringify(data).includes(`"${endpoint}"`);
}
