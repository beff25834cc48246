// npm run new-object -- FILE.xml|ID: writes objects/<id>-<name>.ts from OMA's definition of an object, and adds the object
// to the device: to objects/index.ts and to the module list in manifest.json. All versions of the object that lie
// beside the file (`3-1_0.xml` beside `3.xml`) are taken in. An id is looked for in $OMA_REGISTRY, else in
// ../shared/oma-registry. What is there already stays as it is; an object that the project ships is only added.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { readCommandLine, refuse } from "./lib/command-line.mjs";
import { filesOf, parseObject, rank, readObject, TYPES } from "./lib/oma-xml.mjs";
import { root } from "./lib/paths.mjs";

const TYPE_NAMES = ["NONE", "STRING", "INTEGER", "UNSIGNED", "FLOAT", "BOOLEAN", "OPAQUE", "TIME", "OBJLNK", "CORELNK"];
const ENABLERS = ["1.0", "1.1", "1.2"];
/** How many instances a device holds, and resource instances, where the file says "Multiple": to be edited to suit. */
const INSTANCES = 4;
const RESOURCE_INSTANCES = 8;

/**
 * The definition's source.
 * @param versions the parsed files of one object
 * @returns the names of file and constant, and the text
 */
export function objectSource(versions) {
	const sorted = [...versions].sort((a, b) => rank(a.version) - rank(b.version));
	const newest = sorted.at(-1);
	const { id, name } = newest;
	const used = new Set(["defineObject"]);
	const ids = [...new Set(sorted.flatMap((file) => [...file.resources.keys()]))].sort((a, b) => a - b);
	const resources = ids
		.map((resourceId) => `\t\t${resourceId}: ${resourceSource(sorted, resourceId, used)},\n`)
		.join("");
	const kebab = kebabOf(name);
	const constant = kebab.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
	const text = `// Object ${id}, ${name}: ${sorted.length > 1 ? "all its versions" : `version ${newest.version}`} as in OMA's registry.
import { ${[...used].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)).join(", ")} } from "../src/lwm2m/definition.js";

export const ${constant} = defineObject({
	id: ${id},
	name: ${JSON.stringify(name)},
	versions: { ${versionsSource(sorted)} },
	instances: ${newest.instances === "Single" ? 1 : INSTANCES},
${newest.instances === "Single" ? "\tisSingle: true,\n" : ""}${newest.presence === "Mandatory" ? "\tisMandatory: true,\n" : ""}	resources: {
${resources}	},
});
`;
	return { id, file: `${id}-${kebab}.ts`, constant, text };
}

/** What each version of the enabler announces: the newest version of the object that it may have. */
function versionsSource(sorted) {
	return ENABLERS.flatMap((enabler) => {
		const file = sorted.findLast((each) => rank(each.enabler) <= rank(enabler));
		return file ? [`"${enabler}": "${file.version}"`] : [];
	}).join(", ");
}

function resourceSource(sorted, id, used) {
	const first = sorted.findIndex((file) => file.resources.has(id));
	const resource = sorted.findLast((file) => file.resources.has(id)).resources.get(id);
	const type = TYPE_NAMES[TYPES.indexOf(resource.type)];
	const operations = resource.operations || "HIDDEN";
	used.add(type).add(operations);
	return `{ ${[
		`name: ${JSON.stringify(resource.name)}`,
		`type: ${type}`,
		`operations: ${operations}`,
		...(resource.instances === "Multiple" ? [`multiple: ${RESOURCE_INSTANCES}`] : []),
		...(resource.presence === "Mandatory" ? ["isMandatory: true"] : []),
		...(resource.range ? [`range: [${resource.range.join(", ")}]`] : []),
		...(resource.only ? [`only: [${resource.only.join(", ")}]`] : []),
		...(resource.units ? [`units: ${JSON.stringify(resource.units)}`] : []),
		...(first > 0 ? [`since: "${sorted[first].version}"`] : []),
	].join(", ")} }`;
}

/** "LwM2M Software Management" is software-management, "BinaryAppDataContainer" binary-app-data-container. */
function kebabOf(name) {
	return name
		.replace(/^LWM2M\s+/i, "")
		.replace(/([a-z])([A-Z])/g, "$1-$2")
		.toLowerCase()
		.replace(/[^a-z0-9]+/g, "-")
		.replace(/^-|-$/g, "");
}

/** The index with one object more; as it is where the object is in it. */
export function withObject(index, { id, file, constant }) {
	const specifier = `./${file.replace(/ts$/, "js")}`;
	const idOf = (line) => Number(/"\.\/(\d+)-/.exec(line)?.[1]);
	const lines = index.split("\n");
	for (const word of ["import", "export"]) {
		const added = `${word} { ${constant} } from "${specifier}";`;
		if (lines.includes(added)) continue;
		const after = lines.findLastIndex((line) => line.startsWith(`${word} {`) && idOf(line) < id);
		lines.splice(after + 1, 0, added);
	}
	const imports = new Map(
		lines.flatMap((line) => (/^import \{ (\w+) \}/.test(line) ? [[/\w+(?= \})/.exec(line)[0], idOf(line)]] : [])),
	);
	const begin = lines.findIndex((line) => line.includes("coreObjects = Object.freeze(["));
	const end = lines.findIndex((line, at) => at > begin && line.startsWith("] as const"));
	const list = lines.slice(begin + 1, end).map((line) => line.trim().replace(/,$/, ""));
	if (!list.includes(constant)) list.push(constant);
	list.sort((a, b) => imports.get(a) - imports.get(b));
	return [...lines.slice(0, begin + 1), ...list.map((name) => `\t${name},`), ...lines.slice(end)].join("\n");
}

/** The manifest's text with one object more, and with the modules of what it does, where the project has some. */
export function withModule(text, { file, behaviours = [] }) {
	const manifest = JSON.parse(text);
	const idOf = (each) => Number(/(\d+)-/.exec(each)?.[1] ?? -1);
	add("objects/*", `./objects/${file.replace(/\.ts$/, "")}`);
	for (const behaviour of behaviours) add("src/behaviours/*", `./src/behaviours/${behaviour}`);
	const changed = `${JSON.stringify(manifest, undefined, "\t")}\n`;
	return changed === `${JSON.stringify(JSON.parse(text), undefined, "\t")}\n` ? text : changed;

	function add(pattern, path) {
		const list = [manifest.modules[pattern] ?? []].flat();
		if (!list.includes(path)) manifest.modules[pattern] = [...list, path].sort((a, b) => idOf(a) - idOf(b));
		if (manifest.preload && !manifest.preload.includes(pattern)) manifest.preload.push(pattern);
	}
}

/** The text of the boards' preload list, which names each module, with the same. */
export function withPreload(text, { file, behaviours = [] }) {
	const manifest = JSON.parse(text);
	const wanted = [`objects/${file.replace(/\.ts$/, "")}`, ...behaviours.map((name) => `src/behaviours/${name}`)];
	const missing = wanted.filter((id) => !manifest.preload.includes(id));
	if (missing.length === 0) return text;
	return `${JSON.stringify({ ...manifest, preload: [...manifest.preload, ...missing].sort() }, undefined, "\t")}\n`;
}

/** @throws Error of one line */
function versionsOf(argument) {
	if (/^\d+$/.test(argument)) {
		const registry = resolve(root, process.env.OMA_REGISTRY || "../shared/oma-registry");
		if (!existsSync(registry))
			throw new Error(
				`there is no directory of OMA's XML files: OMA_REGISTRY names one, or give the file instead of ${argument}`,
			);
		const files = filesOf(Number(argument), registry);
		if (files.length === 0) throw new Error(`${registry} has no ${argument}.xml`);
		return files.map((file) => readObject(registry, file));
	}
	if (!existsSync(argument)) throw new Error(`${argument}: no such file`);
	let object;
	try {
		object = parseObject(readFileSync(argument, "utf8"));
	} catch (error) {
		throw new Error(`${argument}${/^\d+:\d+: /.test(error.message) ? ":" : ": "}${error.message}`);
	}
	const folder = dirname(resolve(argument));
	const others = filesOf(object.id, folder).filter((file) => resolve(folder, file) !== resolve(argument));
	return [object, ...others.map((file) => readObject(folder, file))];
}

/** An object that the project has already, by its id; undefined for any other word. */
function shippedObject(id) {
	const file = /^\d+$/.test(id) && readdirSync(`${root}/objects`).find((name) => name.startsWith(`${id}-`));
	if (!file) return undefined;
	const [, constant] = /export const (\w+)/.exec(readFileSync(`${root}/objects/${file}`, "utf8"));
	return { id: Number(id), file, constant };
}

function main() {
	const { operands } = readCommandLine({
		name: "new-object",
		about: `Writes objects/<id>-<name>.ts from OMA's definition of an object, and adds it to the device: to objects/index.ts and
the manifests. An id is looked for in objects/, then in $OMA_REGISTRY, else in ../shared/oma-registry.`,
		operands: "FILE.xml|ID",
	});
	if (operands.length !== 1) refuse("new-object", "one argument is wanted: the XML file, or the object's id");
	const [argument] = operands;
	const made = shippedObject(argument) ?? objectSource(versionsOf(argument));
	const shipped = shippedObject(made.id);
	if (shipped) {
		Object.assign(made, shipped);
		console.log(`objects/${made.file}: is there already, and stays as it is`);
	} else {
		writeFileSync(`${root}/objects/${made.file}`, made.text);
		console.log(`objects/${made.file}: written; the numbers of instances in it are to be chosen`);
	}
	const behaviour = made.file.replace(/^\d+-|\.ts$/g, "");
	const behaviours = readdirSync(`${root}/src/behaviours`).map((name) => name.replace(/\.ts$/, ""));
	// what is in several files has the first one's name in front
	if (behaviours.includes(behaviour))
		made.behaviours = behaviours.filter((name) => name === behaviour || name.startsWith(`${behaviour}-`));
	for (const [path, change] of [
		["objects/index.ts", withObject],
		["manifest.json", withModule],
		["platforms/sdk/manifest.json", withPreload],
	]) {
		const text = readFileSync(`${root}/${path}`, "utf8");
		const changed = change(text, made);
		if (changed === text) continue;
		writeFileSync(`${root}/${path}`, changed);
		console.log(`${path}: object ${made.id} added`);
	}
	const paths = [`objects/${made.file}`, "objects/index.ts", "manifest.json", "platforms/sdk/manifest.json"];
	const format = spawnSync("node_modules/.bin/biome", ["check", "--write", ...paths], { cwd: root, encoding: "utf8" });
	if (format.status !== 0) throw new Error(format.stderr || String(format.error));
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
	try {
		main();
	} catch (error) {
		console.error(`new-object: ${error.message}`);
		process.exitCode = 1;
	}
}
