import { lwm2mCbor } from "../../src/codec/lwm2m-cbor.js";
import { objectLink } from "../../src/lwm2m/path.js";
import { equal, hex, test, toHex } from "../support/test.js";
import { decodeHex, encodeHex, exampleDevice, linesOf, modelOf } from "./codec-cases.js";

function plain(digits: string): string {
	return toHex(hex(digits));
}

test("LwM2M CBOR: one value stands under one key", () => {
	const model = modelOf({ "/3303/0/5700": 21.5 });
	const notify = plain("A1 83 19 0CE7 00 19 1644 F9 4D60");
	for (const path of ["/", "/3303", "/3303/0", "/3303/0/5700"]) equal(encodeHex(lwm2mCbor, model, path), notify);
	equal(notify.length / 2, 12);
	equal(decodeHex(lwm2mCbor, notify, "/3303/0/5700"), ["/3303/0/5700 = 21.5"]);
	equal(encodeHex(lwm2mCbor, exampleDevice(), "/3/0/7/1"), plain("A1 84 03 00 07 01 19 1388"));
	equal(encodeHex(lwm2mCbor, modelOf({}), "/"), "a0");
});

test("LwM2M CBOR: keys are split where paths part", () => {
	equal(encodeHex(lwm2mCbor, exampleDevice(), "/3/0/7"), plain("A1 83030007 A2 00190ED8 01191388"));
	const model = modelOf({
		"/1/0/0": 101,
		"/1/0/1": 86400,
		"/1/0/7": "U",
		"/1/1/0": 102,
		"/3/0/6/0": 1,
		"/3/0/6/1": 5,
		"/3/0/9": 95,
		"/3303/0/5700": 0.5,
	});
	equal(
		encodeHex(lwm2mCbor, model, "/"),
		plain(`A3
			01 A2 00 A3 00 1865 01 1A00015180 07 6155
			      8201 00 1866
			8203 00 A2 06 A2 0001 0105 09 185F
			83190CE7 00 191644 F93800`),
	);
	for (const path of ["/", "/1", "/3", "/3/0", "/3/0/6", "/1/0"])
		equal(decodeHex(lwm2mCbor, encodeHex(lwm2mCbor, model, path)!, path), linesOf(model, path));
});

test("LwM2M CBOR: a map of 24 entries or more has a longer head", () => {
	for (const count of [23, 24, 25, 255, 256, 257]) {
		const values: { [path: string]: number } = { "/2/0/0": 1 };
		for (let i = 0; i < count; i++) values[`/3441/0/102/${i}`] = i;
		values["/3441/0/107"] = 5;
		const model = modelOf(values);
		const digits = encodeHex(lwm2mCbor, model, "/")!;
		equal(decodeHex(lwm2mCbor, digits, "/"), linesOf(model, "/"));
		const instances: { [path: string]: number } = {};
		for (let i = 0; i < count; i++) instances[`/3441/${i}/2`] = instances[`/3441/${i}/7`] = i;
		const second = modelOf(instances);
		equal(decodeHex(lwm2mCbor, encodeHex(lwm2mCbor, second, "/3441")!, "/3441"), linesOf(second, "/3441"));
	}
});

test("LwM2M CBOR: each type has its item", () => {
	const model = modelOf({
		"/3441/0/5": true,
		"/3441/0/6": hex("0102").slice().buffer,
		"/3441/0/7": 1367491215,
		"/3441/0/8": objectLink(66, 0),
	});
	equal(encodeHex(lwm2mCbor, model, "/3441/0"), plain("A1 82190D7100 A4 05F5 06420102 07C11A5182428F 086436363A30"));
	equal(decodeHex(lwm2mCbor, "A1 84190D71001900650A 626869", "/"), ["/3441/0/101/10 = hi"]);
});

test("LwM2M CBOR: nesting of any kind is read", () => {
	equal(decodeHex(lwm2mCbor, "A1 03 A1 00 A2 09 185F 0A 05", "/3"), ["/3/0/9 = 95", "/3/0/10 = 5"]);
	equal(decodeHex(lwm2mCbor, "BF 03 BF 9F00FF BF 09 185F FF FF 8301 00 01 02 FF", "/"), ["/3/0/9 = 95", "/1/0/1 = 2"]);
	equal(decodeHex(lwm2mCbor, "A1 8103 A1 820009 1905DC", "/"), ["/3/0/9 = 1500"]);
	equal(decodeHex(lwm2mCbor, "A0", "/3"), []);
	equal(decodeHex(lwm2mCbor, "BFFF", "/3"), []);
});

test("LwM2M CBOR: an empty map and null are paths without a value", () => {
	equal(decodeHex(lwm2mCbor, "A1 8303000B A0", "/3/0"), ["/3/0/11 -"]);
	equal(decodeHex(lwm2mCbor, "A2 8303000B BFFF 820300 F6", "/3"), ["/3/0/11 -", "/3/0 -"]);
	equal(decodeHex(lwm2mCbor, "A2 01 A0 03 F6", "/"), ["/1 -", "/3 -"]);
});

test("LwM2M CBOR: what breaks a rule is malformed", () => {
	for (const digits of [
		"",
		"80",
		"A1",
		"A1 83030009",
		"A1 83030009 185F 00",
		"A1 820300 05",
		"A1 83030009 80",
		"A1 80 05",
		"A1 850300070100 05",
		"A1 8403000700 A1 00 05",
		"A1 83030019FFFF 05",
		"A1 8303001A00010000 05",
		"A1 83030020 05",
		"A1 6139 05",
		"A1 830300F5 05",
		"A1 83010009 05",
		"A1 9F030009 05",
		"A1 9B7FFFFFFFFFFFFFFF 03",
		"BBFFFFFFFFFFFFFFFF 03",
		"B903E8 83030009 05",
		"BF 83030009 05",
		"A1 03 BF 00 FF",
		"A1 83030009 FF",
	]) {
		const lines = decodeHex(lwm2mCbor, digits, "/3");
		equal(lines[lines.length - 1], "MALFORMED", digits);
	}
});
