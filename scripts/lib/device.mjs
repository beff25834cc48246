// Builds the simulated device.
import { copyFileSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { appName, withApp } from "./app.mjs";
import { isNewer } from "./compile.mjs";
import { readManifest } from "./manifest.mjs";
import { build } from "./paths.mjs";
import { buildProgram, checkPreload, compileDevice } from "./program.mjs";
import { setUp } from "./setup.mjs";

/** Sets up, compiles and links what has changed. @param app a module in place of src/main. @returns the device's executable */
export function buildDevice({ isDebug = false, app } = {}) {
	setUp();
	compileDevice();
	const manifest = readManifest("x-host");
	checkPreload(manifest);
	if (app) return buildProgram(appName(app), withStart(withApp(manifest, app), appName(app)), "start", { isDebug });
	const program = buildProgram("device", withStart(manifest, "device"), "start", { isDebug });
	const executable = `${build}/${isDebug ? "host-debug" : "host"}/lwm2m-xs`;
	if (!isNewer(executable, [program])) {
		// renamed into place: a device that runs keeps the file it was started from
		copyFileSync(program, `${executable}.${process.pid}`);
		renameSync(`${executable}.${process.pid}`, executable);
	}
	return executable;
}

/** The module that calls the main module's default export, as the Moddable SDK's own start does. */
export function withStart(manifest, name) {
	const folder = `${build}/js/build/${name}`;
	mkdirSync(folder, { recursive: true });
	writeFileSync(`${folder}/start.js`, `import main from "${manifest.creation.main}";\nmain();\n`);
	return { ...manifest, modules: new Map([...manifest.modules, ["start", `./build/${name}/start`]]) };
}
