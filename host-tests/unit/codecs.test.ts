// What holds for every content format: what is written reads back, a buffer that is too short measures, and damaged
// messages end.

import { type Codec, MALFORMED, RECORD } from "../../src/codec/codec.js";
import { codecOf } from "../../src/codec/codecs.js";
import { setBase } from "../../src/codec/record.js";
import { next, start } from "../../src/lwm2m/cursor.js";
import * as types from "../../src/lwm2m/definition.js";
import type { Model } from "../../src/lwm2m/model.js";
import { LATER } from "../../src/lwm2m/model.js";
import { objectLink, type Value } from "../../src/lwm2m/path.js";
import { equal, ok, randomFrom, test } from "../support/test.js";
import { decode, encode, exampleDevice, idsOf, linesOf, modelOf } from "./codec-cases.js";
import { cursor, record } from "./in-hand.js";

const SINGLE = [0, 42, 60];
const SEVERAL = [110, 112, 320, 322, 11542, 11543, 11544];
const ROUNDS = 40;

type Random = (below: number) => number;

const INTEGERS: readonly (number | bigint)[] = [
	0,
	23,
	24,
	127,
	128,
	255,
	256,
	32767,
	32768,
	65535,
	65536,
	2147483647,
	2147483648,
	4294967295,
	4294967296,
	Number.MAX_SAFE_INTEGER,
	2n ** 53n,
	2n ** 63n - 1n,
];
const FLOATS = [
	0,
	0.5,
	21.5,
	65504,
	65505,
	0.1,
	100000,
	16777217,
	1e21,
	1e-7,
	5e-324,
	1.7976931348623157e308,
	2 ** -24,
];
const TEXTS = [
	"",
	"x",
	"Grüße €",
	"\u{1f600}",
	'a"b\\c/',
	"\u0001\u001f\n\t\r\b\f\u007f",
	"0123456789012345678901234",
	"\0",
];

function randomValue(type: number, random: Random): Value {
	switch (type) {
		case types.STRING:
		case types.CORELNK:
			return TEXTS[random(TEXTS.length)]!;
		case types.INTEGER: {
			const value = INTEGERS[random(INTEGERS.length)]!;
			if (random(2)) return value;
			const negative = -1n - BigInt(value);
			return Number.isSafeInteger(Number(negative)) ? Number(negative) : negative;
		}
		case types.UNSIGNED:
			return random(8) ? INTEGERS[random(INTEGERS.length)]! : 2n ** 64n - 1n;
		case types.FLOAT:
			return FLOATS[random(FLOATS.length)]! * (random(2) ? 1 : -1) || 0;
		case types.BOOLEAN:
			return random(2) === 1;
		case types.OPAQUE: {
			const bytes = new Uint8Array([0, 1, 2, 3, 7, 8, 23, 24, 60][random(9)]!);
			for (let i = 0; i < bytes.length; i++) bytes[i] = random(256);
			return bytes.buffer;
		}
		case types.TIME:
			return random(2) ? 1367491215 + random(1000000) : -random(100000);
		default:
			return objectLink(random(2) ? 65535 : random(100), random(65536));
	}
}

/** A model with values of every type, in one instance or in several, and sometimes other objects around. */
function randomModel(random: Random): Model {
	const values: { [path: string]: Value } = {};
	if (random(2)) values["/1/0/1"] = random(100);
	if (random(2)) values["/3/0/9"] = random(100);
	for (let instances = 1 + random(3); instances > 0; instances--) {
		const instance = [0, 1, 23, 24, 255, 256, 65534][random(7)]!;
		for (let resources = 1 + random(12); resources > 0; resources--) {
			const type = 1 + random(9);
			if (random(3)) values[`/3441/${instance}/${type}`] = randomValue(type, random);
			else
				for (let count = 1 + random(4); count > 0; count--)
					values[`/3441/${instance}/${100 + type}/${[0, 1, 255, 256, 65534][random(5)]}`] = randomValue(type, random);
		}
	}
	if (random(2)) values["/65534/65534/65534/65534"] = random(100);
	return modelOf(values);
}

/** Paths of the model that can be read, from the root down to single values. */
function pathsOf(model: Model): string[] {
	const paths = ["/"];
	start(cursor, model, -1, -1, -1, -1);
	while (next(cursor)) {
		let path = "";
		for (const id of [cursor.object, cursor.instance, cursor.resource, cursor.resourceInstance]) {
			if (id < 0) break;
			path += `/${id}`;
			if (!paths.includes(path)) paths.push(path);
		}
	}
	return paths;
}

function of(format: number): Codec {
	const codec = codecOf(format);
	ok(codec, `no codec ${format}`);
	return codec;
}

test("codecs: each has its own number, and others have none", () => {
	for (const format of [...SINGLE, ...SEVERAL]) {
		equal(of(format).format, format);
		equal(of(format).isSingle, SINGLE.includes(format));
		ok(Object.isFrozen(of(format)));
	}
	for (const format of [-1, 1, 40, 41, 50, 111, 321, 11541, 11545, 65535]) equal(codecOf(format), undefined);
});

test("codecs: what is written reads back, for every path of random models", () => {
	const random = randomFrom(3303);
	for (let round = 0; round < ROUNDS; round++) {
		const model = randomModel(random);
		for (const path of pathsOf(model)) {
			const lines = linesOf(model, path);
			for (const format of SEVERAL) {
				const message = encode(of(format), model, path);
				if (path === "/" && (format === 11542 || format === 11543)) equal(message, undefined);
				else equal(decode(of(format), message!, path), lines, `${format} ${path} round ${round}`);
			}
			if (lines.length !== 1 || path.split("/").length < 4) continue;
			for (const format of SINGLE) {
				const message = encode(of(format), model, path);
				if (message)
					equal(decode(of(format), message, path.split("/").length === 4 ? lines[0]!.split(" ")[0]! : path), lines);
			}
		}
	}
});

test("codecs: a buffer that is too short gives the size that is needed, whatever its length", () => {
	const random = randomFrom(5700);
	for (let round = 0; round < 6; round++) {
		const model = randomModel(random);
		for (const format of [...SINGLE, ...SEVERAL]) {
			const codec = of(format);
			const path = SINGLE.includes(format) ? "/3441" : ["/3441", "/"][random(2)]!;
			const whole = encode(codec, model, path);
			if (!whole) continue;
			const buffer = new Uint8Array(whole.length + 40);
			for (let room = 0; room <= whole.length + 2; room++) {
				start(cursor, model, ...idsOf(path));
				const end = codec.encode(cursor, buffer.subarray(0, room), 2);
				equal(end, whole.length + 2, `${format} in ${room}`);
				if (room === whole.length + 2) equal(buffer.subarray(2, room), whole);
				buffer.fill(0);
			}
		}
	}
});

/** One message with every kind of value, short enough for every byte of it to take every value. */
const SHORT = {
	"/3441/0/1": "ü",
	"/3441/0/2": -70000,
	"/3441/0/4": 21.5,
	"/3441/0/5": true,
	"/3441/0/6": new Uint8Array([255]).buffer,
	"/3441/0/8": objectLink(3, 0),
	"/3441/0/102/0": 1,
	"/3441/0/102/300": 2,
};

/** Decodes, with every value, and without making texts of it: it runs very often. @returns END or MALFORMED */
function endOf(
	codec: Codec,
	bytes: Uint8Array,
	length: number,
	path: readonly [number, number, number, number],
): number {
	setBase(record, path[0], path[1], path[2], path[3]);
	codec.open(record, bytes, 0, length);
	for (let limit = 0; limit < 200; limit++) {
		const found = codec.next(record);
		if (found !== RECORD) return found;
		if (!codec.hasValue(record)) continue;
		const type = record.resource % 100;
		codec.value(record, type >= 1 && type <= 9 ? (type as types.ResourceType) : types.INTEGER); // within the types
	}
	throw new Error("does not end");
}

test("codecs: every mutation of one byte ends, with values or malformed", () => {
	const model = modelOf(SHORT);
	for (const format of [...SINGLE, 110, 112, 11542, 11543, 11544])
		for (const path of SINGLE.includes(format) ? pathsOf(model).slice(3) : ["/3441/0"]) {
			const message = encode(of(format), model, path);
			if (!message) continue;
			const ids = idsOf(path);
			for (let at = 0; at < message.length; at++) {
				const byte = message[at]!;
				for (let other = 1; other < 256; other++) {
					message[at] = byte ^ other;
					endOf(of(format), message, message.length, ids);
				}
				message[at] = byte;
			}
		}
});

test("codecs: every truncation ends, and only a TLV may end before its last record", () => {
	const random = randomFrom(11542);
	for (let round = 0; round < 3; round++) {
		const model = round === 0 ? exampleDevice() : randomModel(random);
		const base = round === 0 ? "/3/0" : "/3441";
		const ids = idsOf(base);
		for (const format of SEVERAL) {
			const message = encode(of(format), model, base)!;
			for (let length = 0; length < message.length; length++) {
				const end = endOf(of(format), message, length, ids);
				if (format !== 11542) equal(end, MALFORMED, `${format} cut at ${length}`);
			}
		}
	}
});

test("codecs: every message of up to two bytes ends", () => {
	const message = new Uint8Array(2);
	for (const format of [...SINGLE, ...SEVERAL])
		for (const base of ["/", "/3441", "/3441/0/1"]) {
			const ids = idsOf(base);
			for (let word = 0; word < 65536; word += 131) {
				message[0] = word >> 8;
				message[1] = word;
				for (let length = 0; length <= 2; length++) endOf(of(format), message, length, ids);
			}
		}
});

test("codecs: a handler that defers stops the encoder", () => {
	const model = exampleDevice();
	let calls = 0;
	model.objects[3]!.handlers[9] = {
		instance: -1,
		read: () => {
			calls++;
			return LATER;
		},
		next: undefined,
	};
	for (const format of SEVERAL) {
		start(cursor, model, 3, 0, -1, -1);
		of(format).encode(cursor, new Uint8Array(400), 0);
		ok(cursor.isLater, `${format}`);
	}
	equal(calls, SEVERAL.length);
});

test("codecs: one notified float takes the bytes that it needs and no more", () => {
	const model = modelOf({ "/3303/0/5700": 21.5, "/3303/1/5700": 21.7 });
	const size = (format: number, path = "/3303/0/5700"): number => encode(of(format), model, path)!.length;
	equal(size(0), 4);
	equal(size(60), 3);
	equal(size(11542), 7);
	equal(size(11544), 12);
	equal(size(112), 20);
	equal(size(110), 31);
	equal(size(112, "/3303/1/5700"), 26);
});
