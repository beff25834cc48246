// What every npm script says when it is asked how it is used, and when it is used in another way.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { splitOption, takeOptions } from "../../scripts/lib/command-line.mjs";
import { DEVICE_OPTIONS } from "../../scripts/lib/device-usage.mjs";
import { build, root } from "../../scripts/lib/paths.mjs";

const { scripts } = JSON.parse(readFileSync(`${root}/package.json`, "utf8"));
const own = Object.entries(scripts).filter(([, command]) => command.startsWith("node "));
const readme = readFileSync(`${root}/README.md`, "utf8");

for (const [name, command] of own) {
	const run = (...words) =>
		spawnSync(process.execPath, [command.slice("node ".length), ...words], {
			cwd: root,
			encoding: "utf8",
			timeout: 60_000,
		});

	test(`npm run ${name} -- --help prints its usage`, () => {
		const { status, stdout } = run("--help");
		assert.equal(status, 0);
		assert.match(stdout, /^Usage: /);
		assert.match(stdout, /^ {2}--help +this text$/m);
	});

	test(`npm run ${name} refuses an option that it does not have with one line and status 2`, () => {
		// these two hand it to the device, which refuses it (host-tests/scenarios/options.test.ts); a server would be started first
		if (name === "start" || name === "qemu") return;
		const { status, stderr } = run("--no-such-option");
		assert.equal(status, 2, stderr);
		const said = stderr.replace("waiting for another build to end\n", "");
		assert.match(said.trimEnd(), /^[^\n]*--no-such-option[^\n]*$/);
	});

	test(`npm run ${name} is in the README`, () => {
		const called = name === "start" || name === "test" ? `npm ${name}` : `npm run ${name}`;
		assert.ok(readme.includes(called) || readme.includes(`\`${name}\``), `${called} is missing`);
	});
}

test("the device's usage and the README have the options that the device takes", () => {
	const { stderr } = spawnSync(`${build}/host/lwm2m-xs`, ["--no-such-option"], { encoding: "utf8" });
	const taken = /there are (.*)\n/.exec(stderr)[1].split(", ").sort();
	assert.deepEqual(
		Object.keys(DEVICE_OPTIONS)
			.map((option) => option.split(" ")[0])
			.sort(),
		taken,
	);
	const table = readme.slice(readme.indexOf("| option "), readme.indexOf("Exit status:"));
	assert.deepEqual(
		[...table.matchAll(/`(--[\w-]+)/g)]
			.map(([, option]) => option)
			// those are the scripts' own
			.filter((option, at, all) => all.indexOf(option) === at && !["--app", "--debug"].includes(option))
			.sort(),
		taken,
	);
});

test("a script takes its own options from among those of the device, in any place and form", () => {
	const usage = { name: "x", options: { "--built": "", "--flash FILE": "" } };
	assert.deepEqual(takeOptions(usage, ["--endpoint", "a", "--built", "--log=off", "--flash", "f", "--no-start"]), {
		options: { "--built": true, "--flash": "f" },
		others: ["--endpoint", "a", "--log=off", "--no-start"],
	});
	assert.deepEqual(takeOptions(usage, ["--flash=f=g"]).options, { "--flash": "f=g" });
	assert.deepEqual(splitOption("a=b"), { option: "a=b" });
});

for (const [words, line] of [
	[["--debug", "--debug"], /^build: --debug: given twice\n$/],
	[["--debug=1"], /^build: --debug: takes no value\n$/],
	[["debug"], /^build: debug: takes no such word; there is --debug\n$/],
])
	test(`npm run build -- ${words.join(" ")} is refused`, () => {
		const { status, stderr } = spawnSync(process.execPath, ["scripts/build.mjs", ...words], {
			cwd: root,
			encoding: "utf8",
		});
		assert.equal(status, 2);
		assert.match(stderr, line);
	});

for (const [script, words, line] of [
	["bench", ["--changes", "100"], /^bench: --changes 100: a whole number from 10000\n$/],
	["bench", ["--changes"], /^bench: --changes: its value is missing\n$/],
	["bench-day", ["--time-scale", "0"], /^bench-day: --time-scale 0: a number above 0\n$/],
	["soak-qemu", ["0"], /^soak:qemu: 0: one whole number of minutes, 1 to 1440\n$/],
	["qemu", ["--icount", "11"], /^qemu: --icount 11: a whole number from 0 to 10\n$/],
	["test", ["units"], /^test: units: no such lane; there are checks, unit, /],
	["check-files", ["/nowhere"], /^check-files: \/nowhere: no such folder, or it has no src\n$/],
	["new-object", [], /^new-object: one argument is wanted/],
])
	test(`${script} ${words.join(" ")} is refused`, () => {
		const result = spawnSync(process.execPath, [`scripts/${script}.mjs`, ...words], { cwd: root, encoding: "utf8" });
		assert.equal(result.status, 2);
		assert.match(result.stderr, line);
	});
