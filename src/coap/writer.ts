// The CoAP message that is being built, in one shared buffer, options in ascending order. RFC 7252 3.
//
// Writing past the end is harmless and counts on (see bytes.ts), so `isWhole` tells once, at the end. Nothing is
// allocated here after `prepare`.
import { copy, writeText } from "../bytes.js";
import { DATAGRAM_BYTES } from "../config.js";
import { mid, rx, tokenLength, type } from "./message.js";
import { CON } from "./numbers.js";

/** The message being built, its first `txLength` bytes; options are written in ascending order. */
export let tx: Uint8Array;
export let txLength = 0;
/** The number of the option that was added last, 0 where there is none. */
export let lastOption = 0;
/** Where the payload that `beginPayload` began is, 0 once its end is known. */
let payloadAt = 0;

/** Allocates the send buffer, once. */
export function prepare(): void {
	tx ??= new Uint8Array(DATAGRAM_BYTES);
}

/** Begins the answer to the parsed request: piggy-backed on the ACK of a CON, with a NON of `newMid` else. RFC 7252 5.2. */
export function beginAnswer(answerCode: number, newMid: number): void {
	const count = 4 + tokenLength;
	copy(tx, 0, rx, 0, count);
	if (type === CON) tx[0] = 0x60 | tokenLength;
	else {
		tx[0] = 0x50 | tokenLength;
		tx[2] = newMid >> 8;
		tx[3] = newMid;
	}
	tx[1] = answerCode;
	txLength = count;
	lastOption = 0;
}

/** Begins a confirmable answer to the parsed request, in a message of its own. RFC 7252 5.2.2. */
export function beginSeparate(answerCode: number, newMid: number): void {
	tx[0] = 0x40 | tokenLength;
	tx[1] = answerCode;
	tx[2] = newMid >> 8;
	tx[3] = newMid;
	txLength = copy(tx, 4, rx, 4, 4 + tokenLength);
	lastOption = 0;
}

/** Begins any message. The token is `tokenSize` bytes of `token`. */
export function begin(
	messageType: number,
	messageCode: number,
	messageMid: number,
	token: Uint8Array,
	tokenSize: number,
): void {
	beginWith(messageType, messageCode, messageMid, token, 0, tokenSize);
}

/** Begins any message. The token is `tokenSize` bytes of `tokens` from `tokenAt`. */
export function beginWith(
	messageType: number,
	messageCode: number,
	messageMid: number,
	tokens: Uint8Array,
	tokenAt: number,
	tokenSize: number,
): void {
	tx[0] = 0x40 | (messageType << 4) | tokenSize;
	tx[1] = messageCode;
	tx[2] = messageMid >> 8;
	tx[3] = messageMid;
	txLength = copy(tx, 4, tokens, tokenAt, tokenAt + tokenSize);
	lastOption = 0;
}

/** An ACK or RST without content for the parsed message. */
export function beginEmpty(messageType: number): void {
	tx[0] = 0x40 | (messageType << 4);
	tx[1] = 0;
	tx[2] = mid >> 8;
	tx[3] = mid;
	txLength = 4;
	lastOption = 0;
}

/** Adds an option whose value is an unsigned integer below 2^32, in the fewest bytes (0 takes none). */
export function addNumber(number: number, value: number): void {
	const size = value === 0 ? 0 : value < 0x100 ? 1 : value < 0x10000 ? 2 : value < 0x1000000 ? 3 : 4;
	addHeader(number, size);
	if (size > 3) {
		tx[txLength] = value >>> 24;
		++txLength;
	}
	if (size > 2) {
		tx[txLength] = value >> 16;
		++txLength;
	}
	if (size > 1) {
		tx[txLength] = value >> 8;
		++txLength;
	}
	if (size > 0) {
		tx[txLength] = value;
		++txLength;
	}
}

/** Adds an option whose value is a text of at most 255 bytes. */
export function addText(number: number, text: string): void {
	const at = txLength + 1;
	const size = writeText(tx, at, text) - at;
	if (size < 13) {
		addHeader(number, size);
		txLength += size;
		// the header took one byte unless the delta was extended, so the text is in place already
		if (txLength !== at + size) writeText(tx, txLength - size, text);
	} else {
		addHeader(number, size);
		txLength = writeText(tx, txLength, text);
	}
}

/** Adds an option whose value is bytes. */
export function addBytes(number: number, from: Uint8Array, start: number, stop: number): void {
	addHeader(number, stop - start);
	txLength = copy(tx, txLength, from, start, stop);
}

/** Adds options that stand encoded in `from`, the first relative to option number 0, the last being `last`. */
export function addEncoded(from: Uint8Array, start: number, stop: number, last: number): void {
	txLength = copy(tx, txLength, from, start, stop);
	lastOption = last;
}

/** Writes the payload marker. @returns where the payload begins; end it with `setLength` */
export function beginPayload(): number {
	tx[txLength] = 0xff;
	++txLength;
	payloadAt = txLength;
	return txLength;
}

/** Ends the message at a position; an empty payload loses its marker. */
export function setLength(at: number): void {
	txLength = at === payloadAt ? at - 1 : at;
	payloadAt = 0;
}

/** Adds the payload `[start, stop)` of `from`; nothing where it is empty. */
export function addPayload(from: Uint8Array, start: number, stop: number): void {
	if (start < stop) {
		tx[txLength] = 0xff;
		txLength = copy(tx, txLength + 1, from, start, stop);
	}
}

/** True while what has been built fits the buffer. */
export function isWhole(): boolean {
	return txLength <= tx.length;
}

function addHeader(number: number, size: number): void {
	const delta = number - lastOption;
	lastOption = number;
	let at = txLength;
	tx[at] = ((delta < 13 ? delta : delta < 269 ? 13 : 14) << 4) | (size < 13 ? size : size < 269 ? 13 : 14);
	++at;
	if (delta > 12) at = addExtended(at, delta);
	if (size > 12) at = addExtended(at, size);
	txLength = at;
}

function addExtended(at: number, value: number): number {
	if (value < 269) tx[at] = value - 13;
	else {
		tx[at] = (value - 269) >> 8;
		++at;
		tx[at] = value - 269;
	}
	return ++at;
}
