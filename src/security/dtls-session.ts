// The DTLS session with one server, over datagrams that somebody else carries: handshake, records, timer, and the state
// that is kept so that no handshake is needed after a restart. RFC 6347, RFC 9146; the work is done in C (dtls-core.c).
//
// A record in or out allocates nothing. A save makes one buffer of DTLS_STATE_BYTES and writes it to storage, once for
// about DTLS_SAVE_RECORDS records. Callbacks come from `receive` and `step` only.
import { DTLS_DATAGRAM_BYTES, DTLS_SAVE_RECORDS, DTLS_SLICE, DTLS_STATE_BYTES } from "../config.js";
import type { Log } from "../log.js";
import type { Clock, KeyValue } from "../platform.js";
import { inRadix } from "../scan.js";
import Dtls, { type DtlsOptions } from "./dtls.js";

// what happened: bits of what the methods of Dtls return
const OUTPUT = 1;
const READABLE = 2;
const TIMER = 4;
const CONNECTED = 8;
const CLOSED = 16;
const FAILED = 32;
const SAVE = 128;
// states of Dtls
const IS_CONNECTED = 3;
// error numbers that mean something here
const TOO_LONG = 41;
const RESERVE = 42;

const SEED_BYTES = 48;

/** What the session takes to know whom it talks to, without the seed and the time, which come from the platform. */
export type DtlsCredentials = Omit<DtlsOptions, "seed" | "time">;

/** True where the build has Mbed TLS. */
export function hasDtls(): boolean {
	try {
		return Dtls.describe(0) !== "";
	} catch {
		return false;
	}
}

export interface DtlsSessionOptions {
	clock: Clock;
	random(into: Uint8Array): void;
	log: Log;
	credentials: DtlsCredentials;
	/** Where the session is kept, and the entry's name; undefined: nowhere. */
	storage: KeyValue | undefined;
	storageKey: string;
	/** Datagrams that go out are made here; one buffer, of DTLS_DATAGRAM_BYTES, serves all sessions. */
	record: Uint8Array;
	/** Sends a datagram to the server. It must not call the session. */
	transmit(datagram: Uint8Array, lengthBytes: number): void;
	/** From now on `send` sends. `isResumed`: without a handshake. */
	onConnected(isResumed: boolean): void;
	/** A plaintext is in `buffer`, the one that was given to `receive`. */
	onPlaintext(buffer: Uint8Array, lengthBytes: number): void;
	/**
	 * The handshake failed, or the server closed the session: one line, and the alert that the server sent, 0 for none.
	 * Only `renew` and `close` are of use then.
	 */
	onFailure(message: string, alert: number): void;
}

export class DtlsSession {
	#options: DtlsSessionOptions;
	#dtls: Dtls | undefined;
	#deadline = Number.POSITIVE_INFINITY;
	#isKept = false;
	#isResumed = false;
	#isAnnounced = false;
	#failure: string | undefined;
	#alert = 0;

	/** @throws Error where the credentials cannot be used; its message is one line */
	constructor(options: DtlsSessionOptions) {
		if (options.record.length < DTLS_DATAGRAM_BYTES)
			throw new RangeError(`DTLS: the buffer is at least ${DTLS_DATAGRAM_BYTES} bytes`);
		this.#options = options;
		this.#dtls = this.#create();
	}

	get isConnected(): boolean {
		return this.#dtls?.state === IS_CONNECTED;
	}

	/** The server gave a connection ID, RFC 9146. */
	get hasPeerCid(): boolean {
		return this.#dtls?.hasPeerCid ?? false;
	}

	get deadline(): number {
		return this.#deadline;
	}

	/** Longest message that `send` takes, bytes; 0 before the session is connected. */
	get maxPlaintext(): number {
		return this.#dtls?.maxPlaintext ?? 0;
	}

	/**
	 * Takes up the session that storage has, or begins a handshake.
	 * @throws Error as the constructor
	 */
	start(): void {
		if (!this.#dtls) return;
		Dtls.setSlice(DTLS_SLICE);
		this.#isResumed = this.#resume();
		// a session that was loaded and could not be saved has been replaced
		const dtls = this.#dtls;
		if (this.#isResumed) this.#deadline = this.#options.clock.now();
		else this.#handle(dtls, dtls.start());
	}

	/**
	 * Begins anew, by a handshake: the server does not know the session any more.
	 * @throws Error as the constructor
	 */
	renew(): void {
		this.#discard();
		this.#isResumed = false;
		this.#isAnnounced = false;
		this.#dtls = this.#create();
		this.#handle(this.#dtls, this.#dtls.start());
	}

	/** Takes the first `lengthBytes` of `buffer`, a datagram from the server; its plaintexts replace it there. */
	receive(buffer: Uint8Array, lengthBytes: number): void {
		const dtls = this.#dtls;
		if (!dtls) return;
		const events = dtls.receive(buffer, lengthBytes);
		if (events & READABLE) {
			this.#announce(dtls);
			for (let length = dtls.read(buffer); length > 0; length = this.#dtls === dtls ? dtls.read(buffer) : 0)
				this.#options.onPlaintext(buffer, length);
			if (this.#dtls !== dtls) return;
		}
		this.#handle(dtls, events | dtls.events());
	}

	/** Sends one message. @returns false where it was dropped: not connected, or too long for a record */
	send(message: Uint8Array, lengthBytes: number): boolean {
		const dtls = this.#dtls;
		if (!dtls) return false;
		const { record, log, transmit } = this.#options;
		let length = dtls.send(message, lengthBytes, record);
		if (length === -RESERVE) {
			if (!this.#save(dtls)) {
				this.renew();
				return false;
			}
			length = dtls.send(message, lengthBytes, record);
		}
		if (length > 0) transmit(record, length);
		else if (length === -TOO_LONG) log.warning(`DTLS: ${lengthBytes} bytes do not fit into one record`);
		const events = dtls.events();
		if (events !== 0) this.#handle(dtls, events);
		return length > 0;
	}

	/** Does what is due. @returns when it wants to be called again */
	step(now: number): number {
		if (this.#deadline > now) return this.#deadline;
		this.#deadline = Number.POSITIVE_INFINITY;
		const dtls = this.#dtls;
		if (!dtls) this.#report();
		else if (dtls.state === IS_CONNECTED) this.#announce(dtls);
		else this.#handle(dtls, dtls.expire());
		return this.#deadline;
	}

	/** Ends it: storage forgets it, so that no start finds a session that is over, and the server is told. No callback comes after it. */
	close(): void {
		const dtls = this.#dtls;
		this.#forget();
		if (dtls) {
			dtls.end();
			this.#transmitAll(dtls);
		}
		this.#drop();
	}

	/** Leaves the session in storage for the next start, where it is kept; else as `close`. No callback comes after it. */
	suspend(): void {
		const dtls = this.#dtls;
		if (!dtls || !this.#isKept || !this.#save(dtls)) {
			this.close();
			return;
		}
		dtls.close();
		this.#dtls = undefined;
		this.#deadline = Number.POSITIVE_INFINITY;
	}

	#create(): Dtls {
		const { credentials, random, clock } = this.#options;
		const seed = new Uint8Array(SEED_BYTES);
		random(seed);
		try {
			return new Dtls({ ...credentials, seed, time: clock.time() });
		} finally {
			seed.fill(0);
		}
	}

	#handle(dtls: Dtls, events: number): void {
		if (events & OUTPUT) this.#transmitAll(dtls);
		if (events & TIMER) {
			const { timeout } = dtls;
			this.#deadline = timeout < 0 ? Number.POSITIVE_INFINITY : this.#options.clock.now() + timeout;
		}
		if (events & CONNECTED) {
			this.#isKept = dtls.hasPeerCid && this.#options.storage !== undefined;
			this.#deadline = this.#options.clock.now();
		}
		if (events & (CONNECTED | SAVE) && this.#isKept) this.#save(dtls);
		if (events & (CLOSED | FAILED)) this.#fail(dtls);
	}

	#transmitAll(dtls: Dtls): void {
		const { record, transmit } = this.#options;
		for (let length = dtls.take(record); length > 0; length = dtls.take(record)) transmit(record, length);
	}

	#announce(dtls: Dtls): void {
		if (this.#isAnnounced) return;
		this.#isAnnounced = true;
		this.#options.log.debug(`DTLS: suite 0x${inRadix(dtls.cipherSuite, 16)}${this.#isResumed ? ", resumed" : ""}`);
		this.#options.onConnected(this.#isResumed);
	}

	/** The next step tells it. */
	#fail(dtls: Dtls): void {
		const { error, alert } = dtls;
		this.#discard();
		this.#alert = Math.max(0, alert);
		this.#failure = `DTLS: ${Dtls.describe(error)}${alert > 0 ? ` (alert ${alert})` : ""}`;
		this.#deadline = this.#options.clock.now();
	}

	#report(): void {
		const message = this.#failure;
		this.#failure = undefined;
		if (message !== undefined) this.#options.onFailure(message, this.#alert);
	}

	#discard(): void {
		this.#forget();
		this.#drop();
	}

	#drop(): void {
		this.#dtls?.close();
		this.#dtls = undefined;
		this.#failure = undefined;
		this.#deadline = Number.POSITIVE_INFINITY;
	}

	/** @returns true where storage had a session, and it may send */
	#resume(): boolean {
		const { storage, storageKey, log } = this.#options;
		const dtls = this.#dtls;
		const stored = storage?.read(storageKey);
		if (!dtls || !stored) return false;
		const blob = new Uint8Array(stored);
		const error = dtls.load(blob, blob.length);
		blob.fill(0);
		this.#isKept = error === 0;
		if (error === 0 && this.#save(dtls)) return true;
		if (error !== 0) log.info(`DTLS: ${Dtls.describe(error)}`);
		this.#forget();
		// one that cannot be saved could never send
		if (error === 0) {
			dtls.close();
			this.#dtls = this.#create();
		}
		return false;
	}

	/** @returns true where storage has the session, so that the next records may be sent */
	#save(dtls: Dtls): boolean {
		const { storage, storageKey, log } = this.#options;
		if (!storage) return false;
		const blob = new Uint8Array(DTLS_STATE_BYTES);
		const length = dtls.save(DTLS_SAVE_RECORDS, blob);
		if (length <= 0) {
			// a suite without AEAD, or a plaintext that waits: the entry of a session before must not be found
			log.debug(`DTLS: ${Dtls.describe(-length)}`);
			return false;
		}
		try {
			storage.write(storageKey, blob.buffer.slice(0, length));
			dtls.saved();
			return true;
		} catch (error) {
			log.warning(`DTLS: the session is not kept: ${error instanceof Error ? error.message : String(error)}`);
			return false;
		} finally {
			blob.fill(0);
		}
	}

	#forget(): void {
		this.#isKept = false;
		try {
			this.#options.storage?.delete(this.#options.storageKey);
		} catch (error) {
			this.#options.log.warning(`DTLS: ${error instanceof Error ? error.message : String(error)}`);
		}
	}
}
