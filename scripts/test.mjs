// npm test: everything that needs no emulator and no outside peer. Ends with `N passed, N failed` alone on a line.
// Words on the command line choose lanes: checks, unit, xs, server, runtime, scenarios.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { readCommandLine, refuse } from "./lib/command-line.mjs";
import { buildServerAddon } from "./lib/companion.mjs";
import { buildDevice } from "./lib/device.mjs";
import { buildEveryObject } from "./lib/every-object.mjs";
import { build, root } from "./lib/paths.mjs";
import { buildProbe } from "./lib/probe.mjs";
import { compileHostTests } from "./lib/program.mjs";
import { unitRunnerForNode, unitRunnerForXs } from "./lib/unit.mjs";

/** How long a file of tests may take: one that hangs is a failure. */
const PATIENCE_MS = 900_000;
const lanes = { checks, unit, xs, server, runtime, scenarios };
const laneNames = Object.keys(lanes).join(", ");
const { operands: chosen } = readCommandLine({
	name: "test",
	about: `Every test that needs no emulator and no outside peer, or the lanes named: ${laneNames}.`,
	operands: "[LANE...]",
});
for (const name of chosen) if (!lanes[name]) refuse("test", `${name}: no such lane; there are ${laneNames}`);

const total = { passed: 0, failed: 0 };
const started = Date.now();
buildDevice();
compileHostTests();
buildServerAddon();
say("built");
for (const [name, lane] of Object.entries(lanes))
	if (chosen.length === 0 || chosen.includes(name)) {
		const before = { ...total };
		lane();
		say(`${name}: ${total.passed - before.passed} passed, ${total.failed - before.failed} failed`);
	}
process.stdout.write(`${total.passed} passed, ${total.failed} failed\n`);
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;

/** Lint, format, import table, objects, file rules: each counts as one test. */
function checks() {
	count(
		"lint and format",
		spawnSync("node_modules/.bin/biome", ["check", "--error-on-warnings"], { cwd: root, encoding: "utf8" }),
	);
	for (const name of ["check-imports", "check-objects", "check-files", "check-manifest"])
		count(name, spawnSync("node", [`scripts/${name}.mjs`], { cwd: root, encoding: "utf8" }));
	nodeTests("host-tests/checks", /\.test\.mjs$/);
}

function unit() {
	tap(spawnSync("node", [unitRunnerForNode()], { cwd: root, encoding: "utf8", maxBuffer: 1 << 28 }), "stdout");
}

function xs() {
	tap(
		spawnSync(unitRunnerForXs(), [], {
			cwd: root,
			encoding: "utf8",
			maxBuffer: 1 << 28,
			timeout: 300_000,
			env: { ...process.env, LWM2M_XS_RESTART: "off" },
		}),
		"stderr",
	);
}

function server() {
	nodeTests(`${build.replace(`${root}/`, "")}/js/host-tests/server/test`, /\.test\.js$/);
}

function runtime() {
	buildProbe();
	buildProbe({ isDebug: true });
	nodeTests("build/js/host-tests/runtime", /\.test\.js$/);
}

function scenarios() {
	buildEveryObject();
	buildDevice({ app: "examples/greenhouse" });
	nodeTests("build/js/host-tests/scenarios", /\.test\.js$/);
}

/** Runs the files of a folder under Node's own test runner. */
function nodeTests(folder, pattern) {
	if (!existsSync(`${root}/${folder}`)) return;
	const sources = folder.startsWith("build/js/")
		? new Set(readdirSync(`${root}/${folder.slice(9)}`).map((name) => name.replace(/\.ts$/, ".js")))
		: undefined;
	// what was compiled from a file that is gone is not run
	const files = readdirSync(`${root}/${folder}`).filter(
		(name) => pattern.test(name) && (!sources || sources.has(name)),
	);
	if (files.length === 0) return;
	tap(
		spawnSync(
			"node",
			["--test", "--test-reporter=tap", `--test-timeout=${PATIENCE_MS}`, ...files.map((name) => `${folder}/${name}`)],
			{
				cwd: root,
				encoding: "utf8",
				maxBuffer: 1 << 28,
			},
		),
		"stdout",
	);
}

/** Counts the results of a TAP stream and shows what failed. A run that ended early counts as a failure. */
function tap(result, stream) {
	const text = result[stream] ?? "";
	const lines = text.split("\n");
	let passed = 0;
	let failed = 0;
	const summary = (name) =>
		Number(/^# NAME (\d+)/m.exec(text.replace(new RegExp(`^# ${name} `, "m"), "# NAME "))?.[1] ?? Number.NaN);
	if (/^# tests \d+/m.test(text)) {
		passed = summary("pass");
		failed = summary("fail") + summary("cancelled");
	} else
		for (const line of lines) {
			if (/^ok \d/.test(line)) passed++;
			else if (/^not ok \d/.test(line)) failed++;
		}
	const plan = Number(/^1\.\.(\d+)/m.exec(text)?.[1] ?? 0);
	const isShort = !/^# tests \d+/m.test(text) && passed + failed < plan;
	if (failed > 0 || isShort || result.status !== 0) {
		if (failed === 0) failed = 1;
		lines.forEach((line, index) => {
			if (/^\s*not ok/.test(line)) process.stdout.write(`${lines.slice(index, index + 12).join("\n")}\n`);
		});
		if (isShort || result.signal || passed + failed <= 1)
			process.stdout.write(
				`ended early (${result.signal ?? result.status}):\n${lines.slice(-12).join("\n")}\n${(result.stderr ?? "").slice(-2000)}\n`,
			);
	}
	total.passed += passed;
	total.failed += failed;
}

function count(name, result) {
	if (result.status === 0) total.passed++;
	else {
		total.failed++;
		process.stdout.write(`not ok - ${name}\n${result.stdout ?? ""}${result.stderr ?? ""}`);
	}
}

function say(what) {
	process.stdout.write(`[${((Date.now() - started) / 1000).toFixed(1)} s] ${what}\n`);
}
