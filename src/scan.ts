// Scanning texts by sets of characters, in place of regular expressions: those are 29 kB of the engine on a board, and the
// engine's own change of case brings 6 kB of Unicode's tables. And digits of other radixes.

export const DIGITS = "0123456789";
export const HEX_DIGITS = "0123456789abcdefABCDEF";
/** What JavaScript takes as white space, line ends among it. ECMA-262 12.2, 12.3 */
export const WHITE_SPACE =
	" \t\n\v\f\r\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff";
const UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const LOWER = "abcdefghijklmnopqrstuvwxyz";
const LOW_DIGITS = DIGITS + LOWER;

/** Where the characters from `at` on end that `set` holds; that it does not hold, with `isHeld` false. */
export function span(text: string, at: number, set: string, isHeld = true): number {
	const end = text.length;
	while (at < end && set.includes(text[at]!) === isHeld) at++;
	return at;
}

/** Nothing but 1 to `most` decimal digits. */
export function isDigits(text: string, most: number): boolean {
	return text !== "" && text.length <= most && span(text, 0, DIGITS) === text.length;
}

/** A decimal number, `[+-]digits[.digits][e[+-]digits]`. */
export function isDecimal(text: string): boolean {
	let at = digits(text, sign(text, 0));
	if (text[at] === ".") at = digits(text, at + 1);
	if (text[at] === "e" || text[at] === "E") at = digits(text, sign(text, at + 1));
	return at === text.length;
}

/** The longest pieces of a text that consist of characters of a set. */
export function pieces(text: string, set: string): string[] {
	const found: string[] = [];
	for (let end = 0; end < text.length; ) {
		const start = span(text, end, set, false);
		end = span(text, start, set);
		if (end > start) found.push(text.slice(start, end));
	}
	return found;
}

/** @returns the bytes of pairs of hexadecimal digits; undefined where one is no number */
export function fromHex(text: string): Uint8Array<ArrayBuffer> | undefined {
	const bytes = new Uint8Array(text.length >> 1);
	for (let i = 0; i < bytes.length; i++) {
		const byte = (hexDigit(text.charCodeAt(2 * i)) << 4) | hexDigit(text.charCodeAt(2 * i + 1));
		if (byte < 0) return undefined;
		bytes[i] = byte;
	}
	return text.length % 2 > 0 ? undefined : bytes;
}

/** @returns -1 where it is none: the byte that it is a part of is negative */
function hexDigit(code: number): number {
	const digit = code < 0x3a ? code - 0x30 : (code | 0x20) - 0x57;
	return digit < 0 || digit > 15 || digit < 10 !== code < 0x3a ? -1 : digit;
}

/** Two lower-case hexadecimal digits a byte. */
export function toHex(bytes: Uint8Array): string {
	let text = "";
	for (const byte of bytes) text += LOW_DIGITS[byte >> 4]! + LOW_DIGITS[byte & 15]!;
	return text;
}

/** A whole number, 0 or more, with the digits of a radix up to 36: the engine's own counts them with a logarithm of 2 kB. */
export function inRadix(value: number, radix: number): string {
	let text = "";
	do {
		text = LOW_DIGITS[value % radix] + text;
		value = Math.floor(value / radix);
	} while (value > 0);
	return text;
}

/** ASCII letters in lower case, all else as it is: what is the same of schemes, host names and fields of HTTP. */
export function lowerCase(text: string): string {
	let result = "";
	for (const character of text) result += LOWER[UPPER.indexOf(character)] ?? character;
	return result;
}

function sign(text: string, at: number): number {
	return text[at] === "+" || text[at] === "-" ? at + 1 : at;
}

/** Behind one digit or more; NaN where there is none. */
function digits(text: string, at: number): number {
	const end = span(text, at, DIGITS);
	return end > at ? end : Number.NaN;
}
