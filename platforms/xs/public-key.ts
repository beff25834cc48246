// A public key on P-256 from a file: PEM or DER of a SubjectPublicKeyInfo (RFC 5480), as `openssl pkey -pubout` writes it.
import { equal, readBase64, readText } from "../../src/bytes.js";

const POINT_BYTES = 65;
/** What comes before the point: ecPublicKey, prime256v1, and the lengths. */
const PREFIX: readonly number[] = Object.freeze([
	0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
	0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
]);
const PEM = /-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----/;

/**
 * @returns the uncompressed point, 65 bytes
 * @throws Error of one line
 */
export function readPublicKey(file: ArrayBuffer): Uint8Array {
	let bytes = new Uint8Array(file);
	const text = readText(bytes, 0, bytes.length)?.match(PEM)?.[1];
	if (text !== undefined) {
		const digits = Uint8Array.from(text.replace(/\s/g, ""), (letter) => letter.charCodeAt(0));
		bytes = digits.subarray(0, Math.max(0, readBase64(digits, 0, digits, 0, digits.length)));
	}
	if (bytes.length !== PREFIX.length + POINT_BYTES || !equal(bytes, 0, Uint8Array.from(PREFIX), 0, PREFIX.length))
		throw new Error("not a public key on P-256, PEM or DER");
	return bytes.slice(PREFIX.length);
}
