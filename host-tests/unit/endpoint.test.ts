// The message layer: retransmission by RFC 7252 4.2 and 4.8, duplicates by 4.5, with a clock that the test sets.

import { Endpoint, type EndpointOptions, type Sender } from "../../src/coap/endpoint.js";
import { OK, OPTION_ERROR } from "../../src/coap/message.js";
import {
	ACK,
	CHANGED,
	CON,
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
	RST,
} from "../../src/coap/numbers.js";
import { addPayload, begin, beginAnswer, beginSeparate } from "../../src/coap/writer.js";
import { DUPLICATE_ANSWER_BYTES, DUPLICATES, TRANSMISSIONS } from "../../src/config.js";
import { type CoapFields, datagram } from "../support/coap.js";
import { equal, hex, ok, test, toHex } from "../support/test.js";
import { message } from "./in-hand.js";

const token = hex("7e");

/** An endpoint whose peer is the test. */
class Bench {
	now = 1_000_000;
	fraction = 0;
	sent: string[] = [];
	requests: number[] = [];
	resets: number[] = [];
	responses: (Sender | undefined)[] = [];
	isAwaited = true;
	onRequest: () => void = () => {
		beginAnswer(message, CHANGED, 0x5000);
		addPayload(message, Uint8Array.of(this.requests.length), 0, 1);
		this.endpoint.answer();
	};
	readonly endpoint: Endpoint;

	constructor(options: Partial<EndpointOptions> = {}) {
		this.endpoint = new Endpoint({
			message,
			send: (bytes, length) => this.sent.push(toHex(bytes, 0, length)),
			now: () => this.now,
			random: () => this.fraction,
			onRequest: (verdict) => {
				this.requests.push(verdict);
				this.onRequest();
			},
			onResponse: (sender) => {
				this.responses.push(sender);
				return this.isAwaited;
			},
			onReset: (mid) => this.resets.push(mid),
			...options,
		});
	}

	deliver(fields: CoapFields): void {
		const bytes = datagram(fields);
		this.endpoint.receive(bytes, bytes.length);
	}

	deliverHex(text: string): void {
		const bytes = hex(text);
		this.endpoint.receive(bytes, bytes.length);
	}

	/** What was sent since the last time. */
	take(): string[] {
		return this.sent.splice(0);
	}

	/** Sends a confirmable POST. @returns its message id, -1 where the endpoint is busy */
	transmit(sender: Sender): number {
		const mid = this.endpoint.nextMid();
		begin(message, CON, POST, mid, token, 1);
		return this.endpoint.transmit(sender) ? mid : -1;
	}
}

class Outcome implements Sender {
	events: string[] = [];
	onAcknowledged(): void {
		this.events.push("acknowledged");
	}
	onReset(): void {
		this.events.push("reset");
	}
	onTimeout(): void {
		this.events.push("timeout");
	}
}

function digits(mid: number): string {
	return (mid + 0x10000).toString(16).slice(1);
}

/** The times, after the first, at which a message goes out, and then when it is given up, stepping just when asked. */
function schedule(bench: Bench, sender: Outcome): number[] {
	const start = bench.now;
	const times: number[] = [];
	bench.transmit(sender);
	equal(bench.take().length, 1);
	for (let next = bench.endpoint.step(bench.now); next !== Number.POSITIVE_INFINITY; next = bench.endpoint.step(next)) {
		const { length } = bench.take();
		if (length > 0) times.push(bench.now - start);
		// not a moment earlier
		equal(bench.endpoint.step(next - 0.001), next);
		equal(bench.sent.length, 0);
		bench.now = next;
	}
	times.push(bench.now - start);
	return times;
}

test("a confirmable message goes out five times, after 2, 6, 14 and 30 s, and is given up after 62 s", () => {
	const sender = new Outcome();
	equal(schedule(new Bench(), sender), [2000, 6000, 14000, 30000, 62000]);
	equal(sender.events, ["timeout"]);
});

test("the first timeout is longer by up to ACK_RANDOM_FACTOR, the next are doubled from it", () => {
	const bench = new Bench();
	bench.fraction = 0.5;
	equal(schedule(bench, new Outcome()), [2500, 7500, 17500, 37500, 77500]);
	bench.fraction = 1 - 2 ** -32;
	const times = schedule(bench, new Outcome());
	equal(
		times.map((time) => Math.round(time)),
		[3000, 9000, 21000, 45000, 93000],
	);
	ok(times[4]! < 93000, "MAX_TRANSMIT_WAIT is the bound");
});

test("the timeout is the one of the options where they have one", () => {
	equal(schedule(new Bench({ ackTimeoutMs: 10_000 }), new Outcome()), [10_000, 30_000, 70_000, 150_000, 310_000]);
});

test("every retransmission is the same message, though others were built since", () => {
	const bench = new Bench();
	bench.transmit(new Outcome());
	const [first] = bench.take();
	for (const at of [2000, 6000, 14000, 30000]) {
		begin(message, NON, CONTENT, 1, token, 0);
		addPayload(message, new Uint8Array(60).fill(0xcc), 0, 60);
		bench.endpoint.step(1_000_000 + at);
		equal(bench.take(), [first]);
	}
	equal(bench.endpoint.traffic.retransmitted, 4);
});

test("a late step retransmits once, and the next timeout counts from then", () => {
	const bench = new Bench();
	bench.transmit(new Outcome());
	bench.take();
	equal(bench.endpoint.step(1_000_000 + 50_000), 1_000_000 + 54_000);
	equal(bench.take().length, 1);
});

test("an empty acknowledgement ends the transmission", () => {
	const bench = new Bench();
	const sender = new Outcome();
	const mid = bench.transmit(sender);
	equal(bench.endpoint.pending, 1);
	bench.deliverHex(`6000${digits(mid)}`);
	equal(sender.events, ["acknowledged"]);
	equal(bench.endpoint.pending, 0);
	equal(bench.endpoint.step(bench.now + 1e6), Number.POSITIVE_INFINITY);
	equal(bench.take().length, 1);
	equal(bench.responses, []);
});

test("an acknowledgement after a retransmission counts as well", () => {
	const bench = new Bench();
	const sender = new Outcome();
	const mid = bench.transmit(sender);
	bench.endpoint.step(bench.now + 3000);
	bench.deliverHex(`6000${digits(mid)}`);
	bench.deliverHex(`6000${digits(mid)}`);
	equal(sender.events, ["acknowledged"]);
});

test("a reset ends the transmission", () => {
	const bench = new Bench();
	const sender = new Outcome();
	const mid = bench.transmit(sender);
	bench.deliverHex(`7000${digits(mid)}`);
	equal(sender.events, ["reset"]);
	equal(bench.endpoint.pending, 0);
	equal(bench.resets, []);
});

test("a piggy-backed response is passed on with its sender, who hears nothing else", () => {
	const bench = new Bench();
	const sender = new Outcome();
	const mid = bench.transmit(sender);
	bench.deliver({ type: ACK, code: CHANGED, mid, token });
	equal(bench.responses, [sender]);
	equal(sender.events, []);
	equal(bench.endpoint.pending, 0);
	equal(bench.take().length, 1);
});

test("a piggy-backed response that its sender does not recognise leaves the transmission under way", () => {
	const bench = new Bench();
	const sender = new Outcome();
	const mid = bench.transmit(sender);
	bench.isAwaited = false;
	bench.deliver({ type: ACK, code: CHANGED, mid, token: hex("0102") });
	equal(bench.endpoint.pending, 1);
	bench.take();
	bench.endpoint.step(bench.now + 2000);
	equal(bench.take().length, 1);
	bench.isAwaited = true;
	bench.deliver({ type: ACK, code: CHANGED, mid, token });
	equal(bench.endpoint.pending, 0);
});

test("an acknowledgement or reset of an unknown message id, and one of the wrong form, is passed over", () => {
	const bench = new Bench();
	const sender = new Outcome();
	const mid = bench.transmit(sender);
	bench.take();
	bench.deliverHex(`6000${digits(mid + 1)}`);
	bench.deliver({ type: ACK, code: CONTENT, mid: mid + 1, token });
	bench.deliver({ type: ACK, code: GET, mid, token }); // a request in an ACK
	bench.deliver({ type: RST, code: CONTENT, mid, token }); // an RST that is not empty
	bench.deliver({ type: RST, code: POST, mid });
	bench.deliver({ type: ACK, code: 0xe1, mid, token }); // a reserved class
	bench.deliverHex(`6100${digits(mid)}7e`); // an empty message with a token
	bench.deliverHex(`7000${digits(mid)}00`);
	bench.deliver({ type: ACK, code: CONTENT, mid, token, options: [[9, hex("00")]] }); // a critical option
	equal(sender.events, []);
	equal(bench.responses, []);
	equal(bench.endpoint.pending, 1);
	equal(bench.take(), []);
});

test("a reset for a message that was not confirmable is passed on", () => {
	const bench = new Bench();
	bench.deliverHex("70001234");
	equal(bench.resets, [0x1234]);
	bench.deliverHex("60001234");
	equal(bench.resets, [0x1234]);
});

test("a cancelled transmission ends without a word", () => {
	const bench = new Bench();
	const sender = new Outcome();
	const other = new Outcome();
	const mid = bench.transmit(sender);
	bench.transmit(other);
	bench.endpoint.cancel(sender);
	equal(bench.endpoint.pending, 1);
	bench.take();
	bench.deliverHex(`6000${digits(mid)}`);
	bench.endpoint.step(bench.now + 2000);
	equal(bench.take().length, 1);
	equal(sender.events, []);
});

test("TRANSMISSIONS messages can be under way, one more is not sent", () => {
	const bench = new Bench();
	const senders = Array.from({ length: TRANSMISSIONS }, () => new Outcome());
	const mids = senders.map((sender) => bench.transmit(sender));
	equal(bench.endpoint.pending, TRANSMISSIONS);
	equal(bench.take().length, TRANSMISSIONS);
	const late = new Outcome();
	equal(bench.transmit(late), -1);
	equal(bench.take(), []);
	bench.deliverHex(`6000${digits(mids[1]!)}`);
	equal(
		senders.map((sender) => sender.events.length),
		senders.map((_, index) => (index === 1 ? 1 : 0)),
	);
	ok(bench.transmit(late) >= 0);
	equal(late.events, []);
});

test("what is sent when another message is given up is in the time that step returns", () => {
	const bench = new Bench();
	const retry = new Outcome();
	const first = new Outcome();
	const mid = bench.transmit(new Outcome());
	first.onTimeout = () => ok(bench.transmit(retry) >= 0);
	bench.transmit(first);
	bench.deliverHex(`6000${digits(mid)}`); // the slot before is free again
	let next = bench.endpoint.step(bench.now);
	for (let i = 0; i < 5; i++) {
		bench.now = next;
		next = bench.endpoint.step(next);
	}
	equal(next, bench.now + 2000);
	equal(bench.endpoint.pending, 1);
});

test("message ids begin anywhere and are distinct until all have been used", () => {
	const bench = new Bench();
	const seen = new Uint8Array(65536);
	for (let i = 0; i < 65536; i++) {
		const mid = bench.endpoint.nextMid();
		if (mid < 0 || mid > 65535 || seen[mid]) throw new Error(`${mid} comes again after ${i}`);
		seen[mid] = 1;
	}
	equal(new Bench({ random: () => 0.5 }).endpoint.nextMid(), 32769);
	equal(new Bench({ random: () => 1 - 2 ** -32 }).endpoint.nextMid(), 0);
});

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
