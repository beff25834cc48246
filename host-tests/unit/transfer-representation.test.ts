// Representations that are fetched in blocks. RFC 7959 2.4.
import { MAX_BLOCK_NUMBER } from "../../src/coap/block.js";
import { CONTENT_FORMAT, ETAG, FETCH, MAX_TRANSMIT_SPAN } from "../../src/coap/numbers.js";
import { keyOfRequest } from "../../src/coap/transfer.js";
import { BLOCK_TRANSFER_MS } from "../../src/config.js";
import { type CoapMessage, integers } from "../support/coap.js";
import { equal, ok, test, toHex } from "../support/test.js";
import { Bench, block2, bytesOf, option, SIZES } from "./transfer-cases.js";

function tagOf(answer: CoapMessage | undefined): string {
	return toHex(answer!.options.find(([number]) => number === ETAG)![1]);
}

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
