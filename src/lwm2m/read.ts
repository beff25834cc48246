// Read, Discover and Observe. OMA-TS-LightweightM2M_Core-V1_1_1 6.3.1, 6.3.2, 6.4.1; formats by 7.4.
// A Read of one value allocates nothing; a representation that does not fit one datagram is built once and kept while
// the server fetches its blocks.

import { blockBytes, blockNumber, blockSzx } from "../coap/block.js";
import type { Message } from "../coap/message.js";
import {
	BAD_REQUEST,
	CONTENT,
	INTERNAL_SERVER_ERROR,
	METHOD_NOT_ALLOWED,
	NOT_ACCEPTABLE,
	NOT_FOUND,
} from "../coap/numbers.js";
import { requestKey } from "../coap/transfer.js";
import { beginPayload, setLength } from "../coap/writer.js";
import { type Codec, LINK_FORMAT, SENML_CBOR, SENML_JSON } from "../codec/codec.js";
import { BLOCK_SZX, REPRESENTATION_BYTES } from "../config.js";
import type { Answer } from "./answer.js";
import { type Attributes, type AttributeValues, isConsistent, readAttributes } from "./attributes.js";
import type { Cache } from "./cache.js";
import { setSamples as cursorSetSamples, restart, start } from "./cursor.js";
import type { Cursor } from "./cursor-state.js";
import { BOOLEAN, type EnablerVersion, isNumeric, R } from "./definition.js";
import { chooseFormat, isSingle } from "./format.js";
import { writeDiscoverLinks } from "./links.js";
import { holds, isMultiple, type Model } from "./model.js";
import type { Observations } from "./observe.js";

/** The request has been answered, or put off by a handler. */
export const ANSWERED = 0;
export const PUT_OFF = -1;

/** Answers a GET of a path. @returns ANSWERED, PUT_OFF, or the code to answer with */
export function read(model: Model, observations: Observations, answer: Answer, now: number): number {
	const { message } = answer;
	const { cursor } = model;
	const { pathDepth, object, instance, resource, resourceInstance, observe } = message;
	const refusal = locate(model, pathDepth, object, instance, resource, resourceInstance);
	if (refusal !== 0) return refusal;
	const codec = chooseFormat(message, model, answer.session.enabler, observations.cache);
	if (!codec) return NOT_ACCEPTABLE;
	const { format } = codec;
	if (message.block2 >= 0) {
		if (blockSzx(message.block2) === 7) return BAD_REQUEST;
		if (blockNumber(message.block2) > 0 && answer.session.transfer.has(requestKey(message, message.code)))
			return answer.blocks(undefined, CONTENT, -1, format, now) ? ANSWERED : BAD_REQUEST;
	}
	let sequence = -1;
	if (observe === 0) {
		const { enabler } = answer.session;
		let own: AttributeValues | undefined;
		if (message.queryCount > 0 && enabler === "1.2") {
			own = ownAttributes(message, model, enabler, object, resource);
			if (!own) return BAD_REQUEST;
		}
		sequence = observations.add(answer.session, format, undefined, own);
		if (sequence < 0) return INTERNAL_SERVER_ERROR;
	} else if (observe === 1) observations.cancel(answer.session);
	start(cursor, model, object, instance, resource, resourceInstance);
	answer.beginContent(CONTENT, sequence, format);
	const at = beginPayload(message);
	setSamples(cursor, observations.cache, format, object, instance, resource, resourceInstance);
	const end = codec.encode(cursor, message.tx, at);
	if (cursor.isLater) return PUT_OFF;
	// the handler of a single resource may say that there is no value
	if (cursor.isEmpty && isSingle(model, pathDepth, object, resource)) return NOT_FOUND;
	if (end < 0) return NOT_ACCEPTABLE;
	if (sequence >= 0) observations.answered();
	return deliver(cursor, answer, codec, at, end, sequence, now);
}

/** Sends the answer whose payload the codec has written, in blocks where it is large. @returns ANSWERED, or the code to answer with */
export function deliver(
	cursor: Cursor,
	answer: Answer,
	codec: Codec,
	at: number,
	end: number,
	sequence: number,
	now: number,
): number {
	const { message } = answer;
	const size = end - at;
	const limit = blockBytes(message.block2 < 0 ? BLOCK_SZX : Math.min(blockSzx(message.block2), BLOCK_SZX));
	if (size <= limit && end <= message.tx.length && message.block2 < 16) {
		setLength(message, size > 0 ? end : at - 1);
		answer.end();
		return ANSWERED;
	}
	if (size > REPRESENTATION_BYTES) return INTERNAL_SERVER_ERROR;
	const bytes = new Uint8Array(size);
	restart(cursor);
	codec.encode(cursor, bytes, 0);
	return answer.blocks(bytes, CONTENT, sequence, codec.format, now) ? ANSWERED : BAD_REQUEST;
}

/** Answers a GET with Accept 40. @returns ANSWERED, or the code to answer with */
export function discover(model: Model, attributes: Attributes, answer: Answer, now: number): number {
	const { message } = answer;
	const { pathDepth, object, instance, resource, block2 } = message;
	if (pathDepth === 0 || pathDepth === 4) return METHOD_NOT_ALLOWED;
	const node = model.objects[object];
	const values = node?.instances[instance];
	if (!node || (pathDepth > 1 && !values)) return NOT_FOUND;
	if (pathDepth === 3 && !holds(node, instance, resource)) return NOT_FOUND;
	if (block2 >= 0 && blockSzx(block2) === 7) return BAD_REQUEST;
	const { session } = answer;
	if (block2 >= 16 && session.transfer.has(requestKey(message, message.code)))
		return answer.blocks(undefined, CONTENT, -1, LINK_FORMAT, now) ? ANSWERED : BAD_REQUEST;
	answer.beginContent(CONTENT, -1, LINK_FORMAT);
	const at = beginPayload(message);
	const end = writeDiscoverLinks(
		message.tx,
		at,
		model,
		attributes,
		session.shortServerId,
		session.enabler,
		object,
		instance,
		resource,
	);
	const limit = blockBytes(block2 < 0 ? BLOCK_SZX : Math.min(blockSzx(block2), BLOCK_SZX));
	if (end - at <= limit && end <= message.tx.length && block2 < 16) {
		setLength(message, end);
		answer.end();
		return ANSWERED;
	}
	if (end - at > REPRESENTATION_BYTES) return INTERNAL_SERVER_ERROR;
	const bytes = new Uint8Array(end - at);
	writeDiscoverLinks(bytes, 0, model, attributes, session.shortServerId, session.enabler, object, instance, resource);
	return answer.blocks(bytes, CONTENT, -1, LINK_FORMAT, now) ? ANSWERED : BAD_REQUEST;
}

/** @returns 0 where a server may read the path, else the code that refuses */
export function locate(
	model: Model,
	pathDepth: number,
	object: number,
	instance: number,
	resource: number,
	resourceInstance: number,
): number {
	if (pathDepth === 0) return METHOD_NOT_ALLOWED;
	const node = model.objects[object];
	if (!node) return NOT_FOUND;
	if (pathDepth === 1) return 0;
	const values = node.instances[instance];
	if (!values) return NOT_FOUND;
	if (pathDepth === 2) return 0;
	const definition = node.definition.resources[resource];
	if (!definition) return NOT_FOUND;
	if ((definition.operations & R) === 0) return METHOD_NOT_ALLOWED;
	const value = values[resource];
	if (value === undefined && !holds(node, instance, resource)) return NOT_FOUND;
	if (pathDepth === 4 && !(isMultiple(value) && value.ids.indexOf(resourceInstance) >= 0)) return NOT_FOUND;
	return 0;
}

/** A Read in a format that carries times gives what a resource's cache has; it stays there, as nobody acknowledges an answer. The dispatcher takes it back. */
export function setSamples(
	cursor: Cursor,
	cache: Cache,
	format: number,
	o: number,
	i: number,
	r: number,
	ri: number,
): void {
	if ((format !== SENML_CBOR && format !== SENML_JSON) || !cache.covers(o, i, r, ri)) return;
	cache.begin();
	cursorSetSamples(cursor, cache.samples);
}

/** The attributes that an Observe request carries, OMA-TS-LightweightM2M_Core-V1_2 6.4.1. @returns undefined where they are wrong */
function ownAttributes(
	message: Message,
	model: Model,
	enabler: EnablerVersion,
	object: number,
	resource: number,
): AttributeValues | undefined {
	const type = model.objects[object]?.definition.resources[resource]?.type;
	const changes = readAttributes(message, enabler, isNumeric(type), type === BOOLEAN);
	if (!changes) return undefined;
	const values: AttributeValues = [];
	changes.forEach((value, attribute) => {
		if (value !== null) values[attribute] = value;
	});
	return isConsistent(values) ? values : undefined;
}
