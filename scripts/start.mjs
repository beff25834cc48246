// npm start [-- device options]: the companion server and one simulated device that registers with it; the device's
// shell is on the terminal. Ctrl-C: the device deregisters, then both end.
import { spawn } from "node:child_process";
import { startServerApart } from "./lib/companion.mjs";
import { buildDevice } from "./lib/device.mjs";
import { fail, passSignals } from "./lib/run.mjs";

const executable = buildDevice();
const { server, coap, http } = await startServerApart([]).catch((error) => fail(error.message));
const words = process.argv.slice(2);
const at = words.indexOf("--endpoint");
const endpoint = at >= 0 ? words[at + 1] : "lwm2m-xs";
const isOwn = words.includes("--server") || words.includes("--bootstrap");

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
