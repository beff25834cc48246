// scripts/check-manifest.mjs against a small project of its own: whole, and with each kind of fault.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { checkManifest } from "../../scripts/check-manifest.mjs";

const root = mkdtempSync(join(tmpdir(), "check-manifest-"));
after(() => rmSync(root, { recursive: true }));

const manifest = {
	modules: {
		"src/*": "./src/*",
		"src/coap/*": "./src/coap/*",
		"objects/*": ["./objects/index", "./objects/3-device"],
		"~": ["./src/port"],
	},
	preload: ["src/*", "src/coap/*", "objects/*"],
	platforms: {
		board: { include: "./platforms/board/manifest.json" },
		raw: { include: "./platforms/raw/manifest.json" },
	},
};
const board = {
	include: "$(MODDABLE)/examples/manifest_base.json",
	modules: {
		"src/port": "./port",
		"platforms/board/*": ["./platform", "./board", "./extra"],
		"platforms/sdk/*": ["../sdk/board"],
	},
	preload: [
		"platforms/board/*",
		...["coap/send", "log", "main"].map((name) => `src/${name}`),
		...["index", "3-device"].map((name) => `objects/${name}`),
		"platforms/board/platform",
	],
};
const files = {
	"src/main.ts":
		'import { device } from "../objects/index.js";\nimport { send } from "./coap/send.js";\nimport type { X } from "./gone.js";\nimport { createPlatform } from "./port.js";\n',
	"src/port.d.ts": "",
	"src/coap/send.ts": 'export * from "../log.js";\n',
	"src/log.ts": "",
	"objects/index.ts": 'export { device } from "./3-device.js";\n',
	"objects/3-device.ts": "",
	"platforms/board/port.js": 'export { createPlatform, deviceOptions } from "platforms/board/platform";\n',
	"platforms/board/platform.ts": 'import Timer from "timer";\nimport { restart } from "./extra.js";\n',
	"platforms/board/extra.js": 'function restart() @ "xs_extra_restart";\nexport { restart };\n',
	"platforms/board/extra.c": "void xs_extra_restart(xsMachine* the)\n{\n}\n",
	"platforms/board/board.c": "double boardNow(void)\n{\n}\n",
	"platforms/sdk/board.h": "double boardNow(void);\n",
	"platforms/raw/manifest.json": '{ "platforms": { "...": { "error": "no network" } } }',
};

test("a project that is whole has no fault, and a platform that refuses to be built is passed over", () => {
	assert.deepEqual(check({}), []);
});

test("what is frozen, what is constant and what is made by functions can be preloaded", () => {
	const lines = [
		'import { a } from "./coap/send.js";',
		"const bits = (1 << 3) | (1 << 4);",
		"const table: readonly (readonly number[])[] = Object.freeze([Object.freeze([1]), Object.freeze([2])]);",
		"const deep = Object.freeze({ of: [1, { two: 2 }] }, true);",
		"const commands = Object.freeze({",
		"\trun(words) {",
		"\t\treturn { words, all: [words[0]] };",
		"\t},",
		"});",
		"export const thing = define({ id: 3, resources: { 1: { range: [0, 1] } } });",
		"const pattern = /^[{[]$/; // { [",
		"export class Store {",
		"\tstatic of() {",
		"\t\tlet made = new Store();",
		"\t\treturn made;",
		"\t}",
		"}",
		"Object.freeze(Store.prototype);",
	];
	assert.deepEqual(check({ "src/log.ts": `${lines.join("\n")}\n` }), []);
});

const faults = [
	["a file that is not there", { "objects/3-device.ts": null }, /"objects\/\*": there is no file objects\/3-device$/],
	[
		"an import that leads nowhere",
		{ "src/log.ts": 'import "./gone.js";\n' },
		/"src\/log" imports "\.\/gone\.js", and there is no module "src\/gone"$/,
	],
	["a module of the SDK that nobody brings", { "src/log.ts": 'import "wifi";\n' }, /there is no module "wifi"$/],
	[
		"an id that is no path",
		{
			board: (b) => {
				b.modules["platforms/other"] = "./extra";
			},
		},
		/"platforms\/other" is platforms\/board\/extra: the id has to be the path$/,
	],
	[
		"a module that is not preloaded, a pattern being for JavaScript alone",
		{
			board: (b) => {
				b.preload = b.preload.filter((one) => one !== "src/coap/send");
			},
		},
		/"src\/coap\/send" is not in preload$/,
	],
	...[
		["a variable", "let count = 0;", 'variable "count" changes'],
		["one that is exported", "export let at: Map<string, number>, end = 0;", 'variable "end" changes'],
		["an object", "const state = { at: 0 };", '"state" is not frozen'],
		["an array in a frozen object", "const all = Object.freeze({ of: [1] });", '"all" is not frozen'],
		["a table that is filled", "const found = new Map();", '"found" is not frozen'],
		["a static field", "export class A {\n\tstatic made = 0;\n}", '"A.made" is a static field'],
		["what acts", "begin(1);", '"begin\\(1\\);" is run when the module is loaded'],
	].map(([title, line, why]) => [
		`a module that cannot be preloaded: ${title}`,
		{ "src/log.ts": `${line}\n` },
		new RegExp(`"src/log" cannot be preloaded: ${why}$`),
	]),
	[
		"a port without its options",
		{ "platforms/board/port.js": 'export { createPlatform } from "platforms/board/platform";\n' },
		/platforms\/board\/port does not export deviceOptions$/,
	],
	[
		"a platform without a port",
		{
			board: (b) => {
				delete b.modules["src/port"];
			},
		},
		/there is no "src\/port"$/,
	],
	[
		"a native function without its C",
		{ "platforms/board/extra.c": "" },
		/no C file that is listed defines xs_extra_restart$/,
	],
	[
		"a part of the board that is missing",
		{ "platforms/board/board.c": "double boardNow(void);\n" },
		/no C file that is listed defines boardNow$/,
	],
	[
		"an object that the manifest lacks",
		{ "objects/index.ts": 'export { a } from "./3-device.js";\nexport { b } from "./9-other.js";\n' },
		/^manifest\.json: objects\/9-other is missing in "objects\/\*"$/,
	],
	[
		"an object that the index lacks",
		{ "objects/index.ts": "" },
		/^manifest\.json: objects\/3-device is listed, and objects\/index\.ts does not import it$/,
	],
];
for (const [title, changes, expected] of faults)
	test(`a fault is found: ${title}`, () => {
		const found = check(changes);
		assert.ok(
			found.some((line) => expected.test(line)),
			found.join("\n"),
		);
	});

function check({ manifest: changeManifest, board: changeBoard, ...changedFiles }) {
	const at = mkdtempSync(join(root, "case-"));
	const [main, own] = [structuredClone(manifest), structuredClone(board)];
	changeManifest?.(main);
	changeBoard?.(own);
	const all = {
		...files,
		"manifest.json": JSON.stringify(main),
		"platforms/board/manifest.json": JSON.stringify(own),
		...changedFiles,
	};
	for (const [path, text] of Object.entries(all)) {
		if (text === null) continue;
		mkdirSync(join(at, dirname(path)), { recursive: true });
		writeFileSync(join(at, path), text);
	}
	return checkManifest(at);
}
