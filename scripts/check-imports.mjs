// Who may import whom: node scripts/check-imports.mjs [root]. One line a violation, exit status 1.
// The table is that of the architecture; a file that no row names is a violation too, so that the table stays whole.
// Cycles are looked for among the imports that remain at run time: a type import leaves nothing behind.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { readCommandLine, rootIn } from "./lib/command-line.mjs";

const DIRECTORIES = ["src", "objects", "platforms", "examples", "host-tests/server"];
const SOURCE = /\.(ts|js|mjs)$/;
const IMPORT =
	/^[\t ]*(?:import|export)\s+(type\s+)?(?:[^"'`;=()]*?\bfrom\s+)?["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']/gm;

const BASE = ["src/bytes", "src/log", "src/config", "src/platform", "src/random", "src/scan", "src/uri", "src/version"];
const MODEL = ["src/lwm2m/definition", "src/lwm2m/path"];
const REGISTRY = [
	"src/lwm2m/registry",
	"src/lwm2m/model",
	"src/lwm2m/secrets",
	"src/lwm2m/cursor-state",
	"src/lwm2m/decoded",
];
const PORTABLE = ["src/coap/**", "src/lwm2m/**", "src/codec/**", "src/security/**", "src/fota/**"];
const SEAM = ["src/port", "src/options"];
const DEVICE = ["embedded:*", "timer", "time", "mc/config", "mc/devicetree"];

/**
 * Which modules, what they may import. The first row that names a module holds. `**` is everything below, `*` the rest of
 * a specifier, `OWN` the directory of the row itself (below platforms: that of the platform), `NPM` a declared package or
 * a part of Node.
 */
const TABLE = [
	[["src/random"], ["src/platform"]],
	[["src/scan"], []],
	[["src/bytes", "src/uri"], ["src/scan"]],
	[BASE, []],
	[["src/native/**"], ["src/bytes", "src/coap/parse", "src/security/**", "src/fota/**", "src/shell/**", "OWN"]],
	[["src/coap/**"], [...BASE, "OWN"]],
	[MODEL, [...BASE, ...MODEL]],
	[REGISTRY, [...BASE, ...MODEL, ...REGISTRY]],
	[["src/lwm2m/cursor"], [...BASE, ...MODEL, ...REGISTRY]],
	[["src/lwm2m/**"], [...BASE, "src/lwm2m/**", "src/coap/**", "src/codec/**"]],
	[["objects/index"], ["OWN"]],
	[["objects/**"], ["src/lwm2m/definition"]],
	[["src/codec/**"], [...BASE, ...MODEL, ...REGISTRY, "src/lwm2m/cursor", "OWN"]],
	[["src/security/**"], [...BASE, ...REGISTRY, "OWN"]],
	[
		["src/fota/**"],
		[
			...BASE,
			"src/vault",
			"src/coap/**",
			...MODEL,
			...REGISTRY,
			"src/codec/codec",
			"src/security/connection",
			"src/security/secure-stream",
			"OWN",
		],
	],
	[
		["src/shell/**"],
		[...BASE, "src/codec/**", ...MODEL, ...REGISTRY, "src/lwm2m/arguments", "src/client", "src/version", "OWN"],
	],
	[SEAM, [...BASE, ...MODEL, ...SEAM]],
	[
		[
			"src/client",
			"src/client-options",
			"src/life",
			"src/servers",
			"src/server-link",
			"src/bootstrap-link",
			"src/outbox",
			"src/parts",
			"src/keeper",
			"src/vault",
		],
		[
			...BASE,
			"src/client-options",
			"src/life",
			"src/servers",
			"src/server-link",
			"src/bootstrap-link",
			"src/outbox",
			"src/parts",
			"src/keeper",
			"src/vault",
			...PORTABLE,
			"objects/**",
			"src/shell/**",
			...SEAM,
		],
	],
	[
		["src/behaviours/**"],
		[
			...BASE,
			...MODEL,
			...REGISTRY,
			"src/coap/numbers",
			"src/coap/message",
			"src/fota/**",
			"src/vault",
			"objects/**",
			"OWN",
		],
	],
	[["src/factory"], [...BASE, ...MODEL, ...REGISTRY, "src/client", "src/options", "objects/**"]],
	[["src/main"], ["src/**", "objects/index"]],
	[["examples/**"], ["src/**", "objects/**", "OWN"]],
	[
		["platforms/**"],
		[
			"src/bytes",
			"src/platform",
			"src/options",
			"src/port",
			"src/log",
			"src/scan",
			"src/uri",
			...DEVICE,
			"platforms/xs/**",
			"platforms/sdk/**",
			"OWN",
			"PLATFORM",
		],
	],
	[["host-tests/server/**"], ["NPM", "OWN"]],
];
/** These hold types only, and so import types only. */
const TYPES_ONLY = [...SEAM, "src/client-options"];

/** @returns one line for each violation below the root */
export function checkImports(root) {
	const problems = [];
	const graph = new Map();
	const packages = declaredPackages(root);
	for (const path of DIRECTORIES.flatMap((directory) => sources(root, directory))) {
		const module = withoutExtension(path);
		const row = TABLE.find(([modules]) => modules.some((pattern) => matches(module, pattern)));
		if (!row) problems.push(`${path}:1 has no row in the table of scripts/check-imports.mjs`);
		const text = readFileSync(join(root, path), "utf8");
		const next = [];
		graph.set(module, next);
		for (const found of text.matchAll(IMPORT)) {
			const specifier = found[2] ?? found[3];
			const at = `${path}:${lineOf(text, found)} imports ${specifier}`;
			const isRelative = specifier.startsWith(".");
			const target = isRelative ? withoutExtension(join(dirname(path), specifier)) : specifier;
			if (isRelative && !specifier.endsWith(".js")) problems.push(`${at}: a relative import ends in .js`);
			if (row && !isAllowed(row[1], module, target, isRelative, packages))
				problems.push(`${at}: allowed are ${row[1].join(", ") || "none"}`);
			const isType = found[1] !== undefined;
			if (!isType && TYPES_ONLY.includes(module)) problems.push(`${at}: allowed are types`);
			if (!isType && isRelative) next.push(target);
		}
	}
	return [...problems, ...cycles(graph)];
}

function isAllowed(patterns, module, target, isRelative, packages) {
	return patterns.some((pattern) => {
		if (pattern === "OWN") return isRelative && target.startsWith(own(module));
		// by its full name, where a relative one would be looked for beside another module
		if (pattern === "PLATFORM") return !isRelative && target.startsWith("platforms/");
		if (pattern === "NPM") return !isRelative && (target.startsWith("node:") || packages.has(packageOf(target)));
		// a bare "src/bytes" is not the file of that path
		return isRelative === /^(src|objects|platforms)\//.test(pattern) && matches(target, pattern);
	});
}

function own(module) {
	const parts = module.split("/");
	return `${parts.slice(0, parts[0] === "objects" ? 1 : 2).join("/")}/`;
}

function matches(name, pattern) {
	return pattern.endsWith("*") ? name.startsWith(pattern.replace(/\*+$/, "")) : name === pattern;
}

/** Each cycle once, as a path that ends where it began. */
function cycles(graph) {
	const found = [];
	const done = new Set();
	const path = [];
	const visit = (module) => {
		const start = path.indexOf(module);
		if (start >= 0) found.push(`import cycle: ${[...path.slice(start), module].join(" -> ")}`);
		if (start >= 0 || done.has(module)) return;
		path.push(module);
		for (const next of graph.get(module) ?? []) visit(next);
		path.pop();
		done.add(module);
	};
	for (const module of graph.keys()) visit(module);
	return found;
}

function sources(root, directory) {
	if (!existsSync(join(root, directory))) return [];
	return readdirSync(join(root, directory), { recursive: true })
		.map((name) => join(directory, name))
		.filter((path) => SOURCE.test(path) && !path.split("/").includes("node_modules"))
		.filter((path) => statSync(join(root, path)).isFile())
		.sort();
}

function declaredPackages(root) {
	const path = join(root, "package.json");
	const { dependencies, devDependencies } = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : {};
	return new Set(Object.keys({ ...dependencies, ...devDependencies }));
}

function packageOf(specifier) {
	return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}

function withoutExtension(path) {
	return path.replace(/(\.d)?\.(ts|js|mjs)$/, "");
}

function lineOf(text, found) {
	const start = found.index + found[0].search(/\S/);
	return text.slice(0, start).split("\n").length;
}

function main() {
	const { operands } = readCommandLine({
		name: "check-imports",
		about: "Who imports whom below ROOT (this repository): what the table in the script does not allow.",
		operands: "[ROOT]",
	});
	const problems = checkImports(rootIn("check-imports", operands, "src"));
	for (const problem of problems) console.log(problem);
	console.log(`check-imports: ${problems.length} violations`);
	return problems.length ? 1 : 0;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) process.exitCode = main();
