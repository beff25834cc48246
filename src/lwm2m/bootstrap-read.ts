// Bootstrap-Discover and Bootstrap-Read. OMA-TS-LightweightM2M_Core-V1_1_1 6.1.7.2, 6.1.7.3.
// They come a few times in a device's life: the representation is built in a buffer of its own each time.
import { textBytes, writeText } from "../bytes.js";
import { blockBytes, blockNumber, blockSzx } from "../coap/block.js";

import {
	BAD_REQUEST,
	CONTENT,
	INTERNAL_SERVER_ERROR,
	METHOD_NOT_ALLOWED,
	NOT_ACCEPTABLE,
	NOT_FOUND,
} from "../coap/numbers.js";
import { requestKey } from "../coap/transfer.js";
import { addPayload } from "../coap/writer.js";
import { LINK_FORMAT, SENML_CBOR, TLV } from "../codec/codec.js";
import { codecOf } from "../codec/codecs.js";
import { BLOCK_SZX, REPRESENTATION_BYTES } from "../config.js";
import { isBootstrap, SECURITY, SERVER } from "./accounts.js";
import type { Answer } from "./answer.js";
import { restart, start } from "./cursor.js";
import type { EnablerVersion } from "./definition.js";
import type { Model } from "./model.js";

const ACCESS_CONTROL = 2;
/** The request has been answered. */
const ANSWERED = 0;

/** Answers a GET with Accept 40 of the root or of an object. @returns 0, or the code to answer with */
export function bootstrapDiscover(model: Model, answer: Answer, now: number): number {
	const { message } = answer;
	const { pathDepth, object } = message;
	if (pathDepth > 1) return METHOD_NOT_ALLOWED;
	if (pathDepth === 1 && !model.objects[object]) return NOT_FOUND;
	const text = linksOf(model, answer.session.enabler, pathDepth === 1 ? object : -1);
	const bytes = new Uint8Array(textBytes(text));
	writeText(bytes, 0, text);
	return send(answer, bytes, LINK_FORMAT, now);
}

/** Answers a GET of Server or Access Control, or of an instance of them. @returns 0, or the code to answer with */
export function bootstrapRead(model: Model, answer: Answer, now: number): number {
	const { message } = answer;
	const { cursor } = model;
	const { pathDepth, object, instance, accept } = message;
	if (pathDepth < 1 || pathDepth > 2 || (object !== SERVER && object !== ACCESS_CONTROL)) return METHOD_NOT_ALLOWED;
	const node = model.objects[object];
	if (!node || (pathDepth === 2 && !node.instances[instance])) return NOT_FOUND;
	const codec = codecOf(accept >= 0 ? accept : answer.session.enabler === "1.0" ? TLV : SENML_CBOR);
	if (!codec || codec.isSingle) return NOT_ACCEPTABLE;
	start(cursor, model, object, instance, -1, -1);
	const size = codec.encode(cursor, new Uint8Array(0), 0);
	if (size < 0) return NOT_ACCEPTABLE;
	const bytes = new Uint8Array(size);
	restart(cursor);
	codec.encode(cursor, bytes, 0);
	return send(answer, bytes, codec.format, now);
}

function send(answer: Answer, bytes: Uint8Array, format: number, now: number): number {
	const { message } = answer;
	const { block2 } = message;
	if (block2 >= 0 && blockSzx(block2) === 7) return BAD_REQUEST;
	if (bytes.length > REPRESENTATION_BYTES) return INTERNAL_SERVER_ERROR;
	const { transfer } = answer.session;
	if (block2 >= 0 && blockNumber(block2) > 0 && transfer.has(requestKey(message, message.code)))
		return answer.blocks(undefined, CONTENT, -1, format, now) ? ANSWERED : BAD_REQUEST;
	if (bytes.length > blockBytes(block2 < 0 ? BLOCK_SZX : Math.min(blockSzx(block2), BLOCK_SZX)) || block2 >= 16)
		return answer.blocks(bytes, CONTENT, -1, format, now) ? ANSWERED : BAD_REQUEST;
	answer.beginContent(CONTENT, -1, format);
	addPayload(message, bytes, 0, bytes.length);
	answer.end();
	return ANSWERED;
}

/** `</>;lwm2m=1.1,</0/0>,</0/1>;ssid=1;uri="coap://…",</1/0>;ssid=1,</3/0>` */
function linksOf(model: Model, enabler: EnablerVersion, only: number): string {
	const links = [enabler === "1.0" ? 'lwm2m="1.0"' : `</>;lwm2m=${enabler}`];
	for (const id of only < 0 ? model.objectIds : [only]) {
		const { definition, instanceIds } = model.objects[id]!;
		const version = definition.versions[enabler];
		if (version === undefined) continue;
		if (instanceIds.length === 0 || version !== "1.0")
			links.push(`</${id}>${version === "1.0" ? "" : `;ver=${version}`}`);
		for (const instance of instanceIds) links.push(`</${id}/${instance}>${accountOf(model, id, instance, enabler)}`);
	}
	return links.join(",");
}

function accountOf(model: Model, object: number, instance: number, enabler: EnablerVersion): string {
	if (object !== SECURITY && object !== SERVER) return "";
	const isServer = object === SERVER || !isBootstrap(model, instance);
	const id = model.stored(object, instance, object === SERVER ? 0 : 10, -1);
	const uri = object === SECURITY && enabler !== "1.0" ? model.stored(SECURITY, instance, 0, -1) : undefined;
	return `${isServer && id !== undefined ? `;ssid=${id}` : ""}${uri === undefined ? "" : `;uri="${uri}"`}`;
}
