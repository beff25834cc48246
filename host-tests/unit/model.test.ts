// The data model: what a resource may hold, bounds, and who is told of what.
import * as types from "../../src/lwm2m/definition.js";
import { defineObject, type ResourceDefinition, RW } from "../../src/lwm2m/definition.js";
import { fits, holds, isMultiple, Model, wanted } from "../../src/lwm2m/model.js";
import type { Value } from "../../src/lwm2m/path.js";
import { equal, ok, test, throws } from "../support/test.js";

const VERSIONS = { "1.1": "1.0" } as const;
const SMALL = defineObject({
	id: 10,
	name: "Small",
	versions: VERSIONS,
	instances: 2,
	resources: {
		0: { name: "one", type: types.INTEGER, operations: RW },
		1: { name: "many", type: types.OPAQUE, operations: RW, multiple: 2 },
	},
});

function resource(type: types.ResourceType, more: Partial<ResourceDefinition> = {}): ResourceDefinition {
	return { name: "x", type, operations: RW, ...more };
}

function bytes(count: number): ArrayBuffer {
	return new ArrayBuffer(count);
}

/** A model with instance 0 of the small object, and what it tells. */
function told() {
	const model = new Model([SMALL]);
	const lines: string[] = [];
	model.onChange = (...path) => lines.push(`change ${path.join("/")}`);
	model.onStructure = (object, instance, isCreated) =>
		lines.push(`${isCreated ? "create" : "delete"} ${object}/${instance}`);
	model.onBatchEnd = () => lines.push("end");
	return { model, lines };
}

test("a value fits where it is of the resource's type", () => {
	const values: readonly Value[] = ["text", 5, 5n, 1.5, true, bytes(1), -1];
	const fitting = (type: types.ResourceType) => values.filter((value) => fits(resource(type), value)).length;
	const all = [
		types.STRING,
		types.INTEGER,
		types.UNSIGNED,
		types.FLOAT,
		types.BOOLEAN,
		types.OPAQUE,
		types.TIME,
		types.OBJLNK,
		types.CORELNK,
	] as const;
	equal(all.map(fitting), [1, 3, 2, 3, 1, 1, 2, 1, 1]);
});

test("integers fit up to 64 bits, exactly", () => {
	for (const [type, value, expected] of [
		[types.INTEGER, 2n ** 63n - 1n, true],
		[types.INTEGER, 2n ** 63n, false],
		[types.INTEGER, -(2n ** 63n), true],
		[types.INTEGER, -(2n ** 63n) - 1n, false],
		[types.UNSIGNED, 2n ** 64n - 1n, true],
		[types.UNSIGNED, 2n ** 64n, false],
		[types.UNSIGNED, -1n, false],
		[types.UNSIGNED, 0, true],
		[types.UNSIGNED, -1, false],
		[types.INTEGER, Number.MAX_SAFE_INTEGER, true],
		[types.INTEGER, Number.MAX_SAFE_INTEGER + 1, false],
		[types.INTEGER, 0.5, false],
		[types.INTEGER, Number.NaN, false],
		[types.INTEGER, Number.POSITIVE_INFINITY, false],
		[types.FLOAT, Number.POSITIVE_INFINITY, true],
		[types.FLOAT, 5n, false],
		[types.TIME, 5n, false],
		[types.TIME, -5, true],
		[types.TIME, 1.5, false],
		[types.OBJLNK, 0xffffffff, true],
		[types.OBJLNK, 0x100000000, false],
		[types.OBJLNK, -1, false],
	] as const)
		equal(fits(resource(type), value), expected, `${type} ${value}`);
});

test("a range bounds numbers, and the length of texts in bytes and of opaques", () => {
	const percent = resource(types.INTEGER, { range: [0, 100] });
	equal(
		[-1, 0, 100, 101, 100n, 101n].map((value) => fits(percent, value)),
		[false, true, true, false, true, false],
	);
	const float = resource(types.FLOAT, { range: [0, 1] });
	equal(
		[-0.1, 0, 1, 1.1, Number.NaN].map((value) => fits(float, value)),
		[false, true, true, false, false],
	);
	const text = resource(types.STRING, { range: [2, 4] });
	equal(
		["a", "ab", "abcd", "abcde", "\u00e9", "\u20ac\u20ac"].map((value) => fits(text, value)),
		[false, true, true, false, true, false],
	);
	const key = resource(types.OPAQUE, { only: [16, 32] });
	equal(
		[15, 16, 17, 32].map((count) => fits(key, bytes(count))),
		[false, true, false, true],
	);
	ok(fits(resource(types.INTEGER, { only: [1, 3] }), 3));
	ok(!fits(resource(types.INTEGER, { only: [1, 3] }), 2));
});

test("without a range texts and opaques have the bounds of the configuration", () => {
	ok(fits(resource(types.STRING), "x".repeat(512)));
	ok(!fits(resource(types.STRING), "x".repeat(513)));
	ok(fits(resource(types.STRING, { range: [0, 600] }), "x".repeat(600)));
	ok(fits(resource(types.OPAQUE), bytes(4096)));
	ok(!fits(resource(types.OPAQUE), bytes(4097)));
});

test("what is wanted is said in words", () => {
	equal(wanted(resource(types.INTEGER)), "an integer");
	equal(wanted(resource(types.INTEGER, { range: [0, 100] })), "an integer from 0 to 100");
	equal(wanted(resource(types.STRING)), "a text of at most 512 bytes");
	equal(wanted(resource(types.STRING, { range: [0, 255] })), "a text of 0 to 255 bytes");
	equal(wanted(resource(types.OPAQUE)), "an ArrayBuffer of at most 4096 bytes");
	equal(wanted(resource(types.OPAQUE, { only: [16, 32] })), "an ArrayBuffer of 16 or 32 bytes");
	equal(wanted(resource(types.BOOLEAN)), "a boolean");
	equal(wanted(resource(types.OBJLNK)), "an object link");
});

test("instances are kept in order, up to the bound of their object", () => {
	const { model, lines } = told();
	const { instanceIds } = model.objects[10]!;
	ok(model.createInstance(10, 7));
	equal(model.createInstance(10, 7), false);
	ok(model.createInstance(10, 3));
	equal(instanceIds, [3, 7]);
	equal(model.createInstance(10, 5), false);
	equal(model.createInstance(11, 0), false);
	ok(model.deleteInstance(10, 3));
	equal(model.deleteInstance(10, 3), false);
	equal(model.deleteInstance(11, 3), false);
	equal([instanceIds, lines], [[7], ["create 10/7", "create 10/3", "delete 10/3"]]);
});

test("the lowest instance id that is free is found", () => {
	const { model } = told();
	equal(model.freeInstance(10), 0);
	model.createInstance(10, 0);
	equal(model.freeInstance(10), 1);
	model.createInstance(10, 1);
	model.deleteInstance(10, 0);
	equal(model.freeInstance(10), 0);
});

test("a new value is told of, the same one is not", () => {
	const { model, lines } = told();
	model.createInstance(10, 0);
	lines.length = 0;
	for (const value of [1, 1, 2, 2n, -0, 0]) model.assign(10, 0, 0, -1, value);
	equal(lines.length, 5, "1, 2, 2n, -0 and 0 are five values");
	lines.length = 0;
	for (const first of [1, 1, 2]) model.assign(10, 0, 1, 4, Uint8Array.of(first, 5).buffer);
	model.assign(10, 0, 1, 4, Uint8Array.of(2).buffer);
	equal(lines, ["change 10/0/1/4", "change 10/0/1/4", "change 10/0/1/4"]);
});

test("a multiple resource keeps its instances in order, up to its bound", () => {
	const { model } = told();
	model.createInstance(10, 0);
	ok(model.assign(10, 0, 1, 9, bytes(9)));
	ok(model.assign(10, 0, 1, 2, bytes(2)));
	equal(model.assign(10, 0, 1, 5, bytes(5)), false);
	ok(model.assign(10, 0, 1, 9, bytes(10)), "one that is there can be changed");
	const value = model.objects[10]!.instances[0]![1];
	ok(isMultiple(value));
	equal(
		[value.ids, value.values.map((one) => (one as ArrayBuffer).byteLength)],
		[
			[2, 9],
			[2, 10],
		],
	);
	equal(model.stored(10, 0, 1, 9), bytes(10));
	equal(model.stored(10, 0, 1, 5), undefined);
	equal(model.stored(10, 0, 1, -1), undefined, "as a whole it is no value");
	equal(model.stored(10, 0, 0, 1), undefined);
	equal(model.stored(11, 0, 0, -1), undefined);
});

test("resources and instances of them are removed, and that is told of", () => {
	const { model, lines } = told();
	model.createInstance(10, 0);
	model.assign(10, 0, 0, -1, 5);
	model.assign(10, 0, 1, 1, bytes(1));
	model.assign(10, 0, 1, 2, bytes(2));
	lines.length = 0;
	equal(
		[
			model.remove(10, 0, 1, 1),
			model.remove(10, 0, 1, 1),
			model.remove(10, 0, 0, 3),
			model.remove(10, 0, 0, -1),
			model.remove(10, 0, 0, -1),
			model.remove(10, 0, 1, -1),
			model.remove(10, 5, 0, -1),
			model.remove(11, 0, 0, -1),
		],
		[true, false, false, true, false, true, false, false],
	);
	equal(lines, ["change 10/0/1/1", "change 10/0/0/-1", "change 10/0/1/-1"]);
	model.clearMultiple(10, 0, 1);
	ok(isMultiple(model.objects[10]!.instances[0]![1]));
});

test("batches nest, and only the end of the outer one is told", () => {
	const { model, lines } = told();
	equal(model.endBatch(), false);
	model.beginBatch();
	model.beginBatch();
	ok(model.isBatching);
	ok(model.endBatch());
	equal([model.isBatching, lines], [true, []]);
	ok(model.endBatch());
	equal([model.isBatching, lines], [false, ["end"]]);
});

test("an object is added once", () => {
	const { model } = told();
	throws(() => model.addObject(SMALL), "RangeError", "defined twice");
	model.addObject({ ...SMALL, id: 5 });
	equal(model.objectIds, [5, 10]);
});

test("an instance holds what has a value or the handler that it takes", () => {
	const { model } = told();
	const node = model.objects[10]!;
	model.createInstance(10, 0);
	equal(holds(node, 0, 0), false);
	node.handlers[0] = { instance: 1, next: undefined, read: () => 1 };
	equal(holds(node, 0, 0), false);
	node.handlers[0] = { instance: -1, next: undefined, read: () => 1 };
	equal(holds(node, 0, 0), true);
	equal(holds(node, 0, 99), false);
	node.handlers[1] = { instance: -1, next: undefined, read: () => bytes(1) };
	equal(holds(node, 0, 1), false, "no instance of the multiple resource");
	model.assign(10, 0, 1, 0, bytes(1));
	equal(holds(node, 0, 1), true);
});
