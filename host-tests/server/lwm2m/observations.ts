// What the server observes: tokens it accepts notifications for (OMA TS Core 1.1.1, 6.4).

import { randomBytes } from "node:crypto";
import type { Message } from "../coap/message.js";
import { type CoapRequest, type CoapResponse, TOKEN_BYTES } from "../coap/transfer.js";
import type { Peer } from "../transport.js";
import { isSamePath, type Path } from "./path.js";
import type { Registration } from "./registration.js";

export interface Observation {
	readonly registration: Registration;
	readonly kind: "single" | "composite";
	readonly paths: readonly Path[];
	readonly token: Buffer;
	/** The request to repeat for later blocks and for the active cancellation. */
	readonly request: CoapRequest;
}

export type NotificationListener = (observation: Observation, outcome: CoapResponse | Error) => void;

export class Observations {
	readonly #onNotification: NotificationListener;
	readonly #all = new Set<Observation>();

	constructor(onNotification: NotificationListener) {
		this.#onNotification = onNotification;
	}

	/** Ready for notifications before the request leaves; an older one for the same paths is forgotten. */
	begin(
		registration: Registration,
		kind: Observation["kind"],
		paths: readonly Path[],
		request: CoapRequest,
	): Observation {
		const token = randomBytes(TOKEN_BYTES);
		const observation = { registration, kind, paths, token, request: { ...request, token } };
		for (const older of this.find(registration, kind, paths)) this.forget(older);
		this.#all.add(observation);
		registration.coap.addObserver(token, {
			peerKey: () => registration.peer.key,
			onNotification: (message, peer) => void this.#receive(observation, message, peer),
		});
		return observation;
	}

	/** Composite paths match in any order. */
	find(registration: Registration, kind: Observation["kind"], paths: readonly Path[]): Observation[] {
		return [...this.#all].filter(
			(observation) =>
				observation.registration === registration &&
				observation.kind === kind &&
				observation.paths.length === paths.length &&
				paths.every((path) => observation.paths.some((other) => isSamePath(path, other))),
		);
	}

	of(registration: Registration): Observation[] {
		return [...this.#all].filter((observation) => observation.registration === registration);
	}

	/** The next notification gets a reset. */
	forget(observation: Observation): void {
		if (this.#all.delete(observation)) observation.registration.coap.removeObserver(observation.token);
	}

	forgetAll(registration: Registration): void {
		for (const observation of this.of(registration)) this.forget(observation);
	}

	async #receive(observation: Observation, first: Message, peer: Peer): Promise<void> {
		try {
			const response = await observation.registration.coap.complete(peer, observation.request, first);
			if (!response.code.startsWith("2.")) this.forget(observation);
			this.#onNotification(observation, response);
		} catch (error) {
			this.#onNotification(observation, error instanceof Error ? error : new Error(String(error)));
		}
	}
}
