// npm run device -- [options]: the simulated device, built where that is needed. Nothing but the device's own output
// goes to standard output. `--debug` as the first option: with module names and line numbers in stack traces.
import { spawn } from "node:child_process";
import { buildDevice } from "./lib/device.mjs";
import { passSignals } from "./lib/run.mjs";

const words = process.argv.slice(2);
const isDebug = words[0] === "--debug";
const device = spawn(buildDevice({ isDebug }), isDebug ? words.slice(1) : words, { stdio: "inherit" });
passSignals(device);
device.on("exit", (status) => process.exit(status ?? 1));
