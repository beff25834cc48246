// What the bytecode tool makes shorter still does what the language says (platforms/xs/tool). On Node these hold anyway.
import { equal, ok, test } from "../support/test.js";

const BASE = 40;
const SUM = BASE + 2;
const MASK = (1 << 4) | 3;
const NEGATIVE = -BASE;
const BIG = 0xffffffff;
const NAME = "language";
const IS_ON = true;
let counter = 0;

function count(): number {
	counter += 1;
	return counter;
}

test("constants of a module keep their values", () => {
	equal([BASE, SUM, MASK, NEGATIVE, BIG, NAME, IS_ON], [40, 42, 19, -40, 4294967295, "language", true]);
	equal(Object.is(-0 * BASE, -0), true);
	equal([SUM * NEGATIVE, SUM - 1, 1 - SUM, SUM >> 1, SUM / 4, SUM % 5], [-1680, 41, -41, 21, 10.5, 2]);
});

test("parameters that are written to, left out, or taken by an inner function", () => {
	const written = (a: number, b: number): number[] => {
		const before = a;
		a = b;
		b = before;
		return [a, b, before];
	};
	const absent = (a?: number, b = a ?? 7, ...rest: number[]): unknown[] => [a, b, rest.length];
	function counterFrom(from: number): () => number {
		return () => from++;
	}
	const next = counterFrom(5);
	equal(written(1, 2), [2, 1, 1]);
	equal(absent(), [undefined, 7, 0]);
	equal(absent(1, 2, 3, 4), [1, 2, 2]);
	equal([next(), next(), counterFrom(1)()], [5, 6, 1]);
});

test("objects and arrays taken apart, with defaults, rests and names", () => {
	const { a, b: renamed, c = 3, ...others } = { a: 1, b: 2, d: 4, e: 5 } as Record<string, number>;
	const [first, , third = 9, ...tail] = [1, 2, undefined, 4, 5];
	const deep = ({ x: { y }, z }: { x: { y: number }; z: number }): number => y * 10 + z;
	const pairs = [[1, 2] as const, [3, 4] as const].map(([left, right], index) => left * right + index);
	const { length } = "four";
	equal([a, renamed, c, others["d"], others["e"], first, third, tail], [1, 2, 3, 4, 5, 1, 9, [4, 5]]);
	equal([deep({ x: { y: 4 }, z: 2 }), length, ...pairs], [42, 4, 2, 13]);
	for (const nothing of [null, undefined]) {
		let failed = false;
		try {
			const { a: none } = nothing as unknown as { a: number };
			ok(none === 0);
		} catch (error) {
			failed = error instanceof TypeError;
		}
		ok(failed);
	}
});

test("variables of a loop are new ones in every round", () => {
	const functions: (() => number)[] = [];
	for (let i = 0; i < 3; i++) {
		const square = i * i;
		functions.push(() => square + i);
	}
	for (const value of [10, 20]) functions.push(() => value);
	equal(
		functions.map((one) => one()),
		[0, 2, 6, 10, 20],
	);
});

test("arrays and objects of any depth, with holes and copies", () => {
	const inner = { a: [1, [2, BASE > 1 ? 3 : 0]], b: { c: { d: [{}] } }, count() {} };
	const copy = { ...inner, a: [...inner.a, 4] };
	equal(JSON.stringify(inner), '{"a":[1,[2,3]],"b":{"c":{"d":[{}]}}}');
	equal(JSON.stringify(copy), '{"a":[1,[2,3],4],"b":{"c":{"d":[{}]}}}');
	equal([[].length, [[]].length, [undefined].length], [0, 1, 1]);
	equal([[1, 2].map((one) => [one, [one]])].length, 1);
});

test("loops are left and gone on with, also from within others", () => {
	const seen: number[] = [];
	outer: for (let i = 0; i < 5; i++) {
		for (const j of [0, 1, 2, 3]) {
			if (j === 1) continue;
			if (i === 1) continue outer;
			if (i === 3) break outer;
			if (j === 3) break;
			seen.push(i * 10 + j);
		}
	}
	let n = 0;
	do {
		n++;
		if (n === 2) continue;
		seen.push(-n);
	} while (n < 3);
	while (true) if (n-- === 0) break;
	equal(seen, [0, 2, 20, 22, -1, -3]);
	equal(n, -1);
});

test("finally comes in whatever way a block is left", () => {
	const trace: string[] = [];
	const leave = (how: number): string => {
		for (let round = 0; round < 2; round++) {
			try {
				const name = `way ${how}`;
				if (how === 0) return name;
				if (how === 1) throw new Error(name);
				if (how === 2) break;
				if (how === 3) continue;
				trace.push(name);
			} catch (error) {
				const { message } = error as Error;
				return message;
			} finally {
				const text = `finally ${how}`;
				trace.push(text);
			}
		}
		return "end";
	};
	equal([0, 1, 2, 3, 4].map(leave), ["way 0", "way 1", "end", "end", "end"]);
	equal(trace.join(), "finally 0,finally 1,finally 2,finally 3,finally 3,way 4,finally 4,way 4,finally 4");
});

test("generators keep their parameters and variables", () => {
	function* numbers(from: number, to: number): Generator<string, number> {
		for (let i = from; i < to; i++) {
			const text = `${i}`;
			yield text;
		}
		const rest = yield* [`${to}`];
		return rest === undefined ? to : from;
	}
	const all = numbers(1, 3);
	equal([...numbers(1, 3)], ["1", "2", "3"]);
	equal([all.next().value, all.next().value, all.next().value, all.next().value], ["1", "2", "3", 3]);
});

test("conditions evaluate no more than they need, and keep the value where it is asked for", () => {
	const calls: string[] = [];
	const is = (name: string, value: boolean): boolean => {
		calls.push(name);
		return value;
	};
	const results: number[] = [];
	for (const a of [false, true])
		for (const b of [false, true])
			for (const c of [false, true]) {
				if ((is("a", a) && is("b", b)) || is("c", c)) results.push(1);
				else results.push(0);
				if (is("a", a) && (is("b", b) || is("c", c))) results.push(1);
				if (!(is("a", a) || (!is("b", b) && is("c", c)))) results.push(2);
				results.push(is("a", a) && is("b", b) && is("c", c) ? 3 : 4);
			}
	equal(results.join(""), expected().join(""));
	equal(calls.length, 60);
	const some = (value: number | null): number | null => value;
	const kept = (0 || "text") as string;
	const zero = (0 && "text") as number;
	equal([kept, zero, some(null) ?? 5, (undefined as unknown as { a: number })?.a], ["text", 0, 5, undefined]);
});

/** The same by tables, without any short cut. */
function expected(): number[] {
	const results: number[] = [];
	for (let i = 0; i < 8; i++) {
		const [a, b, c] = [(i >> 2) & 1, (i >> 1) & 1, i & 1] as [number, number, number];
		results.push((a & b) | c);
		if (a & (b | c)) results.push(1);
		if (1 - (a | ((1 - b) & c))) results.push(2);
		results.push(a & b & c ? 3 : 4);
	}
	return results;
}

test("templates make strings of whatever they hold", () => {
	const some = [1, "a", null, undefined, true, 5n, [1, 2]];
	equal(some.map((one) => `${one}`).join("|"), "1|a|null|undefined|true|5|1,2");
	equal(
		some.map((one) => `<${one}>${one}`).join(),
		"<1>1,<a>a,<null>null,<undefined>undefined,<true>true,<5>5,<1,2>1,2",
	);
	equal([`${1}${2}`, `${BASE > 1 ? "yes" : "no"}`, `${`${SUM}`}.`, typeof `${SUM}`], ["12", "yes", "42.", "string"]);
});

test("classes: fields, private names of two classes, accessors, statics, inheritance", () => {
	class Point {
		static made = 0;
		#x: number;
		#y = 2;
		constructor(x: number) {
			this.#x = x;
			Point.made++;
		}
		get sum(): number {
			return this.#x + this.#y;
		}
		set sum(value: number) {
			this.#x = value;
			this.#y = 0;
		}
		#twice(): number {
			return 2 * this.sum;
		}
		twice(): number {
			return this.#twice();
		}
		static isPoint(value: object): boolean {
			return #x in value;
		}
	}
	class Named extends Point {
		readonly name: string;
		#x = "own";
		constructor(x: number, name: string) {
			super(x);
			this.name = name;
		}
		override twice(): number {
			return super.twice() + this.#x.length;
		}
	}
	const point = new Named(3, "n");
	equal([point.sum, point.twice(), Point.made, Point.isPoint(point), Point.isPoint({})], [5, 13, 1, true, false]);
	point.sum = 1;
	equal([point.sum, point.name, point.twice()], [1, "n", 5]);
	equal([Object.keys(point), JSON.stringify(point), "#x" in point], [["name"], '{"name":"n"}', false]);
	ok(point instanceof Point);
});

test("switch: falls through, finds its default, has variables of its own", () => {
	const choose = (value: unknown): string => {
		let text = "";
		switch (value) {
			case 1: {
				const own = "one";
				text += own;
				break;
			}
			case "two":
			case 2:
				text += "two";
				break;
			default:
				text += "other";
		}
		return text;
	};
	equal([1, 2, "two", 3].map(choose).join(), "one,two,two,other");
});

test("variables of the module that change are seen by all", () => {
	const before = counter;
	equal([count(), count(), counter], [before + 1, before + 2, before + 2]);
});
