// Compiles C files into objects: those whose source, headers or flags have changed, two at a time.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { run } from "./run.mjs";

const JOBS = 2;

/**
 * @param options compiler, flags, sources (absolute paths whose base names differ) and the directory for the objects
 * @returns the objects' paths, in the order of the sources
 */
export async function compileAll({ compiler, flags, sources, directory }) {
	mkdirSync(directory, { recursive: true });
	const objects = sources.map((source) => join(directory, basename(source).replace(/\.c$/, ".o")));
	const command = [compiler, ...flags].join(" ");
	const waiting = sources
		.map((source, index) => [source, objects[index]])
		.filter(([source, object]) => !isFresh(source, object, command));
	const work = async () => {
		for (let next = waiting.shift(); next; next = waiting.shift())
			await compile(compiler, flags, next[0], next[1], command);
	};
	await Promise.all(Array.from({ length: JOBS }, work));
	return objects;
}

/** Makes a static library unless it is newer than its objects, and of the same. */
export function archive(archiver, library, objects) {
	const mark = `${library}.objects`;
	if (isNewer(library, objects) && existsSync(mark) && readFileSync(mark, "utf8") === objects.join("\n")) return;
	mkdirSync(dirname(library), { recursive: true });
	rmSync(library, { force: true });
	const part = `${library}.${process.pid}`;
	run(archiver, ["rcs", part, ...objects]);
	renameSync(part, library);
	writeFileSync(mark, objects.join("\n"));
}

/** Links unless the output is newer than its inputs and was made by the same command. */
export function link(compiler, output, inputs, flags) {
	const command = [compiler, ...inputs, ...flags].join(" ");
	const mark = `${output}.command`;
	if (isNewer(output, inputs) && existsSync(mark) && readFileSync(mark, "utf8") === command) return;
	mkdirSync(dirname(output), { recursive: true });
	const part = `${output}.${process.pid}`;
	run(compiler, ["-o", part, ...inputs, ...flags]);
	renameSync(part, output);
	writeFileSync(mark, command);
}

/** True where `output` is at least as new as all `inputs`. */
export function isNewer(output, inputs) {
	if (!existsSync(output)) return false;
	const made = statSync(output).mtimeMs;
	return inputs.every((input) => existsSync(input) && statSync(input).mtimeMs <= made);
}

function isFresh(source, object, command) {
	const dependencies = `${object}.d`;
	const mark = `${object}.command`;
	if (!existsSync(object) || !existsSync(dependencies) || !existsSync(mark)) return false;
	if (readFileSync(mark, "utf8") !== command) return false;
	// "object.o: source.c header.h \<newline> header.h": a space within a name is written as "\ "
	const names =
		readFileSync(dependencies, "utf8")
			.replace(/^.*?:\s/, "")
			.replace(/\\\n/g, " ")
			.match(/(\\ |\S)+/g) ?? [];
	return isNewer(object, [source, ...names.map((name) => name.replaceAll("\\ ", " "))]);
}

function compile(compiler, flags, source, object, command) {
	const mark = `${object}.command`;
	rmSync(mark, { force: true });
	const child = spawn(compiler, [...flags, "-MMD", "-MF", `${object}.d`, "-MT", "object", "-c", source, "-o", object]);
	let output = "";
	child.stdout.on("data", (chunk) => (output += chunk));
	child.stderr.on("data", (chunk) => (output += chunk));
	return new Promise((resolve, reject) => {
		child.on("error", (error) => reject(new Error(`${compiler}: ${error.message}`)));
		child.on("close", (status) => {
			if (status !== 0) return reject(new Error(`${source} does not compile:\n${output}`));
			if (output) process.stderr.write(output);
			writeFileSync(mark, command);
			resolve();
		});
	});
}
