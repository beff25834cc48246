// npm run qemu -- [options]: the firmware on the emulated board, with the device's options. `--icount N` as the first
// option: one instruction takes 2^N ns of the board's time (4: 62.5 million a second, as an nRF52840 does). `--built`:
// the firmware as it was built last.
import { runEmulator } from "./lib/emulator.mjs";
import { buildFirmware } from "./lib/firmware.mjs";
import { build } from "./lib/paths.mjs";

const words = process.argv.slice(2);
const isBuilt = words[0] === "--built" && words.shift() !== undefined;
const shift = words[0] === "--icount" ? words.splice(0, 2)[1] : undefined;
const firmware = isBuilt ? `${build}/qemu/lwm2m-xs.elf` : buildFirmware();
runEmulator(firmware, words, { qemu: shift === undefined ? [] : ["-icount", `shift=${shift}`] });
