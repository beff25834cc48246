// Requests of ours whose payload goes in blocks. RFC 7959 2.5.
import { TIMED_OUT } from "../../src/coap/exchange.js";
import {
	ACK,
	BAD_REQUEST,
	BLOCK1,
	CHANGED,
	CONTENT_FORMAT,
	CONTINUE,
	CREATED,
	MAX_TRANSMIT_WAIT,
	NON,
	POST,
	REQUEST_ENTITY_INCOMPLETE,
	REQUEST_ENTITY_TOO_LARGE,
	SIZE1,
	URI_PATH,
	URI_QUERY,
} from "../../src/coap/numbers.js";
import { addNumber, addText } from "../../src/coap/writer.js";
import { type CoapMessage, integers, texts } from "../support/coap.js";
import { equal, ok, test } from "../support/test.js";
import { Bench, bytesOf, Outcomes } from "./exchange-cases.js";
import { message } from "./in-hand.js";

/** The Block1 option of a message as `number/more/bytes`. */
function block1(request: CoapMessage): string {
	const [option] = integers(request, BLOCK1);
	return option === undefined ? "none" : `${option >> 4}/${(option >> 3) & 1}/${16 << (option & 7)}`;
}

function option(number: number, isMore: boolean, bytes: number): number {
	return number * 16 + (isMore ? 8 : 0) + Math.log2(bytes) - 4;
}

test("a large payload goes in blocks of 1024 bytes with the options of the request, the size in the first", () => {
	const bench = new Bench();
	const outcomes = new Outcomes();
	const payload = bytesOf(2500);
	let request = bench.postBlocks(outcomes, payload);
	const seen: string[] = [];
	const taken: number[] = [];
	for (let i = 0; i < 3; i++) {
		seen.push(`${block1(request)} ${integers(request, SIZE1).join()}`);
		equal(
			[texts(request, URI_PATH), integers(request, CONTENT_FORMAT), texts(request, URI_QUERY)],
			[["rd"], [40], ["ep=d1"]],
		);
		equal(request.token.length, 0);
		taken.push(...request.payload);
		if (i === 2) break;
		bench.reply(request, { code: CONTINUE, block1: option(i, true, 1024) });
		request = bench.take();
	}
	equal(seen, ["0/1/1024 2500", "1/1/1024 ", "2/0/1024 "]);
	equal(Uint8Array.from(taken), payload);
	equal(outcomes.list, []);
	bench.reply(request, { code: CREATED, block1: option(2, false, 1024) });
	equal(outcomes.list, [CREATED]);
	equal(bench.exchanges.pending, 0);
});

test("options of any kind precede the blocks: the second has those of the first", () => {
	for (const last of [URI_PATH, CONTENT_FORMAT, URI_QUERY]) {
		const bench = new Bench();
		ok(bench.exchanges.begin(POST));
		addText(message, URI_PATH, "rd");
		if (last >= CONTENT_FORMAT) addNumber(message, CONTENT_FORMAT, 40);
		if (last >= URI_QUERY) addText(message, URI_QUERY, "lt=60");
		ok(bench.exchanges.sendBlocks(new Outcomes(), bytesOf(1025)));
		const first = bench.take();
		bench.reply(first, { code: CONTINUE, block1: option(0, true, 1024) });
		const second = bench.take();
		const others = ({ options }: CoapMessage) =>
			options.filter(([number]) => number < BLOCK1).map(([number]) => number);
		equal(others(second), others(first));
		equal(block1(second), "1/0/1024");
	}
});

test("blocks are as large as the datagram has room for beside the options", () => {
	for (const [queries, block] of [
		[0, 1024],
		[1, 512],
		[3, 256],
		[4, 128],
	] as const) {
		const bench = new Bench();
		ok(bench.exchanges.begin(POST));
		for (let i = 0; i < queries; i++) addText(message, URI_QUERY, "x".repeat(255));
		const fits = bench.exchanges.sendBlocks(new Outcomes(), bytesOf(2000));
		ok(fits, `${queries} long queries`);
		equal(block1(bench.take()), `0/1/${block}`);
	}
	const bench = new Bench();
	ok(bench.exchanges.begin(POST));
	for (let i = 0; i < 5; i++) addText(message, URI_QUERY, "x".repeat(255));
	ok(!bench.exchanges.sendBlocks(new Outcomes(), bytesOf(2000)));
	bench.quiet();
	equal(bench.exchanges.pending, 0);
});

/** Answers the rest of the blocks. @returns `number/more/bytes` of each, and the payload */
function finish(bench: Bench, request: CoapMessage): [string[], Uint8Array] {
	const seen: string[] = [];
	const taken: number[] = [];
	for (;;) {
		seen.push(block1(request));
		taken.push(...request.payload);
		const [value = 0] = integers(request, BLOCK1);
		const isMore = (value & 8) !== 0;
		bench.reply(request, { code: isMore ? CONTINUE : CHANGED, block1: value });
		if (!isMore) return [seen, Uint8Array.from(taken)];
		request = bench.take();
	}
}

test("a server that prefers smaller blocks gets them after the first", () => {
	const bench = new Bench();
	const outcomes = new Outcomes();
	const payload = bytesOf(1500);
	const first = bench.postBlocks(outcomes, payload);
	bench.reply(first, { code: CONTINUE, block1: option(0, true, 128) });
	const [seen, rest] = finish(bench, bench.take());
	equal(seen, ["8/1/128", "9/1/128", "10/1/128", "11/0/128"]);
	equal(rest, payload.slice(1024));
	equal(outcomes.list, [CHANGED]);
});

test("a server that refuses the first block as too large gets smaller ones from the beginning", () => {
	const bench = new Bench();
	const outcomes = new Outcomes();
	const payload = bytesOf(1030);
	bench.reply(bench.postBlocks(outcomes, payload), { code: REQUEST_ENTITY_TOO_LARGE, block1: option(0, false, 512) });
	bench.reply(bench.take(), { code: REQUEST_ENTITY_TOO_LARGE, block1: option(0, false, 256) });
	const [seen, whole] = finish(bench, bench.take());
	equal(seen, ["0/1/256", "1/1/256", "2/1/256", "3/1/256", "4/0/256"]);
	equal(whole, payload);
	equal(outcomes.list, [CHANGED]);
});

test("a refusal as too large that asks for no smaller blocks is the outcome", () => {
	for (const block of [undefined, option(0, true, 1024)]) {
		const bench = new Bench();
		const outcomes = new Outcomes();
		const first = bench.postBlocks(outcomes, bytesOf(3000));
		bench.reply(first, { code: REQUEST_ENTITY_TOO_LARGE, ...(block === undefined ? {} : { block1: block }) });
		equal(outcomes.list, [REQUEST_ENTITY_TOO_LARGE]);
		bench.quiet();
	}
	const bench = new Bench();
	const outcomes = new Outcomes();
	bench.reply(bench.postBlocks(outcomes, bytesOf(3000)), { code: CONTINUE, block1: option(0, true, 1024) });
	bench.reply(bench.take(), { code: REQUEST_ENTITY_TOO_LARGE, block1: option(1, false, 512) });
	equal(outcomes.list, [REQUEST_ENTITY_TOO_LARGE]);
});

test("a server that lost the first blocks gets them again, once", () => {
	const bench = new Bench();
	const outcomes = new Outcomes();
	const payload = bytesOf(2100);
	bench.reply(bench.postBlocks(outcomes, payload), { code: CONTINUE, block1: option(0, true, 1024) });
	bench.reply(bench.take(), { code: REQUEST_ENTITY_INCOMPLETE, block1: option(1, false, 1024) });
	const again = bench.take();
	equal([block1(again), integers(again, SIZE1)], ["0/1/1024", [2100]]);
	bench.reply(again, { code: CONTINUE, block1: option(0, true, 1024) });
	bench.reply(bench.take(), { code: REQUEST_ENTITY_INCOMPLETE, block1: option(1, false, 1024) });
	equal(outcomes.list, [REQUEST_ENTITY_INCOMPLETE]);
	bench.quiet();
});

test("a refusal of any block is the outcome", () => {
	const bench = new Bench();
	const outcomes = new Outcomes();
	bench.reply(bench.postBlocks(outcomes, bytesOf(3000)), { code: CONTINUE, block1: option(0, true, 1024) });
	bench.reply(bench.take(), { code: BAD_REQUEST });
	equal(outcomes.list, [BAD_REQUEST]);
});

test("an answer that continues with another block than the one sent fails the exchange", () => {
	for (const block of [undefined, option(1, true, 1024), option(0, true, 2048)]) {
		const bench = new Bench();
		const outcomes = new Outcomes();
		const first = bench.postBlocks(outcomes, bytesOf(3000));
		bench.reply(first, { code: CONTINUE, ...(block === undefined ? {} : { block1: block }) });
		equal(outcomes.list, [CONTINUE]);
		equal(bench.exchanges.pending, 0);
		bench.quiet();
	}
});

test("an answer that continues after the last block fails the exchange", () => {
	const bench = new Bench();
	const outcomes = new Outcomes();
	const only = bench.postBlocks(outcomes, bytesOf(100));
	equal(block1(only), "0/0/1024");
	bench.reply(only, { code: CONTINUE, block1: option(0, true, 1024) });
	equal(outcomes.list, [CONTINUE]);
});

test("blocks are answered in messages of their own as well, and one that comes again is passed over", () => {
	const bench = new Bench();
	const outcomes = new Outcomes();
	const payload = bytesOf(2100);
	const first = bench.postBlocks(outcomes, payload);
	bench.deliver({ type: ACK, code: 0, mid: first.mid });
	bench.deliver({ type: NON, code: CONTINUE, mid: 1, token: first.token, block1: option(0, true, 1024) });
	const second = bench.take();
	equal(block1(second), "1/1/1024");
	bench.deliver({ type: NON, code: CONTINUE, mid: 1, token: first.token, block1: option(0, true, 1024) });
	bench.deliver({ type: NON, code: CONTINUE, mid: 2, token: first.token, block1: option(0, true, 1024) });
	equal(outcomes.list, []);
	bench.quiet();
	bench.pass(2000);
	equal(bench.take().mid, second.mid);
	bench.deliver({ type: NON, code: CONTINUE, mid: 3, token: first.token, block1: option(1, true, 1024) });
	const third = bench.take();
	bench.reply(third, { code: CHANGED, block1: option(2, false, 1024) });
	equal(outcomes.list, [CHANGED]);
});

test("a time-out in the middle of the blocks ends the exchange", () => {
	const bench = new Bench();
	const outcomes = new Outcomes();
	bench.reply(bench.postBlocks(outcomes, bytesOf(3000)), { code: CONTINUE, block1: option(0, true, 1024) });
	bench.pass(MAX_TRANSMIT_WAIT);
	equal(outcomes.list, [TIMED_OUT]);
	equal(bench.exchanges.pending, 0);
	equal(bench.sent.length, 5);
});

test("cancelling in the middle of the blocks ends the exchange without a word", () => {
	const bench = new Bench();
	const outcomes = new Outcomes();
	bench.reply(bench.postBlocks(outcomes, bytesOf(3000)), { code: CONTINUE, block1: option(0, true, 1024) });
	const second = bench.take();
	bench.exchanges.cancel(outcomes);
	bench.reply(second, { code: CONTINUE, block1: option(1, true, 1024) });
	bench.pass(MAX_TRANSMIT_WAIT);
	bench.quiet();
	equal(outcomes.list, []);
});
