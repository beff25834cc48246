// What every port gives to main.ts: the manifest maps this module to platforms/<name>/platform.
import type { DeviceOptions } from "./options.js";
import type { Platform } from "./platform.js";

/** Options that cannot be used end the program here, with one line and status 2. */
export function deviceOptions(): DeviceOptions;
/** @param options what `deviceOptions` has given */
export function createPlatform(options: DeviceOptions): Platform;
