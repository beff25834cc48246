// Object 9: how a pushed package comes, in blocks, in frames and in a Write of the instance, and where it goes.
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
	NO_STORAGE,
	NONE_YET,
	UNSUPPORTED_TYPE,
} from "../../src/behaviours/software-management-states.js";
import { text } from "../support/coap.js";
import { TestDevice } from "../support/device.js";
import { MemoryFirmware } from "../support/firmware.js";
import { SoftwareBench } from "../support/software-bench.js";
import { equal, test } from "../support/test.js";

const CREATED = 0x41;
const DELETED = 0x42;
const CHANGED = 0x44;
const BAD_REQUEST = 0x80;
const NOT_ALLOWED = 0x85;
const TOO_LARGE = 0x8d;
const SERVER_ERROR = 0xa0;

test("a package of any size comes in blocks, and is not in memory", () => {
	const bench = new SoftwareBench();
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
	const bench = new SoftwareBench(true, [new MemoryFirmware(40)]);
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
	const apart = new SoftwareBench(true, [new MemoryFirmware(), new MemoryFirmware()]);
	apart.software.create(1);
	apart.device.settle();
	for (let number = 0; number < 3; number++)
		for (const instance of [0, 1]) equal(apart.block(number, true, instance), 0x5f);
	for (const instance of [1, 0]) equal(apart.block(3, false, instance), CHANGED);
	equal([apart.read(7), apart.read(7, 1), apart.read(1, 1)], ["3", "3", "53"]);

	const shared = new SoftwareBench();
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
	const bench = new SoftwareBench();
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
	const bench = new SoftwareBench();
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
	const bench = new SoftwareBench(true, [undefined]);
	equal(
		[bench.push("package"), bench.fetch("coap://192.0.2.9/p"), ...bench.state],
		[NOT_ALLOWED, NOT_ALLOWED, INITIAL, NONE_YET],
	);
	const store = new MemoryFirmware();
	store.brokenAt = 20;
	const broken = new SoftwareBench(true, [store]);
	equal([broken.block(0, true), broken.block(1, true), ...broken.state], [0x5f, TOO_LARGE, INITIAL, NO_STORAGE]);
	const none = new SoftwareBench(true, []);
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
