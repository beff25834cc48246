// Builds and sends a notification, from the values as they are then, or with the one that crossed a threshold. RFC 7641
// 4.2 to 4.5, RFC 7959 2.6. Allocates nothing where it fits one datagram.

import { blockBytes } from "../coap/block.js";
import { CON, CONTENT, CONTENT_FORMAT, FETCH, GET, INTERNAL_SERVER_ERROR, NON, OBSERVE } from "../coap/numbers.js";
import { keyOfRequest } from "../coap/transfer.js";
import { addNumber, beginPayload, beginWith, setLength } from "../coap/writer.js";
import { CBOR, type Codec } from "../codec/codec.js";
import { codecOf } from "../codec/codecs.js";
import { BLOCK_SZX, REPRESENTATION_BYTES } from "../config.js";
import type { Cache } from "./cache.js";
import { restart, setSamples, setValue, start, startPaths } from "./cursor.js";
import type { Cursor } from "./cursor-state.js";
import type { Model } from "./model.js";
import type { Observation } from "./observation.js";
import { locate } from "./read.js";
import { isWorthTelling } from "./threshold.js";

/** What `notify` says. GONE: what was observed has ended, and so does the observation. */
export const SENT = 0;
export const NOTHING = 1;
export const GONE = 2;
export const BUSY = 3;

const TOKEN_BYTES = 8;
const MAX_SEQUENCE = 0xffffff;

/**
 * Sends the notification of an observation.
 * @param isDue pmax is over: it goes out whatever the value
 * @param cache where samples go with it: as many as fit one datagram
 */
export function notify(
	observation: Observation,
	model: Model,
	tokens: Uint8Array,
	now: number,
	isConfirmable: boolean,
	isDue: boolean,
	cache: Cache | undefined,
): number {
	const { message } = observation.session.endpoint;
	const { cursor } = model;
	const { object, instance, resource, resourceInstance, format, paths, conditions } = observation;
	if (!paths) {
		const depth = instance < 0 ? 1 : resource < 0 ? 2 : resourceInstance < 0 ? 3 : 4;
		const refusal = locate(model, depth, object, instance, resource, resourceInstance);
		if (refusal !== 0) return giveUp(observation, tokens, refusal);
	}
	const codec = codecOf(format) ?? codecOf(CBOR)!; // the format was found when the observation began
	begin(observation, tokens, CONTENT, isConfirmable);
	addNumber(message, OBSERVE, nextSequence(observation));
	addNumber(message, CONTENT_FORMAT, format);
	const at = beginPayload(message);
	if (paths) startPaths(cursor, model, paths);
	else start(cursor, model, object, instance, resource, resourceInstance);
	const instead = observation.watches ? observation : undefined;
	setValue(cursor, observation.crossed, instead);
	const end = cache ? encodeSamples(cursor, codec, cache, observation, at) : codec.encode(cursor, message.tx, at);
	setValue(cursor, undefined);
	if (resource >= 0 && model.objects[object]!.definition.resources[resource]!.multiple === undefined) {
		// the handler of a single resource does not know its value just now
		if (cursor.isEmpty) return NOTHING;
		const { last } = observation;
		if (observation.isDoubtful && !isDue && last !== undefined)
			if (conditions ? !isWorthTelling(conditions, last, cursor.value) : last === cursor.value) return NOTHING;
		observation.last = cursor.value;
	} else if (conditions && resourceInstance >= 0) observation.last = cursor.value;
	if (end - at <= blockBytes(BLOCK_SZX) && end <= message.tx.length) setLength(message, end > at ? end : at - 1);
	else if (end - at > REPRESENTATION_BYTES) return giveUp(observation, tokens, INTERNAL_SERVER_ERROR);
	else {
		const bytes = new Uint8Array(end - at);
		restart(cursor);
		setValue(cursor, observation.crossed, instead);
		codec.encode(cursor, bytes, 0);
		setValue(cursor, undefined);
		beginBlock(observation, tokens, bytes, now, isConfirmable);
	}
	return send(observation, isConfirmable) ? SENT : BUSY;
}

/** Encodes as many of the samples as fit. The cursor has been started. @returns the end */
function encodeSamples(cursor: Cursor, codec: Codec, cache: Cache, observation: Observation, at: number): number {
	const { message } = observation.session.endpoint;
	setSamples(cursor, cache.samples);
	cache.begin(observation.historyMax);
	const size = cache.fill(blockBytes(BLOCK_SZX), () => {
		restart(cursor);
		return codec.encode(cursor, message.tx, at) - at;
	});
	setSamples(cursor, undefined);
	observation.told = cache.told();
	return at + size;
}

export function nextSequence(observation: Observation): number {
	observation.sequence = observation.sequence === MAX_SEQUENCE ? 0 : observation.sequence + 1;
	return observation.sequence;
}

/** What was observed is gone, or cannot be sent: the last notification says so. RFC 7641 4.2. */
function giveUp(observation: Observation, tokens: Uint8Array, code: number): number {
	begin(observation, tokens, code, false);
	observation.session.endpoint.send();
	return GONE;
}

/** The first block of a large notification; the server fetches the rest. RFC 7959 2.6. */
function beginBlock(
	observation: Observation,
	tokens: Uint8Array,
	bytes: Uint8Array,
	now: number,
	isConfirmable: boolean,
): void {
	const { message } = observation.session.endpoint;
	const { session, object, instance, resource, resourceInstance, accept, format, sequence, paths } = observation;
	const code = paths ? FETCH : GET;
	const requestFormat = observation.requestFormat;
	const key = keyOfRequest(code, object, instance, resource, resourceInstance, accept, requestFormat);
	session.transfer.keep(bytes, key, now, format);
	begin(observation, tokens, CONTENT, isConfirmable);
	session.transfer.addTag();
	addNumber(message, OBSERVE, sequence);
	addNumber(message, CONTENT_FORMAT, format);
	session.transfer.addBlock2(-1);
}

function begin(observation: Observation, tokens: Uint8Array, code: number, isConfirmable: boolean): void {
	const { message } = observation.session.endpoint;
	const { session, slot, tokenLength } = observation;
	const mid = session.endpoint.nextMid();
	observation.lastMid = mid;
	beginWith(message, isConfirmable ? CON : NON, code, mid, tokens, slot * TOKEN_BYTES, tokenLength);
}

function send(observation: Observation, isConfirmable: boolean): boolean {
	const { endpoint } = observation.session;
	if (isConfirmable) return endpoint.transmit(observation);
	endpoint.send();
	return true;
}
