// A line into words, as Zephyr's shell does it: spaces part them, quotes and backslashes keep them together.
import { parsePath } from "../bytes.js";
import { HIDDEN } from "../lwm2m/definition.js";
import type { ShellClient } from "./shell-client.js";

/**
 * Quotes around a word go, quotes within one stay, so that an argument list can be typed as it is: `0='a b',1`.
 * @returns the words, or the quote that is missing
 */
export function split(line: string): string[] | string {
	const words: string[] = [];
	let word: string | undefined;
	let quote = "";
	let isWhole = false;
	for (let i = 0; i < line.length; i++) {
		const character = line.charAt(i);
		if (character === "\\" && i + 1 < line.length) word = (word ?? "") + line.charAt(++i);
		else if (quote !== "") {
			if (character !== quote) word += character;
			else {
				if (!isWhole) word += character;
				quote = "";
			}
		} else if (character === " ") {
			if (word !== undefined) words.push(word);
			word = undefined;
		} else if (character === "'" || character === '"') {
			quote = character;
			isWhole = word === undefined;
			word = isWhole ? "" : word + character;
		} else word = (word ?? "") + character;
	}
	if (quote !== "") return quote;
	if (word !== undefined) words.push(word);
	return words;
}

/** True where a word is the path of a key: the line is not kept, and its value is never shown. */
export function isSecret(client: ShellClient, words: readonly string[]): boolean {
	const ids = new Uint16Array(4);
	return words.some((word) => parsePath(word, ids) > 2 && isSecretResource(client, ids[0]!, ids[2]!));
}

/** Keys are what no server may read and what takes no part in the Read of its instance. */
export function isSecretResource(client: ShellClient, object: number, resource: number): boolean {
	const definition = client.registry.model.objects[object]?.definition.resources[resource];
	return !!definition && definition.operations === HIDDEN && definition.isApart === true;
}
