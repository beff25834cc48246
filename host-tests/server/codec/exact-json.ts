// JSON (RFC 8259) whose integers keep all their digits: beyond 2^53 they are BigInt on both sides.

import { CodecError } from "../lwm2m/value.js";

/** Marks a number inside a string while the built-in parser runs; a private-use character no sender needs. */
const MARK = "\uf8ffinteger:";
const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const MARKED = new RegExp(`"${MARK}(-?\\d+)"`, "g");

export function parseExactJson(text: string): unknown {
	try {
		JSON.parse(text);
		const marked = text.replace(STRING_OR_NUMBER, (token) =>
			/^-?\d{16,}$/.test(token) && !Number.isSafeInteger(Number(token)) ? `"${MARK}${token}"` : token,
		);
		return JSON.parse(marked, (_name, value: unknown) =>
			typeof value === "string" && value.startsWith(MARK) ? BigInt(value.slice(MARK.length)) : value,
		);
	} catch (error) {
		throw new CodecError(`bad JSON: ${error instanceof Error ? error.message : String(error)}`);
	}
}

export function formatExactJson(value: unknown): string {
	const text = JSON.stringify(value, (_name, item: unknown) => {
		if (typeof item !== "bigint") return item;
		const isSafe = Number.isSafeInteger(Number(item));
		return isSafe ? Number(item) : `${MARK}${item}`;
	});
	return text.replace(MARKED, "$1");
}
