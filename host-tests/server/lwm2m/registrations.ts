// All registered devices, by registration id and by endpoint name, and the end of their lifetimes.

import type { Clock } from "../clock.js";
import type { CoapEndpoint } from "../coap/endpoint.js";
import type { Peer } from "../transport.js";
import type { Registration } from "./registration.js";

export type RemovalReason = "deregistered" | "replaced" | "expired" | "removed";

export class Registrations {
	onRemoved: (registration: Registration, reason: RemovalReason) => void = () => {};
	readonly #clock: Clock;
	/** How long after the end of its lifetime a device is still known. */
	readonly #graceMs: number;
	readonly #byId = new Map<string, Registration>();
	readonly #timers = new Map<string, () => void>();

	constructor(clock: Clock, graceMs: number) {
		this.#clock = clock;
		this.#graceMs = graceMs;
	}

	get size(): number {
		return this.#byId.size;
	}

	[Symbol.iterator](): IterableIterator<Registration> {
		return this.#byId.values();
	}

	byId(id: string): Registration | undefined {
		return this.#byId.get(id);
	}

	byEndpoint(endpoint: string): Registration | undefined {
		for (const registration of this.#byId.values()) if (registration.endpoint === endpoint) return registration;
		return undefined;
	}

	byPeer(peer: Peer, coap: CoapEndpoint): Registration | undefined {
		for (const registration of this.#byId.values()) {
			if (registration.peer.key === peer.key && registration.coap === coap) return registration;
		}
		return undefined;
	}

	/** Adds it in place of an older one of the same endpoint name. */
	add(registration: Registration): void {
		const previous = this.byEndpoint(registration.endpoint);
		if (previous) this.remove(previous, "replaced");
		this.#byId.set(registration.id, registration);
		this.touch(registration);
	}

	/** Starts the lifetime anew. */
	touch(registration: Registration): void {
		this.#timers.get(registration.id)?.();
		const delayMs = registration.lifetimeSeconds * 1000 + this.#graceMs;
		const cancel = this.#clock.schedule(() => this.remove(registration, "expired"), delayMs);
		this.#timers.set(registration.id, cancel);
	}

	/** Forgets a device; its next Update gets 4.04. */
	remove(registration: Registration, reason: RemovalReason = "removed"): void {
		if (!this.#byId.delete(registration.id)) return;
		this.#timers.get(registration.id)?.();
		this.#timers.delete(registration.id);
		this.onRemoved(registration, reason);
	}

	/** Stops all timers, and tells nobody. */
	stop(): void {
		for (const cancel of this.#timers.values()) cancel();
		this.#timers.clear();
		this.#byId.clear();
	}
}
