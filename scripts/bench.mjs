// npm run bench [-- --changes N]: what the protocol costs. On the simulated device: bytes on the wire beside the least
// possible. Under Node: bytes of storage a sample, CPU time and allocations of 1,000,000 changes, or N. And a firmware
// download beside the least time that it can take (four minutes, most of them waiting).
import { spawnSync } from "node:child_process";
import { readCommandLine, refuse } from "./lib/command-line.mjs";
import { buildServerAddon } from "./lib/companion.mjs";
import { buildDevice } from "./lib/device.mjs";
import { build, root } from "./lib/paths.mjs";
import { compileHostTests } from "./lib/program.mjs";

const LEAST_CHANGES = 10_000;
const { options } = readCommandLine({
	name: "bench",
	about:
		"What the protocol costs: bytes on the wire, bytes of storage, time and memory of changes, a firmware download.",
	options: { "--changes N": `changes of observed resources, at least ${LEAST_CHANGES} (1000000)` },
});
const changes = options["--changes"] ?? "1000000";
if (!(Number.isInteger(Number(changes)) && Number(changes) >= LEAST_CHANGES))
	refuse("bench", `--changes ${changes}: a whole number from ${LEAST_CHANGES}`);
buildDevice();
compileHostTests();
buildServerAddon();
process.exitCode = 0;
for (const program of [
	[`${build}/js/host-tests/bench/wire.js`],
	[`${build}/js/host-tests/bench/samples.js`],
	["scripts/lib/bench-reporting.mjs", changes],
	[`${build}/js/host-tests/bench/firmware.js`],
]) {
	const { status } = spawnSync(process.execPath, program, { stdio: "inherit", cwd: root });
	if (status !== 0) process.exitCode = status ?? 1;
	process.stdout.write("\n");
}
