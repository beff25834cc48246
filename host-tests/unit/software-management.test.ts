// Object 9: the life of a package, with an application whose answers the test gives.
import { softwareManagement } from "../../objects/9-software-management.js";
import {
	CONNECTION_LOST,
	DELIVERED,
	DOWNLOAD_DONE,
	DOWNLOAD_STARTED,
	DOWNLOADING,
	INITIAL,
	INSTALL_DONE,
	INSTALL_FAILURE,
	INSTALLED,
	NONE_YET,
	type SoftwareHooks,
	SoftwareManagement,
	UNINSTALL_FAILURE,
	UNSUPPORTED_TYPE,
} from "../../src/behaviours/software-management.js";
import { text } from "../support/coap.js";
import { TestDevice } from "../support/device.js";
import { equal, test } from "../support/test.js";

const CHANGED = 0x44;
const BAD_REQUEST = 0x80;
const NOT_ALLOWED = 0x85;

class Bench {
	readonly device = new TestDevice("1.1", [softwareManagement]);
	readonly did: string[] = [];
	done: (isDone: boolean) => void = () => {};
	fetched: (outcome: ArrayBuffer | number) => void = () => {};
	readonly software: SoftwareManagement;

	constructor(canFetch = true) {
		const hooks: SoftwareHooks = {
			check: (_, bytes) => (bytes.byteLength < 4 ? UNSUPPORTED_TYPE : { name: "app", version: `${bytes.byteLength}` }),
			install: (instance, bytes, done) => {
				this.did.push(`install ${instance} ${bytes.byteLength}`);
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
				fetch: (instance: number, uri: string, done: (outcome: ArrayBuffer | number) => void) => {
					this.did.push(`fetch ${instance} ${uri}`);
					this.fetched = done;
				},
			}),
		};
		this.device.register();
		this.software = new SoftwareManagement(this.device.client.registry, hooks, this.device.client.log);
		this.software.create(0);
		this.device.platform.run();
		this.device.reply(this.device.take(), { code: CHANGED });
	}

	read(resource: number): string {
		return text(this.device.request({ code: 1, path: `9/0/${resource}`, accept: 0 }).payload);
	}

	/** State and result. */
	get state(): number[] {
		return [Number(this.read(7)), Number(this.read(9))];
	}

	push(bytes: string): number {
		return this.device.request({ code: 3, path: "9/0/2", format: 42, payload: bytes }).code;
	}

	fetch(uri: string): number {
		return this.device.request({ code: 3, path: "9/0/3", format: 0, payload: uri }).code;
	}

	execute(resource: number, parameters = ""): number {
		return this.device.request({ code: 2, path: `9/0/${resource}`, payload: parameters }).code;
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
	equal(bench.holdsPackage, false);
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
	bench.fetched(new ArrayBuffer(5));
	equal([...bench.state, bench.read(1)], [DELIVERED, DOWNLOAD_DONE, "5"]);
	equal(bench.did, ["fetch 0 coap://192.0.2.9/p", "fetch 0 coap://192.0.2.9/p"]);
});

test("a hook that answers twice, or late, is not heard", () => {
	const bench = new Bench();
	bench.fetch("coap://192.0.2.9/p");
	const { fetched } = bench;
	fetched(CONNECTION_LOST);
	fetched(new ArrayBuffer(5));
	equal(bench.state, [INITIAL, CONNECTION_LOST]);
	bench.fetch("coap://192.0.2.9/p");
	fetched(new ArrayBuffer(5));
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
	equal(bench.device.request({ code: 4, path: "9/0" }).code, 0x42);
});

test("a server's own instance begins empty, one that the device restores is installed", () => {
	const bench = new Bench();
	equal(bench.device.request({ code: 2, path: "9" }).code, 0x41);
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
