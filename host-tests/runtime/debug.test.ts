// A build for finding faults: its stack traces name TypeScript files and lines.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { runProbe } from "./probe.js";

const file = fileURLToPath(new URL("../../../host-debug/probe/program", import.meta.url));
const source = fileURLToPath(new URL("../../../../host-tests/runtime/programs/failures.ts", import.meta.url));

test("a stack trace of the debug build names the line that threw", async () => {
	const line =
		readFileSync(source, "utf8")
			.split("\n")
			.findIndex((text) => text.includes("thrown by a timer")) + 1;
	const { lines, status } = await runProbe(["throwsInTimer"], { file });
	assert.equal(status, 70);
	assert.equal(lines[1]!.trim(), `at wake (host-tests/runtime/programs/failures.ts:${line})`);
});

test("the release build names functions, and no lines", async () => {
	const { lines } = await runProbe(["throwsInTimer"]);
	assert.equal(lines[1]!.trim(), "at wake ()");
});
