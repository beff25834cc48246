// The program of the runtime's tests (host-tests/runtime/programs), as an executable and as a firmware.
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { buildProgramFirmware } from "./firmware.mjs";
import { readManifest } from "./manifest.mjs";
import { build, root } from "./paths.mjs";
import { buildProgram } from "./program.mjs";

/** @returns the path of an executable */
export function buildProbe({ isDebug = false } = {}) {
	return buildProgram("probe", probeManifest("x-host"), "start", { isDebug });
}

/** @returns the path of an ELF file for the emulated board */
export function buildProbeFirmware() {
	return buildProgramFirmware("probe", probeManifest("x-qemu"));
}

function probeManifest(platform) {
	const folder = "host-tests/runtime/programs";
	const manifest = readManifest(platform);
	const modules = new Map(manifest.modules);
	for (const name of readdirSync(`${root}/${folder}`)) {
		const module = name.replace(/\.ts$/, "");
		modules.set(`${folder}/${module}`, `./${folder}/${module}`);
	}
	mkdirSync(`${build}/js/build/probe`, { recursive: true });
	writeFileSync(`${build}/js/build/probe/start.js`, `import main from "${folder}/start";\nmain();\n`);
	modules.set("start", "./build/probe/start");
	return { ...manifest, modules };
}
