// Our CoAP layers against those that others wrote: libcoap's client talks to an Endpoint and a Transfer on a UDP socket,
// and Wireshark dissects what our writer builds. Needs the Debian packages libcoap3-bin and tshark. Runs on Node only.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { createSocket, type Socket } from "node:dgram";
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { after, before, test } from "node:test";
import { blockOption } from "../../src/coap/block.js";
import { Endpoint } from "../../src/coap/endpoint.js";
import { OK } from "../../src/coap/message.js";
import {
	ACCEPT,
	ACK,
	BAD_OPTION,
	BLOCK1,
	CHANGED,
	CON,
	CONTENT,
	CONTENT_FORMAT,
	CREATED,
	ETAG,
	GET,
	LOCATION_PATH,
	METHOD_NOT_ALLOWED,
	NON,
	NOT_FOUND,
	OBSERVE,
	POST,
	PUT,
	RST,
	SIZE1,
	URI_PATH,
	URI_QUERY,
} from "../../src/coap/numbers.js";
import { parse } from "../../src/coap/parse.js";
import { COMPLETE, requestKey, Transfer } from "../../src/coap/transfer.js";
import {
	addBytes,
	addNumber,
	addPayload,
	addText,
	begin,
	beginAnswer,
	beginEmpty,
	beginSeparate,
	isWhole,
} from "../../src/coap/writer.js";
import { REPRESENTATION_BYTES } from "../../src/config.js";
import { captureOf, UDP } from "../support/capture.js";
import { message } from "../unit/in-hand.js";

const folder = mkdtempSync(join(tmpdir(), "coap-peers-"));
after(() => rmSync(folder, { recursive: true }));

/** The first of the programs that the search path has; fails with the package that brings it. */
function program(debianPackage: string, ...names: string[]): string {
	for (const name of names)
		for (const directory of (process.env["PATH"] ?? "").split(delimiter))
			try {
				accessSync(join(directory, name), constants.X_OK);
				return join(directory, name);
			} catch (error) {
				assert.ok(error instanceof Error); // not in this directory
			}
	assert.fail(`${names[0]} is not installed: apt-get install ${debianPackage}`);
}

function textOf(length: number): string {
	let text = "";
	for (let line = 0; text.length < length; line++) text += `line ${line} of a text in blocks\n`;
	return text.slice(0, length);
}

const LARGE = textOf(5000);

/** One client of the server: its own layers, as one server has on the device. */
interface Peer {
	endpoint: Endpoint;
	transfer: Transfer;
	timer: NodeJS.Timeout | undefined;
}

/**
 * `/1` is a large text, `/2` what was PUT last, `/3` answers separately, `/4` can be observed: it counts to 3; POST of
 * `/5` counts how often it was carried out. Everything else is 4.04.
 */
class Server {
	readonly socket: Socket = createSocket("udp4");
	readonly seen: string[] = [];
	stored = Buffer.alloc(0);
	executed = 0;
	/** How many of the next datagrams that it sends get lost. */
	losing = 0;
	readonly #peers = new Map<number, Peer>();

	get port(): number {
		return this.socket.address().port;
	}

	open(): Promise<void> {
		this.socket.on("message", (datagram, { port }) => {
			const peer = this.#peer(port);
			peer.endpoint.receive(datagram, datagram.length);
			this.#step(peer);
		});
		return new Promise((resolve) => this.socket.bind(0, "127.0.0.1", () => resolve()));
	}

	close(): void {
		for (const { timer } of this.#peers.values()) clearTimeout(timer);
		this.socket.close();
	}

	#peer(port: number): Peer {
		const known = this.#peers.get(port);
		if (known) return known;
		const peer: Peer = {
			transfer: new Transfer(message),
			timer: undefined,
			endpoint: new Endpoint({
				message,
				send: (bytes, length) => {
					if (this.losing > 0) this.losing--;
					else this.socket.send(Buffer.from(bytes.slice(0, length)), port, "127.0.0.1");
				},
				now: () => performance.now(),
				random: Math.random,
				onRequest: (verdict) => this.#handle(peer, verdict),
				onResponse: () => false,
				onReset: () => this.seen.push("reset"),
			}),
		};
		this.#peers.set(port, peer);
		return peer;
	}

	#step(peer: Peer): void {
		clearTimeout(peer.timer);
		const next = Math.min(peer.endpoint.step(performance.now()), peer.transfer.step(performance.now()));
		if (next !== Number.POSITIVE_INFINITY)
			peer.timer = setTimeout(() => this.#step(peer), Math.max(0, next - performance.now()));
		peer.timer?.unref();
	}

	#handle(peer: Peer, verdict: number): void {
		const { code, object, block1, block2, type } = message;
		const received = verdict === OK ? peer.transfer.receive(performance.now()) : BAD_OPTION;
		if (block2 >= 0) this.seen.push(`block2 ${block2 >> 4} of ${16 << (block2 & 7)}`);
		if (block1 >= 0) this.seen.push(`block1 ${block1 >> 4} of ${16 << (block1 & 7)}`);
		if (type === NON) this.seen.push("NON");
		if (received !== COMPLETE) this.#answer(peer, received);
		else if (object === 1 && code === GET) this.#serve(peer);
		else if (object === 2 && code === PUT) {
			const { bytes, start, end } = peer.transfer;
			this.stored = Buffer.from(bytes.slice(start, end));
			this.#answer(peer, CHANGED);
		} else if (object === 3 && code === GET) this.#answerLater(peer);
		else if (object === 4 && code === GET) this.#observe(peer);
		else if (object === 5 && code === POST) {
			this.executed++;
			this.#answer(peer, CHANGED);
		} else this.#answer(peer, object >= 1 && object <= 5 ? METHOD_NOT_ALLOWED : NOT_FOUND);
	}

	#answer({ endpoint, transfer }: Peer, code: number): void {
		beginAnswer(message, code, endpoint.nextMid());
		transfer.addBlock1(message.block1, code);
		endpoint.answer();
	}

	#serve({ endpoint, transfer }: Peer): void {
		const key = requestKey(message, GET);
		if (message.block2 < 16 || !transfer.has(key)) transfer.keep(Buffer.from(LARGE), key, performance.now());
		beginAnswer(message, CONTENT, endpoint.nextMid());
		transfer.addTag();
		addNumber(message, CONTENT_FORMAT, 0);
		assert.ok(transfer.addBlock2(message.block2));
		endpoint.answer();
	}

	#answerLater(peer: Peer): void {
		const request = message.rx.slice(0, message.end);
		peer.endpoint.acknowledge();
		setTimeout(() => {
			parse(message, request, request.length);
			beginSeparate(message, CONTENT, peer.endpoint.nextMid());
			addPayload(message, Buffer.from("in a while"), 0, 10);
			peer.endpoint.transmit({
				onAcknowledged: () => this.seen.push("acknowledged"),
				onReset: () => this.seen.push("reset"),
				onTimeout: () => this.seen.push("timed out"),
			});
			this.#step(peer);
		}, 300);
	}

	#observe({ endpoint }: Peer): void {
		const { observe } = message;
		const token = message.rx.slice(4, 4 + message.tokenLength);
		const content = (count: number) => {
			if (observe === 0) addNumber(message, OBSERVE, count);
			addNumber(message, CONTENT_FORMAT, 0);
			addPayload(message, Buffer.from(`${count};`), 0, 2);
		};
		beginAnswer(message, CONTENT, endpoint.nextMid());
		content(1);
		endpoint.answer();
		this.seen.push(`observe ${observe}`);
		if (observe !== 0) return;
		for (const count of [2, 3])
			setTimeout(() => {
				begin(message, NON, CONTENT, endpoint.nextMid(), token, token.length);
				content(count);
				endpoint.send();
			}, count * 100);
	}
}

let server: Server;
before(async () => {
	server = new Server();
	await server.open();
});
after(() => server.close());

/** Runs libcoap's client. @returns what it printed */
function client(path: string, ...options: string[]): Promise<{ out: string; error: string }> {
	const file = program("libcoap3-bin", "coap-client", "coap-client-notls", "coap-client-openssl", "coap-client-gnutls");
	server.seen.length = 0;
	return new Promise((resolve, reject) => {
		const child = spawn(file, ["-B", "20", ...options, `coap://127.0.0.1:${server.port}/${path}`]);
		let out = "";
		let error = "";
		child.stdout.on("data", (data) => (out += data));
		child.stderr.on("data", (data) => (error += data));
		child.on("error", reject);
		child.on("close", () => resolve({ out, error }));
	});
}

test("libcoap fetches a large representation in blocks of the size that it is offered", async () => {
	assert.equal((await client("1")).out.trimEnd(), LARGE.trimEnd());
	assert.deepEqual(
		server.seen,
		[1, 2, 3, 4].map((number) => `block2 ${number} of 1024`),
	);
});

test("libcoap fetches a large representation in the small blocks that it asks for", async () => {
	assert.equal((await client("1", "-b", "64")).out.trimEnd(), LARGE.trimEnd());
	assert.equal(server.seen.length, Math.ceil(LARGE.length / 64));
	assert.equal(server.seen[0], "block2 0 of 64");
	assert.equal(server.seen.at(-1), `block2 ${Math.ceil(LARGE.length / 64) - 1} of 64`);
});

test("libcoap sends a large representation in blocks of several sizes", async () => {
	const path = join(folder, "put.txt");
	writeFileSync(path, LARGE);
	for (const size of [1024, 256, 16]) {
		server.stored = Buffer.alloc(0);
		const { out, error } = await client("2", "-m", "put", "-b", `${size}`, "-f", path);
		assert.equal(out + error, "");
		assert.equal(server.stored.toString(), LARGE);
		assert.equal(server.seen.length, Math.ceil(LARGE.length / size), `blocks of ${size}`);
	}
});

test("libcoap is told that a representation is too large", async () => {
	const path = join(folder, "large.txt");
	writeFileSync(path, textOf(REPRESENTATION_BYTES + 1));
	server.stored = Buffer.alloc(0);
	assert.match((await client("2", "-m", "put", "-f", path)).error, /4\.13/);
	assert.equal(server.stored.length, 0);
});

test("libcoap takes a separate response and acknowledges it", async () => {
	assert.equal((await client("3")).out.trimEnd(), "in a while");
	assert.deepEqual(server.seen, ["acknowledged"]);
});

test("libcoap makes requests that are not confirmable", async () => {
	assert.match((await client("4", "-N")).out, /^1;/);
	assert.deepEqual(server.seen, ["NON", "observe -1"]);
	assert.equal((await client("1", "-N", "-b", "512")).out.trimEnd(), LARGE.trimEnd());
});

test("libcoap observes, and cancels its observation", async () => {
	assert.match((await client("4", "-s", "1")).out.replace(/\s/g, ""), /^1;2;3;/);
	assert.deepEqual(server.seen, ["observe 0", "observe 1"]);
});

test("libcoap reads refusals", async () => {
	assert.match((await client("7")).error, /4\.04/);
	assert.match((await client("1", "-m", "delete")).error, /4\.05/);
	assert.match((await client("1", "-O", "65001,x")).error, /4\.02/);
});

test("a request of libcoap whose answer gets lost is carried out once", async () => {
	server.executed = 0;
	server.losing = 1;
	assert.equal((await client("5", "-m", "post")).error, "");
	assert.deepEqual([server.executed, server.losing], [1, 0]);
});

interface Dissected {
	[field: string]: string;
}

const FIELDS = [
	"coap.type",
	"coap.code",
	"coap.mid",
	"coap.token",
	"coap.opt.name",
	"coap.opt.uri_path",
	"coap.opt.uri_query",
	"coap.opt.location_path",
	"coap.opt.ctype",
	"coap.opt.accept",
	"coap.opt.observe",
	"coap.opt.etag",
	"coap.opt.block_number",
	"coap.opt.block_mflag",
	"coap.opt.block_size",
	"coap.opt.size1",
	"coap.payload_length",
	"coap.block_length",
	"json.value.number",
	"lwm2mtlv.value.unsigned_integer",
	"_ws.malformed",
	"_ws.expert.message",
];

/** What Wireshark makes of CoAP messages: the fields of each. */
function dissect(messages: Buffer[]): Dissected[] {
	const path = join(folder, "coap.pcap");
	writeFileSync(path, pcap(messages));
	const { stdout, stderr, status } = spawnSync(
		program("tshark", "tshark"),
		["-r", path, "-T", "fields", "-E", "separator=|", "-E", "aggregator=;", ...FIELDS.flatMap((name) => ["-e", name])],
		{ encoding: "utf8" },
	);
	assert.equal(status, 0, stderr);
	const lines = stdout.replace(/\n$/, "").split("\n");
	assert.equal(lines.length, messages.length);
	return lines.map((line) => {
		const values = line.split("|");
		return Object.fromEntries(
			FIELDS.map((name, index) => [name.replace(/^coap\.(opt\.)?/, ""), values[index] ?? ""]).filter(
				([, value]) => value !== "",
			),
		);
	});
}

/** A capture file of UDP datagrams from and to port 5683. */
function pcap(messages: Buffer[]): Buffer {
	return captureOf(
		messages.map((payload) => {
			const lengthAndSum = Buffer.alloc(4);
			lengthAndSum.writeUInt16BE(8 + payload.length, 0);
			const rest = Buffer.concat([lengthAndSum, payload]);
			return { protocol: UDP, isForth: true, from: 5683, to: 5683, rest };
		}),
	);
}

function built(): Buffer {
	assert.ok(isWhole(message));
	return Buffer.from(message.tx.slice(0, message.txLength));
}

function payloadOf(text: string): void {
	addPayload(message, Buffer.from(text), 0, text.length);
}

test("Wireshark reads a Register as it was built", () => {
	begin(message, CON, POST, 0x1234, Buffer.from("a1", "hex"), 1);
	addText(message, URI_PATH, "rd");
	addNumber(message, CONTENT_FORMAT, 40);
	for (const query of ["lwm2m=1.1", "ep=a-client-of-some-length", "b=U", "lt=300"]) addText(message, URI_QUERY, query);
	payloadOf("</>;ct=112,</1/0>,</3/0>");
	assert.deepEqual(dissect([built()]), [
		{
			type: "0",
			code: "2",
			mid: "4660",
			token: "a1",
			name: "#1: Uri-Path;#2: Content-Format;#3: Uri-Query;#4: Uri-Query;#5: Uri-Query;#6: Uri-Query",
			uri_path: "rd",
			ctype: "application/link-format",
			uri_query: "lwm2m=1.1;ep=a-client-of-some-length;b=U;lt=300",
			payload_length: "24",
		},
	]);
});

test("Wireshark reads blocks, answers and notifications as they were built", () => {
	const messages: Buffer[] = [];
	begin(message, CON, POST, 1, Buffer.alloc(0), 0);
	addText(message, URI_PATH, "rd");
	addNumber(message, BLOCK1, blockOption(300, true, 2));
	addNumber(message, SIZE1, 70000);
	payloadOf("x".repeat(64));
	messages.push(built());
	const request = Buffer.from("480143210102030405060708", "hex");
	parse(message, request, request.length);
	beginAnswer(message, CONTENT, 0);
	addBytes(message, ETAG, Buffer.from("99aabbccdd99", "hex"), 1, 5);
	addNumber(message, OBSERVE, 0);
	addNumber(message, CONTENT_FORMAT, 11542);
	addPayload(message, Buffer.from("c1095f", "hex"), 0, 3);
	messages.push(built());
	begin(message, NON, CONTENT, 65535, Buffer.from("0102030405060708", "hex"), 8);
	addNumber(message, OBSERVE, 0xffffff);
	addNumber(message, CONTENT_FORMAT, 110);
	payloadOf('[{"n":"/3303/0/5700","v":21.5}]');
	messages.push(built());
	begin(message, ACK, CREATED, 2, Buffer.alloc(0), 0);
	addText(message, LOCATION_PATH, "rd");
	addText(message, LOCATION_PATH, "0123456789abcdef");
	messages.push(built());
	begin(message, CON, GET, 3, Buffer.alloc(0), 0);
	for (const id of ["3303", "0", "5700"]) addText(message, URI_PATH, id);
	addNumber(message, ACCEPT, 112);
	messages.push(built());
	beginEmpty(message, RST);
	messages.push(built());
	const fields = dissect(messages).map(({ name: _, ...rest }) => rest);
	assert.deepEqual(fields, [
		{
			type: "0",
			code: "2",
			mid: "1",
			uri_path: "rd",
			block_number: "300",
			block_mflag: "1",
			block_size: "2",
			size1: "70000",
			block_length: "64",
		},
		{
			type: "2",
			code: "69",
			mid: `${0x4321}`,
			token: "0102030405060708",
			etag: "aabbccdd",
			observe: "0",
			ctype: "application/vnd.oma.lwm2m+tlv",
			payload_length: "3",
			"lwm2mtlv.value.unsigned_integer": "95",
		},
		{
			type: "1",
			code: "69",
			mid: "65535",
			token: "0102030405060708",
			observe: `${0xffffff}`,
			ctype: "application/senml+json",
			payload_length: "31",
			"json.value.number": "21.5",
		},
		{ type: "2", code: "65", mid: "2", location_path: "rd;0123456789abcdef" },
		{ type: "0", code: "1", mid: "3", uri_path: "3303;0;5700", accept: "application/senml+cbor" },
		{ type: "3", code: "0", mid: `${0x4321}` },
	]);
});

test("Wireshark notices what the writer would not build", () => {
	const [malformed] = dissect([Buffer.from("40010001f0", "hex")]);
	assert.ok(malformed?.["_ws.malformed"] || malformed?.["_ws.expert.message"], JSON.stringify(malformed));
});
