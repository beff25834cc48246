// npm run build [-- --debug]: sets up what is missing and builds the simulated device.
import { readCommandLine } from "./lib/command-line.mjs";
import { buildDevice } from "./lib/device.mjs";
import { root } from "./lib/paths.mjs";

const { options } = readCommandLine({
	name: "build",
	about: "Sets up what is missing and builds the simulated device; prints where its executable is.",
	options: { "--debug": "with module names and line numbers in stack traces: build/host-debug/lwm2m-xs" },
});
const executable = buildDevice({ isDebug: options["--debug"] });
process.stdout.write(`${executable.replace(`${root}/`, "")}\n`);
