// The line being typed: bytes in, painted bytes out, `onLine` when it is complete. VT100 sequences; a terminal that
// answers the question for its width gets lines that wrap repainted right. On a pipe nothing is painted.
// RAM: 13 slots, and SHELL_LINE_BYTES + SHELL_HISTORY_BYTES of the shell's buffer. Nothing is allocated for what is typed.
// Its private methods are TypeScript's, because on XS each method named #x takes a slot of every instance.
import { copy, equal, readText } from "../bytes.js";
import { SHELL_HISTORY_BYTES, SHELL_LINE_BYTES } from "../config.js";
import type { Output } from "./output.js";

export const PROMPT = "uart:~$ ";
/** The most bytes that one key makes the editor paint: prompt, line, and up to five movements of at most 9 bytes. */
export const PAINT_BYTES = PROMPT.length + SHELL_LINE_BYTES + 45;

const LF = 0x0a;
const CR = 0x0d;
const TAB = 0x09;
const SPACE = 0x20;
const DEL = 0x7f;
/** History: entries each ended by LF, the oldest first. */
const HISTORY = SHELL_LINE_BYTES;
/** What the byte before leads to: nothing; the LF of CRLF; a sequence of the terminal, its parameters. */
const NONE = 0;
const RETURNED = 1;
const ESCAPED = 2;
const PARAMETERS = 3;

/** What a byte has led to: nothing that concerns others, a complete line (`text`, then `clear`), Tab, a fresh prompt. */
export const TYPING = 0;
export const COMPLETE = 1;
export const TABBED = 2;
export const LEFT = 3;

export class LineEditor {
	/** Bytes were refused since the line was last shortened: what is there is not what was meant. */
	isTooLong = false;
	readonly output: Output;
	#length = 0;
	#cursor = 0;
	/** The end of the history, and where the entry begins that is shown. */
	#historyEnd = HISTORY;
	#recalled = HISTORY;
	#before = NONE;
	#parameter = 0;
	/** Columns of the terminal, 0 for not known: nothing wraps. */
	#width = 0;
	/** Where the terminal's cursor is, in columns from the start of the prompt. */
	#column = 0;

	constructor(output: Output) {
		this.output = output;
	}

	/** Asks the terminal for its width: to the far right, where is the cursor, and back. */
	begin(): void {
		if (this.output.serial.isTerminal) this.output.raw("\x1b7\x1b[999C\x1b[6n\x1b8");
	}

	/** The line up to the end or to the cursor; undefined where it is not UTF-8. */
	text(isToCursor = false): string | undefined {
		return readText(this.output.bytes, 0, isToCursor ? this.#cursor : this.#length);
	}

	/** Takes one byte from the serial port. @returns TYPING to LEFT */
	feed(byte: number): number {
		const before = this.#before;
		const { output } = this;
		this.#before = NONE;
		if (before > RETURNED) this.feedSequence(before, byte);
		else if (byte === CR || byte === LF) {
			if (byte === CR) this.#before = RETURNED;
			else if (before === RETURNED) return TYPING;
			if (output.serial.isTerminal) this.moveTo(this.position(this.#length));
			output.endLine();
			return COMPLETE;
		} else if (byte >= SPACE && byte !== DEL) this.put(byte);
		else if (output.serial.isTerminal) return this.control(byte);
		else if (byte === TAB) this.put(SPACE);
		return TYPING;
	}

	/** Puts a text in at the cursor, as if it had been typed. */
	insert(text: string): void {
		for (let i = 0; i < text.length; i++) this.put(text.charCodeAt(i));
	}

	/** Takes prompt and line off the screen. */
	hide(): void {
		if (!this.output.serial.isTerminal) this.output.endLine();
		else {
			this.moveTo(0);
			this.output.raw("\x1b[J");
		}
	}

	/** Paints prompt and line where the cursor is. */
	show(): void {
		this.output.raw(PROMPT);
		this.#column = PROMPT.length;
		if (this.output.serial.isTerminal) this.paint(0);
	}

	/** Keeps the line in the history. */
	remember(): void {
		const bytes = this.output.bytes;
		const size = this.#length + 1;
		const end = this.#historyEnd;
		if (size > SHELL_HISTORY_BYTES || size === 1) return;
		if (end - HISTORY >= size && (end - HISTORY === size || bytes[end - size - 1] === LF))
			if (equal(bytes, end - size, bytes, 0, size - 1)) return;
		let from = HISTORY;
		while (end - from + size > SHELL_HISTORY_BYTES) from = bytes.indexOf(LF, from) + 1;
		const at = copy(bytes, HISTORY, bytes, from, end);
		bytes[copy(bytes, at, bytes, 0, size - 1)] = LF;
		this.#historyEnd = at + size;
	}

	/** Empties the line, not the screen; what it held is overwritten, it may have been a key. */
	clear(): void {
		this.output.bytes.fill(0, 0, SHELL_LINE_BYTES);
		this.#length = this.#cursor = 0;
		this.#recalled = this.#historyEnd;
		this.isTooLong = false;
	}

	private put(byte: number): void {
		const bytes = this.output.bytes;
		const at = this.#cursor;
		if (this.#length === SHELL_LINE_BYTES) {
			this.isTooLong = true;
			this.bell();
			return;
		}
		copy(bytes, at + 1, bytes, at, this.#length);
		bytes[at] = byte;
		this.#length++;
		this.#cursor++;
		// a character of several bytes appears when it is complete
		const start = isInner(byte) ? this.before(at + 1) : at;
		const lead = bytes[start]!;
		if (at - start >= (lead < 0xc0 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3)) this.paint(start);
	}

	/** Takes `[start, end)` out of the line. */
	private remove(start: number, end: number): void {
		if (start === end) return;
		this.isTooLong = false;
		copy(this.output.bytes, start, this.output.bytes, end, this.#length);
		this.#length -= end - start;
		this.#cursor = start;
		this.paint(start, true);
	}

	private control(byte: number): number {
		if (byte === 0x1b) this.#before = ESCAPED;
		else if (byte === TAB) return TABBED;
		else if (byte === 0x08 || byte === DEL) this.remove(this.before(this.#cursor), this.#cursor);
		else if (byte === 0x03) {
			// Ctrl-C
			this.key(0x46);
			this.output.raw("^C");
			this.output.endLine();
			this.clear();
			return LEFT;
		} else if (byte === 0x15) {
			// Ctrl-U
			this.#cursor = this.#length;
			this.remove(0, this.#length);
		} else if (byte === 0x0b) this.remove(this.#cursor, this.#length);
		else if (byte === 0x0c) {
			// Ctrl-L: a clean screen, which may be another one
			this.output.raw("\x1b[H\x1b[2J");
			this.begin();
			return LEFT;
		} else if (byte === 0x01) this.key(0x48);
		else if (byte === 0x05) this.key(0x46);
		else if (byte === 0x10) this.key(0x41);
		else if (byte === 0x0e) this.key(0x42);
		return TYPING;
	}

	/** ESC [ parameters final, or ESC O final; of the parameters the last one counts. ECMA-48 5.4. */
	private feedSequence(before: number, byte: number): void {
		const parameter = this.#parameter;
		if (before === ESCAPED) {
			if (byte === 0x5b || byte === 0x4f) this.#before = PARAMETERS;
			this.#parameter = 0;
		} else if (byte >= 0x30 && byte <= 0x3b) {
			this.#before = PARAMETERS;
			this.#parameter = byte > 0x39 ? 0 : (parameter * 10 + byte - 0x30) % 10000;
		} else if (byte === 0x52 && parameter > PROMPT.length) this.#width = parameter;
		else if (byte !== 0x7e) this.key(byte);
		else if (parameter === 3) this.remove(this.#cursor, this.after(this.#cursor));
		else if (parameter === 1 || parameter === 7) this.key(0x48);
		else if (parameter === 4 || parameter === 8) this.key(0x46);
	}

	/** A cursor key by the final byte of its sequence: A to D, H and F. */
	private key(key: number): void {
		if (key === 0x41 || key === 0x42) this.recall(key === 0x41);
		else if (key === 0x44) this.#cursor = this.before(this.#cursor);
		else if (key === 0x43) this.#cursor = this.after(this.#cursor);
		else if (key === 0x48) this.#cursor = 0;
		else if (key === 0x46) this.#cursor = this.#length;
		this.moveTo(this.position(this.#cursor));
	}

	private recall(isOlder: boolean): void {
		const bytes = this.output.bytes;
		const end = this.#historyEnd;
		let at = this.#recalled;
		if (at === (isOlder ? HISTORY : end)) {
			this.bell();
			return;
		}
		if (isOlder) {
			at--;
			while (at > HISTORY && bytes[at - 1] !== LF) at--;
		} else at = bytes.indexOf(LF, at) + 1;
		this.clear();
		this.#recalled = at;
		if (at < end) this.#length = this.#cursor = copy(bytes, 0, bytes, at, bytes.indexOf(LF, at));
		this.paint(0, true);
	}

	private bell(): void {
		if (this.output.serial.isTerminal) this.output.raw("\x07");
	}

	/** Paints the line from `from` on. @param isShorter what stood behind it is wiped out */
	private paint(from: number, isShorter = false): void {
		const output = this.output;
		if (!output.serial.isTerminal) return;
		this.moveTo(this.position(from));
		output.part(from, this.#length);
		this.#column = this.position(this.#length);
		// at the right margin a terminal waits for the next character before it wraps
		if (this.#width > 0 && this.#column % this.#width === 0 && from < this.#length) output.raw("\r\n");
		if (isShorter) output.raw("\x1b[J");
		this.moveTo(this.position(this.#cursor));
	}

	private moveTo(column: number): void {
		const output = this.output;
		const width = this.#width || 0x10000;
		const rows = Math.floor(column / width) - Math.floor(this.#column / width);
		if (column === this.#column) return;
		if (rows !== 0) output.raw(`\x1b[${Math.abs(rows)}${rows < 0 ? "A" : "B"}`);
		output.raw("\r");
		if (column % width > 0) output.raw(`\x1b[${column % width}C`);
		this.#column = column;
	}

	/** The column of a place in the line: one for each character. */
	private position(at: number): number {
		let column = PROMPT.length;
		for (let i = 0; i < at; i++) if (!isInner(this.output.bytes[i]!)) column++;
		return column;
	}

	/** Where the character before a place begins. */
	private before(at: number): number {
		while (at > 0 && isInner(this.output.bytes[--at]!));
		return at;
	}

	/** Where the character at a place ends. */
	private after(at: number): number {
		const length = this.#length;
		if (at < length) at++;
		while (at < length && isInner(this.output.bytes[at]!)) at++;
		return at;
	}
}

/** True for the bytes of a UTF-8 character behind its first. */
function isInner(byte: number): boolean {
	return (byte & 0xc0) === 0x80;
}
