// npm run build:qemu: sets up what is missing and builds the firmware of the emulated board.
import { readCommandLine } from "./lib/command-line.mjs";
import { buildFirmware } from "./lib/firmware.mjs";
import { root } from "./lib/paths.mjs";

readCommandLine({
	name: "build:qemu",
	about: "Sets up what is missing and builds the firmware of the emulated board; prints where its image is.",
});
process.stdout.write(`${buildFirmware().replace(`${root}/`, "")}\n`);
