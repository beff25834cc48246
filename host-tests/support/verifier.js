// Node's side of src/fota/verifier.d.ts. The build puts it where the compiled client looks for the native class of XS.
import { createHash, createPublicKey, verify } from "node:crypto";

const KEY_BYTES = 65;
const DIGEST_BYTES = 32;
const SIGNATURE_BYTES = 64;
/** SubjectPublicKeyInfo of a P-256 key up to the point, RFC 5480. */
const PREFIX = Buffer.from("3059301306072a8648ce3d020106082a8648ce3d030107034200", "hex");

export const WRONG = 1;
export const NO_MEMORY = 2;

export default class Verifier {
	#key;
	#hash = createHash("sha256");
	#slices = 0;
	#isClosed = false;

	constructor(publicKey) {
		if (publicKey === undefined) return;
		if (publicKey.length !== KEY_BYTES)
			throw new RangeError(`a public key has ${KEY_BYTES} bytes, not ${publicKey.length}`);
		try {
			this.#key = createPublicKey({ key: Buffer.concat([PREFIX, publicKey]), format: "der", type: "spki" });
		} catch {
			throw new Error("the public key is no point of P-256");
		}
	}

	add(bytes, start, end) {
		this.#open();
		if (start > end || end > bytes.length) throw new RangeError(`not a whole number from 0 to ${bytes.length}`);
		this.#hash.update(bytes.subarray(start, end));
	}

	finish(into) {
		this.#open();
		if (into.length < DIGEST_BYTES) throw new RangeError(`${DIGEST_BYTES} bytes are needed, not ${into.length}`);
		into.set(this.#hash.digest());
		this.#hash = createHash("sha256");
	}

	check(bytes, end, operations) {
		this.#open();
		if (end + SIGNATURE_BYTES > bytes.length) throw new RangeError(`not a whole number from 0 to ${bytes.length}`);
		// in slices as the native one, where slices are asked for
		if (operations > 0 && this.#slices++ < 2) return -1;
		this.#slices = 0;
		const signature = bytes.subarray(end, end + SIGNATURE_BYTES);
		const key = this.#key && { key: this.#key, dsaEncoding: "ieee-p1363" };
		return key && verify("sha256", bytes.subarray(0, end), key, signature) ? 0 : WRONG;
	}

	close() {
		this.#isClosed = true;
	}

	#open() {
		if (this.#isClosed) throw new Error("the verifier is closed");
	}
}
