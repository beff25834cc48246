// npm run bench-day [-- --time-scale N]: a day of a sleepy device with three losses of the network: what was lost, messages,
// bytes, memory. The clocks of device and server are advanced; with --time-scale they run N times as fast.
import { spawnSync } from "node:child_process";
import { readCommandLine, refuse } from "./lib/command-line.mjs";
import { buildServerAddon } from "./lib/companion.mjs";
import { buildDevice } from "./lib/device.mjs";
import { build } from "./lib/paths.mjs";
import { compileHostTests } from "./lib/program.mjs";

const { options } = readCommandLine({
	name: "bench-day",
	about:
		"A day of a sleepy device with three losses of the network, in seconds: what was lost, messages, bytes, memory.",
	options: { "--time-scale N": "the clocks run N times as fast, above 0, instead of being advanced" },
});
const value = options["--time-scale"];
if (value !== undefined && !(Number(value) > 0)) refuse("bench-day", `--time-scale ${value}: a number above 0`);
buildDevice();
compileHostTests();
buildServerAddon();
const words = value === undefined ? [] : [value];
process.exitCode =
	spawnSync(process.execPath, [`${build}/js/host-tests/bench/day.js`, ...words], { stdio: "inherit" }).status ?? 1;
