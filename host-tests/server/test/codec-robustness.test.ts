// Payloads that were cut or changed on the way: a node or a CodecError, never another failure, never a hang.

import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeLeaves, decodeNode, encodeNode } from "../codec/codec.js";
import {
	CBOR,
	JSON_OMA,
	LWM2M_CBOR,
	nameOfFormat,
	SENML_CBOR,
	SENML_JSON,
	TEXT,
	TLV,
} from "../codec/content-format.js";
import { parseLinks } from "../lwm2m/link-format.js";
import type { Path } from "../lwm2m/path.js";
import { CodecError } from "../lwm2m/value.js";
import { bytes, DEVICE_TLV } from "../simulation/vectors.js";

const PATH: Path = [3, 0];
const MASKS = [0x01, 0x02, 0x10, 0x20, 0x40, 0x80, 0xff];

function refusesCleanly(decode: () => unknown, what: string): void {
	try {
		decode();
	} catch (error) {
		assert.ok(error instanceof CodecError, `${what}: ${error instanceof Error ? error.stack : String(error)}`);
	}
}

for (const format of [TLV, JSON_OMA, SENML_JSON, SENML_CBOR, LWM2M_CBOR]) {
	test(`${nameOfFormat(format)}: every truncation and every mutation of one byte`, () => {
		const payload = encodeNode(format, decodeNode(TLV, DEVICE_TLV, PATH, 0), PATH);
		for (let at = 0; at < payload.length; at++) {
			refusesCleanly(() => decodeNode(format, payload.subarray(0, at), PATH, 0), `length ${at}`);
			for (const mask of MASKS) {
				const mutated = Buffer.from(payload);
				mutated[at]! ^= mask;
				refusesCleanly(() => decodeNode(format, mutated, PATH, 0), `byte ${at} mask ${mask}`);
			}
		}
	});
}

test("CBOR that announces more than it has is refused at once", () => {
	for (const hex of [
		"9affffffff",
		"9bffffffffffffffff",
		"baffffffff",
		"5affffffff",
		"7bffffffffffffffff",
		"81".repeat(5000),
	]) {
		const started = Date.now();
		assert.throws(() => decodeLeaves(SENML_CBOR, bytes(hex), 0), CodecError, hex.slice(0, 20));
		assert.ok(Date.now() - started < 1000, `${hex.slice(0, 20)} took too long`);
	}
});

test("single values: any byte is a value or a CodecError", () => {
	for (let byte = 0; byte < 256; byte++) {
		for (const format of [TEXT, CBOR]) {
			refusesCleanly(() => decodeNode(format, Buffer.from([byte]), [3, 0, 9], 0), `${format} ${byte}`);
			refusesCleanly(() => decodeNode(format, Buffer.from([byte, byte]), [3303, 0, 5700], 0), `${format} ${byte}`);
		}
	}
});

test("link format: what devices send is read, mutations are refused cleanly", () => {
	const text = '</lwm2m>;rt="oma.lwm2m";ct="60 110",</lwm2m/1/0>;pmin=1;gt=2.5;con, </lwm2m/3/0>;ver=1.2;x="a,b;\\"c"';
	assert.deepEqual(parseLinks(text), [
		{ url: "/lwm2m", attributes: { rt: '"oma.lwm2m"', ct: '"60 110"' } },
		{ url: "/lwm2m/1/0", attributes: { pmin: "1", gt: "2.5", con: null } },
		{ url: "/lwm2m/3/0", attributes: { ver: "1.2", x: '"a,b;\\"c"' } },
	]);
	for (const bad of ["</1", "1/0", "</1>,", "</1> </2>", "</1>;", '</1>;x="']) {
		assert.throws(() => parseLinks(bad), CodecError, bad);
	}
	for (let at = 0; at < text.length; at++) refusesCleanly(() => parseLinks(text.slice(0, at)), `length ${at}`);
});
