// What an operation on a device came to, and its JSON form.

import { nameOfResponse } from "../coap/numbers.js";
import type { CoapResponse } from "../coap/transfer.js";
import type { Link } from "./link-format.js";
import type { Leaf, Node } from "./node.js";
import { type Json, nodeToJson, valueToJson } from "./node-json.js";
import { formatPath } from "./path.js";
import { linksToJson } from "./registration.js";
import { CodecError } from "./value.js";

export interface Answer {
	/** "2.05" and so on. */
	readonly code: string;
	readonly isSuccess: boolean;
	readonly response: CoapResponse;
	readonly content?: Node;
	/** Of a composite: null for a path without a value. */
	readonly nodes?: ReadonlyMap<string, Node | null>;
	readonly links?: readonly Link[];
	/** Of a Create: the path of the new instance, without a slash in front as Leshan has it. */
	readonly location?: string;
	readonly errorMessage?: string;
}

/** The device answered, and the answer cannot be read. */
export class InvalidResponse extends Error {
	override readonly name = "InvalidResponse";
}

/** The answer as far as the code and the diagnostic payload tell. */
export function plainAnswer(response: CoapResponse): Answer {
	const isSuccess = response.code.startsWith("2.");
	const answer = { code: response.code, isSuccess, response };
	const errorMessage = isSuccess ? "" : response.payload.toString("utf8");
	return errorMessage === "" ? answer : { ...answer, errorMessage };
}

/** Decodes what a device answered; its faults become an InvalidResponse. */
export function understood<T>(decode: () => T): T {
	try {
		return decode();
	} catch (error) {
		if (error instanceof CodecError) throw new InvalidResponse(`the device answered with nonsense: ${error.message}`);
		throw error;
	}
}

export function answerToJson(answer: Answer): Json {
	return {
		status: nameOfResponse(answer.code),
		valid: true,
		success: answer.isSuccess,
		failure: !answer.isSuccess,
		...(answer.content ? { content: nodeToJson(answer.content) } : {}),
		...(answer.nodes ? { content: nodesToJson(answer.nodes) } : {}),
		...(answer.links ? { objectLinks: linksToJson(answer.links) } : {}),
		...(answer.location === undefined ? {} : { location: answer.location }),
		...(answer.errorMessage ? { errormessage: answer.errorMessage } : {}),
	};
}

export function nodesToJson(nodes: ReadonlyMap<string, Node | null>): Json {
	const json: { [path: string]: Json } = {};
	for (const [path, node] of nodes) json[path] = node ? nodeToJson(node) : null;
	return json;
}

/** Every value that came with a time, oldest first as sent. */
export function samplesToJson(leaves: readonly Leaf[]): Json[] {
	const timed = leaves.filter((leaf) => leaf.timestamp !== undefined);
	return timed.map(({ path, type, value, timestamp }) => ({
		path: formatPath(path),
		timestamp: timestamp ?? null,
		type,
		value: valueToJson(value, type),
	}));
}
