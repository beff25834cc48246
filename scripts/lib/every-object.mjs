// The device of host-tests/devices as an executable: every object that the project ships.

import { withApp } from "./app.mjs";
import { withStart } from "./device.mjs";
import { readManifest } from "./manifest.mjs";
import { buildProgram } from "./program.mjs";

const MAIN = "host-tests/devices/every-object";

/** @returns the executable's path */
export function buildEveryObject() {
	const manifest = readManifest("x-host");
	return buildProgram("every-object", withStart(withApp(manifest, MAIN), "every-object"), "start");
}
