// Compares the object definitions with OMA's XML files: node scripts/check-objects.mjs [directory of compiled definitions].
// One line a mismatch, exit status 1. The XML is looked for in $OMA_REGISTRY, else in ../shared/oma-registry; without it
// there is nothing to compare with, which is said and is no fault.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { readCommandLine } from "./lib/command-line.mjs";
import { filesOf, OPERATIONS, rank, readObject, TYPES } from "./lib/oma-xml.mjs";

/** What differs between a definition and the XML of its object's versions. */
export function compare(definition, files) {
	const problems = [];
	const where = `object ${definition.id} (${definition.name})`;
	const versions = [...files].sort((a, b) => rank(a.version) - rank(b.version));
	const newest = versions.at(-1);
	if (!newest) return [`${where}: the registry has no file of it`];
	expect(where, "name", definition.name, newest.name);
	expect(where, "instances", definition.isSingle ? "Single" : "Multiple", newest.instances);
	expect(where, "presence", definition.isMandatory ? "Mandatory" : "Optional", newest.presence);
	for (const [enabler, version] of Object.entries(definition.versions)) {
		const file = versions.find((each) => each.version === version);
		const has = versions.map((each) => each.version).join(", ");
		if (!file) problems.push(`${where}: version for LwM2M ${enabler} is ${version}, should be one of ${has}`);
		else if (rank(file.enabler) > rank(enabler))
			problems.push(`${where}: version for LwM2M ${enabler} is ${version}, should be older: it needs ${file.enabler}`);
	}
	const ids = new Set(versions.flatMap((file) => [...file.resources.keys()]));
	for (const id of Object.keys(definition.resources).map(Number)) {
		if (!ids.has(id)) problems.push(`${where}, resource ${id}: is defined, should be absent`);
	}
	for (const id of ids) {
		const first = versions.findIndex((file) => file.resources.has(id));
		const wanted = versions.findLast((file) => file.resources.has(id)).resources.get(id);
		const resource = definition.resources[id];
		if (resource) compareResource(`${where}, resource ${id} (${wanted.name})`, resource, wanted, first);
		else problems.push(`${where}, resource ${id} (${wanted.name}): is absent, should be defined`);
	}
	return problems;

	function compareResource(at, resource, wanted, first) {
		expect(at, "name", resource.name, wanted.name);
		expect(at, "type", TYPES[resource.type], wanted.type);
		expect(at, "operations", OPERATIONS[resource.operations], wanted.operations);
		expect(at, "instances", resource.multiple === undefined ? "Single" : "Multiple", wanted.instances);
		expect(at, "presence", resource.isMandatory ? "Mandatory" : "Optional", wanted.presence);
		expect(at, "units", resource.units, wanted.units || undefined);
		expect(at, "range", resource.range, wanted.range);
		expect(at, "only", resource.only, wanted.only);
		// Not every version has a file: the resource came with the first file that has it, or between that and the one before.
		const latest = versions[first].version;
		const before = versions[first - 1]?.version;
		const since = resource.since;
		if (before === undefined) expect(at, "since", since, undefined);
		else if (since === undefined || rank(since) <= rank(before) || rank(since) > rank(latest))
			expect(at, "since", since, latest);
	}

	function expect(at, what, is, should) {
		if (show(is) !== show(should)) problems.push(`${at}: ${what} is ${show(is)}, should be ${show(should)}`);
	}
}

/** Checks the definitions in a directory of compiled modules. @returns the problems and the number of objects. */
export async function checkObjects(directory, registry) {
	const problems = [];
	const names = readdirSync(directory).filter((name) => /^\d+-.*\.js$/.test(name));
	for (const name of names) {
		const exported = Object.values(await import(pathToFileURL(join(directory, name)).href));
		const definition = exported[0];
		if (exported.length !== 1 || definition?.id !== Number.parseInt(name, 10)) {
			problems.push(`${name}: exports something else than the one definition of object ${Number.parseInt(name, 10)}`);
			continue;
		}
		if (!isFrozen(definition)) problems.push(`object ${definition.id} (${definition.name}): is not frozen throughout`);
		const files = [];
		let isReadable = true;
		for (const file of filesOf(definition.id, registry)) {
			try {
				const object = readObject(registry, file);
				if (object.id !== definition.id) throw new Error(`${file}: is of object ${object.id}`);
				files.push(object);
			} catch (error) {
				problems.push(error.message);
				isReadable = false;
			}
		}
		// with a file missing, every comparison with the newest would be a false one
		if (isReadable) problems.push(...compare(definition, files));
	}
	if (names.length === 0) problems.push(`${directory}: holds no definition`);
	return { problems, objects: names.length };
}

function show(value) {
	return value === undefined ? "absent" : Array.isArray(value) ? value.join(", ") : `"${value}"`;
}

function isFrozen(value) {
	return (
		typeof value !== "object" || value === null || (Object.isFrozen(value) && Object.values(value).every(isFrozen))
	);
}

function isStale(root, compiled) {
	const modified = (path) => (existsSync(path) ? statSync(path).mtimeMs : -1);
	return readdirSync(join(root, "objects"))
		.filter((name) => name.endsWith(".ts"))
		.some((name) => modified(join(compiled, name.replace(/ts$/, "js"))) < modified(join(root, "objects", name)));
}

async function main() {
	const { operands } = readCommandLine({
		name: "check-objects",
		about: `Compares the modules of objects/, or those compiled in COMPILED, with OMA's XML files: of $OMA_REGISTRY, else of
../shared/oma-registry.`,
		operands: "[COMPILED]",
	});
	const root = fileURLToPath(new URL("..", import.meta.url));
	const registry = resolve(root, process.env.OMA_REGISTRY || "../shared/oma-registry");
	if (!existsSync(registry)) {
		console.log("check-objects: skipped, there is no directory of OMA's XML files (OMA_REGISTRY names one)");
		return 0;
	}
	const compiled = operands[0] ? resolve(operands[0]) : join(root, "build/js/objects");
	// type errors are the type check's to report: the modules are written in spite of them
	if (!operands[0] && isStale(root, compiled)) spawnSync("npx", ["tsc", "-p", "."], { cwd: root });
	const { problems, objects } = await checkObjects(compiled, registry);
	for (const problem of problems) console.log(problem);
	console.log(`check-objects: ${objects} objects, ${problems.length} mismatches`);
	return problems.length ? 1 : 0;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) process.exitCode = await main();
