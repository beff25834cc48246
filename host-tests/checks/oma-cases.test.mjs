// The interoperability cases of OMA's test specification (LightweightM2M-1.1-int-N) that `npm test` covers by number:
// each stands at the head of a test's title, in the unit tests or in the scenarios.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const folders = ["../unit/", "../scenarios/"].map((path) => new URL(path, import.meta.url));
const CASES = {
	bootstrap: [0, 1, 2, 4, 5, 6, 7, 8, 9],
	registration: [101, 102, 103, 104, 105, 107, 108, 109],
	"device management": [
		201, 203, 204, 205, 211, 212, 215, 220, 221, 222, 223, 224, 225, 226, 227, 228, 229, 230, 231, 232, 233, 234, 235,
		236, 237, 241, 256, 257, 260, 261, 280, 281,
	],
	"information reporting": [301, 302, 303, 304, 305, 306, 307, 308, 309, 310, 311],
	security: [401],
	"firmware update": [751, 755, 756, 760, 770, 771, 772, 773, 774, 775, 776, 777, 778, 779],
	objects: [651, 652, 680, 685, 701, 710, 801, 810],
	"several servers": [950, 951],
};

const found = new Set();
for (const folder of folders)
	for (const name of readdirSync(folder)) {
		if (!name.endsWith(".test.ts")) continue;
		const text = readFileSync(new URL(name, folder), "utf8");
		for (const [, head] of text.matchAll(/\btest\(\s*["`]([^:\n]*):/g))
			for (const [, number] of head.matchAll(/LightweightM2M-1\.1-int-(\d+)|, (\d+)/g)) found.add(Number(number));
	}

for (const [area, numbers] of Object.entries(CASES))
	test(`the cases of ${area} each have a test: ${numbers.join(", ")}`, () => {
		const missing = numbers.filter((number) => !found.has(number));
		assert.deepEqual(missing, []);
	});
