// The options of the command line. A bad one is a UsageError with one line that says which.

export interface CommandLine {
	readonly coap: number;
	readonly coaps: number;
	readonly bootstrapCoap: number;
	readonly bootstrapCoaps: number;
	readonly http: number;
	readonly host: string;
	readonly versions: readonly string[];
	readonly blockSize: number;
	/** Connection IDs of coaps, bytes; -1 is without the extension. */
	readonly cidBytes: number;
	readonly certificate: string | undefined;
	readonly key: string | undefined;
	readonly authority: string | undefined;
	readonly hasConsole: boolean;
	readonly isHelp: boolean;
}

export class UsageError extends Error {
	override readonly name = "UsageError";
}

export const USAGE = `Usage: server [options]
  --coap PORT             LwM2M server, CoAP over UDP (5683)
  --coaps PORT            LwM2M server, CoAP over DTLS (5684)
  --bootstrap-coap PORT   bootstrap server, CoAP over UDP (5783)
  --bootstrap-coaps PORT  bootstrap server, CoAP over DTLS (5784)
  --http PORT             HTTP API (8080)
  --host ADDRESS          address of all sockets (127.0.0.1)
  --lwm2m VERSION         highest enabler version to accept, 1.0, 1.1 or 1.2 (1.1)
  --block BYTES           block size of transfers, 16 to 1024 (1024)
  --cid off|LENGTH        connection IDs of coaps, 0 to 32 bytes (6)
  --cert FILE --key FILE  the server's certificate and private key for coaps, PEM or DER
  --authority FILE        who signs the devices' certificates, PEM or DER
  --console               commands on standard input even without a terminal
  --help                  this text`;

const PORTS: ReadonlyMap<string, number> = new Map([
	["--coap", 5683],
	["--coaps", 5684],
	["--bootstrap-coap", 5783],
	["--bootstrap-coaps", 5784],
	["--http", 8080],
]);
const FILES = ["--cert", "--key", "--authority"];
const VALUED = new Set([...PORTS.keys(), ...FILES, "--cid", "--host", "--lwm2m", "--block"]);
const VERSIONS: readonly string[] = ["1.0", "1.1", "1.2"];

export function parseCommandLine(words: readonly string[]): CommandLine {
	const values = new Map<string, string>();
	let hasConsole = false;
	let isHelp = false;
	for (let at = 0; at < words.length; at++) {
		const word = words[at]!;
		const split = word.startsWith("--") ? word.indexOf("=") : -1;
		const name = split < 0 ? word : word.slice(0, split);
		if (name === "--console" && split < 0) hasConsole = true;
		else if ((name === "--help" || name === "-h") && split < 0) isHelp = true;
		else if (!VALUED.has(name)) throw new UsageError(`unknown option ${name}`);
		else {
			const value = split < 0 ? words[++at] : word.slice(split + 1);
			if (value === undefined || value === "") throw new UsageError(`option ${name} needs a value`);
			if (values.has(name)) throw new UsageError(`option ${name} is there twice`);
			values.set(name, value);
		}
	}
	const ports = portsIn(values);
	const files = FILES.filter((name) => values.has(name));
	if (files.length > 0 && files.length < FILES.length) throw new UsageError(`${FILES.join(", ")}: all of them or none`);
	const highest = values.get("--lwm2m") ?? "1.1";
	if (!VERSIONS.includes(highest)) throw new UsageError(`--lwm2m ${highest} is none of ${VERSIONS.join(", ")}`);
	return {
		coap: ports.get("--coap")!,
		coaps: ports.get("--coaps")!,
		bootstrapCoap: ports.get("--bootstrap-coap")!,
		bootstrapCoaps: ports.get("--bootstrap-coaps")!,
		http: ports.get("--http")!,
		host: values.get("--host") ?? "127.0.0.1",
		versions: VERSIONS.slice(0, VERSIONS.indexOf(highest) + 1),
		blockSize: blockSizeIn(values.get("--block") ?? "1024"),
		cidBytes: cidBytesIn(values.get("--cid") ?? "6"),
		certificate: values.get("--cert"),
		key: values.get("--key"),
		authority: values.get("--authority"),
		hasConsole,
		isHelp,
	};
}

function portsIn(values: ReadonlyMap<string, string>): Map<string, number> {
	const ports = new Map<string, number>();
	const udp = new Map<number, string>();
	for (const [name, preset] of PORTS) {
		const text = values.get(name) ?? String(preset);
		const port = Number(text);
		if (!/^\d{1,5}$/.test(text) || port > 65535) throw new UsageError(`${name} ${text} is no port (0 to 65535)`);
		const taken = name === "--http" ? undefined : udp.get(port);
		// Presets give way: only a port that was asked for twice is a conflict.
		if (port !== 0 && taken && values.has(name) && values.has(taken)) {
			throw new UsageError(`${taken} and ${name} have the same port ${port}`);
		}
		if (name !== "--http") udp.set(port, name);
		ports.set(name, port);
	}
	return ports;
}

function cidBytesIn(text: string): number {
	if (text === "off") return -1;
	if (!/^\d{1,2}$/.test(text) || Number(text) > 32) throw new UsageError(`--cid ${text} is neither off nor 0 to 32`);
	return Number(text);
}

function blockSizeIn(text: string): number {
	const size = Number(text);
	if (![16, 32, 64, 128, 256, 512, 1024].includes(size)) {
		throw new UsageError(`--block ${text} is no power of two from 16 to 1024`);
	}
	return size;
}
