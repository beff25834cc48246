// The command line of the simulated and the emulated device: every option parsed and checked before anything starts.
import { LEVELS } from "../../src/log.js";
import type { Certificates, DeviceOptions } from "../../src/options.js";
import { fromHex, HEX_DIGITS, isDigits, span } from "../../src/scan.js";
import { parseUri } from "../../src/uri.js";
import { readPublicKey } from "./public-key.js";

/** Options of the port, beside those of the device. */
export interface PortOptions {
	/** Folder of the persistent storage; undefined keeps nothing. */
	readonly storage: string | undefined;
	readonly shell: "stdio" | "pty" | "tcp" | "off";
	/** With `tcp`. */
	readonly shellPort: number;
	readonly timeScale: number;
}

/** An option that cannot be used; the message is the one line that the user sees. */
export class OptionError extends Error {
	override name = "OptionError";
}

/** The bytes of a file that an option names. @throws Error of one line */
export type ReadFile = (path: string, option: string) => ArrayBuffer;

const MAX_LIFETIME = 2 ** 31 - 1;
const flags: readonly string[] = Object.freeze(["--no-start", "--no-downgrade"]);
const valued: readonly string[] = Object.freeze([
	"--endpoint",
	"--server",
	"--bootstrap",
	"--psk-identity",
	"--psk-key",
	"--cert",
	"--key",
	"--server-cert",
	"--lifetime",
	"--binding",
	"--short-server-id",
	"--lwm2m",
	"--cid",
	"--firmware-key",
	"--firmware-ca",
	"--storage",
	"--shell",
	"--log",
	"--time-scale",
]);

/**
 * @throws OptionError
 */
export function parseOptions(words: readonly string[], readFile: ReadFile): DeviceOptions & PortOptions {
	const given = gather(words);
	const server = uri(given, "--server");
	const bootstrap = uri(given, "--bootstrap");
	if (server !== undefined && bootstrap !== undefined)
		throw new OptionError("--server and --bootstrap: give one of them");
	const endpoint = given.get("--endpoint") ?? "lwm2m-xs";
	if (endpoint.length < 1 || endpoint.length > 200)
		throw new OptionError(`--endpoint: 1 to 200 characters, not ${endpoint.length}`);
	const pskIdentity = given.get("--psk-identity");
	const pskKey = key(given);
	if ((pskIdentity === undefined) !== (pskKey === undefined))
		throw new OptionError("--psk-identity and --psk-key: give both or none");
	const certificates = certificatesOf(given, readFile);
	if (certificates && pskKey) throw new OptionError("--psk-key and --cert: give one of them");
	const shell = choice(given, "--shell", "stdio", ["stdio", "pty", "off"], true);
	return {
		endpoint,
		server,
		bootstrap,
		pskIdentity,
		pskKey,
		certificates,
		lifetime: integer(given, "--lifetime", 300, 1, MAX_LIFETIME),
		binding: choice(given, "--binding", "U", ["U", "UQ"]),
		shortServerId: integer(given, "--short-server-id", 1, 1, 65534),
		lwm2m: choice(given, "--lwm2m", "1.1", ["1.0", "1.1", "1.2"]) as DeviceOptions["lwm2m"], // one of the choices
		cid: given.get("--cid") === "off" ? -1 : integer(given, "--cid", 0, 0, 32, " or off"),
		log: choice(given, "--log", "info", LEVELS),
		start: !given.has("--no-start"),
		firmwareKey: fileOf(given, "--firmware-key", (path, name) => readPublicKey(readFile(path, name))),
		firmwareAuthority: fileOf(given, "--firmware-ca", readFile),
		mayDowngrade: !given.has("--no-downgrade"),
		hasShell: shell !== "off",
		storage: given.get("--storage"),
		shell: (shell.startsWith("tcp:") ? "tcp" : shell) as PortOptions["shell"], // one of the choices
		shellPort: shell.startsWith("tcp:") ? portOf(shell) : 0,
		timeScale: scale(given),
	};
}

function gather(words: readonly string[]): Map<string, string> {
	const given = new Map<string, string>();
	for (let i = 0; i < words.length; i++) {
		const word = words[i]!;
		const equals = word.startsWith("--") ? word.indexOf("=") : -1;
		const name = equals > 0 ? word.slice(0, equals) : word;
		if (given.has(name)) throw new OptionError(`${name}: given twice`);
		if (flags.includes(name)) {
			if (equals > 0) throw new OptionError(`${name}: takes no value`);
			given.set(name, "");
		} else if (valued.includes(name)) {
			if (equals > 0) given.set(name, word.slice(equals + 1));
			else {
				i++;
				if (i >= words.length) throw new OptionError(`${name}: its value is missing`);
				given.set(name, words[i]!);
			}
		} else throw new OptionError(`${word}: no such option; there are ${[...valued, ...flags].join(", ")}`);
	}
	return given;
}

function uri(given: Map<string, string>, name: string): string | undefined {
	const text = given.get(name);
	if (text !== undefined && !parseUri(text))
		throw new OptionError(`${name} ${text}: not a URI of the form coap://host[:port] or coaps://host[:port]`);
	return text;
}

function key(given: Map<string, string>): ArrayBuffer | undefined {
	const text = given.get("--psk-key");
	if (text === undefined) return undefined;
	// the key itself is a secret: it does not go into the message
	const bytes = span(text, 0, HEX_DIGITS) === text.length ? fromHex(text) : undefined;
	if (!bytes || bytes.length < 1 || bytes.length > 64)
		throw new OptionError("--psk-key: 2 to 128 hexadecimal digits, an even number of them");
	return bytes.buffer;
}

function certificatesOf(given: Map<string, string>, readFile: ReadFile): Certificates | undefined {
	const names = ["--cert", "--key", "--server-cert"];
	const present = names.filter((name) => given.has(name));
	if (present.length === 0) return undefined;
	if (present.length < 3) throw new OptionError(`${names.join(", ")}: give all of them or none`);
	const [certificate, privateKey, server] = names.map((name) => fileOf(given, name, readFile));
	return { certificate: certificate!, privateKey: privateKey!, server: server! };
}

function fileOf<T>(given: Map<string, string>, name: string, read: (path: string, name: string) => T): T | undefined {
	const path = given.get(name);
	if (path === undefined) return undefined;
	try {
		return read(path, name);
	} catch (error) {
		throw new OptionError(`${name} ${path}: ${error instanceof Error ? error.message : error}`);
	}
}

function integer(
	given: Map<string, string>,
	name: string,
	otherwise: number,
	least: number,
	most: number,
	also = "",
): number {
	const text = given.get(name);
	if (text === undefined) return otherwise;
	const value = Number(text);
	if (!isDigits(text, 10) || value < least || value > most)
		throw new OptionError(`${name} ${text}: a whole number from ${least} to ${most}${also}`);
	return value;
}

function choice(
	given: Map<string, string>,
	name: string,
	otherwise: string,
	choices: readonly string[],
	mayBePort = false,
): string {
	const text = given.get(name) ?? otherwise;
	if (choices.includes(text) || (mayBePort && text.startsWith("tcp:") && isDigits(text.slice(4), 5))) return text;
	throw new OptionError(`${name} ${text}: one of ${choices.join(", ")}${mayBePort ? ", tcp:PORT" : ""}`);
}

function portOf(shell: string): number {
	const port = Number(shell.slice(4));
	if (port < 1 || port > 65535) throw new OptionError(`--shell ${shell}: the port is 1 to 65535`);
	return port;
}

function scale(given: Map<string, string>): number {
	const text = given.get("--time-scale");
	if (text === undefined) return 1;
	const value = Number(text);
	const parts = text.split(".");
	if (parts.length > 2 || !parts.every((part) => isDigits(part, 6)) || !(value > 0))
		throw new OptionError(`--time-scale ${text}: a number above 0, at most 999999`);
	return value;
}
