// The interactive console: one command a line, answers and events as text.

import { createInterface, type Interface } from "node:readline";
import { formatByName } from "./codec/content-format.js";
import { BOOTSTRAP_COMMANDS } from "./console-bootstrap.js";
import { FIRMWARE_COMMANDS } from "./console-firmware.js";
import type { EventName, ServerEvent } from "./events.js";
import { type Answer, answerToJson } from "./lwm2m/answer.js";
import { modelOf } from "./lwm2m/model.js";
import type { Instance, Node } from "./lwm2m/node.js";
import { type Json, nodeFromJson } from "./lwm2m/node-json.js";
import { type Path, parsePath } from "./lwm2m/path.js";
import { parseText } from "./lwm2m/value.js";
import type { CompanionServer } from "./server.js";

export interface Command {
	readonly usage: string;
	readonly fewestWords: number;
	run(server: CompanionServer, words: readonly string[]): Promise<Answer | string> | string;
}

/** Shown without their data. */
const BRIEF: readonly EventName[] = ["REGISTRATION", "DEREGISTRATION", "UPDATED", "AWAKE", "SLEEPING"];

const COMMANDS: Readonly<Record<string, Command>> = {
	clients: {
		usage: "clients",
		fewestWords: 0,
		run(server) {
			const lines = [...server.registrations].map(
				({ endpoint, id, version, peer, lifetimeSeconds, isSleeping }) =>
					`${endpoint}  ${id}  LwM2M ${version}  ${peer.key}  lifetime ${lifetimeSeconds} s${isSleeping ? "  asleep" : ""}`,
			);
			return lines.length === 0 ? "no clients" : lines.join("\n");
		},
	},
	read: {
		usage: "read EP PATH [FORMAT]",
		fewestWords: 2,
		run: (server, [ep, path, format]) => server.device(ep!).read(parsePath(path!), formatIn(format)),
	},
	write: {
		usage: "write EP PATH VALUE",
		fewestWords: 3,
		run(server, [ep, text, ...value]) {
			const path = parsePath(text!);
			return server.device(ep!).write(path, nodeIn(path, value.join(" ")), true);
		},
	},
	execute: {
		usage: "execute EP PATH [ARGS]",
		fewestWords: 2,
		run: (server, [ep, path, ...args]) => server.device(ep!).execute(parsePath(path!), args.join(" ")),
	},
	discover: {
		usage: "discover EP PATH",
		fewestWords: 2,
		run: (server, [ep, path]) => server.device(ep!).discover(parsePath(path!)),
	},
	observe: {
		usage: "observe EP PATH [FORMAT]",
		fewestWords: 2,
		run: (server, [ep, path, format]) => server.device(ep!).observe(parsePath(path!), formatIn(format)),
	},
	cancel: {
		usage: "cancel EP PATH [passive]",
		fewestWords: 2,
		async run(server, [ep, path, how]) {
			const device = server.device(ep!);
			if (how === "passive") return `forgot ${device.cancelPassively("single", [parsePath(path!)])}`;
			return (await device.cancelActively("single", [parsePath(path!)])) ?? "no such observation";
		},
	},
	create: {
		usage: "create EP /OBJECT[/INSTANCE] [RESOURCES as JSON]",
		fewestWords: 2,
		run(server, [ep, text, ...json]) {
			const path = parsePath(text!);
			return server.device(ep!).create(path.slice(0, 1), instanceIn(path, json.join(" ")));
		},
	},
	delete: {
		usage: "delete EP PATH",
		fewestWords: 2,
		run: (server, [ep, path]) => server.device(ep!).delete(parsePath(path!)),
	},
	attributes: {
		usage: "attributes EP PATH NAME[=VALUE]...",
		fewestWords: 3,
		run: (server, [ep, path, ...attributes]) => server.device(ep!).writeAttributes(parsePath(path!), attributes),
	},
	...FIRMWARE_COMMANDS,
	...BOOTSTRAP_COMMANDS,
};

export class Console {
	readonly #server: CompanionServer;
	readonly #output: NodeJS.WritableStream;
	readonly #lines: Interface;
	/** Commands run one after the other. */
	#queue: Promise<void> = Promise.resolve();

	/** `onQuit` is called for `quit` and for the end of the input. */
	constructor(
		server: CompanionServer,
		input: NodeJS.ReadableStream,
		output: NodeJS.WritableStream,
		onQuit: () => void,
	) {
		this.#server = server;
		this.#output = output;
		const terminal = input === process.stdin && process.stdin.isTTY === true;
		this.#lines = createInterface({ input, output, terminal, prompt: terminal ? "> " : "" });
		server.events.on("event", this.#onEvent);
		server.bootstrap?.events.on("event", this.#onEvent);
		this.#lines.on("line", (line) => {
			if (line.trim() === "quit") this.#lines.close();
			else this.#queue = this.#queue.then(() => this.run(line)).then(() => this.#lines.prompt());
		});
		this.#lines.on("close", () => void this.#queue.then(onQuit));
		this.#lines.on("SIGINT", () => this.#lines.close());
		this.#lines.prompt();
	}

	async run(line: string): Promise<void> {
		const [name = "", ...words] = line.trim().split(/\s+/);
		if (name === "") return;
		try {
			this.#print(await execute(this.#server, name, words));
		} catch (error) {
			this.#print(`error: ${error instanceof Error ? error.message : String(error)}`);
		}
	}

	close(): void {
		this.#server.events.off("event", this.#onEvent);
		this.#server.bootstrap?.events.off("event", this.#onEvent);
		this.#lines.close();
	}

	readonly #onEvent = ({ name, endpoint, data }: ServerEvent) => {
		if (name === "COAPLOG") return;
		const isBrief = BRIEF.includes(name);
		this.#print(isBrief ? `${name} ${endpoint}` : `${name} ${endpoint} ${JSON.stringify(data)}`);
		this.#lines.prompt();
	};

	#print(text: string): void {
		this.#output.write(`${text}\n`);
	}
}

async function execute(server: CompanionServer, name: string, words: readonly string[]): Promise<string> {
	if (name === "help") return [...Object.values(COMMANDS).map(({ usage }) => usage), "quit"].join("\n");
	const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
	if (!command) return `unknown command "${name}", try help`;
	if (words.length < command.fewestWords) return `usage: ${command.usage}`;
	const result = await command.run(server, words);
	return typeof result === "string" ? result : JSON.stringify(answerToJson(result));
}

function formatIn(text: string | undefined): { format?: number } {
	return text === undefined ? {} : { format: formatByName(text) };
}

/** OPAQUE as hex, everything else in its text form. */
function nodeIn(path: Path, text: string): Node {
	if (path.length < 3) throw new RangeError("write needs the path of a resource");
	const type = modelOf(path[0], path[2])?.type ?? "STRING";
	const kind = path.length === 4 ? "resourceInstance" : "singleResource";
	const id = path[path.length - 1]!;
	if (type === "OPAQUE") return nodeFromJson({ kind, id, type, value: text }, path);
	return { kind, id, type, value: parseText(text, type) };
}

function instanceIn(path: Path, json: string): Instance {
	// JSON.parse gives exactly what the type describes.
	const resources = json === "" ? [] : (JSON.parse(json) as Json);
	const id = path[1] === undefined ? {} : { id: path[1] };
	return nodeFromJson({ kind: "instance", ...id, resources }, path.slice(0, 1)) as Instance;
}
