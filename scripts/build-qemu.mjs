// npm run build:qemu: sets up what is missing and builds the firmware of the emulated board.
import { buildFirmware } from "./lib/firmware.mjs";
import { root } from "./lib/paths.mjs";
import { fail } from "./lib/run.mjs";

if (process.argv.length > 2) fail(`${process.argv[2]}: no such option`);
process.stdout.write(`${buildFirmware().replace(`${root}/`, "")}\n`);
