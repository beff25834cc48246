// Two endpoints back to back over a network that loses, duplicates and reorders: data arrives whole, and a request is
// carried out once. RFC 7252 4, RFC 7959. The clock jumps from event to event.

import { blockOption } from "../../src/coap/block.js";
import { Endpoint } from "../../src/coap/endpoint.js";
import { Exchanges, type Requester, TIMED_OUT } from "../../src/coap/exchange.js";
import { OK } from "../../src/coap/message.js";
import {
	BAD_REQUEST,
	BLOCK2,
	CHANGED,
	CONTENT,
	EXCHANGE_LIFETIME,
	GET,
	POST,
	REQUEST_ENTITY_TOO_LARGE,
	URI_PATH,
} from "../../src/coap/numbers.js";
import { parse } from "../../src/coap/parse.js";
import { COMPLETE, requestKey, Transfer } from "../../src/coap/transfer.js";
import { addNumber, addPayload, addText, beginAnswer, beginSeparate } from "../../src/coap/writer.js";
import { equal, ok, randomFrom, test } from "../support/test.js";
import { message } from "./in-hand.js";

interface Weather {
	/** Of 100 datagrams, how many are lost, and how many come twice. */
	lossPercent: number;
	twicePercent: number;
	/** The longest a datagram takes, ms; the shortest is 1. */
	delayMs: number;
}

const FAIR: Weather = { lossPercent: 0, twicePercent: 0, delayMs: 1 };
const FOUL: Weather = { lossPercent: 10, twicePercent: 20, delayMs: 1500 };

interface Event {
	at: number;
	run(): void;
}

class Network {
	now = 1_000_000;
	readonly random: (below: number) => number;
	readonly #weather: Weather;
	#events: Event[] = [];
	lost = 0;

	constructor(seed: number, weather: Weather) {
		this.random = randomFrom(seed);
		for (let i = 0; i < 10; i++) this.random(2);
		this.#weather = weather;
	}

	later(delayMs: number, run: () => void): void {
		this.#events.push({ at: this.now + delayMs, run });
	}

	carry(bytes: Uint8Array, receive: (bytes: Uint8Array) => void): void {
		const { lossPercent, twicePercent, delayMs } = this.#weather;
		for (let copies = this.random(100) < twicePercent ? 2 : 1; copies > 0; copies--)
			if (this.random(100) < lossPercent) this.lost++;
			else this.later(1 + this.random(delayMs), () => receive(bytes));
	}

	/** Runs all that happens in the next `limitMs`. */
	run(limitMs: number, parties: { step(now: number): number }[]): void {
		const end = this.now + limitMs;
		for (;;) {
			let next = Number.POSITIVE_INFINITY;
			for (const party of parties) next = Math.min(next, party.step(this.now));
			let first: Event | undefined;
			for (const event of this.#events) if (!first || event.at < first.at) first = event;
			if (Math.min(next, first?.at ?? Number.POSITIVE_INFINITY) > end) {
				this.now = end;
				return;
			}
			if (first && first.at <= next) {
				this.now = first.at;
				this.#events.splice(this.#events.indexOf(first), 1);
				first.run();
			} else this.now = next;
		}
	}
}

/** The side that makes requests. */
class Asker {
	readonly endpoint: Endpoint;
	readonly exchanges: Exchanges;

	constructor(network: Network, send: (bytes: Uint8Array) => void) {
		const now = () => network.now;
		const random = () => network.random(1000) / 1000;
		this.endpoint = new Endpoint({
			message,
			send: (bytes, length) => send(bytes.slice(0, length)),
			now,
			random,
			onRequest: () => {},
			onResponse: (sender) => this.exchanges.onResponse(sender),
			onReset: () => {},
		});
		this.exchanges = new Exchanges(this.endpoint, now, random);
	}

	step(now: number): number {
		return Math.min(this.exchanges.step(now), this.endpoint.step(now));
	}
}

/** How the other side answers a POST: on the acknowledgement, or later in a message of its own. */
type Manner = "piggy-backed" | "separate" | "either";

/** The side that answers: takes POSTs, and serves `content` to GETs in blocks. */
class Answerer {
	readonly endpoint: Endpoint;
	readonly transfer = new Transfer(message);
	/** The payloads that it has taken. */
	taken: Uint8Array[] = [];
	content: Uint8Array = new Uint8Array(0);
	/** The SZX that it asks for. */
	szx = 6;
	readonly #network: Network;
	readonly #manner: Manner;

	constructor(network: Network, send: (bytes: Uint8Array) => void, manner: Manner) {
		this.#network = network;
		this.#manner = manner;
		this.endpoint = new Endpoint({
			message,
			send: (bytes, length) => send(bytes.slice(0, length)),
			now: () => network.now,
			random: () => network.random(1000) / 1000,
			onRequest: (verdict) => {
				equal(verdict, OK);
				if (message.code === GET) this.#serve();
				else this.#take();
			},
			onResponse: () => false,
			onReset: () => {},
		});
	}

	step(now: number): number {
		return Math.min(this.endpoint.step(now), this.transfer.step(now));
	}

	#take(): void {
		const { transfer } = this;
		const received = transfer.receive(this.#network.now);
		if (received === COMPLETE) this.taken.push(transfer.bytes.slice(transfer.start, transfer.end));
		const code = received === COMPLETE ? CHANGED : received;
		if (this.#manner === "piggy-backed" || (this.#manner === "either" && this.#network.random(2))) {
			beginAnswer(message, code, 0);
			this.#addBlock1(message.block1, code);
			this.endpoint.answer();
			return;
		}
		const request = message.rx.slice(0, message.end);
		this.endpoint.acknowledge();
		this.#network.later(this.#network.random(4000), () => {
			parse(message, request, request.length);
			beginSeparate(message, code, this.endpoint.nextMid());
			this.#addBlock1(message.block1, code);
			ok(this.endpoint.transmit({ onAcknowledged() {}, onReset() {}, onTimeout() {} }));
		});
	}

	/** Asks for smaller blocks with the first. */
	#addBlock1(block1: number, code: number): void {
		const wanted = Math.min(block1 & 7, this.szx);
		this.transfer.addBlock1(block1 >= 0 && block1 < 16 ? (block1 & 8) + wanted : block1, code);
	}

	#serve(): void {
		const { transfer } = this;
		const key = requestKey(message, GET);
		if (message.block2 < 16 || !transfer.has(key)) transfer.keep(this.content, key, this.#network.now);
		beginAnswer(message, CONTENT, 0);
		transfer.addTag();
		if (!transfer.addBlock2(message.block2)) beginAnswer(message, BAD_REQUEST, 0);
		this.endpoint.answer();
	}
}

interface Pair {
	network: Network;
	asker: Asker;
	answerer: Answerer;
	run(limitMs: number): void;
}

function connect(seed: number, weather: Weather, manner: Manner = "piggy-backed"): Pair {
	const network = new Network(seed, weather);
	const deliver = (endpoint: Endpoint) => (bytes: Uint8Array) => endpoint.receive(bytes, bytes.length);
	const asker: Asker = new Asker(network, (bytes) => network.carry(bytes, (copy) => deliver(answerer.endpoint)(copy)));
	const answerer = new Answerer(network, (bytes) => network.carry(bytes, deliver(asker.endpoint)), manner);
	return { network, asker, answerer, run: (limitMs) => network.run(limitMs, [asker, answerer]) };
}

class Outcomes implements Requester {
	list: number[] = [];
	onOutcome(outcome: number): void {
		this.list.push(outcome);
	}
}

function bytesOf(length: number, random: (below: number) => number): Uint8Array {
	return new Uint8Array(length).map(() => random(256));
}

/** Fetches a representation block by block, as a downloader does. */
class Fetch implements Requester {
	readonly #asker: Asker;
	readonly #szx: number;
	#number = 0;
	#tag = -1;
	bytes: number[] = [];
	outcome = -2;

	constructor(asker: Asker, szx: number) {
		this.#asker = asker;
		this.#szx = szx;
		this.#ask();
	}

	#ask(): void {
		ok(this.#asker.exchanges.begin(GET));
		addText(message, URI_PATH, "3303");
		addNumber(message, BLOCK2, blockOption(this.#number, false, this.#szx));
		ok(this.#asker.exchanges.send(this));
	}

	onOutcome(outcome: number): void {
		const { rx, payloadStart, end, block2, etagAt } = message;
		if (outcome === CONTENT) {
			const tag = rx[etagAt]! * 0x1000000 + rx[etagAt + 1]! * 0x10000 + rx[etagAt + 2]! * 0x100 + rx[etagAt + 3]!;
			ok(this.#tag === -1 || this.#tag === tag, "the ETag stays");
			this.#tag = tag;
			equal(block2 >>> 4, this.#number, "block number");
			this.bytes.push(...rx.slice(payloadStart, end));
			this.#number++;
			if ((block2 & 8) !== 0) {
				this.#ask();
				return;
			}
		}
		this.outcome = outcome;
	}
}

for (const manner of ["piggy-backed", "separate", "either"] as const)
	test(`requests are carried out once and in order on a bad network, answers ${manner}`, () => {
		let lost = 0;
		for (let seed = 1; seed <= 20; seed++) {
			const { network, asker, answerer, run } = connect(seed, FOUL, manner);
			const sent: Uint8Array[] = [];
			for (let i = 0; i < 12; i++) {
				const outcomes = new Outcomes();
				const payload = bytesOf(20, network.random);
				sent.push(payload);
				ok(asker.exchanges.begin(POST));
				addPayload(message, payload, 0, payload.length);
				ok(asker.exchanges.send(outcomes));
				// the next one as soon as this one has ended: stragglers are still on their way
				for (let wait = 0; outcomes.list.length === 0 && wait < 400; wait++) run(500);
				equal(outcomes.list, [CHANGED], `seed ${seed}, request ${i}`);
			}
			run(EXCHANGE_LIFETIME);
			equal(answerer.taken, sent, `seed ${seed}`);
			equal([asker.endpoint.pending, answerer.endpoint.pending, asker.exchanges.pending], [0, 0, 0]);
			lost += network.lost;
		}
		ok(lost > 40, "the network was bad");
	});

test("requests at the same time each get their own answer on a bad network", () => {
	for (let seed = 1; seed <= 20; seed++) {
		const { network, asker, answerer, run } = connect(seed, FOUL, "either");
		const outcomes = [new Outcomes(), new Outcomes(), new Outcomes()];
		for (const one of outcomes) {
			ok(asker.exchanges.begin(POST));
			addPayload(message, bytesOf(9, network.random), 0, 9);
			ok(asker.exchanges.send(one));
		}
		run(EXCHANGE_LIFETIME);
		equal(
			outcomes.map(({ list }) => list),
			[[CHANGED], [CHANGED], [CHANGED]],
			`seed ${seed}`,
		);
		equal(answerer.taken.length, 3);
	}
});

for (const manner of ["piggy-backed", "separate", "either"] as const)
	test(`a payload in blocks arrives whole on a bad network, answers ${manner}`, () => {
		for (let seed = 1; seed <= 20; seed++) {
			const { network, asker, answerer, run } = connect(seed, FOUL, manner);
			const payload = bytesOf(3000 + network.random(2000), network.random);
			answerer.szx = 3 + network.random(4);
			const outcomes = new Outcomes();
			ok(asker.exchanges.begin(POST));
			addText(message, URI_PATH, "rd");
			ok(asker.exchanges.sendBlocks(outcomes, payload));
			run(3_600_000);
			equal(outcomes.list, [CHANGED], `seed ${seed}`);
			equal(answerer.taken, [payload], `seed ${seed}`);
		}
	});

test("a representation in blocks arrives whole on a bad network", () => {
	for (let seed = 1; seed <= 20; seed++) {
		const { network, asker, answerer, run } = connect(seed, FOUL);
		answerer.content = bytesOf(2000 + network.random(2000), network.random);
		const fetch = new Fetch(asker, 3 + network.random(4));
		run(3_600_000);
		equal(fetch.outcome, CONTENT, `seed ${seed}`);
		equal(Uint8Array.from(fetch.bytes), answerer.content, `seed ${seed}`);
	}
});

test("an upload and a download of one peer do not disturb each other", () => {
	for (let seed = 1; seed <= 10; seed++) {
		const { network, asker, answerer, run } = connect(seed, FOUL);
		answerer.content = bytesOf(2500, network.random);
		const payload = bytesOf(2500, network.random);
		const outcomes = new Outcomes();
		ok(asker.exchanges.begin(POST));
		ok(asker.exchanges.sendBlocks(outcomes, payload));
		const fetch = new Fetch(asker, 5);
		run(3_600_000);
		equal([outcomes.list, fetch.outcome], [[CHANGED], CONTENT], `seed ${seed}`);
		equal(answerer.taken, [payload]);
		equal(Uint8Array.from(fetch.bytes), answerer.content);
	}
});

test("on a good network nothing is sent twice", () => {
	const { network, asker, answerer, run } = connect(3, FAIR);
	answerer.content = bytesOf(5000, network.random);
	const payload = bytesOf(5000, network.random);
	const outcomes = new Outcomes();
	ok(asker.exchanges.begin(POST));
	ok(asker.exchanges.sendBlocks(outcomes, payload));
	run(1000);
	const fetch = new Fetch(asker, 6);
	run(1000);
	equal([outcomes.list, fetch.outcome], [[CHANGED], CONTENT]);
	const { sent, received, retransmitted } = asker.endpoint.traffic;
	equal([sent, received, retransmitted], [10, 10, 0]);
	equal(Uint8Array.from(fetch.bytes), answerer.content);
});

test("where nothing arrives the request times out, and the network is quiet after", () => {
	const { asker, answerer, run } = connect(1, { lossPercent: 100, twicePercent: 0, delayMs: 1 });
	const outcomes = new Outcomes();
	ok(asker.exchanges.begin(POST));
	ok(asker.exchanges.sendBlocks(outcomes, new Uint8Array(3000)));
	run(EXCHANGE_LIFETIME);
	equal(outcomes.list, [TIMED_OUT]);
	equal([asker.endpoint.traffic.sent, answerer.endpoint.traffic.received], [5, 0]);
});

test("a payload that the other side has no room for is refused", () => {
	const { asker, answerer, run } = connect(1, FAIR);
	const outcomes = new Outcomes();
	ok(asker.exchanges.begin(POST));
	ok(asker.exchanges.sendBlocks(outcomes, new Uint8Array(9000)));
	run(EXCHANGE_LIFETIME);
	equal(outcomes.list, [REQUEST_ENTITY_TOO_LARGE]);
	equal(answerer.taken, []);
});

test("an answerer that has lost its state in the middle gets the payload from the beginning", () => {
	const { network, asker, answerer, run } = connect(1, { lossPercent: 0, twicePercent: 0, delayMs: 100 });
	const payload = bytesOf(8000, network.random);
	const outcomes = new Outcomes();
	ok(asker.exchanges.begin(POST));
	ok(asker.exchanges.sendBlocks(outcomes, payload));
	// the assembly is dropped while the third block is on its way
	network.later(350, () => answerer.transfer.step(Number.MAX_VALUE));
	run(EXCHANGE_LIFETIME);
	equal(outcomes.list, [CHANGED]);
	equal(answerer.taken, [payload]);
	ok(asker.endpoint.traffic.sent > 8, "blocks were sent again");
});
