// What the client does without and an application may use: its firmware has to have all of it, and nothing is loaded when it runs.
import { exit, log } from "../../platforms/xs/host.js";

let count = 0;
let step = first;

function first(): void {
	step = second;
	count++;
}

function second(): void {
	count += 10;
}

class Base {
	name(): string {
		return "base";
	}
}

class Derived extends Base {
	override name(): string {
		return `derived of ${super.name()}`;
	}
}

function* pair(): Generator<number> {
	yield 1;
	yield 2;
}

async function later(value: number): Promise<number> {
	await Promise.resolve();
	return value ** 1.5;
}

export default function main(): void {
	step();
	step();
	const { max, log2 } = Math;
	const keys: string[] = [];
	for (const key in { a: 1, b: 2 }) keys.push(key);
	log(`variables ${count}`);
	log(new Derived().name());
	log(`pattern ${/(\d+)/.exec("a42b")?.[1]} ${"a-b".replace("-", "+")} ${"ÄB".toLowerCase()}`);
	log(`numbers ${max(1, 2)} ${log2(8)} ${(255).toString(2)} ${10n ** 20n} ${Number.parseInt("12px", 10)}`);
	log(`lists ${[3, 1, 2].sort()} ${Object.entries({ k: 1 })} ${[...pair()]} ${keys} ${String.raw`x\n`}`);
	try {
		new Function("return 1")();
	} catch (error) {
		log(`${error}`);
	}
	later(4).then((value) => {
		log(`later ${value}`);
		exit(0);
	});
}
