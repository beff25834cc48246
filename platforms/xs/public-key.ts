// A public key on P-256 from a file: PEM or DER of a SubjectPublicKeyInfo (RFC 5480), as `openssl pkey -pubout` writes it.
import { equal, readBase64, readText, textBytes, writeText } from "../../src/bytes.js";
import { fromHex } from "../../src/scan.js";

const POINT_BYTES = 65;
/** What comes before the point: ecPublicKey, prime256v1, and the lengths. */
const PREFIX = "3059301306072a8648ce3d020106082a8648ce3d030107034200";
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
	const prefix = fromHex(PREFIX)!;
	if (bytes.length !== prefix.length + POINT_BYTES || !equal(bytes, 0, prefix, 0, prefix.length))
		throw new Error("not a public key on P-256, PEM or DER");
	return bytes.slice(prefix.length);
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
