// npm run qemu -- [options]: the firmware on the emulated board, with the device's options and a few of its own.
import { APP_OPTION, appOf } from "./lib/app.mjs";
import { isHelpWanted, refuse, showUsage, takeOptions } from "./lib/command-line.mjs";
import { DEVICE_OPTIONS } from "./lib/device-usage.mjs";
import { runEmulator } from "./lib/emulator.mjs";
import { buildFirmware } from "./lib/firmware.mjs";
import { build } from "./lib/paths.mjs";

const MOST_ICOUNT = 10;
const OPTIONS = {
	...APP_OPTION,
	"--built": "the firmware as it was built last, instead of one of the sources as they are",
	"--firmware FILE": "another image, of make-image --target qemu",
	"--flash FILE": "keeps the flash's contents there, as --storage DIR does in DIR/flash.bin",
	"--icount N": `an instruction takes 2^N ns of the board's time, 0 to ${MOST_ICOUNT}; 4: as an nRF52840 does (off)`,
};
const words = process.argv.slice(2);
if (isHelpWanted(words))
	showUsage({
		name: "qemu",
		about: "The firmware on the emulated Cortex-M4F, built where that is needed, with the shell on the terminal.",
		options: { ...DEVICE_OPTIONS, ...OPTIONS },
	});
const { options, others } = takeOptions({ name: "qemu", options: OPTIONS }, words);
const { "--icount": icount, "--firmware": file } = options;
if (icount !== undefined && !(/^\d{1,2}$/.test(icount) && Number(icount) <= MOST_ICOUNT))
	refuse("qemu", `--icount ${icount}: a whole number from 0 to ${MOST_ICOUNT}`);
const firmware =
	file ?? (options["--built"] ? `${build}/qemu/lwm2m-xs.fw` : buildFirmware({ app: appOf("qemu", options) }));
try {
	runEmulator(firmware, others, {
		flash: options["--flash"],
		qemu: icount === undefined ? [] : ["-icount", `shift=${icount}`],
	});
} catch (error) {
	// a file of the options that cannot be opened
	if (!error.path) throw error;
	refuse("qemu", error.message);
}
