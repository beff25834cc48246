// The commands' names, parameters and help, how a line finds its own, and Tab. Names, parameters and error texts of
// `lwm2m` and `kernel` are Zephyr's where it has the command. How many words a command takes is read from its help.
import { LEVELS } from "../log.js";
import { isMultiple } from "../lwm2m/model.js";
import { VERSION } from "../version.js";
import {
	type Commands,
	type Context,
	fill,
	type Parts,
	type Refusal,
	type Reply,
	refuse,
	unsupported,
} from "./command.js";
import { clientCommands } from "./lwm2m-client.js";
import { isSecret, Place } from "./place.js";
import type { ShellClient } from "./shell-client.js";
import { valueCommands } from "./values.js";

const LWM2M = `  send PATH... - Send values
  exec PATH [PARAM] - Execute it
  read PATH [-x|-s|-b|-uX|-sX|-f|-t|-v|-crc32] - Read; default -x, -v as defined
  write PATH [-s|-b|-uX|-sX|-f|-t|-v|-x] VALUE - Write; default -s, -v as defined
  create PATH - Create an object or resource instance
  delete PATH - Delete one
  cache PATH NUM - Keep the last NUM samples
  start [EP_NAME [-b 0|1]] - Start; -b 1: with a bootstrap
  stop [-f] - Deregister and stop; -f: only stop
  update - Send an Update
  pause - Be quiet, stay registered
  resume - Go on after pause
  lock - Hold notifications back
  unlock - Let them go
  obs - List observations
  ls [PATH] - List values
  status - Show each server's state
  stats - Show traffic and memory
  observe-changes on|off - Print values as they change
`;
const KERNEL = `  version - Of the firmware
  uptime [-p] - Since the start
`;
const SYSTEM = `
help - List commands
log [off|error|warning|info|debug] - Show or set the log level
reboot - Restart the device
factory-reset - Forget everything stored, restart
`;

const systemCommands: Commands = Object.freeze({
	help(): Reply {
		return (n) => ["lwm2m - LwM2M commands", LWM2M, "kernel - Version and uptime", KERNEL, SYSTEM.slice(1)][n];
	},

	log({ client: { log } }: Context, word: string): Reply {
		const level = LEVELS.indexOf(word);
		if (word === "") return LEVELS[log.level];
		if (level < 0) refuse(-22, `${word} is no level`);
		log.level = level;
	},

	reboot: restart,

	"factory-reset"(context: Context): Reply {
		(context.platform.storage ?? unsupported()).clear();
		return restart(context);
	},

	version(): Reply {
		return `lwm2m-xs version ${VERSION}`;
	},

	uptime({ platform, startedAtMs }: Context, word: string): Reply {
		const ms = Math.floor(platform.clock.now() - startedAtMs);
		if (word === "") return `Uptime: ${ms} ms`;
		if (word !== "-p" && word !== "--pretty") return `Unsupported option: ${word}`;
		return fill(
			"uptime: % days, % hours, % minutes, % seconds, % milliseconds",
			(ms / 86_400_000) | 0,
			((ms / 3_600_000) % 24) | 0,
			((ms / 60_000) % 60) | 0,
			((ms / 1000) % 60) | 0,
			ms % 1000,
		);
	},
});

/** Carries out a line. @param words at least one */
export function run(context: Context, words: readonly string[]): Reply {
	const group = groupOf(words);
	const line = lineOf(words);
	const depth = group ? 2 : 1;
	const rest = words.slice(depth);
	const name = line.split(" ")[0]!;
	if (group && (words.length < 2 || isHelp(words[1]))) return group;
	if (line === "") return `${words.slice(0, depth).join(" ")}: command not found`;
	if (isHelp(rest[0])) return line;
	const parameters = line.slice(name.length, line.indexOf(" - ")).split(" ");
	const most = parameters.length + (line.includes("...") ? 8 : 0);
	if (rest.length < parameters.filter(isNeeded).length || rest.length >= most)
		return `${name}: wrong parameter count\n${line}`;
	try {
		const commands = group === LWM2M ? (valueCommands[name] ? valueCommands : clientCommands) : systemCommands;
		return commands[name]!(context, rest[0] ?? "", rest);
	} catch (error) {
		return failure(name, error);
	}
}

/** The line for what a command has thrown. */
export function failure(name: string, error: unknown): string {
	const { errno = -22, message = error } = error as Partial<Refusal>; // whatever it is, it is no more than printed
	return name === "create" || name === "delete"
		? `operation failed, ${errno}: ${message}`
		: `can't do ${name} operation, request failed (err ${errno}): ${message}`;
}

/** True where a word is the path of a key: such a line is not kept. */
export function hasSecret(client: ShellClient, words: readonly string[]): boolean {
	return words.some((word) => {
		const { depth, node, resource } = new Place(client.registry.model, word, -1);
		const definition = node?.definition.resources[resource];
		return depth > 2 && !!definition && isSecret(definition);
	});
}

/**
 * Tab. @param words the line so far, the last one incomplete
 * @returns what can stand in the place of the last word, or of its part behind the last slash: what follows it as well
 */
export function choices(client: ShellClient, words: readonly string[]): string[] {
	const count = words.length;
	const group = groupOf(words);
	if (count === 1 || (group && count === 2))
		return (group && count > 1 ? group : `lwm2m\nkernel${SYSTEM}`)
			.split("\n")
			.map((line) => `${line.trim().split(" ")[0]} `);
	// after the name come the parameters: a choice of words, or a path
	const parameter = lineOf(words).split(" ")[1] ?? "";
	if (count > (group ? 3 : 2) && !parameter.endsWith("...")) return [];
	if (!parameter.includes("PATH"))
		return parameter.includes("|") ? parameter.split(/[[|\]]/).map((word) => `${word} `) : [];
	const path = words[count - 1]!;
	const slash = path.lastIndexOf("/");
	const { model, depth, node, instance, resource } = new Place(
		client.registry.model,
		path.slice(0, Math.max(slash, 0)),
		-1,
	);
	const value = depth > 2 ? node?.instances[instance]?.[resource] : undefined;
	const ids =
		depth < 1
			? model.objectIds
			: depth < 2
				? node?.instanceIds
				: depth < 3
					? node?.definition.ids
					: isMultiple(value)
						? value.ids
						: undefined;
	return (ids ?? []).map((id) => path.slice(0, slash + 1) + id + (depth < 2 ? "/" : " "));
}

/** Restarts once the port has taken what was written before. */
function restart({ platform }: Context): Parts {
	return (n) => (n > 0 ? platform.restart() : "restarting");
}

/** The help of the commands of a group, undefined where the first word is none. */
function groupOf(words: readonly string[]): string | undefined {
	return words[0] === "lwm2m" ? LWM2M : words[0] === "kernel" ? KERNEL : undefined;
}

/** The help of a command: name, parameters, what it does. "" where there is no such command. */
function lineOf(words: readonly string[]): string {
	const group = groupOf(words);
	const text = group ?? SYSTEM;
	const at = text.indexOf(group ? `  ${words[1]} ` : `\n${words[0]} `);
	return at < 0 ? "" : text.slice(at, text.indexOf("\n", at + 1)).trim();
}

function isHelp(word: string | undefined): boolean {
	return word === "-h" || word === "--help";
}

/** A parameter that is neither optional nor any number of words. */
function isNeeded(parameter: string): boolean {
	return /^[^[\].]+$/.test(parameter);
}
