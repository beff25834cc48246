// Makes firmware containers (docs/firmware-image.md).
import { createHash, createPrivateKey, sign } from "node:crypto";

export const HEADER_BYTES = 512;
const SIGNED_BYTES = 448;
const CONTAINER_VERSION = 1;
/** Positions and room of the texts. */
const TEXTS = { target: [16, 16], version: [32, 32], name: [64, 32] };
const AT_DIGEST = 96;

/** @returns how many bytes of UTF-8 a text of the header may have */
export function mostBytes(text) {
	return TEXTS[text][1] - 1;
}

/** @param key an EC private key on P-256, of `readKey` */
export function makeContainer({ payload, target, version, name, key }) {
	const header = Buffer.alloc(HEADER_BYTES);
	header.write("LWFW", 0, "latin1");
	header[4] = CONTAINER_VERSION;
	header.writeUInt16LE(HEADER_BYTES, 6);
	header.writeUInt32LE(payload.length, 8);
	for (const [text, value] of Object.entries({ target, version, name })) header.write(value, TEXTS[text][0], "utf8");
	createHash("sha256").update(payload).digest().copy(header, AT_DIGEST);
	sign("sha256", header.subarray(0, SIGNED_BYTES), { key, dsaEncoding: "ieee-p1363" }).copy(header, SIGNED_BYTES);
	return Buffer.concat([header, payload]);
}

/** @throws Error of one line where this is no private key on P-256, PEM or DER */
export function readKey(bytes) {
	const key = parse(bytes);
	if (key.asymmetricKeyType !== "ec" || key.asymmetricKeyDetails?.namedCurve !== "prime256v1")
		throw new Error("not a private key on P-256");
	return key;
}

function parse(bytes) {
	const attempts = [{ key: bytes }, ...["pkcs8", "sec1"].map((type) => ({ key: bytes, format: "der", type }))];
	for (const attempt of attempts)
		try {
			return createPrivateKey(attempt);
		} catch {
			// another form, perhaps
		}
	throw new Error("not a private key, PEM or DER");
}
