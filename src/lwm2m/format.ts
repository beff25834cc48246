// Which content format an answer is in: the one that Accept names, or else, of those that every server of the version
// understands, the one in which this answer is shortest, by its measured length. OMA-TS-LightweightM2M_Core-V1_1_1 7.4.
// Measuring asks no handler, and allocates nothing.
import type { Message } from "../coap/message.js";
import {
	CBOR,
	type Codec,
	LWM2M_CBOR,
	OCTET_STREAM,
	SENML_CBOR,
	SENML_ETCH_CBOR,
	SENML_ETCH_JSON,
	TEXT,
	TLV,
} from "../codec/codec.js";
import { codecOf } from "../codec/codecs.js";
import type { Cache } from "./cache.js";
import { restart, setMeasuring, start } from "./cursor.js";
import type { Cursor } from "./cursor-state.js";
import { type EnablerVersion, OPAQUE } from "./definition.js";
import type { Model } from "./model.js";

/** One value, from 1.1 on; several values, of 1.1 and from 1.2 on. The first of those that are equally long is taken. */
const SINGLE: readonly number[] = Object.freeze([TEXT, CBOR]);
const SEVERAL: readonly number[] = Object.freeze([SENML_CBOR, TLV]);
const SEVERAL_SINCE_1_2: readonly number[] = Object.freeze([SENML_CBOR, TLV, LWM2M_CBOR]);
const WITH_PATHS: readonly number[] = Object.freeze([SENML_CBOR]);
const WITH_PATHS_SINCE_1_2: readonly number[] = Object.freeze([SENML_CBOR, LWM2M_CBOR]);

/** The codec for the answer to the GET in `message`, whose path is there; undefined where none that Accept names fits. */
export function chooseFormat(message: Message, model: Model, enabler: EnablerVersion, cache: Cache): Codec | undefined {
	const { cursor } = model;
	const { accept, pathDepth, object, instance, resource, resourceInstance } = message;
	if (accept >= 0) {
		const codec = accept === SENML_ETCH_CBOR || accept === SENML_ETCH_JSON ? undefined : codecOf(accept);
		return codec && (!codec.isSingle || isSingle(model, pathDepth, object, resource)) ? codec : undefined;
	}
	const isOne = isSingle(model, pathDepth, object, resource);
	if (enabler === "1.0") return codecOf(!isOne ? TLV : isOpaque(model, object, resource) ? OCTET_STREAM : TEXT);
	// samples go where times can
	if (cache.covers(object, instance, resource, resourceInstance)) return codecOf(SENML_CBOR);
	if (isOne && isOpaque(model, object, resource)) return codecOf(OCTET_STREAM);
	start(cursor, model, object, instance, resource, resourceInstance);
	return shortest(cursor, isOne ? SINGLE : enabler === "1.1" ? SEVERAL : SEVERAL_SINCE_1_2);
}

/** The shortest of the formats that carry whole paths, for what the cursor has been started at. */
export function chooseWithPaths(cursor: Cursor, enabler: EnablerVersion): Codec {
	return shortest(cursor, enabler === "1.2" ? WITH_PATHS_SINCE_1_2 : WITH_PATHS);
}

/** True where the path holds one value. */
export function isSingle(model: Model, pathDepth: number, object: number, resource: number): boolean {
	return (
		pathDepth === 4 ||
		(pathDepth === 3 && model.objects[object]!.definition.resources[resource]!.multiple === undefined)
	);
}

/** The one that is shortest with its Content-Format option. What only a handler knows is as long in each. */
function shortest(cursor: Cursor, formats: readonly number[]): Codec {
	let best = codecOf(formats[0]!)!; // of the tables above
	if (formats.length === 1) return best;
	cursor.nowhere ??= new Uint8Array(0);
	let least = Number.POSITIVE_INFINITY;
	setMeasuring(cursor, true);
	for (let i = 0; i < formats.length; ++i) {
		const format = formats[i]!;
		const codec = codecOf(format)!; // as above
		restart(cursor);
		const size = codec.encode(cursor, cursor.nowhere, 0) + (format === 0 ? 0 : format < 256 ? 1 : 2);
		if (size >= least) continue;
		least = size;
		best = codec;
	}
	setMeasuring(cursor, false);
	return best;
}

function isOpaque(model: Model, object: number, resource: number): boolean {
	return model.objects[object]!.definition.resources[resource]!.type === OPAQUE;
}
