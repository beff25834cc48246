// Requests that come in blocks. RFC 7959 2.3, 2.5.
import { blockBytes, blockNumber, blockOption, blockSzx, hasMore, MAX_BLOCK_NUMBER } from "../../src/coap/block.js";
import {
	BAD_REQUEST,
	CHANGED,
	CONTENT,
	CONTINUE,
	CREATED,
	FETCH,
	POST,
	PUT,
	REQUEST_ENTITY_INCOMPLETE,
	REQUEST_ENTITY_TOO_LARGE,
	SERVICE_UNAVAILABLE,
	SIZE1,
} from "../../src/coap/numbers.js";
import { COMPLETE } from "../../src/coap/transfer.js";
import { BLOCK_TRANSFER_MS, REPRESENTATION_BYTES } from "../../src/config.js";
import type { CoapFields } from "../support/coap.js";
import { equal, test, toHex } from "../support/test.js";
import { message } from "./in-hand.js";
import { Bench, block2, bytesOf, option, SIZES, take } from "./transfer-cases.js";

test("a block option is its number, its flag and its size", () => {
	for (const [number, isMore, szx, value] of [
		[0, false, 0, 0],
		[0, true, 6, 14],
		[1, false, 2, 18],
		[15, true, 6, 254],
		[16, false, 0, 256],
		[MAX_BLOCK_NUMBER, true, 6, 0xfffffe],
	] as const) {
		equal(blockOption(number, isMore, szx), value);
		equal([blockNumber(value), hasMore(value), blockSzx(value)], [number, isMore, szx]);
	}
	equal([0, 1, 2, 3, 4, 5, 6].map(blockBytes), SIZES);
});

test("a request without blocks is complete as it is", () => {
	const bench = new Bench();
	take({ code: PUT, path: "3/0/14", payload: "+02:00" });
	equal(bench.transfer.receive(bench.now), COMPLETE);
	equal(bench.transfer.bytes === message.rx, true);
	equal(toHex(bench.payload), "2b30323a3030");
	take({ code: POST, path: "3/0/4" });
	equal(bench.transfer.receive(bench.now), COMPLETE);
	equal(bench.payload.length, 0);
	equal(bench.answer(CHANGED), "none");
});

test("blocks of every size are put together, with and without the size in advance", () => {
	for (const size of SIZES)
		for (const length of [1, size - 1, size, size + 1, 3 * size, 5 * size - 3])
			for (const hint of [undefined, length]) {
				const bench = new Bench();
				const payload = bytesOf(length);
				const last = Math.ceil(length / size) - 1;
				for (let number = 0; number <= last; number++) {
					const options: CoapFields["options"] =
						hint === undefined || number > 0 ? [] : [[SIZE1, Uint8Array.of(hint >> 8, hint & 0xff)]];
					const outcome = bench.put(payload, number, size, { options });
					equal(outcome, number < last ? CONTINUE : COMPLETE, `block ${number} of ${length} in ${size}`);
					equal(bench.answer(number < last ? CONTINUE : CHANGED), `${number}/${number < last ? 1 : 0}/${size}`);
				}
				equal(bench.payload, payload, `${length} in ${size}`);
			}
});

test("the largest representation is taken", () => {
	for (const size of [16, 1024]) {
		const bench = new Bench();
		const payload = bytesOf(REPRESENTATION_BYTES);
		const last = REPRESENTATION_BYTES / size - 1;
		for (let number = 0; number < last; number++) equal(bench.put(payload, number, size), CONTINUE);
		equal(bench.put(payload, last, size), COMPLETE);
		equal(bench.payload, payload);
	}
});

test("more than the largest representation is refused, with the largest size", () => {
	const bench = new Bench();
	const payload = bytesOf(REPRESENTATION_BYTES + 1);
	const last = REPRESENTATION_BYTES / 1024;
	for (let number = 0; number < last; number++) equal(bench.put(payload, number, 1024), CONTINUE);
	equal(bench.put(payload, last, 1024), REQUEST_ENTITY_TOO_LARGE);
	equal(bench.answer(REQUEST_ENTITY_TOO_LARGE), `${last}/0/1024 ${REPRESENTATION_BYTES}`);
	// nothing of it is left
	equal(bench.transfer.step(bench.now), Number.POSITIVE_INFINITY);
	equal(bench.put(payload, 1, 1024), REQUEST_ENTITY_INCOMPLETE);
});

test("a size that is too large is refused with the first block", () => {
	const bench = new Bench();
	const size = (bytes: number): NonNullable<CoapFields["options"]> => [
		[SIZE1, Uint8Array.of(bytes >> 16, bytes >> 8, bytes)],
	];
	equal(bench.put(bytesOf(4000), 0, 1024, { options: size(REPRESENTATION_BYTES + 1) }), REQUEST_ENTITY_TOO_LARGE);
	equal(bench.put(bytesOf(4000), 0, 1024, { options: size(REPRESENTATION_BYTES) }), CONTINUE);
	take({ code: PUT, path: "5/0/0", block1: option(MAX_BLOCK_NUMBER, false, 1024), payload: "x" });
	equal(bench.transfer.receive(bench.now), REQUEST_ENTITY_TOO_LARGE);
});

test("a first block that comes again begins anew", () => {
	const bench = new Bench();
	const old = bytesOf(300, 3);
	const payload = bytesOf(300, 5);
	equal(bench.put(old, 0, 64), CONTINUE);
	equal(bench.put(old, 0, 64), CONTINUE);
	equal(bench.put(old, 1, 64), CONTINUE);
	for (let number = 0; number < 4; number++) equal(bench.put(payload, number, 64), CONTINUE);
	equal(bench.put(payload, 4, 64), COMPLETE);
	equal(bench.payload, payload);
});

test("a block in the middle that comes again is taken again", () => {
	const bench = new Bench();
	const payload = bytesOf(200);
	for (const number of [0, 1, 1, 2, 2, 2]) equal(bench.put(payload, number, 64), CONTINUE);
	equal(bench.put(payload, 3, 64), COMPLETE);
	equal(bench.payload, payload);
});

test("a last block that comes again with a new message id gets the same answer, and is not complete again", () => {
	for (const code of [CHANGED, CREATED, BAD_REQUEST]) {
		const bench = new Bench();
		const payload = bytesOf(100);
		equal(bench.put(payload, 0, 64), CONTINUE);
		equal(bench.put(payload, 1, 64), COMPLETE);
		equal(bench.answer(code), "1/0/64");
		equal(bench.put(payload, 1, 64), code);
		equal(bench.answer(code), "1/0/64");
		equal(bench.put(payload, 1, 64), code);
		// of another request it is one that lacks the first
		equal(bench.put(payload, 1, 64, { path: "5/0/1" }), REQUEST_ENTITY_INCOMPLETE);
		equal(bench.put(payload, 1, 64, { code: POST }), REQUEST_ENTITY_INCOMPLETE);
		equal(bench.put(bytesOf(150), 2, 64), REQUEST_ENTITY_INCOMPLETE);
	}
});

test("what other requests are answered meanwhile does not become the answer to the last block", () => {
	const bench = new Bench();
	const payload = bytesOf(100);
	bench.put(payload, 0, 64);
	equal(bench.put(payload, 1, 64), COMPLETE);
	// put off by a handler; a block of another request comes in between
	equal(bench.put(payload, 1, 64, { path: "5/0/1" }), REQUEST_ENTITY_INCOMPLETE);
	equal(bench.answer(REQUEST_ENTITY_INCOMPLETE), "1/0/64");
	equal(bench.put(payload, 1, 64), SERVICE_UNAVAILABLE);
	take({ code: PUT, path: "5/0/0", format: 42, block1: option(1, false, 64) });
	equal(bench.answer(CHANGED), "1/0/64");
	equal(bench.put(payload, 1, 64, { path: "5/0/1" }), REQUEST_ENTITY_INCOMPLETE);
	bench.answer(REQUEST_ENTITY_INCOMPLETE);
	equal(bench.put(payload, 1, 64), CHANGED);
});

test("the answer to the last block is forgotten in time, and when the transfer begins anew", () => {
	const bench = new Bench();
	const payload = bytesOf(100);
	const run = () => {
		bench.put(payload, 0, 64);
		bench.put(payload, 1, 64);
		bench.answer(CHANGED);
	};
	run();
	bench.now += BLOCK_TRANSFER_MS - 1;
	equal(bench.put(payload, 1, 64), CHANGED);
	bench.now += 1;
	equal(bench.put(payload, 1, 64), REQUEST_ENTITY_INCOMPLETE);
	run();
	equal(bench.put(bytesOf(300), 0, 64), CONTINUE);
	equal(bench.put(bytesOf(300), 0, 64, { path: "5/0/1" }), CONTINUE);
	equal(bench.put(payload, 1, 64), REQUEST_ENTITY_INCOMPLETE);
});

test("an answer with content is not repeated: its request begins anew", () => {
	const bench = new Bench();
	const payload = bytesOf(100);
	bench.put(payload, 0, 64, { code: FETCH });
	equal(bench.put(payload, 1, 64, { code: FETCH }), COMPLETE);
	bench.answer(CONTENT);
	equal(bench.put(payload, 1, 64, { code: FETCH }), REQUEST_ENTITY_INCOMPLETE);
});

test("a block after a gap, or without a first, is incomplete", () => {
	const bench = new Bench();
	const payload = bytesOf(500);
	equal(bench.put(payload, 1, 64), REQUEST_ENTITY_INCOMPLETE);
	equal(bench.answer(REQUEST_ENTITY_INCOMPLETE), "1/0/64");
	equal(bench.put(payload, 0, 64), CONTINUE);
	equal(bench.put(payload, 2, 64), REQUEST_ENTITY_INCOMPLETE);
	equal(bench.put(payload, 7, 64), REQUEST_ENTITY_INCOMPLETE);
	// what was missing is still welcome
	equal(bench.put(payload, 1, 64), CONTINUE);
	equal(bench.put(payload, 2, 64), CONTINUE);
});

test("blocks of another request do not mix: path, method and format tell them apart", () => {
	for (const fields of [
		{ path: "5/0/1" },
		{ path: "5/1/0" },
		{ path: "6/0/0" },
		{ path: "5/0/0/0" },
		{ code: POST },
		{ format: 0 },
		{ accept: 42 },
	]) {
		const bench = new Bench();
		const payload = bytesOf(200);
		equal(bench.put(payload, 0, 64), CONTINUE);
		equal(bench.put(payload, 1, 64, fields), REQUEST_ENTITY_INCOMPLETE);
		equal(bench.put(payload, 1, 64), CONTINUE);
	}
});

test("the blocks may become smaller on the way", () => {
	const bench = new Bench();
	const payload = bytesOf(400);
	equal(bench.put(payload, 0, 256), CONTINUE);
	for (let number = 4; number < 6; number++) equal(bench.put(payload, number, 64), CONTINUE);
	equal(bench.put(payload, 6, 64), COMPLETE);
	equal(bench.payload, payload);
});

test("a block in the middle that is not of its size is refused, and so is a last one that is larger", () => {
	const bench = new Bench();
	for (const length of [0, 1, 63, 65, 128]) {
		take({ code: PUT, path: "5/0/0", block1: option(0, true, 64), payload: bytesOf(length) });
		equal(bench.transfer.receive(bench.now), BAD_REQUEST, `${length}`);
	}
	take({ code: PUT, path: "5/0/0", block1: option(0, false, 64), payload: bytesOf(65) });
	equal(bench.transfer.receive(bench.now), BAD_REQUEST);
	take({ code: PUT, path: "5/0/0", block1: option(0, false, 64) });
	equal(bench.transfer.receive(bench.now), COMPLETE);
	equal(bench.payload.length, 0);
});

test("the reserved size is a bad request, RFC 7959 2.2, and not repeated in the answer", () => {
	const bench = new Bench();
	for (const number of [0, 3]) {
		take({ code: PUT, path: "5/0/0", block1: number * 16 + 7, payload: "x" });
		equal(bench.transfer.receive(bench.now), BAD_REQUEST);
		equal(bench.answer(BAD_REQUEST), "none");
	}
	const key = bench.get(7);
	bench.transfer.keep(bytesOf(5000), key, bench.now);
	equal(block2(bench.block()), "refused");
	bench.get(16 + 7);
	equal(block2(bench.block()), "refused");
});

test("an unfinished request is dropped when its time is over, later with every block", () => {
	const bench = new Bench();
	const payload = bytesOf(500);
	bench.put(payload, 0, 64);
	equal(bench.transfer.step(bench.now), bench.now + BLOCK_TRANSFER_MS);
	bench.now += BLOCK_TRANSFER_MS - 1;
	equal(bench.put(payload, 1, 64), CONTINUE);
	equal(bench.transfer.step(bench.now), bench.now + BLOCK_TRANSFER_MS);
	bench.now += BLOCK_TRANSFER_MS - 1;
	bench.transfer.step(bench.now);
	equal(bench.put(payload, 2, 64), CONTINUE);
	bench.now += BLOCK_TRANSFER_MS;
	equal(bench.transfer.step(bench.now), Number.POSITIVE_INFINITY);
	equal(bench.put(payload, 3, 64), REQUEST_ENTITY_INCOMPLETE);
});

test("the memory of a complete request is let go with the next step", () => {
	const bench = new Bench();
	const payload = bytesOf(100);
	bench.put(payload, 0, 64);
	bench.put(payload, 1, 64);
	equal(bench.payload, payload);
	bench.transfer.step(bench.now);
	equal([bench.transfer.bytes.length, bench.transfer.start, bench.transfer.end], [0, 0, 0]);
});
