// Object 9 over restarts: what is on its way goes on, what has been delivered and installed is known, whatever write the power
// is cut after; and packages in key-value storage.
import { softwareManagement } from "../../objects/9-software-management.js";
import { SoftwareManagement } from "../../src/behaviours/software-management.js";
import {
	CONNECTION_LOST,
	DELIVERED,
	DOWNLOAD_DONE,
	DOWNLOAD_STARTED,
	DOWNLOADING,
	INITIAL,
	INSTALL_DONE,
	INSTALLED,
	INTEGRITY_FAILURE,
	NONE_YET,
} from "../../src/behaviours/software-management-states.js";
import { StoredPackage } from "../../src/behaviours/software-management-store.js";
import { text } from "../support/coap.js";
import { TestDevice } from "../support/device.js";
import { TestStorage } from "../support/key-value.js";
import { equal, ok, test, throws } from "../support/test.js";

const CONTINUE = 0x5f;
const CHANGED = 0x44;
const INCOMPLETE = 0x88;

/** A life of a device: its instance 0 has a store in storage. */
class Life {
	readonly device = new TestDevice("1.1", [softwareManagement]);
	readonly storage: TestStorage;
	readonly store: StoredPackage;
	readonly software: SoftwareManagement;
	checks = 0;

	constructor(storage = new TestStorage()) {
		this.storage = storage;
		this.device.platform.storage = storage;
		this.store = new StoredPackage(storage, "p0", 5000);
		this.software = new SoftwareManagement(this.device.client, {
			store: () => this.store,
			check: (_, length, done) => {
				this.checks++;
				done(
					this.store.read(0, new Uint8Array(length)) < length
						? INTEGRITY_FAILURE
						: { name: "app", version: `${length}` },
				);
			},
			install: (_instance, _length, done) => done(true),
			uninstall: (_instance, _isForUpdate, done) => done(true),
			activate: () => undefined,
			fetch: () => {},
		});
		this.software.create(0);
		this.device.register();
		this.device.settle();
	}

	/** The next life. */
	restarted(): Life {
		return new Life(new TestStorage(this.storage.entries));
	}

	get state(): number[] {
		return [7, 9].map((resource) => Number(this.read(resource)));
	}

	read(resource: number): string {
		return text(this.device.request({ code: 1, path: `9/0/${resource}`, accept: 0 }).payload);
	}

	/** A block of a package of which each is different. */
	block(number: number, isMore: boolean, szx = 0, format = 42): number {
		const payload = new Uint8Array(16 << szx).map((_, index) => number * 7 + index);
		const block1 = number * 16 + (isMore ? 8 : 0) + szx;
		return this.device.request({ code: 3, path: "9/0/2", format, block1, payload }).code;
	}

	execute(resource: number, parameters = ""): number {
		return this.device.request({ code: 2, path: `9/0/${resource}`, payload: parameters }).code;
	}
}

test("a push goes on after a restart with the block that the server is at, in blocks of every size", () => {
	for (let szx = 0; szx <= 6; szx++) {
		let life = new Life();
		for (let number = 0; number < 3; number++) equal(life.block(number, true, szx), CONTINUE);
		life = life.restarted();
		equal(life.state, [DOWNLOAD_STARTED, DOWNLOADING]);
		// one that was acknowledged, or the next; and a gap is none
		equal(
			[life.block(4, true, szx), life.block(2, true, szx), life.block(3, false, szx)],
			[INCOMPLETE, CONTINUE, CHANGED],
		);
		equal([...life.state, life.read(1)], [DELIVERED, DOWNLOAD_DONE, `${4 * (16 << szx)}`]);
		const bytes = new Uint8Array(4 * (16 << szx));
		equal(life.store.read(0, bytes), bytes.length);
		ok(bytes.every((byte, at) => byte === (((at >> (4 + szx)) * 7 + (at & ((16 << szx) - 1))) & 0xff)));
	}
});

test("a push with a frame around it, and a fetch, end with result 52; a server that does not go on, too", () => {
	const framed = new Life();
	equal(framed.block(0, true, 0, 0), 0x80);
	framed.device.request({ code: 3, path: "9/0/2", format: 0, block1: 8, payload: "AAAABBBBCCCCDDDD" });
	equal(framed.state, [DOWNLOAD_STARTED, DOWNLOADING]);
	equal(framed.restarted().state, [INITIAL, CONNECTION_LOST]);
	const fetching = new Life();
	fetching.device.request({ code: 3, path: "9/0/3", format: 0, payload: "coap://192.0.2.9/p" });
	equal(fetching.restarted().state, [INITIAL, CONNECTION_LOST]);
	let silent = new Life();
	silent.block(0, true);
	silent = silent.restarted();
	silent.device.platform.advance(248_000);
	silent.device.settle();
	equal(silent.state, [INITIAL, CONNECTION_LOST]);
	equal([silent.block(1, true), silent.block(0, true)], [INCOMPLETE, CONTINUE]);
});

test("what is delivered is checked again after a restart, and installed then", () => {
	let life = new Life();
	life.block(0, false);
	life = life.restarted();
	equal([...life.state, life.checks, life.read(0), life.read(1)], [DELIVERED, DOWNLOAD_DONE, 1, "app", "16"]);
	equal([life.execute(4), ...life.state], [CHANGED, INSTALLED, INSTALL_DONE]);
	equal(life.execute(10), CHANGED);
	life = life.restarted();
	equal([...life.state, life.checks, life.read(0), life.read(12)], [INSTALLED, INSTALL_DONE, 0, "app", "1"]);
	equal([life.execute(6), ...life.restarted().state], [CHANGED, INITIAL, NONE_YET]);
});

test("a package that is gone after a restart is result 53", () => {
	const life = new Life();
	life.block(0, false);
	life.storage.delete("p0.0");
	equal(life.restarted().state, [INITIAL, INTEGRITY_FAILURE]);
});

test("what the application restores counts where storage has nothing, or the package that was about to be installed", () => {
	const life = new Life();
	life.software.restore(1, { name: "base", version: "1" }, true);
	life.execute(6, "1");
	const values = (one: Life, instance: number) =>
		[0, 7, 12].map((resource) => one.device.client.registry.model.stored(9, instance, resource, -1));
	let next = life.restarted();
	equal(values(next, 1), ["base", INSTALLED, true]);
	equal(next.device.request({ code: 2, path: "9/1/6" }).code, CHANGED);
	next = next.restarted();
	next.software.restore(1, { name: "base", version: "1" }, true);
	equal(values(next, 1), ["base", INITIAL, false]);
	next.block(0, false);
	next = next.restarted();
	next.software.restore(0, { name: "app", version: "other" }, true);
	equal(values(next, 0), ["app", DELIVERED, false]);
	next.software.restore(0, { name: "app", version: "16" }, true);
	equal(values(next, 0), ["app", INSTALLED, true]);
});

test("an instance that a server made is there after a restart, one that it deleted is not", () => {
	let life = new Life();
	equal(life.device.request({ code: 2, path: "9" }).code, 0x41);
	life.device.settle();
	life = life.restarted();
	equal(life.device.client.registry.model.objects[9]?.instanceIds, [0, 1]);
	equal(life.device.request({ code: 4, path: "9/1" }).code, 0x42);
	life.device.settle();
	equal(life.restarted().device.client.registry.model.objects[9]?.instanceIds, [0]);
	// a Create that is refused leaves nothing either
	const tlv = Uint8Array.of(0xc1, 2, 0);
	equal(life.device.request({ code: 2, path: "9", format: 11542, payload: tlv }).code, 0x80);
	life.device.platform.run();
	equal(life.restarted().device.client.registry.model.objects[9]?.instanceIds, [0]);
});

test("whatever write the power is cut after, the next life goes on or begins anew, and installs what the server sent", () => {
	const writes = run(new Life(), Number.POSITIVE_INFINITY);
	ok(writes > 6, `${writes} writes`);
	for (let cut = 0; cut <= writes; cut++) {
		const first = new Life();
		run(first, cut);
		const next = first.restarted();
		const [state] = next.state;
		ok(state === INITIAL || state === DOWNLOAD_STARTED || state === DELIVERED, `after ${cut} writes: ${state}`);
		// the server goes on with its last block, and else begins anew
		if (state !== DELIVERED && next.block(3, false, 6) !== CHANGED)
			for (let number = 0; number < 4; number++) next.block(number, number < 3, 6);
		equal([...next.state, next.read(1)], [DELIVERED, DOWNLOAD_DONE, "4096"], `after ${cut} writes`);
		equal([next.execute(4), ...next.state], [CHANGED, INSTALLED, INSTALL_DONE]);
	}
});

/** A push during which the power is cut. @returns the writes that it took */
function run(life: Life, cutAfter: number): number {
	const { storage } = life;
	const before = storage.writes;
	storage.cutAfter = before + cutAfter;
	for (let number = 0; number < 4; number++) life.block(number, number < 3, 6);
	return storage.writes - before;
}

test("a package in key-value storage is what was written, in pieces of any size and entries of any size", () => {
	for (const most of [63, 1024, 4000]) {
		const storage = new TestStorage(undefined, most);
		const store = new StoredPackage(storage, "p", 3000);
		const bytes = new Uint8Array(2500).map((_, at) => at * 31);
		for (let at = 0, size = 1; at < bytes.length; size = ((size * 7) % 900) + 1) {
			const end = Math.min(bytes.length, at + size);
			store.write(at, bytes, at, end);
			at = end;
		}
		const into = new Uint8Array(3000);
		equal([store.read(0, into), store.read(2499, into.subarray(0, 5)), store.read(2500, into)], [2500, 1, 0]);
		store.read(0, into);
		equal(into.slice(0, 2500), bytes);
		equal(store.read(1000, into.subarray(0, 700)), 700);
		equal(into.slice(0, 700), bytes.slice(1000, 1700));
		store.erase();
		equal([store.read(0, into), storage.entries.size], [0, 0]);
	}
	const store = new StoredPackage(new TestStorage(), "p", 3000);
	throws(() => store.write(5, Uint8Array.of(1), 0, 1), "RangeError", "nothing stands before byte 5");
});
