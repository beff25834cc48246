// A test harness small enough to run on XS as on Node: unit tests import only this and what they test.
// `report` is the engine's side: host-tests/support/report.ts on Node, its namesake of the XS image on XS.
import { print } from "./report.js";

interface Case {
	title: string;
	run(): void;
}

const cases: Case[] = [];

/** Declares a test. The title is a sentence of behaviour; `run` throws where it does not hold. */
export function test(title: string, run: () => void): void {
	cases.push({ title, run });
}

/** Runs every declared test in order. @returns how many failed; each result is printed in the TAP format. */
export function runAll(): number {
	let failed = 0;
	print(`1..${cases.length}`);
	cases.forEach(({ title, run }, index) => {
		try {
			run();
			print(`ok ${index + 1} - ${title}`);
		} catch (error) {
			failed++;
			print(`not ok ${index + 1} - ${title}`);
			for (const line of describe(error).split("\n")) print(`  ${line}`);
		}
	});
	print(`# passed ${cases.length - failed}, failed ${failed}`);
	return failed;
}

/** Fails unless the two are the same: identical, or equal byte by byte and element by element. */
export function equal(actual: unknown, expected: unknown, message?: string): void {
	if (!isSame(actual, expected))
		throw new Error(`${message ? `${message}: ` : ""}got ${show(actual)}, expected ${show(expected)}`);
}

/** Fails unless the value is true. */
export function ok(value: unknown, message = "is not so"): asserts value {
	if (!value) throw new Error(message);
}

/** Fails unless `run` throws an error whose name is `name` and whose message contains `part`. */
export function throws(run: () => unknown, name: string, part = ""): void {
	try {
		run();
	} catch (error) {
		if (error instanceof Error && error.name === name && error.message.includes(part)) return;
		throw new Error(`threw ${String(error)}, expected ${name} with "${part}"`);
	}
	throw new Error(`did not throw ${name}`);
}

/** Bytes from hexadecimal digits; white space is passed over. */
export function hex(text: string): Uint8Array {
	const digits = text.replace(/\s+/g, "");
	const bytes = new Uint8Array(digits.length / 2);
	for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16);
	return bytes;
}

/** Hexadecimal digits of bytes. */
export function toHex(bytes: Uint8Array, start = 0, end = bytes.length): string {
	let text = "";
	for (let i = start; i < end; i++) text += (bytes[i]! + 256).toString(16).slice(1);
	return text;
}

/** Bytes of an ASCII text. */
export function ascii(text: string): Uint8Array {
	const bytes = new Uint8Array(text.length);
	for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
	return bytes;
}

/** Bytes one after the other. */
export function joined(...parts: (Uint8Array | number[])[]): Uint8Array {
	const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
	let at = 0;
	for (const part of parts) {
		all.set(part, at);
		at += part.length;
	}
	return all;
}

/** A generator of the same numbers every time: 32-bit xorshift. */
export function randomFrom(seed: number): (below: number) => number {
	let state = seed | 1;
	return (below) => {
		state ^= state << 13;
		state ^= state >>> 17;
		state ^= state << 5;
		return (state >>> 0) % below;
	};
}

function isSame(a: unknown, b: unknown): boolean {
	if (Object.is(a, b)) return true;
	if (a instanceof ArrayBuffer && b instanceof ArrayBuffer) return isSame(new Uint8Array(a), new Uint8Array(b));
	if (a instanceof Uint8Array && b instanceof Uint8Array) {
		if (a.length !== b.length) return false;
		for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
		return true;
	}
	if (Array.isArray(a) && Array.isArray(b)) {
		if (a.length !== b.length) return false;
		for (let i = 0; i < a.length; i++) if (!isSame(a[i], b[i])) return false;
		return true;
	}
	if (isPlain(a) && isPlain(b)) {
		const names = Object.keys(a);
		return names.length === Object.keys(b).length && names.every((name) => name in b && isSame(a[name], b[name]));
	}
	return false;
}

function isPlain(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function show(value: unknown): string {
	if (typeof value === "string") return `"${value}"`;
	if (typeof value === "bigint") return `${value}n`;
	if (value instanceof ArrayBuffer) return `<${toHex(new Uint8Array(value))}>`;
	if (value instanceof Uint8Array) return `<${toHex(value)}>`;
	if (Array.isArray(value)) return `[${value.map(show).join(", ")}]`;
	if (isPlain(value))
		return `{${Object.keys(value)
			.map((name) => `${name}: ${show(value[name])}`)
			.join(", ")}}`;
	return Object.is(value, -0) ? "-0" : String(value);
}

function describe(error: unknown): string {
	return error instanceof Error ? `${error.name}: ${error.message}\n${error.stack ?? ""}` : String(error);
}
