// Block-wise transfer in both roles: sizes that are negotiated, blocks that are lost, content that changes.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Reply } from "../coap/assembly.js";
import { blockOf, blockOption, sizeOf, szxOf } from "../coap/block.js";
import { CoapEndpoint, type Handler, type Incoming } from "../coap/endpoint.js";
import { decodeMessage, encodeMessage, type Message, optionUint, stringOptions } from "../coap/message.js";
import { BLOCK1, BLOCK2, type CoapSettings, DEFAULT_SETTINGS, ETAG, SIZE1, SIZE2, URI_PATH } from "../coap/numbers.js";
import type { CoapRequest, CoapResponse } from "../coap/transfer.js";
import { ManualClock, peerAt, SimulatedNetwork, settle } from "../simulation/network.js";

const DEVICE = 2;
const BODY = Buffer.from(Array.from({ length: 5000 }, (_, at) => (at * 7 + (at >> 8)) & 255));

function network(handler: Handler, device: Partial<CoapSettings> = {}, server: Partial<CoapSettings> = {}) {
	const clock = new ManualClock();
	const net = new SimulatedNetwork();
	const make = (port: number, settings: Partial<CoapSettings>, handle: Handler) =>
		new CoapEndpoint(net.transport(port), clock, { ...DEFAULT_SETTINGS, ...settings }, handle, () => 0);
	const requester = make(1, server, () => ({ code: "4.04" }));
	make(DEVICE, device, handler);
	const request = async (parts: Partial<CoapRequest>, waitMs = 0): Promise<CoapResponse> => {
		const pending = requester.request(peerAt(DEVICE), { method: "GET", path: ["fw"], ...parts });
		pending.catch(() => {});
		await clock.advance(waitMs);
		await settle();
		return pending;
	};
	const sizes = (option: number): number[] =>
		net.log
			.filter(({ from }) => from === peerAt(1).key)
			.map(({ datagram }) => blockOf(decodeMessage(datagram)!, option))
			.map((block) => (block ? sizeOf(block.szx) : 0));
	return { clock, net, request, sizes };
}

test("a large PUT goes out in blocks of 1024 and arrives whole, Size1 in front", async () => {
	const got: Incoming[] = [];
	const { request, sizes, net } = network((incoming) => {
		got.push(incoming);
		return { code: "2.04" };
	});
	const response = await request({ method: "PUT", payload: BODY, format: 42 });
	assert.equal(response.code, "2.04");
	assert.equal(got.length, 1);
	assert.deepEqual(got[0]!.payload, BODY);
	assert.equal(got[0]!.format, 42);
	assert.deepEqual(sizes(BLOCK1), [1024, 1024, 1024, 1024, 1024]);
	assert.equal(optionUint(decodeMessage(net.log[0]!.datagram)!, SIZE1), 5000);
});

test("a device that wants smaller blocks gets them from the second one on", async () => {
	let payload = Buffer.alloc(0);
	const { request, sizes } = network(
		(incoming) => {
			payload = Buffer.from(incoming.payload);
			return { code: "2.04" };
		},
		{ blockSize: 256 },
	);
	assert.equal((await request({ method: "PUT", payload: BODY })).code, "2.04");
	assert.deepEqual(payload, BODY);
	assert.deepEqual(sizes(BLOCK1).slice(0, 3), [1024, 256, 256]);
});

test("4.13 with a smaller block starts again at that size; without one it is the answer", async () => {
	const device = (hint: boolean): Handler => {
		return () => ({ code: "4.13", options: hint ? [blockOption(BLOCK1, { number: 0, hasMore: false, szx: 3 })] : [] });
	};
	let isFirst = true;
	const first = network((incoming) => {
		if (!isFirst) return { code: "2.04", payload: incoming.payload };
		isFirst = false;
		return device(true)(incoming);
	});
	const payload = BODY.subarray(0, 600);
	const response = await first.request({ method: "PUT", payload });
	assert.equal(response.code, "2.04");
	assert.deepEqual(response.payload, payload);
	assert.deepEqual(first.sizes(BLOCK1).slice(0, 3), [0, 128, 128]);
	const second = network(device(false));
	assert.equal((await second.request({ method: "PUT", payload })).code, "4.13");
});

test("a large response is fetched in blocks, at the size of the device", async () => {
	for (const blockSize of [1024, 64]) {
		const etag = { number: ETAG, value: Buffer.from("e1") };
		const { request } = network(() => ({ code: "2.05", payload: BODY, options: [etag] }), { blockSize });
		const response = await request({});
		assert.deepEqual(response.payload, BODY);
		assert.equal(response.blocks, Math.ceil(5000 / blockSize));
		assert.equal(optionUint(response, SIZE2), 5000);
	}
});

test("a block size asked for in advance is kept", async () => {
	const { request, sizes } = network(() => ({ code: "2.05", payload: BODY.subarray(0, 100) }));
	const response = await request({ block2Size: 32 });
	assert.deepEqual(response.payload, BODY.subarray(0, 100));
	assert.deepEqual(sizes(BLOCK2), [32, 32, 32, 32]);
});

test("content that changes between blocks fails the transfer", async () => {
	let version = 0;
	const { request } = network(() => ({
		code: "2.05",
		payload: BODY,
		options: [{ number: ETAG, value: Buffer.from([++version]) }],
	}));
	await assert.rejects(request({}), /changed between two blocks/);
});

test("a body beyond the limit fails the transfer, and a request body gets 4.13", async () => {
	const reading = network(() => ({ code: "2.05", payload: BODY }), {}, { maxBodyBytes: 2000 });
	await assert.rejects(reading.request({}), /more than 2000 bytes/);
	const writing = network(() => ({ code: "2.04" }), { maxBodyBytes: 2000 });
	assert.equal((await writing.request({ method: "PUT", payload: BODY })).code, "4.13");
});

test("every fifth datagram lost, everything else doubled: the transfer still arrives once", async () => {
	const got: Incoming[] = [];
	const { net, request } = network((incoming): Reply => {
		got.push(incoming);
		return { code: "2.04" };
	});
	let count = 0;
	net.fate = () => (++count % 5 === 0 ? "lose" : "double");
	const response = await request({ method: "PUT", payload: BODY, timeoutMs: 60_000 }, 200_000);
	assert.equal(response.code, "2.04");
	assert.deepEqual(
		got.map(({ payload }) => payload),
		[BODY],
	);
});

test("a block out of order gets 4.08, and starting again at block 0 works", async () => {
	const bodies: Buffer[] = [];
	const { net } = network((incoming) => {
		bodies.push(incoming.payload);
		return { code: "2.04" };
	});
	const stranger = net.transport(3);
	let messageId = 0;
	const send = async (number: number, hasMore: boolean): Promise<Message> => {
		const options = [...stringOptions(URI_PATH, ["fw"]), blockOption(BLOCK1, { number, hasMore, szx: 0 })];
		const payload = Buffer.alloc(16, number);
		const message: Message = {
			type: "CON",
			code: "0.03",
			messageId: messageId++,
			token: Buffer.alloc(0),
			options,
			payload,
		};
		stranger.send(encodeMessage(message), peerAt(DEVICE));
		await settle();
		return decodeMessage(net.log[net.log.length - 1]!.datagram)!;
	};
	assert.equal((await send(0, true)).code, "2.31");
	assert.equal((await send(2, true)).code, "4.08");
	assert.equal((await send(1, true)).code, "4.08");
	assert.equal((await send(0, true)).code, "2.31");
	assert.equal((await send(0, true)).code, "2.31");
	assert.equal((await send(1, false)).code, "2.04");
	assert.deepEqual(bodies, [Buffer.concat([Buffer.alloc(16, 0), Buffer.alloc(16, 1)])]);
});

test("block sizes: powers of two from 16 to 1024 only", () => {
	assert.deepEqual([16, 512, 1024].map(szxOf), [0, 5, 6]);
	for (const size of [0, 8, 100, 2048]) assert.throws(() => szxOf(size), RangeError);
	assert.equal(blockOf({ options: [{ number: BLOCK1, value: Buffer.from([0x07]) }] }, BLOCK1), null);
	assert.equal(blockOf({ options: [] }, BLOCK1), undefined);
});
