// Reads manifest.json, the Moddable SDK's form of a module list, for the self-contained build: the same file, the same
// modules, preload list and heap sizes. What of the form is understood: `modules` (names, folders by `*`, exclusions
// by `~`), `preload`, `creation`, and a platform's section of `platforms` on top of them.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { root } from "./paths.mjs";
import { fail } from "./run.mjs";

/** What each number of `creation` means is said in platforms/xs/image.h. */
export function readManifest(platform, file = `${root}/manifest.json`) {
	let manifest;
	try {
		manifest = JSON.parse(readFileSync(file, "utf8"));
	} catch (error) {
		fail(`${file}: ${error.message}`);
	}
	const own = manifest.platforms?.[platform];
	if (!own) fail(`${file}: no platform "${platform}"; there are ${Object.keys(manifest.platforms ?? {}).join(", ")}`);
	const modules = new Map();
	for (const part of [manifest, own]) {
		for (const [id, path] of expand(part.modules ?? {})) modules.set(id, path);
	}
	return {
		creation: { ...manifest.creation, ...own.creation },
		modules,
		preload: matching(modules, [...(manifest.preload ?? []), ...(own.preload ?? [])]),
	};
}

/** The manifest with some of its modules replaced. */
export function replaceModules(manifest, replacements) {
	return { ...manifest, modules: new Map([...manifest.modules, ...replacements]) };
}

/** The modules of a manifest and all that the project ships beside them: for tests, which try what no device has at once. */
export function withEverything(modules) {
	const folders = ["objects", "src/behaviours"];
	return new Map([
		...folders.flatMap((folder) => moduleNames(folder).map((name) => [`${folder}/${name}`, `./${folder}/${name}`])),
		...modules,
	]);
}

/** Module ids and their files (without extension), in order. */
function* expand(modules) {
	const excluded = new Set([modules["~"] ?? []].flat());
	for (const [pattern, paths] of Object.entries(modules)) {
		if (pattern === "~") continue;
		for (const path of [paths].flat()) {
			const prefix = pattern === "*" ? "" : pattern.slice(0, -1);
			if (!path.endsWith("/*")) {
				yield [pattern.endsWith("*") ? prefix + path.slice(path.lastIndexOf("/") + 1) : pattern, path];
				continue;
			}
			const folder = path.slice(0, -2);
			for (const name of moduleNames(folder))
				if (!excluded.has(`${folder}/${name}`)) yield [prefix + name, `${folder}/${name}`];
		}
	}
}

function moduleNames(folder) {
	const full = `${root}/${folder}`;
	if (!existsSync(full)) fail(`manifest.json: ${folder} does not exist`);
	const names = readdirSync(full)
		.filter((name) => /\.(ts|js)$/.test(name) && !name.endsWith(".d.ts"))
		.map((name) => name.replace(/\.(ts|js)$/, ""));
	return [...new Set(names)].sort();
}

function matching(modules, patterns) {
	const ids = [...modules.keys()];
	return [
		...new Set(
			patterns.flatMap((pattern) =>
				pattern.endsWith("*")
					? ids.filter((id) => id.startsWith(pattern.slice(0, -1)) && !id.slice(pattern.length - 1).includes("/"))
					: [pattern],
			),
		),
	];
}
