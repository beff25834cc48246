// The data of the events about registrations and notifications.

import { nameOfResponse } from "../coap/numbers.js";
import type { CoapResponse } from "../coap/transfer.js";
import { decodeLeaves, decodeNode, latest, nodesAt } from "../codec/codec.js";
import { SENML_CBOR, SENML_JSON, TEXT } from "../codec/content-format.js";
import type { EventName } from "../events.js";
import { hostAndPort } from "../transport.js";
import { nodesToJson, samplesToJson } from "./answer.js";
import type { Leaf } from "./node.js";
import { type Json, nodeToJson } from "./node-json.js";
import type { Observation } from "./observations.js";
import { formatPath } from "./path.js";
import { linksToJson, type Registration, registrationToJson, rootPathOf } from "./registration.js";
import type { RegistrationUpdate } from "./registration-interface.js";

type JsonRecord = { [name: string]: Json };

export function updateToJson(registration: Registration, update: RegistrationUpdate): JsonRecord {
	return {
		registration: registrationToJson(registration),
		update: {
			registrationId: registration.id,
			address: hostAndPort(registration.peer.address, registration.peer.port),
			...(update.smsNumber === undefined ? {} : { smsNumber: update.smsNumber }),
			...(update.lifetimeSeconds === undefined ? {} : { lifetime: update.lifetimeSeconds }),
			...(update.binding === undefined ? {} : { bindingMode: update.binding }),
			...(update.links === undefined
				? {}
				: { alternatePath: rootPathOf(update.links), objectLinks: linksToJson(update.links) }),
			secure: registration.coap.transport.isSecure,
			additionalAttributes: {},
			moved: update.hasMoved,
		},
	};
}

/** A notification, or an ERROR for one that cannot be used. */
export function notificationToJson(
	observation: Observation,
	outcome: CoapResponse | Error,
	nowMs: number,
): { name: EventName; data: JsonRecord } {
	const ep = observation.registration.endpoint;
	const res = observation.paths.map(formatPath);
	try {
		if (outcome instanceof Error) throw outcome;
		if (!outcome.code.startsWith("2.")) throw new Error(`the device ended it with ${nameOfResponse(outcome.code)}`);
		return { name: "NOTIFICATION", data: { ep, ...contentOf(observation, outcome, nowMs) } };
	} catch (error) {
		const message = error instanceof Error ? error.message : String(error);
		return { name: "ERROR", data: { ep, paths: res, message: `notification: ${message}` } };
	}
}

function contentOf(observation: Observation, response: CoapResponse, nowMs: number): JsonRecord {
	const format = response.format ?? TEXT;
	const hasTimes = format === SENML_CBOR || format === SENML_JSON;
	const leaves: Leaf[] = hasTimes ? decodeLeaves(format, response.payload, nowMs) : [];
	const samples = samplesToJson(leaves);
	const timed: JsonRecord = samples.length > 0 ? { samples } : {};
	if (observation.kind === "single") {
		const [path] = observation.paths;
		const val = nodeToJson(decodeNode(format, response.payload, path!, nowMs));
		return { kind: "single", res: formatPath(path!), val, ...timed };
	}
	const all = hasTimes ? leaves : decodeLeaves(format, response.payload, nowMs);
	const val = nodesToJson(nodesAt(observation.paths, latest(all)));
	return { kind: "composite", val, paths: observation.paths.map(formatPath), ...timed };
}
