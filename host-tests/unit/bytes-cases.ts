// What the tests of bytes share: what a writer has written.
import { readText } from "../../src/bytes.js";
import { equal, hex, toHex } from "../support/test.js";

export type Write = (into: Uint8Array, at: number) => number;

/** What a writer writes from position 3 on; fails where it writes anything else, or reports another position. */
export function written(write: Write): string {
	const into = new Uint8Array(400).fill(0xee);
	const end = write(into, 3);
	equal(toHex(into, 0, 3), "eeeeee", "before");
	for (let i = end; i < into.length; i++) equal(into[i], 0xee, `after, at ${i}`);
	return toHex(into, 3, end);
}

export function writtenText(write: Write): string {
	const bytes = hex(written(write));
	return readText(bytes, 0, bytes.length) ?? "not UTF-8";
}
