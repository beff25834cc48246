// npm run build [-- --debug]: sets up what is missing and builds the simulated device and the companion server.
import { buildDevice } from "./lib/device.mjs";
import { root } from "./lib/paths.mjs";
import { fail } from "./lib/run.mjs";

const unknown = process.argv.slice(2).filter((word) => word !== "--debug");
if (unknown.length > 0) fail(`${unknown[0]}: no such option; there is --debug`);
const executable = buildDevice({ isDebug: process.argv.includes("--debug") });
process.stdout.write(`${executable.replace(`${root}/`, "")}\n`);
