// CoAP messages out: retransmission, acknowledgements, resets, message ids. RFC 7252 4.2, 4.4.
import { ACK, CHANGED, CONTENT, GET, NON, POST, RST } from "../../src/coap/numbers.js";
import { addPayload, begin } from "../../src/coap/writer.js";
import { TRANSMISSIONS } from "../../src/config.js";
import { equal, hex, ok, test } from "../support/test.js";
import { Bench, digits, Outcome, token } from "./endpoint-cases.js";
import { message } from "./in-hand.js";

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
