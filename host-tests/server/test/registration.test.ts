// The registration interface against a device made of canned answers.

import assert from "node:assert/strict";
import { test } from "node:test";
import { TEXT } from "../codec/content-format.js";
import { EVENT_NAMES } from "../events.js";
import { type CompanionServer, createServer } from "../server.js";
import { FakeDevice, LINKS, observed, typed } from "../simulation/fake-device.js";
import { ManualClock, SimulatedNetwork } from "../simulation/network.js";
import { QUERY, world } from "../simulation/world.js";

const idOf = (server: CompanionServer): string => server.registrations.byEndpoint("d1")!.id;

test("Register: 2.01, a location of rd and ten characters, a REGISTRATION event with the links", async () => {
	const { device, events, until } = await world();
	const response = await until(device.register([...QUERY, "Q", "at=5000"]));
	assert.equal(response.code, "2.01");
	assert.equal(device.location[0], "rd");
	assert.match(device.location[1]!, /^[A-Za-z0-9]{10}$/);
	const { name, data } = events[0]!;
	assert.equal(name, "REGISTRATION");
	assert.ok(EVENT_NAMES.includes(name));
	assert.equal(data["lifetime"], 60);
	assert.equal(data["queuemode"], true);
	assert.deepEqual(data["additionalRegistrationAttributes"], { at: "5000" });
	assert.deepEqual(data["availableInstances"], { 1: [0], 3: [0], 3303: [0] });
	assert.equal(data["address"], "10.0.0.1:2");
});

test("Register: the refusals", async () => {
	const { device, until, server } = await world();
	const cases: [string, string[], string, object][] = [
		["4.00", ["lwm2m=1.1"], LINKS, {}],
		["4.00", ["ep=", "lwm2m=1.1"], LINKS, {}],
		["4.00", ["ep=d1"], LINKS, {}],
		["4.12", ["ep=d1", "lwm2m=1.2"], LINKS, {}],
		["4.12", ["ep=d1", "lwm2m=2.0"], LINKS, {}],
		["4.00", [...QUERY, "lt=x"], LINKS, {}],
		["4.00", [...QUERY, "lt=0"], LINKS, {}],
		["4.00", [...QUERY, "b=UQ"], LINKS, {}],
		["4.00", [...QUERY, "Q=1"], LINKS, {}],
		["4.00", ["ep=d1", "lwm2m=1.0", "Q"], LINKS, {}],
		["4.00", QUERY, "", {}],
		["4.00", QUERY, "</3/0", {}],
		["4.15", QUERY, LINKS, { format: 50 }],
		["4.00", QUERY, LINKS, { isConfirmable: false }],
		["4.05", QUERY, LINKS, { method: "PUT" }],
	];
	for (const [code, query, links, parts] of cases) {
		const response = await until(device.register(query, links, parts));
		assert.equal(response.code, code, `${query.join("&")} ${JSON.stringify(parts)}`);
	}
	assert.equal(server.registrations.size, 0);
});

test("Register: 1.0 has the queue mode in its binding, 1.2 is an option", async () => {
	const { device, until, server } = await world({ versions: ["1.0", "1.1", "1.2"] });
	await until(device.register(["ep=d1", "lwm2m=1.0", "b=UQ"]));
	assert.equal(server.registrations.byEndpoint("d1")!.isQueueMode, true);
	assert.equal(server.registrations.byEndpoint("d1")!.lifetimeSeconds, 86400);
	assert.equal((await until(device.register(["ep=d2", "lwm2m=1.2"]))).code, "2.01");
});

test("Register of a list larger than a block arrives with Block1", async () => {
	const { device, until, server } = await world();
	const links = LINKS + Array.from({ length: 200 }, (_, at) => `,</3304/${at}>`).join("");
	assert.ok(links.length > 2048);
	assert.equal((await until(device.register(QUERY, links))).code, "2.01");
	assert.equal(server.registrations.byEndpoint("d1")!.links.length, 204);
});

test("Register again replaces the registration and its observations", async () => {
	const { device, until, server, names } = await world();
	await until(device.register(QUERY));
	device.answers.set("GET /3/0/9", typed(TEXT, Buffer.from("1"), observed(1)));
	await until(server.device("d1").observe([3, 0, 9]));
	const first = idOf(server);
	await until(device.register(QUERY));
	assert.notEqual(idOf(server), first);
	assert.equal(server.observations.of(server.registrations.byEndpoint("d1")!).length, 0);
	assert.deepEqual(names(), ["REGISTRATION", "DEREGISTRATION", "REGISTRATION"]);
	assert.equal((await until(device.send({ method: "POST", path: ["rd", first] }))).code, "4.04");
});

test("Update: lifetime, links, and none of them; unknown ids get 4.04", async () => {
	const { device, until, server, events } = await world();
	await until(device.register(QUERY));
	const update = (query: string[], payload?: string) =>
		until(
			device.send({
				method: "POST",
				path: device.location,
				query,
				...(payload ? { payload: Buffer.from(payload), format: 40 } : {}),
			}),
		);
	assert.equal((await update([])).code, "2.04");
	assert.equal((await update(["lt=300"])).code, "2.04");
	assert.equal(server.registrations.byEndpoint("d1")!.lifetimeSeconds, 300);
	assert.equal((await update([], "</1/0>,</3/0>")).code, "2.04");
	assert.equal(server.registrations.byEndpoint("d1")!.links.length, 2);
	assert.deepEqual((events[2]!.data["update"] as { lifetime: number }).lifetime, 300);
	assert.equal((await update(["lt=-1"])).code, "4.00");
	assert.equal(
		(await until(device.send({ method: "POST", path: device.location, isConfirmable: false }))).code,
		"4.00",
	);
	assert.equal((await until(device.send({ method: "POST", path: ["rd", "0123456789"] }))).code, "4.04");
});

test("Deregister: 2.02 and forgotten; again 4.04", async () => {
	const { device, until, server, events } = await world();
	await until(device.register(QUERY));
	const remove = () => until(device.send({ method: "DELETE", path: device.location }));
	assert.equal((await remove()).code, "2.02");
	assert.equal(server.registrations.size, 0);
	assert.equal(events[1]!.name, "DEREGISTRATION");
	assert.equal(events[1]!.data["reason"], "deregistered");
	assert.equal((await remove()).code, "4.04");
});

test("a lifetime ends without an Update, and starts again with one", async () => {
	const { device, until, server, clock, events } = await world();
	await until(device.register(QUERY));
	await clock.advance(50_000);
	await until(device.send({ method: "POST", path: device.location }));
	await clock.advance(59_000);
	assert.equal(server.registrations.size, 1);
	await clock.advance(2000);
	assert.equal(server.registrations.size, 0);
	assert.equal(events[events.length - 1]!.data["reason"], "expired");
});

test("a registration over a secure transport belongs to its identity", async () => {
	const clock = new ManualClock();
	const network = new SimulatedNetwork();
	const server = createServer({ transport: network.transport(1), secureTransport: network.transport(9, true), clock });
	await server.start();
	assert.equal(server.coapsPort, 9);
	const [owner, thief, plain] = [
		new FakeDevice(network, clock, 2, 9),
		new FakeDevice(network, clock, 3, 9),
		new FakeDevice(network, clock, 4, 1),
	];
	const registered = owner.register(QUERY);
	const event = server.events.waitFor("REGISTRATION");
	await clock.advance(0);
	await registered;
	assert.equal((await event)["secure"], true);
	for (const [device, code] of [
		[thief, "4.00"],
		[plain, "4.00"],
		[owner, "2.04"],
	] as const) {
		const response = device.send({ method: "POST", path: owner.location });
		await clock.advance(0);
		assert.equal((await response).code, code);
	}
});

test("the trace sees every datagram and can lose it; published bytes are served", async () => {
	const { device, until, server } = await world();
	server.publish("/fw/1", Buffer.alloc(3000, 7));
	const response = await until(device.send({ method: "GET", path: ["fw", "1"] }));
	assert.deepEqual(response.payload, Buffer.alloc(3000, 7));
	assert.equal((await until(device.send({ method: "GET", path: ["fw", "2"] }))).code, "4.04");
	assert.equal((await until(device.send({ method: "PUT", path: ["fw", "1"] }))).code, "4.05");
	const seen: string[] = [];
	server.trace = (direction) => {
		seen.push(direction);
		return seen.length > 1;
	};
	assert.equal((await until(device.register(QUERY), 4000)).code, "2.01");
	assert.deepEqual(seen, ["in", "in", "out"]);
});

test("a Write uses a format the device announced", async () => {
	const { device, until, server } = await world();
	const node = { kind: "singleResource", id: 14, type: "STRING", value: "+02" } as const;
	for (const [links, format] of [
		[LINKS, 0],
		['</>;rt="oma.lwm2m";ct="110",</3/0>', 110],
		['</dev>;rt="oma.lwm2m";ct=11542,</dev/3/0>', 11542],
		["</3/0>", 0],
	] as const) {
		await until(device.register(QUERY, links));
		await until(server.device("d1").write([3, 0, 14], node, true));
		assert.equal(device.requests[device.requests.length - 1]!.format, format, links);
	}
	await until(device.register(QUERY, '</dev>;rt="oma.lwm2m",</dev/3/0>'));
	await until(server.device("d1").read([3, 0, 14]));
	assert.deepEqual(device.requests[device.requests.length - 1]!.path, ["dev", "3", "0", "14"]);
});
