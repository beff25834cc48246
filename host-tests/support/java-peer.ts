// A server program in Java (host-tests/interop/leshan) as a process: requests are asked, events are waited for. Node only.
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../../../leshan", import.meta.url));
const PATIENCE_MS = 20_000;

export type PeerEvent = { event: string; ep?: string } & Record<string, unknown>;
/** A value: bytes are {hex}, times {time}, links {link}; what does not fit a number is a string. */
export type PeerValue = string | number | boolean | { hex: string } | { time: number } | { link: string };
/** What a device has answered. */
export interface PeerAnswer {
	code: string;
	message?: string;
	values?: Record<string, PeerValue>;
	links?: string[];
	location?: string;
}

export class JavaPeer {
	readonly events: PeerEvent[] = [];
	readonly #child: ChildProcessWithoutNullStreams;
	readonly #asked = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>();
	readonly #waiting = new Set<(event: PeerEvent) => void>();
	#log = "";
	#number = 0;

	/** @param set folder of build/leshan @param program name of its class */
	constructor(set: string, program: string, ...words: string[]) {
		const path = `${folder}/${set}/classes:${folder}/${set}/jars/*`;
		// one garbage collector thread and the first compiler: a server of tests is to start fast
		this.#child = spawn("java", ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", path, program, ...words]);
		this.#child.stderr.setEncoding("utf8").on("data", (text: string) => {
			this.#log += text;
		});
		createInterface(this.#child.stdout).on("line", (line) => this.#take(JSON.parse(line)));
		this.#child.on("close", () => {
			for (const { reject } of this.#asked.values()) reject(new Error(`the peer has ended: ${this.#log}`));
		});
	}

	/** Asks the program. @throws Error with what it says where it cannot */
	ask<Result = PeerAnswer>(...words: string[]): Promise<Result> {
		const number = ++this.#number;
		return new Promise((resolve, reject) => {
			this.#asked.set(number, { resolve: (result) => resolve(result as Result), reject });
			this.#child.stdin.write(`${[number, ...words].join("\t")}\n`);
		});
	}

	/** The next event of that name for which `isIt` holds. */
	next(name: string, isIt: (event: PeerEvent) => boolean = () => true): Promise<PeerEvent> {
		return new Promise((resolve, reject) => {
			const timer = setTimeout(() => {
				this.#waiting.delete(listen);
				const events = this.events.map((event) => JSON.stringify(event)).join("\n");
				reject(new Error(`no event ${name} within ${PATIENCE_MS} ms; there were\n${events}\n${this.#log}`));
			}, PATIENCE_MS);
			const listen = (event: PeerEvent) => {
				if (event.event !== name || !isIt(event)) return;
				clearTimeout(timer);
				this.#waiting.delete(listen);
				resolve(event);
			};
			this.#waiting.add(listen);
		});
	}

	/** Ends it. */
	async stop(): Promise<void> {
		if (this.#child.exitCode !== null) return;
		this.#child.stdin.end();
		await once(this.#child, "close");
	}

	#take(line: PeerEvent & { id?: number; result?: unknown; error?: string }): void {
		if (line.id === undefined) {
			this.events.push(line);
			for (const listen of [...this.#waiting]) listen(line);
			return;
		}
		const asked = this.#asked.get(line.id);
		this.#asked.delete(line.id);
		if (line.error === undefined) asked?.resolve(line.result);
		else asked?.reject(new Error(line.error));
	}
}
