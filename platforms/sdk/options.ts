// What a board is told when it is built: the keys of `config` in manifest.json, or of mcconfig's command line.
import config from "mc/config";
import type { DeviceOptions } from "../../src/options.js";
import { OptionError, parseOptions } from "../xs/options.js";
import { log } from "./device.js";

/** Keys of `config`, and the options of the simulated device that have the same meaning and are checked in the same way. */
const options: readonly (readonly [string, string])[] = Object.freeze([
	Object.freeze(["endpoint", "--endpoint"] as const),
	Object.freeze(["server", "--server"] as const),
	Object.freeze(["bootstrap", "--bootstrap"] as const),
	Object.freeze(["pskIdentity", "--psk-identity"] as const),
	Object.freeze(["pskKey", "--psk-key"] as const),
	Object.freeze(["lifetime", "--lifetime"] as const),
	Object.freeze(["binding", "--binding"] as const),
	Object.freeze(["shortServerId", "--short-server-id"] as const),
	Object.freeze(["lwm2m", "--lwm2m"] as const),
	Object.freeze(["cid", "--cid"] as const),
	Object.freeze(["log", "--log"] as const),
]);

/**
 * A board with options that cannot be used says so and waits for its account, in the shell.
 * @param check what the board adds; throws an OptionError
 */
export function deviceOptions(check?: () => void): DeviceOptions {
	const words: string[] = [];
	for (const [key, option] of options) {
		const value = config[key];
		if (value !== undefined && value !== "") words.push(`${option}=${value}`);
	}
	try {
		check?.();
		return parse(words);
	} catch (error) {
		if (!(error instanceof OptionError)) throw error;
		log(`config: ${options.reduce((text, [key, option]) => text.replaceAll(option, key), error.message)}`);
		return parse(["--no-start"]);
	}
}

/** A value of the config as text; undefined where there is none. */
export function textOf(key: string): string | undefined {
	const value = config[key];
	return value === undefined || value === "" ? undefined : String(value);
}

function parse(words: readonly string[]): DeviceOptions {
	return parseOptions(words, (path) => {
		throw new OptionError(`${path}: there are no files here`);
	});
}
