// The device of host-tests/devices as an executable: every object that the project ships.

import { withStart } from "./device.mjs";
import { readManifest, withEverything } from "./manifest.mjs";
import { buildProgram } from "./program.mjs";

const MAIN = "host-tests/devices/every-object";

/** @returns the executable's path */
export function buildEveryObject() {
	const manifest = readManifest("x-host");
	const modules = withEverything(manifest.modules).set(MAIN, `./${MAIN}`);
	const creation = { ...manifest.creation, main: MAIN };
	return buildProgram("every-object", withStart({ ...manifest, creation, modules }, "every-object"), "start");
}
