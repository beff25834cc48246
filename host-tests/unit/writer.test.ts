// The builder: what it writes the parser reads back, options in order, and running past the end is noticed.

import { FORMAT_ERROR, findOption, OK } from "../../src/coap/message.js";
import {
	ACK,
	BLOCK1,
	CHANGED,
	CON,
	CONTENT,
	CONTENT_FORMAT,
	CREATED,
	GET,
	LOCATION_PATH,
	NON,
	OBSERVE,
	POST,
	RST,
	SIZE1,
	SIZE2,
	URI_PATH,
	URI_QUERY,
} from "../../src/coap/numbers.js";
import { parse } from "../../src/coap/parse.js";
import {
	addBytes,
	addEncoded,
	addNumber,
	addPayload,
	addText,
	begin,
	beginAnswer,
	beginEmpty,
	beginPayload,
	beginSeparate,
	isWhole,
	setLength,
} from "../../src/coap/writer.js";
import { ascii, equal, hex, ok, randomFrom, test, toHex } from "../support/test.js";
import { message } from "./in-hand.js";

const none = new Uint8Array(0);

function built(): string {
	return toHex(message.tx, 0, message.txLength);
}

function receive(text: string): void {
	const bytes = hex(text);
	equal(parse(message, bytes, bytes.length), OK, text);
}

/** What `build` makes of a message that has only a header. */
function options(build: () => void): string {
	begin(message, CON, GET, 0, none, 0);
	build();
	ok(isWhole(message));
	return toHex(message.tx, 4, message.txLength);
}

test("a request has its type, code, message id and token", () => {
	begin(message, CON, POST, 0x1234, hex("a1b2c3"), 2);
	equal(built(), "42021234a1b2");
	begin(message, NON, CONTENT, 0xffff, hex("0102030405060708"), 8);
	equal(built(), "5845ffff0102030405060708");
	begin(message, CON, GET, 0, none, 0);
	equal(built(), "40010000");
});

test("the answer to a confirmable request rides on its acknowledgement", () => {
	receive("4301beef0a0b0cb133");
	beginAnswer(message, CONTENT, 0x7777);
	equal(built(), "6345beef0a0b0c");
});

test("the answer to a request that was not confirmable is a new message with the same token", () => {
	receive("5801beef0102030405060708b133");
	beginAnswer(message, CHANGED, 0x7778);
	equal(built(), "584477780102030405060708");
});

test("a separate answer is confirmable, with the same token", () => {
	receive("4201beef0102b133");
	beginSeparate(message, CHANGED, 0x7779);
	equal(built(), "424477790102");
});

test("an empty message takes the message id and no token", () => {
	receive("4201beef0102b133");
	beginEmpty(message, ACK);
	equal(built(), "6000beef");
	beginEmpty(message, RST);
	equal(built(), "7000beef");
});

test("numbers take the fewest bytes", () => {
	for (const [value, digits] of [
		[0, ""],
		[1, "01"],
		[255, "ff"],
		[256, "0100"],
		[65535, "ffff"],
		[65536, "010000"],
		[0xffffff, "ffffff"],
		[0x1000000, "01000000"],
		[0xffffffff, "ffffffff"],
	] as const)
		equal(
			options(() => addNumber(message, 6, value)),
			`6${digits.length / 2}${digits}`,
		);
});

test("deltas have 0, 1 or 2 bytes more, and none where an option repeats", () => {
	for (const [number, head] of [
		[0, "00"],
		[12, "c0"],
		[13, "d000"],
		[268, "d0ff"],
		[269, "e00000"],
		[270, "e00001"],
		[65535, "e0fef2"],
	] as const)
		equal(
			options(() => addNumber(message, number, 0)),
			head,
		);
	equal(
		options(() => {
			addText(message, URI_PATH, "3");
			addText(message, URI_PATH, "0");
			addNumber(message, CONTENT_FORMAT, 0);
			addNumber(message, SIZE1, 0);
		}),
		"b1330130" + "10" + "d023",
	);
});

test("texts of every length are whole, whatever their option's delta takes", () => {
	for (const number of [URI_PATH, LOCATION_PATH, 13, SIZE1, 300])
		for (const size of [0, 1, 2, 12, 13, 14, 200, 255]) {
			const text = "äbcdefghijklm".repeat(20).slice(0, size);
			const bytes = new Uint8Array(600);
			options(() => addText(message, number, text));
			bytes.set(message.tx.subarray(0, message.txLength));
			equal(parse(message, bytes, message.txLength) & ~3, 0);
			const at = findOption(message, number, 0);
			const expected = hex(toHex(ascii(text)).replace(/e4/g, "c3a4"));
			equal(toHex(bytes, at, at + message.optionLength), toHex(expected), `${number}, ${size}`);
			equal(at + message.optionLength, message.txLength);
		}
});

test("a range of bytes is an option's value", () => {
	equal(
		options(() => {
			addBytes(message, 4, hex("ff0102030405ff"), 1, 6);
			addBytes(message, 4, hex("ff"), 1, 1);
		}),
		"450102030405" + "00",
	);
	const long = new Uint8Array(270).fill(7);
	equal(
		options(() => addBytes(message, 4, long, 0, 270)),
		`4e0001${"07".repeat(270)}`,
	);
});

test("encoded options are taken over, and further ones follow the last of them", () => {
	equal(
		options(() => {
			addEncoded(message, hex("99b2726411289999"), 1, 6, CONTENT_FORMAT);
			addText(message, URI_QUERY, "b=U");
			addNumber(message, BLOCK1, 14);
		}),
		"b272641128" + "33623d55" + "c10e",
	);
});

test("a payload follows its marker, an empty one has none", () => {
	equal(
		options(() => addPayload(message, hex("00010203"), 1, 3)),
		"ff0102",
	);
	equal(
		options(() => addPayload(message, hex("00010203"), 2, 2)),
		"",
	);
});

test("a payload that is written in place ends where it is said to", () => {
	equal(
		options(() => {
			addNumber(message, CONTENT_FORMAT, 0);
			const at = beginPayload(message);
			message.tx.set(ascii("21.5"), at);
			setLength(message, at + 4);
		}),
		"c0ff32312e35",
	);
});

test("a payload that is written in place and stays empty loses its marker", () => {
	equal(
		options(() => {
			addNumber(message, CONTENT_FORMAT, 0);
			setLength(message, beginPayload(message));
		}),
		"c0",
	);
});

test("options come back from the parser as they were added", () => {
	const random = randomFrom(99);
	for (let round = 0; round < 1000; round++) {
		const type = random(4);
		const code = random(2) ? 1 + random(31) : 0x40 + random(0x80);
		const mid = random(65536);
		const token = new Uint8Array(8).map(() => random(256));
		const tokenSize = random(9);
		begin(message, type, code, mid, token, tokenSize);
		const added: [number, string][] = [];
		let number = 0;
		for (let count = random(8); count > 0; count--) {
			number += random(4) ? random(15) : random(700);
			if (random(3) === 0) {
				const value = random(2) ? random(256) : random(2 ** 32);
				addNumber(message, number, value);
				const digits = value.toString(16);
				added.push([number, value === 0 ? "" : digits.length & 1 ? `0${digits}` : digits]);
			} else if (random(2)) {
				const text = "abcdefghijklmnop".repeat(5).slice(0, random(70));
				addText(message, number, text);
				added.push([number, toHex(ascii(text))]);
			} else {
				const bytes = new Uint8Array(random(30)).map(() => random(256));
				addBytes(message, number, bytes, 0, bytes.length);
				added.push([number, toHex(bytes)]);
			}
		}
		const payload = new Uint8Array(random(40)).map(() => random(256));
		addPayload(message, payload, 0, payload.length);
		ok(isWhole(message));
		const bytes = hex(built());
		const verdict = parse(message, bytes, bytes.length);
		ok(verdict === OK || verdict > FORMAT_ERROR, `verdict ${verdict}: ${built()}`);
		equal([message.type, message.code, message.mid, message.tokenLength], [type, code, mid, tokenSize]);
		equal(toHex(bytes, 4, 4 + tokenSize), toHex(token, 0, tokenSize));
		equal(toHex(bytes, message.payloadStart, message.end), toHex(payload));
		added.forEach(([wanted, value], index) => {
			const before = added.slice(0, index).filter(([other]) => other === wanted).length;
			const at = findOption(message, wanted, before);
			equal(toHex(bytes, at, at + message.optionLength), value, `option ${wanted}`);
		});
	}
});

test("a message that fills the buffer is whole, one byte more is not", () => {
	const room = message.tx.length;
	const payload = new Uint8Array(room).fill(0xab);
	begin(message, CON, POST, 1, none, 0);
	addPayload(message, payload, 0, room - 5);
	ok(isWhole(message));
	equal(message.txLength, room);
	equal(message.tx[room - 1], 0xab);
	begin(message, CON, POST, 1, none, 0);
	addPayload(message, payload, 0, room - 4);
	ok(!isWhole(message));
	equal(message.txLength, room + 1);
});

test("everything that is added past the end is counted and nothing else happens", () => {
	const room = message.tx.length;
	const payload = new Uint8Array(room);
	begin(message, CON, POST, 1, none, 0);
	addBytes(message, 2, payload, 0, room);
	const start = message.txLength;
	ok(!isWhole(message));
	addNumber(message, OBSERVE, 0x12345678);
	equal(message.txLength, start + 5);
	addText(message, URI_PATH, "3303");
	equal(message.txLength, start + 10);
	addText(message, URI_QUERY, "a text of more than twelve");
	equal(message.txLength, start + 38);
	addBytes(message, SIZE2, hex("0102"), 0, 2);
	equal(message.txLength, start + 42);
	const at = beginPayload(message);
	equal(at, start + 43);
	setLength(message, at + 10);
	ok(!isWhole(message));
	equal(message.tx.length, room);
});

test("a new message begins whole after one that was not", () => {
	const { tx } = message;
	begin(message, CON, POST, 1, none, 0);
	addBytes(message, 2, new Uint8Array(2000), 0, 2000);
	ok(!isWhole(message));
	equal(message.tx === tx, true);
	receive("4102000aaab2726401ff");
	beginAnswer(message, CREATED, 0);
	addText(message, LOCATION_PATH, "rd");
	ok(isWhole(message));
	equal(built(), "6141000aaa827264");
});
