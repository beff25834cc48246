// The builder: what it writes the parser reads back, options in order, and running past the end is noticed.
import * as message from "../../src/coap/message.js";
import { OK, parse } from "../../src/coap/message.js";
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
import * as writer from "../../src/coap/writer.js";
import { ascii, equal, hex, ok, randomFrom, test, toHex } from "../support/test.js";

const none = new Uint8Array(0);

function built(): string {
	return toHex(writer.tx, 0, writer.txLength);
}

function receive(text: string): void {
	const bytes = hex(text);
	equal(parse(bytes, bytes.length), OK, text);
}

/** What `build` makes of a message that has only a header. */
function options(build: () => void): string {
	writer.prepare();
	writer.begin(CON, GET, 0, none, 0);
	build();
	ok(writer.isWhole());
	return toHex(writer.tx, 4, writer.txLength);
}

test("a request has its type, code, message id and token", () => {
	writer.prepare();
	writer.begin(CON, POST, 0x1234, hex("a1b2c3"), 2);
	equal(built(), "42021234a1b2");
	writer.begin(NON, CONTENT, 0xffff, hex("0102030405060708"), 8);
	equal(built(), "5845ffff0102030405060708");
	writer.begin(CON, GET, 0, none, 0);
	equal(built(), "40010000");
});

test("the answer to a confirmable request rides on its acknowledgement", () => {
	writer.prepare();
	receive("4301beef0a0b0cb133");
	writer.beginAnswer(CONTENT, 0x7777);
	equal(built(), "6345beef0a0b0c");
});

test("the answer to a request that was not confirmable is a new message with the same token", () => {
	writer.prepare();
	receive("5801beef0102030405060708b133");
	writer.beginAnswer(CHANGED, 0x7778);
	equal(built(), "584477780102030405060708");
});

test("a separate answer is confirmable, with the same token", () => {
	writer.prepare();
	receive("4201beef0102b133");
	writer.beginSeparate(CHANGED, 0x7779);
	equal(built(), "424477790102");
});

test("an empty message takes the message id and no token", () => {
	writer.prepare();
	receive("4201beef0102b133");
	writer.beginEmpty(ACK);
	equal(built(), "6000beef");
	writer.beginEmpty(RST);
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
			options(() => writer.addNumber(6, value)),
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
			options(() => writer.addNumber(number, 0)),
			head,
		);
	equal(
		options(() => {
			writer.addText(URI_PATH, "3");
			writer.addText(URI_PATH, "0");
			writer.addNumber(CONTENT_FORMAT, 0);
			writer.addNumber(SIZE1, 0);
		}),
		"b1330130" + "10" + "d023",
	);
});

test("texts of every length are whole, whatever their option's delta takes", () => {
	for (const number of [URI_PATH, LOCATION_PATH, 13, SIZE1, 300])
		for (const size of [0, 1, 2, 12, 13, 14, 200, 255]) {
			const text = "äbcdefghijklm".repeat(20).slice(0, size);
			const bytes = new Uint8Array(600);
			options(() => writer.addText(number, text));
			bytes.set(writer.tx.subarray(0, writer.txLength));
			equal(parse(bytes, writer.txLength) & ~3, 0);
			const at = message.findOption(number, 0);
			const expected = hex(toHex(ascii(text)).replace(/e4/g, "c3a4"));
			equal(toHex(bytes, at, at + message.optionLength), toHex(expected), `${number}, ${size}`);
			equal(at + message.optionLength, writer.txLength);
		}
});

test("a range of bytes is an option's value", () => {
	equal(
		options(() => {
			writer.addBytes(4, hex("ff0102030405ff"), 1, 6);
			writer.addBytes(4, hex("ff"), 1, 1);
		}),
		"450102030405" + "00",
	);
	const long = new Uint8Array(270).fill(7);
	equal(
		options(() => writer.addBytes(4, long, 0, 270)),
		`4e0001${"07".repeat(270)}`,
	);
});

test("encoded options are taken over, and further ones follow the last of them", () => {
	equal(
		options(() => {
			writer.addEncoded(hex("99b2726411289999"), 1, 6, CONTENT_FORMAT);
			writer.addText(URI_QUERY, "b=U");
			writer.addNumber(BLOCK1, 14);
		}),
		"b272641128" + "33623d55" + "c10e",
	);
});

test("a payload follows its marker, an empty one has none", () => {
	equal(
		options(() => writer.addPayload(hex("00010203"), 1, 3)),
		"ff0102",
	);
	equal(
		options(() => writer.addPayload(hex("00010203"), 2, 2)),
		"",
	);
});

test("a payload that is written in place ends where it is said to", () => {
	equal(
		options(() => {
			writer.addNumber(CONTENT_FORMAT, 0);
			const at = writer.beginPayload();
			writer.tx.set(ascii("21.5"), at);
			writer.setLength(at + 4);
		}),
		"c0ff32312e35",
	);
});

test("a payload that is written in place and stays empty loses its marker", () => {
	equal(
		options(() => {
			writer.addNumber(CONTENT_FORMAT, 0);
			writer.setLength(writer.beginPayload());
		}),
		"c0",
	);
});

test("options come back from the parser as they were added", () => {
	writer.prepare();
	const random = randomFrom(99);
	for (let round = 0; round < 1000; round++) {
		const type = random(4);
		const code = random(2) ? 1 + random(31) : 0x40 + random(0x80);
		const mid = random(65536);
		const token = new Uint8Array(8).map(() => random(256));
		const tokenSize = random(9);
		writer.begin(type, code, mid, token, tokenSize);
		const added: [number, string][] = [];
		let number = 0;
		for (let count = random(8); count > 0; count--) {
			number += random(4) ? random(15) : random(700);
			if (random(3) === 0) {
				const value = random(2) ? random(256) : random(2 ** 32);
				writer.addNumber(number, value);
				const digits = value.toString(16);
				added.push([number, value === 0 ? "" : digits.length & 1 ? `0${digits}` : digits]);
			} else if (random(2)) {
				const text = "abcdefghijklmnop".repeat(5).slice(0, random(70));
				writer.addText(number, text);
				added.push([number, toHex(ascii(text))]);
			} else {
				const bytes = new Uint8Array(random(30)).map(() => random(256));
				writer.addBytes(number, bytes, 0, bytes.length);
				added.push([number, toHex(bytes)]);
			}
		}
		const payload = new Uint8Array(random(40)).map(() => random(256));
		writer.addPayload(payload, 0, payload.length);
		ok(writer.isWhole());
		const bytes = hex(built());
		const verdict = parse(bytes, bytes.length);
		ok(verdict === OK || verdict > message.FORMAT_ERROR, `verdict ${verdict}: ${built()}`);
		equal([message.type, message.code, message.mid, message.tokenLength], [type, code, mid, tokenSize]);
		equal(toHex(bytes, 4, 4 + tokenSize), toHex(token, 0, tokenSize));
		equal(toHex(bytes, message.payloadStart, message.end), toHex(payload));
		added.forEach(([wanted, value], index) => {
			const before = added.slice(0, index).filter(([other]) => other === wanted).length;
			const at = message.findOption(wanted, before);
			equal(toHex(bytes, at, at + message.optionLength), value, `option ${wanted}`);
		});
	}
});

test("a message that fills the buffer is whole, one byte more is not", () => {
	writer.prepare();
	const room = writer.tx.length;
	const payload = new Uint8Array(room).fill(0xab);
	writer.begin(CON, POST, 1, none, 0);
	writer.addPayload(payload, 0, room - 5);
	ok(writer.isWhole());
	equal(writer.txLength, room);
	equal(writer.tx[room - 1], 0xab);
	writer.begin(CON, POST, 1, none, 0);
	writer.addPayload(payload, 0, room - 4);
	ok(!writer.isWhole());
	equal(writer.txLength, room + 1);
});

test("everything that is added past the end is counted and nothing else happens", () => {
	writer.prepare();
	const room = writer.tx.length;
	const payload = new Uint8Array(room);
	writer.begin(CON, POST, 1, none, 0);
	writer.addBytes(2, payload, 0, room);
	const start = writer.txLength;
	ok(!writer.isWhole());
	writer.addNumber(OBSERVE, 0x12345678);
	equal(writer.txLength, start + 5);
	writer.addText(URI_PATH, "3303");
	equal(writer.txLength, start + 10);
	writer.addText(URI_QUERY, "a text of more than twelve");
	equal(writer.txLength, start + 38);
	writer.addBytes(SIZE2, hex("0102"), 0, 2);
	equal(writer.txLength, start + 42);
	const at = writer.beginPayload();
	equal(at, start + 43);
	writer.setLength(at + 10);
	ok(!writer.isWhole());
	equal(writer.tx.length, room);
});

test("a new message begins whole after one that was not", () => {
	writer.prepare();
	const { tx } = writer;
	writer.begin(CON, POST, 1, none, 0);
	writer.addBytes(2, new Uint8Array(2000), 0, 2000);
	ok(!writer.isWhole());
	writer.prepare();
	equal(writer.tx === tx, true);
	receive("4102000aaab2726401ff");
	writer.beginAnswer(CREATED, 0);
	writer.addText(LOCATION_PATH, "rd");
	ok(writer.isWhole());
	equal(built(), "6141000aaa827264");
});
