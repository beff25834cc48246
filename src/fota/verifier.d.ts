// SHA-256, and ECDSA signatures on P-256. A native class on XS (../native/verifier.js); in tests on Node that of
// host-tests/support/verifier.js.

/** Of `check`: the signature is not one of these bytes with this key; and there is not memory enough to say. */
export const WRONG = 1;
export const NO_MEMORY = 2;

export default class Verifier {
	/**
	 * @param publicKey an uncompressed point, 65 bytes from 0x04 on; absent: digests only
	 * @throws Error of one line where the key cannot be used
	 */
	constructor(publicKey?: Uint8Array);
	/** Adds `bytes[start, end)` to what the digest is of. */
	add(bytes: Uint8Array, start: number, end: number): void;
	/** Writes the 32 bytes of the SHA-256 of all that was added, and begins anew. */
	finish(into: Uint8Array): void;
	/**
	 * Whether the 64 bytes at `end` are a signature, r and s, of `bytes[0, end)`.
	 * @param operations elliptic-curve operations in this call, 0: all; the slice of DTLS in config.ts
	 * @returns 0 where they are, `WRONG`, `NO_MEMORY`; -1: to be called again with the same bytes
	 */
	check(bytes: Uint8Array, end: number, operations: number): number;
	/** Frees it. May be called twice. */
	close(): void;
}
