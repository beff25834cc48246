// CoAP requests in: duplicates, separate answers, what is no request. RFC 7252 4.2, 4.3, 4.5.
import { OK, OPTION_ERROR } from "../../src/coap/message.js";
import {
	CHANGED,
	CONTENT,
	DELETE,
	EXCHANGE_LIFETIME,
	FETCH,
	GET,
	IPATCH,
	NON,
	PATCH,
	POST,
	PUT,
} from "../../src/coap/numbers.js";
import { addPayload, beginAnswer, beginSeparate } from "../../src/coap/writer.js";
import { DUPLICATE_ANSWER_BYTES, DUPLICATES } from "../../src/config.js";
import type { CoapFields } from "../support/coap.js";
import { equal, hex, ok, test } from "../support/test.js";
import { Bench, digits, Outcome, token } from "./endpoint-cases.js";
import { message } from "./in-hand.js";

for (const [code, name] of [
	[POST, "POST"],
	[PUT, "PUT"],
	[DELETE, "DELETE"],
	[PATCH, "PATCH"],
	[IPATCH, "iPATCH"],
] as const)
	test(`a duplicate of a confirmable ${name} gets the same answer and is handled once`, () => {
		const bench = new Bench();
		bench.deliver({ code, mid: 0x0102, token, path: "3/0/4" });
		bench.deliver({ code, mid: 0x0102, token, path: "3/0/4" });
		bench.now += EXCHANGE_LIFETIME;
		bench.deliver({ code, mid: 0x0102, token, path: "3/0/4" });
		equal(bench.requests, [OK]);
		equal(bench.take(), ["614401027eff01", "614401027eff01", "614401027eff01"]);
	});

for (const [code, name] of [
	[GET, "GET"],
	[FETCH, "FETCH"],
] as const)
	test(`a duplicate of a ${name}, which does no harm, is answered anew`, () => {
		const bench = new Bench();
		for (let i = 0; i < 2; i++) bench.deliver({ code, mid: 7, token, path: "3/0/9" });
		equal(bench.take(), ["614400077eff01", "614400077eff02"]);
	});

test("a message id that comes again after EXCHANGE_LIFETIME is a new request", () => {
	const bench = new Bench();
	bench.deliver({ code: POST, mid: 9, token });
	bench.now += EXCHANGE_LIFETIME + 1;
	bench.deliver({ code: POST, mid: 9, token });
	bench.deliver({ code: POST, mid: 9, token });
	equal(bench.requests.length, 2);
	equal(bench.take(), ["614400097eff01", "614400097eff02", "614400097eff02"]);
});

test("a duplicate of a request that was not confirmable is passed over", () => {
	const bench = new Bench();
	for (let i = 0; i < 3; i++) bench.deliver({ type: NON, code: POST, mid: 9, token });
	equal(bench.requests.length, 1);
	equal(bench.take(), ["514450007eff01"]);
});

test("duplicates are known while no more than DUPLICATES others came since", () => {
	const bench = new Bench();
	for (let mid = 1; mid <= DUPLICATES; mid++) bench.deliver({ code: POST, mid, token });
	bench.take();
	for (let mid = 1; mid <= DUPLICATES; mid++) {
		bench.deliver({ code: POST, mid, token });
		equal(bench.take(), [`6144${digits(mid)}7eff0${mid}`]);
	}
	equal(bench.requests.length, DUPLICATES);
	bench.deliver({ code: POST, mid: DUPLICATES + 1, token });
	bench.deliver({ code: POST, mid: 2, token });
	equal(bench.requests.length, DUPLICATES + 1);
	bench.deliver({ code: POST, mid: 1, token });
	equal(bench.requests.length, DUPLICATES + 2);
});

test("an answer of DUPLICATE_ANSWER_BYTES is kept, of a longer one only that it was given", () => {
	for (const [size, answers] of [
		[DUPLICATE_ANSWER_BYTES, 2],
		[DUPLICATE_ANSWER_BYTES + 1, 1],
	] as const) {
		const bench = new Bench();
		bench.onRequest = () => {
			beginAnswer(message, CHANGED, 0);
			addPayload(message, new Uint8Array(size).fill(0xab), 0, size - 6);
			bench.endpoint.answer();
		};
		for (let i = 0; i < 2; i++) bench.deliver({ code: POST, mid: 3, token });
		equal(bench.requests.length, 1);
		const sent = bench.take();
		equal(sent.length, answers);
		for (const text of sent) equal(text, sent[0]);
	}
});

test("a duplicate that overtakes the answer is not handled, nor answered", () => {
	const bench = new Bench();
	bench.onRequest = () => {};
	for (let i = 0; i < 2; i++) bench.deliver({ code: POST, mid: 3, token });
	equal(bench.requests.length, 1);
	equal(bench.take(), []);
});

test("a request that is put off is acknowledged, also its duplicate, and answered in a message of its own", () => {
	const bench = new Bench();
	const sender = new Outcome();
	bench.onRequest = () => bench.endpoint.acknowledge();
	bench.deliver({ code: POST, mid: 3, token });
	bench.deliver({ code: POST, mid: 3, token });
	equal(bench.take(), ["60000003", "60000003"]);
	const mid = bench.endpoint.nextMid();
	beginSeparate(message, CHANGED, mid);
	ok(bench.endpoint.transmit(sender));
	equal(bench.take(), [`4144${digits(mid)}7e`]);
	bench.deliver({ code: POST, mid: 3, token });
	equal(bench.take(), ["60000003"]);
	bench.endpoint.step(bench.now + 2000);
	equal(bench.take(), [`4144${digits(mid)}7e`]);
	bench.deliverHex(`6000${digits(mid)}`);
	equal(sender.events, ["acknowledged"]);
});

test("a request that was not confirmable is not acknowledged", () => {
	const bench = new Bench();
	bench.onRequest = () => bench.endpoint.acknowledge();
	bench.deliver({ type: NON, code: POST, mid: 3, token });
	equal(bench.take(), []);
});

test("an answer to a GET does not become that of a POST that has none yet", () => {
	const bench = new Bench();
	bench.onRequest = () => {};
	bench.deliver({ code: POST, mid: 3, token });
	bench.onRequest = () => {
		beginAnswer(message, CONTENT, 0);
		bench.endpoint.answer();
	};
	bench.deliver({ code: GET, mid: 4, token });
	equal(bench.take(), ["614500047e"]);
	bench.deliver({ code: POST, mid: 3, token });
	equal(bench.take(), []);
});

test("an empty confirmable message, a ping, is reset", () => {
	const bench = new Bench();
	bench.deliverHex("40001234");
	equal(bench.take(), ["70001234"]);
	bench.deliverHex("50001234");
	equal(bench.take(), []);
});

test("a format error in a confirmable message is reset, in any other it is passed over", () => {
	const bench = new Bench();
	for (const text of ["40011234ff", "49011234", "40011234f0", "40201234", "40c11234", "4000123400", "41001234ab"]) {
		bench.deliverHex(text);
		equal(bench.take(), ["70001234"], text);
		for (const head of ["5", "6", "7"]) {
			bench.deliverHex(head + text.slice(1));
			equal(bench.take(), [], text);
		}
	}
	equal([bench.requests, bench.responses, bench.resets], [[], [], []]);
});

test("what is not CoAP is passed over, and counted", () => {
	const bench = new Bench();
	for (const text of ["", "4001", "80011234", "00010203040506"]) bench.deliverHex(text);
	equal(bench.take(), []);
	equal(bench.endpoint.traffic.received, 4);
});

test("an unknown critical option is the handler's to refuse in a confirmable request, and drops one that is not", () => {
	const bench = new Bench();
	const options: CoapFields["options"] = [[9, hex("00")]];
	bench.deliver({ code: GET, mid: 5, token, options });
	equal(bench.requests, [OPTION_ERROR]);
	equal(bench.take().length, 1);
	bench.deliver({ type: NON, code: GET, mid: 6, token, options });
	bench.deliver({ type: NON, code: POST, mid: 7, token, options });
	equal(bench.requests, [OPTION_ERROR]);
	equal(bench.take(), []);
});
