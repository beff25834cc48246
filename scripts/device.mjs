// npm run device -- [options]: the simulated device, built where that is needed. Nothing but the device's own output
// goes to standard output. `--debug` as the first option: with module names and line numbers in stack traces.
import { spawn } from "node:child_process";
import { buildDevice } from "./lib/device.mjs";

const words = process.argv.slice(2);
const isDebug = words[0] === "--debug";
const device = spawn(buildDevice({ isDebug }), isDebug ? words.slice(1) : words, { stdio: "inherit" });
// a terminal sends Ctrl-C to both; what comes to us alone is passed on
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => process.stdin.isTTY || device.kill(signal));
device.on("exit", (status, signal) => process.exit(signal ? 1 : status));
