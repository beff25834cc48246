// What stands around a package that is written to 5/0/0 or 9/x/2, by content format, read as it comes: the package's bytes go on
// at once, of the rest at most FRAME_BYTES are taken. OMA-TS-LightweightM2M_Core-V1_1_1 7.4, RFC 8428.
import { CBOR, JSON_FORMAT, OCTET_STREAM, SENML_CBOR, SENML_JSON, TEXT, TLV } from "../codec/codec.js";
import { Base64Stream } from "./base64-stream.js";
import { CborFrame } from "./frame-cbor.js";
import { JsonFrame } from "./frame-json.js";
import { TlvFrame } from "./frame-tlv.js";

/** The resource that a package is written to. */
export interface PackagePlace {
	readonly object: number;
	readonly instance: number;
	readonly resource: number;
}

/** Takes a part, which it may overwrite. @returns false to stop */
export type Take = (bytes: Uint8Array, start: number, end: number) => boolean;

export interface Frame {
	/** Takes a part of the payload, and overwrites it. @returns false where it is malformed, or `put` says so */
	take(bytes: Uint8Array, start: number, end: number): boolean;
	/** The payload is over. @returns false where it should not be, or names another resource */
	end(): boolean;
}

/** @param put takes the package's bytes; @returns undefined for a format that a package cannot come in */
export function frameOf(format: number, place: PackagePlace, put: Take): Frame | undefined {
	switch (format) {
		case -1: // a device that takes firmware in blocks is sent the file as it is, with or without a format
		case OCTET_STREAM:
			return { take: put, end: () => true };
		case TEXT:
			return new TextFrame(put);
		case TLV:
			return new TlvFrame(put, place);
		case JSON_FORMAT:
		case SENML_JSON:
			return new JsonFrame(put, place, format === SENML_JSON);
		case CBOR:
		case SENML_CBOR:
			return new CborFrame(put, place, format === SENML_CBOR);
		default:
			return undefined;
	}
}

/** Base64; one zero byte stands for itself, because servers send it to reset. */
class TextFrame implements Frame {
	#put: Take;
	#base64: Base64Stream;
	#isFirst = true;
	#isZero = false;

	constructor(put: Take) {
		this.#put = put;
		this.#base64 = new Base64Stream(put);
	}

	take(bytes: Uint8Array, start: number, end: number): boolean {
		if (start === end) return true;
		if (this.#isZero) return false;
		this.#isZero = this.#isFirst && end - start === 1 && bytes[start] === 0;
		this.#isFirst = false;
		return this.#isZero ? this.#put(bytes, start, end) : this.#base64.take(bytes, start, end);
	}

	end(): boolean {
		return this.#base64.end();
	}
}
