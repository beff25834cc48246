// Notifications, their cancellation, and Send against a device made of canned answers.

import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeMessage, EMPTY, encodeMessage } from "../coap/message.js";
import { SENML_JSON, TEXT } from "../codec/content-format.js";
import { FakeDevice, observed, text, typed } from "../simulation/fake-device.js";
import { QUERY, world } from "../simulation/world.js";

test("an Update from a new address moves the registration and its observations", async () => {
	const { device, until, server, clock, network, names } = await world();
	await until(device.register(QUERY));
	device.answers.set("GET /3/0/9", typed(TEXT, Buffer.from("1"), observed(1)));
	await until(server.device("d1").observe([3, 0, 9]));
	const [observation] = server.observations.of(server.registrations.byEndpoint("d1")!);
	const moved = new FakeDevice(network, clock, 77, 1);
	const notify = (messageId: number) => {
		const options = typed(TEXT, EMPTY, observed(messageId)).options!;
		const { token } = observation!;
		moved.raw(encodeMessage({ type: "CON", code: "2.05", messageId, token, options, payload: Buffer.from("2") }));
	};
	notify(10);
	await clock.advance(0);
	const last = () => decodeMessage(network.log[network.log.length - 1]!.datagram)!.type;
	assert.equal(last(), "RST");
	assert.equal((await until(moved.send({ method: "POST", path: device.location }))).code, "2.04");
	assert.equal(server.registrations.byEndpoint("d1")!.peer.port, 77);
	notify(11);
	await clock.advance(0);
	assert.equal(last(), "ACK");
	assert.equal(names().pop(), "NOTIFICATION");
	moved.answers.set("GET /3/0/0", text("moved"));
	const answer = await until(server.device("d1").read([3, 0, 0], { format: TEXT }));
	assert.equal(answer.code, "2.05");
});

test("Send: SenML JSON with times gives an event with the newest values and all samples", async () => {
	const { device, until, events, clock } = await world();
	await until(device.register(QUERY));
	const pack = '[{"bn":"/3303/0/5700","t":-10,"v":20.5},{"t":-5,"v":21.5}]';
	const send = (payload: string, format = SENML_JSON) =>
		until(device.send({ method: "POST", path: ["dp"], payload: Buffer.from(payload), format }));
	assert.equal((await send(pack)).code, "2.04");
	const { name, data } = events[1]!;
	assert.equal(name, "SEND");
	assert.deepEqual(data["val"], {
		"/3303/0/5700": { kind: "singleResource", id: 5700, type: "FLOAT", value: "21.5" },
	});
	assert.deepEqual(
		(data["samples"] as { timestamp: number; value: string }[]).map(({ timestamp, value }) => [timestamp, value]),
		[
			[clock.now() - 10_000, "20.5"],
			[clock.now() - 5000, "21.5"],
		],
	);
	assert.equal((await send("[]")).code, "4.00");
	assert.equal((await send("nonsense")).code, "4.00");
	assert.equal((await send(pack, TEXT)).code, "4.15");
	await until(device.send({ method: "DELETE", path: device.location }));
	assert.equal((await send(pack)).code, "4.04");
});

test("cancelling: passively the next notification gets a reset, actively the device gets Observe=1", async () => {
	const { device, until, server, clock, network } = await world();
	await until(device.register(QUERY));
	device.answers.set("GET /3/0/9", typed(TEXT, Buffer.from("1"), observed(1)));
	await until(server.device("d1").observe([3, 0, 9]));
	const { token } = server.observations.of(server.registrations.byEndpoint("d1")!)[0]!;
	assert.equal(server.device("d1").cancelPassively("single", [[3, 0, 9]]), 1);
	device.raw(
		encodeMessage({
			type: "NON",
			code: "2.05",
			messageId: 5,
			token,
			options: [observed(2)],
			payload: Buffer.from("2"),
		}),
	);
	await clock.advance(0);
	assert.equal(decodeMessage(network.log[network.log.length - 1]!.datagram)!.type, "RST");
	await until(server.device("d1").observe([3, 0, 9]));
	const answer = await until(server.device("d1").cancelActively("single", [[3, 0, 9]]));
	assert.equal(answer?.code, "2.05");
	const message = decodeMessage(network.log[network.log.length - 2]!.datagram)!;
	assert.deepEqual(message.options.find(({ number }) => number === 6)?.value, Buffer.from([1]));
	assert.equal(await until(server.device("d1").cancelActively("single", [[3, 0, 9]])), undefined);
});

test("a notification during an active cancellation is not taken for its response", async () => {
	const { device, until, server, clock, names } = await world();
	await until(device.register(QUERY));
	device.answers.set("GET /3/0/9", typed(TEXT, Buffer.from("1"), observed(1)));
	await until(server.device("d1").observe([3, 0, 9]));
	const { token } = server.observations.of(server.registrations.byEndpoint("d1")!)[0]!;
	device.answers.set("GET /3/0/9", async () => {
		const options = [observed(2)];
		device.raw(encodeMessage({ type: "NON", code: "2.05", messageId: 5, token, options, payload: Buffer.from("7") }));
		await new Promise<void>((resolve) => clock.schedule(resolve, 500));
		return text("8");
	});
	const answer = await until(server.device("d1").cancelActively("single", [[3, 0, 9]]), 1000);
	assert.equal(answer?.response.payload.toString(), "8");
	assert.deepEqual(names(), ["REGISTRATION", "NOTIFICATION"]);
});

test("an old notification that arrives late is acknowledged and not reported", async () => {
	const { device, until, server, clock, names } = await world();
	await until(device.register(QUERY));
	device.answers.set("GET /3/0/9", typed(TEXT, Buffer.from("1"), observed(1)));
	await until(server.device("d1").observe([3, 0, 9]));
	const { token } = server.observations.of(server.registrations.byEndpoint("d1")!)[0]!;
	for (const [messageId, sequence] of [
		[5, 4],
		[6, 3],
	]) {
		const options = [observed(sequence!)];
		device.raw(
			encodeMessage({ type: "CON", code: "2.05", messageId: messageId!, token, options, payload: Buffer.from("9") }),
		);
		await clock.advance(0);
	}
	assert.equal(names().filter((name) => name === "NOTIFICATION").length, 1);
});
