// The options of the file server for firmware. A bad one is a UsageError with one line that says which.

import { UsageError } from "./command-line.js";

export interface ServeImage {
	readonly file: string;
	readonly host: string;
	/** Undefined where it is off. */
	readonly coap: number | undefined;
	readonly coaps: number | undefined;
	readonly http: number | undefined;
	readonly https: number | undefined;
	readonly blockSize: number;
	readonly identity: string | undefined;
	readonly key: Buffer | undefined;
	readonly certificate: string | undefined;
	readonly privateKey: string | undefined;
	readonly authority: string | undefined;
}

export const SERVE_IMAGE_USAGE = `Usage: serve-image FILE [options]
  --coap PORT|off         CoAP over UDP (5690)
  --coaps PORT|off        CoAP over DTLS (5691); needs a pre-shared key, or a certificate and an authority
  --http PORT|off         (8090)
  --https PORT|off        (8091); needs a certificate
  --host ADDRESS          address of all sockets (127.0.0.1)
  --block BYTES           largest block, 16 to 1024 (1024)
  --psk-identity TEXT --psk-key HEX
                          who may fetch it over coaps
  --cert FILE --key FILE  certificate and private key of this server, PEM or DER
  --authority FILE        who signs the devices' certificates
  --help                  this text`;

const PORTS = new Map([
	["--coap", 5690],
	["--coaps", 5691],
	["--http", 8090],
	["--https", 8091],
]);
const BLOCKS = ["16", "32", "64", "128", "256", "512", "1024"];
const OTHERS = ["--host", "--block", "--psk-identity", "--psk-key", "--cert", "--key", "--authority"];

/** @returns undefined where the usage was asked for */
export function parseServeImage(words: readonly string[]): ServeImage | undefined {
	const files: string[] = [];
	const values = new Map<string, string>();
	for (let i = 0; i < words.length; i++) {
		const word = words[i]!;
		if (word === "--help" || word === "-h") return undefined;
		const equals = word.startsWith("--") ? word.indexOf("=") : -1;
		const name = equals < 0 ? word : word.slice(0, equals);
		if (!name.startsWith("-")) files.push(word);
		else if (!PORTS.has(name) && !OTHERS.includes(name)) throw new UsageError(`unknown option ${name}`);
		else {
			const value = equals < 0 ? words[++i] : word.slice(equals + 1);
			if (!value) throw new UsageError(`option ${name} needs a value`);
			if (values.has(name)) throw new UsageError(`option ${name} is there twice`);
			values.set(name, value);
		}
	}
	if (files.length !== 1) throw new UsageError(files.length === 0 ? "which file?" : "one file, not several");
	const block = values.get("--block") ?? "1024";
	if (!BLOCKS.includes(block)) throw new UsageError(`--block ${block} is none of ${BLOCKS.join(", ")}`);
	const key = values.get("--psk-key");
	if (key !== undefined && !/^([0-9a-fA-F]{2}){1,64}$/.test(key))
		throw new UsageError("--psk-key: 2 to 128 hexadecimal digits, an even number of them");
	pair(values, "--psk-identity", "--psk-key");
	pair(values, "--cert", "--key");
	const hasCertificate = values.has("--cert");
	const isSecure = key !== undefined || (hasCertificate && values.has("--authority"));
	return {
		file: files[0]!,
		host: values.get("--host") ?? "127.0.0.1",
		coap: portIn(values, "--coap"),
		coaps: secured(values, "--coaps", isSecure, "--psk-identity and --psk-key, or --cert, --key and --authority"),
		http: portIn(values, "--http"),
		https: secured(values, "--https", hasCertificate, "--cert and --key"),
		blockSize: Number(block),
		identity: values.get("--psk-identity"),
		key: key === undefined ? undefined : Buffer.from(key, "hex"),
		certificate: values.get("--cert"),
		privateKey: values.get("--key"),
		authority: values.get("--authority"),
	};
}

function pair(values: ReadonlyMap<string, string>, one: string, other: string): void {
	if (values.has(one) !== values.has(other)) throw new UsageError(`${one} and ${other}: both or none`);
}

/** Off without what it needs, unless it was asked for. */
function secured(
	values: ReadonlyMap<string, string>,
	name: string,
	isPossible: boolean,
	needs: string,
): number | undefined {
	const port = portIn(values, name);
	if (isPossible || port === undefined) return port;
	if (values.has(name)) throw new UsageError(`${name} needs ${needs}`);
	return undefined;
}

function portIn(values: ReadonlyMap<string, string>, name: string): number | undefined {
	const text = values.get(name) ?? String(PORTS.get(name));
	if (text === "off") return undefined;
	if (!/^\d{1,5}$/.test(text) || Number(text) > 65535)
		throw new UsageError(`${name} ${text} is neither off nor a port (0 to 65535)`);
	return Number(text);
}
