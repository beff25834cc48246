// A program of programs/ as a process on XS: what it logs is kept line by line, and can be waited for. Node only.
import { type ChildProcessWithoutNullStreams, type SpawnOptions, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { endWithTests } from "../support/children.js";

export const executable = fileURLToPath(new URL("../../../host/probe/program", import.meta.url));
const PATIENCE_MS = 10_000;

export class Probe {
	readonly lines: string[] = [];
	output = Buffer.alloc(0);
	readonly child: ChildProcessWithoutNullStreams;
	/** The exit status, or the signal that ended it. */
	readonly exit: Promise<number | NodeJS.Signals | null>;
	#rest = "";
	#taken = 0;
	#waiters: (() => void)[] = [];

	constructor(words: readonly string[], options: SpawnOptions & { file?: string } = {}) {
		const { file = executable, ...others } = options;
		// without a `stdio` option all three streams are pipes
		this.child = endWithTests(spawn(file, words, others)) as ChildProcessWithoutNullStreams;
		this.child.stderr.setEncoding("utf8").on("data", (text: string) => {
			const lines = (this.#rest + text).split("\n");
			this.#rest = lines.pop()!;
			this.lines.push(...lines);
			this.#wake();
		});
		this.child.stdout.on("data", (bytes: Buffer) => {
			this.output = Buffer.concat([this.output, bytes]);
			this.#wake();
		});
		this.exit = new Promise((resolve) => this.child.on("close", (status, signal) => resolve(signal ?? status)));
		void this.exit.then(() => this.#wake());
	}

	/** The next line that matches, after the last that was waited for. */
	line(pattern: RegExp): Promise<RegExpExecArray> {
		return this.#until(`line ${pattern}`, () => {
			for (let i = this.#taken; i < this.lines.length; i++) {
				const match = pattern.exec(this.lines[i]!);
				if (!match) continue;
				this.#taken = i + 1;
				return match;
			}
			return undefined;
		});
	}

	/** Waits until its standard output is so. */
	async shows(text: string): Promise<void> {
		await this.#until(`output ${text}`, () => this.output.includes(text) || undefined);
	}

	async kill(): Promise<void> {
		this.child.kill("SIGKILL");
		await this.exit;
	}

	#wake(): void {
		const waiters = this.#waiters;
		this.#waiters = [];
		for (const waiter of waiters) waiter();
	}

	#until<T>(what: string, look: () => T | undefined): Promise<T> {
		return new Promise((resolve, reject) => {
			const timer = setTimeout(
				() => reject(new Error(`no ${what} within ${PATIENCE_MS} ms:\n${this.lines.join("\n")}`)),
				PATIENCE_MS,
			);
			const attempt = () => {
				const found = look();
				if (found === undefined) {
					if (this.child.exitCode !== null && this.child.stderr.readableEnded) {
						clearTimeout(timer);
						reject(new Error(`no ${what} before the end:\n${this.lines.join("\n")}`));
					} else this.#waiters.push(attempt);
					return;
				}
				clearTimeout(timer);
				resolve(found);
			};
			attempt();
		});
	}
}

/** Runs a program to its end. @returns its lines after `start …`, and its status */
export async function runProbe(
	words: readonly string[],
	options?: SpawnOptions & { file?: string },
): Promise<{ lines: string[]; status: number | NodeJS.Signals | null }> {
	const probe = new Probe(words, options);
	const timer = setTimeout(() => probe.child.kill("SIGKILL"), PATIENCE_MS);
	const status = await probe.exit;
	clearTimeout(timer);
	return { lines: probe.lines.filter((line) => !line.startsWith("start ")), status };
}
