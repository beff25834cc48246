// The CoAP message in hand: the one that has been received (parse.ts), and the one that is being built (writer.ts).
// RFC 7252 3, RFC 7641 2, RFC 7959 2.1.
//
//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// |Ver| T |  TKL  |      Code     |          Message ID           |
// |   Token (if any, TKL bytes) ...   Options (if any) ...
// |1 1 1 1 1 1 1 1|    Payload (if any) ...
//
// What has been parsed is valid until the next `parse`. Nothing is allocated here but the message itself, once, and nothing
// from the network becomes a key or a string.
import { DATAGRAM_BYTES } from "../config.js";

/** What `parse` says of a datagram. */
export const OK = 0;
/** Not CoAP of this version, or too short for a header: no answer. */
export const NOT_COAP = 1;
/** A message format error: RST to a CON, silence else (RFC 7252 4.2, 4.3). */
export const FORMAT_ERROR = 2;
/** A critical option that is unknown, repeated or malformed: 4.02 to a request, a rejection of a response. */
export const OPTION_ERROR = 3;
/** Proxying is asked for: 5.05. */
export const PROXY_ERROR = 4;

/** Path depths that are not LwM2M paths. */
export const OTHER_PATH = -1;
export const BOOTSTRAP_PATH = -2;

/**
 * One for all peers: one message is in hand at a time. A module has no variables, so that it can lie in flash. What is read
 * most comes first, because a property is looked for in order.
 */
export class Message {
	/** The message being built, its first `txLength` bytes; options are written in ascending order. */
	readonly tx = new Uint8Array(DATAGRAM_BYTES);
	txLength = 0;
	/** The number of the option that was added last, 0 where there is none. */
	lastOption = 0;
	/** The parsed message: received bytes, and where things are in them. */
	rx: Uint8Array = this.tx;
	type = 0;
	code = 0;
	/** How many ids the Uri-Path has, 0..4; OTHER_PATH, or BOOTSTRAP_PATH for `/bs`. The ids, -1 where absent. */
	pathDepth = 0;
	object = -1;
	instance = -1;
	resource = -1;
	resourceInstance = -1;
	mid = 0;
	tokenLength = 0;
	/** When the job in hand began, ms. */
	now = 0;
	/** The job is a message of a server: a step follows where it has stirred anything. */
	isInHand = false;
	/** Something may be due: since the last step there was more than what only asks. */
	isStirred = false;
	/** The payload is `[payloadStart, end)` of `rx`, empty where there is none. */
	payloadStart = 0;
	end = 0;
	/** Option values, -1 where absent. */
	block1 = -1;
	accept = -1;
	observe = -1;
	block2 = -1;
	format = -1;
	size1 = -1;
	size2 = -1;
	/** How many Uri-Query and Location-Path options there are: `findOption` visits them. */
	queryCount = 0;
	locationCount = 0;
	/** Where the first ETag begins in `rx` and how long it is; 0 where absent. */
	etagAt = 0;
	etagLength = 0;
	/** There are options beside path, Accept and Content-Format. */
	hasMore = false;
	/** Length of the value that `findOption` found last. */
	optionLength = 0;
	/** The extended delta or length that was read last; -1 for the reserved 15. */
	extended = 0;
	/** Where the payload that `beginPayload` began is, 0 once its end is known. */
	payloadAt = 0;
	/** Where datagrams are received into. */
	readonly buffer: Uint8Array;

	constructor(receivedBytes = DATAGRAM_BYTES) {
		this.buffer = new Uint8Array(receivedBytes);
	}
}

/**
 * Finds the option of that number and index (0 is the first of several) in the parsed message.
 * @returns the position of its value in `rx`, its length in `optionLength`; -1 where there is none
 */
export function findOption(message: Message, wantedNumber: number, index: number): number {
	let at = 4 + message.tokenLength;
	let number = 0;
	const limit = message.payloadStart < message.end ? message.payloadStart - 1 : message.end;
	while (at < limit) {
		const head = message.rx[at]!;
		++at;
		let delta = head >> 4;
		let size = head & 15;
		if (delta > 12) {
			at = extend(message, message.rx, at, delta);
			delta = message.extended;
		}
		if (size > 12) {
			at = extend(message, message.rx, at, size);
			size = message.extended;
		}
		number += delta;
		if (number > wantedNumber) return -1;
		if (number === wantedNumber) {
			if (index === 0) {
				message.optionLength = size;
				return at;
			}
			--index;
		}
		at += size;
	}
	return -1;
}

/** Reads an extended delta or length; -1 for the reserved 15. Past the end it reads anything: the caller sees that. */
export function extend(message: Message, datagram: Uint8Array, at: number, nibble: number): number {
	if (nibble === 13) {
		message.extended = (datagram[at] ?? 0) + 13;
		return ++at;
	}
	message.extended = nibble === 14 ? (((datagram[at] ?? 0) << 8) | (datagram[at + 1] ?? 0)) + 269 : -1;
	return at + 2;
}
