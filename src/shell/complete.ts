// Tab: completes commands, their subcommands, and the paths that there are.

import { parsePath } from "../bytes.js";
import { LEVELS } from "../log.js";
import { isMultiple } from "../lwm2m/model.js";
import { commands } from "./commands.js";
import type { ShellClient } from "./shell-client.js";

export interface Completion {
	/** What is to be put in. */
	rest: string;
	/** What can follow, where nothing can be put in: one line. */
	choices: string;
}

/** @param line what stands before the cursor, which is at its end */
export function complete(client: ShellClient, line: string): Completion {
	const words = line.split(" ").filter((word, index, all) => word !== "" || index === all.length - 1);
	const last = words[words.length - 1]!;
	const group = words.length > 1 ? commands.find(({ name }) => name === words[0]) : undefined;
	const named = group?.commands;
	if (words.length === 1) return choose(namesOf(commands), last, " ");
	if (words.length === 2 && named) return choose(namesOf(named), last, " ");
	if (group?.name === "log") return choose(LEVELS, last, " ");
	const usage = named?.find(({ name }) => name === words[1])?.usage ?? "";
	if (usage === "on|off") return choose(["on", "off"], last, " ");
	const isPath = usage.startsWith("PATH...") || (words.length === 3 && usage.includes("PATH"));
	return isPath ? completePath(client, last) : { rest: "", choices: "" };
}

function completePath(client: ShellClient, word: string): Completion {
	const { objects, objectIds } = client.registry.model;
	const ids = new Uint16Array(4);
	const slash = word.lastIndexOf("/") + 1;
	const depth = slash > 1 ? parsePath(word.slice(0, slash), ids) : 0;
	const node = depth > 0 ? objects[ids[0]!] : undefined;
	const value = depth > 2 ? node?.instances[ids[1]!]?.[ids[2]!] : undefined;
	const lists = [objectIds, node?.instanceIds, node?.definition.ids, isMultiple(value) ? value.ids : undefined];
	return choose((lists[depth] ?? []).map(String), word.slice(slash), depth < 2 ? "/" : " ");
}

/** @param end what follows a word that is the only choice */
function choose(names: readonly string[], start: string, end: string): Completion {
	const fitting = names.filter((name) => name.startsWith(start));
	const [first = ""] = fitting;
	let common = first.length;
	for (const name of fitting) while (!name.startsWith(first.slice(0, common))) common--;
	const rest = first.slice(start.length, common);
	if (fitting.length === 1) return { rest: rest + end, choices: "" };
	return { rest, choices: rest === "" ? fitting.join("  ") : "" };
}

function namesOf(list: readonly { readonly name: string }[]): string[] {
	return list.map(({ name }) => name);
}
