// Keys in the registry: what is left of them once they are replaced, removed, or a bootstrap is over.

import { coreObjects } from "../../objects/index.js";
import type { Model } from "../../src/lwm2m/model.js";
import { Registry } from "../../src/lwm2m/registry.js";
import { Snapshot } from "../../src/lwm2m/snapshot.js";
import { equal, ok, test, toHex } from "../support/test.js";

const KEY = "000102030405060708090a0b0c0d0e0f";

function bytes(): Uint8Array {
	return Uint8Array.from({ length: 16 }, (_, i) => i);
}

function registry(): Registry<typeof coreObjects> {
	const made = new Registry(coreObjects);
	made.set("/0/0/3", bytes());
	made.set("/0/0/5", bytes());
	return made;
}

function stored(model: Model, resource: number): Uint8Array {
	return new Uint8Array(model.stored(0, 0, resource, -1) as ArrayBuffer); // an opaque
}

const hex = (of: Uint8Array) => toHex(of, 0, of.length);
const isWiped = (of: Uint8Array) => of.every((byte) => byte === 0);

test("a key is zeroed when it is replaced, removed, or its instance is", () => {
	const it = registry();
	const { model } = it;
	const first = stored(model, 5);
	it.set("/0/0/5", bytes());
	equal(hex(first), KEY, "the same key again");
	it.set("/0/0/5", new Uint8Array(16).fill(7));
	ok(isWiped(first), "replaced");
	const second = stored(model, 5);
	ok(it.remove("/0/0/5"));
	ok(isWiped(second), "removed");
	it.set("/0/0/5", bytes());
	const third = stored(model, 5);
	const identity = stored(model, 3);
	ok(it.delete("/0/0"));
	ok(isWiped(third), "deleted");
	equal(hex(identity), KEY, "an identity is no secret");
});

test("the application's own copy of a key stays as it is", () => {
	const it = new Registry(coreObjects);
	const key = bytes();
	it.set("/0/0/5", key.buffer as ArrayBuffer);
	it.set("/0/1/5", key);
	it.delete("/0/0");
	equal(hex(key), KEY);
	equal(hex(new Uint8Array(it.get("/0/1/5")!)), KEY);
});

test("a key that a bootstrap has taken away is back when that is broken off, and gone when it is not", () => {
	const it = registry();
	const snapshot = new Snapshot();
	snapshot.keep(it.model, 0);
	const before = stored(it.model, 5);
	it.delete("/0/0");
	ok(isWiped(before));
	snapshot.restore(it.model);
	equal(hex(stored(it.model, 5)), KEY);
	snapshot.clear();
	equal(hex(stored(it.model, 5)), KEY, "what was put back is not zeroed");
	snapshot.keep(it.model, 0);
	it.set("/0/0/5", new Uint8Array(16).fill(9));
	snapshot.clear();
	equal(hex(stored(it.model, 5)), "09".repeat(16));
	snapshot.restore(it.model);
	equal(hex(stored(it.model, 5)), "09".repeat(16), "nothing is kept any more");
});
