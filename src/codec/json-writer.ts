// Writes what the two JSON formats share: strings (RFC 8259 7) and the value at the cursor. JSON is off the message
// path: it is written to be read, makes short strings on its way, and is bounded by the values that the model holds.

import { writeBase64, writeInteger, writeNumber, writeText } from "../bytes.js";
import type { Cursor } from "../lwm2m/cursor-state.js";

import { FLOAT, OBJLNK } from "../lwm2m/definition.js";
import { inRadix } from "../scan.js";
import { writeLink } from "./value.js";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Writes the value at the cursor. @param isUrl the alphabet for an opaque: url without padding, else the standard one
 * @returns -1 for NaN and the infinities, which JSON lacks (RFC 8259 6)
 */
export function writeValue(cursor: Cursor, into: Uint8Array, at: number, isUrl: boolean): number {
	const of = cursor.value;
	if (typeof of === "number") {
		if (cursor.type === OBJLNK) return quote(into, writeLink(into, quote(into, at), of));
		if (cursor.type !== FLOAT) return writeInteger(into, at, of);
		return of - of === 0 ? writeNumber(into, at, of) : -1;
	}
	if (typeof of === "bigint") return writeInteger(into, at, of);
	if (typeof of === "boolean") return writeText(into, at, of ? "true" : "false");
	if (typeof of === "string") return quote(into, writeText(into, quote(into, at), escaped(of)));
	return quote(into, writeBase64(into, quote(into, at), new Uint8Array(of), 0, of.byteLength, isUrl));
}

function quote(into: Uint8Array, at: number): number {
	into[at] = QUOTE;
	return at + 1;
}

/** The text with quotes, backslashes and control characters escaped; all else goes as UTF-8. */
function escaped(text: string): string {
	let result = "";
	let taken = 0;
	for (let i = 0; i < text.length; ++i) {
		const code = text.charCodeAt(i);
		if (code >= 0x20 && code !== QUOTE && code !== BACKSLASH) continue;
		result += text.slice(taken, i) + (code < 0x20 ? escapeOf(code) : `\\${text.charAt(i)}`);
		taken = i + 1;
	}
	return taken === 0 ? text : result + text.slice(taken);
}

function escapeOf(control: number): string {
	if (control === 8) return "\\b";
	if (control === 9) return "\\t";
	if (control === 10) return "\\n";
	if (control === 12) return "\\f";
	if (control === 13) return "\\r";
	return `\\u00${control < 16 ? "0" : ""}${inRadix(control, 16)}`;
}
