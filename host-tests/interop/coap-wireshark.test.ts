// What our writer builds, as Wireshark dissects it. Needs the Debian package tshark. Runs on Node only.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { blockOption } from "../../src/coap/block.js";
import {
	ACCEPT,
	ACK,
	BLOCK1,
	CON,
	CONTENT,
	CONTENT_FORMAT,
	CREATED,
	ETAG,
	GET,
	LOCATION_PATH,
	NON,
	OBSERVE,
	POST,
	RST,
	SIZE1,
	URI_PATH,
	URI_QUERY,
} from "../../src/coap/numbers.js";
import { parse } from "../../src/coap/parse.js";
import {
	addBytes,
	addNumber,
	addPayload,
	addText,
	begin,
	beginAnswer,
	beginEmpty,
	isWhole,
} from "../../src/coap/writer.js";
import { captureOf, UDP } from "../support/capture.js";
import { message } from "../unit/in-hand.js";
import { program } from "./peer-programs.js";

const folder = mkdtempSync(join(tmpdir(), "coap-wireshark-"));
after(() => rmSync(folder, { recursive: true }));

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
