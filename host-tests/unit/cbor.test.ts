import { cbor } from "../../src/codec/cbor.js";
import { objectLink, type Value } from "../../src/lwm2m/path.js";
import { equal, hex, test } from "../support/test.js";
import { decodeHex, encode, encodeHex, modelOf } from "./codec-cases.js";

const INTEGER = "/3441/0/2";
const UNSIGNED = "/3441/0/3";
const FLOAT = "/3441/0/4";
const STRING = "/3441/0/1";
const BOOLEAN = "/3441/0/5";
const OPAQUE = "/3441/0/6";
const TIME = "/3441/0/7";
const LINK = "/3441/0/8";

/** RFC 8949 appendix A: integers, in their shortest form. */
const INTEGERS: readonly (readonly [number | bigint, string])[] = [
	[0, "00"],
	[1, "01"],
	[10, "0a"],
	[23, "17"],
	[24, "1818"],
	[25, "1819"],
	[100, "1864"],
	[255, "18ff"],
	[256, "190100"],
	[1000, "1903e8"],
	[65535, "19ffff"],
	[65536, "1a00010000"],
	[1000000, "1a000f4240"],
	[4294967295, "1affffffff"],
	[4294967296, "1b0000000100000000"],
	[1000000000000, "1b000000e8d4a51000"],
	[Number.MAX_SAFE_INTEGER, "1b001fffffffffffff"],
	[2n ** 53n, "1b0020000000000000"],
	[-1, "20"],
	[-10, "29"],
	[-24, "37"],
	[-25, "3818"],
	[-100, "3863"],
	[-1000, "3903e7"],
	[Number.MIN_SAFE_INTEGER, "3b001ffffffffffffe"],
	[-(2n ** 53n), "3b001fffffffffffff"],
	[-(2n ** 63n), "3b7fffffffffffffff"],
	[2n ** 63n - 1n, "1b7fffffffffffffff"],
];

/** RFC 8949 appendix A: floats, each in the shortest form that is exact. */
const FLOATS: readonly (readonly [number, string])[] = [
	[0, "f90000"],
	[-0, "f98000"],
	[1, "f93c00"],
	[1.1, "fb3ff199999999999a"],
	[1.5, "f93e00"],
	[65504, "f97bff"],
	[100000, "fa47c35000"],
	[3.4028234663852886e38, "fa7f7fffff"],
	[1e300, "fb7e37e43c8800759c"],
	[2 ** -24, "f90001"],
	[0.00006103515625, "f90400"],
	[-4, "f9c400"],
	[-4.1, "fbc010666666666666"],
	[Number.POSITIVE_INFINITY, "f97c00"],
	[Number.NaN, "f97e00"],
	[Number.NEGATIVE_INFINITY, "f9fc00"],
	[21.5, "f94d60"],
];

function show(value: Value): string {
	return typeof value === "bigint" ? `${value}n` : Object.is(value, -0) ? "-0" : String(value);
}

test("CBOR: the integers of RFC 8949 appendix A", () => {
	for (const [value, digits] of INTEGERS) {
		equal(encodeHex(cbor, modelOf({ [INTEGER]: value }), INTEGER), digits);
		equal(decodeHex(cbor, digits, INTEGER), [`${INTEGER} = ${show(value)}`]);
	}
	equal(encodeHex(cbor, modelOf({ [UNSIGNED]: 2n ** 64n - 1n }), UNSIGNED), "1bffffffffffffffff");
	equal(decodeHex(cbor, "1bffffffffffffffff", UNSIGNED), [`${UNSIGNED} = 18446744073709551615n`]);
	equal(encodeHex(cbor, modelOf({ [INTEGER]: 5n }), INTEGER), "05");
	equal(encodeHex(cbor, modelOf({ [INTEGER]: -25n }), INTEGER), "3818");
});

test("CBOR: the floats of RFC 8949 appendix A, a whole one stays a float", () => {
	for (const [value, digits] of FLOATS) {
		equal(encodeHex(cbor, modelOf({ [FLOAT]: value }), FLOAT), digits);
		equal(decodeHex(cbor, digits, FLOAT), [`${FLOAT} = ${show(value)}`]);
	}
	for (const digits of ["fa7f800000", "fb7ff0000000000000"])
		equal(decodeHex(cbor, digits, FLOAT), [`${FLOAT} = Infinity`]);
	equal(decodeHex(cbor, "fb4035800000000000", FLOAT), [`${FLOAT} = 21.5`]);
});

test("CBOR: texts, bytes, booleans, links and times", () => {
	const model = modelOf({
		[STRING]: "ü",
		"/3441/1/1": "",
		"/3441/2/1": "a".repeat(24),
		[BOOLEAN]: true,
		"/3441/1/5": false,
		[OPAQUE]: hex("01020304").slice().buffer,
		[LINK]: objectLink(66, 0),
		[TIME]: 1363896240,
		"/3441/0/9": "</1>",
	});
	equal(encodeHex(cbor, model, STRING), "62c3bc");
	equal(encodeHex(cbor, model, "/3441/1/1"), "60");
	equal(encodeHex(cbor, model, "/3441/2/1"), `7818${"61".repeat(24)}`);
	equal(encodeHex(cbor, model, BOOLEAN), "f5");
	equal(encodeHex(cbor, model, "/3441/1/5"), "f4");
	equal(encodeHex(cbor, model, OPAQUE), "4401020304");
	equal(encodeHex(cbor, model, LINK), "6436363a30");
	equal(encodeHex(cbor, model, TIME), "c11a514b67b0");
	equal(encodeHex(cbor, model, "/3441/0/9"), "643c2f313e");
	equal(encode(cbor, model, "/3441/9/1"), undefined);
	equal(decodeHex(cbor, "62c3bc", STRING), [`${STRING} = ü`]);
	equal(decodeHex(cbor, "64f0908591", STRING), [`${STRING} = \u{10151}`]);
	equal(decodeHex(cbor, "f5", BOOLEAN), [`${BOOLEAN} = true`]);
	equal(decodeHex(cbor, "f4", BOOLEAN), [`${BOOLEAN} = false`]);
	equal(decodeHex(cbor, "4401020304", OPAQUE), [`${OPAQUE} = <01020304>`]);
	equal(decodeHex(cbor, "6436363a30", LINK), [`${LINK} = 66:0`]);
	equal(decodeHex(cbor, "c11a514b67b0", TIME), [`${TIME} = 1363896240`]);
	equal(decodeHex(cbor, "1a514b67b0", TIME), [`${TIME} = 1363896240`]);
	equal(decodeHex(cbor, "c1fb41d452d9ec000000", TIME), [`${TIME} = 1363896240`]);
	equal(decodeHex(cbor, "643c2f313e", "/3441/0/9"), ["/3441/0/9 = </1>"]);
});

test("CBOR: longer forms and chunks are read", () => {
	equal(decodeHex(cbor, "1b0000000000000005", INTEGER), [`${INTEGER} = 5`]);
	equal(decodeHex(cbor, "f94d00", INTEGER), [`${INTEGER} = 20`]);
	equal(decodeHex(cbor, "f98000", INTEGER), [`${INTEGER} = 0`]);
	equal(decodeHex(cbor, "fb43f0000000000000", UNSIGNED), [`${UNSIGNED} = ?`]);
	equal(decodeHex(cbor, "fb43e0000000000000", UNSIGNED), [`${UNSIGNED} = 9223372036854775808n`]);
	equal(decodeHex(cbor, "07", FLOAT), [`${FLOAT} = 7`]);
	equal(decodeHex(cbor, "7f657374726561646d696e67ff", STRING), [`${STRING} = streaming`]);
	equal(decodeHex(cbor, "5f42010243030405ff", OPAQUE), [`${OPAQUE} = <0102030405>`]);
	equal(decodeHex(cbor, "7fff", STRING), [`${STRING} = `]);
});

test("CBOR: what is no value of the type gives none", () => {
	for (const [digits, path] of [
		["f94d60", INTEGER],
		["f97e00", INTEGER],
		["f97c00", INTEGER],
		["1b8000000000000000", INTEGER],
		["3b8000000000000000", INTEGER],
		["3bffffffffffffffff", INTEGER],
		["20", UNSIGNED],
		["6131", INTEGER],
		["1b0020000000000000", TIME],
		["01", BOOLEAN],
		["f6", BOOLEAN],
		["f5", FLOAT],
		["4161", STRING],
		["6161", OPAQUE],
		["62c328", STRING],
		["7f61c361bcff", STRING],
		["6136", LINK],
		["c074323031332d30332d32315432303a30343a30305a", TIME],
		["c249010000000000000000", UNSIGNED],
	] as const)
		equal(decodeHex(cbor, digits, path), [`${path} = ?`], digits);
});

test("CBOR: anything but one well-formed item is malformed", () => {
	for (const digits of [
		"",
		"18",
		"1901",
		"1c",
		"1f",
		"ff",
		"6261",
		"5b7fffffffffffffff",
		"5bffffffffffffffff00",
		"0000",
		"f818",
		"f8",
		"f9",
		"fc",
		"80",
		"a0",
		"9fff",
		"c180",
		"c1",
		"7f41",
		"7f6161",
		"7f4161ff",
		"7f7f6161ffff",
		"c1c1c1c1c1c1c1c101",
	])
		equal(decodeHex(cbor, digits, INTEGER), ["MALFORMED"], digits);
});
