// The log of entries in flash, in C and under the sanitizers, through thousands of power cuts.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "flash-log-"));
after(() => rmSync(folder, { recursive: true }));

/** What the program prints. It ends with status 1 at the first entry that is wrong, and execFileSync throws. */
function runLog(lives: number): string[] {
	const sources = ["host-tests/runtime/flash-log.c", ...["flash-log", "flash-log-read", "image"].map(inRuntime)];
	const flags = ["-std=c11", "-O1", "-g", "-Wall", "-Wextra", "-Werror", "-fsanitize=address,undefined"];
	const program = join(folder, "flash-log");
	execFileSync("cc", [...flags, "-Iplatforms/xs", "-o", program, ...sources], { cwd: root });
	return execFileSync(program, [String(lives)], { encoding: "utf8" })
		.trim()
		.split("\n");
}

const inRuntime = (name: string) => `platforms/xs/${name}.c`;

test("a log of 2 to 16 sectors has old or new values after each of 800 power cuts, and its sectors wear alike", () => {
	const lines = runLog(800);
	assert.equal(lines.length, 8, lines.join("\n"));
	for (const [i, line] of lines.entries()) {
		const sectors = 2 ** (1 + (i >> 1));
		if (i % 2 === 1) {
			// a full log refuses the next entry and keeps the others
			const [, count] = new RegExp(`^${sectors} sectors: (\\d+) entries of 1000 bytes, then full$`).exec(line) ?? [];
			assert.ok(Number(count) >= 3 * (sectors - 1), line);
			continue;
		}
		const [, changes, least, most] =
			new RegExp(`^${sectors} sectors: 800 cuts, (\\d+) changes, erased (\\d+) to (\\d+) times$`).exec(line) ?? [];
		assert.ok(Number(changes) > 800, line);
		assert.ok(Number(most) <= 1.5 * Number(least), line);
	}
});
