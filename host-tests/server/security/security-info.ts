// What one endpoint authenticates with, and its JSON in the shape of the Leshan demo server.

import type { Json } from "../lwm2m/node-json.js";
import { CodecError } from "../lwm2m/value.js";

export type SecurityInfo =
	| { readonly endpoint: string; readonly mode: "psk"; readonly identity: string; readonly key: Buffer }
	/** The certificate's common name is the endpoint name. */
	| { readonly endpoint: string; readonly mode: "x509" }
	/** The key is a SubjectPublicKeyInfo in DER. */
	| { readonly endpoint: string; readonly mode: "rpk"; readonly key: Buffer };

/** RFC 4279, 5.3 asks for 64 at least; longer keys are in use. */
const LONGEST_KEY_BYTES = 256;
const LONGEST_IDENTITY_BYTES = 256;

export function securityFromJson(json: Json): SecurityInfo {
	const { endpoint, tls, oscore } = record(json, "the body");
	if (typeof endpoint !== "string" || endpoint === "") throw new CodecError("endpoint is missing");
	if (oscore !== undefined && oscore !== null) throw new CodecError("oscore is not supported");
	const { mode, details = {} } = record(tls, "tls");
	switch (mode) {
		case "psk": {
			const { identity, key } = record(details, "tls.details");
			if (typeof identity !== "string" || identity === "") throw new CodecError("tls.details.identity is missing");
			return pskInfo(endpoint, identity, hexKey(key));
		}
		case "rpk":
			return { endpoint, mode, key: hexKey(record(details, "tls.details")["key"]) };
		case "x509":
			return { endpoint, mode };
		default:
			throw new CodecError("tls.mode is none of psk, rpk, x509");
	}
}

export function pskInfo(endpoint: string, identity: string, key: Buffer): SecurityInfo {
	if (Buffer.byteLength(identity) > LONGEST_IDENTITY_BYTES) {
		throw new CodecError(`the identity is longer than ${LONGEST_IDENTITY_BYTES} bytes`);
	}
	if (key.length === 0 || key.length > LONGEST_KEY_BYTES) {
		throw new CodecError(`the key has ${key.length} bytes, 1 to ${LONGEST_KEY_BYTES} are possible`);
	}
	return { endpoint, mode: "psk", identity, key };
}

/** With the key: only for whoever asks the API for it. */
export function securityToJson(info: SecurityInfo): Json {
	const { endpoint, mode } = info;
	if (mode === "x509") return { endpoint, tls: { mode, details: {} } };
	const key = info.key.toString("hex");
	return { endpoint, tls: { mode, details: mode === "psk" ? { identity: info.identity, key } : { key } } };
}

/** A key that is wrong is never quoted in the message. */
export function hexKey(json: Json | undefined): Buffer {
	if (typeof json !== "string" || !/^([0-9a-f]{2})+$/i.test(json)) throw new CodecError("the key is no hex string");
	return Buffer.from(json, "hex");
}

function record(json: Json | undefined, what: string): Record<string, Json> {
	if (!json || typeof json !== "object" || Array.isArray(json)) throw new CodecError(`${what} is not a JSON object`);
	return json;
}
