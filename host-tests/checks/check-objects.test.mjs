// scripts/check-objects.mjs against a small object of its own, in two versions: every kind of fault is named in one line.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { checkObjects, compare } from "../../scripts/check-objects.mjs";
import { parseObject } from "../../scripts/lib/oma-xml.mjs";

const root = mkdtempSync(join(tmpdir(), "check-objects-"));
after(() => rmSync(root, { recursive: true }));

const level = item(1, "Level", "R", "Single", "Mandatory", "Integer", "0..10", "%");
const first = xml("", "", level + item(2, "Stop", "E", "Single", "Optional", "", "", ""));
const second = xml(
	"1.0",
	"1.2",
	level +
		item(2, "Stop", "E", "Single", "Optional", "", "", "") +
		item(3, "  Key \n Names ", "RW", "Multiple", "Optional", "Opaque", "16,32,48", "") +
		item(4, "Hint", "", "Single", "Optional", "Unsigned Integer", "see the text", ""),
);

const definition = freeze({
	id: 42,
	name: "Lamp",
	versions: { "1.0": "1.0", 1.1: "1.2", 1.2: "1.2" },
	instances: 1,
	isSingle: true,
	resources: {
		1: { name: "Level", type: 2, operations: 1, isMandatory: true, range: [0, 10], units: "%" },
		2: { name: "Stop", type: 0, operations: 4 },
		3: { name: "Key Names", type: 6, operations: 3, multiple: 8, only: [16, 32, 48], since: "1.2" },
		4: { name: "Hint", type: 3, operations: 0, since: "1.1" },
	},
});

test("a definition that says what the files say has no mismatch", () => {
	assert.deepEqual(mismatches(definition), []);
});

const faults = [
	["object name", {}, { name: "Lamps" }, 'object 42 (Lamps): name is "Lamps", should be "Lamp"'],
	["instances", {}, { isSingle: undefined }, 'object 42 (Lamp): instances is "Multiple", should be "Single"'],
	["object presence", {}, { isMandatory: true }, 'object 42 (Lamp): presence is "Mandatory", should be "Optional"'],
	[
		"unknown version",
		{},
		{ versions: { 1.1: "1.3" } },
		"object 42 (Lamp): version for LwM2M 1.1 is 1.3, should be one of 1.0, 1.2",
	],
	["resource name", { 1: { name: "level" } }, {}, 'resource 1 (Level): name is "level", should be "Level"'],
	["type", { 1: { type: 3 } }, {}, 'resource 1 (Level): type is "Unsigned Integer", should be "Integer"'],
	["operations", { 1: { operations: 3 } }, {}, 'resource 1 (Level): operations is "RW", should be "R"'],
	["hidden", { 4: { operations: 1 } }, {}, 'resource 4 (Hint): operations is "R", should be ""'],
	["multiplicity", { 1: { multiple: 8 } }, {}, 'resource 1 (Level): instances is "Multiple", should be "Single"'],
	[
		"presence",
		{ 1: { isMandatory: undefined } },
		{},
		'resource 1 (Level): presence is "Optional", should be "Mandatory"',
	],
	["units", { 1: { units: undefined } }, {}, 'resource 1 (Level): units is absent, should be "%"'],
	["range", { 1: { range: [0, 11] } }, {}, "resource 1 (Level): range is 0, 11, should be 0, 10"],
	["no range", { 1: { range: undefined } }, {}, "resource 1 (Level): range is absent, should be 0, 10"],
	["range of prose", { 4: { range: [0, 1] } }, {}, "resource 4 (Hint): range is 0, 1, should be absent"],
	["lengths", { 3: { only: [16, 32] } }, {}, "resource 3 (Key Names): only is 16, 32, should be 16, 32, 48"],
	["since of the first", { 1: { since: "1.0" } }, {}, 'resource 1 (Level): since is "1.0", should be absent'],
	["no since", { 3: { since: undefined } }, {}, 'resource 3 (Key Names): since is absent, should be "1.2"'],
	["late since", { 3: { since: "1.3" } }, {}, 'resource 3 (Key Names): since is "1.3", should be "1.2"'],
	["early since", { 3: { since: "1.0" } }, {}, 'resource 3 (Key Names): since is "1.0", should be "1.2"'],
	["too many", { 9: { name: "Extra", type: 1, operations: 1 } }, {}, "resource 9: is defined, should be absent"],
];
for (const [title, resources, changes, expected] of faults) {
	test(`a fault is found: ${title}`, () => {
		const copy = structuredClone(definition);
		Object.assign(copy, changes);
		for (const [id, change] of Object.entries(resources)) copy.resources[id] = { ...copy.resources[id], ...change };
		const found = mismatches(copy);
		assert.equal(found.length, 1, found.join("\n"));
		assert.ok(found[0].endsWith(expected), found[0]);
	});
}

test("a resource that is left out is found", () => {
	const copy = structuredClone(definition);
	delete copy.resources[2];
	assert.deepEqual(mismatches(copy), ["object 42 (Lamp), resource 2 (Stop): is absent, should be defined"]);
});

test("a version that needs a newer enabler than it is announced for is found", () => {
	const newer = parseObject(second.replace("<LWM2MVersion>1.0", "<LWM2MVersion>1.2"));
	assert.deepEqual(compare(definition, [parseObject(first), newer]), [
		"object 42 (Lamp): version for LwM2M 1.1 is 1.2, should be older: it needs 1.2",
	]);
});

test("an object that the registry lacks is found", () => {
	assert.deepEqual(compare(definition, []), ["object 42 (Lamp): the registry has no file of it"]);
});

test("malformed XML, a wrong document and a wrong object get one line each", async () => {
	const cases = [
		[second.replace("</Item>", ""), /^42\.xml:\d+:\d+: .*Item/],
		["", /^42\.xml:1:1: /],
		["<LWM2M><Object/></LWM2M>", /^42\.xml:1:1: holds no object with resources$/],
		[second.replace("<ObjectID>42", "<ObjectID>43"), /^42\.xml: is of object 43$/],
	];
	for (const [text, expected] of cases) {
		const { problems } = await check({ "42.xml": text, "42-1_0.xml": first }, definition);
		assert.equal(problems.length, 1, problems.join("\n"));
		assert.match(problems[0], expected);
	}
});

test("a whole directory is checked, and files of other objects are passed over", async () => {
	const files = { "42.xml": second, "42-1_0.xml": first, "421.xml": "<not xml" };
	assert.deepEqual(await check(files, definition), { problems: [], objects: 1 });
});

test("a definition that is not frozen, or not alone in its file, is found", async () => {
	const files = { "42.xml": second, "42-1_0.xml": first };
	assert.deepEqual((await check(files, definition, false)).problems, ["object 42 (Lamp): is not frozen throughout"]);
	const { problems } = await check(files, { ...definition, id: 41 });
	assert.deepEqual(problems, ["42-lamp.js: exports something else than the one definition of object 42"]);
});

function mismatches(of) {
	return compare(of, [parseObject(second), parseObject(first)]);
}

async function check(files, of, isFrozen = true) {
	const at = mkdtempSync(join(root, "case-"));
	const [registry, objects] = [join(at, "registry"), join(at, "objects")];
	mkdirSync(registry);
	mkdirSync(objects);
	for (const [name, text] of Object.entries(files)) writeFileSync(join(registry, name), text);
	writeFileSync(join(at, "package.json"), '{ "type": "module" }');
	const frozen = `${freeze}\nexport const lamp = freeze(${JSON.stringify(of)});`;
	writeFileSync(join(objects, "42-lamp.js"), isFrozen ? frozen : `export const lamp = ${JSON.stringify(of)};`);
	return checkObjects(objects, registry);
}

function freeze(value) {
	for (const part of Object.values(value)) if (typeof part === "object") freeze(part);
	return Object.freeze(value);
}

function xml(enabler, version, items) {
	return `\uFEFF<?xml version="1.0" encoding="UTF-8"?>
<!-- a comment with <tags> -->
<LWM2M><Object ObjectType="MODefinition"><Name>Lamp</Name><ObjectID>42</ObjectID>
<LWM2MVersion>${enabler}</LWM2MVersion><ObjectVersion>${version}</ObjectVersion>
<MultipleInstances>Single</MultipleInstances><Mandatory>Optional</Mandatory>
<Resources>${items}</Resources></Object></LWM2M>`;
}

function item(id, name, operations, instances, mandatory, type, range, units) {
	return `<Item ID="${id}"><Name>${name}</Name><Operations>${operations}</Operations>
<MultipleInstances>${instances}</MultipleInstances><Mandatory>${mandatory}</Mandatory><Type>${type}</Type>
<RangeEnumeration>${range}</RangeEnumeration><Units>${units}</Units><Description>a text</Description></Item>`;
}
