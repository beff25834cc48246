// The unit tests as programs: one that runs on Node, one on XS. Both import every test file and run what it declares.
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { readManifest, withEverything } from "./manifest.mjs";
import { build, root } from "./paths.mjs";
import { buildProgram } from "./program.mjs";
import { run } from "./run.mjs";

/** Names of the unit test files, without extension. */
function testNames() {
	return readdirSync(`${root}/host-tests/unit`)
		.filter((name) => name.endsWith(".test.ts"))
		.map((name) => name.replace(/\.ts$/, ""))
		.sort();
}

/** @returns the path of a module that runs all unit tests on Node */
export function unitRunnerForNode() {
	run(process.execPath, [`${root}/scripts/lib/terminal-addon.mjs`]);
	const file = `${build}/js/host-tests/unit/run-all.js`;
	const imports = testNames().map((name) => `import "./${name}.js";`);
	writeFileSync(
		file,
		`${imports.join("\n")}\nimport { runAll } from "../support/test.js";\nprocess.exitCode = runAll() > 0 ? 1 : 0;\n`,
	);
	return file;
}

/** @returns the path of an executable that runs all unit tests on XS */
export function unitRunnerForXs() {
	const folder = `${build}/js/build/unit`;
	mkdirSync(folder, { recursive: true });
	const imports = testNames().map((name) => `import "host-tests/unit/${name}";`);
	writeFileSync(
		`${folder}/start.js`,
		`${imports.join("\n")}\nimport { runAll } from "host-tests/support/test";\nimport { exit } from "platforms/xs/host";\nexit(runAll() > 0 ? 1 : 0);\n`,
	);
	const manifest = readManifest("x-host");
	const modules = withEverything(manifest.modules);
	modules.set("start", "./build/unit/start");
	for (const folderName of ["unit", "support"])
		for (const name of readdirSync(`${root}/host-tests/${folderName}`)) {
			const module = /^(.*?)(\.d)?\.(ts|js)$/.exec(name)?.[1];
			if (module && module !== "report")
				modules.set(`host-tests/${folderName}/${module}`, `./host-tests/${folderName}/${module}`);
		}
	modules.set("host-tests/support/report", "./platforms/xs/test/report");
	// the tests themselves take memory that no device spends
	const creation = {
		...manifest.creation,
		static: 64 << 20,
		heap: { initial: 65536, incremental: 32768 },
		chunk: { initial: 1 << 20, incremental: 1 << 18 },
		stack: 4096,
		keys: { ...manifest.creation.keys, available: 2048 },
	};
	return buildProgram("unit", { ...manifest, creation, modules }, "start", { isDebug: false });
}
