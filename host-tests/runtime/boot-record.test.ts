// The boot record in C, with the power going at every step: compiled and run here, without the engine.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../..", import.meta.url));

test("whenever the power goes, and goes again, a whole image is active and the next update works", () => {
	const folder = mkdtempSync(join(tmpdir(), "boot-record-"));
	try {
		const program = join(folder, "boot-record");
		const sources = ["host-tests/runtime/boot-record.c", "platforms/xs/boot-record.c", "platforms/xs/image.c"];
		const flags = ["-std=c11", "-Wall", "-Wextra", "-Werror", "-fsanitize=address,undefined", "-Iplatforms/xs"];
		execFileSync("cc", [...flags, "-o", program, ...sources], { cwd: root });
		const moments = Number.parseInt(execFileSync(program, { encoding: "utf8" }), 10);
		assert.ok(moments > 500, `${moments} moments`);
	} finally {
		rmSync(folder, { recursive: true });
	}
});
