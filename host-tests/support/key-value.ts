// Key-value storage in memory for unit tests, which loses power after as many writes as it is told.
import type { KeyValue } from "../../src/platform.js";

export class TestStorage implements KeyValue {
	readonly entries: Map<string, ArrayBuffer>;
	readonly maxValueBytes: number;
	/** Writes and deletions so far. */
	writes = 0;
	/** After this many the power is cut: nothing is kept any more. */
	cutAfter = Number.POSITIVE_INFINITY;

	/** @param entries what it holds at first: storage survives the device */
	constructor(entries = new Map<string, ArrayBuffer>(), maxValueBytes = 4000) {
		this.entries = new Map(entries);
		this.maxValueBytes = maxValueBytes;
	}

	read(key: string): ArrayBuffer | undefined {
		return this.entries.get(checked(key))?.slice(0);
	}

	write(key: string, value: ArrayBuffer): void {
		if (value.byteLength > this.maxValueBytes) throw new RangeError(`${key}: ${value.byteLength} bytes`);
		if (this.#isPowered()) this.entries.set(checked(key), value.slice(0));
	}

	delete(key: string): void {
		if (this.entries.has(checked(key)) && this.#isPowered()) this.entries.delete(key);
	}

	clear(): void {
		for (const key of [...this.entries.keys()]) this.delete(key);
	}

	#isPowered(): boolean {
		this.writes++;
		return this.writes <= this.cutAfter;
	}
}

function checked(key: string): string {
	if (!/^[a-z0-9.-]{1,15}$/.test(key)) throw new RangeError(`key ${key}`);
	return key;
}
