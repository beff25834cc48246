// The program of the runtime's tests: runs on XS the one that the command line names.
import * as host from "../../../platforms/xs/host.js";
import * as failures from "./failures.js";
import * as network from "./network.js";
import * as serial from "./serial.js";
import * as storage from "./storage.js";
import * as timers from "./timers.js";
import * as update from "./update.js";

type Program = (...words: string[]) => void;

/** Runs `name word…` of the command line. Called by the runtime. */
export default function main(): void {
	const [name = "", ...words] = host.programArguments();
	const programs: Record<string, Program> = { ...failures, ...network, ...serial, ...storage, ...timers, ...update };
	const program = programs[name];
	if (!program) throw new Error(`no program ${name}`);
	host.log(`start ${name}`);
	program(...words);
}
