// npm run bench: what the protocol costs, measured on the simulated device: bytes on the wire beside the least possible.
import { spawnSync } from "node:child_process";
import { buildServerAddon } from "./lib/companion.mjs";
import { buildDevice } from "./lib/device.mjs";
import { build } from "./lib/paths.mjs";
import { compileHostTests } from "./lib/program.mjs";

buildDevice();
compileHostTests();
buildServerAddon();
process.exitCode =
	spawnSync(process.execPath, [`${build}/js/host-tests/bench/wire.js`], { stdio: "inherit" }).status ?? 1;
