// scripts/check-imports.mjs against trees of a few files: what each row lets through, and what it does not.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { checkImports } from "../../scripts/check-imports.mjs";

const root = mkdtempSync(join(tmpdir(), "check-imports-"));
after(() => rmSync(root, { recursive: true }));
const script = fileURLToPath(new URL("../../scripts/check-imports.mjs", import.meta.url));

const allowed = [
	["src/coap/endpoint.ts", "../bytes.js", "../log.js", "../config.js", "../platform.js", "./message.js"],
	["src/lwm2m/path.ts", "./definition.js", "../bytes.js"],
	["src/lwm2m/attributes.ts", "./path.js", "../config.js"],
	["src/lwm2m/registry.ts", "./definition.js", "./path.js", "./model.js", "../bytes.js"],
	["src/lwm2m/cursor.ts", "./registry.js", "./definition.js"],
	["src/lwm2m/observe.ts", "../coap/exchange.js", "../codec/codec.js", "./cursor.js"],
	["src/codec/tlv.ts", "../lwm2m/cursor.js", "../lwm2m/registry.js", "../lwm2m/definition.js", "./codec.js"],
	["src/security/connection.ts", "../lwm2m/registry.js", "../platform.js", "./credentials.js"],
	["src/fota/firmware.ts", "../coap/endpoint.js", "../lwm2m/registry.js", "./downloader.js"],
	["src/shell/commands.ts", "../client.js", "../codec/text.js", "../lwm2m/registry.js", "./terminal.js"],
	["src/client.ts", "./lwm2m/observe.js", "./fota/firmware.js", "./options.js", "./port.js", "../objects/index.js"],
	["src/main.ts", "./client.js", "./shell/commands.js", "./port.js", "../objects/index.js"],
	["objects/3-device.ts", "../src/lwm2m/definition.js"],
	["objects/index.ts", "./3-device.js"],
	[
		"platforms/esp32/net/udp.ts",
		"embedded:io/socket/udp",
		"timer",
		"time",
		"../platform.js",
		"../../../src/options.js",
	],
	["host-tests/server/coap/endpoint.ts", "node:dgram", "coap-packet", "@scope/name/part", "../clock.js"],
];
for (const [path, ...specifiers] of allowed) {
	test(`${path} may import ${specifiers.join(", ")}`, () => {
		assert.deepEqual(check({ [path]: statements(specifiers) }), []);
	});
}

const refused = [
	["src/bytes.ts", "./config.js", "allowed are src/scan"],
	["src/log.ts", "./platform.js", "allowed are none"],
	["src/coap/message.ts", "../lwm2m/path.js"],
	["src/coap/message.ts", "src/bytes"],
	["src/lwm2m/definition.ts", "./registry.js"],
	["src/lwm2m/registry.ts", "./cursor.js"],
	["src/lwm2m/registry.ts", "../coap/numbers.js"],
	["src/lwm2m/model.ts", "./dispatcher.js"],
	["src/lwm2m/dispatcher.ts", "../security/connection.js"],
	["src/codec/tlv.ts", "../lwm2m/dispatcher.js"],
	["src/codec/tlv.ts", "../lwm2m/registry-of-others.js"],
	["src/codec/tlv.ts", "../coap/message.js"],
	["src/security/connection.ts", "../lwm2m/cursor.js"],
	["src/security/connection.ts", "../coap/message.js"],
	["src/fota/firmware.ts", "../codec/text.js"],
	["src/shell/commands.ts", "../fota/firmware.js"],
	["src/shell/commands.ts", "../options.js"],
	["src/lwm2m/registration.ts", "../port.js"],
	["src/client.ts", "./main.js"],
	["src/main.ts", "../objects/3-device.js"],
	["src/main.ts", "../platforms/host/platform.js"],
	["src/main.ts", "embedded:storage/flash"],
	["src/client.ts", "timer"],
	["src/client.ts", "time"],
	["src/client.ts", "node:fs"],
	["src/coap/message.ts", "coap-packet"],
	["objects/3-device.ts", "../src/lwm2m/path.js"],
	["objects/3-device.ts", "./1-server.js"],
	["platforms/host/platform.ts", "../../src/client.js"],
	["platforms/host/platform.ts", "../qemu/platform.js"],
	["platforms/host/platform.ts", "node:fs"],
	["host-tests/server/main.ts", "../../src/bytes.js"],
	["host-tests/server/main.ts", "undeclared-package"],
	["host-tests/server/main.ts", "../support/test.js"],
];
for (const [path, specifier, ending = "allowed are "] of refused) {
	test(`${path} may not import ${specifier}`, () => {
		const found = check({ [path]: `// first\nimport type { x } from "${specifier}";\n` });
		assert.equal(found.length, 1, found.join("\n"));
		assert.ok(found[0].startsWith(`${path}:2 imports ${specifier}: ${ending}`), found[0]);
	});
}

test("every form of import is seen, at its first line", () => {
	const forms = [
		'import "./a.js";',
		'import a from "./a.js";',
		'import * as a from "./a.js";',
		'import {\n\ta,\n\tb, // of both\n} from "./a.js";',
		'export { a } from "./a.js";',
		'export * from "./a.js";',
		'import { type A } from "./a.js";',
		'\timport type { A } from "./a.js";',
		'const a = await import("./a.js");',
		'type A = import("./a.js").A;',
	];
	for (const form of forms) {
		const found = check({ "src/config.ts": `// first\n\n${form}\n` });
		assert.deepEqual(found, ["src/config.ts:3 imports ./a.js: allowed are none"], form);
	}
});

test("comments and texts that speak of imports are none", () => {
	const text = '// import "./a.js"\n/*\n * import a from "./a.js";\n */\nexport const from = "./a.js";\n';
	assert.deepEqual(check({ "src/config.ts": text }), []);
});

test("a relative import without .js is a violation", () => {
	const found = check({ "src/coap/block.ts": 'import { a } from "./message";\n' });
	assert.deepEqual(found, ["src/coap/block.ts:1 imports ./message: a relative import ends in .js"]);
});

test("a module without a row is a violation", () => {
	assert.deepEqual(check({ "src/misc.ts": "" }), [
		"src/misc.ts:1 has no row in the table of scripts/check-imports.mjs",
	]);
});

test("the seam files import types only", () => {
	const found = check({
		"src/options.ts": 'import { a } from "./platform.js";\n',
		"src/port.d.ts": 'import type { a } from "./platform.js";\n',
	});
	assert.deepEqual(found, ["src/options.ts:1 imports ./platform.js: allowed are types"]);
});

test("a cycle is reported once, and a type import closes none", () => {
	const files = {
		"src/coap/a.ts": 'import { b } from "./b.js";\n',
		"src/coap/b.ts": 'import { c } from "./c.js";\n',
		"src/coap/c.ts": 'import { b } from "./b.js";\nimport type { a } from "./a.js";\n',
	};
	assert.deepEqual(check(files), ["import cycle: src/coap/b -> src/coap/c -> src/coap/b"]);
	files["src/coap/c.ts"] = 'import { type b } from "./b.js";\n';
	assert.equal(check(files).length, 1, "an import of inline types remains at run time, for its effects");
	files["src/coap/c.ts"] = 'import type { b } from "./b.js";\n';
	assert.deepEqual(check(files), []);
});

test("the exit status says whether there was a violation", () => {
	const run = (files) => spawnSync(process.execPath, [script, make(files)], { encoding: "utf8" });
	assert.equal(run({ "src/scan.ts": "" }).status, 0);
	const { status, stdout } = run({ "src/scan.ts": 'import "timer";' });
	assert.equal(status, 1);
	assert.equal(stdout, "src/scan.ts:1 imports timer: allowed are none\ncheck-imports: 1 violations\n");
});

function check(files) {
	return checkImports(make(files));
}

function make(files) {
	const at = mkdtempSync(join(root, "case-"));
	const declared = { dependencies: { "coap-packet": "1.0.0", "@scope/name": "1.0.0" } };
	for (const [path, text] of Object.entries({ "package.json": JSON.stringify(declared), ...files })) {
		mkdirSync(dirname(join(at, path)), { recursive: true });
		writeFileSync(join(at, path), text);
	}
	return at;
}

function statements(specifiers) {
	return specifiers.map((specifier, i) => `import { x${i} } from "${specifier}";\n`).join("");
}
