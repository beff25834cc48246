// npm run bench [-- --changes N]: what the protocol costs. On the simulated device: bytes on the wire beside the least
// possible. Under Node: bytes of storage a sample, CPU time and allocations of 1,000,000 changes, or N. And a firmware
// download beside the least time that it can take (four minutes, most of them waiting).
import { spawnSync } from "node:child_process";
import { buildServerAddon } from "./lib/companion.mjs";
import { buildDevice } from "./lib/device.mjs";
import { build, root } from "./lib/paths.mjs";
import { compileHostTests } from "./lib/program.mjs";

buildDevice();
compileHostTests();
buildServerAddon();
process.exitCode = 0;
for (const program of [
	[`${build}/js/host-tests/bench/wire.js`],
	[`${build}/js/host-tests/bench/samples.js`],
	["scripts/lib/bench-reporting.mjs", ...process.argv.slice(2)],
	[`${build}/js/host-tests/bench/firmware.js`],
]) {
	const { status } = spawnSync(process.execPath, program, { stdio: "inherit", cwd: root });
	if (status !== 0) process.exitCode = status ?? 1;
	process.stdout.write("\n");
}
