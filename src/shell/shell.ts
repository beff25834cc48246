// The shell at a serial port: bytes in, lines to the commands, answers out as fast as the port takes them.
// While an answer is on its way no further input is taken, so nothing grows: a port with flow control holds it back.
// RAM idle: 19 slots here, the editor's and the output's, and one buffer of SHELL_BYTES.
import { textBytes } from "../bytes.js";
import { SHELL_HISTORY_BYTES, SHELL_LINE_BYTES, SHELL_OUTPUT_BYTES } from "../config.js";
import type { Platform, SerialOptions } from "../platform.js";
import type { Context, Parts, Reply } from "./command.js";
import { choices, failure, hasSecret, run } from "./commands.js";
import { COMPLETE, LEFT, LineEditor, PAINT_BYTES, TABBED, TYPING } from "./line-editor.js";
import { Output } from "./output.js";
import type { ShellClient } from "./shell-client.js";

const INPUT = SHELL_LINE_BYTES + SHELL_HISTORY_BYTES + SHELL_OUTPUT_BYTES;
const SHELL_BYTES = INPUT + 16;
/** Characters that go into the queue at a time, 3 bytes each at most. */
const SLICE = SHELL_OUTPUT_BYTES >> 2;
const CTRL_C = 0x03;

export interface ShellOptions {
	client: ShellClient;
	platform: Platform;
}

export class Shell implements SerialOptions, Context {
	readonly client: ShellClient;
	readonly platform: Platform;
	readonly startedAtMs: number;
	onChangeBefore: Context["onChangeBefore"];
	#editor: LineEditor | undefined;
	#input: Uint8Array | undefined;
	#inputAt = 0;
	#inputEnd = 0;
	/** The rest of the answer: a text of which `#textAt` characters have gone, then what `#parts` gives. */
	#text: string | undefined;
	#textAt = 0;
	#parts: Parts | undefined;
	#part = 0;
	/** Log lines for which there was no room. */
	#lost = 0;
	/** What the last byte has led to, and what is still to be done about it. TYPING: the prompt is there. */
	#event = LEFT;
	#isBusy = false;
	#isClosed = false;

	constructor(options: ShellOptions) {
		this.client = options.client;
		this.platform = options.platform;
		this.startedAtMs = options.platform.clock.now();
	}

	/** Opens the platform's serial port and prompts. @returns false where there is none */
	open(): boolean {
		const serial = this.platform.openSerial(this);
		if (!serial) return false;
		const bytes = new Uint8Array(SHELL_BYTES);
		this.#input = bytes.subarray(INPUT);
		this.#editor = new LineEditor(new Output(serial, bytes));
		this.#editor.begin();
		this.pump();
		return true;
	}

	/** Prints a line of the log, above the line being typed. Where the port is too slow it is counted as lost. */
	print(line: string): void {
		const output = this.#editor?.output;
		const text = line.slice(0, SHELL_OUTPUT_BYTES - 56);
		// taking the prompt away and ending the line need 20 bytes
		if (!output || this.#textAt > 0 || output.room < textBytes(text) + 20) this.#lost++;
		else {
			this.hide();
			output.text(text);
			output.endLine();
		}
		this.pump();
	}

	onReadable(): void {
		if (this.#text !== undefined || this.#parts) this.lookForInterrupt();
		this.pump();
	}

	onWritable(): void {
		this.pump();
	}

	onClose(): void {
		this.#isClosed = true;
		this.pump();
	}

	private runLine(editor: LineEditor): void {
		const text = editor.text();
		const words = split(text ?? "");
		if (editor.isTooLong) this.answer(`line too long, ${SHELL_LINE_BYTES} bytes are the limit: not run`);
		else if (text === undefined) this.answer("the line is not UTF-8");
		else if (typeof words === "string") this.answer(`not terminated: ${words}`);
		else if (words.length > 0) this.answer(run(this, words));
		if (typeof words !== "string" && !hasSecret(this.client, words)) editor.remember();
		editor.clear();
	}

	private complete(editor: LineEditor): void {
		const line = editor.text(true) ?? "";
		const words = line.trimStart().split(/ +/);
		const last = words[words.length - 1]!;
		const fitting = choices(this.client, words).filter((choice) => choice !== " " && choice.startsWith(last));
		const first = fitting[0];
		if (first === undefined || line !== editor.text()) return;
		let common = first.length;
		while (!fitting.every((choice) => choice.startsWith(first.slice(0, common)))) common--;
		editor.insert(first.slice(last.length, common));
		if (common > last.length) return;
		this.hide();
		this.answer(fitting.join(" "));
	}

	private answer(reply: Reply): void {
		if (typeof reply === "string") this.#text = reply;
		else if (reply) this.#parts = reply;
		this.#part = 0;
	}

	/** Takes the prompt off the screen, if it is there. */
	private hide(): void {
		if (this.#event === TYPING) this.#editor!.hide();
		this.#event = LEFT;
	}

	private pump(): void {
		const editor = this.#editor;
		if (this.#isBusy || !editor) return;
		this.#isBusy = true;
		while (this.step(editor.output, editor, this.#input!));
		this.#isBusy = false;
	}

	/** Does the next thing. @returns false where there is nothing to do, or the port takes no more */
	private step(output: Output, editor: LineEditor, input: Uint8Array): boolean {
		if (!output.flush()) return false;
		if (this.#text !== undefined) this.writeSlice(output, this.#text);
		else if (this.#parts) {
			try {
				const text = this.#parts(this.#part++);
				if (text === undefined) this.#parts = undefined;
				this.#text = text || undefined;
			} catch (error) {
				this.#parts = undefined;
				this.#text = failure("print", error);
			}
		} else if (this.#lost > 0) {
			this.hide();
			this.#text = `--- ${this.#lost} messages dropped ---`;
			this.#lost = 0;
		} else if (this.#event === COMPLETE) {
			this.#event = LEFT;
			this.runLine(editor);
		} else if (this.#event === LEFT) {
			this.#event = TYPING;
			editor.show();
		} else if (this.#inputAt < this.#inputEnd || this.read(output)) {
			while (this.#event === TYPING && this.#inputAt < this.#inputEnd && output.room >= PAINT_BYTES)
				this.#event = editor.feed(input[this.#inputAt++]!);
			if (this.#event === TABBED) {
				this.#event = TYPING;
				this.complete(editor);
			}
		} else {
			// the last line of a pipe may lack its end
			if (!this.#isClosed || editor.text() === "") return false;
			this.#event = editor.feed(0x0a);
		}
		return true;
	}

	/** Queues the next part of the text, and behind its end the end of the line. */
	private writeSlice(output: Output, text: string): void {
		const at = this.#textAt;
		let end = text.indexOf("\n", at);
		if (end < 0) end = text.length;
		const isCut = end - at > SLICE;
		if (isCut) {
			// a character outside the basic plane stays whole
			end = at + SLICE;
			if ((text.charCodeAt(end - 1) & 0xfc00) === 0xd800) end--;
		}
		output.text(text.slice(at, end));
		this.#textAt = isCut ? end : end + 1;
		if (isCut) return;
		output.endLine();
		if (end + 1 < text.length) return;
		this.#text = undefined;
		this.#textAt = 0;
	}

	private read({ serial }: Output): boolean {
		this.#inputAt = 0;
		this.#inputEnd = serial.read(this.#input!);
		return this.#inputEnd > 0;
	}

	/** Ctrl-C ends an answer that is still on its way; what was typed before it is dropped. */
	private lookForInterrupt(): void {
		const { output } = this.#editor!;
		if (this.#inputAt === this.#inputEnd) this.read(output);
		const at = this.#input!.lastIndexOf(CTRL_C, this.#inputEnd - 1);
		if (at < this.#inputAt || !output.serial.isTerminal) return;
		this.#inputAt = at + 1;
		this.#text = this.#parts = undefined;
		this.#textAt = 0;
		output.raw("^C");
		output.endLine();
	}
}

/**
 * A line into words, as Zephyr's shell does it: spaces part them, quotes and backslashes keep them together. Quotes
 * around a word go, quotes within one stay, so that an argument list can be typed as it is: `0='a b',1`.
 * @returns the words, or the quote that is missing
 */
function split(line: string): string[] | string {
	const words: string[] = [];
	let word: string | undefined;
	let quote = "";
	let isWhole = false;
	for (let i = 0; i < line.length; i++) {
		let character = line.charAt(i);
		if (character === quote) {
			quote = "";
			if (isWhole) continue;
		} else if (character === "\\") character = line.charAt(++i);
		else if (quote === "" && (character === "'" || character === '"')) {
			quote = character;
			isWhole = word === undefined;
			word ??= "";
			if (isWhole) continue;
		} else if (quote === "" && character === " ") {
			if (word !== undefined) words.push(word);
			word = undefined;
			continue;
		}
		word = (word ?? "") + character;
	}
	if (word !== undefined) words.push(word);
	return quote || words;
}
