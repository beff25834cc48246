// CoAP messages over the `coap-packet` codec (RFC 7252, 3). Options are numbers and bytes here.
// The library takes what it can from a truncated datagram, so the format is checked first.

import { generate, type OptionName, parse } from "coap-packet";

export type MessageType = "CON" | "NON" | "ACK" | "RST";

export interface CoapOption {
	readonly number: number;
	readonly value: Buffer;
}

export interface Message {
	readonly type: MessageType;
	/** Class and detail, "0.01" or "2.05". */
	readonly code: string;
	readonly messageId: number;
	readonly token: Buffer;
	readonly options: readonly CoapOption[];
	readonly payload: Buffer;
}

export const EMPTY = Buffer.alloc(0);

const LONGEST_DATAGRAM = 65535;
const LONGEST_TOKEN = 8;

const NUMBERS: Readonly<Record<OptionName, number>> = {
	"If-Match": 1,
	"Uri-Host": 3,
	ETag: 4,
	"If-None-Match": 5,
	Observe: 6,
	"Uri-Port": 7,
	"Location-Path": 8,
	OSCORE: 9,
	"Uri-Path": 11,
	"Content-Format": 12,
	"Max-Age": 14,
	"Uri-Query": 15,
	"Hop-Limit": 16,
	Accept: 17,
	"Q-Block1": 19,
	"Location-Query": 20,
	Block2: 23,
	Block1: 27,
	Size2: 28,
	"Q-Block2": 31,
	"Proxy-Uri": 35,
	"Proxy-Scheme": 39,
	Size1: 60,
	"No-Response": 258,
	"OCF-Accept-Content-Format-Version": 2049,
	"OCF-Content-Format-Version": 2053,
};

const TYPES: readonly MessageType[] = ["CON", "NON", "ACK", "RST"];

/** Undefined for bytes that are no CoAP message. */
export function decodeMessage(datagram: Buffer): Message | undefined {
	if (!isWellFormed(datagram)) return undefined;
	const packet = parse(datagram);
	return {
		type: TYPES[(datagram[0]! >> 4) & 3]!,
		code: packet.code,
		messageId: packet.messageId,
		token: Buffer.from(packet.token),
		options: packet.options.map(({ name, value }) => ({
			number: NUMBERS[name as OptionName] ?? Number(name),
			value: Buffer.from(value),
		})),
		payload: Buffer.from(packet.payload),
	};
}

export function encodeMessage(message: Message): Buffer {
	return generate(
		{
			code: message.code,
			confirmable: message.type === "CON",
			ack: message.type === "ACK",
			reset: message.type === "RST",
			messageId: message.messageId,
			token: message.token,
			options: message.options.map(({ number, value }) => ({ name: String(number), value })),
			payload: message.payload,
		},
		LONGEST_DATAGRAM,
	);
}

export function emptyMessage(type: MessageType, messageId: number): Message {
	return { type, code: "0.00", messageId, token: EMPTY, options: [], payload: EMPTY };
}

export function optionBytes(message: Pick<Message, "options">, number: number): Buffer | undefined {
	return message.options.find((option) => option.number === number)?.value;
}

export function optionUint(message: Pick<Message, "options">, number: number): number | undefined {
	const value = optionBytes(message, number);
	if (!value || value.length > 4) return undefined;
	return value.length === 0 ? 0 : value.readUIntBE(0, value.length);
}

export function optionStrings(message: Pick<Message, "options">, number: number): string[] {
	return message.options.filter((option) => option.number === number).map((option) => option.value.toString("utf8"));
}

export function uintOption(number: number, value: number): CoapOption {
	let bytes = 0;
	while (bytes < 4 && value >= 2 ** (8 * bytes)) bytes++;
	const buffer = Buffer.alloc(bytes);
	if (bytes > 0) buffer.writeUIntBE(value, 0, bytes);
	return { number, value: buffer };
}

export function stringOptions(number: number, values: readonly string[]): CoapOption[] {
	return values.map((value) => ({ number, value: Buffer.from(value, "utf8") }));
}

function isWellFormed(datagram: Buffer): boolean {
	if (datagram.length < 4 || datagram[0]! >> 6 !== 1) return false;
	const tokenLength = datagram[0]! & 15;
	if (tokenLength > LONGEST_TOKEN) return false;
	if (datagram[1] === 0) return datagram.length === 4 && tokenLength === 0;
	let at = 4 + tokenLength;
	if (at > datagram.length) return false;
	while (at < datagram.length) {
		const head = datagram[at++]!;
		if (head === 0xff) return at < datagram.length;
		const delta = head >> 4;
		const length = head & 15;
		if (delta === 15 || length === 15) return false;
		at += extensionBytes(delta);
		const extension = extensionBytes(length);
		if (at + extension > datagram.length) return false;
		const extended = extension === 0 ? length : datagram.readUIntBE(at, extension) + (extension === 1 ? 13 : 269);
		at += extension + extended;
	}
	return at === datagram.length;
}

function extensionBytes(nibble: number): number {
	return nibble === 13 ? 1 : nibble === 14 ? 2 : 0;
}
