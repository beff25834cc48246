// The token layer: tokens by RFC 7252 5.3.1, separate responses, the ends that an exchange can have, Block1 by RFC 7959 2.
// What it does on a bad network is in exchange-network.test.ts.

import { Endpoint } from "../../src/coap/endpoint.js";
import { Exchanges, type Requester, TIMED_OUT, WAS_RESET } from "../../src/coap/exchange.js";
import {
	ACK,
	BAD_REQUEST,
	BLOCK1,
	CHANGED,
	CON,
	CONTENT,
	CONTENT_FORMAT,
	CONTINUE,
	CREATED,
	EXCHANGE_LIFETIME,
	GET,
	MAX_TRANSMIT_WAIT,
	NON,
	POST,
	REQUEST_ENTITY_INCOMPLETE,
	REQUEST_ENTITY_TOO_LARGE,
	RST,
	SIZE1,
	URI_PATH,
	URI_QUERY,
} from "../../src/coap/numbers.js";
import { addNumber, addText, begin } from "../../src/coap/writer.js";
import { EXCHANGES, TRANSMISSIONS } from "../../src/config.js";
import { type CoapFields, type CoapMessage, datagram, integers, parse, texts } from "../support/coap.js";
import { equal, hex, ok, test, toHex } from "../support/test.js";
import { message } from "./in-hand.js";

/** The exchanges with a server that the test plays. */
class Bench {
	now = 1_000_000;
	sent: Uint8Array[] = [];
	readonly endpoint: Endpoint;
	readonly exchanges: Exchanges;
	#mid = 0x4000;

	constructor() {
		const now = () => this.now;
		const random = () => 0;
		this.endpoint = new Endpoint({
			message,
			send: (bytes, length) => this.sent.push(bytes.slice(0, length)),
			now,
			random,
			onRequest: () => {},
			onResponse: (sender) => this.exchanges.onResponse(sender),
			onReset: () => {},
		});
		this.exchanges = new Exchanges(this.endpoint, now, random);
	}

	/** Sends a POST of `/rd`. @returns the message */
	post(requester: Requester): CoapMessage {
		ok(this.exchanges.begin(POST));
		addText(message, URI_PATH, "rd");
		ok(this.exchanges.send(requester));
		return this.take();
	}

	/** Sends a POST of `/rd` in blocks. @returns the first */
	postBlocks(requester: Requester, payload: Uint8Array): CoapMessage {
		ok(this.exchanges.begin(POST));
		addText(message, URI_PATH, "rd");
		addNumber(message, CONTENT_FORMAT, 40);
		addText(message, URI_QUERY, "ep=d1");
		ok(this.exchanges.sendBlocks(requester, payload));
		return this.take();
	}

	/** The one message that was sent since the last time. */
	take(): CoapMessage {
		equal(this.sent.length, 1, "messages sent");
		return parse(this.sent.pop()!);
	}

	/** Nothing was sent since the last time. */
	quiet(): void {
		equal(this.sent.length, 0, "messages sent");
	}

	deliver(fields: CoapFields): void {
		const bytes = datagram(fields);
		this.endpoint.receive(bytes, bytes.length);
	}

	/** Answers on the acknowledgement. */
	reply(request: CoapMessage, fields: CoapFields): void {
		this.deliver({ type: ACK, mid: request.mid, token: request.token, ...fields });
	}

	/** Answers in a message of its own. @returns its message id */
	separate(request: CoapMessage, fields: CoapFields): number {
		this.#mid++;
		this.deliver({ type: CON, mid: this.#mid, token: request.token, ...fields });
		return this.#mid;
	}

	/** Lets time pass, stepping whenever a layer wants it. */
	pass(durationMs: number): void {
		const end = this.now + durationMs;
		for (;;) {
			const next = Math.min(this.exchanges.step(this.now), this.endpoint.step(this.now));
			if (next > end) break;
			this.now = next;
		}
		this.now = end;
	}
}

class Outcomes implements Requester {
	list: number[] = [];
	onOutcome(outcome: number): void {
		this.list.push(outcome);
	}
}

function bytesOf(length: number): Uint8Array {
	return new Uint8Array(length).map((_, index) => (index * 7 + (index >> 8)) & 0xff);
}

/** The Block1 option of a message as `number/more/bytes`. */
function block1(request: CoapMessage): string {
	const [option] = integers(request, BLOCK1);
	return option === undefined ? "none" : `${option >> 4}/${(option >> 3) & 1}/${16 << (option & 7)}`;
}

function option(number: number, isMore: boolean, bytes: number): number {
	return number * 16 + (isMore ? 8 : 0) + Math.log2(bytes) - 4;
}

test("a request is answered on its acknowledgement, with the response at hand", () => {
	const bench = new Bench();
	const seen: unknown[] = [];
	const request = bench.post({ onOutcome: (outcome) => seen.push(outcome, message.locationCount) });
	equal([request.type, request.code, texts(request, URI_PATH)], [CON, POST, ["rd"]]);
	equal(bench.exchanges.pending, 1);
	bench.reply(request, { code: CREATED, location: "rd/1" });
	equal(seen, [CREATED, 2]);
	equal(bench.exchanges.pending, 0);
	bench.pass(1e6);
	bench.quiet();
});

test("a refusal is an outcome as well", () => {
	const bench = new Bench();
	const outcomes = new Outcomes();
	bench.reply(bench.post(outcomes), { code: BAD_REQUEST });
	equal(outcomes.list, [BAD_REQUEST]);
});

test("requests one after the other have no token", () => {
	const bench = new Bench();
	const mids: number[] = [];
	for (let i = 0; i < 3; i++) {
		const request = bench.post(new Outcomes());
		equal(request.token.length, 0);
		mids.push(request.mid);
		bench.reply(request, { code: CHANGED });
	}
	equal(mids, [mids[0], mids[0]! + 1, mids[0]! + 2]);
});

test("requests at the same time have different tokens, of no and of one byte", () => {
	const bench = new Bench();
	const outcomes = Array.from({ length: EXCHANGES }, () => new Outcomes());
	const requests = outcomes.map((one) => bench.post(one));
	equal(
		requests.map(({ token }) => token.length),
		requests.map((_, index) => (index === 0 ? 0 : 1)),
	);
	equal(new Set(requests.map(({ token }) => toHex(token))).size, EXCHANGES);
	for (const index of [2, 0, 3, 1]) bench.reply(requests[index]!, { code: CREATED + index });
	equal(
		outcomes.map(({ list }) => list),
		outcomes.map((_, index) => [CREATED + index]),
	);
});

test("a token that is in use is not chosen again", () => {
	const bench = new Bench();
	bench.post(new Outcomes());
	const held = bench.post(new Outcomes());
	for (let i = 0; i < 600; i++) {
		const request = bench.post(new Outcomes());
		equal(request.token.length, 1);
		ok(request.token[0] !== held.token[0], `the token in use after ${i}`);
		bench.reply(request, { code: CHANGED });
	}
});

test("after a time-out requests have a token until EXCHANGE_LIFETIME has passed", () => {
	const bench = new Bench();
	const outcomes = new Outcomes();
	bench.post(outcomes);
	for (let i = 0; i < 4; i++) {
		bench.pass(2000 * 2 ** i);
		bench.take();
	}
	bench.pass(32_000);
	equal(outcomes.list, [TIMED_OUT]);
	const end = bench.now;
	let request = bench.post(outcomes);
	equal(request.token.length, 1);
	bench.reply(request, { code: CHANGED });
	bench.now = end + EXCHANGE_LIFETIME - 1;
	request = bench.post(outcomes);
	equal(request.token.length, 1);
	bench.reply(request, { code: CHANGED });
	bench.now = end + EXCHANGE_LIFETIME;
	equal(bench.post(outcomes).token.length, 0);
});

test("a late answer to a request that timed out is not taken for that of the next", () => {
	const bench = new Bench();
	const first = new Outcomes();
	const second = new Outcomes();
	const late = bench.post(first);
	bench.pass(MAX_TRANSMIT_WAIT);
	bench.sent.length = 0;
	const request = bench.post(second);
	const mid = bench.separate(late, { code: BAD_REQUEST });
	equal(
		[bench.take()].map(({ type, mid: answered }) => [type, answered]),
		[[RST, mid]],
	);
	equal(second.list, []);
	bench.reply(request, { code: CHANGED });
	equal([first.list, second.list], [[TIMED_OUT], [CHANGED]]);
});

test("after a cancelled request, and after a separate response, requests have a token as well", () => {
	const bench = new Bench();
	const outcomes = new Outcomes();
	bench.post(outcomes);
	bench.exchanges.cancel(outcomes);
	const request = bench.post(outcomes);
	equal(request.token.length, 1);
	bench.reply(request, { code: CHANGED });
	bench.now += EXCHANGE_LIFETIME;
	const separate = bench.post(outcomes);
	equal(separate.token.length, 0);
	bench.separate(separate, { code: CHANGED });
	bench.take();
	equal(bench.post(outcomes).token.length, 1);
});

test("after a reset requests have no token: nothing comes any more", () => {
	const bench = new Bench();
	const outcomes = new Outcomes();
	bench.deliver({ type: RST, code: 0, mid: bench.post(outcomes).mid });
	equal(outcomes.list, [WAS_RESET]);
	equal(bench.post(outcomes).token.length, 0);
});

test("a separate response is acknowledged, and ends the exchange", () => {
	const bench = new Bench();
	const outcomes = new Outcomes();
	const request = bench.post(outcomes);
	bench.deliver({ type: ACK, code: 0, mid: request.mid });
	equal(outcomes.list, []);
	bench.pass(10_000);
	bench.quiet();
	const mid = bench.separate(request, { code: CREATED });
	equal(outcomes.list, [CREATED]);
	const answer = bench.take();
	equal([answer.type, answer.code, answer.mid], [ACK, 0, mid]);
});

test("a separate response stands for the acknowledgement that got lost", () => {
	const bench = new Bench();
	const outcomes = new Outcomes();
	const request = bench.post(outcomes);
	bench.separate(request, { code: CHANGED });
	equal(outcomes.list, [CHANGED]);
	bench.take();
	bench.pass(100_000);
	bench.quiet();
	bench.deliver({ type: ACK, code: 0, mid: request.mid });
	equal(outcomes.list, [CHANGED]);
});

test("a response that is not confirmable ends the exchange without acknowledgement", () => {
	const bench = new Bench();
	const outcomes = new Outcomes();
	const request = bench.post(outcomes);
	bench.deliver({ type: ACK, code: 0, mid: request.mid });
	bench.deliver({ type: NON, code: CHANGED, mid: 5, token: request.token });
	equal(outcomes.list, [CHANGED]);
	bench.quiet();
});

test("a response that is not confirmable and comes twice does not answer the next request", () => {
	const bench = new Bench();
	const outcomes = new Outcomes();
	const request = bench.post(outcomes);
	bench.deliver({ type: ACK, code: 0, mid: request.mid });
	bench.deliver({ type: NON, code: CHANGED, mid: 5, token: request.token });
	const next = new Outcomes();
	bench.post(next);
	bench.deliver({ type: NON, code: CHANGED, mid: 5, token: request.token });
	equal(next.list, []);
});

test("a separate response that does not come times out after MAX_TRANSMIT_WAIT", () => {
	const bench = new Bench();
	const outcomes = new Outcomes();
	const request = bench.post(outcomes);
	bench.pass(1000);
	bench.deliver({ type: ACK, code: 0, mid: request.mid });
	equal(bench.exchanges.step(bench.now), bench.now + MAX_TRANSMIT_WAIT);
	bench.pass(MAX_TRANSMIT_WAIT - 1);
	equal(outcomes.list, []);
	bench.pass(1);
	equal(outcomes.list, [TIMED_OUT]);
	equal(bench.exchanges.pending, 0);
	bench.quiet();
});

test("a reset ends the exchange", () => {
	const bench = new Bench();
	const outcomes = new Outcomes();
	bench.deliver({ type: RST, code: 0, mid: bench.post(outcomes).mid });
	equal(outcomes.list, [WAS_RESET]);
	equal(bench.exchanges.pending, 0);
	bench.pass(100_000);
	bench.quiet();
});

test("a response with a token of nobody ends no exchange", () => {
	const bench = new Bench();
	const first = new Outcomes();
	const second = new Outcomes();
	const a = bench.post(first);
	const b = bench.post(second);
	bench.reply(a, { code: CHANGED, token: b.token }); // the message id of one, the token of the other
	bench.reply(b, { code: CHANGED, token: hex("0102") });
	bench.deliver({ type: NON, code: CHANGED, mid: 9, token: Uint8Array.of(b.token[0]! ^ 1) });
	bench.deliver({ type: NON, code: CHANGED, mid: 10, token: hex("000000000000000000".slice(2)) });
	equal([first.list, second.list], [[], []]);
	bench.quiet();
	bench.pass(2000); // both are sent again
	equal(bench.sent.length, 2);
	bench.reply(a, { code: CHANGED });
	bench.reply(b, { code: CHANGED });
	equal([first.list, second.list], [[CHANGED], [CHANGED]]);
});

test("a cancelled request is not sent again and its answer is heard by nobody", () => {
	const bench = new Bench();
	const outcomes = new Outcomes();
	const request = bench.post(outcomes);
	bench.exchanges.cancel(outcomes);
	equal([bench.exchanges.pending, bench.endpoint.pending], [0, 0]);
	bench.pass(10_000);
	bench.reply(request, { code: CHANGED });
	bench.quiet();
	equal(outcomes.list, []);
});

test("EXCHANGES requests can be under way, one more is not begun", () => {
	const bench = new Bench();
	for (let i = 0; i < EXCHANGES; i++) bench.post(new Outcomes());
	ok(!bench.exchanges.begin(GET));
	equal(bench.exchanges.pending, EXCHANGES);
});

test("a request that finds the endpoint busy is not sent, and nobody is told", () => {
	const bench = new Bench();
	const outcomes = new Outcomes();
	const quiet = { onAcknowledged() {}, onReset() {}, onTimeout() {} };
	for (let i = 0; i < TRANSMISSIONS; i++) {
		begin(message, CON, CONTENT, bench.endpoint.nextMid(), hex("aabb"), 2);
		ok(bench.endpoint.transmit(quiet));
	}
	bench.sent.length = 0;
	ok(bench.exchanges.begin(POST));
	ok(!bench.exchanges.send(outcomes));
	ok(bench.exchanges.begin(POST));
	ok(!bench.exchanges.sendBlocks(outcomes, bytesOf(3000)));
	equal([bench.exchanges.pending, outcomes.list], [0, []]);
	bench.quiet();
});

test("whoever hears of a time-out may cancel the other requests, and make a new one", () => {
	const bench = new Bench();
	const others = [new Outcomes(), new Outcomes()];
	const retry = new Outcomes();
	const last: Requester = {
		onOutcome(outcome) {
			equal(outcome, TIMED_OUT);
			for (const other of others) bench.exchanges.cancel(other);
			ok(bench.exchanges.begin(POST));
			ok(bench.exchanges.send(retry));
		},
	};
	for (const requester of [...others, last]) {
		const request = bench.post(requester);
		bench.deliver({ type: ACK, code: 0, mid: request.mid });
	}
	bench.pass(MAX_TRANSMIT_WAIT);
	equal([bench.exchanges.pending, others[0]!.list, others[1]!.list], [1, [], []]);
	bench.reply(bench.take(), { code: CHANGED });
	equal(retry.list, [CHANGED]);
});

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
