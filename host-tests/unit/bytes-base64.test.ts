// Base64 in byte arrays: the same on Node and, in C, on XS. RFC 4648.
import { readBase64, writeBase64 } from "../../src/bytes.js";
import { ascii, equal, hex, randomFrom, test, toHex } from "../support/test.js";
import { written, writtenText } from "./bytes-cases.js";

const base64Vectors: [string, string, string][] = [
	["", "", ""],
	["f", "Zg==", "Zg"],
	["fo", "Zm8=", "Zm8"],
	["foo", "Zm9v", "Zm9v"],
	["foob", "Zm9vYg==", "Zm9vYg"],
	["fooba", "Zm9vYmE=", "Zm9vYmE"],
	["foobar", "Zm9vYmFy", "Zm9vYmFy"],
];

test("base64 has the vectors of RFC 4648 section 10, padded and in the URL alphabet without", () => {
	for (const [plain, padded, url] of base64Vectors) {
		const from = ascii(`.${plain}.`);
		equal(
			writtenText((into, at) => writeBase64(into, at, from, 1, 1 + plain.length, false)),
			padded,
		);
		equal(
			writtenText((into, at) => writeBase64(into, at, from, 1, 1 + plain.length, true)),
			url,
		);
	}
	equal(
		writtenText((into, at) => writeBase64(into, at, hex("fbff"), 0, 2, false)),
		"+/8=",
	);
	equal(
		writtenText((into, at) => writeBase64(into, at, hex("fbff"), 0, 2, true)),
		"-_8",
	);
});

test("base64 of either alphabet is read, padded or not", () => {
	for (const [plain, padded, url] of base64Vectors)
		for (const text of [padded, url])
			equal(
				written((into, at) => readBase64(into, at, ascii(`A${text}A`), 1, 1 + text.length)),
				toHex(ascii(plain)),
				text,
			);
	for (const text of ["+/8=", "-_8=", "+_8", "-/8"])
		equal(
			written((into, at) => readBase64(into, at, ascii(text), 0, text.length)),
			"fbff",
			text,
		);
});

test("base64 is decoded in place", () => {
	const bytes = ascii("..Zm9vYmFy");
	equal(readBase64(bytes, 2, bytes, 2, 10), 8);
	equal(toHex(bytes, 2, 8), toHex(ascii("foobar")));
	const ahead = ascii("..Zm9vYmE=");
	equal(readBase64(ahead, 0, ahead, 2, 10), 5);
	equal(toHex(ahead, 0, 5), toHex(ascii("fooba")));
});

test("random bytes survive base64", () => {
	const random = randomFrom(4);
	for (let size = 0; size < 50; size++) {
		const from = new Uint8Array(size);
		for (let i = 0; i < size; i++) from[i] = random(256);
		for (const isUrl of [false, true]) {
			const text = new Uint8Array(100);
			const end = writeBase64(text, 0, from, 0, size, isUrl);
			equal(
				written((into, at) => readBase64(into, at, text, 0, end)),
				toHex(from),
			);
		}
	}
});

test("malformed base64 is not read", () => {
	for (const text of [
		"A", // a group of one character
		"AAAAA",
		"=", // padding that pads nothing, or too much of it
		"==",
		"====",
		"A===",
		"AA=",
		"AAA==",
		"AAAA=",
		"AAAA==",
		"A=AA", // padding in the middle
		"AA==AA",
		"AB==", // bits that do not belong to a byte
		"AAB=",
		"AB",
		"AAB",
		"AA A", // no digits
		"AAA\n",
		"AAA.",
		"AA,A",
		"AA@A",
		"AA[A",
		"AA`A",
		"AA{A",
	])
		equal(readBase64(new Uint8Array(16), 0, ascii(text), 0, text.length), -1, text);
	equal(readBase64(new Uint8Array(16), 0, hex("41414180"), 0, 4), -1);
});
