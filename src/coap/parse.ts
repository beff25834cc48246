// Parses a CoAP message in place. RFC 7252 3 to 5, RFC 7641 2, RFC 7959 2.1. On XS src/native/parse.c does the same, in a fifth of
// the time. Nothing is allocated here.
import { readInteger } from "../bytes.js";
import {
	BOOTSTRAP_PATH,
	extend,
	FORMAT_ERROR,
	type Message,
	NOT_COAP,
	OK,
	OPTION_ERROR,
	OTHER_PATH,
	PROXY_ERROR,
} from "./message.js";
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
	let id = 0;
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
			if (delta < 0 || number + delta > 65535) return FORMAT_ERROR;
		}
		if (size > 12) {
			at = extend(message, datagram, at, size);
			size = message.extended;
			if (size < 0) return FORMAT_ERROR;
		}
		number += delta;
		if (at + size > length) return FORMAT_ERROR;
		if (number === URI_PATH) {
			// most ids have one digit
			id = size === 1 ? datagram[at]! - 48 : readId(datagram, at, size);
			if (id < 0 || id >= NO_ID || (id > 9 && size === 1)) {
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

/** A segment of the path as an id, in decimal, 2 to 5 digits without leading zeros; NO_ID or more where it is none. */
function readId(datagram: Uint8Array, at: number, size: number): number {
	if (size < 2 || size > 5 || datagram[at]! < 49 || datagram[at]! > 57) return NO_ID;
	const id = readInteger(datagram, at, at + size);
	return typeof id === "number" ? id : NO_ID;
}
