// npm run qemu -- [options]: the firmware on the emulated board, with the device's options. Options of its own go first:
//   --built          the firmware as it was built last; --firmware FILE: another one
//   --flash FILE     keeps the flash's contents there, as --storage DIR does in DIR/flash.bin
//   --icount N       an instruction takes 2^N ns of the board's time (4: 62.5 million a second, as an nRF52840 does)
import { runEmulator } from "./lib/emulator.mjs";
import { buildFirmware } from "./lib/firmware.mjs";
import { build } from "./lib/paths.mjs";

const words = process.argv.slice(2);
const own = {};
for (const name of ["--built", "--firmware", "--flash", "--icount"])
	if (words[0] === name) own[name] = name === "--built" ? words.shift() : words.splice(0, 2)[1];
const firmware = own["--firmware"] ?? (own["--built"] ? `${build}/qemu/lwm2m-xs.fw` : buildFirmware());
runEmulator(firmware, words, {
	flash: own["--flash"],
	qemu: own["--icount"] === undefined ? [] : ["-icount", `shift=${own["--icount"]}`],
});
