// Composite Read, Write and Observe: several paths in one request to the root. OMA-TS-LightweightM2M_Core-V1_1_1 6.3.9,
// 6.3.10, 6.4.4; RFC 8132 (FETCH, iPATCH). A Read is best effort: what is missing is left out. A Write is all or nothing:
// its payload is read to check all of it, to tell the application's write handlers, and only then to store it.
// Memory: four slots a path, of at most COMPOSITE_PATHS, kept while they are observed.

import { blockNumber, blockSzx } from "../coap/block.js";
import {
	BAD_REQUEST,
	CHANGED,
	CONTENT,
	INTERNAL_SERVER_ERROR,
	isRefusal,
	METHOD_NOT_ALLOWED,
	NOT_ACCEPTABLE,
	NOT_FOUND,
	REQUEST_ENTITY_TOO_LARGE,
	UNAUTHORIZED,
	UNSUPPORTED_CONTENT_FORMAT,
} from "../coap/numbers.js";
import { requestKey, type Transfer } from "../coap/transfer.js";
import { beginPayload } from "../coap/writer.js";
import {
	type Codec,
	END,
	LWM2M_CBOR,
	MALFORMED,
	RECORD,
	SENML_CBOR,
	SENML_ETCH_CBOR,
	SENML_ETCH_JSON,
	SENML_JSON,
} from "../codec/codec.js";
import { codecOf } from "../codec/codecs.js";
import { setBase } from "../codec/record.js";
import type { Answer } from "./answer.js";
import { startPaths } from "./cursor.js";
import type { Decoded } from "./decoded.js";
import { W } from "./definition.js";
import { chooseWithPaths } from "./format.js";
import { fits, handlerOf, isMultiple, LATER, type Model, type ObjectNode } from "./model.js";
import type { Observations } from "./observe.js";
import { addPath } from "./paths.js";
import { ANSWERED, deliver, PUT_OFF, setSamples } from "./read.js";

const SECURITY = 0;

/** Answers a FETCH of the root. @returns ANSWERED, PUT_OFF, or the code to answer with */
export function readComposite(model: Model, observations: Observations, answer: Answer, now: number): number {
	const { message } = answer;
	const { cursor, record } = model;
	const { pathDepth, accept, format, block2, observe } = message;
	const { session } = answer;
	if (pathDepth !== 0) return METHOD_NOT_ALLOWED;
	const request = compositeCodec(format);
	if (!request) return UNSUPPORTED_CONTENT_FORMAT;
	const wanted = answerCodec(accept >= 0 ? accept : valueFormat(format));
	if (!wanted) return NOT_ACCEPTABLE;
	if (block2 >= 0) {
		if (blockSzx(block2) === 7) return BAD_REQUEST;
		if (blockNumber(block2) > 0 && session.transfer.has(requestKey(message, message.code)))
			return answer.blocks(undefined, CONTENT, -1, wanted.format, now) ? ANSWERED : BAD_REQUEST;
	}
	const paths: number[] = [];
	const refusal = readPaths(record, request, session.transfer, paths);
	if (refusal !== 0) return refusal;
	const hasSamples = observations.cache.coversAny(paths);
	startPaths(cursor, model, paths);
	// who asks in CBOR without saying what is accepted understands all of it that its version has
	const isFree = accept < 0 && wanted.format !== SENML_JSON && !hasSamples;
	const codec = isFree ? chooseWithPaths(cursor, session.enabler) : wanted;
	let sequence = -1;
	if (observe === 0) {
		sequence = observations.add(session, codec.format, paths);
		if (sequence < 0) return INTERNAL_SERVER_ERROR;
	} else if (observe === 1) observations.cancel(session, paths);
	startPaths(cursor, model, paths);
	answer.beginContent(CONTENT, sequence, codec.format);
	if (answer.block1 >= 0) session.transfer.addBlock1(answer.block1, CONTENT);
	const at = beginPayload(message);
	if (hasSamples) setSamples(cursor, observations.cache, codec.format, -1, -1, -1, -1);
	const end = codec.encode(cursor, message.tx, at);
	if (cursor.isLater) return PUT_OFF;
	if (end < 0) return NOT_ACCEPTABLE;
	return deliver(cursor, answer, codec, at, end, sequence, now);
}

/** Answers an iPATCH of the root. @returns the code to answer with, or PUT_OFF */
export function writeComposite(model: Model, transfer: Transfer, isResumed: boolean): number {
	const { message } = transfer;
	const { record } = model;
	if (message.pathDepth !== 0) return METHOD_NOT_ALLOWED;
	const codec = compositeCodec(message.format);
	if (!codec) return UNSUPPORTED_CONTENT_FORMAT;
	const refusal = check(model, codec, transfer);
	if (refusal !== 0) return refusal;
	const outcome = isResumed ? 0 : tell(model, codec, transfer);
	if (outcome !== 0) return outcome;
	model.beginBatch();
	open(record, codec, transfer);
	while (codec.next(record) === RECORD) {
		const { object, instance, resource, resourceInstance } = record;
		const { type } = model.objects[object]!.definition.resources[resource]!;
		if (codec.hasValue(record)) model.assign(object, instance, resource, resourceInstance, codec.value(record, type)!);
		else model.remove(object, instance, resource, resourceInstance);
	}
	model.endBatch();
	return CHANGED;
}

/** The formats that carry paths of several objects. */
function compositeCodec(format: number): Codec | undefined {
	return format === SENML_ETCH_CBOR || format === SENML_ETCH_JSON ? codecOf(format) : answerCodec(format);
}

function answerCodec(format: number): Codec | undefined {
	return format === SENML_CBOR || format === SENML_JSON || format === LWM2M_CBOR ? codecOf(format) : undefined;
}

/** What is answered in where the server does not say: the request's own format. RFC 8790's carry no answers. */
function valueFormat(format: number): number {
	return format === SENML_ETCH_CBOR ? SENML_CBOR : format === SENML_ETCH_JSON ? SENML_JSON : format;
}

function open(record: Decoded, codec: Codec, transfer: Transfer): void {
	setBase(record, -1, -1, -1, -1);
	codec.open(record, transfer.bytes, transfer.start, transfer.end);
}

/** Takes the paths out of a payload. @returns 0, or the code that refuses */
function readPaths(record: Decoded, codec: Codec, transfer: Transfer, paths: number[]): number {
	open(record, codec, transfer);
	for (;;) {
		const found = codec.next(record);
		if (found === END) return paths.length > 0 ? 0 : BAD_REQUEST;
		if (found === MALFORMED) return BAD_REQUEST;
		const { object, instance, resource, resourceInstance } = record;
		if (object === SECURITY) return UNAUTHORIZED;
		if (!addPath(paths, object, instance, resource, resourceInstance)) return REQUEST_ENTITY_TOO_LARGE;
	}
}

/** Checks every record: path, operation, type, range, number, the application's validation. @returns 0, or what refuses */
function check(model: Model, codec: Codec, transfer: Transfer): number {
	const { record } = model;
	const counts = new Map<number, number>();
	let hasRecords = false;
	open(record, codec, transfer);
	for (;;) {
		const found = codec.next(record);
		if (found === END) return hasRecords ? 0 : BAD_REQUEST;
		if (found === MALFORMED) return BAD_REQUEST;
		hasRecords = true;
		if (record.object === SECURITY) return UNAUTHORIZED;
		const node = model.objects[record.object];
		if (record.object >= 0 && !node?.instances[record.instance]) return NOT_FOUND;
		const refusal = node ? checkRecord(record, node, codec, counts) : BAD_REQUEST;
		if (refusal !== 0) return refusal;
	}
}

function checkRecord(record: Decoded, node: ObjectNode, codec: Codec, counts: Map<number, number>): number {
	const { instance, resource, resourceInstance } = record;
	if (resource < 0) return BAD_REQUEST;
	const definition = node.definition.resources[resource];
	if (!definition) return NOT_FOUND;
	if ((definition.operations & W) === 0) return METHOD_NOT_ALLOWED;
	const bound = definition.multiple;
	if (bound === undefined ? resourceInstance >= 0 : resourceInstance < 0) return BAD_REQUEST;
	const held = node.instances[instance]![resource];
	const isHeld = isMultiple(held) && held.ids.includes(resourceInstance);
	// null removes an instance of a multiple resource
	if (!codec.hasValue(record)) return bound === undefined ? BAD_REQUEST : isHeld ? 0 : NOT_FOUND;
	const value = codec.value(record, definition.type);
	if (value === undefined || !fits(definition, value)) return BAD_REQUEST;
	if (bound !== undefined && !isHeld) {
		// one key for each resource of each instance: 48 bits
		const key = (node.definition.id * 65536 + instance) * 65536 + resource;
		const count = (counts.get(key) ?? (isMultiple(held) ? held.ids.length : 0)) + 1;
		if (count > bound) return INTERNAL_SERVER_ERROR;
		counts.set(key, count);
	}
	const refusal = handlerOf(node, instance, resource)?.validate?.(value, instance, resourceInstance);
	return typeof refusal === "number" && isRefusal(refusal) ? refusal : 0;
}

/** Tells the write handlers what comes. @returns 0, a handler's refusal, or PUT_OFF */
function tell(model: Model, codec: Codec, transfer: Transfer): number {
	const { record } = model;
	let outcome = 0;
	open(record, codec, transfer);
	while (codec.next(record) === RECORD) {
		const { object, instance, resource, resourceInstance } = record;
		const node = model.objects[object]!;
		const write = codec.hasValue(record) ? handlerOf(node, instance, resource)?.write : undefined;
		if (!write) continue;
		const value = codec.value(record, node.definition.resources[resource]!.type)!; // `check` has seen it
		const answer = write(value, instance, resourceInstance);
		if (answer === LATER) outcome = PUT_OFF;
		else if (typeof answer === "number" && isRefusal(answer)) return answer;
	}
	return outcome;
}
