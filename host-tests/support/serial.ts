// A serial port in memory: the test types into it and takes what the shell has written. Runs on Node and on XS.
import { readText, textBytes, writeText } from "../../src/bytes.js";
import type { Serial, SerialOptions } from "../../src/platform.js";

export class TestSerial implements Serial {
	readonly isTerminal: boolean;
	readonly options: SerialOptions;
	/** The most that the port takes at a time, as a UART's FIFO; the test empties it by `drain`. */
	readonly fifoBytes: number;
	/** The most that was queued in the FIFO and behind it by one `write`. */
	#waiting: number[] = [];
	#written: number[] = [];
	#fifo = 0;

	constructor(options: SerialOptions, isTerminal: boolean, fifoBytes = Number.POSITIVE_INFINITY) {
		this.options = options;
		this.isTerminal = isTerminal;
		this.fifoBytes = fifoBytes;
	}

	read(into: Uint8Array): number {
		let count = 0;
		while (count < into.length && this.#waiting.length > 0) into[count++] = this.#waiting.shift()!;
		return count;
	}

	write(from: Uint8Array, start: number, end: number): number {
		const count = Math.min(end - start, this.fifoBytes - this.#fifo);
		for (let i = start; i < start + count; i++) this.#written.push(from[i]!);
		this.#fifo += count;
		return count;
	}

	close(): void {}

	/** Bytes that the shell has not read yet. */
	get waiting(): number {
		return this.#waiting.length;
	}

	/** A text arrives. */
	type(text: string): void {
		const bytes = new Uint8Array(textBytes(text));
		writeText(bytes, 0, text);
		this.receive(bytes);
	}

	receive(bytes: Uint8Array): void {
		for (const byte of bytes) this.#waiting.push(byte);
		this.options.onReadable(bytes.length);
	}

	/** The line has sent what the FIFO held, once. @returns how much that was */
	drain(): number {
		const count = this.#fifo;
		this.#fifo = 0;
		if (count > 0) this.options.onWritable(count);
		return count;
	}

	/** The other side is gone. */
	end(): void {
		this.options.onClose();
	}

	/** What has been written since the last call, as text. */
	take(): string {
		const bytes = Uint8Array.from(this.#written);
		this.#written = [];
		return readText(bytes, 0, bytes.length) ?? "(not UTF-8)";
	}
}
