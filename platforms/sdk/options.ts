// What a board is told when it is built: the keys of `config` in manifest.json, or of mcconfig's command line.
import config from "mc/config";
import type { DeviceOptions } from "../../src/options.js";
import { OptionError } from "../xs/options.js";
import { log } from "./device.js";
import { settingsOf } from "./settings.js";

/**
 * A board with options that cannot be used says so and waits for its account, in the shell.
 * @param check what the board adds; throws an OptionError
 */
export function deviceOptions(check?: () => void): DeviceOptions {
	try {
		check?.();
		return settingsOf(config);
	} catch (error) {
		if (!(error instanceof OptionError)) throw error;
		log(`config: ${error.message}`);
		return settingsOf({ noStart: true });
	}
}

/** A value of the config as text; undefined where there is none. */
export function textOf(key: string): string | undefined {
	const value = config[key];
	return value === undefined || value === "" ? undefined : String(value);
}
