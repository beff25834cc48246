// Datagrams in hexadecimal for the tests of the parser.

import { CONTENT_FORMAT, LOCATION_PATH, URI_PATH, URI_QUERY } from "../../src/coap/numbers.js";
import { parse } from "../../src/coap/parse.js";
import { ascii, hex, toHex } from "../support/test.js";
import { message } from "./in-hand.js";

export type Option = [number: number, value: string | Uint8Array];

/** Encodes options by RFC 7252 3.1, on its own: the writer is not what is tested here. */
export function encode(options: Option[]): string {
	let text = "";
	let last = 0;
	for (const [number, value] of options) {
		const bytes = typeof value === "string" ? ascii(value) : value;
		const [delta, deltaMore] = extend(number - last);
		const [size, sizeMore] = extend(bytes.length);
		text += delta + size + deltaMore + sizeMore + toHex(bytes);
		last = number;
	}
	return text;
}

function extend(value: number): [string, string] {
	if (value < 13) return [value.toString(16), ""];
	if (value < 269) return ["d", (value - 13).toString(16).padStart(2, "0")];
	return ["e", (value - 269).toString(16).padStart(4, "0")];
}

export function parseHex(text: string): number {
	const bytes = hex(text);
	return parse(message, bytes, bytes.length);
}

export function ids(): number[] {
	return [message.object, message.instance, message.resource, message.resourceInstance];
}

export const register = `48027b2e0123456789abcdef${encode([
	[URI_PATH, "rd"],
	[CONTENT_FORMAT, hex("28")],
	[URI_QUERY, "lwm2m=1.1"],
	[URI_QUERY, "ep=a-client-with-a-long-name"],
	[URI_QUERY, "lt=300"],
])}ff${toHex(ascii("</1/0>,</3/0>"))}`;

export const created = `6441000a01020304${encode([
	[LOCATION_PATH, "rd"],
	[LOCATION_PATH, "5a3f"],
])}`;
