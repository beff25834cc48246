import { text } from "../../src/codec/text.js";
import { objectLink } from "../../src/lwm2m/path.js";
import { equal, hex, test } from "../support/test.js";
import { decode, encode, encodeText, modelOf } from "./codec-cases.js";

const VALUES = {
	"/3441/0/1": "grün",
	"/3441/0/2": -(2n ** 63n),
	"/3441/0/3": 2n ** 64n - 1n,
	"/3441/0/4": 21.5,
	"/3441/0/5": true,
	"/3441/0/6": new Uint8Array([0xfb, 0xff, 1, 2]).buffer,
	"/3441/0/7": 1367491215,
	"/3441/0/8": objectLink(3, 65535),
	"/3441/0/9": '</1/0>;ver="1.1"',
	"/3441/1/5": false,
};

test("text: every type has its form of appendix C", () => {
	const model = modelOf(VALUES);
	const read = (path: string): string | undefined => encodeText(text, model, path);
	equal(encode(text, model, "/3441/0/1"), hex("6772c3bc6e"));
	equal(read("/3441/0/2"), "-9223372036854775808");
	equal(read("/3441/0/3"), "18446744073709551615");
	equal(read("/3441/0/4"), "21.5");
	equal(read("/3441/0/5"), "1");
	equal(read("/3441/1/5"), "0");
	equal(read("/3441/0/6"), "+/8BAg==");
	equal(read("/3441/0/7"), "1367491215");
	equal(read("/3441/0/8"), "3:65535");
	equal(read("/3441/0/9"), '</1/0>;ver="1.1"');
});

test("text: a float never has an exponent", () => {
	const read = (value: number): string | undefined =>
		encodeText(text, modelOf({ "/3303/0/5700": value }), "/3303/0/5700");
	equal(read(1e21), "1000000000000000000000");
	equal(read(-3e22), "-30000000000000000000000");
	equal(Number(read(-1.25e22)), -1.25e22);
	equal(read(1e-7), "0.0000001");
	equal(read(-1.5e-9), "-0.0000000015");
	equal(read(5e-324)!.length, 326);
	equal(Number(read(5e-324)), 5e-324);
	equal(Number(read(1.7976931348623157e308)), 1.7976931348623157e308);
	equal(read(123456789.125), "123456789.125");
	equal(read(0), "0");
	equal(read(Number.NaN), "NaN");
});

test("text: a value that is not there cannot be written", () => {
	equal(encode(text, modelOf({}), "/3303/0/5700"), undefined);
});

test("text: the payload is the value of the request's path", () => {
	equal(decode(text, "95", "/3/0/9"), ["/3/0/9 = 95"]);
	equal(decode(text, "95", "/3/0/6/1"), ["/3/0/6/1 = 95"]);
	equal(decode(text, "", "/3/0/14"), ["/3/0/14 = "]);
	equal(decode(text, hex("6772c3bc6e"), "/3441/0/1"), ["/3441/0/1 = grün"]);
	equal(decode(text, "0", "/3441/0/5"), ["/3441/0/5 = false"]);
	equal(decode(text, "1", "/3441/0/5"), ["/3441/0/5 = true"]);
	equal(decode(text, "+/8BAg==", "/3441/0/6"), ["/3441/0/6 = <fbff0102>"]);
	equal(decode(text, "-_8BAg", "/3441/0/6"), ["/3441/0/6 = <fbff0102>"]);
	equal(decode(text, "", "/3441/0/6"), ["/3441/0/6 = <>"]);
	equal(decode(text, "3:0", "/3441/0/8"), ["/3441/0/8 = 3:0"]);
	equal(decode(text, "-1.5e-3", "/3441/0/4"), ["/3441/0/4 = -0.0015"]);
	equal(decode(text, "7", "/3441/0/4"), ["/3441/0/4 = 7"]);
	equal(decode(text, "-9223372036854775808", "/3441/0/2"), ["/3441/0/2 = -9223372036854775808n"]);
	equal(decode(text, "18446744073709551615", "/3441/0/3"), ["/3441/0/3 = 18446744073709551615n"]);
});

test("text: what is no value of the type gives none", () => {
	for (const [value, path] of [
		["hot", "/3441/0/4"],
		["", "/3441/0/4"],
		["1e999", "/3441/0/4"],
		["1.5", "/3441/0/2"],
		["9223372036854775808", "/3441/0/2"],
		["-1", "/3441/0/3"],
		["18446744073709551616", "/3441/0/3"],
		["9007199254740992", "/3441/0/7"],
		["2", "/3441/0/5"],
		["true", "/3441/0/5"],
		["", "/3441/0/5"],
		["A", "/3441/0/6"],
		["+/8BAg=", "/3441/0/6"],
		["3", "/3441/0/8"],
		[":0", "/3441/0/8"],
		["3:", "/3441/0/8"],
		["3:65536", "/3441/0/8"],
		["3:-1", "/3441/0/8"],
		["3:0:1", "/3441/0/8"],
	] as const)
		equal(decode(text, value, path), [`${path} = ?`], value);
	equal(decode(text, hex("c0af"), "/3441/0/1"), ["/3441/0/1 = ?"]);
});
