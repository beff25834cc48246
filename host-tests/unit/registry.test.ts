// The registry: what a firmware author sets, reads and handles, and how misuse shows. Types are tested in
// host-tests/types; here casts let through what the compiler refuses.
import { BAD_REQUEST } from "../../src/coap/numbers.js";
import { LATER } from "../../src/lwm2m/model.js";
import { objectLink } from "../../src/lwm2m/path.js";
import { Registry } from "../../src/lwm2m/registry.js";
import { equal, ok, test, throws } from "../support/test.js";
import { caseObjects } from "./lwm2m-cases.js";

function registry() {
	return new Registry(caseObjects);
}

/** The same without its types: for paths and values that do not compile. */
interface Untyped {
	set(path: string, value: unknown): void;
	get(path: string): unknown;
	remove(path: string): boolean;
	create(path: string): void;
	delete(path: string): boolean;
	has(path: string): boolean;
	onRead(path: string, read: () => unknown): void;
	onExecute(path: string, execute: () => void): void;
	onCreate(path: string, create: () => void): void;
}

function untyped(): Untyped {
	return registry() as unknown as Untyped; // the tests that use it are about what the types refuse
}

test("values of every type are set and read back", () => {
	const of = registry();
	of.set("/3441/0/1", "text");
	of.set("/3441/0/2", -5);
	of.set("/3441/0/2", 2n ** 60n);
	of.set("/3441/0/4", 1.5);
	of.set("/3441/0/5", true);
	of.set("/3441/0/6", Uint8Array.of(1, 2));
	of.set("/3441/0/7", 1367491215);
	of.set("/3441/0/8", objectLink(3, 0));
	of.set("/3441/0/40/2", 7);
	equal(
		[of.get("/3441/0/1"), of.get("/3441/0/2"), of.get("/3441/0/4"), of.get("/3441/0/5"), of.get("/3441/0/6")],
		["text", 2n ** 60n, 1.5, true, Uint8Array.of(1, 2).buffer],
	);
	equal([of.get("/3441/0/7"), of.get("/3441/0/8"), of.get("/3441/0/40/2")], [1367491215, 3 * 65536, 7]);
	equal([of.get("/3441/0/40/3"), of.get("/3441/0/3"), of.get("/3441/7/3")], [undefined, undefined, undefined]);
});

test("a view is copied: what its owner does with it later changes nothing", () => {
	const of = registry();
	const owned = Uint8Array.of(1, 2, 3, 4);
	of.set("/3441/0/6", owned.subarray(1, 3));
	owned.fill(9);
	equal(of.get("/3441/0/6"), Uint8Array.of(2, 3).buffer);
});

test("a value of another type, or out of range, is a TypeError that names path and value, and changes nothing", () => {
	const of = untyped();
	of.set("/3/0/9", 50);
	for (const [path, value, part] of [
		["/3/0/9", 101, "/3/0/9: an integer from 0 to 100 is wanted, not 101"],
		["/3/0/9", "full", '/3/0/9: an integer from 0 to 100 is wanted, not "full"'],
		["/3/0/9", 1.5, "not 1.5"],
		["/3/0/9", undefined, "not undefined"],
		["/3/0/9", null, "not null"],
		["/3/0/0", 5, "a text of at most 512 bytes"],
		["/3441/0/6", "text", "an ArrayBuffer"],
		["/3441/0/6", [1], "an ArrayBuffer"],
		["/3441/0/22", Uint8Array.of(1), "of 2 or 4 bytes is wanted, not 1 bytes"],
		["/3441/0/1", "x".repeat(600), '…"'],
	] as const)
		throws(() => of.set(path, value), "TypeError", part);
	equal(of.get("/3/0/9"), 50);
	ok(!of.has("/3441/0"), "no instance was made on the way");
});

test("a path that the definitions lack is a RangeError that names it", () => {
	const of = untyped();
	for (const [path, part] of [
		["/9/0/0", "no definition of object 9"],
		["/3/0/999", "/3/0/999: the object has no resource 999"],
		["/3/0/4", "executable"],
		["/3/0/11", "name the instance"],
		["/3/0/0/0", "is a single resource"],
		["/3/0", "not a path of 3 to 4 ids"],
		["/3", "not a path"],
		["3/0/0", "not a path"],
		["", "not a path"],
		["/", "not a path"],
		["/3/0/0/0/0", "not a path"],
		["/3/0/x", "not a path"],
		["/3/0/-1", "not a path"],
		["/3/0/65535", "not a path"],
		["/3/00/0", "not a path"],
	] as const) {
		throws(() => of.set(path, 1), "RangeError", part);
		throws(() => of.get(path), "RangeError", part);
	}
	for (const path of ["/9", "/9/0", "x", ""]) throws(() => of.has(path), "RangeError");
});

test("instances are made by the first value, up to the bound of their object", () => {
	const of = untyped();
	of.set("/3303/5/5700", 1);
	ok(of.has("/3303/5"));
	for (const id of [1, 2, 3]) of.set(`/3303/${id}/5700`, 1);
	throws(() => of.set("/3303/7/5700", 1), "RangeError", "/3303/7/5700: object 3303 holds at most 4 instances");
	throws(() => of.set("/3/1/0", "x"), "RangeError", "object 3 has the one instance 0");
	throws(() => of.create("/3/1"), "RangeError");
	ok(!of.has("/3303/7"));
});

test("a multiple resource takes as many instances as its definition says", () => {
	const of = registry();
	for (const id of [0, 5, 9]) of.set(`/3441/0/40/${id}`, id);
	throws(() => of.set("/3441/0/40/1", 1), "RangeError", "/3441/0/40/1: holds at most 3 instances");
	of.set("/3441/0/40/9", 1);
});

test("instances are created and deleted by name", () => {
	const of = registry();
	of.create("/16/2");
	ok(of.has("/16/2"));
	throws(() => of.create("/16/2"), "RangeError", "/16/2: exists");
	equal([of.delete("/16/2"), of.delete("/16/2"), of.has("/16/2")], [true, false, false]);
});

test("what exists is told at every level", () => {
	const of = registry();
	of.set("/3441/0/40/2", 1);
	of.set("/3441/0/1", "x");
	equal(
		[
			of.has("/3441"),
			of.has("/3441/0"),
			of.has("/3441/0/40"),
			of.has("/3441/0/40/2"),
			of.has("/3441/0/1"),
			of.has("/16"),
		],
		[true, true, true, true, true, true],
	);
	equal(
		[of.has("/3441/1"), of.has("/3441/0/2"), of.has("/3441/0/40/3"), of.has("/3441/1/1")],
		[false, false, false, false],
	);
});

test("resources and their instances are removed", () => {
	const of = registry();
	of.set("/3441/0/40/2", 1);
	of.set("/3441/0/40/3", 1);
	of.set("/3441/0/1", "x");
	equal([of.remove("/3441/0/40/2"), of.remove("/3441/0/40/2")], [true, false]);
	equal([of.remove("/3441/0/40"), of.remove("/3441/0/40")], [true, false]);
	equal([of.remove("/3441/0/1"), of.remove("/3441/0/1"), of.remove("/3441/5/1")], [true, false, false]);
});

test("get asks the read handler, and gives what is stored where it has nothing or answers later", () => {
	const of = registry();
	of.set("/3/0/9", 50);
	let answer: number | typeof LATER | undefined = 60;
	of.onRead("/3/0/9", () => answer);
	equal(of.get("/3/0/9"), 60);
	answer = undefined;
	equal(of.get("/3/0/9"), 50);
	answer = LATER;
	equal(of.get("/3/0/9"), 50);
	equal(of.defer(), 0, "nobody waits");
	equal(of.answer(0, BAD_REQUEST), false);
});

test("a handler is set anew, and refused for what is not there", () => {
	const of = registry();
	of.onRead("/3/0/9", () => 1);
	of.onRead("/3/0/9", () => 2);
	equal(of.get("/3/0/9"), 2);
	const loose = untyped();
	throws(() => loose.onRead("/3/0/999", () => 1), "RangeError", "no resource 999");
	throws(() => loose.onRead("/9/0/0", () => 1), "RangeError", "no definition of object 9");
	throws(() => loose.onRead("/3/0", () => 1), "RangeError", "not a path");
	throws(() => loose.onExecute("/3/*", () => {}), "RangeError");
	throws(() => loose.onCreate("/3/0", () => {}), "RangeError", "not a path of 1 ids");
});

test("a batch ends also when what runs in it throws", () => {
	const of = registry();
	throws(() => of.batch(() => of.set("/3/0/9", 101 as 100)), "TypeError");
	equal(of.model.isBatching, false);
	let ended = 0;
	of.model.onBatchEnd = () => ended++;
	of.batch(() => of.batch(() => of.set("/3/0/9", 1)));
	equal(ended, 1);
});
