// Text, ranges and hashes in byte arrays: the same on Node and, in C, on XS.
import { copy, equal as equalBytes, hash, readText, textBytes, writeText } from "../../src/bytes.js";
import { ascii, equal, hex, ok, test, toHex } from "../support/test.js";
import { written } from "./bytes-cases.js";

test("text of every UTF-8 length is written, measured and read back", () => {
	const vectors: [string, string][] = [
		["", ""],
		["a", "61"],
		["\0", "00"],
		["\x7f", "7f"],
		["\x80", "c280"],
		["\u07ff", "dfbf"],
		["\u0800", "e0a080"],
		["\ud7ff", "ed9fbf"],
		["\ue000", "ee8080"],
		["\ufeff", "efbbbf"],
		["\uffff", "efbfbf"],
		["\u{10000}", "f0908080"],
		["\u{10ffff}", "f48fbfbf"],
		["a\0b", "610062"],
		["20 °C, 水 𐅑", "323020c2b0432c20e6b0b420f0908591"],
	];
	for (const [text, digits] of vectors) {
		equal(
			written((into, at) => writeText(into, at, text)),
			digits,
		);
		equal(textBytes(text), digits.length / 2, digits);
		equal(readText(hex(`ff${digits}ff`), 1, 1 + digits.length / 2), text);
	}
});

test("a lone surrogate is written as U+FFFD", () => {
	for (const text of ["\ud800", "\udfff", "\udc00\ud800"]) {
		equal(
			written((into, at) => writeText(into, at, text)),
			"efbfbd".repeat(text.length),
		);
		equal(textBytes(text), 3 * text.length);
	}
	equal(
		written((into, at) => writeText(into, at, "a\ud800b")),
		"61efbfbd62",
	);
});

test("malformed UTF-8 is not read", () => {
	for (const digits of [
		"80", // a continuation alone
		"bf",
		"c0af", // overlong in two, three and four bytes
		"c1bf",
		"e080af",
		"e09fbf",
		"f08080af",
		"f08fbfbf",
		"eda080", // surrogates
		"edbfbf",
		"f4908080", // above U+10FFFF
		"f5808080",
		"f8888080 80",
		"fe",
		"ff",
		"c3", // truncated
		"e6b0",
		"f0908f",
		"c328", // a wrong continuation at each place
		"e628a1",
		"e6a128",
		"f0288cbc",
		"f0908c28",
		"61c3", // after good text
		"c2b0b0",
	])
		equal(readText(hex(digits), 0, hex(digits).length), undefined, digits);
	// what follows the end does not complete a sequence
	equal(readText(hex("61c2b0"), 0, 2), undefined);
	equal(readText(hex("61c2b0"), 0, 1), "a");
});

test("a copy moves a range, also onto itself", () => {
	equal(
		written((into, at) => copy(into, at, hex("0102030405"), 1, 4)),
		"020304",
	);
	const up = hex("0102030405");
	equal(copy(up, 1, up, 0, 4), 5);
	equal(toHex(up), "0101020304");
	const down = hex("0102030405");
	equal(copy(down, 0, down, 1, 5), 4);
	equal(toHex(down), "0203040505");
	equal(copy(down, 2, down, 3, 3), 2);
});

test("ranges are equal byte for byte, and never where one leaves its buffer", () => {
	const a = hex("01020304");
	ok(equalBytes(a, 1, hex("0203"), 0, 2));
	ok(equalBytes(a, 4, hex(""), 0, 0));
	ok(!equalBytes(a, 1, hex("0204"), 0, 2));
	ok(!equalBytes(a, 3, hex("0405"), 0, 2));
	ok(!equalBytes(hex("0405"), 0, a, 3, 2));
});

test("the hash is FNV-1a as a signed 32-bit integer", () => {
	const vectors: [string, number][] = [
		["", 0x811c9dc5],
		["a", 0xe40c292c],
		["b", 0xe70c2de5],
		["foobar", 0xbf9cf968],
	];
	for (const [text, expected] of vectors) equal(hash(ascii(`.${text}.`), 1, 1 + text.length), expected | 0, text);
	ok(hash(hex("0001"), 0, 2) !== hash(hex("0100"), 0, 2));
});
