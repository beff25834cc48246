// The shell's terminal in C, compiled with sanitizers and fed with random bytes.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const source = fileURLToPath(new URL("../../../../host-tests/runtime/terminal.c", import.meta.url));

test("a terminal stays within its buffer, whatever is typed and printed", () => {
	const folder = mkdtempSync(join(tmpdir(), "lwm2m-xs-terminal-"));
	try {
		const program = join(folder, "terminal");
		const flags = ["-std=c11", "-O1", "-g", "-Wall", "-Wextra", "-Werror", "-fsanitize=address,undefined"];
		const compiled = spawnSync("cc", [...flags, "-o", program, source], { encoding: "utf8" });
		assert.equal(compiled.status, 0, compiled.stderr);
		const run = spawnSync(program, [], { encoding: "utf8" });
		assert.deepEqual([run.status, run.stdout], [0, "whole\n"], run.stderr);
	} finally {
		rmSync(folder, { recursive: true });
	}
});
