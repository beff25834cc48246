// What the build leaves out of a firmware is what its program does not use: a program that uses more has it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { Probe } from "../runtime/probe.js";

const emulator = fileURLToPath(new URL("../../../../scripts/qemu.mjs", import.meta.url));
const firmware = fileURLToPath(new URL("../../../qemu/app-host-tests-devices-language/program.fw", import.meta.url));

test("an application on the board has what it uses of the language, and no compiler", async () => {
	const it = new Probe([emulator, "--firmware", firmware], { file: process.execPath });
	assert.equal(await it.exit, 0, it.lines.join("\n"));
	assert.deepEqual(it.lines, [
		"variables 11",
		"derived of base",
		"pattern 42 a+b äb",
		"numbers 2 3 11111111 100000000000000000000 12",
		"lists 1,2,3 k,1 1,2 a,b x\\n",
		"SyntaxError: no parser on the device",
		"later 8",
	]);
});
