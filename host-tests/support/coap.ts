// A CoAP message for tests, built and read the plain way: it shares no code with src/coap, so that a fault there
// shows. RFC 7252 3.
import { ascii, toHex } from "./test.js";

export interface CoapFields {
	/** 0 CON, 1 NON, 2 ACK, 3 RST */
	type?: number;
	code: number;
	mid?: number;
	token?: Uint8Array;
	/** Segments of Uri-Path, `3/0/9`. */
	path?: string;
	queries?: string[];
	observe?: number;
	format?: number;
	accept?: number;
	block1?: number;
	block2?: number;
	/** Segments of Location-Path. */
	location?: string;
	/** Any further options, in any order. */
	options?: [number: number, value: Uint8Array][];
	payload?: Uint8Array | string;
}

export interface CoapMessage {
	type: number;
	code: number;
	mid: number;
	token: Uint8Array;
	options: [number: number, value: Uint8Array][];
	payload: Uint8Array;
}

/** The datagram of a message. */
export function datagram(fields: CoapFields): Uint8Array {
	const { type = 0, code, mid = 1, token = new Uint8Array(0) } = fields;
	const options: [number, Uint8Array][] = [...(fields.options ?? [])];
	const number = (option: number, value: number | undefined) => {
		if (value !== undefined) options.push([option, integer(value)]);
	};
	for (const segment of (fields.path ?? "").split("/")) if (segment) options.push([11, ascii(segment)]);
	for (const segment of (fields.location ?? "").split("/")) if (segment) options.push([8, ascii(segment)]);
	for (const query of fields.queries ?? []) options.push([15, ascii(query)]);
	number(6, fields.observe);
	number(12, fields.format);
	number(17, fields.accept);
	number(23, fields.block2);
	number(27, fields.block1);
	const bytes = [0x40 | (type << 4) | token.length, code, mid >> 8, mid & 0xff, ...token];
	let last = 0;
	options.sort((a, b) => a[0] - b[0]);
	for (const [option, value] of options) {
		const [delta, deltaExtra] = nibble(option - last);
		const [size, sizeExtra] = nibble(value.length);
		bytes.push((delta << 4) | size, ...deltaExtra, ...sizeExtra, ...value);
		last = option;
	}
	const payload = typeof fields.payload === "string" ? ascii(fields.payload) : fields.payload;
	if (payload && payload.length > 0) bytes.push(0xff, ...payload);
	return Uint8Array.from(bytes);
}

/** Reads a datagram. @throws Error where it is no message */
export function parse(bytes: Uint8Array): CoapMessage {
	if (bytes.length < 4 || bytes[0]! >> 6 !== 1) throw new Error(`not CoAP: ${toHex(bytes)}`);
	let at = 4 + (bytes[0]! & 15);
	const options: [number, Uint8Array][] = [];
	let last = 0;
	while (at < bytes.length && bytes[at] !== 0xff) {
		const head = bytes[at]!;
		at++;
		const extended = (short: number): number => {
			if (short < 13) return short;
			if (short === 13) {
				at++;
				return bytes[at - 1]! + 13;
			}
			if (short === 15) throw new Error("reserved nibble");
			at += 2;
			return bytes[at - 2]! * 256 + bytes[at - 1]! + 269;
		};
		last += extended(head >> 4);
		const size = extended(head & 15);
		if (at + size > bytes.length) throw new Error("an option runs past the end");
		options.push([last, bytes.slice(at, at + size)]);
		at += size;
	}
	if (at === bytes.length - 1) throw new Error("a marker without payload");
	return {
		type: (bytes[0]! >> 4) & 3,
		code: bytes[1]!,
		mid: bytes[2]! * 256 + bytes[3]!,
		token: bytes.slice(4, 4 + (bytes[0]! & 15)),
		options,
		payload: bytes.slice(at + 1),
	};
}

/** The values of one option as integers. */
export function integers(message: CoapMessage, option: number): number[] {
	return message.options
		.filter(([number]) => number === option)
		.map(([, value]) => value.reduce((sum, byte) => sum * 256 + byte, 0));
}

/** The values of one option as ASCII texts. */
export function texts(message: CoapMessage, option: number): string[] {
	return message.options.filter(([number]) => number === option).map(([, value]) => text(value));
}

/** ASCII text of bytes. */
export function text(bytes: Uint8Array): string {
	let result = "";
	for (const byte of bytes) result += String.fromCharCode(byte);
	return result;
}

function integer(value: number): Uint8Array {
	const bytes: number[] = [];
	for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
	return Uint8Array.from(bytes);
}

function nibble(value: number): [number, number[]] {
	if (value < 13) return [value, []];
	return value < 269 ? [13, [value - 13]] : [14, [(value - 269) >> 8, (value - 269) & 0xff]];
}
