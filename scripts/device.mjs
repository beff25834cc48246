// npm run device -- [options]: the simulated device, built where that is needed. Nothing but the device's own output
// goes to standard output.
import { spawn } from "node:child_process";
import { APP_OPTION, appOf } from "./lib/app.mjs";
import { isHelpWanted, showUsage, takeOptions } from "./lib/command-line.mjs";
import { buildDevice } from "./lib/device.mjs";
import { DEVICE_OPTIONS } from "./lib/device-usage.mjs";
import { passSignals } from "./lib/run.mjs";

const OPTIONS = {
	...APP_OPTION,
	"--debug": "a build with module names and line numbers in stack traces",
};
const words = process.argv.slice(2);
if (isHelpWanted(words))
	showUsage({
		name: "device",
		about: "The simulated device, built where that is needed.",
		options: { ...DEVICE_OPTIONS, ...OPTIONS },
	});
const { options, others } = takeOptions({ name: "device", options: OPTIONS }, words);
const device = spawn(buildDevice({ isDebug: options["--debug"], app: appOf("device", options) }), others, {
	stdio: "inherit",
});
passSignals(device);
device.on("exit", (status) => process.exit(status ?? 1));
