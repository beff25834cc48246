// What ends a program on the runtime: its own wish, an error that nothing caught, a limit of the engine, a signal.
import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { executable, Probe, runProbe } from "./probe.js";

const UNCAUGHT = 70;

test("a program ends with the status that it asks for", async () => {
	assert.deepEqual(await runProbe(["exits", "0"]), { lines: [], status: 0 });
	assert.deepEqual(await runProbe(["exits", "7"]), { lines: [], status: 7 });
});

test("an error that nothing catches is shown with its stack and ends with status 70", async () => {
	const { lines, status } = await runProbe(["throws"]);
	assert.equal(status, UNCAUGHT);
	assert.match(lines[0]!, /TypeError: thrown by main/);
	assert.ok(lines.length > 1 && lines.slice(1).every((line) => /^\s*at /.test(line)), lines.join("\n"));
});

test("an error in a callback of the event loop ends with status 70", async () => {
	const { lines, status } = await runProbe(["throwsInTimer"]);
	assert.equal(status, UNCAUGHT);
	assert.match(lines[0]!, /Uncaught: RangeError: thrown by a timer/);
	assert.match(lines[1]!, /wake/);
});

test("something thrown that is no error is shown as it is", async () => {
	const { lines, status } = await runProbe(["throwsText"]);
	assert.equal(status, UNCAUGHT);
	assert.match(lines.join("\n"), /just a text/);
});

test("a rejection that nothing handles ends with status 70, one that is handled does not", async () => {
	const { lines, status } = await runProbe(["rejects"]);
	assert.equal(status, UNCAUGHT);
	assert.match(lines[0]!, /Unhandled rejection: Error: nobody catches/);
	assert.deepEqual(await runProbe(["catches"]), { lines: ["handled caught"], status: 0 });
});

for (const [name, what] of [
	["fillsSlots", "Out of memory"],
	["fillsChunks", "Out of memory"],
	["fillsStack", "Stack overflow"],
	["fillsKeys", "Out of keys"],
] as const)
	test(`${name}: a limit of the engine takes one line and a restart with the same arguments`, async () => {
		const probe = new Probe([name]);
		try {
			await probe.line(new RegExp(`^start ${name}$`));
			await probe.line(new RegExp(`^${what} \\(\\d+ slots, \\d+ bytes of chunks in use\\): restarting$`));
			await probe.line(new RegExp(`^start ${name}$`));
			assert.deepEqual(
				[0, 2],
				[probe.lines.indexOf(`start ${name}`), probe.lines.indexOf(`start ${name}`, 1)],
				probe.lines.join("\n"),
			);
		} finally {
			await probe.kill();
		}
	});

test("garbage is collected: a program may make more than fits", async () => {
	assert.deepEqual(await runProbe(["makesGarbage"]), { lines: ["collected"], status: 0 });
});

test("a restart keeps the process and the arguments", async () => {
	const probe = new Probe(["restarts", "a word", "--option"]);
	try {
		for (let i = 0; i < 2; i++) await probe.line(/^arguments restarts a word --option$/);
	} finally {
		await probe.kill();
	}
});

test("SIGINT and SIGTERM ask a program that wants to be asked", async () => {
	for (const signal of ["SIGINT", "SIGTERM"] as const) {
		const probe = new Probe(["terminates"]);
		await probe.line(/^ready$/);
		probe.child.kill(signal);
		await probe.line(/^asked to end$/);
		assert.equal(await probe.exit, 0);
	}
});

test("a signal ends a program that does not want to be asked", async () => {
	const probe = new Probe(["waits"]);
	await probe.line(/^waiting$/);
	probe.child.kill("SIGTERM");
	assert.equal(await probe.exit, "SIGTERM");
});

test("a second signal, some time after the first, ends a program that takes too long", async () => {
	const probe = new Probe(["lingers"]);
	await probe.line(/^ready$/);
	probe.child.kill("SIGINT");
	await probe.line(/^asked to end$/);
	probe.child.kill("SIGINT");
	await new Promise((resolve) => setTimeout(resolve, 400));
	assert.equal(probe.child.exitCode, null);
	probe.child.kill("SIGINT");
	assert.equal(await probe.exit, 1);
});

test("there is no parser on the device", async () => {
	assert.deepEqual(await runProbe(["evaluates"]), { lines: ["SyntaxError: no parser on the device"], status: 0 });
});

test("a damaged image is not run", async () => {
	const folder = mkdtempSync(join(tmpdir(), "image-"));
	try {
		const bytes = readFileSync(executable);
		const image = readFileSync(join(executable, "..", "image.bin"));
		const at = bytes.indexOf(image);
		assert.ok(at > 0);
		bytes[at + image.length - 1]! ^= 1;
		writeFileSync(join(folder, "damaged"), bytes);
		chmodSync(join(folder, "damaged"), 0o755);
		const { lines, status } = await runProbe(["exits", "0"], { file: join(folder, "damaged") });
		assert.deepEqual({ lines, status }, { lines: ["the program image is damaged"], status: 1 });
	} finally {
		rmSync(folder, { recursive: true });
	}
});
