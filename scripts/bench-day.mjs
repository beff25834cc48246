// npm run bench-day [-- --time-scale N]: a day of a sleepy device with three losses of the network: what was lost, messages,
// bytes, memory. The clocks of device and server are advanced; with --time-scale they run N times as fast.
import { spawnSync } from "node:child_process";
import { buildServerAddon } from "./lib/companion.mjs";
import { buildDevice } from "./lib/device.mjs";
import { build } from "./lib/paths.mjs";
import { compileHostTests } from "./lib/program.mjs";

const [name, value, ...rest] = process.argv.slice(2);
if (name !== undefined && (name !== "--time-scale" || !(Number(value) > 0) || rest.length > 0)) {
	process.stderr.write("bench-day: --time-scale N is the one option, N above 0\n");
	process.exit(2);
}
buildDevice();
compileHostTests();
buildServerAddon();
const words = value === undefined ? [] : [value];
process.exitCode =
	spawnSync(process.execPath, [`${build}/js/host-tests/bench/day.js`, ...words], { stdio: "inherit" }).status ?? 1;
