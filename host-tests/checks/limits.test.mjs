// docs/limits-and-errors.md says every limit of src/config.ts, with its value.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { root } from "../../scripts/lib/paths.mjs";

test("the table of limits has every constant with its value, in bytes of the same number", () => {
	const config = readFileSync(`${root}/src/config.ts`, "utf8");
	const text = readFileSync(`${root}/docs/limits-and-errors.md`, "utf8");
	const limits = [...config.matchAll(/^export const (\w+) = ([\d_]+);/gm)].map(([, name, value]) => [
		name,
		value.replaceAll("_", ""),
	]);
	assert.ok(limits.length > 40);
	const said = [...text.matchAll(/^\| `([A-Z_]+)` +\| (\d+) /gm)].map(([, name, value]) => [name, value]);
	assert.deepEqual(said.sort(), limits.sort());
});
