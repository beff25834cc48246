// Persistent entries on the SDK's key-value storage: NVS on ESP32, settings on Zephyr.
import storage from "embedded:storage/key-value";
import type * as seam from "../../src/platform.js";

/** A store whose values are buffers. */
interface Store {
	read(key: string): ArrayBuffer | undefined;
	write(key: string, value: ArrayBuffer): void;
	delete(key: string): void;
	[Symbol.iterator](): Iterator<string>;
}

/** @param path the namespace, 1 to 15 characters @param maxValueBytes what the board's storage takes in one entry */
export function keyValue(path: string, maxValueBytes: number): seam.KeyValue {
	// the format says that values are buffers, which the SDK's typings leave open
	const store = storage.open({ path, format: "buffer" }) as unknown as Store;
	return {
		maxValueBytes,
		read: (key) => store.read(key),
		write: (key, value) => store.write(key, value),
		delete: (key) => store.delete(key),
		clear: () => {
			for (const key of [...store]) store.delete(key);
		},
	};
}
