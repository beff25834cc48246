// The program of the runtime's tests (host-tests/runtime/programs) as an executable.
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { readManifest } from "./manifest.mjs";
import { build, root } from "./paths.mjs";
import { buildProgram } from "./program.mjs";

export function buildProbe({ isDebug = false } = {}) {
	const folder = "host-tests/runtime/programs";
	const manifest = readManifest("x-host");
	const modules = new Map(manifest.modules);
	for (const name of readdirSync(`${root}/${folder}`)) {
		const module = name.replace(/\.ts$/, "");
		modules.set(`${folder}/${module}`, `./${folder}/${module}`);
	}
	mkdirSync(`${build}/js/build/probe`, { recursive: true });
	writeFileSync(`${build}/js/build/probe/start.js`, `import main from "${folder}/start";\nmain();\n`);
	modules.set("start", "./build/probe/start");
	return buildProgram("probe", { ...manifest, modules }, "start", { isDebug });
}
