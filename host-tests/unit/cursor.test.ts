// The cursor: which values it yields below a path, in which order.

import { next, restart, setNotifying, start } from "../../src/lwm2m/cursor.js";
import { LATER } from "../../src/lwm2m/model.js";
import { Registry } from "../../src/lwm2m/registry.js";
import { equal, ok, test, throws } from "../support/test.js";
import { cursor } from "./in-hand.js";
import { caseObjects } from "./lwm2m-cases.js";

function filled() {
	const registry = new Registry(caseObjects);
	registry.set("/0/0/0", "coap://x");
	registry.set("/3441/2/2", 22);
	registry.set("/3441/0/40/2", 42);
	registry.set("/3441/0/40/0", 40);
	registry.set("/3441/0/2", 2);
	registry.set("/3441/0/31", 31);
	registry.set("/3441/0/33", 33);
	registry.set("/3441/0/34", "apart");
	registry.set("/3/0/3", "1.0");
	registry.onExecute("/3441/0/32", () => {});
	return registry;
}

/** What the cursor yields from where it stands. */
function walk(): string[] {
	const found: string[] = [];
	while (next(cursor)) {
		const { object, instance, resource, resourceInstance, value } = cursor;
		found.push(`/${object}/${instance}/${resource}${resourceInstance < 0 ? "" : `/${resourceInstance}`}=${value}`);
	}
	return found;
}

function below(registry: Registry<typeof caseObjects>, ...path: number[]): string[] {
	start(cursor, registry.model, path[0] ?? -1, path[1] ?? -1, path[2] ?? -1, path[3] ?? -1);
	return walk();
}

test("readable values come by ascending ids at every level", () => {
	const registry = filled();
	const zero = ["/3441/0/2=2", "/3441/0/40/0=40", "/3441/0/40/2=42"];
	equal(below(registry), ["/3/0/3=1.0", ...zero, "/3441/2/2=22"]);
	equal(below(registry, 3441), [...zero, "/3441/2/2=22"]);
	equal(below(registry, 3441, 0), zero);
	equal(below(registry, 3441, 0, 40), zero.slice(1));
	equal(below(registry, 3441, 0, 40, 2), ["/3441/0/40/2=42"]);
	equal(below(registry, 3441, 0, 2), ["/3441/0/2=2"]);
	equal(below(registry, 3441, 0, 34), ["/3441/0/34=apart"]);
});

test("where nothing is, nothing comes", () => {
	const registry = filled();
	for (const path of [
		[9],
		[3441, 1],
		[3441, 0, 1],
		[3441, 0, 999],
		[3441, 0, 40, 1],
		[3441, 0, 31],
		[3441, 0, 32],
		[0, 0, 0],
	]) {
		equal(below(registry, ...path), [], path.join("/"));
		ok(cursor.isEmpty);
		equal(next(cursor), false);
	}
	below(registry, 3441);
	ok(!cursor.isEmpty);
});

test("it can be begun again", () => {
	const registry = filled();
	const first = below(registry, 3441, 0);
	restart(cursor);
	equal(walk(), first);
	start(cursor, registry.model, 3441, 0, 40, -1);
	next(cursor);
	restart(cursor);
	equal(walk().length, 2);
});

test("a handler that answers later ends the walk, unless a notification is built", () => {
	const registry = filled();
	registry.onRead("/3441/0/2", () => LATER);
	equal(below(registry, 3441), []);
	ok(cursor.isLater);
	equal([cursor.object, cursor.instance, cursor.resource], [3441, 0, 2]);
	setNotifying(cursor, true);
	equal(below(registry, 3441, 0, 2), ["/3441/0/2=2"]);
	ok(!cursor.isLater);
	setNotifying(cursor, false);
});

test("a handler's value is checked", () => {
	const registry = filled();
	registry.onRead("/3441/*/20", () => 101);
	throws(() => below(registry, 3441, 0, 20), "TypeError", "an integer from 0 to 100");
	registry.onRead("/3441/*/20", () => 100);
	equal(below(registry, 3441, 0, 20), ["/3441/0/20=100"]);
	registry.onRead("/3441/*/20", () => Number.NaN);
	equal(below(registry, 3441, 0, 20), []);
});
