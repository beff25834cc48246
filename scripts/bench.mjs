// npm run bench: what the protocol costs, measured on the simulated device: bytes on the wire beside the least possible,
// and a firmware download beside the least time that it can take (four minutes, most of them waiting).
import { spawnSync } from "node:child_process";
import { buildServerAddon } from "./lib/companion.mjs";
import { buildDevice } from "./lib/device.mjs";
import { build } from "./lib/paths.mjs";
import { compileHostTests } from "./lib/program.mjs";

buildDevice();
compileHostTests();
buildServerAddon();
for (const name of ["wire", "firmware"]) {
	const { status } = spawnSync(process.execPath, [`${build}/js/host-tests/bench/${name}.js`], { stdio: "inherit" });
	if (status !== 0) process.exitCode = status ?? 1;
}
