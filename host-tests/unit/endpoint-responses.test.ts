// CoAP responses that come in messages of their own, and the hostile rest. RFC 7252 5.2.2, 5.2.3.
import { OK } from "../../src/coap/message.js";
import { ACK, CHANGED, CON, CONTENT, GET, NON, POST } from "../../src/coap/numbers.js";
import { begin } from "../../src/coap/writer.js";
import { equal, hex, ok, test } from "../support/test.js";
import { Bench, Outcome, token } from "./endpoint-cases.js";
import { message } from "./in-hand.js";

test("a separate response that is awaited is acknowledged, again when it comes again", () => {
	const bench = new Bench();
	for (let i = 0; i < 3; i++) bench.deliver({ code: CONTENT, mid: 0x4444, token });
	equal(bench.responses, [undefined]);
	equal(bench.take(), ["60004444", "60004444", "60004444"]);
});

test("a separate response that nobody awaits is reset, again when it comes again", () => {
	const bench = new Bench();
	bench.isAwaited = false;
	for (let i = 0; i < 2; i++) bench.deliver({ code: CONTENT, mid: 0x4444, token });
	equal(bench.take(), ["70004444", "70004444"]);
});

test("a separate response with an unknown critical option is reset and passed on to nobody", () => {
	const bench = new Bench();
	bench.deliver({ code: CONTENT, mid: 0x4444, token, options: [[9, hex("00")]] });
	equal(bench.take(), ["70004444"]);
	bench.deliver({ type: NON, code: CONTENT, mid: 0x4445, token, options: [[9, hex("00")]] });
	equal(bench.take(), []);
	equal(bench.responses, []);
});

test("a response that is not confirmable is passed on once and not acknowledged", () => {
	const bench = new Bench();
	for (let i = 0; i < 2; i++) bench.deliver({ type: NON, code: CONTENT, mid: 0x4444, token });
	equal(bench.responses, [undefined]);
	equal(bench.take(), []);
});

test("a response that is not confirmable and that nobody awaits is passed over", () => {
	const bench = new Bench();
	bench.isAwaited = false;
	bench.deliver({ type: NON, code: CONTENT, mid: 0x4444, token });
	equal(bench.take(), []);
	// and takes no place among the answers that are kept
	bench.deliver({ code: POST, mid: 1, token });
	for (let mid = 2; mid < 40; mid++) bench.deliver({ type: NON, code: CONTENT, mid, token });
	bench.deliver({ code: POST, mid: 1, token });
	equal(bench.requests.length, 1);
});

test("what the receiver of a separate response sends does not disturb the acknowledgement", () => {
	const bench = new Bench({
		onResponse: () => {
			begin(message, CON, POST, 0x7777, token, 1);
			bench.endpoint.transmit(new Outcome());
			return true;
		},
	});
	bench.deliver({ code: CONTENT, mid: 0x4444, token });
	equal(bench.take(), ["410277777e", "60004444"]);
	bench.deliver({ code: CONTENT, mid: 0x4444, token });
	equal(bench.take(), ["60004444"]);
});

test("the message is at hand in every callback", () => {
	const seen: string[] = [];
	const bench = new Bench({
		onRequest: (verdict) => {
			equal(verdict, OK);
			seen.push(`request ${message.code} ${message.pathDepth}`);
		},
		onResponse: (sender) => {
			seen.push(`response ${message.code} ${sender ? "piggy-backed" : "separate"}`);
			return true;
		},
	});
	bench.deliver({ code: GET, mid: 1, path: "3/0" });
	bench.deliver({ code: CONTENT, mid: 2 });
	const mid = bench.transmit(new Outcome());
	bench.deliver({ type: ACK, code: CHANGED, mid });
	equal(seen, ["request 1 2", "response 69 separate", "response 68 piggy-backed"]);
});

test("everything that is sent and received is counted", () => {
	const bench = new Bench();
	bench.deliver({ code: POST, mid: 1, token }); // 5 bytes, answered with 7
	bench.deliver({ code: POST, mid: 1, token });
	bench.transmit(new Outcome()); // 5 bytes
	bench.endpoint.step(bench.now + 2000);
	begin(message, NON, CONTENT, 1, token, 0);
	bench.endpoint.send(); // 4 bytes
	bench.deliverHex("40001234"); // 4 bytes, answered with 4
	const { sent, received, retransmitted, bytesSent, bytesReceived } = bench.endpoint.traffic;
	equal([sent, received, retransmitted, bytesSent, bytesReceived], [6, 3, 1, 7 + 7 + 5 + 5 + 4 + 4, 5 + 5 + 4]);
});

test("random datagrams do no harm", () => {
	const bench = new Bench();
	let state = 77;
	const random = () => {
		state = (Math.imul(state, 1103515245) + 12345) >>> 0;
		return state >>> 16;
	};
	for (let round = 0; round < 5000; round++) {
		const bytes = new Uint8Array(random() % 24).map(random);
		if (bytes.length > 0) bytes[0] = 0x40 | (bytes[0]! & 0x31);
		if (bytes.length > 2) bytes[2] = 0;
		bench.endpoint.receive(bytes, bytes.length);
		for (const text of bench.take()) ok(text.length >= 8 && text.charCodeAt(0) >= 0x34, text);
	}
});
