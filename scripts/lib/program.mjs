// Builds a program for the host: JavaScript modules to one bytecode image, linked with the runtime.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { locked } from "./lock.mjs";
import { build, root } from "./paths.mjs";
import { fail, run } from "./run.mjs";
import { unlessSame } from "./stamp.mjs";
import { xsFolder } from "./xs.mjs";

const out = `${build}/host`;
const js = `${build}/js`;
/** What the TypeScript compiler reads. */
const SOURCES = ["src", "objects", "examples", "platforms", "host-tests", "tsconfig.json", "package-lock.json"];

/** Of host-tests/support: what Node has in the place of a native module, and where the compiled sources look for it. */
const STAND_INS = [
	["dtls.js", "src/security"],
	["verifier.js", "src/fota"],
	["terminal.js", "src/shell"],
];

/** The module that each platform has its own of; whether it can be preloaded is the platform's affair. */
const PORT = "src/port";

/** Compiles the device's TypeScript. */
export function compileDevice() {
	locked(() =>
		unlessSame("device", SOURCES, () => {
			run(`${root}/node_modules/.bin/tsc`, ["-p", "."]);
			writeIfNew(`${js}/package.json`, '{ "type": "module" }\n');
		}),
	);
}

/** Compiles the TypeScript that runs on Node: the companion server and the tests. */
export function compileHostTests() {
	locked(() =>
		unlessSame("host-tests", SOURCES, () => {
			run(`${root}/node_modules/.bin/tsc`, ["-p", "host-tests"]);
			writeIfNew(`${js}/host-tests/support/report.js`, readFileSync(`${root}/host-tests/support/report.js`, "utf8"));
			for (const [name, folder] of STAND_INS)
				writeIfNew(`${js}/${folder}/${name}`, readFileSync(`${root}/host-tests/support/${name}`, "utf8"));
		}),
	);
}

/**
 * Builds a program.
 * @param name of the folder below build/host that it goes to
 * @param manifest from `readManifest`
 * @param main id of the module that runs first
 * @returns the executable's path
 */
export function buildProgram(name, manifest, main, { isDebug = false } = {}) {
	return locked(() => makeProgram(name, manifest, main, isDebug));
}

function makeProgram(name, manifest, main, isDebug) {
	const folder = `${isDebug ? `${out}-debug` : out}/${name}`;
	const { natives } = buildImage(folder, manifest, main, { isDebug });
	make(natives, isDebug, `${folder}/program`);
	return `${folder}/program`;
}

/**
 * Makes what a program consists of: its image of bytecode, `image.bin`, and the C source of its table of native
 * functions, `natives.c`. Both are the same for every port.
 * @returns the modules in the image and the native modules of the manifest
 */
export function buildImage(folder, manifest, main, { isDebug = false } = {}) {
	mkdirSync(folder, { recursive: true });
	const modules = reachable(manifest.modules, main);
	const natives = nativeModules(manifest.modules);
	writeIfNew(`${folder}/natives.c`, nativeTable(natives));
	const recipe = [
		`out\t${folder}/image.bin`,
		...(isDebug ? ["debug"] : []),
		...settings(manifest.creation),
		`main\t${main}`,
		...modules.map(({ id, file }) => `module\t${id}\t${file}`),
	];
	make(natives, isDebug, "tool");
	writeImage(folder, recipe, modules, isDebug);
	return { modules, natives };
}

function make(natives, isDebug, ...targets) {
	const dtls = run(process.execPath, [`${root}/scripts/lib/dtls.mjs`, "host"]).trim();
	run("make", [
		"-s",
		`-j${cpus().length}`,
		"-f",
		"platforms/host/Makefile",
		`XS=${xsFolder()}`,
		`OUT=${isDebug ? `${out}-debug` : out}`,
		`DEBUG=${isDebug ? 1 : 0}`,
		`DTLS=${dtls}`,
		`NATIVE_SOURCES=${natives.map(({ native }) => native).join(" ")}`,
		...targets,
	]);
}

/** The JavaScript of a module: compiled, or as it was written. */
function fileOf(id, path) {
	const candidates = [`${js}/${path}.js`, `${root}/${path}.js`].map((candidate) => candidate.replace("/./", "/"));
	return (
		candidates.find((candidate) => existsSync(candidate)) ??
		fail(`manifest.json: module "${id}" has no file ${path}.ts or ${path}.js`)
	);
}

/** The modules that `main` needs, itself included, in the order in which they are met. */
export function reachable(modules, main) {
	const found = new Map();
	const visit = (id, importer) => {
		if (found.has(id)) return;
		const path = modules.get(id);
		if (path === undefined) fail(`manifest.json: no module "${id}", which ${importer} imports`);
		const file = fileOf(id, path);
		found.set(id, { id, file });
		for (const specifier of importsOf(readFileSync(file, "utf8"))) visit(resolve(specifier, id), id);
	};
	visit(main, "the build");
	return [...found.values()];
}

/**
 * Checks the preload list: what is in it must be there, and import nothing but what is in it and the platform's port,
 * because an import of a preloaded module is preloaded with it.
 */
export function checkPreload({ modules, preload }) {
	const listed = new Set([...preload, PORT]);
	for (const id of preload) {
		if (id === PORT) continue;
		const path = modules.get(id);
		if (path === undefined) fail(`manifest.json: preload names "${id}", which is no module`);
		for (const specifier of importsOf(readFileSync(fileOf(id, path), "utf8"))) {
			const imported = resolve(specifier, id);
			if (!listed.has(imported)) fail(`manifest.json: "${id}" is preloaded and imports "${imported}", which is not`);
		}
	}
}

/** Every native module of the manifest, needed by this image or not: a later image may need it. */
function nativeModules(modules) {
	const paths = [...new Set(modules.values())].map((path) => path.replace(/^\.\//, ""));
	return paths
		.filter((path) => existsSync(`${root}/${path}.c`))
		.map((path) => ({ native: `${path}.c`, file: `${root}/${path}.js` }));
}

/** The specifiers of a compiled module's import and export declarations. */
export function importsOf(source) {
	const specifiers = [];
	for (const match of source.matchAll(/^\s*(?:import\s*|(?:import|export)\b[^"';]*?\bfrom\s*)["']([^"']+)["']/gm))
		specifiers.push(match[1]);
	return specifiers;
}

function resolve(specifier, importer) {
	if (!specifier.startsWith(".")) return specifier;
	const parts = importer.split("/").slice(0, -1);
	for (const part of specifier.replace(/\.js$/, "").split("/")) {
		if (part === "..") parts.pop();
		else if (part !== ".") parts.push(part);
	}
	return parts.join("/");
}

/** The header's fields from IMAGE_AT_STATIC_BYTES on (platforms/xs/image.h). */
function settings({ static: staticBytes = 0, stack, heap, chunk, keys }) {
	const values = [
		staticBytes,
		stack,
		heap.initial,
		heap.incremental,
		chunk.initial,
		chunk.incremental,
		keys.available,
		keys.incremental ?? 0,
		keys.name,
		keys.symbol,
	];
	return values.map((value, index) => `set\t${index}\t${value}`);
}

/** C source of the table by which an image finds the native functions that it names; a prepared machine needs none. */
function nativeTable(natives) {
	const sorted = nativeNames(natives);
	return `#include "runtime.h"\n${sorted.map((name) => `extern void ${name}(void);`).join("\n")}\nconst Native natives[] = {\n#if !defined(ROM_USES_MODULES) || ROM_USES_MODULES\n${sorted.map((name) => `\t{ "${name}", ${name} },`).join("\n")}\n#endif\n\t{ 0, 0 } };\nconst size_t nativesCount = sizeof natives / sizeof natives[0] - 1;\n`;
}

/** The C functions that native modules name, sorted. */
export function nativeNames(natives) {
	const names = new Set();
	for (const { file } of natives)
		for (const match of readFileSync(file, "utf8").matchAll(/@\s*"(xs_\w+)"/g)) names.add(match[1]);
	return [...names].sort();
}

/** Runs xsbc where the recipe, a module or the tool itself has changed. */
function writeImage(folder, recipe, modules, isDebug) {
	const tool = `${isDebug ? `${out}-debug` : out}/xsbc`;
	const stamp = [
		...recipe,
		...modules.map(({ file }) => readFileSync(file, "utf8")),
		readFileSync(tool, "latin1"),
	].join("\n");
	const digest = createHash("sha256").update(stamp).digest("hex");
	if (
		existsSync(`${folder}/image.bin`) &&
		existsSync(`${folder}/image.stamp`) &&
		readFileSync(`${folder}/image.stamp`, "utf8") === digest
	)
		return;
	writeFileSync(`${folder}/image.recipe`, `${recipe.join("\n")}\n`);
	run(tool, [`${folder}/image.recipe`]);
	writeFileSync(`${folder}/image.stamp`, digest);
}

/** Writes a file, unless it says that already: its time is what `make` goes by. */
export function writeIfNew(path, text) {
	if (!existsSync(path) || readFileSync(path, "utf8") !== text) {
		mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
		writeFileSync(path, text);
	}
}
