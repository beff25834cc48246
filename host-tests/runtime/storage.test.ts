// Key-value storage on files, and what a power cut leaves of it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { runProbe } from "./probe.js";

const source = fileURLToPath(new URL("../../../../host-tests/runtime/power-cut.c", import.meta.url));
let folder: string;

before(() => {
	folder = mkdtempSync(join(tmpdir(), "storage-"));
});
after(() => rmSync(folder, { recursive: true }));

test("entries are there for the next start, and nobody else may read them", async () => {
	const path = join(folder, "deep", "er");
	assert.deepEqual(await runProbe(["storeWrites", path, "psk"]), { lines: ["written"], status: 0 });
	assert.deepEqual(await runProbe(["storeReads", path]), { lines: ["psk 1000 D", "end"], status: 0 });
	assert.deepEqual(readdirSync(path), ["psk.value"]);
	assert.equal(statSync(join(path, "psk.value")).mode & 0o77, 0);
});

test("keys and values outside the limits are refused, and names do not collide", async () => {
	const { lines, status } = await runProbe(["storeMisuse", join(folder, "misuse")]);
	assert.equal(status, 0);
	const expected = [
		/RangeError: key "UPPER"/,
		/RangeError: key ""/,
		/RangeError: key "..\/outside"/,
		/RangeError: key is longer than 15/,
		/RangeError: entry big is longer than 4000/,
		/TypeError/,
		/^undefined$/,
		/^0$/,
		/^67$/,
		/^undefined$/,
		/^a\.value empty$/,
		/the storage is closed/,
	];
	assert.equal(lines.length, expected.length, lines.join("\n"));
	for (const [i, pattern] of expected.entries()) assert.match(lines[i]!, pattern);
});

test("a folder that cannot be is an error that says why", async () => {
	writeFileSync(join(folder, "file"), "");
	const { lines } = await runProbe(["storeOpens", join(folder, "file", "below")]);
	assert.match(lines[0]!, /Not a directory/);
	mkdirSync(join(folder, "good"));
	assert.deepEqual((await runProbe(["storeOpens", join(folder, "good")])).lines, ["open"]);
});

test("the power cut before any step of a write leaves the old value or the new one, never a mixture", async () => {
	const shim = join(folder, "power-cut.so");
	execFileSync("cc", ["-shared", "-fPIC", "-O1", "-o", shim, source, "-ldl"]);
	let cuts = 0;
	const values = new Set<string>();
	for (let step = 1; ; step++) {
		const path = join(folder, `cut-${step}`);
		mkdirSync(path);
		const { status } = await runProbe(["storeWrites", path, "entry"], {
			env: { ...process.env, LD_PRELOAD: shim, POWER_CUT_AT: String(step) },
		});
		const { lines } = await runProbe(["storeReads", path]);
		assert.equal(lines.at(-1), "end");
		if (lines.length > 1) assert.match(lines[0]!, /^entry 1000 [ABCD]$/);
		values.add(lines.length > 1 ? lines[0]! : "none");
		assert.ok(
			readdirSync(path).every((name) => name === "entry.value"),
			"a start removes what was half written",
		);
		if (status === 0) break;
		assert.equal(status, "SIGKILL");
		cuts++;
		assert.ok(step < 100);
	}
	// open, write, fsync, rename, fsync of the folder: for each of four writes
	assert.ok(cuts >= 16, `${cuts} steps`);
	assert.equal(values.size, 5);
});
