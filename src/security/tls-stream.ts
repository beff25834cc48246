// TLS 1.2 as a client over a TCP connection: RFC 5246; the work is done in C (dtls-core.c). A byte stream like the connection
// itself. What waits to be read stays with TCP, whose window then closes: here is one record, TLS_IN_BYTES of what has come
// and TLS_OUT_BYTES of what goes. Nothing is allocated for a record that comes in. A server that ends without saying so may
// have been cut short by anybody: that counts as lost (RFC 5246 7.2.1).
import { DTLS_SLICE, TLS_IN_BYTES, TLS_OUT_BYTES } from "../config.js";
import type { Log } from "../log.js";
import type { Tcp, TcpOptions } from "../platform.js";
import { inRadix } from "../scan.js";
import Dtls from "./dtls.js";
import { LOST, NO_ROOM, REFUSED, type SecureStream, type SecureStreamOptions, UNSUITABLE } from "./secure-stream.js";

// what happened: bits of what the methods of Dtls return
const READABLE = 2;
const CONNECTED = 8;
const CLOSED = 16;
const FAILED = 32;
const IS_CONNECTED = 3;
// error numbers of Dtls
const MEMORY = 1;
const IDENTITY = 22;
const NO_COMMON_SUITE = 24;
const REFUSED_LAST = 34;
const VERSION = 36;
const LONG_MESSAGE = 38;
/** The server cannot serve anybody now. RFC 5246 7.2 */
const INTERNAL_ERROR = 80;

/** What `Dtls` is to a stream. */
export type StreamSession = Omit<Dtls, "receive" | "save" | "saved" | "load" | "hasPeerCid">;

export class TlsStream implements SecureStream {
	#session: StreamSession | undefined;
	#options: SecureStreamOptions;
	#log: Log;
	#tcp: Tcp;
	#isStarted = false;
	/** Bytes that have come, from #from to #to of them not taken yet. */
	#in = new Uint8Array(TLS_IN_BYTES);
	#from = 0;
	#to = 0;
	/** Bytes that are to go. */
	#out = new Uint8Array(TLS_OUT_BYTES);
	#outFrom = 0;
	#outTo = 0;
	/** Plaintext was not taken for want of room. */
	#isWaiting = false;
	/** The connection has ended, and why; what came before may still wait for a computation. */
	#end: string | undefined;

	/** @param session it is closed with the stream @throws Error as `openTcp` */
	constructor(session: StreamSession, openTcp: (options: TcpOptions) => Tcp, log: Log, options: SecureStreamOptions) {
		this.#session = session;
		this.#options = options;
		this.#log = log;
		const { address, port } = options;
		try {
			this.#tcp = openTcp({
				address,
				port,
				onReadable: () => this.#receive(),
				onWritable: () => this.#begin(),
				onClose: (text) => this.#closed(text),
			});
		} catch (error) {
			session.close();
			throw error;
		}
	}

	read(into: Uint8Array): number {
		for (;;) {
			const session = this.#session;
			if (!session) return 0;
			const count = session.read(into);
			if (count > 0 || !this.#feed(session)) return count;
		}
	}

	write(from: Uint8Array, start: number, end: number): number {
		const session = this.#session;
		this.#isWaiting = true;
		// one record at a time: the next when the last is with TCP
		if (!session || session.state !== IS_CONNECTED || !this.#flush(session)) return 0;
		const count = Math.min(end - start, session.maxPlaintext);
		const part = start === 0 ? from : from.subarray(start, end);
		if (count <= 0 || session.send(part, count, this.#out) !== count) return 0;
		this.#isWaiting = count < end - start;
		this.#flush(session);
		return count;
	}

	step(now: number): number {
		const session = this.#session;
		if (session?.timeout !== 0) return Number.POSITIVE_INFINITY;
		this.#turn(session, session.expire());
		return this.#session?.timeout === 0 ? now : Number.POSITIVE_INFINITY;
	}

	close(): void {
		const session = this.#session;
		if (!session) return;
		session.end();
		this.#flush(session);
		this.#discard();
	}

	#begin(): void {
		const session = this.#session;
		if (!session) return;
		if (!this.#isStarted) {
			this.#isStarted = true;
			Dtls.setSlice(DTLS_SLICE);
			this.#turn(session, session.start());
		} else if (this.#flush(session) && this.#isWaiting && session.state === IS_CONNECTED) this.#options.onWritable();
	}

	#receive(): void {
		if (this.#session) this.#turn(this.#session, 0);
	}

	#closed(text: string | undefined): void {
		this.#end = text === undefined ? "" : `: ${text}`;
		this.#receive();
	}

	/** Takes what has come, sends what is to go, tells what has happened. @param events that have been taken already */
	#turn(session: StreamSession, events: number): void {
		while (this.#feed(session));
		events |= session.events();
		this.#flush(session);
		if (events & CONNECTED) {
			this.#log.debug(`TLS: suite 0x${inRadix(session.cipherSuite, 16)}`);
			this.#options.onWritable();
		}
		if (this.#session === session && events & READABLE) this.#options.onReadable();
		if (this.#session !== session) return;
		events |= session.events();
		this.#flush(session);
		if (events & FAILED) this.#finish(session, causeOf(session), textOf(session));
		else if (events & CLOSED) this.#finish(session, LOST, undefined);
		else if (session.timeout === 0) this.#options.wake();
		else if (this.#end !== undefined) {
			const where = session.state === IS_CONNECTED ? "" : " in the handshake";
			this.#finish(session, LOST, `the server closed the connection${where}${this.#end}`);
		}
	}

	/** Takes of what has come as much as the session has room for. @returns false where that is nothing */
	#feed(session: StreamSession): boolean {
		if (this.#from === this.#to) {
			this.#from = 0;
			this.#to = this.#isStarted ? Math.max(0, this.#tcp.read(this.#in)) : 0;
		}
		if (this.#from === this.#to) return false;
		const count = session.feed(this.#in, this.#from, this.#to);
		this.#from += count;
		return count > 0;
	}

	/** Sends what is to go. @returns true where that is all of it */
	#flush(session: StreamSession): boolean {
		for (;;) {
			if (this.#outFrom === this.#outTo) {
				this.#outFrom = 0;
				this.#outTo = session.take(this.#out);
				if (this.#outTo === 0) return true;
			}
			this.#outFrom += this.#tcp.write(this.#out, this.#outFrom, this.#outTo);
			if (this.#outFrom < this.#outTo) return false;
		}
	}

	#finish(session: StreamSession, cause: number, text: string | undefined): void {
		if (this.#session !== session) return;
		this.#discard();
		this.#options.onClose(cause, text);
	}

	#discard(): void {
		this.#session?.close();
		this.#session = undefined;
		this.#tcp.close();
	}
}

function causeOf({ error, alert }: StreamSession): number {
	if (error === MEMORY) return NO_ROOM;
	if (error === NO_COMMON_SUITE || (error >= VERSION && error <= LONG_MESSAGE)) return UNSUITABLE;
	return error >= IDENTITY && error <= REFUSED_LAST && alert !== INTERNAL_ERROR ? REFUSED : LOST;
}

function textOf({ error, alert }: StreamSession): string {
	return `TLS: ${Dtls.describe(error)}${alert > 0 ? ` (alert ${alert})` : ""}`;
}
