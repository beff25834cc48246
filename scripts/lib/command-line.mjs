// The words after a script's name: options, operands, and the usage that `--help` prints.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "./paths.mjs";

/**
 * Reads the command line by a script's usage. `--help` prints that and ends the script with status 0, a word that cannot be
 * used ends it with one line and status 2.
 * @param usage `name`: how it is called (`npm run name`); `about`: a line or more; `options`: what each does, by its name and
 *   the name of its value (`--changes N`); `operands`: what else it takes, as the usage shows it
 * @returns `options`: what was given, by name (true without a value); `operands`: the other words
 */
export function readCommandLine(usage, words = process.argv.slice(2)) {
	const { name, options = {}, operands: operandText } = usage;
	if (isHelpWanted(words)) showUsage(usage);
	const takesValue = new Map(Object.keys(options).map((text) => [text.split(" ")[0], text.includes(" ")]));
	const given = new Map();
	const operands = [];
	for (let at = 0; at < words.length; at++) {
		const { option, value } = splitOption(words[at]);
		if (!option.startsWith("-")) {
			if (!operandText) refuse(name, `${option}: takes no such word; ${known(takesValue)}`);
			operands.push(option);
		} else if (!takesValue.has(option)) refuse(name, `${option}: no such option; ${known(takesValue)}`);
		else if (given.has(option)) refuse(name, `${option}: given twice`);
		else if (!takesValue.get(option)) {
			if (value !== undefined) refuse(name, `${option}: takes no value`);
			given.set(option, true);
		} else {
			const word = value ?? words[++at];
			if (!word) refuse(name, `${option}: its value is missing`);
			given.set(option, word);
		}
	}
	return { options: Object.fromEntries(given), operands };
}

/**
 * Takes a script's own options out of words that another program is to read.
 * @returns `options` as above; `others`: the words that are left
 */
export function takeOptions({ name, options }, words) {
	const own = [];
	const others = [];
	for (let at = 0; at < words.length; at++) {
		const text = Object.keys(options).find((each) => each.split(" ")[0] === splitOption(words[at]).option);
		if (!text) others.push(words[at]);
		else {
			own.push(words[at]);
			if (text.includes(" ") && !words[at].includes("=") && at + 1 < words.length) own.push(words[++at]);
		}
	}
	return { options: readCommandLine({ name, options }, own).options, others };
}

/** The one operand of a check: the top folder of what it looks at. @param mark what such a folder has */
export function rootIn(name, operands, mark) {
	const folder = operands[0] ?? root;
	if (operands.length > 1) refuse(name, "one folder, not several");
	if (!existsSync(join(folder, mark))) refuse(name, `${folder}: no such folder, or it has no ${mark}`);
	return folder;
}

/** `--name=value` as `option` and `value`; any other word is the option alone. */
export function splitOption(word) {
	const equals = word.startsWith("--") ? word.indexOf("=") : -1;
	return equals > 0 ? { option: word.slice(0, equals), value: word.slice(equals + 1) } : { option: word };
}

export function isHelpWanted(words) {
	return words.includes("--help") || words.includes("-h");
}

/** Prints the usage and ends the script. */
export function showUsage({ name, about, options = {}, operands = "" }) {
	const rows = [...Object.entries(options), ["--help", "this text"]];
	const width = Math.max(...rows.map(([option]) => option.length).filter((length) => length <= 24));
	const lines = rows.map(([option, meaning]) =>
		option.length > width ? `  ${option}\n  ${" ".repeat(width)}  ${meaning}` : `  ${option.padEnd(width)}  ${meaning}`,
	);
	const call = name === "start" || name === "test" ? `npm ${name}` : `npm run ${name}`;
	process.stdout.write(
		`Usage: ${call} -- ${operands ? `${operands} ` : ""}[options]\n${about}\n\n${lines.join("\n")}\n`,
	);
	process.exit(0);
}

/** Ends the script because of how it was called. */
export function refuse(name, line) {
	process.stderr.write(`${name}: ${line}\n`);
	process.exit(2);
}

function known(options) {
	const names = [...options.keys()];
	if (names.length === 0) return "there are no options but --help";
	return `there ${names.length > 1 ? "are" : "is"} ${names.join(", ")}`;
}
