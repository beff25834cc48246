// The CoAP endpoint over a simulated network: retransmission, duplicates, separate responses, ping, reset.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Reply } from "../coap/assembly.js";
import { CoapEndpoint, type Incoming } from "../coap/endpoint.js";
import { decodeMessage, EMPTY, encodeMessage, type Message } from "../coap/message.js";
import { type CoapSettings, DEFAULT_SETTINGS } from "../coap/numbers.js";
import type { CoapRequest, CoapResponse } from "../coap/transfer.js";
import { ManualClock, peerAt, SimulatedNetwork, settle } from "../simulation/network.js";

type Handler = (request: Incoming) => Reply | Promise<Reply>;

const SERVER = 1;
const CLIENT = 2;

function pair(handler: Handler, settings: Partial<CoapSettings> = {}) {
	const clock = new ManualClock();
	const network = new SimulatedNetwork();
	const all = { ...DEFAULT_SETTINGS, requestTimeoutMs: 100_000, ...settings };
	const server = new CoapEndpoint(network.transport(SERVER), clock, all, handler, () => 0.5);
	const client = new CoapEndpoint(
		network.transport(CLIENT),
		clock,
		all,
		() => ({ code: "4.04" }),
		() => 0.5,
	);
	return { clock, network, server, client };
}

async function outcome(promise: Promise<CoapResponse>, clock: ManualClock, ms: number): Promise<CoapResponse | Error> {
	const caught = promise.catch((error: Error) => error);
	await clock.advance(ms);
	return Promise.race([caught, Promise.resolve(new Error("still under way"))]);
}

const GET: CoapRequest = { method: "GET", path: ["a"] };
const OK: Reply = { code: "2.05", payload: Buffer.from("ok") };

const messagesOf = (network: SimulatedNetwork, from: number): Message[] =>
	network.log.filter((entry) => entry.from === peerAt(from).key).map(({ datagram }) => decodeMessage(datagram)!);

test("a CON request gets its response on the ACK, with the token of eight bytes", async () => {
	const { clock, network, client } = pair(() => OK);
	const response = await outcome(client.request(peerAt(SERVER), GET), clock, 0);
	assert.equal((response as CoapResponse).payload.toString(), "ok");
	const [request] = messagesOf(network, CLIENT);
	const [answer] = messagesOf(network, SERVER);
	assert.equal(request!.token.length, 8);
	assert.equal(answer!.type, "ACK");
	assert.deepEqual(answer!.token, request!.token);
});

test("a lost request is sent again after 2.5, 5, 10 and 20 seconds, then given up", async () => {
	const { clock, network, client } = pair(() => OK);
	const start = clock.now();
	const times: number[] = [];
	network.fate = () => {
		times.push(clock.now() - start);
		return "lose";
	};
	const response = await outcome(client.request(peerAt(SERVER), GET), clock, 90_000);
	assert.match((response as Error).message, /no answer to any retransmission/);
	assert.deepEqual(times, [0, 2500, 7500, 17500, 37500]);
});

test("a lost answer is repeated for the duplicate, and the handler runs once", async () => {
	let runs = 0;
	const { clock, network, client } = pair(() => {
		runs++;
		return OK;
	});
	let answers = 0;
	network.fate = (_datagram, from) => (from === peerAt(SERVER).key && ++answers === 1 ? "lose" : "deliver");
	const response = await outcome(client.request(peerAt(SERVER), GET), clock, 3000);
	assert.equal((response as CoapResponse).code, "2.05");
	assert.equal(runs, 1);
	const [first, second] = messagesOf(network, SERVER);
	assert.deepEqual(second, first);
});

test("a network that doubles everything changes nothing", async () => {
	let runs = 0;
	const { clock, network, client } = pair(() => {
		runs++;
		return OK;
	});
	network.fate = () => "double";
	const response = await outcome(client.request(peerAt(SERVER), GET), clock, 1000);
	assert.equal((response as CoapResponse).code, "2.05");
	assert.equal(runs, 1);
});

test("a message id is free again after the exchange lifetime, not before", async () => {
	let runs = 0;
	const { clock, network } = pair(() => {
		runs++;
		return OK;
	});
	const datagram = encodeMessage({
		type: "CON",
		code: "0.01",
		messageId: 7,
		token: EMPTY,
		options: [],
		payload: EMPTY,
	});
	const send = () => network.transport(9).send(datagram, peerAt(SERVER));
	send();
	await clock.advance(246_000);
	send();
	await clock.advance(0);
	assert.equal(runs, 1);
	await clock.advance(2000);
	send();
	await clock.advance(0);
	assert.equal(runs, 2);
});

test("a slow handler: an empty ACK after a second, then a CON response that is acknowledged", async () => {
	const { clock, network, client } = pair(() => new Promise((resolve) => clockOf().schedule(() => resolve(OK), 4000)));
	const clockOf = () => clock;
	const response = await outcome(client.request(peerAt(SERVER), GET), clock, 5000);
	assert.equal((response as CoapResponse).code, "2.05");
	assert.deepEqual(
		messagesOf(network, SERVER).map(({ type, code }) => `${type} ${code}`),
		["ACK 0.00", "CON 2.05"],
	);
	assert.deepEqual(
		messagesOf(network, CLIENT).map(({ type, code }) => `${type} ${code}`),
		["CON 0.01", "ACK 0.00"],
	);
});

test("with the separate option every response is separate", async () => {
	const { clock, network, client } = pair(() => OK, { separateResponseMs: 100 });
	const response = await outcome(client.request(peerAt(SERVER), GET), clock, 200);
	assert.equal((response as CoapResponse).code, "2.05");
	assert.deepEqual(
		messagesOf(network, SERVER).map(({ type }) => type),
		["ACK", "CON"],
	);
});

test("a NON request gets a NON response", async () => {
	const { clock, network, client } = pair(() => OK);
	const response = await outcome(client.request(peerAt(SERVER), { ...GET, isConfirmable: false }), clock, 0);
	assert.equal((response as CoapResponse).code, "2.05");
	assert.deepEqual(
		network.log.map(({ datagram }) => decodeMessage(datagram)!.type),
		["NON", "NON"],
	);
});

test("a silent peer fails a request at its timeout, and nothing is sent any more", async () => {
	const { clock, network, client } = pair(() => new Promise(() => {}));
	const response = await outcome(client.request(peerAt(SERVER), { ...GET, timeoutMs: 6000 }), clock, 6000);
	assert.match((response as Error).message, /no answer within 6000 ms/);
	const sent = network.log.length;
	await clock.advance(300_000);
	assert.equal(network.log.length, sent);
});

test("a reset ends the request", async () => {
	const { clock, network, client } = pair(() => OK);
	const stranger = network.transport(3);
	stranger.onDatagram = (datagram, peer) => {
		const { messageId } = decodeMessage(datagram)!;
		stranger.send(Buffer.from([0x70, 0, messageId >> 8, messageId & 255]), peer);
	};
	const response = await outcome(client.request(peerAt(3), GET), clock, 0);
	assert.match((response as Error).message, /reset/);
});

test("ping and malformed CON get a reset, malformed NON and strange acknowledgements nothing", async () => {
	const { network } = pair(() => OK);
	const stranger = network.transport(3);
	const answersTo = async (hex: string): Promise<string[]> => {
		const before = network.log.length;
		stranger.send(Buffer.from(hex, "hex"), peerAt(SERVER));
		await settle();
		return network.log.slice(before + 1).map(({ datagram }) => datagram.toString("hex"));
	};
	assert.deepEqual(await answersTo("40001234"), ["70001234"]);
	assert.deepEqual(await answersTo("490112350102030405060708"), ["70001235"], "token of nine bytes");
	assert.deepEqual(await answersTo("40011236ff"), ["70001236"], "payload marker without payload");
	assert.deepEqual(await answersTo("40011237b5"), ["70001237"], "option cut off");
	assert.deepEqual(await answersTo("50011238f0"), []);
	assert.deepEqual(await answersTo("60001239"), []);
	assert.deepEqual(await answersTo("7000123a"), []);
	assert.deepEqual(await answersTo("8001123b"), [], "another version");
	assert.deepEqual(await answersTo("4001"), []);
});

test("a response nobody asked for gets a reset, CON or NON", async () => {
	const { network } = pair(() => OK);
	const stranger = network.transport(3);
	for (const [type, hex] of [
		["CON", "41451111aa60ff31"],
		["NON", "51451112aa60ff31"],
	] as const) {
		const before = network.log.length;
		stranger.send(Buffer.from(hex, "hex"), peerAt(SERVER));
		await settle();
		assert.deepEqual(
			network.log.slice(before + 1).map(({ datagram }) => decodeMessage(datagram)!.type),
			["RST"],
			type,
		);
	}
});

test("a stopped endpoint fails what is under way and leaves no timer", async () => {
	const { clock, client, server } = pair(() => new Promise(() => {}));
	const pending = client.request(peerAt(SERVER), GET).catch((error: Error) => error.message);
	await clock.advance(10);
	await client.stop();
	await server.stop();
	assert.match(String(await pending), /the server stops/);
	assert.equal(clock.pending, 0);
});
