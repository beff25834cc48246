// The commands' names, parameters and help, how a line finds its own, and Tab. Names, parameters and error texts of
// `lwm2m` and `kernel` are Zephyr's where it has the command. How many words a command takes is read from its help.
import { LEVELS } from "../log.js";
import type { Multiple } from "../lwm2m/model.js";
import { pieces, span } from "../scan.js";
import { VERSION } from "../version.js";
import { type Context, fill, type Reply, refuse, unsupported } from "./command.js";
import { clientCommands } from "./lwm2m-client.js";
import { Place } from "./place.js";
import type { ShellClient } from "./shell-client.js";

/** What the names of commands and the choices of their parameters consist of. */
const WORD = "abcdefghijklmnopqrstuvwxyz0123456789-";
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

function systemCommands({ client, platform, startedAtMs }: Context, words: readonly string[]): Reply {
	const word = words[1];
	const log = client.log;
	switch (words[0]) {
		case "help":
			return (n) => ["lwm2m - LwM2M commands", LWM2M, "kernel - Version and uptime", KERNEL, SYSTEM.slice(1)][n];
		case "log": {
			if (word === undefined) return LEVELS[log.level];
			const level = LEVELS.indexOf(word);
			if (level < 0) refuse(-22, "% is no level", word);
			log.level = level;
			return;
		}
		case "version":
			return `lwm2m-xs version ${VERSION}`;
		case "uptime": {
			const ms = Math.floor(platform.clock.now() - startedAtMs);
			if (!word) return `Uptime: ${ms} ms`;
			if (word !== "-p" && word !== "--pretty") return `Unsupported option: ${word}`;
			return fill(
				"uptime: % days, % hours, % minutes, % seconds, % milliseconds",
				(ms / 86_400_000) | 0,
				((ms / 3_600_000) | 0) % 24,
				((ms / 60_000) | 0) % 60,
				((ms / 1000) | 0) % 60,
				ms % 1000,
			);
		}
		case "factory-reset":
			(platform.storage ?? unsupported()).clear();
	}
	// and `reboot`: once the port has taken what was written before
	return (n) => (n > 0 ? platform.restart() : "restarting");
}

/** Carries out a line. */
export function run(context: Context, line: readonly string[]): Reply {
	const group = groupOf(line);
	const words = group ? line.slice(1) : line;
	const name = words[0];
	if (line.length === 0) return;
	if (group && (name === undefined || isHelp(name))) return group;
	const help = helpOf(line);
	if (help === "") return `${line.slice(0, group ? 2 : 1).join(" ")}: command not found`;
	if (isHelp(words[1])) return help;
	// of the name and the parameters those are needed that are neither optional nor any number of words
	const usage = help.slice(0, help.indexOf(" - ")).split(" ");
	if (
		words.length < usage.filter((parameter) => span(parameter, 0, "[].", false) === parameter.length).length ||
		words.length > usage.length + (help.includes("...") ? 8 : 0)
	)
		return `${name}: wrong parameter count\n${help}`;
	try {
		return (group === LWM2M ? clientCommands : systemCommands)(context, words);
	} catch (error) {
		return failure(name!, error);
	}
}

/** The line for what a command has thrown. */
export function failure(name: string, error: unknown): string {
	const { cause = -22, message } = error as Error; // whatever it is, it is no more than printed
	return name === "create" || name === "delete"
		? fill("operation failed, %: %", cause, message)
		: fill("can't do % operation, request failed (err %): %", name, cause, message);
}

/**
 * Tab. @param words the line so far, the last one incomplete
 * @returns what can stand in the place of the last word; a path that goes on ends with a slash
 */
export function choices(client: ShellClient, words: readonly string[]): readonly (string | undefined)[] {
	const count = words.length;
	const group = groupOf(words);
	if (count === 1 || (group && count === 2))
		return (group && count > 1 ? group : `lwm2m\nkernel${SYSTEM}`).split("\n").map((line) => pieces(line, WORD)[0]);
	// after the name come the parameters: a choice of words, or a path
	const parameter = helpOf(words).split(" ")[1] ?? "";
	const path = words[count - 1]!;
	let end = path.length;
	while (end > 0 && path[end - 1] !== "/") end--;
	const start = path.slice(0, end);
	if (count > (group ? 3 : 2) && !parameter.includes("...")) return [];
	if (!parameter.includes("PATH")) return pieces(parameter, WORD);
	const { model, depth, node, instance, resource } = new Place(client.registry.model, start, -1);
	const value = node?.instances[instance]?.[resource] as Multiple | undefined; // or another value, which has no `ids`
	const ids = [model.objectIds, node?.instanceIds, node?.definition.ids, value?.ids][depth] ?? [];
	return ids.map((id) => start + id + (depth < 2 ? "/" : ""));
}

/** The help of the commands of a group, undefined where the first word is none. */
function groupOf(words: readonly string[]): string | undefined {
	return words[0] === "lwm2m" ? LWM2M : words[0] === "kernel" ? KERNEL : undefined;
}

/** The help of a command: name, parameters, what it does. "" where there is no such command. */
function helpOf(words: readonly string[]): string {
	const group = groupOf(words);
	const text = group ?? SYSTEM;
	const at = text.indexOf(group ? `  ${words[1]} ` : `\n${words[0]} `);
	return at < 0 ? "" : text.slice(at + (group ? 2 : 1), text.indexOf("\n", at + 1));
}

function isHelp(word: string | undefined): boolean {
	return word === "-h" || word === "--help";
}
