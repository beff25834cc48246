// The terminal's buffer by itself: what it refuses, and what it hands out.

import { readText } from "../../src/bytes.js";
import {
	accept,
	answer,
	COMPLETE,
	feed,
	IDLE,
	INPUT_BYTES,
	LEFT,
	open,
	report,
	STATE_BYTES,
	sent,
	TABBED,
	words,
} from "../../src/shell/terminal.js";
import { equal, test, throws } from "../support/test.js";

const LINE = 40;
const HISTORY = 20;
const QUEUE = 120;

function terminal(isTerminal = false): Uint8Array {
	const bytes = new Uint8Array(STATE_BYTES + QUEUE + LINE + HISTORY + INPUT_BYTES);
	open(bytes, LINE, HISTORY, isTerminal);
	return bytes;
}

/** What is in the queue, which is empty then. */
function take(bytes: Uint8Array): string | undefined {
	const end = sent(bytes, 0);
	const text = readText(bytes, STATE_BYTES, end);
	equal(sent(bytes, end - STATE_BYTES), STATE_BYTES);
	return text;
}

/** Types up to 16 bytes. @returns what the last of them has led to */
function type(bytes: Uint8Array, text: string): number {
	feed(bytes, 0, false);
	for (let i = 0; i < text.length; i++) bytes[bytes.length - INPUT_BYTES + i] = text.charCodeAt(i);
	return feed(bytes, text.length, false);
}

test("a buffer that is too small for a terminal, or none, is refused", () => {
	throws(() => open(new Uint8Array(10), 40, 20, true), "RangeError", "does not fit");
	throws(() => open(new Uint8Array(200), 80, 20, true), "RangeError", "does not fit");
	throws(() => open(new Uint8Array(200), 40, -1, true), "RangeError", "does not fit");
	throws(() => open(new Uint8Array(70_000), 40, 20, true), "RangeError", "does not fit");
	for (const bytes of [new Uint8Array(0), new Uint8Array(300)]) {
		throws(() => sent(bytes, 0), "RangeError", "not a terminal");
		throws(() => feed(bytes, 0, false), "RangeError", "not a terminal");
		throws(() => answer(bytes, "x"), "RangeError", "not a terminal");
		throws(() => words(bytes, false), "RangeError", "not a terminal");
	}
});

test("the queue hands out what was written, also in parts", () => {
	const bytes = terminal();
	equal(report(bytes, "<inf> Update Done"), true);
	equal(readText(bytes, STATE_BYTES, sent(bytes, 6)), "Update Done\n");
	equal(sent(bytes, 1000), STATE_BYTES);
});

test("an answer goes in as much as there is room for", () => {
	const bytes = terminal();
	const text = `${"é".repeat(100)}\n\n€\n`;
	let all = "";
	let count = 0;
	for (let isOver = false; !isOver; count++) {
		isOver = answer(bytes, text);
		for (let at = STATE_BYTES; at < sent(bytes, 0); at++) all += String.fromCharCode(bytes[at]!);
		sent(bytes, QUEUE);
	}
	equal([count, all.length], [2, 206]);
	equal(answer(bytes, ""), true);
	equal(take(bytes), "\n");
});

test("what would steer the terminal becomes dots", () => {
	const bytes = terminal();
	answer(bytes, "a\0b\x1b[2J\tc\x7f\x80\x9f\xa0é");
	equal(take(bytes), "a.b.[2J\tc.....\xa0é\n");
});

test("Ctrl-C during an answer drops what was typed before it", () => {
	const bytes = terminal(true);
	sent(bytes, QUEUE);
	equal(answer(bytes, "x".repeat(500)), false);
	sent(bytes, QUEUE);
	bytes.set([0x61, 0x03, 0x62], bytes.length - INPUT_BYTES);
	equal(feed(bytes, 3, true), LEFT);
	equal(take(bytes), "^C\r\n");
	feed(bytes, 0, false);
	feed(bytes, 0, false);
	equal(words(bytes, false), ["b"]);
});

test("feed says what the input has come to", () => {
	const bytes = terminal(true);
	sent(bytes, QUEUE);
	equal(feed(bytes, 0, false), 1);
	equal(feed(bytes, 0, false), IDLE);
	sent(bytes, QUEUE);
	equal(type(bytes, "ls\t"), TABBED);
	sent(bytes, QUEUE);
	equal(type(bytes, "\r"), COMPLETE);
	accept(bytes, true);
	equal(words(bytes, true), [""]);
	equal(words(bytes, false), []);
});

test("words are parted as in Zephyr's shell; a line that has none says why", () => {
	for (const [line, list] of [
		["exec 1 0='a b'", ["exec", "1", "0='a b'"]],
		["''\"a b\"", ['"a b"']],
		["a\\ b \\", ["a b", ""]],
		["'a'b", ["ab"]],
		["a 'b", "not terminated: '"],
		['a "', 'not terminated: "'],
		["\xc3(", "the line is not UTF-8"],
		["\xed\xa0\x80", "the line is not UTF-8"],
		["\xf4\x90\x80\x80", "the line is not UTF-8"],
		["\xc0\x80", "the line is not UTF-8"],
		["\xe2\x82", "the line is not UTF-8"],
		["\xe2\x82\xac", ["€"]],
		["\xf0\x9f\x98\x80", ["😀"]],
	] as const) {
		const bytes = terminal();
		sent(bytes, QUEUE);
		type(bytes, line);
		equal(words(bytes, false), list, line);
	}
});

test("a line that is too long has no words", () => {
	const bytes = terminal();
	for (let i = 0; i < LINE / 10; i++) {
		sent(bytes, QUEUE);
		type(bytes, "0123456789");
	}
	equal(words(bytes, false), ["0123456789".repeat(LINE / 10)]);
	type(bytes, "x");
	equal(words(bytes, false), undefined);
});
