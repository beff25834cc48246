// CoAP messages taken apart: header, token, option lengths, payload. RFC 7252 3.
import {
	BOOTSTRAP_PATH,
	FORMAT_ERROR,
	findOption,
	NOT_COAP,
	OK,
	OPTION_ERROR,
	OTHER_PATH,
} from "../../src/coap/message.js";
import {
	ACCEPT,
	ACK,
	BLOCK1,
	BLOCK2,
	CHANGED,
	CON,
	CONTENT,
	CONTENT_FORMAT,
	CREATED,
	ETAG,
	GET,
	LOCATION_PATH,
	MAX_AGE,
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
import { ascii, equal, hex, ok, randomFrom, test, toHex } from "../support/test.js";
import { message } from "./in-hand.js";
import { created, encode, ids, parseHex, register } from "./message-cases.js";

const observe = `41011001aa${encode([
	[OBSERVE, ""],
	[URI_PATH, "3303"],
	[URI_PATH, "0"],
	[URI_PATH, "5700"],
	[ACCEPT, hex("70")],
])}`;

const block = `42030002bbcc${encode([
	[URI_PATH, "5"],
	[URI_PATH, "0"],
	[URI_PATH, "0"],
	[CONTENT_FORMAT, hex("2a")],
	[BLOCK1, hex("1234e8")],
	[SIZE1, hex("123456")],
])}ff0011223344556677889900aabbccddee`;

const content = `6145beef07${encode([
	[ETAG, hex("0102030405060708")],
	[OBSERVE, hex("010203")],
	[CONTENT_FORMAT, hex("2d16")],
	[MAX_AGE, hex("3c")],
	[BLOCK2, hex("0e")],
	[SIZE2, hex("0400")],
])}ffff`;

const wholes = [register, observe, block, content, created, "40000001", "60000001", "7000ffff"];

test("a Register request is taken apart", () => {
	equal(parseHex(register), OK);
	equal([message.type, message.code, message.mid, message.tokenLength], [CON, POST, 0x7b2e, 8]);
	equal([message.pathDepth, message.format, message.accept, message.queryCount], [OTHER_PATH, 40, -1, 3]);
	equal(message.end, register.length / 2);
	equal(toHex(message.rx, message.payloadStart, message.end), toHex(ascii("</1/0>,</3/0>")));
});

test("an Observe request is taken apart", () => {
	equal(parseHex(observe), OK);
	equal([message.type, message.code, message.mid, message.tokenLength], [CON, GET, 0x1001, 1]);
	equal([message.observe, message.accept, message.pathDepth], [0, 112, 3]);
	equal(ids(), [3303, 0, 5700, -1]);
	equal([message.payloadStart, message.end], [observe.length / 2, observe.length / 2]);
});

test("block options and sizes are read", () => {
	equal(parseHex(block), OK);
	equal([message.block1, message.block2, message.size1, message.size2], [0x1234e8, -1, 0x123456, -1]);
	equal(message.end - message.payloadStart, 16);
});

test("a response with every number is read", () => {
	equal(parseHex(content), OK);
	equal([message.type, message.code, message.mid], [ACK, CONTENT, 0xbeef]);
	equal([message.observe, message.format, message.block2, message.size2], [0x010203, 11542, 14, 1024]);
	equal(toHex(message.rx, message.etagAt, message.etagAt + message.etagLength), "0102030405060708");
	equal(toHex(message.rx, message.payloadStart, message.end), "ff");
	equal(parseHex(created), OK);
	equal([message.code, message.locationCount, message.pathDepth], [CREATED, 2, 0]);
});

test("what a message lacks is absent, whatever the one before had", () => {
	for (const before of [register, observe, block, content, created]) {
		parseHex(before);
		equal(parseHex("50440001"), OK);
		equal([message.type, message.code, message.mid, message.tokenLength], [NON, CHANGED, 1, 0]);
		equal([message.accept, message.format, message.observe], [-1, -1, -1]);
		equal([message.block1, message.block2, message.size1, message.size2], [-1, -1, -1, -1]);
		equal([message.pathDepth, message.queryCount, message.locationCount, message.etagLength], [0, 0, 0, 0]);
		equal(ids(), [-1, -1, -1, -1]);
		equal([message.payloadStart, message.end], [4, 4]);
	}
});

test("a datagram that is shorter than its buffer ends where it ends", () => {
	const buffer = hex(`${observe}ff414243`);
	equal(parse(message, buffer, observe.length / 2), OK);
	equal([message.payloadStart, message.end], [observe.length / 2, observe.length / 2]);
	equal(parse(message, buffer, observe.length / 2 + 3), OK);
	equal(message.end - message.payloadStart, 2);
});

test("fewer than 4 bytes, and other versions, are not CoAP", () => {
	for (const text of ["", "40", "4001", "400112"]) equal(parseHex(text), NOT_COAP, text);
	for (const text of ["00011234", "80011234", "c0011234", "ffffffff"]) equal(parseHex(text), NOT_COAP, text);
	equal(parse(message, hex("4001123400"), 3), NOT_COAP);
});

test("empty messages are 4 bytes without a token", () => {
	for (const [head, type] of [
		["40", CON],
		["50", NON],
		["60", ACK],
		["70", RST],
	] as const) {
		equal(parseHex(`${head}00abcd`), OK);
		equal([message.type, message.code, message.mid], [type, 0, 0xabcd]);
		equal(parseHex(`${head}00abcd00`), FORMAT_ERROR);
		equal(parseHex(`${head}00abcdff41`), FORMAT_ERROR);
		equal([message.type, message.mid], [type, 0xabcd]);
	}
	equal(parseHex("4100abcd11"), FORMAT_ERROR);
	equal(parseHex("4100abcd"), FORMAT_ERROR);
});

test("codes of the classes 1, 6 and 7 are format errors, those of 0 and 2 to 5 are not", () => {
	for (let code = 1; code < 256; code++) {
		const kind = code >> 5;
		const verdict = kind === 1 || kind > 5 ? FORMAT_ERROR : OK;
		equal(parse(message, Uint8Array.of(0x40, code, 0, 1), 4), verdict, `${code}`);
	}
});

test("tokens have 0 to 8 bytes, lengths of 9 to 15 are format errors", () => {
	for (let size = 0; size < 16; size++) {
		const bytes = new Uint8Array(24);
		bytes.set([0x40 | size, GET, 0, 1]);
		equal(parse(message, bytes, 4 + size), size < 9 ? OK : FORMAT_ERROR, `${size}`);
		if (size > 0) equal(parse(message, bytes, 3 + size), FORMAT_ERROR, `${size} cut`);
	}
});

test("deltas and lengths of every extended form are read", () => {
	for (const number of [0, 2, 12, 14, 268, 270, 2000, 65534])
		for (const size of [0, 1, 12, 13, 14, 268, 269, 270, 1000]) {
			const value = new Uint8Array(size).fill(0xa5);
			equal(parseHex(`40011234${encode([[number, value]])}ff42`), OK, `${number}, ${size} bytes`);
			equal(message.end - message.payloadStart, 1);
			ok(findOption(message, number, 0) > 0);
			equal(message.optionLength, size);
		}
	// lengths from which an option ends exactly at, or one byte beyond, the end
	const bytes = hex(`40011234${encode([[60, new Uint8Array(300)]])}`);
	equal(parse(message, bytes, bytes.length), OK);
	equal(parse(message, bytes, bytes.length - 1), FORMAT_ERROR);
});

test("the reserved nibble 15 is a format error, and so is an option number above 65535", () => {
	for (const text of ["f0", "f1ff", "f5", "0f", "1f", "4f00", "df00", "fd00", "fe0000", "ef0000"])
		equal(parseHex(`40011234${text}`), FORMAT_ERROR, text);
	equal(parseHex("40011234e0fef2"), OPTION_ERROR); // 65535, odd
	equal(parseHex("40011234e0fef310"), FORMAT_ERROR); // 65536 + 1
	equal(parseHex("40011234e0fef3"), FORMAT_ERROR);
	equal(parseHex("40011234e0ffff"), FORMAT_ERROR);
	equal(parseHex("40011234e0fef100e0fef1"), FORMAT_ERROR); // the sum
});

test("a payload marker that nothing follows is a format error", () => {
	equal(parseHex("40011234ff"), FORMAT_ERROR);
	equal(parseHex("40011234b133ff"), FORMAT_ERROR);
	equal(parseHex("40011234b133ff00"), OK);
});

test("a message that is cut anywhere is a format error, or ends between two options", () => {
	for (const whole of wholes) {
		const bytes = hex(whole);
		equal(parse(message, bytes, bytes.length), OK);
		const payload = message.payloadStart < message.end ? message.payloadStart : bytes.length + 1;
		for (let length = 0; length < bytes.length; length++) {
			const cut = bytes.slice(0, length);
			const verdict = parse(message, cut, length);
			// what lies behind the end of a longer buffer makes no difference
			equal(parse(message, bytes, length), verdict, `${whole} cut to ${length}`);
			if (length < 4) equal(verdict, NOT_COAP);
			else if (length === payload - 1 || length === payload) equal(verdict, length === payload ? FORMAT_ERROR : OK);
			else if (length > payload) equal(verdict, OK);
			else ok(verdict === OK || verdict === FORMAT_ERROR, `${whole} cut to ${length}: ${verdict}`);
			equal(verdict === OK && message.end !== length, false);
		}
	}
});

/** Fails where what has been parsed points outside the datagram. */
function checkBounds(length: number, what: string): void {
	const { payloadStart, end, etagAt, etagLength, pathDepth } = message;
	ok(end <= length && payloadStart <= end, `${what}: payload outside`);
	ok(etagAt + etagLength <= length && etagLength <= 8, `${what}: ETag outside`);
	ok(pathDepth >= BOOTSTRAP_PATH && pathDepth <= 4, `${what}: path depth`);
	for (const id of ids()) ok(id >= -1 && id <= 65534, `${what}: id ${id}`);
	for (const number of [URI_QUERY, LOCATION_PATH, 60]) {
		let index = 0;
		for (let at = findOption(message, number, 0); at >= 0; at = findOption(message, number, ++index))
			ok(at + message.optionLength <= payloadStart, `${what}: option ${number} outside`);
		if (number === URI_QUERY) equal(index, message.queryCount, what);
		if (number === LOCATION_PATH) equal(index, message.locationCount, what);
	}
}

test("any byte changed to any other does no harm", () => {
	for (const whole of wholes) {
		const bytes = hex(whole);
		for (let at = 0; at < bytes.length; at++) {
			const kept = bytes[at]!;
			for (let value = 0; value < 256; value++) {
				bytes[at] = value;
				const verdict = parse(message, bytes, bytes.length);
				if (verdict === OK || verdict > FORMAT_ERROR) checkBounds(bytes.length, toHex(bytes));
			}
			bytes[at] = kept;
		}
	}
});

test("random bytes do no harm", () => {
	const random = randomFrom(17);
	const bytes = new Uint8Array(48);
	for (let round = 0; round < 5000; round++) {
		const length = random(49);
		for (let i = 0; i < length; i++) bytes[i] = random(3) ? random(256) & 0x73 : random(256);
		bytes[0] = 0x40 | (bytes[0]! & 0x33);
		const verdict = parse(message, bytes, length);
		if (verdict === OK || verdict > FORMAT_ERROR) checkBounds(length, toHex(bytes, 0, length));
	}
});
