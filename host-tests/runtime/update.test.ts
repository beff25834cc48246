// The firmware slot of the Linux port, by the module embedded:update; that it starts images is in ../scenarios/firmware*.
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { runProbe } from "./probe.js";

const expected = [
	"false false 0",
	"undefined",
	"3 2,3,4,0,0,0,0,0",
	"undefined",
	"6 3,1,2,3,4,5,0,0",
	"0",
	"Error: firmware slot: a part is missing before this one",
	"RangeError: firmware slot: full, it takes 2097152 bytes",
	"RangeError: offset is not a whole number from 0 to 2147483647",
	"RangeError: end is not a whole number from 3 to 5",
	"RangeError: end is not a whole number from 0 to 5",
	"Error: firmware slot: the slot holds less",
	"RangeError: count is not a whole number from 1 to 2097152",
	"undefined",
	"undefined",
	"undefined",
	"0",
];

test("what is written is read, in memory and in files that nobody else may read; misuse is told", async () => {
	assert.deepEqual(await runProbe(["updateMisuse"]), { lines: expected, status: 0 });
	const folder = mkdtempSync(join(tmpdir(), "update-"));
	try {
		assert.deepEqual(await runProbe(["updateMisuse", "--storage", folder]), { lines: expected, status: 0 });
		const files = readdirSync(folder).sort();
		assert.deepEqual(files, ["firmware.0", "firmware.1", "firmware.boot"]);
		for (const file of files) assert.equal(statSync(join(folder, file)).mode & 0o77, 0);
	} finally {
		rmSync(folder, { recursive: true });
	}
});

test("a folder that is not there is an error, and is not made", async () => {
	const { lines, status } = await runProbe(["updateMisuse", "--storage=/nowhere/at/all"]);
	assert.deepEqual([status, lines[0]], [70, "Unhandled rejection: Error: firmware slot: No such file or directory"]);
});
