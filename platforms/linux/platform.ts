// The seam on the Moddable SDK's own Linux target, headless: for trying the SDK lane without a board. It keeps nothing and has
// no shell; the self-contained build (platforms/host) is the device to work with on Linux.
import type * as seam from "../../src/platform.js";
import { platformOf } from "../sdk/platform.js";
import { exit } from "./program.js";

export function createPlatform(): seam.Platform {
	return platformOf({ name: "linux", storage: undefined, firmware: undefined, openSerial: () => undefined, exit });
}
