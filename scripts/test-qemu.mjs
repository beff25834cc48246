// npm run test:qemu: the firmware on the emulated board against the device's scenarios, and what is the board's own
// (host-tests/board). Ends with `N passed, N failed` alone on a line. Words on the command line choose by a file's name.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { readCommandLine, refuse } from "./lib/command-line.mjs";
import { buildServerAddon } from "./lib/companion.mjs";
import { buildFirmware } from "./lib/firmware.mjs";
import { root } from "./lib/paths.mjs";
import { buildProbeFirmware } from "./lib/probe.mjs";
import { compileHostTests } from "./lib/program.mjs";

// All of the host's but those about a process on the computer or its files: options, start and make-image (command lines),
// day (a clock that the host's port lets the test advance), objects (a program of its own), firmware-* (slots that are
// files; host-tests/board/firmware is their counterpart). What kill -9 is to the host's device is here the end of the
// emulator, as when a board's power is cut.
const SCENARIOS = [
	...["registration", "operations", "security", "certificates", "bootstrap-coaps", "reporting", "samples", "life"],
	...["shell-pipe", "shell-pty", "https"],
];
const PATIENCE_MS = 600_000;

const { operands: chosen } = readCommandLine({
	name: "test:qemu",
	about: "Tests of the firmware on the emulated board: all, or those of the files named.",
	operands: "[NAME...]",
});
const all = [
	...SCENARIOS.map((name) => `scenarios/${name}`),
	...readdirSync(`${root}/host-tests/board`).map((file) => `board/${file.replace(".test.ts", "")}`),
];
const fileOf = (name) => {
	const known = all.find((file) => file === name || file.endsWith(`/${name}`));
	// a scenario that is not of the board's may be tried
	const found = known ?? (existsSync(`${root}/host-tests/scenarios/${name}.test.ts`) && `scenarios/${name}`);
	return found || refuse("test:qemu", `${name}: no such scenario; there are ${all.join(", ")}`);
};
const names = chosen.length > 0 ? chosen.map(fileOf) : all;
buildFirmware();
buildProbeFirmware();
if (names.includes("board/language")) buildFirmware({ app: "host-tests/devices/language" });
compileHostTests();
buildServerAddon();
const files = names.map((name) => `build/js/host-tests/${name}.test.js`);
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
