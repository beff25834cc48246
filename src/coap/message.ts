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
import { readInteger } from "../bytes.js";
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
	/** When the job in hand began, ms. */
	now = 0;
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

/** A bit for each numeric option below 32 that a plain request has not; SIZE1 is the one above. */
const NUMERIC = (1 << OBSERVE) | (1 << BLOCK2) | (1 << BLOCK1) | (1 << SIZE2);
/** Above all ids. */
const NO_ID = 65535;

/** Reads the first `length` bytes of a datagram. What is not OK to read has nothing but its header in `message`. */
export function parse(message: Message, datagram: Uint8Array, length: number): number {
	message.rx = datagram;
	if (length < 4) return NOT_COAP;
	const head = datagram[0]!;
	if (head >> 6 !== 1) return NOT_COAP;
	const code = datagram[1]!;
	const tokenLength = head & 15;
	let at = 4 + tokenLength;
	message.type = (head >> 4) & 3;
	message.code = code;
	message.mid = (datagram[2]! << 8) | datagram[3]!;
	message.tokenLength = tokenLength;
	message.payloadStart = message.end = at;
	if (message.hasMore) forget(message);
	if (code === 0) return length === 4 && tokenLength === 0 ? OK : FORMAT_ERROR;
	if (tokenLength > 8 || at > length || (code > 0x1f && code < 0x40) || code > 0xbf) return FORMAT_ERROR;
	let verdict = OK;
	let number = 0;
	let delta = 0;
	let size = 0;
	let depth = 0;
	let object = -1;
	let instance = -1;
	let resource = -1;
	let resourceInstance = -1;
	let accept = -1;
	let format = -1;
	let payloadStart = length;
	while (at < length) {
		size = datagram[at]!;
		++at;
		delta = size >> 4;
		size &= 15;
		if (delta > 12) {
			if (delta === 15 && size === 15) {
				if (at === length) return FORMAT_ERROR;
				payloadStart = at;
				break;
			}
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
			const id = depth < 0 ? NO_ID : readId(datagram, at, size);
			if (id >= NO_ID) {
				if (size > 255) verdict = OPTION_ERROR;
				depth =
					depth === 0 && size === 2 && datagram[at] === 98 && datagram[at + 1] === 115 ? BOOTSTRAP_PATH : OTHER_PATH;
			} else if (depth === 0) {
				object = id;
				depth = 1;
			} else if (depth === 1) {
				instance = id;
				depth = 2;
			} else if (depth === 2) {
				resource = id;
				depth = 3;
			} else if (depth === 3) {
				resourceInstance = id;
				depth = 4;
			} else depth = OTHER_PATH;
		} else if (number === ACCEPT && size < 3) {
			if (accept >= 0) verdict = OPTION_ERROR;
			else accept = readShort(datagram, at, size);
		} else if (number === CONTENT_FORMAT) {
			if (format < 0 && size < 3) format = readShort(datagram, at, size);
		} else {
			const found = takeOption(message, datagram, at, size, number, delta);
			if (found !== OK) verdict = found;
		}
		at += size;
	}
	message.pathDepth = depth;
	message.object = object;
	message.instance = instance;
	message.resource = resource;
	message.resourceInstance = resourceInstance;
	message.accept = accept;
	message.format = format;
	message.payloadStart = payloadStart;
	message.end = length;
	return verdict;
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

/** Takes an option that a plain request has not. @returns OK, OPTION_ERROR or PROXY_ERROR */
function takeOption(
	message: Message,
	datagram: Uint8Array,
	at: number,
	size: number,
	number: number,
	delta: number,
): number {
	message.hasMore = true;
	if (size <= 4 && ((number < 32 && (NUMERIC & (1 << number)) !== 0) || number === SIZE1)) {
		let value = 0;
		for (const after = at + size; at < after; ++at) value = value * 256 + datagram[at]!;
		return takeNumber(message, number, size, value);
	}
	if (number === URI_QUERY) {
		++message.queryCount;
		return size > 255 ? OPTION_ERROR : OK;
	}
	if (number === LOCATION_PATH) ++message.locationCount;
	else if (number === ETAG) {
		if (message.etagLength === 0 && size > 0 && size <= 8) {
			message.etagAt = at;
			message.etagLength = size;
		}
	} else if (number === PROXY_URI || number === PROXY_SCHEME) return PROXY_ERROR;
	else if ((number & 1) !== 0 && (delta === 0 || !isAddress(number, size))) return OPTION_ERROR;
	return OK;
}

/** Takes a numeric option of at most 4 bytes. @returns OPTION_ERROR where a critical one is repeated or too long */
function takeNumber(message: Message, number: number, size: number, value: number): number {
	if (number === OBSERVE) {
		if (message.observe < 0 && size <= 3) message.observe = value;
	} else if (number === BLOCK2) {
		if (message.block2 >= 0 || size > 3) return OPTION_ERROR;
		message.block2 = value;
	} else if (number === BLOCK1) {
		if (message.block1 >= 0 || size > 3) return OPTION_ERROR;
		message.block1 = value;
	} else if (number === SIZE1) {
		if (message.size1 < 0) message.size1 = value;
	} else if (message.size2 < 0) message.size2 = value;
	return OK;
}

/** Forgets the options that a plain request has not. */
function forget(message: Message): void {
	message.hasMore = false;
	message.etagAt = message.etagLength = message.queryCount = message.locationCount = 0;
	message.observe = message.block1 = message.block2 = message.size1 = message.size2 = -1;
}

/** A number of at most two bytes. */
function readShort(datagram: Uint8Array, at: number, size: number): number {
	if (size === 0) return 0;
	return size === 1 ? datagram[at]! : (datagram[at]! << 8) | datagram[at + 1]!;
}

/** A segment of the path as an id, in decimal without leading zeros; NO_ID or more where it is none. */
function readId(datagram: Uint8Array, at: number, size: number): number {
	if (size === 0 || size > 5) return NO_ID;
	let id = datagram[at]! - 48;
	if (id < 0 || id > 9 || (id === 0 && size > 1)) return NO_ID;
	if (size > 1) {
		const value = readInteger(datagram, at, at + size);
		id = typeof value === "number" ? value : NO_ID;
	}
	return id;
}
