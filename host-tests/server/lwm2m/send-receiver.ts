// Send at /dp (OMA TS Core 1.1.1, 6.4.6; TS Transport 1.1.1, 6.4.5): a registered device reports values on its own.

import type { Clock } from "../clock.js";
import type { Reply } from "../coap/assembly.js";
import type { Incoming } from "../coap/endpoint.js";
import { decodeLeaves, latest } from "../codec/codec.js";
import { LWM2M_CBOR, SENML_CBOR, SENML_JSON } from "../codec/content-format.js";
import type { ServerEvents } from "../events.js";
import { nodesToJson, samplesToJson } from "./answer.js";
import { type Leaf, type Node, nodeOf } from "./node.js";
import { formatPath } from "./path.js";
import type { Registrations } from "./registrations.js";
import { CodecError } from "./value.js";

const FORMATS: readonly number[] = [SENML_CBOR, SENML_JSON, LWM2M_CBOR];

export class SendReceiver {
	readonly #registrations: Registrations;
	readonly #clock: Clock;
	readonly #events: ServerEvents;

	constructor(registrations: Registrations, clock: Clock, events: ServerEvents) {
		this.#registrations = registrations;
		this.#clock = clock;
		this.#events = events;
	}

	handle(request: Incoming): Reply {
		if (request.method !== "POST") return { code: "4.05" };
		const registration = this.#registrations.byPeer(request.peer, request.endpoint);
		if (!registration) return { code: "4.04", payload: Buffer.from("no registration from this address") };
		const { format } = request;
		if (format === undefined || !FORMATS.includes(format)) return { code: "4.15" };
		let leaves: Leaf[];
		let nodes: Map<string, Node>;
		try {
			leaves = decodeLeaves(format, request.payload, this.#clock.now());
			if (leaves.length === 0) throw new CodecError("Send without a value");
			nodes = new Map(latest(leaves).map((leaf) => [formatPath(leaf.path), nodeOf(leaf.path, [leaf])]));
		} catch (error) {
			if (!(error instanceof CodecError)) throw error;
			this.#events.publish("ERROR", registration.endpoint, {
				ep: registration.endpoint,
				message: `Send: ${error.message}`,
			});
			return { code: "4.00", payload: Buffer.from(error.message) };
		}
		const samples = samplesToJson(leaves);
		const data = {
			ep: registration.endpoint,
			val: nodesToJson(nodes),
			...(samples.length > 0 ? { samples } : {}),
		};
		// After the response, as all events.
		queueMicrotask(() => this.#events.publish("SEND", registration.endpoint, data));
		return { code: "2.04" };
	}
}
