// The simulated device as a process, for scenarios: what it prints is kept, and can be waited for. Node only.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { endWithTests } from "./children.js";

/**
 * The executable that `npm run build` makes; with LWM2M_XS_DEVICE=qemu the firmware of `npm run build:qemu`, with
 * LWM2M_XS_DEVICE=sdk:FILE the program that the Moddable SDK has made for Linux.
 */
const device = process.env["LWM2M_XS_DEVICE"];
export const isEmulated = device === "qemu";
const sdkProgram = device?.startsWith("sdk:") ? device.slice(4) : undefined;
export const executable = fileURLToPath(
	new URL(`../../../${isEmulated ? "qemu/lwm2m-xs.fw" : "host/lwm2m-xs"}`, import.meta.url),
);
const emulator = fileURLToPath(new URL("../../../../scripts/qemu.mjs", import.meta.url));
const PATIENCE_MS = 20_000;
/** Options that name a file. */
const FILES = ["--cert", "--key", "--server-cert", "--firmware-key", "--firmware-ca"];

/** This computer's own address, as the device knows it: what a server tells it to connect to. */
export const HOST = isEmulated ? "10.0.2.2" : "127.0.0.1";

/** What to start so that the device runs with these options: program and words. */
export function deviceCommand(options: readonly string[]): [program: string, words: string[]] {
	if (sdkProgram !== undefined) return [sdkProgram, keysOf(options)];
	if (!existsSync(executable)) throw new Error("the device is not built: run `npm run build` or `npm run build:qemu`");
	return isEmulated ? [process.execPath, [emulator, "--built", ...options]] : [executable, [...options]];
}

/** Options as the keys of the manifest's config: `--psk-key 00` is `pskKey=00`, a file is its content, a flag is true. */
function keysOf(options: readonly string[]): string[] {
	const words: string[] = [];
	for (let i = 0; i < options.length; i++) {
		const option = options[i]!;
		const key = option.slice(2).replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
		if (option.startsWith("--no-")) words.push(`${key}=true`);
		else {
			i++;
			words.push(`${key}=${FILES.includes(option) ? readFileSync(options[i]!, "base64") : options[i]}`);
		}
	}
	return words;
}

interface Waiter {
	pattern: RegExp;
	resolve(match: RegExpExecArray): void;
	reject(error: Error): void;
}

/** One line on how a process has ended. */
export function endOf(status: number | null, signal: NodeJS.Signals | null): string {
	return `the device has ended ${status === null ? `by ${signal}` : `with status ${status}`}`;
}

export class DeviceProcess {
	/** What it has printed: the log on standard error, the shell on standard output. */
	log = "";
	output = "";
	readonly exit: Promise<number | null>;
	protected readonly child: ChildProcess;
	#waiters: Waiter[] = [];
	#taken = 0;
	/** How it has ended, one line; "": it runs. */
	#end = "";

	constructor(...options: string[]) {
		this.child = endWithTests(this.spawn(options));
		this.child.stderr?.setEncoding("utf8").on("data", (text: string) => {
			this.log += text;
			this.#look();
		});
		this.child.stdout?.setEncoding("utf8").on("data", (text: string) => {
			this.output += text;
		});
		this.exit = new Promise((resolve) =>
			this.child.on("close", (status, signal) => {
				this.#end = endOf(status, signal);
				this.#look();
				resolve(status);
			}),
		);
	}

	/** The next line of the log that matches, after the last that was waited for. @throws Error where it ends, or is silent, before */
	waitFor(pattern: RegExp): Promise<RegExpExecArray> {
		return new Promise((resolve, reject) => {
			const timer = setTimeout(
				() => reject(new Error(`no ${pattern} within ${PATIENCE_MS} ms; the log:\n${this.log}`)),
				PATIENCE_MS,
			);
			this.#waiters.push({
				pattern,
				resolve: (match) => {
					clearTimeout(timer);
					resolve(match);
				},
				reject: (error) => {
					clearTimeout(timer);
					reject(error);
				},
			});
			this.#look();
		});
	}

	/** Waits until something is so that the device does. @throws Error where it ends before */
	async until(isSo: () => boolean): Promise<void> {
		while (!isSo()) {
			if (this.#end !== "") throw new Error(this.#end);
			await new Promise((resolve) => setTimeout(resolve, 5));
		}
	}

	/** Types into the shell. */
	type(text: string): void {
		this.child.stdin?.write(text);
	}

	/** Ends standard input. */
	closeInput(): void {
		this.child.stdin?.end();
	}

	signal(name: NodeJS.Signals): void {
		this.child.kill(name);
	}

	/** Asks it to end, as a user does with Ctrl-C. @returns its exit status */
	async stop(): Promise<number | null> {
		this.child.kill("SIGINT");
		return this.exit;
	}

	/** Ends it whatever it does. */
	async kill(): Promise<void> {
		this.child.kill("SIGKILL");
		await this.exit;
	}

	protected spawn(options: readonly string[]): ChildProcess {
		return spawn(...deviceCommand(options));
	}

	#look(): void {
		for (let waiter = this.#waiters[0]; waiter; waiter = this.#waiters[0]) {
			// whole lines: a log that comes through a UART comes in pieces
			const match = waiter.pattern.exec(this.log.slice(this.#taken, this.log.lastIndexOf("\n") + 1));
			if (!match && this.#end === "") return;
			this.#waiters.shift();
			if (match) {
				this.#taken += match.index + match[0].length;
				waiter.resolve(match);
			} else waiter.reject(new Error(`${this.#end} before ${waiter.pattern}; the log:\n${this.log}`));
		}
	}
}

/** The device of host-tests/devices/every-object.ts, which the lane of the scenarios builds for the host. */
export class EveryObjectDevice extends DeviceProcess {
	protected override spawn(options: string[]): ChildProcess {
		return spawn(programOf("every-object"), options);
	}
}

/** The device of examples/greenhouse.ts, which the lane builds as well. */
export class GreenhouseDevice extends DeviceProcess {
	protected override spawn(options: string[]): ChildProcess {
		return spawn(programOf("app-examples-greenhouse"), options);
	}
}

function programOf(name: string): string {
	return fileURLToPath(new URL(`../../../host/${name}/program`, import.meta.url));
}
