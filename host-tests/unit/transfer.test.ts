// Block-wise transfer in the server role: requests that come in blocks, representations that go out in blocks. RFC 7959.

import { blockBytes, blockNumber, blockOption, blockSzx, hasMore, MAX_BLOCK_NUMBER } from "../../src/coap/block.js";
import { OK } from "../../src/coap/message.js";
import {
	BAD_REQUEST,
	BLOCK1,
	BLOCK2,
	CHANGED,
	CONTENT,
	CONTENT_FORMAT,
	CONTINUE,
	CREATED,
	ETAG,
	FETCH,
	GET,
	MAX_TRANSMIT_SPAN,
	POST,
	PUT,
	REQUEST_ENTITY_INCOMPLETE,
	REQUEST_ENTITY_TOO_LARGE,
	SERVICE_UNAVAILABLE,
	SIZE1,
	SIZE2,
} from "../../src/coap/numbers.js";
import { parse as messageParse } from "../../src/coap/parse.js";
import { COMPLETE, keyOfRequest, requestKey, Transfer } from "../../src/coap/transfer.js";
import { addNumber, beginAnswer, isWhole } from "../../src/coap/writer.js";
import { BLOCK_TRANSFER_MS, REPRESENTATION_BYTES } from "../../src/config.js";
import { type CoapFields, type CoapMessage, datagram, integers, parse } from "../support/coap.js";
import { equal, ok, test, toHex } from "../support/test.js";
import { message } from "./in-hand.js";

const SIZES = [16, 32, 64, 128, 256, 512, 1024];

function bytesOf(length: number, seed = 7): Uint8Array {
	return new Uint8Array(length).map((_, index) => (index * seed + (index >> 8)) & 0xff);
}

function option(number: number, isMore: boolean, bytes: number): number {
	return blockOption(number, isMore, Math.log2(bytes) - 4);
}

function take(fields: CoapFields): void {
	const bytes = datagram(fields);
	equal(messageParse(message, bytes, bytes.length), OK);
}

/** A transfer whose server is the test. */
class Bench {
	now = 1_000_000;
	readonly transfer = new Transfer(message);

	/** The server sends the block `number` of a payload in blocks of `bytes`. @returns what the transfer says of it */
	put(payload: Uint8Array, number: number, bytes: number, fields: Partial<CoapFields> = {}): number {
		const stop = Math.min((number + 1) * bytes, payload.length);
		take({
			code: PUT,
			path: "5/0/0",
			format: 42,
			block1: option(number, stop < payload.length, bytes),
			payload: payload.slice(number * bytes, stop),
			...fields,
		});
		return this.transfer.receive(this.now);
	}

	/** The whole payload as the transfer has it. */
	get payload(): Uint8Array {
		return this.transfer.bytes.slice(this.transfer.start, this.transfer.end);
	}

	/** The answer to the request in hand with a code, as `number/more/bytes` of its Block1, and Size1. */
	answer(code: number): string {
		beginAnswer(message, code, 1);
		this.transfer.addBlock1(message.block1, code);
		const answer = parse(message.tx.slice(0, message.txLength));
		const [value] = integers(answer, BLOCK1);
		if (value === undefined) return "none";
		const text = `${blockNumber(value)}/${hasMore(value) ? 1 : 0}/${blockBytes(blockSzx(value))}`;
		return [text, ...integers(answer, SIZE1)].join(" ");
	}

	/** The server asks for a representation. @returns its key */
	get(block2: number | undefined, fields: Partial<CoapFields> = {}): number {
		take({ code: GET, path: "3303", accept: 112, ...(block2 === undefined ? {} : { block2 }), ...fields });
		return requestKey(message, message.code);
	}

	/** The answer with a block of what is kept; undefined where it has no such block. */
	block(): CoapMessage | undefined {
		beginAnswer(message, CONTENT, 1);
		this.transfer.addTag();
		addNumber(message, CONTENT_FORMAT, 112);
		if (!this.transfer.addBlock2(message.block2)) return undefined;
		ok(isWhole(message));
		return parse(message.tx.slice(0, message.txLength));
	}
}

function block2(answer: CoapMessage | undefined): string {
	if (!answer) return "refused";
	const value = integers(answer, BLOCK2)[0]!;
	const text = `${blockNumber(value)}/${hasMore(value) ? 1 : 0}/${blockBytes(blockSzx(value))}`;
	return [text, ...integers(answer, SIZE2)].join(" ");
}

function tagOf(answer: CoapMessage | undefined): string {
	return toHex(answer!.options.find(([number]) => number === ETAG)![1]);
}

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

test("every block of every size of a representation is served", () => {
	for (const size of SIZES)
		for (const length of [size - 1, size, size + 1, 3 * size, 5 * size - 3]) {
			const bench = new Bench();
			const bytes = bytesOf(length);
			const first = option(0, false, size);
			bench.transfer.keep(bytes, bench.get(first), bench.now);
			const last = Math.ceil(length / size) - 1;
			const taken: number[] = [];
			for (let number = 0; number <= last; number++) {
				const key = bench.get(option(number, false, size));
				ok(bench.transfer.has(key));
				const answer = bench.block();
				const isMore = number < last ? 1 : 0;
				equal(block2(answer), `${number}/${isMore}/${size}${number === 0 ? ` ${length}` : ""}`);
				equal(integers(answer!, CONTENT_FORMAT), [112]);
				taken.push(...answer!.payload);
			}
			equal(Uint8Array.from(taken), bytes, `${length} in ${size}`);
		}
});

test("a request that names no block gets the first, of 1024 bytes", () => {
	const bench = new Bench();
	const bytes = bytesOf(3000);
	bench.transfer.keep(bytes, bench.get(undefined), bench.now);
	const first = bench.block();
	equal(block2(first), "0/1/1024 3000");
	equal(first!.payload, bytes.slice(0, 1024));
	// the server goes on with smaller ones
	bench.get(option(16, false, 64));
	const next = bench.block();
	equal(block2(next), "16/1/64");
	equal(next!.payload, bytes.slice(1024, 1088));
});

test("the first request may ask for smaller blocks", () => {
	const bench = new Bench();
	bench.transfer.keep(bytesOf(3000), bench.get(option(0, false, 64)), bench.now);
	equal(block2(bench.block()), "0/1/64 3000");
});

test("a block beyond the end is refused, and the flag in a request makes no difference", () => {
	const bench = new Bench();
	const key = bench.get(option(0, false, 64));
	bench.transfer.keep(bytesOf(128), key, bench.now);
	for (const number of [2, 3, 1000, MAX_BLOCK_NUMBER]) {
		bench.get(option(number, false, 64));
		equal(block2(bench.block()), "refused", `${number}`);
	}
	bench.get(option(1, true, 64));
	equal(block2(bench.block()), "1/0/64");
});

test("a representation without bytes has one block without payload", () => {
	const bench = new Bench();
	bench.transfer.keep(bytesOf(0), bench.get(option(0, false, 64)), bench.now);
	const answer = bench.block();
	equal(block2(answer), "0/0/64 0");
	equal(answer!.payload.length, 0);
});

test("the ETag is the same in every block, and another one for other content", () => {
	const bench = new Bench();
	const tags: string[] = [];
	for (const seed of [3, 5]) {
		const bytes = bytesOf(500, seed);
		bench.transfer.keep(bytes, bench.get(option(0, false, 64)), bench.now);
		const first = tagOf(bench.block());
		equal(first.length, 8);
		for (let number = 1; number < 8; number++) {
			bench.get(option(number, false, 64));
			equal(tagOf(bench.block()), first);
		}
		tags.push(first);
	}
	ok(tags[0] !== tags[1]);
	bench.transfer.keep(bytesOf(500, 3), bench.get(option(0, false, 64)), bench.now);
	equal(tagOf(bench.block()), tags[0]);
});

test("the last block is served again when its answer got lost", () => {
	const bench = new Bench();
	const bytes = bytesOf(100);
	bench.transfer.keep(bytes, bench.get(option(0, false, 64)), bench.now);
	const [key, first, again] = [bench.get(option(1, false, 64)), bench.block(), bench.block()];
	equal(block2(first), "1/0/64");
	equal(again, first);
	bench.transfer.step(bench.now);
	bench.now += MAX_TRANSMIT_SPAN - 1;
	bench.transfer.step(bench.now);
	ok(bench.transfer.has(key));
	bench.now += 1;
	equal(bench.transfer.step(bench.now), Number.POSITIVE_INFINITY);
	ok(!bench.transfer.has(key));
});

test("a representation that nobody fetches is dropped when its time is over, later with every block", () => {
	const bench = new Bench();
	const key = bench.get(option(0, false, 64));
	ok(!bench.transfer.has(key));
	bench.transfer.keep(bytesOf(500), key, bench.now);
	equal(bench.transfer.step(bench.now), bench.now + BLOCK_TRANSFER_MS);
	bench.now += BLOCK_TRANSFER_MS - 1;
	bench.transfer.step(bench.now);
	bench.get(option(1, false, 64));
	bench.block();
	equal(bench.transfer.step(bench.now), bench.now + BLOCK_TRANSFER_MS);
	bench.now += BLOCK_TRANSFER_MS - 1;
	bench.transfer.step(bench.now);
	ok(bench.transfer.has(key));
	bench.now += 1;
	equal(bench.transfer.step(bench.now), Number.POSITIVE_INFINITY);
	ok(!bench.transfer.has(key));
});

test("a kept representation belongs to one request: path, method and Accept tell them apart", () => {
	const bench = new Bench();
	const key = bench.get(undefined);
	bench.transfer.keep(bytesOf(3000), key, bench.now);
	ok(bench.transfer.has(bench.get(option(1, false, 64))));
	for (const fields of [{ path: "3304" }, { path: "3303/0" }, { path: "3" }, { accept: 110 }, { code: FETCH }])
		ok(!bench.transfer.has(bench.get(option(1, false, 64), fields)));
	bench.transfer.keep(bytesOf(3000), bench.get(undefined, { path: "3" }), bench.now);
	ok(!bench.transfer.has(key));
});

test("the key of a read is that of a GET of the path", () => {
	const bench = new Bench();
	equal(bench.get(undefined), keyOfRequest(1, 3303, -1, -1, -1, 112, -1));
	equal(bench.get(undefined, { path: "3/0/11/2" }), keyOfRequest(1, 3, 0, 11, 2, 112, -1));
	ok(bench.get(undefined, { path: "3/0" }) !== keyOfRequest(1, 3, -1, -1, -1, 112, -1));
});
