// The interface of a content format. One file a format implements it as one frozen object; `codecs.ts` finds it by
// number. Neither side allocates on its own: encoders write what the cursor (lwm2m/cursor) yields straight into the
// caller's buffer, decoders leave paths in the record that is theirs and make a value only when asked for it.
import type { Cursor } from "../lwm2m/cursor-state.js";
import type { Decoded } from "../lwm2m/decoded.js";
import type { ResourceType } from "../lwm2m/definition.js";
import type { Value } from "../lwm2m/path.js";

/** Content-Format numbers, OMA-TS-LightweightM2M_Core-V1_1_1 7.4 and IANA's CoRE registry. */
export const TEXT = 0;
export const LINK_FORMAT = 40;
export const OCTET_STREAM = 42;
export const CBOR = 60;
export const SENML_JSON = 110;
export const SENML_CBOR = 112;
export const SENML_ETCH_JSON = 320;
export const SENML_ETCH_CBOR = 322;
export const TLV = 11542;
export const JSON_FORMAT = 11543;
export const LWM2M_CBOR = 11544;

/** What `next()` found. */
export const END = 0;
export const RECORD = 1;
export const MALFORMED = -1;

export interface Codec {
	/** The Content-Format number. */
	readonly format: number;
	/** Holds exactly one value, without its path: plain text, opaque, CBOR. */
	readonly isSingle: boolean;
	/**
	 * Writes everything that the cursor yields from where it stands, into `into` from `at`.
	 * The cursor has been started and not yet moved. A single-value codec writes the first value.
	 * @returns the end, beyond `into.length` where there is no room (how far tells what is needed);
	 * -1 where the format cannot hold what the cursor yields (opaque of something else than an opaque)
	 */
	encode(cursor: Cursor, into: Uint8Array, at: number): number;
	/** Begins to read a payload, `[start, end)` of `from`; `setBase` (record.ts) has been called with the request's path. */
	open(record: Decoded, from: Uint8Array, start: number, end: number): void;
	/**
	 * Goes to the next record, whose path is then in it.
	 * @returns RECORD, END or MALFORMED; after the latter two always the same
	 */
	next(record: Decoded): number;
	/**
	 * The value of the record as a value of the type; undefined where it is none, is malformed, or is outside of the
	 * type (an integer of more than 64 bits). A record without a value (an empty multiple resource, a path in
	 * SenML-ETCH) gives undefined, and `hasValue` is false.
	 */
	value(record: Decoded, type: ResourceType): Value | undefined;
	hasValue(record: Decoded): boolean;
}
