// Queue mode: who is awake, what waits, and in which order it leaves.

import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeMessage, encodeMessage } from "../coap/message.js";
import { RequestFailure } from "../coap/requester.js";
import { SENML_JSON, TEXT } from "../codec/content-format.js";
import { QueueFull } from "../lwm2m/downlink.js";
import { FakeDevice, observed, text, typed } from "../simulation/fake-device.js";
import { world } from "../simulation/world.js";

const QUERY = ["ep=d1", "lt=86400", "lwm2m=1.1", "b=U", "Q"];
const PATHS = [0, 1, 2].map((id) => [3, 0, id]);

/** A device that is registered and asleep. */
async function asleep(options = {}, query = QUERY) {
	const all = await world(options);
	const { device, until, clock, server } = all;
	for (const id of [0, 1, 2, 9]) device.answers.set(`GET /3/0/${id}`, text(`1${id}`));
	await until(device.register(query));
	await clock.advance(93_000);
	const update = () => device.send({ method: "POST", path: device.location });
	const asked = () => device.requests.map(({ path }) => path.join("/"));
	/** A read that is followed without waiting for it. */
	const read = (path: readonly number[]) => {
		const outcome = { text: "" };
		server
			.device("d1")
			.read(path, { format: TEXT })
			.then(
				({ response }) => (outcome.text = response.payload.toString()),
				(error: Error) => (outcome.text = error.message),
			);
		return outcome;
	};
	return { ...all, update, asked, read };
}

test("a device in queue mode is awake for 93 s after each of its messages, with an event for each change", async () => {
	const { device, until, clock, server, names, events } = await world();
	await until(device.register(QUERY));
	const registration = server.registrations.byEndpoint("d1")!;
	await clock.advance(92_000);
	await until(device.send({ method: "POST", path: device.location }));
	await clock.advance(92_999);
	assert.equal(registration.isSleeping, false);
	await clock.advance(1);
	assert.equal(registration.isSleeping, true);
	await until(device.send({ method: "POST", path: device.location }));
	assert.equal(registration.isSleeping, false);
	assert.deepEqual(names(), ["REGISTRATION", "AWAKE", "UPDATED", "SLEEPING", "UPDATED", "AWAKE"]);
	assert.deepEqual(events[3]!.data, { ep: "d1" });
});

test("without queue mode nobody sleeps; UQ is the queue mode of 1.0", async () => {
	const { device, until, clock, server, names } = await world();
	await until(device.register(["ep=d1", "lt=86400", "lwm2m=1.1", "b=U"]));
	await clock.advance(100_000);
	assert.equal(server.registrations.byEndpoint("d1")!.isSleeping, false);
	assert.deepEqual(names(), ["REGISTRATION"]);
	await until(device.register(["ep=d1", "lt=86400", "lwm2m=1.0", "b=UQ"]));
	await clock.advance(93_000);
	assert.equal(server.registrations.byEndpoint("d1")!.isSleeping, true);
});

test("the awake time is an option, and at= of the Register comes before it", async () => {
	for (const [query, awakeMs] of [
		[QUERY, 20_000],
		[[...QUERY, "at=5000"], 5000],
		[[...QUERY, "at=0"], 20_000],
		[[...QUERY, "at=soon"], 20_000],
	] as const) {
		const { device, until, clock, server } = await world({ awakeMs: 20_000 });
		await until(device.register(query));
		await clock.advance(awakeMs - 1);
		assert.equal(server.registrations.byEndpoint("d1")!.isSleeping, false, query.join("&"));
		await clock.advance(1);
		assert.equal(server.registrations.byEndpoint("d1")!.isSleeping, true, query.join("&"));
	}
});

test("operations wait for a sleeping device and leave after its Update, in order, one after the other", async () => {
	const { update, asked, read, device, until, clock, network, server } = await asleep();
	const outcomes = PATHS.map(read);
	await clock.advance(10_000);
	assert.deepEqual([asked(), server.isHolding("d1")], [[], true]);
	let isAnswered = false;
	device.answers.set("GET /3/0/0", async () => {
		await new Promise<void>((resolve) => clock.schedule(resolve, 500));
		isAnswered = true;
		return text("late");
	});
	await until(update());
	assert.deepEqual([asked(), isAnswered], [["3/0/0"], false]);
	const [answer, first] = network.log.slice(-2).map(({ datagram }) => decodeMessage(datagram)!);
	assert.deepEqual([answer!.code, first!.code], ["2.04", "0.01"], "the Update is answered first");
	await clock.advance(500);
	assert.deepEqual(asked(), ["3/0/0", "3/0/1", "3/0/2"]);
	assert.deepEqual(
		outcomes.map(({ text: content }) => content),
		["late", "11", "12"],
	);
	assert.equal(server.isHolding("d1"), false);
});

test("a Send, a notification and a new Register wake as well, a message from elsewhere does not", async () => {
	const pack = Buffer.from('[{"n":"/3/0/9","v":1}]');
	for (const way of ["send", "notify", "register", "stranger"]) {
		const { asked, read, device, until, clock, server, network } = await asleep();
		read([3, 0, 9]);
		if (way === "send") await until(device.send({ method: "POST", path: ["dp"], payload: pack, format: SENML_JSON }));
		if (way === "register") await until(device.register(QUERY));
		if (way === "stranger") {
			const stranger = new FakeDevice(network, clock, 50, 1);
			await until(stranger.send({ method: "POST", path: ["dp"], payload: pack, format: SENML_JSON }));
		}
		if (way === "notify") {
			const { token } = server.observations.begin(server.registrations.byEndpoint("d1")!, "single", [[3, 0, 9]], {
				method: "GET",
				path: ["3", "0", "9"],
			});
			const { options = [] } = typed(TEXT, Buffer.alloc(0), observed(2));
			device.raw(encodeMessage({ type: "CON", code: "2.05", messageId: 7, token, options, payload: Buffer.from("5") }));
			await clock.advance(0);
		}
		assert.deepEqual(asked(), way === "stranger" ? [] : ["3/0/9"], way);
	}
});

test("an Observe that waited through a new Register is an observation of the new registration", async () => {
	const { device, until, clock, server } = await asleep();
	device.answers.set("GET /3/0/9", typed(TEXT, Buffer.from("1"), observed(1)));
	const observing = server.device("d1").observe([3, 0, 9]);
	await until(device.register(QUERY));
	assert.equal((await until(observing)).code, "2.05");
	await clock.advance(0);
	assert.equal(server.observations.of(server.registrations.byEndpoint("d1")!).length, 1);
});

test("operations are bounded, and fail when the registration ends", async () => {
	const { read, device, until, clock, server, asked } = await asleep({ queueLimit: 2 });
	const outcomes = [read([3, 0, 0]), read([3, 0, 1])];
	await assert.rejects(until(server.device("d1").read([3, 0, 2])), QueueFull);
	await until(device.send({ method: "DELETE", path: device.location }));
	await clock.advance(0);
	for (const { text: message } of outcomes) assert.match(message, /the registration of d1 ended/);
	assert.deepEqual(asked(), []);
});

test("a Register without queue mode gets what waited for the earlier one", async () => {
	const { read, device, until, server } = await asleep();
	const outcome = read([3, 0, 9]);
	await until(device.register(["ep=d1", "lt=60", "lwm2m=1.1", "b=U"]));
	assert.deepEqual([outcome.text, server.isHolding("d1")], ["19", false]);
});

test("a device that does not answer is taken for asleep; what is left waits for its next message", async () => {
	const { read, update, device, until, clock, server, network, asked } = await asleep();
	const outcomes = PATHS.map(read);
	network.fate = (_datagram, _from, to) => (to === device.transport.key ? "lose" : "deliver");
	update().catch(() => {});
	await clock.advance(5000);
	assert.match(outcomes[0]!.text, /no answer within 5000 ms/);
	assert.equal(server.registrations.byEndpoint("d1")!.isSleeping, true);
	assert.equal(outcomes[1]!.text, "");
	network.fate = () => "deliver";
	await until(update());
	assert.deepEqual([outcomes[1]!.text, outcomes[2]!.text], ["11", "12"]);
	assert.deepEqual(asked(), ["3/0/1", "3/0/2"]);
});

test("stopping the server fails what waits", async () => {
	const { server, until } = await asleep();
	const waiting = server.request("d1", { method: "GET", path: "/3/0/9" });
	waiting.catch(() => {});
	await server.stop();
	await assert.rejects(until(waiting), RequestFailure);
});
