// The CoAP message in hand: the one that has been received, parsed in place, and the one that is being built (writer.ts).
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
import {
	ACCEPT,
	BLOCK1,
	BLOCK2,
	CONTENT_FORMAT,
	ETAG,
	LOCATION_PATH,
	OBSERVE,
	PROXY_SCHEME,
	PROXY_URI,
	SIZE1,
	SIZE2,
	URI_HOST,
	URI_PATH,
	URI_PORT,
	URI_QUERY,
} from "./numbers.js";

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
	/** Where options begin and how many Uri-Query and Location-Path options there are: `findOption` visits them. */
	optionsAt = 0;
	queryCount = 0;
	locationCount = 0;
	/** Where the first ETag begins in `rx` and how long it is; 0 where absent. */
	etagAt = 0;
	etagLength = 0;
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

/** A bit for each numeric option below 32; SIZE1 is the one above. */
const NUMERIC = (1 << OBSERVE) | (1 << CONTENT_FORMAT) | (1 << ACCEPT) | (1 << BLOCK2) | (1 << BLOCK1) | (1 << SIZE2);

/** Reads the first `length` bytes of a datagram. */
export function parse(message: Message, datagram: Uint8Array, length: number): number {
	message.rx = datagram;
	if (length < 4) return NOT_COAP;
	const head = datagram[0]!;
	if (head >> 6 !== 1) return NOT_COAP;
	message.type = (head >> 4) & 3;
	message.tokenLength = head & 15;
	message.code = datagram[1]!;
	message.mid = (datagram[2]! << 8) | datagram[3]!;
	let at = 4 + message.tokenLength;
	message.optionsAt = message.payloadStart = message.end = at;
	message.pathDepth = message.etagAt = message.etagLength = message.queryCount = message.locationCount = 0;
	message.object =
		message.instance =
		message.resource =
		message.resourceInstance =
		message.accept =
		message.format =
		message.observe =
		message.block1 =
		message.block2 =
		message.size1 =
		message.size2 =
			-1;
	if (message.code === 0) return length === 4 && message.tokenLength === 0 ? OK : FORMAT_ERROR;
	const kind = message.code >> 5;
	if (message.tokenLength > 8 || at > length || kind === 1 || kind > 5) return FORMAT_ERROR;
	let number = 0;
	let delta = 0;
	let size = 0;
	let value = 0;
	let verdict = OK;
	message.end = length;
	while (at < length) {
		delta = datagram[at]!;
		++at;
		if (delta === 0xff) {
			message.payloadStart = at;
			return at < length ? verdict : FORMAT_ERROR;
		}
		size = delta & 15;
		delta >>= 4;
		if (delta > 12) {
			at = extend(message, datagram, at, delta);
			delta = message.extended;
		}
		if (size > 12) {
			at = extend(message, datagram, at, size);
			size = message.extended;
		}
		number += delta;
		if (at + size > length || delta < 0 || size < 0 || number > 65535) return FORMAT_ERROR;
		if (number === URI_PATH) {
			if (!takeSegment(message, datagram, at, size)) verdict = OPTION_ERROR;
		} else if (size <= 4 && ((number < 32 && (NUMERIC & (1 << number)) !== 0) || number === SIZE1)) {
			value = 0;
			delta = at + size;
			for (let i = at; i < delta; ++i) value = value * 256 + datagram[i]!;
			if (!takeNumber(message, number, size, value)) verdict = OPTION_ERROR;
		} else if (number === URI_QUERY) {
			++message.queryCount;
			if (size > 255) verdict = OPTION_ERROR;
		} else if (number === LOCATION_PATH) ++message.locationCount;
		else if (number === ETAG) {
			if (message.etagLength === 0 && size > 0 && size <= 8) {
				message.etagAt = at;
				message.etagLength = size;
			}
		} else if (number === PROXY_URI || number === PROXY_SCHEME) verdict = PROXY_ERROR;
		else if ((number & 1) !== 0 && (delta === 0 || !isAddress(number, size))) verdict = OPTION_ERROR;
		at += size;
	}
	message.payloadStart = length;
	return verdict;
}

/**
 * Finds the option of that number and index (0 is the first of several) in the parsed message.
 * @returns the position of its value in `rx`, its length in `optionLength`; -1 where there is none
 */
export function findOption(message: Message, wantedNumber: number, index: number): number {
	let at = message.optionsAt;
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
function extend(message: Message, datagram: Uint8Array, at: number, nibble: number): number {
	if (nibble === 13) {
		message.extended = (datagram[at] ?? 0) + 13;
		return ++at;
	}
	message.extended = nibble === 14 ? (((datagram[at] ?? 0) << 8) | (datagram[at + 1] ?? 0)) + 269 : -1;
	return at + 2;
}

/** True for a sound Uri-Host or Uri-Port: which of its names the server uses makes no difference. RFC 7252 5.10. */
function isAddress(number: number, size: number): boolean {
	return number === URI_HOST ? size > 0 && size < 256 : number === URI_PORT && size < 3;
}

/** Takes a numeric option of at most 4 bytes. @returns false where a critical one is repeated or too long. */
function takeNumber(message: Message, number: number, size: number, value: number): boolean {
	if (number === ACCEPT) {
		if (message.accept >= 0 || size > 2) return false;
		message.accept = value;
	} else if (number === CONTENT_FORMAT) {
		if (message.format < 0 && size <= 2) message.format = value;
	} else if (number === OBSERVE) {
		if (message.observe < 0 && size <= 3) message.observe = value;
	} else if (number === BLOCK2) {
		if (message.block2 >= 0 || size > 3) return false;
		message.block2 = value;
	} else if (number === BLOCK1) {
		if (message.block1 >= 0 || size > 3) return false;
		message.block1 = value;
	} else if (number === SIZE1) {
		if (message.size1 < 0) message.size1 = value;
	} else if (message.size2 < 0) message.size2 = value;
	return true;
}

/** Takes one segment of the path: a decimal id of at most 5 digits, or `bs`. @returns false where it is longer than 255. */
function takeSegment(message: Message, datagram: Uint8Array, at: number, size: number): boolean {
	if (size > 255) return false;
	if (message.pathDepth < 0) {
		message.pathDepth = OTHER_PATH;
		return true;
	}
	let id = size > 0 && size < 6 && (size === 1 || datagram[at] !== 48) ? 0 : 65536;
	const after = at + size;
	let digit = 0;
	if (id === 0)
		for (let i = at; i < after; ++i) {
			digit = datagram[i]! - 48;
			id = digit >= 0 && digit <= 9 ? id * 10 + digit : 65536;
			if (id > 65535) break;
		}
	if (id > 65534)
		message.pathDepth =
			message.pathDepth === 0 && size === 2 && datagram[at] === 98 && datagram[at + 1] === 115
				? BOOTSTRAP_PATH
				: OTHER_PATH;
	else if (message.pathDepth === 0) {
		message.object = id;
		message.pathDepth = 1;
	} else if (message.pathDepth === 1) {
		message.instance = id;
		message.pathDepth = 2;
	} else if (message.pathDepth === 2) {
		message.resource = id;
		message.pathDepth = 3;
	} else if (message.pathDepth === 3) {
		message.resourceInstance = id;
		message.pathDepth = 4;
	} else message.pathDepth = OTHER_PATH;
	return true;
}
