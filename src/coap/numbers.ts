// Numbers of CoAP and of LwM2M over it, by their names in the standards: RFC 7252, 7641, 7959, 8132, 8516.

export const VERSION = 1;

/** Message types, RFC 7252 3. */
export const CON = 0;
export const NON = 1;
export const ACK = 2;
export const RST = 3;

/** A code is class << 5 | detail. */
export const EMPTY = 0;
export const GET = 0x01;
export const POST = 0x02;
export const PUT = 0x03;
export const DELETE = 0x04;
export const FETCH = 0x05;
export const PATCH = 0x06;
export const IPATCH = 0x07;

export const CREATED = 0x41;
export const DELETED = 0x42;
export const VALID = 0x43;
export const CHANGED = 0x44;
export const CONTENT = 0x45;
export const CONTINUE = 0x5f;
export const BAD_REQUEST = 0x80;
export const UNAUTHORIZED = 0x81;
export const BAD_OPTION = 0x82;
export const FORBIDDEN = 0x83;
export const NOT_FOUND = 0x84;
export const METHOD_NOT_ALLOWED = 0x85;
export const NOT_ACCEPTABLE = 0x86;
export const REQUEST_ENTITY_INCOMPLETE = 0x88;
export const CONFLICT = 0x89;
export const PRECONDITION_FAILED = 0x8c;
export const REQUEST_ENTITY_TOO_LARGE = 0x8d;
export const UNSUPPORTED_CONTENT_FORMAT = 0x8f;
export const INTERNAL_SERVER_ERROR = 0xa0;
export const NOT_IMPLEMENTED = 0xa1;
export const SERVICE_UNAVAILABLE = 0xa3;
export const PROXYING_NOT_SUPPORTED = 0xa5;

/** Options. Odd numbers are critical, RFC 7252 5.4.1. */
export const URI_HOST = 3;
export const ETAG = 4;
export const OBSERVE = 6;
export const URI_PORT = 7;
export const LOCATION_PATH = 8;
export const URI_PATH = 11;
export const CONTENT_FORMAT = 12;
export const MAX_AGE = 14;
export const URI_QUERY = 15;
export const ACCEPT = 17;
export const BLOCK2 = 23;
export const BLOCK1 = 27;
export const SIZE2 = 28;
export const PROXY_URI = 35;
export const PROXY_SCHEME = 39;
export const SIZE1 = 60;

/** Transmission parameters, RFC 7252 4.8, ms where they are times. */
export const ACK_TIMEOUT = 2000;
export const ACK_RANDOM_FACTOR = 1.5;
export const MAX_RETRANSMIT = 4;
export const NSTART = 1;
export const MAX_LATENCY = 100_000;
/** Derived times, RFC 7252 4.8.2. */
export const MAX_TRANSMIT_SPAN = ACK_TIMEOUT * (2 ** MAX_RETRANSMIT - 1) * ACK_RANDOM_FACTOR;
export const MAX_TRANSMIT_WAIT = ACK_TIMEOUT * (2 ** (MAX_RETRANSMIT + 1) - 1) * ACK_RANDOM_FACTOR;
export const EXCHANGE_LIFETIME = MAX_TRANSMIT_SPAN + 2 * MAX_LATENCY + ACK_TIMEOUT;

/** A code as people write it: `4.04`. */
export function codeText(code: number): string {
	const detail = code & 0x1f;
	return `${code >> 5}.${detail < 10 ? "0" : ""}${detail}`;
}

/** True for codes that refuse: 4.xx and 5.xx. */
export function isRefusal(code: number): boolean {
	return code >= BAD_REQUEST;
}
