// npm run test:dtls [-- --long]: the tests of DTLS. In C, under the address and undefined-behaviour sanitizers: handshakes,
// a bad network, saved sessions, errors, memory, streams, mutated datagrams (100,000; with --long 1,000,000). On Node: the device's
// session against the companion server, OpenSSL and the programs of Mbed TLS. Words choose: core, server, peers.
// Ends with `N passed, N failed` alone on a line; exit status 1 when one failed.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { buildAddon } from "./lib/build-addon.mjs";
import { makeCertificates } from "./lib/certificates.mjs";
import { readCommandLine, refuse } from "./lib/command-line.mjs";
import { compileAll, link } from "./lib/compile.mjs";
import { buildMbedtls, CORE_SOURCES, fetchRelease } from "./lib/mbedtls.mjs";
import { installation4 } from "./lib/mbedtls-4.mjs";
import { build, root } from "./lib/paths.mjs";
import { compileHostTests } from "./lib/program.mjs";
import { fail, run } from "./lib/run.mjs";

const SUITES = ["main", "check", "network", "handshake", "loss", "state", "errors", "fuzz", "memory", "pipe", "stream"];
/** A test file that hangs is a failure. */
const NODE_TESTS_MS = 180_000;
const lanes = { core, server, peers };
const laneNames = Object.keys(lanes).join(", ");
const { options, operands: chosen } = readCommandLine({
	name: "test:dtls",
	about: `The tests of DTLS, or of the parts named: ${laneNames}.`,
	options: { "--long": "1,000,000 mutated datagrams instead of 100,000" },
	operands: "[PART...]",
});
const isLong = options["--long"];
for (const name of chosen) if (!lanes[name]) refuse("test:dtls", `${name}: no such part; there are ${laneNames}`);

process.stdout.write(
	installation4()
		? "Mbed TLS 4 of $MBEDTLS_DIR\n"
		: "Mbed TLS 3.6; version 4 is skipped: $MBEDTLS_DIR names no installation of it\n",
);
const total = { passed: 0, failed: 0 };
const certificates = makeCertificates(join(build, "dtls/certificates"));
try {
	for (const [name, lane] of Object.entries(lanes)) if (chosen.length === 0 || chosen.includes(name)) await lane();
} catch (error) {
	fail(error.message);
}
process.stdout.write(`${total.passed} passed, ${total.failed} failed\n`);
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;

async function core() {
	const program = await buildCoreTest("host-asan");
	const fuzzed = isLong ? "1000000" : "100000";
	const streamed = isLong ? "50000" : "5000";
	for (const [suite, count] of [
		["handshake"],
		["loss", "200"],
		["state"],
		["errors"],
		["memory"],
		["stream", streamed],
		["fuzz", fuzzed],
	])
		tally(
			suite,
			spawnSync(program, [certificates, suite, ...(count ? [count] : [])], { encoding: "utf8", maxBuffer: 1 << 26 }),
		);
}

/** @returns the path of the test program in C */
async function buildCoreTest(target) {
	const { compiler, flags, library } = await buildMbedtls(target);
	const folder = join(root, "host-tests/dtls");
	const warnings = ["-std=c11", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Wshadow", "-Werror"];
	const objects = await compileAll({
		compiler,
		flags: [...flags, ...warnings, `-I${join(root, "src/security")}`, `-I${folder}`],
		sources: [...CORE_SOURCES, ...SUITES.map((name) => join(folder, `${name}.c`))],
		directory: join(build, "dtls", target),
	});
	const output = join(build, "dtls", target, "dtls-test");
	link(compiler, output, [...objects, library], ["-fsanitize=address,undefined", "-Wl,--gc-sections"]);
	return output;
}

async function server() {
	await buildForNode();
	nodeTest("dtls-server");
}

async function peers() {
	await buildForNode();
	buildPeers();
	nodeTest("dtls-peers");
}

/** The addon and the compiled TypeScript. */
async function buildForNode() {
	await buildAddon();
	compileHostTests();
}

/** Mbed TLS's own client and server, with its own configuration and build, in a tree of their own. */
function buildPeers() {
	const folder = join(build, "mbedtls/peers");
	if (existsSync(join(folder, "programs/ssl/ssl_server2")) && existsSync(join(folder, "programs/ssl/ssl_client2")))
		return;
	const { file } = fetchRelease();
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	run("tar", ["-xf", file, "-C", folder, "--strip-components=1"]);
	run("make", ["-s", "-j2", "-C", join(folder, "programs"), "ssl/ssl_client2", "ssl/ssl_server2"]);
}

function nodeTest(name) {
	const file = join(build, `js/host-tests/interop/${name}.test.js`);
	tally(
		name,
		spawnSync("node", ["--test", "--test-reporter=tap", file], {
			timeout: NODE_TESTS_MS,
			cwd: root,
			encoding: "utf8",
			maxBuffer: 1 << 26,
		}),
	);
}

/** Counts the results of a TAP stream, and shows what failed and the figures. */
function tally(name, result) {
	const lines = (result.stdout ?? "").split("\n");
	// what node --test nests counts, its sum of a file does not
	const results = lines.filter((line) => /^\s*(not )?ok (- |\d+ - )/.test(line) && !/\.test\.js$/.test(line));
	const failed = results.filter((line) => /^\s*not ok/.test(line));
	total.passed += results.length - failed.length;
	total.failed += failed.length;
	process.stdout.write(`${name}: ${results.length - failed.length} passed, ${failed.length} failed\n`);
	for (const line of lines) if (/^# .*(bytes|overhead)/.test(line)) process.stdout.write(`  ${line.slice(2)}\n`);
	lines.forEach((line, index) => {
		if (/^\s*not ok/.test(line)) process.stdout.write(`${lines.slice(index, index + 25).join("\n")}\n`);
	});
	if (failed.length > 0 || result.status === 0) return;
	total.failed++;
	process.stdout.write(
		`${name} ended early (${result.signal ?? result.status})\n${(result.stderr ?? "").slice(-4000)}\n`,
	);
}
