// One DTLS 1.2 client session, or with `isStream` one of TLS 1.2 (RFC 5246), without I/O: datagrams in and out, plaintext in and out, one deadline. RFC 6347, RFC 9146.
// On XS it is ../native/dtls.c over dtls-core.c; on Node host-tests/support/dtls.js over the same core. Every buffer is the caller's; none is kept. A method of a closed session throws.

type Bytes = Uint8Array | ArrayBuffer;

/** Credentials and settings. Either `identity` and `key` or `certificate`, `privateKey` and `peerCertificate` are there. */
export interface DtlsOptions {
	/** At least 48 bytes from `Platform.random`: all secrets of the session come from it. Overwrite it afterwards. */
	seed: Bytes;
	/** Pre-shared key identity, 1 to 128 bytes, and key, 1 to 64 bytes. */
	identity?: Bytes | undefined;
	key?: Bytes | undefined;
	/** The client's certificate (chain), PEM or DER, and its private key (P-256), PEM or DER. */
	certificate?: Bytes | undefined;
	privateKey?: Bytes | undefined;
	/** Resource 0/x/4: the server's certificate or its authority's, PEM or DER, or a digest as `matchingType` says. */
	peerCertificate?: Bytes | undefined;
	/** Resource 0/x/15, 0 to 3; absent: `peerCertificate` may be the server's or its authority's. */
	certificateUsage?: number | undefined;
	/** Resource 0/x/13, 0 to 3; absent: 0, exact. */
	matchingType?: number | undefined;
	/** Further authorities, PEM, for certificate usages 0 and 1. */
	trusted?: Bytes | undefined;
	/** Host name or numeric address that the server's certificate must be for, at most 255 bytes; absent: any. */
	serverName?: string | undefined;
	/** Resource 0/x/14: is sent as server name indication, and the certificate must be for it. */
	sni?: string | undefined;
	/** Resource 0/x/16: two bytes a suite, at most 8; absent: all that suit the credentials. */
	cipherSuites?: Bytes | undefined;
	/** Length of the connection ID for records that come in, 0 to 32; -1: the extension is not used. Default 0. */
	cidBytes?: number | undefined;
	/** Handshake: the first interval before a retransmission, ms, 1 to 60000. Default 1000. It doubles … */
	firstTimeoutMs?: number | undefined;
	/** … up to this one, ms. Default 16000. */
	lastTimeoutMs?: number | undefined;
	/** Handshake: retransmissions before it is given up, 1 to 16. Default 12. */
	retransmissions?: number | undefined;
	/** Largest datagram to send, bytes, 256 to 65535. Default 1232. */
	mtu?: number | undefined;
	/** Seconds since 1970 for the validity of certificates; absent or NaN: not checked. */
	time?: number | undefined;
	/**
	 * TLS over a stream of bytes in place of DTLS: `feed` in place of `receive`, `timeout` is 0 or -1, `save` and `load` are of
	 * no use. `peerCertificate` alone is enough to check the server.
	 */
	isStream?: boolean | undefined;
}

/** Methods that return events return the bits of dtls-session.ts: OUTPUT, READABLE, TIMER, … */
export default class Dtls {
	/** @throws Error where the options are unusable; the message is one line that says which and why */
	constructor(options: DtlsOptions);
	/** Begins the handshake. @returns events */
	start(): number;
	/** Takes one datagram, the first `count` bytes; what `read` gives is to be read before the next. @returns events */
	receive(datagram: Uint8Array, count: number): number;
	/**
	 * Takes bytes of the stream. @returns how many; the rest is to be fed again once `read` has given the plaintext that waits,
	 * or after `expire`. What it has caused, `events` tells
	 */
	feed(bytes: Uint8Array, start: number, end: number): number;
	/** The time that `timeout` gave is over. @returns events */
	expire(): number;
	/** Says good-bye, where the session is connected; no more can be sent. @returns events */
	end(): number;
	/** What `read` and `send` have caused. @returns events */
	events(): number;
	/**
	 * The next plaintext. @returns its length, 0 where none waits; one that is longer than `into` is dropped, of a stream the
	 * rest comes next
	 */
	read(into: Uint8Array): number;
	/** The next datagram that is to be sent. @returns its length, 0 where none waits; of a longer one than `into` as `read` */
	take(into: Uint8Array): number;
	/**
	 * Protects the first `count` bytes; `into` may be the same. @returns the datagram's length, of a stream, where it waits for
	 * `take`, `count`; or minus an error number
	 */
	send(plaintext: Uint8Array, count: number, into: Uint8Array): number;
	/**
	 * Writes what storage has to keep; it holds keys. The next `reserve` (1 to 4096) records may be sent once `saved` is
	 * called, after the storage has it. @returns its length, at most 400, or minus an error number
	 */
	save(reserve: number, into: Uint8Array): number;
	saved(): void;
	/**
	 * Makes a new session what was saved, and overwrites `blob`; then nothing can be sent before it is saved again.
	 * @returns 0 or an error number: the session does a handshake
	 */
	load(blob: Uint8Array, count: number): number;
	/** Overwrites and frees everything. May be called twice. */
	close(): void;
	/** Milliseconds from the call that returned TIMER, -1: nothing is due. 0: a computation waits to go on. */
	readonly timeout: number;
	/** One of the states of dtls-session.ts. */
	readonly state: number;
	/** Why the session failed, 0: it did not. */
	readonly error: number;
	/** The alert that came with it, -1: none. RFC 5246 7.2 */
	readonly alert: number;
	/** IANA number, 0 before the session is connected. */
	readonly cipherSuite: number;
	/** The session outlives the device's address. */
	readonly hasPeerCid: boolean;
	/** Longest plaintext that `send` takes. */
	readonly maxPlaintext: number;
	/** One line on an error number. */
	static describe(error: number): string;
	/** Elliptic-curve operations in one call, for all sessions; 0: a computation is never interrupted. */
	static setSlice(operations: number): void;
}
