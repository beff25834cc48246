// Paths of LwM2M in byte arrays, and writers without room: the same on Node and, in C, on XS.
import {
	copy,
	parsePath,
	readBase64,
	readPath,
	writeBase64,
	writeBig,
	writeFloat,
	writeInteger,
	writeNumber,
	writePath,
	writeText,
} from "../../src/bytes.js";
import { ascii, equal, hex, test } from "../support/test.js";
import { type Write, writtenText } from "./bytes-cases.js";

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
