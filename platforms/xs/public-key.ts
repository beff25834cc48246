// A public key on P-256 from a file: PEM or DER of a SubjectPublicKeyInfo (RFC 5480), as `openssl pkey -pubout` writes it.
import { equal, readBase64, readText, textBytes, writeText } from "../../src/bytes.js";

const POINT_BYTES = 65;
/** What comes before the point: ecPublicKey, prime256v1, and the lengths. */
const PREFIX: readonly number[] = Object.freeze([
	0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
	0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
]);
const BEGIN = "-----BEGIN PUBLIC KEY-----";
const END = "-----END PUBLIC KEY-----";

/**
 * @returns the uncompressed point, 65 bytes
 * @throws Error of one line
 */
export function readPublicKey(file: ArrayBuffer): Uint8Array {
	let bytes = new Uint8Array(file);
	const [, text] = (readText(bytes, 0, bytes.length) ?? "").split(BEGIN);
	const end = text === undefined ? -1 : text.indexOf(END);
	if (end >= 0) bytes = decode(text!.slice(0, end));
	if (bytes.length !== PREFIX.length + POINT_BYTES || !equal(bytes, 0, Uint8Array.from(PREFIX), 0, PREFIX.length))
		throw new Error("not a public key on P-256, PEM or DER");
	return bytes.slice(PREFIX.length);
}

/** Base64 with white space in it. @returns nothing where it is malformed */
function decode(text: string): Uint8Array<ArrayBuffer> {
	const digits = new Uint8Array(textBytes(text));
	writeText(digits, 0, text);
	let count = 0;
	for (let i = 0; i < digits.length; i++)
		if (digits[i]! > 0x20) {
			digits[count] = digits[i]!;
			count++;
		}
	return digits.subarray(0, Math.max(0, readBase64(digits, 0, digits, 0, count)));
}
