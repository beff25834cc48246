// The options of a device by the keys of the manifest's `config`: those of the simulated device that make sense on a board, checked
// in the same way. docs/moddable-sdk.md lists them.
import { readBase64, textBytes, writeText } from "../../src/bytes.js";
import type { DeviceOptions } from "../../src/options.js";
import { OptionError, parseOptions } from "../xs/options.js";

/** The module `mc/config`. */
export type Config = Readonly<Record<string, string | number | boolean | undefined>>;

/** Keys, and the options of the simulated device that have the same meaning; the longer of two that begin alike first. */
const valued: readonly (readonly [string, string])[] = Object.freeze([
	Object.freeze(["endpoint", "--endpoint"] as const),
	Object.freeze(["serverCert", "--server-cert"] as const),
	Object.freeze(["server", "--server"] as const),
	Object.freeze(["bootstrap", "--bootstrap"] as const),
	Object.freeze(["pskIdentity", "--psk-identity"] as const),
	Object.freeze(["pskKey", "--psk-key"] as const),
	Object.freeze(["cert", "--cert"] as const),
	Object.freeze(["key", "--key"] as const),
	Object.freeze(["lifetime", "--lifetime"] as const),
	Object.freeze(["binding", "--binding"] as const),
	Object.freeze(["shortServerId", "--short-server-id"] as const),
	Object.freeze(["lwm2m", "--lwm2m"] as const),
	Object.freeze(["cid", "--cid"] as const),
	Object.freeze(["firmwareKey", "--firmware-key"] as const),
	Object.freeze(["firmwareCa", "--firmware-ca"] as const),
	Object.freeze(["log", "--log"] as const),
]);
/** Those whose value is the content of what is a file elsewhere. */
const contents: readonly string[] = Object.freeze([
	"--cert",
	"--key",
	"--server-cert",
	"--firmware-key",
	"--firmware-ca",
]);
const flags: readonly (readonly [string, string])[] = Object.freeze([
	Object.freeze(["noDowngrade", "--no-downgrade"] as const),
	Object.freeze(["noStart", "--no-start"] as const),
]);

/** @throws OptionError with the key and what is allowed; what is a secret is not in it */
export function settingsOf(config: Config): DeviceOptions {
	const words: string[] = [];
	for (const [key, option] of valued) {
		const value = config[key];
		// a content is looked for by its option, and is not to be in a message
		if (value !== undefined && value !== "")
			words.push(contents.includes(option) ? `${option}=content` : `${option}=${value}`);
	}
	for (const [key, option] of flags) if (isSet(key, config[key])) words.push(option);
	try {
		return parseOptions(words, (_, option) => contentOf(String(config[keyOf(option)])));
	} catch (error) {
		if (!(error instanceof OptionError)) throw error;
		throw new OptionError(valued.reduce((text, [key, option]) => text.replaceAll(option, key), error.message));
	}
}

function keyOf(option: string): string {
	return valued.find(([, one]) => one === option)![0];
}

function isSet(key: string, value: string | number | boolean | undefined): boolean {
	const text = String(value ?? "");
	if (text === "true") return true;
	if (text === "false" || text === "") return false;
	throw new OptionError(`${key} ${text}: true or false`);
}

/** The bytes of a file whose content is given as base64, or as PEM. @throws Error of one line */
function contentOf(text: string): ArrayBuffer {
	const bytes = new Uint8Array(textBytes(text));
	writeText(bytes, 0, text);
	if (text.includes("-----BEGIN ")) return bytes.buffer;
	const count = readBase64(bytes, 0, bytes, 0, bytes.length);
	if (count <= 0) throw new Error("not the content of a file, as base64 or PEM");
	return bytes.buffer.slice(0, count);
}
