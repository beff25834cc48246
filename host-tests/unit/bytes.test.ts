// The byte, text and integer helpers: on Node the TypeScript version, on XS the native one; both keep what bytes.ts says.
import {
	copy,
	equal as equalBytes,
	floatSize,
	hash,
	parsePath,
	readBase64,
	readFloat,
	readInteger,
	readNumber,
	readPath,
	readSigned,
	readText,
	readUnsigned,
	textBytes,
	writeBase64,
	writeBig,
	writeFloat,
	writeInteger,
	writeNumber,
	writePath,
	writeText,
} from "../../src/bytes.js";
import { ascii, equal, hex, ok, randomFrom, test, toHex } from "../support/test.js";

type Write = (into: Uint8Array, at: number) => number;

/** What a writer writes from position 3 on; fails where it writes anything else, or reports another position. */
function written(write: Write): string {
	const into = new Uint8Array(400).fill(0xee);
	const end = write(into, 3);
	equal(toHex(into, 0, 3), "eeeeee", "before");
	for (let i = end; i < into.length; i++) equal(into[i], 0xee, `after, at ${i}`);
	return toHex(into, 3, end);
}

function writtenText(write: Write): string {
	const bytes = hex(written(write));
	return readText(bytes, 0, bytes.length) ?? "not UTF-8";
}

/** Values around every power of two that matters to 64-bit integers. */
function edges(): bigint[] {
	const values: bigint[] = [];
	for (const power of [0n, 7n, 8n, 15n, 16n, 31n, 32n, 52n, 53n, 54n, 62n, 63n])
		for (const near of [-1n, 0n, 1n]) values.push((1n << power) + near, -(1n << power) + near);
	values.push((1n << 64n) - 1n, -(1n << 63n));
	return values.filter((value) => value >= -(1n << 63n));
}

/** As `BigInt.asUintN`, which on XS 13.3 gives 2^bits where a negative value has only zeros in these bits. */
function lowBits(value: bigint, bits: number): bigint {
	const range = 1n << BigInt(bits);
	return ((value % range) + range) % range;
}

function narrow(value: bigint): number | bigint {
	return value > -(1n << 53n) && value < 1n << 53n ? Number(value) : value;
}

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

test("integers are written in decimal and read back, as a bigint where a number is not safe", () => {
	for (const value of edges()) {
		const text = value.toString();
		equal(
			writtenText((into, at) => writeInteger(into, at, value)),
			text,
		);
		equal(readInteger(ascii(`9${text}9`), 1, 1 + text.length), narrow(value), text);
		if (typeof narrow(value) === "number")
			equal(
				writtenText((into, at) => writeInteger(into, at, Number(value))),
				text,
			);
	}
	equal(
		writtenText((into, at) => writeInteger(into, at, -0)),
		"0",
	);
	equal(
		writtenText((into, at) => writeInteger(into, at, -(10n ** 30n))),
		`-1${"0".repeat(30)}`,
	);
});

test("decimal integers may have leading zeros, up to 20 digits", () => {
	equal(readInteger(ascii("007"), 0, 3), 7);
	equal(readInteger(ascii("-0"), 0, 2), 0);
	equal(readInteger(ascii("00000000000000000012"), 0, 20), 12);
});

test("what is not a decimal integer of 64 bits is not read", () => {
	for (const text of [
		"",
		"-",
		"+1",
		"--1",
		"1-",
		" 1",
		"1 ",
		"1.0",
		"1e3",
		"0x10",
		"a",
		"1a",
		"1_0",
		"18446744073709551616",
		"-9223372036854775809",
		"99999999999999999999",
		"000000000000000000001",
	])
		equal(readInteger(ascii(text), 0, text.length), undefined, text);
	equal(readInteger(hex("c2b2"), 0, 2), undefined);
	equal(readInteger(hex("31ff"), 0, 2), undefined);
});

test("numbers are written in their shortest decimal", () => {
	const vectors: [number, string][] = [
		[0, "0"],
		[-0, "0"],
		[1, "1"],
		[-1, "-1"],
		[21.5, "21.5"],
		[-0.1, "-0.1"],
		[0.1 + 0.2, "0.30000000000000004"],
		[1e21, "1e+21"],
		[123456789012345680000, "123456789012345680000"],
		[1e-6, "0.000001"],
		[1e-7, "1e-7"],
		[5e-324, "5e-324"],
		[1.7976931348623157e308, "1.7976931348623157e+308"],
		[Number.NaN, "NaN"],
		[Number.POSITIVE_INFINITY, "Infinity"],
		[Number.NEGATIVE_INFINITY, "-Infinity"],
	];
	for (const [value, text] of vectors)
		equal(
			writtenText((into, at) => writeNumber(into, at, value)),
			text,
		);
});

test("a written number reads back as the same number", () => {
	const random = randomFrom(8);
	const bytes = new Uint8Array(8);
	const text = new Uint8Array(40);
	for (let i = 0; i < 500; i++) {
		for (let k = 0; k < 8; k++) bytes[k] = random(256);
		const value = readFloat(bytes, 0, 8);
		if (!Number.isFinite(value) || value === 0) continue;
		equal(readNumber(text, 0, writeNumber(text, 0, value)), value);
	}
});

test("decimal numbers are read with sign, fraction and exponent", () => {
	const vectors: [string, number][] = [
		["0", 0],
		["-0", -0],
		["+7", 7],
		["007", 7],
		["21.50", 21.5],
		["-273.15", -273.15],
		["1e3", 1000],
		["1E+3", 1000],
		["25e-1", 2.5],
		["9007199254740993", 9007199254740992],
	];
	for (const [text, value] of vectors) equal(readNumber(ascii(`1${text}1`), 1, 1 + text.length), value, text);
});

test("what is not a decimal number is NaN", () => {
	for (const text of [
		"",
		"-",
		"+",
		".",
		".5",
		"5.",
		"1e",
		"1e+",
		"e5",
		"1.2.3",
		"1,5",
		"0x10",
		" 1",
		"1 ",
		"--1",
		"+-1",
	])
		equal(readNumber(ascii(text), 0, text.length), Number.NaN, text);
	for (const text of ["NaN", "Infinity", "1n", "1_0", "1e5.5"])
		equal(readNumber(ascii(text), 0, text.length), Number.NaN, text);
	equal(readNumber(hex("31ff"), 0, 2), Number.NaN);
});

test("integers of 1 to 8 bytes are written big-endian and read back, signed and unsigned", () => {
	for (const value of edges())
		for (let size = 1; size <= 8; size++) {
			const low = lowBits(value, 8 * size);
			const digits = low.toString(16).padStart(2 * size, "0");
			equal(
				written((into, at) => writeBig(into, at, value, size)),
				digits,
				`${value} in ${size}`,
			);
			if (typeof narrow(value) === "number")
				equal(
					written((into, at) => writeBig(into, at, Number(value), size)),
					digits,
					`${value} in ${size}`,
				);
			const bytes = hex(`99${digits}99`);
			equal(readUnsigned(bytes, 1, size), narrow(low), `${value} in ${size}`);
			equal(
				readSigned(bytes, 1, size),
				narrow(low >> BigInt(8 * size - 1) ? low - (1n << BigInt(8 * size)) : low),
				`${value} in ${size}`,
			);
		}
});

test("an unsigned integer of no bytes is 0", () => {
	equal(readUnsigned(hex("99"), 1, 0), 0);
});

test("floats have the encodings of RFC 8949 appendix A, in the fewest bytes", () => {
	const vectors: [number, string][] = [
		[0, "0000"],
		[-0, "8000"],
		[1, "3c00"],
		[1.5, "3e00"],
		[65504, "7bff"],
		[2 ** -24, "0001"],
		[0.00006103515625, "0400"],
		[-4, "c400"],
		[Number.POSITIVE_INFINITY, "7c00"],
		[Number.NEGATIVE_INFINITY, "fc00"],
		[Number.NaN, "7e00"],
		[100000, "47c35000"],
		[3.4028234663852886e38, "7f7fffff"],
		[1.1, "3ff199999999999a"],
		[1e300, "7e37e43c8800759c"],
		[-4.1, "c010666666666666"],
	];
	for (const [value, digits] of vectors) {
		const size = digits.length / 2;
		equal(floatSize(value), size, digits);
		equal(
			written((into, at) => writeFloat(into, at, value, size)),
			digits,
		);
		equal(readFloat(hex(`99${digits}`), 1, size), value, digits);
	}
});

test("every half float is read, needs 2 bytes and is written as it was", () => {
	const bytes = new Uint8Array(4);
	for (let bits = 0; bits < 65536; bits++) {
		bytes[0] = bits >> 8;
		bytes[1] = bits;
		const value = readFloat(bytes, 0, 2);
		if (floatSize(value) !== 2) throw new Error(`${value} of ${toHex(bytes, 0, 2)} takes ${floatSize(value)} bytes`);
		writeFloat(bytes, 2, value, 2);
		const back = (bytes[2]! << 8) | bytes[3]!;
		if (back !== (value === value ? bits : 0x7e00)) throw new Error(`${bits} came back as ${back}`);
	}
});

test("a value next to a half float takes more bytes", () => {
	for (const [value, size] of [
		[65504.00390625, 4],
		[65536, 4],
		[65505, 4],
		[2049, 4],
		[2 ** -25, 4],
		[3 * 2 ** -25, 4],
		[2 ** -14 * (1 + 2 ** -11), 4],
		[2 * (1 - 2 ** -24), 4],
		[1 + 2 ** -23, 4],
		[1 + 2 ** -24, 8],
		[16777217, 8],
		[2 ** -149, 4],
		[2 ** -150, 8],
		[2 ** 128, 8],
		[0.1, 8],
	] as const) {
		equal(floatSize(value), size, `${value}`);
		equal(floatSize(-value), size, `${-value}`);
	}
});

test("NaN is written in 4 and 8 bytes as well, and any NaN is read", () => {
	for (const size of [2, 4, 8]) {
		const bytes = new Uint8Array(8);
		equal(writeFloat(bytes, 0, Number.NaN, size), size);
		equal(readFloat(bytes, 0, size), Number.NaN);
	}
	equal(readFloat(hex("fc01"), 0, 2), Number.NaN);
	equal(readFloat(hex("7f800001"), 0, 4), Number.NaN);
});

test("a float is read and written in a view that begins within its buffer", () => {
	const view = hex("00 00 00 00 00 00 00 00 00 00 00 00").subarray(2);
	equal(writeFloat(view, 1, 1.5, 4), 5);
	equal(toHex(view), "003fc000000000000000");
	equal(readFloat(view, 1, 4), 1.5);
});

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

const pathVectors: [number[], string][] = [
	[[-1, -1, -1, -1], "/"],
	[[0, -1, -1, -1], "/0"],
	[[3, -1, -1, -1], "/3"],
	[[3, 0, -1, -1], "/3/0"],
	[[3303, 65534, 5700, -1], "/3303/65534/5700"],
	[[3, 0, 11, 2], "/3/0/11/2"],
];

test("a path is written and read at every depth", () => {
	for (const [ids, text] of pathVectors) {
		equal(
			writtenText((into, at) => writePath(into, at, ids[0]!, ids[1]!, ids[2]!, ids[3]!)),
			text,
		);
		const read = new Uint16Array(4).fill(7777);
		const depth = ids.indexOf(-1) < 0 ? 4 : ids.indexOf(-1);
		equal(readPath(ascii(`9${text}9`), 1, 1 + text.length, read), depth, text);
		for (let i = 0; i < 4; i++) equal(read[i], i < depth ? ids[i] : 7777, `${text}, id ${i}`);
		equal(parsePath(text, read), depth, text);
	}
	equal(
		writtenText((into, at) => writePath(into, at, 65535, 65535, 65535, 65535)),
		"/65535/65535/65535/65535",
	);
});

test("what follows an absent id is left out of the path", () => {
	equal(
		writtenText((into, at) => writePath(into, at, -1, 1, 2, 3)),
		"/",
	);
	equal(
		writtenText((into, at) => writePath(into, at, 3, -1, 2, 3)),
		"/3",
	);
	equal(
		writtenText((into, at) => writePath(into, at, 3, 0, -1, 3)),
		"/3/0",
	);
});

test("a path may lack the slash before it and have one after", () => {
	const ids = new Uint16Array(4);
	equal(parsePath("", ids), 0);
	equal(parsePath("3", ids), 1);
	equal(parsePath("3/0/9", ids), 3);
	equal(parsePath("/3/0/", ids), 2);
	equal(parsePath("3/0/11/0/", ids), 4);
	equal(readPath(ascii(""), 0, 0, ids), 0);
	equal(readPath(ascii("3/0/"), 0, 4, ids), 2);
});

test("malformed paths and reserved ids are not read", () => {
	const ids = new Uint16Array(4);
	for (const text of [
		"//",
		"/3//0",
		"3//",
		"//3",
		"/03",
		"/3/00",
		"/65535",
		"/3/65535",
		"/65536",
		"/99999",
		"/100000",
		"/-1",
		"/+1",
		"/3/0/9/0/0",
		"/a",
		"/3/x",
		"/3 ",
		" /3",
		"/3.0",
		"/3?b",
		"/1e3",
	]) {
		equal(parsePath(text, ids), -1, text);
		equal(readPath(ascii(text), 0, text.length, ids), -1, text);
	}
	equal(readPath(hex("2f33c2"), 0, 3, ids), -1);
	equal(parsePath("/\u0663", ids), -1);
});

test("a writer without room writes nothing and returns the position that it needs", () => {
	const from = ascii("foobar");
	const writers: Write[] = [
		(into, at) => writeText(into, at, "20 °C, 水"),
		(into, at) => copy(into, at, from, 0, 6),
		(into, at) => writeInteger(into, at, -1234567),
		(into, at) => writeInteger(into, at, 2n ** 63n),
		(into, at) => writeNumber(into, at, 0.1),
		(into, at) => writeBig(into, at, 1, 1),
		(into, at) => writeBig(into, at, -1n, 8),
		(into, at) => writeFloat(into, at, 1.5, 2),
		(into, at) => writeFloat(into, at, 1.5, 4),
		(into, at) => writeFloat(into, at, 1.5, 8),
		(into, at) => writeBase64(into, at, from, 0, 5, false),
		(into, at) => writeBase64(into, at, from, 0, 5, true),
		(into, at) => readBase64(into, at, ascii("Zm9vYmE="), 0, 8),
		(into, at) => writePath(into, at, 3303, 0, 5700, 12),
	];
	writers.forEach((write, index) => {
		const needed = write(new Uint8Array(100), 0);
		for (let size = 0; size < needed + 3; size++) {
			const into = new Uint8Array(size).fill(0xee);
			equal(write(into, 3), 3 + needed, `writer ${index}, ${size} bytes`);
			for (let i = 0; i < size && size < needed + 3; i++) equal(into[i], 0xee, `writer ${index}, byte ${i} of ${size}`);
		}
		equal(write(new Uint8Array(3 + needed), 3), 3 + needed);
		equal(write(new Uint8Array(2), 50), 50 + needed, `writer ${index} from far beyond the end`);
	});
});
