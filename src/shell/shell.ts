// The shell at a serial port; a manifest leaves it out by mapping this module to `none`: bytes in, lines to the commands, answers out as fast as the port takes them.
// While an answer is on its way no further input is taken, so nothing grows: a port with flow control holds it back.
// RAM idle: 27 slots, the port's own included, and one buffer of SHELL_BYTES.
// Private is TypeScript's here: on XS a name #x takes a slot of every instance for a method, and bytecode in each function.
import { SHELL_HISTORY_BYTES, SHELL_LINE_BYTES, SHELL_OUTPUT_BYTES } from "../config.js";
import type { Platform, Serial, SerialOptions } from "../platform.js";
import type { Context, Parts, Reply } from "./command.js";
import { choices, failure, run } from "./commands.js";
import { isSecret } from "./place.js";
import type { ShellClient } from "./shell-client.js";
import {
	accept,
	answer,
	COMPLETE,
	feed,
	IDLE,
	INPUT_BYTES,
	insert,
	LEFT,
	open,
	report,
	STATE_BYTES,
	sent,
	TABBED,
	words,
} from "./terminal.js";

const SHELL_BYTES = STATE_BYTES + SHELL_OUTPUT_BYTES + SHELL_LINE_BYTES + SHELL_HISTORY_BYTES + INPUT_BYTES;

export interface ShellOptions {
	client: ShellClient;
	platform: Platform;
}

export class Shell implements SerialOptions, Context {
	declare readonly client: ShellClient;
	declare readonly platform: Platform;
	declare readonly startedAtMs: number;
	declare onChangeBefore: Context["onChangeBefore"];
	declare private serial: Serial | undefined;
	declare private bytes: Uint8Array;
	declare private input: Uint8Array;
	/** The rest of the answer: a text, then what `parts` gives from `part` on. */
	declare private text: string | undefined;
	declare private parts: Parts | undefined;
	declare private part: number;
	/** Log lines for which there was no room. */
	declare private lost: number;
	declare private isBusy: boolean;
	declare private isClosed: boolean;

	constructor({ client, platform }: ShellOptions) {
		this.client = client;
		this.platform = platform;
		this.startedAtMs = platform.clock.now();
		this.lost = 0;
	}

	/** Opens the platform's serial port and prompts. @returns false where there is none */
	open(): boolean {
		const serial = this.platform.openSerial(this);
		if (!serial) return false;
		const bytes = new Uint8Array(SHELL_BYTES);
		open(bytes, SHELL_LINE_BYTES, SHELL_HISTORY_BYTES, serial.isTerminal);
		this.serial = serial;
		this.bytes = bytes;
		this.input = bytes.subarray(SHELL_BYTES - INPUT_BYTES);
		this.pump();
		return true;
	}

	/** Prints a line of the log, above the line being typed. Where the port is too slow it is counted as lost. */
	print(line: string): void {
		if (!this.serial || !report(this.bytes, line)) this.lost++;
		this.pump();
	}

	onReadable(): void {
		if ((this.text !== undefined || this.parts) && this.take(true) === LEFT) this.text = this.parts = undefined;
		this.pump();
	}

	onWritable(): void {
		this.pump();
	}

	onClose(): void {
		this.isClosed = true;
		this.pump();
	}

	private pump(): void {
		if (this.isBusy || !this.serial) return;
		this.isBusy = true;
		while (this.step(this.serial));
		this.isBusy = false;
	}

	/** Does the next thing. @returns false where there is nothing to do, or the port takes no more */
	private step(serial: Serial): boolean {
		const bytes = this.bytes;
		const end = sent(bytes, 0);
		if (end > STATE_BYTES && sent(bytes, serial.write(bytes, STATE_BYTES, end)) > STATE_BYTES) return false;
		if (this.text !== undefined) {
			if (answer(bytes, this.text)) this.text = undefined;
		} else if (this.parts) {
			let text: ReturnType<Parts>;
			try {
				text = this.parts(this.part++);
				this.text = text || undefined;
			} catch (error) {
				this.text = failure("print", error);
			}
			if (text === undefined) this.parts = undefined;
		} else if (this.lost > 0) {
			this.text = `--- ${this.lost} messages dropped ---`;
			this.lost = 0;
		} else {
			const event = this.take(false);
			if (event === COMPLETE) {
				const line = words(bytes, false);
				const isList = typeof line === "object";
				accept(bytes, isList && !line.some((word) => isSecret(this.client.registry.model, word)));
				this.answer(
					isList ? run(this, line) : (line ?? `line too long, ${SHELL_LINE_BYTES} bytes are the limit: not run`),
				);
			} else if (event === TABBED) this.complete(bytes);
			else return event !== IDLE;
		}
		return true;
	}

	private take(isAnswering: boolean): number {
		const { bytes } = this;
		return (
			feed(bytes, 0, isAnswering) || feed(bytes, this.serial!.read(this.input) || (this.isClosed ? -1 : 0), isAnswering)
		);
	}

	private complete(bytes: Uint8Array): void {
		const line = words(bytes, true);
		if (typeof line !== "object") return;
		const last = line[line.length - 1]!;
		const fitting = choices(this.client, line).filter((choice): choice is string => choice?.startsWith(last) === true);
		const first = fitting[0];
		if (first === undefined) return;
		let common = first.length;
		while (!fitting.every((choice) => choice.startsWith(first.slice(0, common)))) common--;
		const rest = first.slice(last.length, common) + (fitting.length > 1 || first.slice(-1) === "/" ? "" : " ");
		if (rest) insert(bytes, rest);
		else this.text = fitting.join("  ");
	}

	private answer(reply: Reply): void {
		if (typeof reply === "string") this.text = reply;
		else if (reply) this.parts = reply;
		this.part = 0;
	}
}

/** Opens the shell at the platform's serial port, if there is one. The port keeps it alive. */
export function startShell(options: ShellOptions): void {
	const shell = new Shell(options);
	if (shell.open() && options.platform.isLogOnSerial) options.client.log.divert((line) => shell.print(line));
}
