// Randomness in the form that timeouts and first identifiers want. Allocates 32 bytes once, for eight fractions.
import type { Platform } from "./platform.js";

const POOL_BYTES = 32;

/** @returns a function that gives random fractions, 0 <= fraction < 1, of 32 bits */
export function randomFractions(platform: Platform): () => number {
	const bytes = new Uint8Array(POOL_BYTES);
	let at = POOL_BYTES;
	return () => {
		// asking the port is a call of the system: not for each message
		if (at === POOL_BYTES) {
			platform.random(bytes);
			at = 0;
		}
		at += 4;
		return (
			(bytes[at - 4]! * 0x1000000 + bytes[at - 3]! * 0x10000 + bytes[at - 2]! * 0x100 + bytes[at - 1]!) / 0x100000000
		);
	};
}
