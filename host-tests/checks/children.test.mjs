// host-tests/support/children: what a test file leaves behind ends with it, and cannot keep the lane waiting.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { build, root } from "../../scripts/lib/paths.mjs";

const folder = mkdtempSync(join(tmpdir(), "children-"));
after(() => rmSync(folder, { recursive: true }));

/** A test file that starts a program which would run for a minute, and then does as told. */
function fileThat(name, does) {
	const path = join(folder, `${name}.test.mjs`);
	writeFileSync(
		path,
		`import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { test } from "node:test";
import { endWithTests } from "${build}/js/host-tests/support/children.js";
test("one", async () => {
	const child = endWithTests(spawn("sleep", ["60"]));
	writeFileSync("${path}.pid", String(child.pid));
	${does}
});
`,
	);
	return path;
}

const runner = { cwd: root, encoding: "utf8", timeout: 30_000, env: { ...process.env, NODE_TEST_CONTEXT: undefined } };

/** Whether a process is over soon, or only waits for its parent to ask how it ended. */
async function isOver(pid) {
	for (let i = 0; i < 100; i++) {
		try {
			if (/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"))) return true;
		} catch {
			return true;
		}
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
	return false;
}

const pidOf = (path) => Number(readFileSync(`${path}.pid`, "utf8"));

test("a program that a failed test has not ended ends with the file, which ends at once", async () => {
	const path = fileThat("fails", `throw new Error("failed");`);
	const { status, signal, stdout } = spawnSync(process.execPath, ["--test", "--test-reporter=tap", path], runner);
	assert.deepEqual([status, signal], [1, null]);
	assert.match(stdout, /^# fail 1$/m);
	assert.ok(await isOver(pidOf(path)));
});

test("a program ends with a file that is ended", async () => {
	const path = fileThat(
		"hangs",
		"console.log('started'); await new Promise((resolve) => setTimeout(resolve, 60_000));",
	);
	const file = spawn(process.execPath, [path], { ...runner, stdio: ["ignore", "pipe", "ignore"] });
	await once(file.stdout, "data");
	assert.equal(process.kill(pidOf(path), 0), true);
	file.kill("SIGTERM");
	assert.equal((await once(file, "exit"))[0], 143);
	assert.ok(await isOver(pidOf(path)));
});

test("a server that a script has started ends with the script, also when that is killed", async () => {
	const script = `import { FREE_PORTS, startServerApart } from "${root}/scripts/lib/companion.mjs";
const { server } = await startServerApart(FREE_PORTS);
console.log(server.pid);`;
	const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
		stdio: ["ignore", "pipe", "ignore"],
	});
	const pid = Number(String((await once(child.stdout, "data"))[0]));
	assert.equal(process.kill(pid, 0), true);
	child.kill("SIGKILL");
	assert.ok(await isOver(pid));
});
