// npm start [-- device options]: the companion server and one simulated device that registers with it; the device's
// shell is on the terminal. Ctrl-C: the device deregisters, then both end.
import { spawn } from "node:child_process";
import { APP_OPTION, appOf } from "./lib/app.mjs";
import { isHelpWanted, showUsage, splitOption, takeOptions } from "./lib/command-line.mjs";
import { startServerApart } from "./lib/companion.mjs";
import { buildDevice } from "./lib/device.mjs";
import { DEVICE_OPTIONS } from "./lib/device-usage.mjs";
import { fail, passSignals } from "./lib/run.mjs";

const given = process.argv.slice(2);
if (isHelpWanted(given))
	showUsage({
		name: "start",
		about: `The companion server, and a simulated device that registers with it, with the device's shell on the terminal.
The server listens on 127.0.0.1: 5683, 5684 (coaps), 5783, 5784 (bootstrap), 8080 (HTTP). Options of the device:`,
		options: { ...DEVICE_OPTIONS, ...APP_OPTION },
	});
const { options, others: words } = takeOptions({ name: "start", options: APP_OPTION }, given);
const executable = buildDevice({ app: appOf("start", options) });
const { server, coap, http } = await startServerApart([]).catch((error) => fail(error.message));
const endpoint = valueFor("--endpoint") ?? "lwm2m-xs";
const isOwn = valueFor("--server") !== undefined || valueFor("--bootstrap") !== undefined;

process.stdout.write(`HTTP API: ${http}
Try: curl ${http}/clients/${endpoint}/3/0                        what the device says about itself
     curl -X POST ${http}/clients/${endpoint}/3303/0/5700/observe   then, in the shell below:
     lwm2m write /3303/0/5700 -f 25.5                         a new temperature, sent to the server
Ctrl-C ends both; \`help\` lists what the shell can do.

`);

const device = spawn(executable, [...(isOwn ? [] : ["--server", coap]), ...words], { stdio: "inherit" });
passSignals(device);
device.on("exit", (status) => {
	server.removeAllListeners("exit");
	server.on("exit", () => process.exit(status ?? 1));
	if (server.exitCode !== null) process.exit(status ?? 1);
	server.kill("SIGTERM");
});
server.on("exit", () => {
	process.stderr.write("the companion server has ended\n");
	device.removeAllListeners("exit");
	device.on("exit", () => process.exit(1));
	device.kill("SIGTERM");
});

function valueFor(name) {
	const at = words.findIndex((word) => splitOption(word).option === name);
	return at < 0 ? undefined : (splitOption(words[at]).value ?? words[at + 1] ?? "");
}
