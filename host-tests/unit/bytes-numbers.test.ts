// Numbers in byte arrays, in decimal and binary: the same on Node and, in C, on XS.
import {
	floatSize,
	readFloat,
	readInteger,
	readNumber,
	readSigned,
	readUnsigned,
	writeBig,
	writeFloat,
	writeInteger,
	writeNumber,
} from "../../src/bytes.js";
import { ascii, equal, hex, randomFrom, test, toHex } from "../support/test.js";
import { written, writtenText } from "./bytes-cases.js";

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
