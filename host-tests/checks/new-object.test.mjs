// scripts/new-object.mjs: what it writes from OMA's files, and the one line where a file cannot be used.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { parseObject } from "../../scripts/lib/oma-xml.mjs";
import { objectSource, withModule, withObject, withPreload } from "../../scripts/new-object.mjs";

const folder = mkdtempSync(join(tmpdir(), "new-object-"));
after(() => rmSync(folder, { recursive: true }));

const items = {
	1: item(1, "Level", "RW", "Single", "Mandatory", "Integer", "0..10", "%"),
	2: item(2, "Stop", "E", "Single", "Optional", "", "", ""),
	3: item(3, "  Key \n Names ", "RW", "Multiple", "Optional", "Opaque", "16,32,48", ""),
	4: item(4, "Text", "", "Single", "Optional", "String", "32 bytes", ""),
	5: item(5, "Id", "R", "Single", "Optional", "Integer", "2 bytes", ""),
};
const first = xml("1.0", "1.0", items[1] + items[2]);
const second = xml("1.1", "1.1", Object.values(items).join(""));

test("a definition has types, operations, multiplicity, presence, ranges, lengths, units and versions", () => {
	const { id, file, constant, text } = objectSource([parseObject(second), parseObject(first)]);
	assert.deepEqual([id, file, constant], [42, "42-big-lamp-on-off.ts", "bigLampOnOff"]);
	for (const line of [
		'import { defineObject, E, HIDDEN, INTEGER, NONE, OPAQUE, R, RW, STRING } from "../src/lwm2m/definition.js";',
		'	versions: { "1.0": "1.0", "1.1": "1.1", "1.2": "1.1" },',
		"	instances: 4,",
		'		1: { name: "Level", type: INTEGER, operations: RW, isMandatory: true, range: [0, 10], units: "%" },',
		'		2: { name: "Stop", type: NONE, operations: E },',
		'		3: { name: "Key Names", type: OPAQUE, operations: RW, multiple: 8, only: [16, 32, 48], since: "1.1" },',
		'		4: { name: "Text", type: STRING, operations: HIDDEN, range: [0, 32], since: "1.1" },',
		'		5: { name: "Id", type: INTEGER, operations: R, range: [0, 65535], since: "1.1" },',
	])
		assert.ok(text.split("\n").includes(line), `${line}\nin\n${text}`);
});

test("an object enters the index and the manifest by its id, once", () => {
	const made = { id: 42, file: "42-lamp.ts", constant: "lamp" };
	const index = `import { device } from "./3-device.js";
import { humidity } from "./3304-humidity.js";

export { device } from "./3-device.js";
export { humidity } from "./3304-humidity.js";

export const coreObjects = Object.freeze([
	device,
	humidity,
] as const);
`;
	const changed = withObject(index, made);
	assert.match(changed, /3-device.js";\nimport \{ lamp \} from "\.\/42-lamp\.js";\nimport/);
	assert.match(changed, /3-device.js";\nexport \{ lamp \} from "\.\/42-lamp\.js";\nexport/);
	assert.match(changed, /device,\n\tlamp,\n\thumidity,/);
	assert.equal(withObject(changed, made), changed);
	const manifest = JSON.stringify({
		modules: { "objects/*": ["./objects/index", "./objects/3-device", "./objects/3304-humidity"] },
	});
	const listed = withModule(manifest, made);
	assert.deepEqual(JSON.parse(listed).modules["objects/*"], [
		"./objects/index",
		"./objects/3-device",
		"./objects/42-lamp",
		"./objects/3304-humidity",
	]);
	assert.equal(withModule(listed, made), listed);
	const acting = withModule('{"modules":{"objects/*":[]},"preload":["objects/*"]}', {
		...made,
		behaviours: ["lamp", "lamp-states"],
	});
	assert.deepEqual(JSON.parse(acting), {
		modules: {
			"objects/*": ["./objects/42-lamp"],
			"src/behaviours/*": ["./src/behaviours/lamp", "./src/behaviours/lamp-states"],
		},
		preload: ["objects/*", "src/behaviours/*"],
	});
	const preloaded = withPreload('{"preload":["objects/3-device","src/client"]}', {
		...made,
		behaviours: ["lamp", "lamp-states"],
	});
	const modules = [
		"objects/3-device",
		"objects/42-lamp",
		"src/behaviours/lamp",
		"src/behaviours/lamp-states",
		"src/client",
	];
	assert.deepEqual(JSON.parse(preloaded), { preload: modules });
	assert.equal(withPreload(preloaded, made), preloaded);
});

const faults = [
	["malformed", first.replace("</Item>", ""), /:\d+:\d+: .*closing tag/],
	["cut off", first.slice(0, -20), /:\d+:\d+: /],
	["no XML", "hello", /:1:1: char 'h' is not expected$/],
	["another document", "<html></html>", /:1:1: holds no object with resources$/],
	[
		"an unknown type",
		first.replace("<Type>Integer", "<Type>Number"),
		/:6:\d+: resource 1: Type is "Number", allowed are "", "String", /,
	],
	["an unknown operation", first.replace("<Operations>RW", "<Operations>X"), /:6:\d+: resource 1: Operations is "X"/],
	["an impossible id", first.replace('ID="2"', 'ID="70000"'), /: a resource has the id "70000", not 0 to 65534$/],
	["an id that is there twice", first.replace('ID="2"', 'ID="1"'), /: resource 1 is there twice$/],
	["no name", first.replace("<Name>Level</Name>", ""), /:6:\d+: resource 1 has no name$/],
];
for (const [title, text, expected] of faults)
	test(`a file that cannot be used gets one line with its place: ${title}`, () => {
		const file = join(folder, "bad.xml");
		writeFileSync(file, text);
		const { status, stdout, stderr } = run(file);
		assert.equal(status, 1);
		assert.equal(stdout, "");
		assert.match(stderr, /^new-object: [^\n]*\n$/);
		assert.match(stderr.trim(), expected);
		assert.ok(stderr.startsWith(`new-object: ${file}:`), stderr);
	});

test("a file or an id that is not there gets one line, and so does a wrong number of arguments", () => {
	assert.match(run(join(folder, "none.xml")).stderr, /none\.xml: no such file\n$/);
	assert.match(run("42").stderr, /has no 42\.xml\n$/);
	assert.match(run().stderr, /one argument is wanted/);
});

function run(...words) {
	return spawnSync("node", ["scripts/new-object.mjs", ...words], {
		encoding: "utf8",
		env: { ...process.env, OMA_REGISTRY: folder },
	});
}

function xml(enabler, version, content) {
	return `\uFEFF<?xml version="1.0" encoding="UTF-8"?>
<LWM2M><Object ObjectType="MODefinition"><Name>LwM2M Big Lamp On/Off</Name><ObjectID>42</ObjectID>
<LWM2MVersion>${enabler}</LWM2MVersion><ObjectVersion>${version}</ObjectVersion>
<MultipleInstances>Multiple</MultipleInstances><Mandatory>Optional</Mandatory>
<Resources>
${content}</Resources></Object></LWM2M>`;
}

function item(id, name, operations, instances, mandatory, type, range, units) {
	return `<Item ID="${id}"><Name>${name}</Name><Operations>${operations}</Operations>
<MultipleInstances>${instances}</MultipleInstances><Mandatory>${mandatory}</Mandatory><Type>${type}</Type>
<RangeEnumeration>${range}</RangeEnumeration><Units>${units}</Units><Description>a text</Description></Item>`;
}
