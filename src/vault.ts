// Texts in the platform's key-value storage, of any length and each replaced as a whole: whatever write the power is cut
// after, a text is the old one or the new one. A text that fits one entry is one entry; a longer one is written in parts
// under names that are not in use, and then its head, which names them.
//
//  head: | 0 | text …                    |   or   | 1 | generation | parts | hash (4) | length (4) |
//
// Names have 1 to 10 characters: parts add `.a0`, `.b12`.
import { hash, readText, textBytes, writeText } from "./bytes.js";
import type { Log } from "./log.js";
import type { KeyValue } from "./platform.js";

const INLINE = 0;
const PARTS = 1;
const HEAD_BYTES = 11;
const MAX_PARTS = 16;

export class Vault {
	#storage: KeyValue;
	#log: Log;

	constructor(storage: KeyValue, log: Log) {
		this.#storage = storage;
		this.#log = log;
	}

	/** @returns undefined where there is no such text, or it is damaged */
	read(name: string): string | undefined {
		const head = this.#head(name);
		if (!head) return undefined;
		if (head[0] === INLINE) return readText(head, 1, head.length);
		if (head[0] !== PARTS || head.length !== HEAD_BYTES) return undefined;
		const view = new DataView(head.buffer);
		const bytes = new Uint8Array(view.getUint32(7));
		let at = 0;
		for (let i = 0; i < head[2]!; i++) {
			const part = this.#storage.read(partName(name, head[1]!, i));
			if (!part || at + part.byteLength > bytes.length) return undefined;
			bytes.set(new Uint8Array(part), at);
			at += part.byteLength;
		}
		if (at !== bytes.length || (hash(bytes, 0, at) | 0) !== view.getInt32(3)) return undefined;
		return readText(bytes, 0, at);
	}

	/** @returns false where the storage does not take it; the old text stands then */
	write(name: string, text: string): boolean {
		try {
			this.#write(name, text);
			return true;
		} catch (error) {
			this.#log.error(`Storage: ${name} is not saved: ${error instanceof Error ? error.message : error}`);
			return false;
		}
	}

	delete(name: string): void {
		const head = this.#head(name);
		this.#storage.delete(name);
		if (head) this.#deleteParts(name, head);
	}

	#write(name: string, text: string): void {
		const storage = this.#storage;
		const { maxValueBytes } = storage;
		const size = textBytes(text);
		const old = this.#head(name);
		if (size < maxValueBytes) {
			const bytes = new Uint8Array(size + 1);
			writeText(bytes, 1, text);
			storage.write(name, bytes.buffer);
		} else {
			const parts = Math.ceil(size / maxValueBytes);
			if (parts > MAX_PARTS) throw new RangeError(`${size} bytes are too many`);
			const bytes = new Uint8Array(size);
			writeText(bytes, 0, text);
			const generation = old?.[0] === PARTS ? 1 - old[1]! : 0;
			for (let i = 0; i < parts; i++)
				storage.write(partName(name, generation, i), bytes.slice(i * maxValueBytes, (i + 1) * maxValueBytes).buffer);
			const view = new DataView(new ArrayBuffer(HEAD_BYTES));
			view.setUint8(0, PARTS);
			view.setUint8(1, generation);
			view.setUint8(2, parts);
			view.setInt32(3, hash(bytes, 0, size) | 0);
			view.setUint32(7, size);
			storage.write(name, view.buffer);
		}
		if (old) this.#deleteParts(name, old);
	}

	#head(name: string): Uint8Array | undefined {
		const value = this.#storage.read(name);
		return value && value.byteLength > 0 ? new Uint8Array(value) : undefined;
	}

	#deleteParts(name: string, head: Uint8Array): void {
		if (head[0] === PARTS && head[1]! < 2)
			for (let i = 0; i < Math.min(head[2]!, MAX_PARTS); i++) this.#storage.delete(partName(name, head[1]!, i));
	}
}

function partName(name: string, generation: number, index: number): string {
	return `${name}.${generation === 0 ? "a" : "b"}${index}`;
}
