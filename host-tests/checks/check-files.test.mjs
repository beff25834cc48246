// scripts/check-files.mjs: each rule with a file that keeps it and one that does not.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { checkFiles } from "../../scripts/check-files.mjs";

const root = mkdtempSync(join(tmpdir(), "check-files-"));
after(() => rmSync(root, { recursive: true }));
const NONE = { faults: [], warnings: [] };
const home = `/${"home"}/someone`;

test("files that keep the rules pass, whatever else lies beside them", () => {
	const files = {
		"src/a-b.ts": "// why\n",
		"src/port.d.ts": "/** why */\n",
		"src/DESIGN.md": `${home}`,
		"platforms/qemu/start-up.S": "/* why */\n",
		"scripts/run.sh": "#!/bin/sh\n# why\n",
		"scripts/run.mjs": "#!/usr/bin/env node\n// why\n",
		"host-tests/unit/Any_Name.ts": "",
		"src/url.ts": "// coap://host/home/x and ../home/x\n",
		"src/divide.ts": `// why\nconst a = (b / c) / d[0] / 2; /* e/f/g */ const h = "/i/" + \`\${j / k}/l/\`; return\n`,
		"scripts/find.mjs": "// why\n/a/.test(b);\n",
	};
	assert.deepEqual(check(files), NONE);
});

test("300 lines pass, 301 are a warning, 401 a fault", () => {
	const lines = (count) => `// why\n${"x;\n".repeat(count - 1)}`;
	assert.deepEqual(check({ "src/a.ts": lines(300) }), NONE);
	assert.deepEqual(check({ "src/a.ts": lines(400) }), {
		faults: [],
		warnings: ["src/a.ts: 400 lines, 300 are the limit"],
	});
	assert.deepEqual(check({ "src/a.ts": lines(401) }), {
		faults: ["src/a.ts: 401 lines, 400 are the limit"],
		warnings: [],
	});
});

const faults = [
	["objects/3_device.ts", "// why\n", "objects/3_device.ts: the name is not kebab-case"],
	["src/lineEditor.ts", "// why\n", "src/lineEditor.ts: the name is not kebab-case"],
	["src/a.ts", "const a = 1;\n// late\n", "src/a.ts:1 does not begin with a comment"],
	["scripts/a.sh", "#!/bin/sh\nls\n", "scripts/a.sh:1 does not begin with a comment"],
	[
		"host-tests/server/a.ts",
		`// why\n// ${"TO" + "DO"}: more\n`,
		`host-tests/server/a.ts:2 has a placeholder: ${"TO" + "DO"}`,
	],
	["src/a.ts", "// why\nif (/^[/]$/i.test(a)) b();\n", "src/a.ts:2 has a regular expression: /^[/]$/i"],
	["objects/a.ts", "// why\n\nreturn /\\/b/;\n", "objects/a.ts:3 has a regular expression: /\\/b/"],
	["src/a.ts", `// why\na(\`\${b}/c/\`, \`\${{ d }.d}\`, /e/);\n`, "src/a.ts:2 has a regular expression: /e/"],
	["platforms/xs/a.js", "// why\nnew RegExp(a);\n", "platforms/xs/a.js:2 has a regular expression: RegExp"],
	["platforms/xs/a.c", `// why\n// see ${home}/a.c\n`, `platforms/xs/a.c:2 has a path of a machine: ${home}`],
];
for (const [path, text, expected] of faults) {
	test(`a fault is found: ${expected}`, () =>
		assert.deepEqual(check({ [path]: text }), { faults: [expected], warnings: [] }));
}

function check(files) {
	const at = mkdtempSync(join(root, "case-"));
	for (const [path, text] of Object.entries(files)) {
		mkdirSync(dirname(join(at, path)), { recursive: true });
		writeFileSync(join(at, path), text);
	}
	return checkFiles(at);
}
