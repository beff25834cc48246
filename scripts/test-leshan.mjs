// npm run test:leshan [-- PART…]: the device against servers of Eclipse Leshan, from Maven Central. Ends with
// `N passed, N failed`; where Maven Central cannot be reached, says so in one line and is no fault.
import { spawnSync } from "node:child_process";
import { makeCertificates } from "./lib/certificates.mjs";
import { readCommandLine, refuse } from "./lib/command-line.mjs";
import { buildServerAddon } from "./lib/companion.mjs";
import { buildDevice } from "./lib/device.mjs";
import { buildEveryObject } from "./lib/every-object.mjs";
import { buildLeshan, SERVERS } from "./lib/leshan.mjs";
import { Unreachable } from "./lib/maven.mjs";
import { build, root } from "./lib/paths.mjs";
import { compileHostTests } from "./lib/program.mjs";
import { fail } from "./lib/run.mjs";

/** The files host-tests/interop/leshan-….test.ts. */
const PARTS = ["operations", "reporting", "security", "bootstrap", "firmware", "stable"];
/** A test file that hangs is a failure. */
const FILE_MS = 150_000;
const { operands } = readCommandLine({
	name: "test:leshan",
	about: `The device at servers of Eclipse Leshan, or the parts named: ${PARTS.join(", ")}.`,
	options: {},
	operands: "[PART...]",
});
for (const part of operands)
	if (!PARTS.includes(part)) refuse("test:leshan", `${part}: no such part; there are ${PARTS.join(", ")}`);

try {
	buildLeshan();
	main(operands.length > 0 ? operands : PARTS);
} catch (error) {
	if (!(error instanceof Unreachable)) fail(error.message);
	process.stdout.write(`test:leshan: skipped: ${error.message}\n0 passed, 0 failed\n`);
}

function main(parts) {
	buildDevice();
	buildEveryObject();
	compileHostTests();
	buildServerAddon();
	makeCertificates(`${build}/dtls/certificates`);
	const versions = Object.values(SERVERS).map(({ version }) => version);
	process.stdout.write(`Leshan ${versions.join(", ")}\n`);
	const files = parts.map((part) => `${build}/js/host-tests/interop/leshan-${part}.test.js`);
	const words = ["--test", "--test-reporter=tap", `--test-timeout=${FILE_MS}`, ...files];
	const { stdout, status } = spawnSync("node", words, { cwd: root, encoding: "utf8", maxBuffer: 1 << 26 });
	const [passed, failed] = ["pass", "fail"].map((what) =>
		Number(new RegExp(`^# ${what} (\\d+)$`, "m").exec(stdout)?.[1] ?? 0),
	);
	if (status !== 0) process.stdout.write(stdout);
	process.stdout.write(`${passed} passed, ${failed} failed\n`);
	process.exitCode = status === 0 && passed > 0 ? 0 : 1;
}
