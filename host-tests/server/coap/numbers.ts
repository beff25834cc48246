// CoAP numbers (RFC 7252, 7641, 7959, 8132) and the transmission parameters with their derived times.

export const IF_MATCH = 1;
export const ETAG = 4;
export const OBSERVE = 6;
export const LOCATION_PATH = 8;
export const URI_PATH = 11;
export const CONTENT_FORMAT = 12;
export const URI_QUERY = 15;
export const ACCEPT = 17;
export const BLOCK2 = 23;
export const BLOCK1 = 27;
export const SIZE2 = 28;
export const SIZE1 = 60;

export type Method = "GET" | "POST" | "PUT" | "DELETE" | "FETCH" | "PATCH" | "iPATCH";

const METHODS: readonly Method[] = ["GET", "POST", "PUT", "DELETE", "FETCH", "PATCH", "iPATCH"];

/** Names as HTTP answers show them, `CONTENT(205)`. */
const RESPONSES: Readonly<Record<string, string>> = {
	"2.01": "CREATED",
	"2.02": "DELETED",
	"2.03": "VALID",
	"2.04": "CHANGED",
	"2.05": "CONTENT",
	"2.31": "CONTINUE",
	"4.00": "BAD_REQUEST",
	"4.01": "UNAUTHORIZED",
	"4.02": "BAD_OPTION",
	"4.03": "FORBIDDEN",
	"4.04": "NOT_FOUND",
	"4.05": "METHOD_NOT_ALLOWED",
	"4.06": "NOT_ACCEPTABLE",
	"4.08": "REQUEST_ENTITY_INCOMPLETE",
	"4.12": "PRECONDITION_FAILED",
	"4.13": "REQUEST_ENTITY_TOO_LARGE",
	"4.15": "UNSUPPORTED_CONTENT_FORMAT",
	"5.00": "INTERNAL_SERVER_ERROR",
	"5.01": "NOT_IMPLEMENTED",
	"5.02": "BAD_GATEWAY",
	"5.03": "SERVICE_UNAVAILABLE",
	"5.04": "GATEWAY_TIMEOUT",
	"5.05": "PROXY_NOT_SUPPORTED",
};

export interface CoapSettings {
	readonly ACK_TIMEOUT_MS: number;
	readonly ACK_RANDOM_FACTOR: number;
	readonly MAX_RETRANSMIT: number;
	readonly MAX_LATENCY_MS: number;
	/** How long a handler may think before an empty ACK goes out. */
	readonly PROCESSING_DELAY_MS: number;
	/** When set, every CON request gets an empty ACK at once and its response this much later. */
	readonly separateResponseMs: number | undefined;
	/** The largest block this side uses, a power of two from 16 to 1024. */
	readonly blockSize: number;
	/** The largest body assembled from blocks. */
	readonly maxBodyBytes: number;
	/** A request fails when its peer is silent for so long. */
	readonly requestTimeoutMs: number;
}

export const DEFAULT_SETTINGS: CoapSettings = {
	ACK_TIMEOUT_MS: 2000,
	ACK_RANDOM_FACTOR: 1.5,
	MAX_RETRANSMIT: 4,
	MAX_LATENCY_MS: 100_000,
	PROCESSING_DELAY_MS: 1000,
	separateResponseMs: undefined,
	blockSize: 1024,
	maxBodyBytes: 32 * 1024 * 1024,
	requestTimeoutMs: 5000,
};

/** How long a message id stays taken (RFC 7252, 4.8.2). */
export function exchangeLifetimeMs(settings: CoapSettings): number {
	const { ACK_TIMEOUT_MS, ACK_RANDOM_FACTOR, MAX_RETRANSMIT, MAX_LATENCY_MS } = settings;
	const transmitSpan = ACK_TIMEOUT_MS * (2 ** MAX_RETRANSMIT - 1) * ACK_RANDOM_FACTOR;
	return transmitSpan + 2 * MAX_LATENCY_MS + ACK_TIMEOUT_MS;
}

export function codeOfMethod(method: Method): string {
	return `0.0${METHODS.indexOf(method) + 1}`;
}

export function methodOfCode(code: string): Method | undefined {
	return /^0\.0[1-7]$/.test(code) ? METHODS[Number(code.slice(2)) - 1] : undefined;
}

export function nameOfResponse(code: string): string {
	return `${RESPONSES[code] ?? "UNKNOWN"}(${code.replace(".", "")})`;
}
