// A package in the device's key-value storage, for devices that have no better place: entries NAME.0, NAME.1, … of 1 KiB.
// A block of that size is one write; a smaller one writes its entry again. RAM: an entry while one is written or read.
import type { KeyValue, PackageStore } from "../platform.js";

const ENTRY_BYTES = 1024;

/** A package in key-value storage. Each method throws an Error of one line where the storage is full or broken. */
export class StoredPackage implements PackageStore {
	readonly capacityBytes: number;
	#storage: KeyValue;
	#name: string;
	#entryBytes: number;

	/**
	 * @param name of its entries, 1 to 8 characters of `a-z0-9-`
	 * @param capacityBytes the most that a package may have
	 */
	constructor(storage: KeyValue, name: string, capacityBytes: number) {
		this.#storage = storage;
		this.#name = name;
		this.#entryBytes = Math.min(ENTRY_BYTES, storage.maxValueBytes);
		this.capacityBytes = capacityBytes;
	}

	erase(): void {
		let count = 0;
		while (this.#storage.read(this.#key(count))) count++;
		// from the end, so that what a power cut leaves has no gap
		while (count-- > 0) this.#storage.delete(this.#key(count));
	}

	write(offset: number, from: Uint8Array, start: number, end: number): void {
		const size = this.#entryBytes;
		while (start < end) {
			const within = offset % size;
			const key = this.#key((offset - within) / size);
			const count = Math.min(end - start, size - within);
			const entry = new Uint8Array(within + count);
			if (within > 0) {
				const old = this.#storage.read(key);
				if (!old || old.byteLength < within) throw new RangeError(`${key}: nothing stands before byte ${offset}`);
				entry.set(new Uint8Array(old, 0, within));
			}
			entry.set(from.subarray(start, start + count), within);
			this.#storage.write(key, entry.buffer);
			offset += count;
			start += count;
		}
	}

	read(offset: number, into: Uint8Array): number {
		const size = this.#entryBytes;
		let done = 0;
		while (done < into.length) {
			const within = (offset + done) % size;
			const entry = this.#storage.read(this.#key((offset + done - within) / size));
			const count = Math.min(into.length - done, (entry?.byteLength ?? 0) - within);
			if (!entry || count <= 0) break;
			into.set(new Uint8Array(entry, within, count), done);
			done += count;
			if (within + count < size) break;
		}
		return done;
	}

	#key(index: number): string {
		return `${this.#name}.${index}`;
	}
}
