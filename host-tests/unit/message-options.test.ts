// Options of CoAP messages: critical ones, repeated ones, paths. RFC 7252 5.4, 5.10.
import { BOOTSTRAP_PATH, findOption, OK, OPTION_ERROR, OTHER_PATH, PROXY_ERROR } from "../../src/coap/message.js";
import {
	ACCEPT,
	BLOCK1,
	BLOCK2,
	CONTENT_FORMAT,
	ETAG,
	LOCATION_PATH,
	OBSERVE,
	PROXY_SCHEME,
	PROXY_URI,
	SIZE1,
	SIZE2,
	URI_HOST,
	URI_PATH,
	URI_PORT,
	URI_QUERY,
} from "../../src/coap/numbers.js";
import { ascii, equal, hex, ok, test, toHex } from "../support/test.js";
import { message } from "./in-hand.js";
import { created, encode, ids, type Option, parseHex, register } from "./message-cases.js";

/** Parses a GET with these options. */
function parseOptions(options: Option[]): number {
	return parseHex(`40011234${encode(options)}`);
}

function parsePath(...segments: string[]): number {
	return parseOptions(segments.map((segment) => [URI_PATH, segment]));
}

test("an unknown critical option is an option error, an elective one is passed over", () => {
	for (const number of [1, 5, 9, 13, 19, 21, 25, 29, 258 + 1, 2049, 65535])
		equal(parseOptions([[number, "x"]]), OPTION_ERROR, `${number}`);
	for (const number of [0, 2, 10, 14, 16, 18, 20, 22, 24, 26, 30, 258, 292, 2048, 65534])
		equal(parseOptions([[number, "x"]]), OK, `${number}`);
	equal(
		parseOptions([
			[9, "x"],
			[URI_PATH, "3"],
			[ACCEPT, hex("3c")],
		]),
		OPTION_ERROR,
	);
	equal([message.object, message.accept], [3, 60]);
});

test("Uri-Host and Uri-Port are known and make no difference", () => {
	equal(
		parseOptions([
			[URI_HOST, "device.example"],
			[URI_PORT, hex("1633")],
			[URI_PATH, "3"],
		]),
		OK,
	);
	equal(ids(), [3, -1, -1, -1]);
});

test("a critical option that may come once is an option error the second time", () => {
	for (const [number, value] of [
		[URI_HOST, "a"],
		[URI_PORT, "a"],
		[ACCEPT, ""],
		[BLOCK2, ""],
		[BLOCK1, ""],
	] as const) {
		equal(parseOptions([[number, value]]), OK, `${number}`);
		equal(
			parseOptions([
				[number, value],
				[number, value],
			]),
			OPTION_ERROR,
			`${number}`,
		);
	}
});

test("of an elective option that may come once the first counts", () => {
	equal(
		parseOptions([
			[ETAG, "ab"],
			[ETAG, "cd"],
			[OBSERVE, ""],
			[OBSERVE, hex("01")],
			[CONTENT_FORMAT, hex("3c")],
			[CONTENT_FORMAT, hex("70")],
			[SIZE2, hex("05")],
			[SIZE2, hex("06")],
			[SIZE1, hex("07")],
			[SIZE1, hex("08")],
		]),
		OK,
	);
	equal([message.observe, message.format, message.size2, message.size1], [0, 60, 5, 7]);
	equal(toHex(message.rx, message.etagAt, message.etagAt + message.etagLength), "6162");
});

test("a critical option of a length that it cannot have is an option error, an elective one is passed over", () => {
	for (const [number, size] of [
		[URI_HOST, 0],
		[URI_HOST, 256],
		[URI_PORT, 3],
		[URI_PATH, 256],
		[URI_QUERY, 256],
		[ACCEPT, 3],
		[ACCEPT, 5],
		[BLOCK2, 4],
		[BLOCK1, 4],
		[BLOCK1, 5],
	] as const)
		equal(parseOptions([[number, new Uint8Array(size)]]), OPTION_ERROR, `${number} of ${size}`);
	for (const [number, size] of [
		[URI_HOST, 1],
		[URI_HOST, 255],
		[URI_PORT, 2],
		[URI_PATH, 255],
		[URI_QUERY, 255],
		[ACCEPT, 2],
		[BLOCK2, 3],
		[BLOCK1, 3],
	] as const)
		equal(parseOptions([[number, new Uint8Array(size)]]), OK, `${number} of ${size}`);
	equal(
		parseOptions([
			[ETAG, ""],
			[ETAG, "123456789"],
			[OBSERVE, new Uint8Array(4)],
			[CONTENT_FORMAT, new Uint8Array(3)],
			[SIZE2, new Uint8Array(5)],
			[SIZE1, new Uint8Array(5)],
		]),
		OK,
	);
	equal([message.etagLength, message.observe, message.format, message.size2, message.size1], [0, -1, -1, -1, -1]);
});

test("numbers may have leading zeros, and 4 bytes where the option allows", () => {
	equal(
		parseOptions([
			[OBSERVE, hex("000001")],
			[CONTENT_FORMAT, hex("0028")],
			[ACCEPT, hex("0000")],
			[BLOCK2, hex("000006")],
			[SIZE1, hex("ffffffff")],
		]),
		OK,
	);
	equal([message.observe, message.format, message.accept, message.block2], [1, 40, 0, 6]);
	equal(message.size1, 0xffffffff);
});

test("asking for a proxy is told apart", () => {
	equal(parseOptions([[PROXY_URI, "coap://example/"]]), PROXY_ERROR);
	equal(
		parseOptions([
			[URI_HOST, "example"],
			[PROXY_SCHEME, "coap"],
		]),
		PROXY_ERROR,
	);
});

test("a path of 0 to 4 ids is an LwM2M path", () => {
	equal(parsePath(), OK);
	equal([message.pathDepth, ...ids()], [0, -1, -1, -1, -1]);
	parsePath("3");
	equal([message.pathDepth, ...ids()], [1, 3, -1, -1, -1]);
	parsePath("0", "65534");
	equal([message.pathDepth, ...ids()], [2, 0, 65534, -1, -1]);
	parsePath("3303", "10", "5700");
	equal([message.pathDepth, ...ids()], [3, 3303, 10, 5700, -1]);
	parsePath("3", "0", "11", "9");
	equal([message.pathDepth, ...ids()], [4, 3, 0, 11, 9]);
});

test("any other path is told apart", () => {
	for (const segments of [
		["3", "0", "11", "9", "1"],
		["rd"],
		["dp"],
		["bs", "3"],
		["bs", "bs"],
		["3", "bs"],
		["b"],
		["bss"],
		["BS"],
		[".well-known", "core"],
		["65535"],
		["65536"],
		["99999"],
		["100000"],
		["18446744073709551619"],
		["03"],
		["00"],
		["3", "00"],
		["3", "0", "065"],
		["-1"],
		["+3"],
		["3a"],
		["a3"],
		["3 "],
		["3.0"],
		["3/0"],
		["\xb3"],
		[""],
		["", "3"],
		["3", ""],
		["3", "", "0"],
		["3", "x", "5"],
	]) {
		equal(parsePath(...segments), OK, segments.join());
		equal(message.pathDepth, OTHER_PATH, segments.join());
	}
});

test("the bootstrap path is told apart", () => {
	equal(parsePath("bs"), OK);
	equal(message.pathDepth, BOOTSTRAP_PATH);
	equal(ids(), [-1, -1, -1, -1]);
});

test("options are found by number and index", () => {
	parseHex(register);
	const found: string[] = [];
	for (let i = 0; i < 3; i++) {
		const at = findOption(message, URI_QUERY, i);
		found.push(toHex(message.rx, at, at + message.optionLength));
	}
	equal(
		found,
		["lwm2m=1.1", "ep=a-client-with-a-long-name", "lt=300"].map((text) => toHex(ascii(text))),
	);
	equal(findOption(message, URI_QUERY, 3), -1);
	equal(findOption(message, ETAG, 0), -1);
	equal(findOption(message, SIZE1, 0), -1);
	parseHex(created);
	const at = findOption(message, LOCATION_PATH, 1);
	equal(toHex(message.rx, at, at + message.optionLength), toHex(ascii("5a3f")));
	equal(findOption(message, LOCATION_PATH, 2), -1);
});

test("no option is found in the payload", () => {
	equal(parseHex(`40011234b133ff${encode([[URI_PATH, "4"]])}`), OK);
	ok(findOption(message, URI_PATH, 0) > 0);
	equal(findOption(message, URI_PATH, 1), -1);
	parseHex("40011234ffb134");
	equal(findOption(message, URI_PATH, 0), -1);
	parseHex("40000001");
	equal(findOption(message, URI_PATH, 0), -1);
});
