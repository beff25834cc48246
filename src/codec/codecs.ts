// The content formats by number. OMA-TS-LightweightM2M_Core-V1_1_1 7.4.
import { cbor } from "./cbor.js";
import {
	CBOR,
	type Codec,
	JSON_FORMAT,
	LWM2M_CBOR,
	OCTET_STREAM,
	SENML_CBOR,
	SENML_ETCH_CBOR,
	SENML_ETCH_JSON,
	SENML_JSON,
	TEXT,
	TLV,
} from "./codec.js";
import { lwm2mCbor } from "./lwm2m-cbor.js";
import { omaJson } from "./oma-json.js";
import { opaque } from "./opaque.js";
import { senmlCbor, senmlEtchCbor } from "./senml-cbor.js";
import { senmlEtchJson, senmlJson } from "./senml-json.js";
import { text } from "./text.js";
import { tlv } from "./tlv.js";

/** The codec of a Content-Format number; undefined where there is none. */
export function codecOf(format: number): Codec | undefined {
	switch (format) {
		case TEXT:
			return text;
		case SENML_CBOR:
			return senmlCbor;
		case TLV:
			return tlv;
		case CBOR:
			return cbor;
		case OCTET_STREAM:
			return opaque;
		case SENML_ETCH_CBOR:
			return senmlEtchCbor;
		case SENML_JSON:
			return senmlJson;
		case LWM2M_CBOR:
			return lwm2mCbor;
		case JSON_FORMAT:
			return omaJson;
		case SENML_ETCH_JSON:
			return senmlEtchJson;
		default:
			return undefined;
	}
}
