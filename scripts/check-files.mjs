// What every source file keeps to: node scripts/check-files.mjs [root]. Over 300 lines is a warning; over 400, a name
// that is not kebab-case, no first comment, a placeholder word, a path of one's own machine, or in what runs on a device a
// regular expression (29 kB of the engine on a board; src/scan.ts is there instead) is a fault: exit status 1.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { readCommandLine, rootIn } from "./lib/command-line.mjs";
import { patternsIn } from "./lib/patterns.mjs";

const DIRECTORIES = ["src", "objects", "platforms", "examples", "host-tests/server", "scripts"];
const SOURCE = /\.(ts|js|mjs|c|h|S|ld|sh)$/;
const ON_DEVICE = /^(src|objects|platforms)\/.*\.[tj]s$/;
const WARN_LINES = 300;
const MOST_LINES = 400;

const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*\.[A-Za-z]+$/;
const COMMENT = /^(#!.*\n)?\s*(\/\/|\/\*)/;
const SHELL_COMMENT = /^(#!.*\n)?\s*#(?!!)/;
// in brackets, so that this file does not find itself
const PLACEHOLDER = /\b(TOD[O]|FIXM[E]|XX[X])\b/;
const MACHINE_PATH = /(?<![\w.])(\/(home|Users|root|work)\/[\w.-]+|[A-Z]:\\Users\\)/;

/** @returns the faults and the warnings, a line each */
export function checkFiles(root) {
	const faults = [];
	const warnings = [];
	for (const path of DIRECTORIES.flatMap((directory) => sources(root, directory))) {
		const text = readFileSync(join(root, path), "utf8");
		const lines = text.replace(/\n$/, "").split("\n");
		if (lines.length > WARN_LINES) {
			const list = lines.length > MOST_LINES ? faults : warnings;
			list.push(`${path}: ${lines.length} lines, ${list === faults ? MOST_LINES : WARN_LINES} are the limit`);
		}
		if (!KEBAB.test(basename(path))) faults.push(`${path}: the name is not kebab-case`);
		const comment = path.endsWith(".sh") ? SHELL_COMMENT : COMMENT;
		if (!comment.test(text)) faults.push(`${path}:1 does not begin with a comment`);
		if (ON_DEVICE.test(path))
			for (const { pattern, line } of patternsIn(text))
				faults.push(`${path}:${line} has a regular expression: ${pattern}`);
		lines.forEach((line, index) => {
			for (const [pattern, what] of [
				[PLACEHOLDER, "placeholder"],
				[MACHINE_PATH, "path of a machine"],
			]) {
				const found = line.match(pattern);
				if (found) faults.push(`${path}:${index + 1} has a ${what}: ${found[0]}`);
			}
		});
	}
	return { faults, warnings };
}

function sources(root, directory) {
	if (!existsSync(join(root, directory))) return [];
	return readdirSync(join(root, directory), { recursive: true })
		.map((name) => join(directory, name))
		.filter((path) => SOURCE.test(path) && !path.split("/").includes("node_modules"))
		.filter((path) => statSync(join(root, path)).isFile())
		.sort();
}

function main() {
	const { operands } = readCommandLine({
		name: "check-files",
		about: "Sizes, names and first comments of the source files below ROOT (this repository).",
		operands: "[ROOT]",
	});
	const { faults, warnings } = checkFiles(rootIn("check-files", operands, "src"));
	for (const warning of warnings) console.log(`warning: ${warning}`);
	for (const fault of faults) console.log(fault);
	console.log(`check-files: ${faults.length} faults, ${warnings.length} warnings`);
	return faults.length ? 1 : 0;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) process.exitCode = main();
