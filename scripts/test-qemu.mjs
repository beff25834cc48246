// npm run test:qemu: the device's scenarios against the firmware on the emulated board. Ends with `N passed, N failed`
// alone on a line. Words on the command line choose scenarios by their file's name.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { buildServerAddon } from "./lib/companion.mjs";
import { buildFirmware } from "./lib/firmware.mjs";
import { root } from "./lib/paths.mjs";
import { compileHostTests } from "./lib/program.mjs";
import { fail } from "./lib/run.mjs";

// All of the host's but options and start, which are about the command line of a process on the computer, and day, whose
// clock the host's port lets the test advance. What kill -9 is to the host's device is here the end of the emulator, as
// when a board's power is cut.
const SCENARIOS = [
	...["registration", "operations", "security", "certificates", "bootstrap-coaps", "reporting", "life"],
	...["shell-pipe", "shell-pty"],
];
const PATIENCE_MS = 600_000;

const chosen = process.argv.slice(2);
for (const name of chosen)
	if (!existsSync(`${root}/host-tests/scenarios/${name}.test.ts`)) fail(`${name}: no such scenario`);
buildFirmware();
compileHostTests();
buildServerAddon();
const files = (chosen.length > 0 ? chosen : SCENARIOS).map((name) => `build/js/host-tests/scenarios/${name}.test.js`);
const { stdout, status, signal } = spawnSync(
	"node",
	["--test", "--test-reporter=tap", "--test-concurrency=1", ...files],
	{
		cwd: root,
		encoding: "utf8",
		maxBuffer: 1 << 28,
		timeout: PATIENCE_MS,
		env: { ...process.env, LWM2M_XS_DEVICE: "qemu" },
	},
);
const passed = count("pass");
let failed = count("fail") + count("cancelled");
if (failed === 0 && (status !== 0 || passed === 0)) failed = 1;
if (failed > 0) {
	process.stdout.write(stdout.replace(/^(ok|# Subtest).*\n/gm, ""));
	if (signal) process.stdout.write(`ended early: ${signal}\n`);
}
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 ? 1 : 0;

function count(name) {
	return Number(new RegExp(`^# ${name} (\\d+)`, "m").exec(stdout)?.[1] ?? 0);
}
