// What a TLS session is to its stream, without cryptography: records of a type, a length of two bytes and bytes that are
// turned round. Runs on Node and on XS.
import { joined } from "./test.js";

const HELLO = 1;
const FINISHED = 2;
const DATA = 3;
const END = 4;
const BAD = 5;

const OUTPUT = 1;
const READABLE = 2;
const TIMER = 4;
const CONNECTED = 8;
const CLOSED = 16;
const FAILED = 32;

const HANDSHAKING = 2;
const IS_CONNECTED = 3;
const IS_CLOSED = 4;
const HAS_FAILED = 5;

/** The session of the device. */
export class StreamSession {
	state = 0;
	error = 0;
	alert = -1;
	timeout = -1;
	readonly cipherSuite = 0xc02b;
	readonly maxPlaintext = 100;
	closes = 0;
	/** Steps that the computation in the handshake takes. */
	steps: number;
	#events = 0;
	#record: number[] = [];
	#plaintext: number[] = [];
	#output: Uint8Array = new Uint8Array(0);

	constructor(steps = 0) {
		this.steps = steps;
	}

	start(): number {
		this.state = HANDSHAKING;
		this.#send(record(HELLO));
		return this.events();
	}

	feed(bytes: Uint8Array, start: number, end: number): number {
		let at = start;
		while (at < end && this.timeout < 0 && this.#plaintext.length === 0 && this.state < IS_CLOSED) {
			this.#record.push(bytes[at++]!);
			const [type, high, low] = this.#record;
			if (this.#record.length > 2 && this.#record.length === 3 + high! * 256 + low!) this.#take(type!);
		}
		return at - start;
	}

	expire(): number {
		this.steps--;
		if (this.steps === 0) {
			this.timeout = -1;
			if (this.error === 0) this.#connect();
			else this.#fail();
		}
		return this.events();
	}

	end(): number {
		if (this.state === IS_CONNECTED) this.#send(record(END));
		this.state = IS_CLOSED;
		return 0;
	}

	events(): number {
		const events = this.#events;
		this.#events = 0;
		return events;
	}

	read(into: Uint8Array): number {
		const part = this.#plaintext.splice(0, into.length);
		into.set(part);
		return part.length;
	}

	take(into: Uint8Array): number {
		const part = this.#output.slice(0, into.length);
		into.set(part);
		this.#output = this.#output.slice(part.length);
		return part.length;
	}

	send(plaintext: Uint8Array, count: number): number {
		this.#send(record(DATA, plaintext.slice(0, count)));
		return count;
	}

	close(): void {
		this.closes++;
	}

	#take(type: number): void {
		const bytes = this.#record.splice(0).slice(3);
		if (type === FINISHED && this.state === HANDSHAKING) {
			if (this.steps === 0) this.#connect();
			else {
				this.timeout = 0;
				this.#events |= TIMER;
			}
		} else if (type === DATA && this.state === IS_CONNECTED) {
			this.#plaintext = bytes.map((byte) => byte ^ 0xff);
			this.#events |= READABLE;
		} else if (type === END) {
			this.state = IS_CLOSED;
			this.#events |= CLOSED;
		} else {
			[this.error = 0, this.alert = -1] = bytes;
			if (this.steps <= 0) this.#fail();
			else this.timeout = 0;
		}
	}

	#fail(): void {
		this.state = HAS_FAILED;
		this.#events |= FAILED;
	}

	#connect(): void {
		this.state = IS_CONNECTED;
		this.#events |= CONNECTED;
	}

	#send(bytes: Uint8Array): void {
		this.#output = joined(this.#output, bytes);
		this.#events |= OUTPUT;
	}
}

function record(type: number, bytes: Uint8Array = new Uint8Array(0)): Uint8Array {
	const head = Uint8Array.of(type, bytes.length >> 8, bytes.length & 255);
	return joined(
		head,
		bytes.map((byte) => byte ^ 0xff),
	);
}

/** The server's answer to the hello. */
export const finished = (): Uint8Array => record(FINISHED);

/** What the server sends, in records of a length. */
export function protect(bytes: Uint8Array, recordBytes = 1024): Uint8Array {
	const all = new Uint8Array(bytes.length + 3 * Math.ceil(bytes.length / recordBytes));
	for (let at = 0, to = 0; at < bytes.length; at += recordBytes, to += recordBytes + 3)
		all.set(record(DATA, bytes.slice(at, at + recordBytes)), to);
	return all;
}

/** The server says that it ends. */
export const goodBye = (): Uint8Array => record(END);

/** Something that makes the session fail. @param alert that came with it */
export const failure = (error: number, alert?: number): Uint8Array =>
	record(BAD, alert === undefined ? Uint8Array.of(~error) : Uint8Array.of(~error, ~alert));

/** What the device has sent: a letter a record, and the plaintext. */
export function opened(sent: Uint8Array): string {
	let text = "";
	for (let at = 0; at + 3 <= sent.length; ) {
		const length = sent[at + 1]! * 256 + sent[at + 2]!;
		if (sent[at] !== DATA) text += sent[at] === HELLO ? "<hello>" : "<end>";
		else for (let i = at + 3; i < at + 3 + length; i++) text += String.fromCharCode(sent[i]! ^ 0xff);
		at += 3 + length;
	}
	return text;
}
