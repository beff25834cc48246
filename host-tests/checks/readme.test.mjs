// The TypeScript of README and docs/reporting.md: what it shows is compiled, and what it says is refused is refused with
// the words that it gives. And the links of all documents.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { build, root } from "../../scripts/lib/paths.mjs";

const folder = `${build}/readme`;
const blocks = blocksOf("README.md");

function blocksOf(file) {
	return [...readFileSync(`${root}/${file}`, "utf8").matchAll(/^```ts\n(.*?)^```/gms)].map(([, text]) => text);
}

/** Type-checks a file as if it were in examples/. @returns what the compiler says */
function check(name, text) {
	mkdirSync(folder, { recursive: true });
	writeFileSync(`${folder}/${name}.ts`, text.replace(/from "\.\.\//g, 'from "../../'));
	const config = {
		extends: "../../tsconfig.json",
		compilerOptions: { rootDir: "../..", noEmit: true },
		include: [`${name}.ts`],
	};
	writeFileSync(`${folder}/${name}.json`, JSON.stringify(config));
	return spawnSync(`${root}/node_modules/.bin/tsc`, ["-p", `${folder}/${name}.json`], { cwd: root, encoding: "utf8" })
		.stdout;
}

const GIVEN = `import { coreObjects } from "../objects/index.js";
import type { Client } from "../src/client.js";
import { SEND_SUCCESS } from "../src/lwm2m/send.js";
declare const client: Client<typeof coreObjects>;
const { registry } = client;
const onSent = (status: number): boolean => status === SEND_SUCCESS;
`;

test("the device that it shows compiles", () => {
	const devices = blocks.filter((text) => text.includes("export default function main"));
	assert.equal(devices.length, 1);
	assert.equal(check("device", devices[0]), "");
});

test("each line that it says is refused is, with what it says", () => {
	const [block] = blocks.filter((text) => text.includes("no resource 5699"));
	const lines = block.trimEnd().split("\n");
	const said = check("refused", `${GIVEN}${block}`).split("\n");
	const first = GIVEN.split("\n").length;
	for (const [index, line] of lines.entries()) {
		const [, wanted] = / \/\/ (.*)$/.exec(line);
		const at = said.find((text) => text.includes(`refused.ts(${first + index},`));
		assert.ok(at?.includes(wanted), `${line}\n${at}`);
	}
});

test("the lines that are shown for reporting compile", () => {
	const shown = [...blocks.filter((text) => text.includes("client.cache.")), ...blocksOf("docs/reporting.md")];
	const lines = shown.flatMap((block) => block.split("\n"));
	assert.ok(lines.some((line) => line.includes("client.sendRecords")));
	const whole = lines
		.join("\n")
		.replace(/^import .*\n/gm, "")
		.replaceAll("…, ", "")
		.replaceAll("(status) => …", "onSent")
		.replace(", …]", "]")
		.replace("{ … }", "{}");
	assert.equal(check("reporting", `${GIVEN}${whole}`), "");
});

test("what the documents link to is there", () => {
	const documents = [
		"README.md",
		"src/DESIGN.md",
		"host-tests/server/README.md",
		...readdirSync(`${root}/docs`).map((name) => `docs/${name}`),
	];
	assert.ok(documents.length > 8);
	for (const file of documents)
		for (const [, target] of readFileSync(`${root}/${file}`, "utf8").matchAll(/\]\(([^)#]+)[^)]*\)/g))
			if (!target.includes("://")) assert.ok(existsSync(join(root, dirname(file), target)), `${file}: ${target}`);
});
