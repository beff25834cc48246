// Randomness in the form that timeouts and first identifiers want. Allocates four bytes once.
import type { Platform } from "./platform.js";

/** @returns a function that gives random fractions, 0 <= fraction < 1, of 32 bits */
export function randomFractions(platform: Platform): () => number {
	const bytes = new Uint8Array(4);
	return () => {
		platform.random(bytes);
		return (bytes[0]! * 0x1000000 + bytes[1]! * 0x10000 + bytes[2]! * 0x100 + bytes[3]!) / 0x100000000;
	};
}
