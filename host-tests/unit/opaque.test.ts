import { opaque } from "../../src/codec/opaque.js";
import { equal, hex, test } from "../support/test.js";
import { decode, encode, encodeHex, modelOf } from "./codec-cases.js";

test("opaque: the payload is the bytes of the value", () => {
	const model = modelOf({ "/3441/0/6": hex("00ff10").slice().buffer, "/3441/1/6": new ArrayBuffer(0) });
	equal(encodeHex(opaque, model, "/3441/0/6"), "00ff10");
	equal(encodeHex(opaque, model, "/3441/1/6"), "");
	equal(decode(opaque, hex("00ff10"), "/3441/0/6"), ["/3441/0/6 = <00ff10>"]);
	equal(decode(opaque, hex(""), "/3441/0/6"), ["/3441/0/6 = <>"]);
});

test("opaque: another type cannot be written or read", () => {
	equal(encode(opaque, modelOf({ "/3441/0/1": "text" }), "/3441/0/1"), undefined);
	equal(encode(opaque, modelOf({ "/3441/0/2": 1 }), "/3441/0/2"), undefined);
	equal(encode(opaque, modelOf({}), "/3441/0/6"), undefined);
	equal(decode(opaque, hex("00ff10"), "/3441/0/1"), ["/3441/0/1 = ?"]);
});
