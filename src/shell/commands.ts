// The table of commands, and how a line finds its own. Names, parameters and error texts of `lwm2m` and `kernel` are
// Zephyr's where it has the command.
import { type Command, type Context, EINVAL, type Lines, Refused, type Reply } from "./command.js";
import { cache, lock, pause, resume, send, start, stop, unlock, update } from "./lwm2m-client.js";
import { list, observations, observeChanges } from "./lwm2m-list.js";
import { create, execute, read, remove, write } from "./lwm2m-read-write.js";
import { statistics, status } from "./lwm2m-status.js";
import { factoryReset, level, reboot, uptime, version } from "./system.js";

const lwm2m: readonly Command[] = Object.freeze([
	command("send", "PATH...", "Send values to the server", 0, 9, send),
	command("exec", "PATH [PARAM]", "Execute a resource", 1, 2, execute),
	command("read", "PATH [-x|-s|-b|-uX|-sX|-f|-t|-v|-crc32]", "Read a value; default -x, -v as defined", 1, 2, read),
	command("write", "PATH [-s|-b|-uX|-sX|-f|-t|-v|-x] VALUE", "Write a value; default -s, -v as defined", 2, 3, write),
	command("create", "PATH", "Create an object or resource instance", 1, 1, create),
	command("delete", "PATH", "Delete an object or resource instance", 1, 1, remove),
	command("cache", "PATH NUM", "Keep the last NUM samples of a resource", 2, 2, cache),
	command("start", "[EP_NAME [-b 0|1]]", "Start; -b 1: with a bootstrap", 0, 3, start),
	command("stop", "[-f]", "Deregister and stop; -f: only stop", 0, 1, stop),
	command("update", "", "Send an Update", 0, 0, update),
	command("pause", "", "Stop sending and receiving, stay registered", 0, 0, pause),
	command("resume", "", "Go on after pause", 0, 0, resume),
	command("lock", "", "Hold notifications back", 0, 0, lock),
	command("unlock", "", "Let them go", 0, 0, unlock),
	command("obs", "", "List observations", 0, 0, observations),
	command("ls", "[PATH]", "List values", 0, 1, list),
	command("status", "", "Show how it stands with each server", 0, 0, status),
	command("stats", "", "Show traffic and memory", 0, 0, statistics),
	command("observe-changes", "on|off", "Print values as they change", 1, 1, observeChanges),
]);

const kernel: readonly Command[] = Object.freeze([
	command("version", "", "Show the firmware's version", 0, 0, version),
	command("uptime", "[-p]", "Show the time since the start", 0, 1, uptime),
]);

export const commands: readonly Command[] = Object.freeze([
	command("help", "", "List commands", 0, 0, () => new Help(commands)),
	group("lwm2m", "LwM2M commands", lwm2m),
	group("kernel", "Version and uptime", kernel),
	command("log", "[off|error|warning|info|debug]", "Show or set the log level", 0, 1, level),
	command("reboot", "", "Restart the device", 0, 0, reboot),
	command("factory-reset", "", "Forget everything stored, restart", 0, 0, factoryReset),
]);

/** Carries out a line. @param words at least one */
export function run(context: Context, words: readonly string[]): Reply {
	let found = commands.find(({ name }) => name === words[0]);
	let depth = 1;
	if (found?.commands) {
		if (words.length === 1 || isHelp(words[1]!)) return new Help(found.commands);
		found = found.commands.find(({ name }) => name === words[1]);
		depth = 2;
	}
	if (!found) return `${words.slice(0, depth).join(" ")}: command not found`;
	const rest = words.slice(depth);
	if (rest.length > 0 && isHelp(rest[0]!)) return describe(found);
	if (rest.length < found.least || rest.length > found.most)
		return `${found.name}: wrong parameter count\n${describe(found)}`;
	try {
		return found.run!(context, rest); // every command without a table of its own has it
	} catch (error) {
		return failure(found.name, error);
	}
}

function failure(name: string, error: unknown): string {
	const errno = error instanceof Refused ? error.errno : EINVAL;
	const why = error instanceof Error ? error.message : error;
	return name === "create" || name === "delete"
		? `operation failed, ${errno}: ${why}`
		: `can't do ${name} operation, request failed (err ${errno}): ${why}`;
}

/** One line a command, those of groups among them. */
class Help implements Lines {
	#list: readonly Command[];
	#index = 0;
	#inner: Help | undefined;

	constructor(list: readonly Command[]) {
		this.#list = list;
	}

	next(): string | undefined {
		const line = this.#inner?.next();
		if (line !== undefined) return `  ${line}`;
		const one = this.#list[this.#index++];
		this.#inner = one?.commands && new Help(one.commands);
		return one && describe(one);
	}
}

function describe({ name, usage, help }: Command): string {
	return `${name}${usage && " "}${usage} - ${help}`;
}

function isHelp(word: string): boolean {
	return word === "-h" || word === "--help";
}

function command(name: string, usage: string, help: string, least: number, most: number, run: Command["run"]): Command {
	return Object.freeze({ name, usage, help, least, most, run, commands: undefined });
}

function group(name: string, help: string, commands: readonly Command[]): Command {
	return Object.freeze({ name, usage: "", help, least: 0, most: 0, run: undefined, commands });
}
