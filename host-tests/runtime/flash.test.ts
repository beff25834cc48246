// What is kept in flash, in C and under the sanitizers, through thousands of power cuts: the log of entries, and the boot
// loader's choice between two images.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "flash-"));
after(() => rmSync(folder, { recursive: true }));

/** What the program prints. It ends with status 1 at the first thing that is wrong, and execFileSync throws. */
function run(name: string, modules: readonly string[], lives: number): string[] {
	const sources = [
		...[name, "flash-simulation"].map((file) => `host-tests/runtime/${file}.c`),
		...modules.map((file) => `platforms/xs/${file}.c`),
	];
	const flags = ["-std=c11", "-O1", "-g", "-Wall", "-Wextra", "-Werror", "-fsanitize=address,undefined"];
	const program = join(folder, name);
	execFileSync("cc", [...flags, "-Iplatforms/xs", "-Ihost-tests/runtime", "-o", program, ...sources], { cwd: root });
	return execFileSync(program, [String(lives)], { encoding: "utf8" })
		.trim()
		.split("\n");
}

test("a log of 2 to 16 sectors has old or new values after each of 800 power cuts, and its sectors wear alike", () => {
	const lines = run("flash-log", ["flash-log", "flash-log-read", "image"], 800);
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

test("through 2,000 power cuts the boot loader starts a whole image, the new one three times at most unless it is confirmed", () => {
	const [line = ""] = run("boot-choice", ["boot-choice", "boot-record", "slot-swap", "image"], 2000);
	const [, ...counts] = /^2000 cuts, (\d+) trials, (\d+) confirmed, (\d+) reverted, (\d+) broken$/.exec(line) ?? [];
	assert.equal(counts.length, 4, line);
	for (const count of counts) assert.ok(Number(count) > 100, line);
});
