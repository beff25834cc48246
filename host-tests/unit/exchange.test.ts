// Requests of ours: tokens, outcomes, time-outs. RFC 7252 5.3.
import { type Requester, TIMED_OUT, WAS_RESET } from "../../src/coap/exchange.js";
import {
	ACK,
	BAD_REQUEST,
	CHANGED,
	CON,
	CONTENT,
	CREATED,
	EXCHANGE_LIFETIME,
	GET,
	MAX_TRANSMIT_WAIT,
	NON,
	POST,
	RST,
	URI_PATH,
} from "../../src/coap/numbers.js";
import { begin } from "../../src/coap/writer.js";
import { EXCHANGES, TRANSMISSIONS } from "../../src/config.js";
import { texts } from "../support/coap.js";
import { equal, hex, ok, test, toHex } from "../support/test.js";
import { Bench, bytesOf, Outcomes } from "./exchange-cases.js";
import { message } from "./in-hand.js";

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
