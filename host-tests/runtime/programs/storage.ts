// Programs on the key-value storage.
import storage from "embedded:storage/key-value";
import * as host from "../../../platforms/xs/host.js";

/** Puts a value of `bytes` equal bytes, and another over it, for ever: the power is cut from outside. */
export function storeWrites(path: string, key: string): void {
	const store = storage.open({ path });
	for (let i = 0; i < 4; i++) store.write(key, new Uint8Array(1000).fill(65 + i));
	host.log("written");
	host.exit(0);
}

export function storeReads(path: string): void {
	const store = storage.open({ path });
	for (const key of [...store].sort()) {
		const value = new Uint8Array(store.read(key)!);
		host.log(
			`${key} ${value.length} ${value.length > 0 && value.every((byte) => byte === value[0]) ? String.fromCharCode(value[0]!) : "mixed"}`,
		);
	}
	host.log("end");
	host.exit(0);
}

export function storeMisuse(path: string): void {
	const store = storage.open({ path });
	store.write("empty", new ArrayBuffer(0));
	store.write("a.value", new Uint8Array([66]));
	store.write("a", new Uint8Array([67]));
	store.delete("never.was");
	const attempts: (() => unknown)[] = [
		() => store.read("UPPER"),
		() => store.read(""),
		() => store.read("../outside"),
		() => store.read("sixteen-letters-"),
		() => store.write("big", new ArrayBuffer(4001)),
		// @ts-expect-error: a wrong type on purpose
		() => store.write("text", "text"),
		() => store.read("absent"),
		() => store.read("empty")?.byteLength,
		() => new Uint8Array(store.read("a")!)[0],
		() => {
			store.delete("a");
			return store.read("a");
		},
		() => [...store].sort().join(" "),
		() => {
			store.close();
			store.close();
			return store.read("a.value");
		},
	];
	for (const attempt of attempts)
		try {
			host.log(String(attempt()));
		} catch (error) {
			host.log(String(error));
		}
	host.exit(0);
}

export function storeOpens(path: string): void {
	try {
		storage.open({ path });
		host.log("open");
	} catch (error) {
		host.log(String(error));
	}
	host.exit(0);
}
