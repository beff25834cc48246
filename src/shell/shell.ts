// The shell at a serial port: bytes in, lines to the commands, answers out as fast as the port takes them.
// While an answer is on its way no further input is taken, so nothing grows: a port with flow control holds it back.
// RAM idle: 20 slots here, the editor's and the output's, and one buffer of SHELL_BYTES.
import { textBytes } from "../bytes.js";
import { SHELL_HISTORY_BYTES, SHELL_LINE_BYTES, SHELL_OUTPUT_BYTES } from "../config.js";
import type { Log } from "../log.js";
import type { Platform, Serial, SerialOptions } from "../platform.js";
import type { Context, Lines } from "./command.js";
import { run } from "./commands.js";
import { complete } from "./complete.js";
import { LineEditor, type LineOwner, PAINT_BYTES } from "./line-editor.js";
import { Output } from "./output.js";
import type { ShellClient } from "./shell-client.js";
import { isSecret, split } from "./words.js";

const INPUT_BYTES = 16;
const INPUT = SHELL_LINE_BYTES + SHELL_HISTORY_BYTES + SHELL_OUTPUT_BYTES;
const SHELL_BYTES = INPUT + INPUT_BYTES;
/** Characters that go into the queue at a time, 3 bytes each at most. */
const SLICE = SHELL_OUTPUT_BYTES >> 2;
/** The most of a log line that is printed, and what taking the prompt away and ending the line needs beside it. */
const LOG_CHARACTERS = SHELL_OUTPUT_BYTES - 56;
const HIDE_BYTES = 20;
const CTRL_C = 0x03;

export interface ShellOptions {
	client: ShellClient;
	platform: Platform;
	log: Log;
	version: string;
}

export class Shell implements SerialOptions, LineOwner, Context {
	readonly client: ShellClient;
	readonly platform: Platform;
	readonly log: Log;
	readonly version: string;
	readonly startedAtMs: number;
	#output: Output | undefined;
	#editor: LineEditor | undefined;
	#input: Uint8Array;
	#inputAt = 0;
	#inputEnd = 0;
	/** The rest of the answer: a text of which `#textAt` characters have gone, then the lines of `#lines`. */
	#text: string | undefined;
	#textAt = 0;
	#lines: Lines | undefined;
	/** Log lines for which there was no room. */
	#lost = 0;
	#isPrompted = false;
	#isBusy = false;
	#isClosed = false;

	constructor(options: ShellOptions) {
		this.client = options.client;
		this.platform = options.platform;
		this.log = options.log;
		this.version = options.version;
		this.startedAtMs = options.platform.clock.now();
		this.#input = new Uint8Array(0);
	}

	/** Opens the platform's serial port and prompts. @returns false where there is none */
	open(): boolean {
		const serial = this.platform.openSerial(this);
		if (serial) this.#begin(serial);
		return !!serial;
	}

	#begin(serial: Serial): void {
		const bytes = new Uint8Array(SHELL_BYTES);
		this.#input = bytes.subarray(INPUT);
		this.#output = new Output(serial, bytes);
		this.#editor = new LineEditor(this, this.#output, bytes);
		if (serial.isTerminal) this.#editor.askWidth();
		this.#pump();
	}

	/** Prints a line of the log, above the line being typed. Where the port is too slow it is counted as lost. */
	print(line: string): void {
		const output = this.#output;
		const text = line.slice(0, LOG_CHARACTERS);
		if (!output || this.#textAt > 0 || output.room < textBytes(text) + HIDE_BYTES) this.#lost++;
		else {
			this.#hide();
			output.text(text);
			output.endLine();
		}
		this.#pump();
	}

	onReadable(): void {
		if (this.#text !== undefined || this.#lines) this.#lookForInterrupt();
		this.#pump();
	}

	onWritable(): void {
		this.#pump();
	}

	onClose(): void {
		this.#isClosed = true;
		this.#pump();
	}

	/** The editor has a complete line. */
	onLine(): void {
		const editor = this.#editor!;
		this.#isPrompted = false;
		const text = editor.text();
		const words = split(text ?? "");
		if (editor.isTooLong) this.#answer(`line too long, ${SHELL_LINE_BYTES} bytes are the limit: not run`);
		else if (text === undefined) this.#answer("the line is not UTF-8");
		else if (typeof words === "string") this.#answer(`not terminated: ${words}`);
		else if (words.length > 0) this.#answer(run(this, words));
		if (typeof words !== "string" && !isSecret(this.client, words)) editor.remember();
	}

	onTab(): void {
		const editor = this.#editor!;
		const text = editor.text();
		if (text === undefined || text !== editor.text(true)) return;
		const { rest, choices } = complete(this.client, text);
		editor.insert(rest);
		if (choices === "") return;
		this.#hide();
		this.#answer(choices);
	}

	#hide(): void {
		if (this.#isPrompted) this.#editor!.hide();
		this.#isPrompted = false;
	}

	#answer(reply: string | Lines | undefined): void {
		this.#textAt = 0;
		if (typeof reply === "string") this.#text = reply;
		else this.#lines = reply;
	}

	#pump(): void {
		if (this.#isBusy || !this.#output) return;
		this.#isBusy = true;
		try {
			while (this.#step(this.#output, this.#editor!));
		} finally {
			this.#isBusy = false;
		}
	}

	/** Does the next thing. @returns false where there is nothing to do, or the port takes no more */
	#step(output: Output, editor: LineEditor): boolean {
		if (!output.flush()) return false;
		if (this.#text !== undefined) this.#writeSlice();
		else if (this.#lines) this.#nextLine(this.#lines);
		else if (this.#lost > 0) {
			this.#hide();
			this.#answer(`--- ${this.#lost} messages dropped ---`);
			this.#lost = 0;
		} else if (!this.#isPrompted) {
			editor.show();
			this.#isPrompted = true;
		} else if (this.#inputAt < this.#inputEnd || this.#read()) {
			while (this.#isPrompted && this.#inputAt < this.#inputEnd && output.room >= PAINT_BYTES)
				editor.feed(this.#input[this.#inputAt++]!);
		} else {
			// the last line of a pipe may lack its end
			if (!this.#isClosed || editor.isEmpty) return false;
			editor.feed(0x0a);
		}
		return true;
	}

	#nextLine(lines: Lines): void {
		let line: string | undefined;
		try {
			line = lines.next();
		} catch (error) {
			line = String(error);
			this.#lines = undefined;
		}
		if (line === undefined) this.#lines = undefined;
		this.#text = line;
		this.#textAt = 0;
	}

	/** Queues the next part of the text, and behind its end the end of the line. */
	#writeSlice(): void {
		const output = this.#output!;
		const text = this.#text!;
		const at = this.#textAt;
		let end = text.indexOf("\n", at);
		if (end < 0) end = text.length;
		if (end > at + SLICE) {
			// a character outside the basic plane stays whole
			end = at + SLICE;
			const code = text.charCodeAt(end - 1);
			if (code >= 0xd800 && code < 0xdc00) end--;
			output.text(text.slice(at, end));
			this.#textAt = end;
		} else {
			output.text(text.slice(at, end));
			output.endLine();
			this.#textAt = end + 1;
			if (end < text.length) return;
			this.#text = undefined;
			this.#textAt = 0;
		}
	}

	#read(): boolean {
		this.#inputAt = 0;
		this.#inputEnd = this.#output!.serial.read(this.#input);
		return this.#inputEnd > 0;
	}

	/** Ctrl-C ends an answer that is still on its way; what was typed before it is dropped. */
	#lookForInterrupt(): void {
		if (this.#inputAt === this.#inputEnd && !this.#read()) return;
		const at = this.#input.indexOf(CTRL_C, this.#inputAt);
		if (at < 0 || at >= this.#inputEnd || !this.#output!.serial.isTerminal) return;
		this.#inputAt = at + 1;
		this.#text = this.#lines = undefined;
		this.#textAt = 0;
		this.#output!.raw("^C");
		this.#output!.endLine();
	}
}
