// The CoAP message that has been received, parsed in place. RFC 7252 3, RFC 7641 2, RFC 7959 2.1.
//
//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// |Ver| T |  TKL  |      Code     |          Message ID           |
// |   Token (if any, TKL bytes) ...   Options (if any) ...
// |1 1 1 1 1 1 1 1|    Payload (if any) ...
//
// What has been parsed is in module variables, valid until the next `parse`. Nothing is allocated here, and nothing
// from the network becomes a key or a string.
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

/** The parsed message: received bytes, and where things are in them. */
export let rx: Uint8Array;
export let type = 0;
export let code = 0;
export let mid = 0;
export let tokenLength = 0;
/** The payload is `[payloadStart, end)` of `rx`, empty where there is none. */
export let payloadStart = 0;
export let end = 0;
/** How many ids the Uri-Path has, 0..4; OTHER_PATH, or BOOTSTRAP_PATH for `/bs`. The ids, -1 where absent. */
export let pathDepth = 0;
export let object = -1;
export let instance = -1;
export let resource = -1;
export let resourceInstance = -1;
/** Option values, -1 where absent. */
export let accept = -1;
export let format = -1;
export let observe = -1;
export let block1 = -1;
export let block2 = -1;
export let size1 = -1;
export let size2 = -1;
/** Where the first option of a kind begins in `rx` (at its value) and how long it is; 0 where absent. */
export let etagAt = 0;
export let etagLength = 0;
/** Where options begin and how many Uri-Query and Location-Path options there are: `findOption` visits them. */
export let optionsAt = 0;
export let queryCount = 0;
export let locationCount = 0;

/** A bit for each numeric option below 32; SIZE1 is the one above. */
const NUMERIC = (1 << OBSERVE) | (1 << CONTENT_FORMAT) | (1 << ACCEPT) | (1 << BLOCK2) | (1 << BLOCK1) | (1 << SIZE2);

let extended = 0;

/** Reads the first `length` bytes of a datagram. */
export function parse(datagram: Uint8Array, length: number): number {
	rx = datagram;
	if (length < 4) return NOT_COAP;
	const head = datagram[0]!;
	if (head >> 6 !== 1) return NOT_COAP;
	type = (head >> 4) & 3;
	tokenLength = head & 15;
	code = datagram[1]!;
	mid = (datagram[2]! << 8) | datagram[3]!;
	let at = 4 + tokenLength;
	optionsAt = payloadStart = end = at;
	pathDepth = etagAt = etagLength = queryCount = locationCount = 0;
	object = instance = resource = resourceInstance = accept = format = observe = block1 = block2 = size1 = size2 = -1;
	if (code === 0) return length === 4 && tokenLength === 0 ? OK : FORMAT_ERROR;
	const kind = code >> 5;
	if (tokenLength > 8 || at > length || kind === 1 || kind > 5) return FORMAT_ERROR;
	let number = 0;
	let delta = 0;
	let size = 0;
	let value = 0;
	let verdict = OK;
	end = length;
	while (at < length) {
		delta = datagram[at]!;
		++at;
		if (delta === 0xff) {
			payloadStart = at;
			return at < length ? verdict : FORMAT_ERROR;
		}
		size = delta & 15;
		delta >>= 4;
		if (delta > 12) {
			at = extend(datagram, at, delta);
			delta = extended;
		}
		if (size > 12) {
			at = extend(datagram, at, size);
			size = extended;
		}
		number += delta;
		if (at + size > length || delta < 0 || size < 0 || number > 65535) return FORMAT_ERROR;
		if (number === URI_PATH) {
			if (!takeSegment(datagram, at, size)) verdict = OPTION_ERROR;
		} else if (size <= 4 && ((number < 32 && (NUMERIC & (1 << number)) !== 0) || number === SIZE1)) {
			value = 0;
			delta = at + size;
			for (let i = at; i < delta; ++i) value = value * 256 + datagram[i]!;
			if (!takeNumber(number, size, value)) verdict = OPTION_ERROR;
		} else if (number === URI_QUERY) {
			++queryCount;
			if (size > 255) verdict = OPTION_ERROR;
		} else if (number === LOCATION_PATH) ++locationCount;
		else if (number === ETAG) {
			if (etagLength === 0 && size > 0 && size <= 8) {
				etagAt = at;
				etagLength = size;
			}
		} else if (number === PROXY_URI || number === PROXY_SCHEME) verdict = PROXY_ERROR;
		else if ((number & 1) !== 0 && (delta === 0 || !isAddress(number, size))) verdict = OPTION_ERROR;
		at += size;
	}
	payloadStart = length;
	return verdict;
}

/**
 * Finds the option of that number and index (0 is the first of several) in the parsed message.
 * @returns the position of its value in `rx`, its length in `optionLength`; -1 where there is none
 */
export function findOption(wantedNumber: number, index: number): number {
	let at = optionsAt;
	let number = 0;
	const limit = payloadStart < end ? payloadStart - 1 : end;
	while (at < limit) {
		const head = rx[at]!;
		++at;
		let delta = head >> 4;
		let size = head & 15;
		if (delta > 12) {
			at = extend(rx, at, delta);
			delta = extended;
		}
		if (size > 12) {
			at = extend(rx, at, size);
			size = extended;
		}
		number += delta;
		if (number > wantedNumber) return -1;
		if (number === wantedNumber) {
			if (index === 0) {
				optionLength = size;
				return at;
			}
			--index;
		}
		at += size;
	}
	return -1;
}
/** Length of the value that `findOption` found last. */
export let optionLength = 0;

/** Reads an extended delta or length; -1 for the reserved 15. Past the end it reads anything: the caller sees that. */
function extend(datagram: Uint8Array, at: number, nibble: number): number {
	if (nibble === 13) {
		extended = (datagram[at] ?? 0) + 13;
		return ++at;
	}
	extended = nibble === 14 ? (((datagram[at] ?? 0) << 8) | (datagram[at + 1] ?? 0)) + 269 : -1;
	return at + 2;
}

/** True for a sound Uri-Host or Uri-Port: which of its names the server uses makes no difference. RFC 7252 5.10. */
function isAddress(number: number, size: number): boolean {
	return number === URI_HOST ? size > 0 && size < 256 : number === URI_PORT && size < 3;
}

/** Takes a numeric option of at most 4 bytes. @returns false where a critical one is repeated or too long. */
function takeNumber(number: number, size: number, value: number): boolean {
	if (number === ACCEPT) {
		if (accept >= 0 || size > 2) return false;
		accept = value;
	} else if (number === CONTENT_FORMAT) {
		if (format < 0 && size <= 2) format = value;
	} else if (number === OBSERVE) {
		if (observe < 0 && size <= 3) observe = value;
	} else if (number === BLOCK2) {
		if (block2 >= 0 || size > 3) return false;
		block2 = value;
	} else if (number === BLOCK1) {
		if (block1 >= 0 || size > 3) return false;
		block1 = value;
	} else if (number === SIZE1) {
		if (size1 < 0) size1 = value;
	} else if (size2 < 0) size2 = value;
	return true;
}

/** Takes one segment of the path: a decimal id of at most 5 digits, or `bs`. @returns false where it is longer than 255. */
function takeSegment(datagram: Uint8Array, at: number, size: number): boolean {
	if (size > 255) return false;
	if (pathDepth < 0) {
		pathDepth = OTHER_PATH;
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
		pathDepth =
			pathDepth === 0 && size === 2 && datagram[at] === 98 && datagram[at + 1] === 115 ? BOOTSTRAP_PATH : OTHER_PATH;
	else if (pathDepth === 0) {
		object = id;
		pathDepth = 1;
	} else if (pathDepth === 1) {
		instance = id;
		pathDepth = 2;
	} else if (pathDepth === 2) {
		resource = id;
		pathDepth = 3;
	} else if (pathDepth === 3) {
		resourceInstance = id;
		pathDepth = 4;
	} else pathDepth = OTHER_PATH;
	return true;
}
