// The CoAP message that is being built, in one shared buffer, options in ascending order. RFC 7252 3.
//
// Writing past the end is harmless and counts on (see bytes.ts), so `isWhole` tells once, at the end. Nothing is
// allocated here.

import { copy, writeText } from "../bytes.js";
import type { Message } from "./message.js";

import { CON } from "./numbers.js";

/** Begins the answer to the parsed request: piggy-backed on the ACK of a CON, with a NON of `newMid` else. RFC 7252 5.2. */
export function beginAnswer(message: Message, answerCode: number, newMid: number): void {
	const count = 4 + message.tokenLength;
	copy(message.tx, 0, message.rx, 0, count);
	if (message.type === CON) message.tx[0] = 0x60 | message.tokenLength;
	else {
		message.tx[0] = 0x50 | message.tokenLength;
		message.tx[2] = newMid >> 8;
		message.tx[3] = newMid;
	}
	message.tx[1] = answerCode;
	message.txLength = count;
	message.lastOption = 0;
}

/** Begins a confirmable answer to the parsed request, in a message of its own. RFC 7252 5.2.2. */
export function beginSeparate(message: Message, answerCode: number, newMid: number): void {
	message.tx[0] = 0x40 | message.tokenLength;
	message.tx[1] = answerCode;
	message.tx[2] = newMid >> 8;
	message.tx[3] = newMid;
	message.txLength = copy(message.tx, 4, message.rx, 4, 4 + message.tokenLength);
	message.lastOption = 0;
}

/** Begins any message. The token is `tokenSize` bytes of `token`. */
export function begin(
	message: Message,
	messageType: number,
	messageCode: number,
	messageMid: number,
	token: Uint8Array,
	tokenSize: number,
): void {
	beginWith(message, messageType, messageCode, messageMid, token, 0, tokenSize);
}

/** Begins any message. The token is `tokenSize` bytes of `tokens` from `tokenAt`. */
export function beginWith(
	message: Message,
	messageType: number,
	messageCode: number,
	messageMid: number,
	tokens: Uint8Array,
	tokenAt: number,
	tokenSize: number,
): void {
	message.tx[0] = 0x40 | (messageType << 4) | tokenSize;
	message.tx[1] = messageCode;
	message.tx[2] = messageMid >> 8;
	message.tx[3] = messageMid;
	message.txLength = copy(message.tx, 4, tokens, tokenAt, tokenAt + tokenSize);
	message.lastOption = 0;
}

/** An ACK or RST without content for the parsed message. */
export function beginEmpty(message: Message, messageType: number): void {
	message.tx[0] = 0x40 | (messageType << 4);
	message.tx[1] = 0;
	message.tx[2] = message.mid >> 8;
	message.tx[3] = message.mid;
	message.txLength = 4;
	message.lastOption = 0;
}

/** Adds an option whose value is an unsigned integer below 2^32, in the fewest bytes (0 takes none). */
export function addNumber(message: Message, number: number, value: number): void {
	const tx = message.tx;
	const size = value === 0 ? 0 : value < 0x100 ? 1 : value < 0x10000 ? 2 : value < 0x1000000 ? 3 : 4;
	const delta = number - message.lastOption;
	let at = message.txLength;
	message.lastOption = number;
	tx[at] = ((delta < 13 ? delta : delta < 269 ? 13 : 14) << 4) | size;
	++at;
	if (delta > 12) at = addExtended(message, at, delta);
	if (size > 0) {
		if (size > 1) {
			if (size > 2) {
				if (size > 3) {
					tx[at] = value >>> 24;
					++at;
				}
				tx[at] = value >> 16;
				++at;
			}
			tx[at] = value >> 8;
			++at;
		}
		tx[at] = value;
		++at;
	}
	message.txLength = at;
}

/** Adds an option whose value is a text of at most 255 bytes. */
export function addText(message: Message, number: number, text: string): void {
	const at = message.txLength + 1;
	const size = writeText(message.tx, at, text) - at;
	if (size < 13) {
		addHeader(message, number, size);
		message.txLength += size;
		// the header took one byte unless the delta was extended, so the text is in place already
		if (message.txLength !== at + size) writeText(message.tx, message.txLength - size, text);
	} else {
		addHeader(message, number, size);
		message.txLength = writeText(message.tx, message.txLength, text);
	}
}

/** Adds an option whose value is bytes. */
export function addBytes(message: Message, number: number, from: Uint8Array, start: number, stop: number): void {
	addHeader(message, number, stop - start);
	message.txLength = copy(message.tx, message.txLength, from, start, stop);
}

/** Adds options that stand encoded in `from`, the first relative to option number 0, the last being `last`. */
export function addEncoded(message: Message, from: Uint8Array, start: number, stop: number, last: number): void {
	message.txLength = copy(message.tx, message.txLength, from, start, stop);
	message.lastOption = last;
}

/** Writes the payload marker. @returns where the payload begins; end it with `setLength` */
export function beginPayload(message: Message): number {
	message.tx[message.txLength] = 0xff;
	++message.txLength;
	message.payloadAt = message.txLength;
	return message.txLength;
}

/** Ends the message at a position; an empty payload loses its marker. */
export function setLength(message: Message, at: number): void {
	message.txLength = at === message.payloadAt ? at - 1 : at;
	message.payloadAt = 0;
}

/** Adds the payload `[start, stop)` of `from`; nothing where it is empty. */
export function addPayload(message: Message, from: Uint8Array, start: number, stop: number): void {
	if (start < stop) {
		message.tx[message.txLength] = 0xff;
		message.txLength = copy(message.tx, message.txLength + 1, from, start, stop);
	}
}

/** True while what has been built fits the buffer. */
export function isWhole(message: Message): boolean {
	return message.txLength <= message.tx.length;
}

function addHeader(message: Message, number: number, size: number): void {
	const delta = number - message.lastOption;
	message.lastOption = number;
	let at = message.txLength;
	message.tx[at] = ((delta < 13 ? delta : delta < 269 ? 13 : 14) << 4) | (size < 13 ? size : size < 269 ? 13 : 14);
	++at;
	if (delta > 12) at = addExtended(message, at, delta);
	if (size > 12) at = addExtended(message, at, size);
	message.txLength = at;
}

function addExtended(message: Message, at: number, value: number): number {
	if (value < 269) message.tx[at] = value - 13;
	else {
		message.tx[at] = (value - 269) >> 8;
		++at;
		message.tx[at] = value - 269;
	}
	return ++at;
}
