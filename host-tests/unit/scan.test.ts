// Scanning by sets of characters: each helper with what it takes and what it does not.
import {
	DIGITS,
	fromHex,
	inRadix,
	isDecimal,
	isDigits,
	lowerCase,
	pieces,
	span,
	toHex,
	WHITE_SPACE,
} from "../../src/scan.js";
import { equal, test } from "../support/test.js";

test("a span ends at the first character that is not of the set, or is", () => {
	equal(span("123a5", 0, DIGITS), 3);
	equal(span("123a5", 3, DIGITS), 3);
	equal(span("123", 0, DIGITS), 3);
	equal(span("ab/c", 0, "/", false), 2);
	equal(span("äöü1", 0, DIGITS, false), 3);
	equal(span("", 0, DIGITS), 0);
	equal(span("1", 5, DIGITS), 5);
});

test("white space is what JavaScript takes as such", () => {
	for (let code = 0; code < 0x10000; code++) {
		const character = String.fromCharCode(code);
		if (WHITE_SPACE.includes(character) !== (character.trim() === "")) equal(code, undefined);
	}
});

test("digits are one at least, as many as are wanted at most, and nothing else", () => {
	for (const text of ["0", "007", "12345"]) equal(isDigits(text, 5), true, text);
	for (const text of ["", "123456", "-1", "1.0", " 1", "1 ", "0x1", "१", "1\n"]) equal(isDigits(text, 5), false, text);
});

test("a decimal number has digits on both sides of its point, and in its exponent", () => {
	for (const text of ["0", "-1", "+1", "007", "1.5", "-0.25", "1e3", "1E-3", "1.5e+10"])
		equal(isDecimal(text), true, text);
	for (const text of [
		"",
		"-",
		"+-1",
		".5",
		"1.",
		"1.e3",
		"e3",
		"1e",
		"1e+",
		"1e1.5",
		"1,5",
		"0x10",
		"Infinity",
		" 1",
		"1 ",
	])
		equal(isDecimal(text), false, text);
});

test("pieces are the longest that consist of the set", () => {
	equal(pieces("  a1 - b", "ab1-"), ["a1", "-", "b"]);
	equal(pieces("ab", "ab"), ["ab"]);
	equal(pieces("[X Y]", "ab"), []);
	equal(pieces("", "ab"), []);
});

test("lower case is that of ASCII", () => {
	equal(lowerCase("Content-LENGTH: Zz9"), "content-length: zz9");
	equal(lowerCase("Ä\u0130\u212a"), "Ä\u0130\u212a");
	equal(lowerCase(""), "");
});

test("bytes are pairs of hexadecimal digits", () => {
	equal([...fromHex("00fFa5")!], [0, 255, 165]);
	equal(fromHex("")?.length, 0);
	for (const text of ["0", "abc", "0g", "+1", "-1", "xy"]) equal(fromHex(text), undefined, text);
});

test("bytes and numbers are written in digits of a radix", () => {
	equal(toHex(Uint8Array.of(0, 15, 255, 165)), "000fffa5");
	equal(toHex(new Uint8Array(0)), "");
	for (const value of [0, 9, 10, 35, 36, 255, 4294967295, Number.MAX_SAFE_INTEGER])
		for (const radix of [2, 16, 36]) equal(inRadix(value, radix), value.toString(radix));
});
