// The table of commands, how a line finds its own, and Tab. Names, parameters and error texts of `lwm2m` and `kernel`
// are Zephyr's where it has the command.
import { parsePath } from "../bytes.js";
import { LEVELS } from "../log.js";
import { isMultiple } from "../lwm2m/model.js";
import { VERSION } from "../version.js";
import { type Command, type Context, command, invalid, isSecret, Refused, type Reply, unsupported } from "./command.js";
import { clientCommands } from "./lwm2m-client.js";
import type { ShellClient } from "./shell-client.js";
import { valueCommands } from "./values.js";

const commands: readonly Command[] = Object.freeze([
	command("help - List commands", 0, 0, () => help(commands, "")),
	group("lwm2m - LwM2M commands", Object.freeze(valueCommands.concat(clientCommands))),
	group(
		"kernel - Version and uptime",
		Object.freeze([
			command("version - Show the firmware's version", 0, 0, () => `lwm2m-xs version ${VERSION}`),
			command("uptime [-p] - Show the time since the start", 0, 1, uptime),
		]),
	),
	command("log [off|error|warning|info|debug] - Show or set the log level", 0, 1, level),
	command("reboot - Restart the device", 0, 0, restart),
	command("factory-reset - Forget everything stored, restart", 0, 0, ({ platform }) => {
		(platform.storage ?? unsupported()).clear();
		return restart({ platform });
	}),
]);

/** Carries out a line. @param words at least one */
export function run(context: Context, words: readonly string[]): Reply {
	let found = named(commands, words[0]!);
	let depth = 1;
	if (found?.commands && words.length > 1 && !isHelp(words[1]!)) {
		found = named(found.commands, words[1]!);
		depth = 2;
	}
	const rest = words.slice(depth);
	if (!found) return `${words.slice(0, depth).join(" ")}: command not found`;
	if (rest.length > 0 && isHelp(rest[0]!) && depth > 1) return found.text;
	if (rest.length < found.least || rest.length > found.most)
		return `${found.name}: wrong parameter count\n${found.text}`;
	try {
		return found.run(context, rest);
	} catch (error) {
		return failure(found.name, error);
	}
}

/** The line for what a command has thrown. */
export function failure(name: string, error: unknown): string {
	const errno = error instanceof Refused ? error.errno : -22;
	const why = error instanceof Error ? error.message : error;
	return name === "create" || name === "delete"
		? `operation failed, ${errno}: ${why}`
		: `can't do ${name} operation, request failed (err ${errno}): ${why}`;
}

/** True where a word is the path of a key: such a line is not kept. */
export function hasSecret(client: ShellClient, words: readonly string[]): boolean {
	const ids = new Uint16Array(4);
	return words.some((word) => {
		const depth = parsePath(word, ids);
		const definition = client.registry.model.objects[ids[0]!]?.definition.resources[ids[2]!];
		return depth > 2 && !!definition && isSecret(definition);
	});
}

/**
 * Tab. @param words the line so far, the last one incomplete
 * @returns what can stand in the place of the last word, or of its part behind the last slash: what follows it as well
 */
export function choices(client: ShellClient, words: readonly string[]): string[] {
	const first = named(commands, words[0]!);
	const list = words.length === 1 ? commands : words.length === 2 ? first?.commands : undefined;
	if (list) return list.map(({ name }) => `${name} `);
	const found = first?.commands ? named(first.commands, words[1]!) : first;
	const text = found ? found.text : "";
	// after the name come the parameters: a choice of words, or a path
	const parameter = text.slice(text.indexOf(" ") + 1).split(" ")[0]!;
	if (words.length > (first?.commands ? 3 : 2) && !parameter.endsWith("...")) return [];
	if (!parameter.includes("PATH"))
		return parameter.includes("|") ? parameter.split(/[[|\]]/).map((word) => `${word} `) : [];
	const { objects, objectIds } = client.registry.model;
	const path = words[words.length - 1]!;
	const ids = new Uint16Array(4);
	const slash = path.lastIndexOf("/");
	const depth = slash > 0 ? parsePath(path.slice(0, slash), ids) : 0;
	const node = objects[ids[0]!];
	const value = depth > 2 ? node?.instances[ids[1]!]?.[ids[2]!] : undefined;
	const lists = [objectIds, node?.instanceIds, node?.definition.ids, isMultiple(value) ? value.ids : undefined];
	return (lists[depth] ?? []).map((id) => path.slice(0, slash + 1) + id + (depth < 2 ? "/" : " "));
}

function* help(list: readonly Command[], indent: string): Generator<string, void> {
	for (let i = 0; i < list.length; i++) {
		yield indent + list[i]!.text;
		if (list[i]!.commands) yield* help(list[i]!.commands!, "  ");
	}
}

function level({ client }: Context, words: readonly string[]): Reply {
	const { log } = client;
	const found = LEVELS.indexOf(words[0] ?? "");
	if (words.length === 0) return LEVELS[log.level];
	if (found < 0) invalid(`${words[0]} is no level`);
	log.level = found;
}

/** Restarts once the port has taken what was written before. */
function* restart({ platform }: Pick<Context, "platform">): Generator<string, void> {
	yield "restarting";
	platform.restart();
}

function uptime({ platform, startedAtMs }: Context, words: readonly string[]): Reply {
	const ms = Math.floor(platform.clock.now() - startedAtMs);
	if (words.length === 0) return `Uptime: ${ms} ms`;
	if (words[0] !== "-p" && words[0] !== "--pretty") return `Unsupported option: ${words[0]}`;
	const seconds = Math.floor(ms / 1000);
	const hours = Math.floor(seconds / 3600);
	return `uptime: ${Math.floor(hours / 24)} days, ${hours % 24} hours, ${Math.floor(seconds / 60) % 60} minutes, ${seconds % 60} seconds, ${ms % 1000} milliseconds`;
}

function named(list: readonly Command[], name: string): Command | undefined {
	return list.find((one) => one.name === name);
}

function isHelp(word: string): boolean {
	return word === "-h" || word === "--help";
}

function group(text: string, list: readonly Command[]): Command {
	return command(text, 0, 1, () => help(list, ""), list);
}
