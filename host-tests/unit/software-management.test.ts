// Object 9: the life of a package, with an application whose answers the test gives.
import { softwareManagement } from "../../objects/9-software-management.js";
import { SoftwareManagement } from "../../src/behaviours/software-management.js";
import {
	CONNECTION_LOST,
	DELIVERED,
	DOWNLOAD_DONE,
	DOWNLOAD_STARTED,
	DOWNLOADED,
	DOWNLOADING,
	INITIAL,
	INSTALL_DONE,
	INSTALL_FAILURE,
	INSTALLED,
	NO_STORAGE,
	NONE_YET,
	UNINSTALL_FAILURE,
	UNSUPPORTED_TYPE,
	UPDATE_ERROR,
} from "../../src/behaviours/software-management-states.js";
import { text } from "../support/coap.js";
import { TestDevice } from "../support/device.js";
import { MemoryFirmware } from "../support/firmware.js";
import { equal, test } from "../support/test.js";

const CREATED = 0x41;
const DELETED = 0x42;
const CHANGED = 0x44;
const BAD_REQUEST = 0x80;
const NOT_ALLOWED = 0x85;
const TOO_LARGE = 0x8d;
const SERVER_ERROR = 0xa0;

class Bench {
	readonly device = new TestDevice("1.1", [softwareManagement]);
	readonly store = new MemoryFirmware();
	readonly did: string[] = [];
	done: (isDone: boolean) => void = () => {};
	fetched: (result: number, lengthBytes?: number) => void = () => {};
	readonly software: SoftwareManagement;

	/** @param stores by instance; one for all where there is none */
	constructor(canFetch = true, stores: (MemoryFirmware | undefined)[] = []) {
		this.device.register();
		this.software = new SoftwareManagement(this.device.client, {
			store: (instance) => (instance in stores ? stores[instance] : this.store),
			check: (_, length, done) => {
				if (length === 13) throw new Error("thirteen");
				done(length < 4 ? UNSUPPORTED_TYPE : { name: "app", version: `${length}` });
			},
			install: (instance, length, done) => {
				if (length === 14) throw new Error("fourteen");
				this.did.push(`install ${instance} ${length}`);
				this.done = done;
			},
			uninstall: (instance, isForUpdate, done) => {
				this.did.push(`uninstall ${instance} ${isForUpdate}`);
				this.done = done;
			},
			activate: (instance, isActive) => {
				this.did.push(`${isActive ? "activate" : "deactivate"} ${instance}`);
			},
			...(canFetch && {
				fetch: (instance: number, uri: string, done: (result: number, lengthBytes?: number) => void) => {
					this.did.push(`fetch ${instance} ${uri}`);
					this.fetched = done;
				},
			}),
		});
		this.software.create(0);
		this.device.settle();
	}

	read(resource: number, instance = 0): string {
		return text(this.device.request({ code: 1, path: `9/${instance}/${resource}`, accept: 0 }).payload);
	}

	/** State and result. */
	get state(): number[] {
		return [Number(this.read(7)), Number(this.read(9))];
	}

	push(bytes: string, instance = 0): number {
		return this.device.request({ code: 3, path: `9/${instance}/2`, format: 42, payload: bytes }).code;
	}

	/** A block of 16 bytes, opaque. */
	block(number: number, isMore: boolean, instance = 0): number {
		const payload = "0123456789abcdef".slice(0, isMore ? 16 : 5);
		const block1 = number * 16 + (isMore ? 8 : 0);
		return this.device.request({ code: 3, path: `9/${instance}/2`, format: 42, block1, payload }).code;
	}

	fetch(uri: string): number {
		return this.device.request({ code: 3, path: "9/0/3", format: 0, payload: uri }).code;
	}

	execute(resource: number, parameters = "", instance = 0): number {
		return this.device.request({ code: 2, path: `9/${instance}/${resource}`, payload: parameters }).code;
	}

	install(): void {
		this.push("package");
		this.execute(4);
		this.done(true);
	}

	/** True where the model holds a package's bytes. */
	get holdsPackage(): boolean {
		return this.device.client.registry.model.stored(9, 0, 2, -1) !== undefined;
	}
}

test("a package that is pushed, installed, activated, deactivated and removed goes through every state", () => {
	const bench = new Bench();
	equal(bench.state, [INITIAL, NONE_YET]);
	equal(bench.push("package"), CHANGED);
	equal([...bench.state, bench.read(0), bench.read(1)], [DELIVERED, DOWNLOAD_DONE, "app", "7"]);
	equal(bench.execute(4), CHANGED);
	equal(bench.state, [DELIVERED, DOWNLOAD_DONE]);
	bench.done(true);
	equal(bench.state, [INSTALLED, INSTALL_DONE]);
	equal([bench.holdsPackage, bench.store.bytes.length], [false, 0]);
	equal([bench.execute(10), bench.read(12)], [CHANGED, "1"]);
	equal([bench.execute(11), bench.read(12)], [CHANGED, "0"]);
	equal(bench.execute(6), CHANGED);
	bench.done(true);
	equal(bench.state, [INITIAL, NONE_YET]);
	equal(bench.did, ["install 0 7", "activate 0", "deactivate 0", "uninstall 0 false"]);
});

test("a package that the application cannot use is refused, and the result says why", () => {
	const bench = new Bench();
	equal(bench.push("abc"), BAD_REQUEST);
	equal(bench.state, [INITIAL, UNSUPPORTED_TYPE]);
	equal(bench.holdsPackage, false);
	equal(bench.push("a package of 13"), CHANGED);
	bench.execute(6);
	bench.done(true);
	equal(bench.push("thirteen byte"), BAD_REQUEST);
	equal(bench.state, [INITIAL, UPDATE_ERROR]);
	equal([bench.push(""), bench.push("\0"), ...bench.state], [BAD_REQUEST, BAD_REQUEST, INITIAL, UPDATE_ERROR]);
	equal(bench.push("package"), CHANGED);
});

test("a package is fetched from its URI, or the result says why not", () => {
	const bench = new Bench();
	equal(bench.fetch("coap://192.0.2.9/p"), CHANGED);
	equal(bench.state, [DOWNLOAD_STARTED, DOWNLOADING]);
	equal(
		[bench.fetch("coap://192.0.2.9/q"), bench.push("package"), bench.execute(4)],
		[NOT_ALLOWED, NOT_ALLOWED, NOT_ALLOWED],
	);
	bench.fetched(CONNECTION_LOST);
	equal(bench.state, [INITIAL, CONNECTION_LOST]);
	equal(bench.fetch("coap://192.0.2.9/p"), CHANGED);
	bench.fetched(DOWNLOAD_DONE, 5);
	equal([...bench.state, bench.read(1)], [DELIVERED, DOWNLOAD_DONE, "5"]);
	equal(bench.did, ["fetch 0 coap://192.0.2.9/p", "fetch 0 coap://192.0.2.9/p"]);
});

test("a hook that answers twice, or late, is not heard", () => {
	const bench = new Bench();
	bench.fetch("coap://192.0.2.9/p");
	const { fetched } = bench;
	fetched(CONNECTION_LOST);
	fetched(DOWNLOAD_DONE, 5);
	equal(bench.state, [INITIAL, CONNECTION_LOST]);
	bench.fetch("coap://192.0.2.9/p");
	fetched(DOWNLOAD_DONE, 5);
	equal(bench.state, [DOWNLOAD_STARTED, DOWNLOADING]);
});

test("a device that cannot fetch refuses URIs, an empty URI is refused everywhere", () => {
	equal(new Bench(false).fetch("coap://192.0.2.9/p"), NOT_ALLOWED);
	equal(new Bench().fetch(""), BAD_REQUEST);
});

test("a failed installation leaves the package delivered, to be tried again", () => {
	const bench = new Bench();
	bench.push("package");
	bench.execute(4);
	bench.done(false);
	equal(bench.state, [DELIVERED, INSTALL_FAILURE]);
	equal(bench.execute(4), CHANGED);
	bench.done(true);
	equal(bench.state, [INSTALLED, INSTALL_DONE]);
});

test("a failed removal leaves the software installed", () => {
	const bench = new Bench();
	bench.install();
	bench.execute(6);
	bench.done(false);
	equal(bench.state, [INSTALLED, UNINSTALL_FAILURE]);
});

test("Uninstall for an update keeps the software active until the next one", () => {
	const bench = new Bench();
	bench.install();
	bench.execute(10);
	equal(bench.execute(6, "1"), CHANGED);
	bench.done(true);
	equal([...bench.state, bench.read(12)], [INITIAL, NONE_YET, "1"]);
	equal(bench.did.at(-1), "uninstall 0 true");
	equal(bench.execute(6, "2"), BAD_REQUEST);
});

test("an application that throws has failed, and nothing is stuck", () => {
	const bench = new Bench();
	bench.push("fourteen bytes");
	equal([bench.execute(4), ...bench.state], [CHANGED, DELIVERED, INSTALL_FAILURE]);
	equal([bench.execute(6), bench.did.at(-1)], [CHANGED, "uninstall 0 false"]);
	bench.done(true);
	equal(bench.state, [INITIAL, NONE_YET]);
	equal(
		bench.device.platform.lines.filter((line) => line.includes("the application failed: Error: fourteen")).length,
		1,
	);
});

test("what a state does not allow is 4.05 and changes nothing", () => {
	const bench = new Bench();
	for (const resource of [4, 6, 10, 11]) equal(bench.execute(resource), NOT_ALLOWED, `initial, ${resource}`);
	bench.push("package");
	for (const resource of [10, 11]) equal(bench.execute(resource), NOT_ALLOWED, `delivered, ${resource}`);
	bench.execute(4);
	for (const resource of [4, 6, 10, 11]) equal(bench.execute(resource), NOT_ALLOWED, `installing, ${resource}`);
	bench.done(true);
	equal(bench.execute(4), NOT_ALLOWED);
	equal(bench.push("package"), NOT_ALLOWED);
	equal(bench.state, [INSTALLED, INSTALL_DONE]);
});

test("an instance is deleted when nothing of it is installed or under way", () => {
	const bench = new Bench();
	bench.install();
	equal(bench.device.request({ code: 4, path: "9/0" }).code, NOT_ALLOWED);
	bench.execute(6);
	equal(bench.device.request({ code: 4, path: "9/0" }).code, NOT_ALLOWED);
	bench.done(true);
	equal(bench.device.request({ code: 4, path: "9/0" }).code, DELETED);
});

test("a server's own instance begins empty, one that the device restores is installed", () => {
	const bench = new Bench();
	equal(bench.device.request({ code: 2, path: "9" }).code, CREATED);
	bench.software.restore(2, { name: "base", version: "3" }, true);
	const { registry } = bench.device.client;
	const { model } = registry;
	equal(
		[1, 2].map((instance) => [0, 7, 9, 12].map((id) => model.stored(9, instance, id, -1))),
		[
			["", INITIAL, NONE_YET, false],
			["base", INSTALLED, INSTALL_DONE, true],
		],
	);
});

test("a package of any size comes in blocks, and is not in memory", () => {
	const bench = new Bench();
	for (let number = 0; number < 1000; number++) equal(bench.block(number, true), 0x5f, `block ${number}`);
	equal(bench.state, [DOWNLOAD_STARTED, DOWNLOADING]);
	equal([bench.block(999, true), bench.execute(4), bench.push("package")], [0x5f, NOT_ALLOWED, CHANGED]);
	equal([...bench.state, bench.read(1), bench.holdsPackage], [DELIVERED, DOWNLOAD_DONE, "7", false]);
	bench.execute(6);
	bench.done(true);
	for (let number = 0; number < 1000; number++) bench.block(number, true);
	equal([bench.block(1000, false), bench.block(1000, false)], [CHANGED, CHANGED]);
	equal([...bench.state, bench.read(1)], [DELIVERED, DOWNLOAD_DONE, "16005"]);
	equal(bench.store.bytes.length, 16_005);
	bench.execute(4);
	equal(bench.did.at(-1), "install 0 16005");
});

test("what comes in the wrong order is 4.08, a package that is too long 4.13 and result 50, a silent server result 52", () => {
	const bench = new Bench(true, [new MemoryFirmware(40)]);
	equal([bench.block(0, true), bench.block(2, true), ...bench.state], [0x5f, 0x88, DOWNLOAD_STARTED, DOWNLOADING]);
	equal([bench.block(1, true), bench.block(2, true), ...bench.state], [0x5f, TOO_LARGE, INITIAL, NO_STORAGE]);
	equal(bench.block(3, true), TOO_LARGE);
	equal(
		bench.device.request({
			code: 3,
			path: "9/0/2",
			format: 42,
			block1: 8,
			options: [[60, Uint8Array.of(3, 232)]],
			payload: "0123456789abcdef",
		}).code,
		TOO_LARGE,
	);
	equal(bench.state, [INITIAL, NO_STORAGE]);
	bench.block(0, true);
	bench.device.platform.advance(248_000);
	bench.device.settle();
	equal(bench.state, [INITIAL, CONNECTION_LOST]);
});

test("packages of two instances come at the same time where each has a store, and are refused where they share one", () => {
	const apart = new Bench(true, [new MemoryFirmware(), new MemoryFirmware()]);
	apart.software.create(1);
	apart.device.settle();
	for (let number = 0; number < 3; number++)
		for (const instance of [0, 1]) equal(apart.block(number, true, instance), 0x5f);
	for (const instance of [1, 0]) equal(apart.block(3, false, instance), CHANGED);
	equal([apart.read(7), apart.read(7, 1), apart.read(1, 1)], ["3", "3", "53"]);

	const shared = new Bench();
	shared.software.create(1);
	shared.device.settle();
	equal([shared.block(0, true, 1), shared.block(0, true)], [0x5f, NOT_ALLOWED]);
	equal(
		shared.device.platform.lines.filter((line) => line.includes("that of instance 1 is in the same store")).length,
		1,
	);
	// nor does the end of one that was refused take anything away from the other
	equal(shared.device.request({ code: 4, path: "9/0" }).code, DELETED);
	shared.device.settle();
	equal([shared.block(1, false, 1), shared.read(7, 1), shared.store.bytes.length], [CHANGED, "3", 21]);
});

test("a package comes in every format, for the instance that it is written to alone", () => {
	const bench = new Bench();
	const write = (format: number, payload: string | Uint8Array) =>
		bench.device.request({ code: 3, path: "9/0/2", format, payload }).code;
	equal(write(110, '[{"n":"/9/0/2","vd":"cGFja2FnZQ"}]'), CHANGED);
	equal([bench.read(7), bench.store.bytes.length, bench.execute(6)], ["3", 7, CHANGED]);
	bench.done(true);
	for (const other of ["/9/1/2", "/9/0/0", "/5/0/0"])
		equal(write(110, `[{"n":"${other}","vd":"cGFja2FnZQ"}]`), BAD_REQUEST, other);
	equal(write(11542, Uint8Array.of(0xc4, 2, 1, 2, 3, 4)), CHANGED);
	equal([bench.read(7), bench.store.bytes.length], ["3", 4]);
	equal(write(40, "x"), 0x8f);
});

test("a package within a Write of the instance, or with its Create, is taken and does not stay in memory", () => {
	const bench = new Bench();
	const tlv = Uint8Array.of(0xc4, 2, 1, 2, 3, 4);
	equal(bench.device.request({ code: 2, path: "9/0", format: 11542, payload: tlv }).code, CHANGED);
	equal([...bench.state, bench.holdsPackage], [DELIVERED, DOWNLOAD_DONE, false]);
	equal(bench.device.request({ code: 2, path: "9/0", format: 11542, payload: tlv }).code, NOT_ALLOWED);
	equal(bench.execute(6), CHANGED);
	bench.done(true);
	equal(bench.device.request({ code: 2, path: "9", format: 11542, payload: tlv }).code, CREATED);
	bench.device.settle();
	equal([bench.read(7, 1), bench.device.client.registry.model.stored(9, 1, 2, -1)], ["3", undefined]);
});

test("an instance without a store refuses packages, one whose store fails says so", () => {
	const bench = new Bench(true, [undefined]);
	equal(
		[bench.push("package"), bench.fetch("coap://192.0.2.9/p"), ...bench.state],
		[NOT_ALLOWED, NOT_ALLOWED, INITIAL, NONE_YET],
	);
	const store = new MemoryFirmware();
	store.brokenAt = 20;
	const broken = new Bench(true, [store]);
	equal([broken.block(0, true), broken.block(1, true), ...broken.state], [0x5f, TOO_LARGE, INITIAL, NO_STORAGE]);
	const none = new Bench(true, []);
	Object.defineProperty(none, "store", {
		get: () => {
			throw new Error("no flash");
		},
	});
	equal([none.push("package"), ...none.state], [SERVER_ERROR, INITIAL, NONE_YET]);
});

test("a check that takes its time leaves the package downloaded meanwhile", () => {
	const device = new TestDevice("1.1", [softwareManagement]);
	device.register();
	let done: (outcome: { name: string; version: string } | number) => void = () => {};
	const store = new MemoryFirmware();
	const software = new SoftwareManagement(device.client, {
		store: () => store,
		check: (_instance, _length, answer) => {
			done = answer;
		},
		install: () => {},
		uninstall: () => {},
		activate: () => undefined,
	});
	software.create(0);
	device.settle();
	const ask = (code: number, resource: number, payload = "") =>
		device.request({
			code,
			path: `9/0/${resource}`,
			...(code === 3 && { format: 42 }),
			...(code === 1 && { accept: 0 }),
			payload,
		});
	equal(ask(3, 2, "package").code, CHANGED);
	equal(
		[text(ask(1, 7).payload), ask(2, 4).code, ask(3, 2, "other").code],
		[`${DOWNLOADED}`, NOT_ALLOWED, NOT_ALLOWED],
	);
	done(UNSUPPORTED_TYPE);
	equal([text(ask(1, 7).payload), text(ask(1, 9).payload)], [`${INITIAL}`, `${UNSUPPORTED_TYPE}`]);
	ask(3, 2, "package");
	done({ name: "app", version: "1" });
	equal([text(ask(1, 7).payload), text(ask(1, 9).payload)], [`${DELIVERED}`, `${DOWNLOAD_DONE}`]);
});
