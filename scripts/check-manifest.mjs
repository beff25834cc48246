// Proves, without any SDK, that manifest.json is whole: node scripts/check-manifest.mjs [root]. One line a fault, status 1.
// For each platform in it: every listed file is there; every import of every module resolves to a module of the manifest, or to
// one that the SDK brings; ids mirror paths, because relative imports are resolved against ids; what is in src/ and objects/
// is in the preload list, where the SDK is used by its full name if it is TypeScript, because the SDK applies patterns to
// JavaScript alone; every module can be preloaded; the objects are those of the index; and the platform's seam is complete.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { readCommandLine, rootIn } from "./lib/command-line.mjs";
import { obstaclesToPreload } from "./lib/preload.mjs";

/** What the manifests of the Moddable SDK bring: those that platforms' manifests include, and what mcconfig itself makes. */
const FROM_SDK = [
	"mc/config",
	"mc/devicetree",
	"timer",
	"time",
	"embedded:io/serial",
	"embedded:storage/key-value",
	"embedded:network/interface/wifi",
	"embedded:provider/builtin",
];
/** Ids whose file is elsewhere, on purpose: a native version in place of the TypeScript one. */
const REPLACED = new Map([
	["src/bytes", "src/native/bytes"],
	["src/coap/parse", "src/native/parse"],
	["src/security/dtls", "src/native/dtls"],
	["src/fota/verifier", "src/native/verifier"],
	["src/shell/terminal", "src/native/terminal"],
]);
const PORT = "src/port";
/** What main.ts wants of every platform. */
const PORT_EXPORTS = ["createPlatform", "deviceOptions"];
const IMPORT = /^[\t ]*(?:import|export)\s+(type\s+)?([^"'`;=()]*?\bfrom\s+)?["']([^"']+)["']/gm;
const NATIVE = /@\s*"(xs_\w+)"/g;

/** @returns one line for each fault below the root */
export function checkManifest(root) {
	const problems = [];
	const manifest = JSON.parse(readFileSync(join(root, "manifest.json"), "utf8"));
	const seen = new Set();
	for (const [name, own] of Object.entries(manifest.platforms ?? {})) {
		const parts = [{ part: manifest, folder: "." }, ...included(root, ".", own)];
		if (parts.some(({ part }) => part.platforms?.["..."]?.error)) continue;
		const platform = gather(root, parts);
		for (const fault of [...platform.faults, ...checkPlatform(root, platform)]) {
			const line = `manifest.json, ${name}: ${fault}`;
			if (!seen.has(line)) problems.push(line);
			seen.add(line);
		}
	}
	problems.push(...checkObjects(root, manifest));
	return problems;
}

/** A platform's section and the manifests of ours that it includes. */
function included(root, folder, section) {
	const files = [section.include ?? []].flat().filter((path) => path.startsWith("."));
	return [
		...files.flatMap((path) => {
			const file = join(folder, path);
			const part = JSON.parse(readFileSync(join(root, file), "utf8"));
			return included(root, dirname(file), part);
		}),
		{ part: section, folder },
	];
}

/** Modules by id (path without extension; undefined where the SDK has it), preload patterns, C and header files. */
function gather(root, parts) {
	const modules = new Map();
	const files = new Set();
	const faults = [];
	const excluded = new Set();
	const usesSdk = parts.some(({ part }) => JSON.stringify(part).includes("$(MODDABLE)"));
	for (const { part, folder } of parts)
		for (const path of [part.modules?.["~"] ?? []].flat()) excluded.add(join(folder, path));
	for (const { part, folder } of parts)
		for (const [pattern, paths] of Object.entries(part.modules ?? {}))
			if (pattern !== "~") for (const path of [paths].flat()) add(pattern, path, folder);
	return { modules, files, faults, usesSdk, preload: parts.flatMap(({ part }) => part.preload ?? []) };

	function add(pattern, path, folder) {
		const prefix = pattern.replace(/\*$/, "");
		if (path.startsWith("$(")) {
			if (!pattern.endsWith("*")) modules.set(pattern, undefined);
			return;
		}
		const full = join(folder, path);
		const found = path.endsWith("/*")
			? stems(root, full.slice(0, -2)).map((stem) => join(full.slice(0, -2), stem))
			: stems(root, dirname(full)).includes(full.slice(full.lastIndexOf("/") + 1))
				? [full]
				: [];
		if (found.length === 0) faults.push(`"${pattern}": there is no file ${full}`);
		for (const file of found) {
			if (excluded.has(file) && !REPLACED.has(pattern)) continue;
			files.add(file);
			const id = pattern.endsWith("*") ? prefix + file.slice(file.lastIndexOf("/") + 1) : pattern;
			if (sourceOf(root, file)) modules.set(id, file);
		}
	}
}

function checkPlatform(root, { modules, files, preload, usesSdk }) {
	const faults = [];
	const isPreloaded = (id, path) =>
		preload.includes(id) ||
		(!(usesSdk && sourceOf(root, path).endsWith(".ts")) &&
			preload.some(
				(pattern) =>
					pattern.endsWith("*") && id.startsWith(pattern.slice(0, -1)) && !id.slice(pattern.length - 1).includes("/"),
			));
	const natives = new Set();
	for (const [id, path] of modules) {
		if (path === undefined) continue;
		if (/^(src|objects|platforms)\//.test(id) && id !== PORT && (REPLACED.get(id) ?? id) !== path)
			faults.push(`"${id}" is ${path}: the id has to be the path`);
		if ((usesSdk || /^(src|objects)\//.test(id)) && id !== PORT && !isPreloaded(id, path))
			faults.push(`"${id}" is not in preload`);
		const source = readFileSync(join(root, sourceOf(root, path)), "utf8");
		for (const [, native] of source.matchAll(NATIVE)) natives.add(native);
		faults.push(...obstaclesToPreload(source).map((why) => `"${id}" cannot be preloaded: ${why}`));
		for (const [, isType, , specifier] of source.matchAll(IMPORT)) {
			if (isType) continue;
			const wanted = specifier.startsWith(".") ? resolve(specifier, id) : specifier;
			if (!modules.has(wanted) && !(usesSdk && FROM_SDK.includes(wanted)))
				faults.push(`"${id}" imports "${specifier}", and there is no module "${wanted}"`);
		}
	}
	faults.push(...checkSeam(root, modules));
	// the self-contained ports compile every C file of their folder
	if (usesSdk) faults.push(...checkNatives(root, files, natives));
	return faults;
}

function checkSeam(root, modules) {
	const path = modules.get(PORT);
	if (path === undefined) return [`there is no "${PORT}"`];
	const source = readFileSync(join(root, sourceOf(root, path)), "utf8");
	const exported = [...source.matchAll(/export \{([^}]*)\}/g)].flatMap(([, names]) =>
		names.split(",").map((n) => n.trim()),
	);
	return PORT_EXPORTS.filter((name) => !exported.includes(name)).map((name) => `${path} does not export ${name}`);
}

/** Every native function of a module, and every function that platforms/sdk asks of a board, is in a C file that is listed. */
function checkNatives(root, files, natives) {
	const c = [...files].filter((file) => existsSync(join(root, `${file}.c`)));
	const text = c.map((file) => withHeaders(root, `${file}.c`)).join("\n");
	const wanted = new Set(natives);
	for (const file of files) {
		const header = join(root, `${file}.h`);
		if (!/^platforms\/sdk\/board/.test(file) || !existsSync(header)) continue;
		for (const [, name] of readFileSync(header, "utf8").matchAll(/^[\w* ]+\b(board\w+)\(/gm)) wanted.add(name);
	}
	return [...wanted]
		.filter((name) => !new RegExp(`^[\\w* ]+\\b${name}\\([^;]*\\)\\n?\\{`, "m").test(text))
		.map((name) => `no C file that is listed defines ${name}`);
}

/** A C file's text with that of the headers beside it, some of which hold code. */
function withHeaders(root, file) {
	const text = readFileSync(join(root, file), "utf8");
	const headers = [...text.matchAll(/^#include "([\w.-]+\.h)"/gm)].map(([, name]) => join(root, dirname(file), name));
	return [text, ...headers.filter((path) => existsSync(path)).map((path) => readFileSync(path, "utf8"))].join("\n");
}

/** The objects of the manifest are those that the index imports. */
function checkObjects(root, manifest) {
	const index = join(root, "objects/index.ts");
	if (!existsSync(index)) return [];
	const listed = new Set([manifest.modules["objects/*"] ?? []].flat().map((path) => path.replace("./", "")));
	const imported = [...readFileSync(index, "utf8").matchAll(/^(?:import|export)[^"]*"\.\/(.*)\.js"/gm)].map(
		([, name]) => `objects/${name}`,
	);
	const isOff = (name) => name !== "objects/index" && !imported.includes(name);
	return [
		...new Set(
			imported.filter((name) => !listed.has(name)).map((name) => `manifest.json: ${name} is missing in "objects/*"`),
		),
		...[...listed]
			.filter(isOff)
			.map((name) => `manifest.json: ${name} is listed, and objects/index.ts does not import it`),
	];
}

function resolve(specifier, importer) {
	return relative(".", join(dirname(importer), specifier.replace(/\.js$/, "")));
}

/** The file that holds a module's code; undefined where there are only C files or types. */
function sourceOf(root, path) {
	return [`${path}.ts`, `${path}.js`].find((file) => existsSync(join(root, file)));
}

function stems(root, folder) {
	if (!existsSync(join(root, folder))) return [];
	const names = readdirSync(join(root, folder)).filter(
		(name) => /\.(ts|js|c|h)$/.test(name) && !name.endsWith(".d.ts"),
	);
	return [...new Set(names.map((name) => name.replace(/\.\w+$/, "")))];
}

function main() {
	const { operands } = readCommandLine({
		name: "check-manifest",
		about:
			"Proves that the manifest of ROOT (this repository) is whole for every platform: files, imports, preload, seam.",
		operands: "[ROOT]",
	});
	const problems = checkManifest(rootIn("check-manifest", operands, "manifest.json"));
	for (const problem of problems) console.log(problem);
	console.log(`check-manifest: ${problems.length} faults`);
	return problems.length ? 1 : 0;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) process.exitCode = main();
