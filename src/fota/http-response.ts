// Reads an HTTP/1.1 response as it comes: head line by line, body by its length, in chunks, or until the end. RFC 9112.
// A line beyond the buffer is cut: none that matters is so long.
import { readText } from "../bytes.js";
import { HEX_DIGITS, isDigits, lowerCase, span, WHITE_SPACE } from "../scan.js";

// what comes next
const STATUS = 0;
const HEADER = 1;
const BODY = 2;
const CHUNK_SIZE = 3;
const CHUNK = 4;
const CHUNK_END = 5;
const TRAILER = 6;
const DONE = 7;

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const VALIDATOR_BYTES = 64;
const BLANKS = " \t";

export interface ResponseEvents {
	/** The head is complete, in the fields. @returns false where no more is wanted */
	onHead(): boolean;
	/** @returns false where no more is wanted */
	onBody(bytes: Uint8Array, start: number, end: number): boolean;
	/** Not called where the end is that of the connection. */
	onEnd(): void;
	onMalformed(text: string): void;
}

export class HttpResponse {
	status = 0;
	/** Content-Length, bytes; -1: not said. */
	length = -1;
	/** Of Content-Range, -1: not said. */
	rangeStart = -1;
	rangeSize = -1;
	/** A strong ETag, or else Last-Modified, that If-Range can name; "" for neither. */
	validator = "";
	location = "";
	#events: ResponseEvents;
	#line: Uint8Array;
	#count = 0;
	#state = STATUS;
	#isChunked = false;
	/** Bytes of the body or the chunk that are still to come; -1: until the connection ends. */
	#left = -1;

	constructor(lineBytes: number, events: ResponseEvents) {
		this.#line = new Uint8Array(lineBytes);
		this.#events = events;
	}

	/** The body has begun, and ends with the connection. */
	get endsWithConnection(): boolean {
		return this.#state === BODY && this.#left < 0;
	}

	take(bytes: Uint8Array, start: number, end: number): void {
		while (start < end && this.#state !== DONE) {
			if (this.#state === BODY || this.#state === CHUNK) {
				const stop = this.#left < 0 ? end : Math.min(end, start + this.#left);
				if (this.#left >= 0) this.#left -= stop - start;
				if (!this.#events.onBody(bytes, start, stop)) this.#state = DONE;
				else if (this.#left === 0) this.#endPart();
				start = stop;
			} else {
				const byte = bytes[start]!;
				start++;
				if (byte === LINE_FEED) this.#takeLine();
				else if (this.#count < this.#line.length) {
					this.#line[this.#count] = byte;
					this.#count++;
				}
			}
		}
	}

	#endPart(): void {
		if (this.#state === CHUNK) this.#state = CHUNK_END;
		else this.#end();
	}

	#end(): void {
		this.#state = DONE;
		this.#events.onEnd();
	}

	#takeLine(): void {
		let count = this.#count;
		if (count > 0 && this.#line[count - 1] === CARRIAGE_RETURN) count--;
		const line = readText(this.#line, 0, count) ?? "";
		this.#count = 0;
		if (this.#state === STATUS) {
			const isKnown = line.startsWith("HTTP/1.0 ") || line.startsWith("HTTP/1.1 ");
			const status = line.slice(9, 12);
			this.status = isDigits(status, 3) ? Number(status) : 0;
			if (!isKnown || this.status < 100 || this.status > 599 || (line[12] ?? " ") !== " ")
				this.#malformed("the answer is not of HTTP/1.1");
			else this.#state = HEADER;
		} else if (this.#state === HEADER) {
			if (line !== "") this.#takeHeader(line);
			else if (this.status < 200) this.#state = STATUS;
			else this.#takeHead();
		} else if (this.#state === CHUNK_SIZE) {
			const size = span(line, 0, HEX_DIGITS);
			const isSize = size > 0 && size < 8 && (line[span(line, size, WHITE_SPACE)] ?? ";") === ";";
			this.#left = isSize ? Number(`0x${line.slice(0, size)}`) : 0;
			if (!isSize) this.#malformed("a chunk of the answer is malformed");
			else this.#state = this.#left > 0 ? CHUNK : TRAILER;
		} else if (this.#state === CHUNK_END) {
			if (line === "") this.#state = CHUNK_SIZE;
			else this.#malformed("a chunk of the answer is malformed");
		} else if (line === "") this.#end();
	}

	#takeHeader(line: string): void {
		const colon = span(line, 0, ":", false);
		const start = span(line, colon + 1, BLANKS);
		let end = line.length;
		while (end > start && BLANKS.includes(line[end - 1]!)) end--;
		const value = line.slice(start, end);
		if (colon === line.length || span(value, 0, "\r\u2028\u2029", false) < value.length) return;
		switch (lowerCase(line.slice(0, colon))) {
			case "content-length":
				if (isDigits(value, 10)) this.length = Number(value);
				break;
			case "content-range":
				this.#takeRange(value);
				break;
			case "etag":
				if (value[0] === '"' && value.indexOf('"', 1) === value.length - 1 && value.length <= VALIDATOR_BYTES)
					this.validator = value;
				break;
			case "last-modified":
				if (this.validator === "" && value.length <= VALIDATOR_BYTES) this.validator = value;
				break;
			case "location":
				this.location = value;
				break;
			case "transfer-encoding":
				this.#isChunked = lowerCase(value) === "chunked";
				break;
			default:
		}
	}

	/** `bytes first-last/size`; the size may be `*`, unknown. RFC 9110 14.4 */
	#takeRange(value: string): void {
		const hyphen = value.indexOf("-");
		const slash = value.indexOf("/");
		const first = value.slice(6, hyphen);
		const size = value.slice(slash + 1);
		if (lowerCase(value.slice(0, 6)) !== "bytes " || !isDigits(first, 10)) return;
		if (!isDigits(value.slice(hyphen + 1, slash), value.length) || (size !== "*" && !isDigits(size, 10))) return;
		this.rangeStart = Number(first);
		this.rangeSize = size === "*" ? -1 : Number(size);
	}

	#takeHead(): void {
		if (!this.#events.onHead()) {
			this.#state = DONE;
			return;
		}
		if (this.#isChunked) this.#state = CHUNK_SIZE;
		else {
			this.#left = this.length;
			this.#state = BODY;
			if (this.#left === 0) this.#end();
		}
	}

	#malformed(text: string): void {
		this.#state = DONE;
		this.#events.onMalformed(text);
	}
}
