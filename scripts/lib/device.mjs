// Builds the simulated device.
import { mkdirSync, writeFileSync } from "node:fs";
import { readManifest } from "./manifest.mjs";
import { build } from "./paths.mjs";
import { buildProgram, compileDevice } from "./program.mjs";
import { setUp } from "./setup.mjs";

/** Sets up, compiles and links what has changed. @returns the device's executable */
export function buildDevice({ isDebug = false } = {}) {
	setUp();
	compileDevice();
	const manifest = readManifest("x-host");
	return buildProgram("device", withStart(manifest, "device"), "start", { isDebug });
}

/** The module that calls the main module's default export, as the Moddable SDK's own start does. */
function withStart(manifest, name) {
	const folder = `${build}/js/build/${name}`;
	mkdirSync(folder, { recursive: true });
	writeFileSync(`${folder}/start.js`, `import main from "${manifest.creation.main}";\nmain();\n`);
	return { ...manifest, modules: new Map([...manifest.modules, ["start", `./build/${name}/start`]]) };
}
