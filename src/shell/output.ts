// What goes out of the serial port: a bounded queue in front of `Serial.write`, which may take only part.
// RAM: 7 slots, and SHELL_OUTPUT_BYTES of the shell's buffer.
import { copy, writeText } from "../bytes.js";
import { SHELL_HISTORY_BYTES, SHELL_LINE_BYTES, SHELL_OUTPUT_BYTES } from "../config.js";
import type { Serial } from "../platform.js";

/** Where the queue lies in the shell's buffer: behind the line and the history. */
const AT = SHELL_LINE_BYTES + SHELL_HISTORY_BYTES;
const END = AT + SHELL_OUTPUT_BYTES;
const TAB = 0x09;
const DOT = 0x2e;

export class Output {
	readonly serial: Serial;
	/** The shell's buffer: the line, the history, this queue. */
	readonly bytes: Uint8Array;
	#start = AT;
	#end = AT;

	constructor(serial: Serial, bytes: Uint8Array) {
		this.serial = serial;
		this.bytes = bytes;
	}

	/** Bytes that the queue takes now. */
	get room(): number {
		return END - this.#end;
	}

	/** Queues a text as it is, control sequences and all. What finds no room is lost: callers look at `room`. */
	raw(text: string): void {
		// the buffer goes on behind the queue, so `writeText` itself would not stop at its end
		if (text.length <= this.room) this.#end = writeText(this.bytes, this.#end, text);
	}

	/** Queues a text that others wrote: what would steer the terminal becomes a dot. At most a third of `room` in length. */
	text(text: string): void {
		const bytes = this.bytes;
		let at = this.#end;
		this.#end = writeText(bytes, at, text);
		for (; at < this.#end; at++) {
			const byte = bytes[at]!;
			// C0 and DEL; C1 is c2 80..9f in UTF-8
			if ((byte < 0x20 && byte !== TAB) || byte === 0x7f) bytes[at] = DOT;
			else if (byte === 0xc2 && bytes[at + 1]! < 0xa0) bytes.fill(DOT, at, at + 2);
		}
	}

	endLine(): void {
		this.raw(this.serial.isTerminal ? "\r\n" : "\n");
	}

	/** Queues a part of the shell's buffer. */
	part(start: number, end: number): void {
		if (end - start <= this.room) this.#end = copy(this.bytes, this.#end, this.bytes, start, end);
	}

	/** Hands on what the port takes. @returns true where the queue is empty */
	flush(): boolean {
		if (this.#start < this.#end) this.#start += this.serial.write(this.bytes, this.#start, this.#end);
		if (this.#start < this.#end) return false;
		this.#start = this.#end = AT;
		return true;
	}
}
