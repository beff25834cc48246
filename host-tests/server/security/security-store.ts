// The credentials a server knows, in memory, one set an endpoint.

import type { Peer } from "../transport.js";
import type { SecurityInfo } from "./security-info.js";

const LARGEST_STORE = 10_000;

export class SecurityStore {
	readonly #byEndpoint = new Map<string, SecurityInfo>();

	[Symbol.iterator](): IterableIterator<SecurityInfo> {
		return this.#byEndpoint.values();
	}

	/** In place of what the endpoint had; a RangeError when another endpoint has the identity. */
	add(info: SecurityInfo): void {
		if (info.mode === "psk") {
			const owner = this.endpointOf(info.identity);
			if (owner !== undefined && owner !== info.endpoint) {
				throw new RangeError(`the identity "${info.identity}" belongs to another endpoint`);
			}
		}
		if (this.#byEndpoint.size >= LARGEST_STORE && !this.#byEndpoint.has(info.endpoint)) {
			throw new RangeError(`the store is full with ${LARGEST_STORE} endpoints`);
		}
		this.#byEndpoint.set(info.endpoint, info);
	}

	/** False when there was nothing. */
	remove(endpoint: string): boolean {
		return this.#byEndpoint.delete(endpoint);
	}

	get(endpoint: string): SecurityInfo | undefined {
		return this.#byEndpoint.get(endpoint);
	}

	/** The pre-shared key of an identity: what a DTLS transport asks for in a handshake. */
	keyOf(identity: string): Buffer | undefined {
		const endpoint = this.endpointOf(identity);
		const info = endpoint === undefined ? undefined : this.#byEndpoint.get(endpoint);
		return info?.mode === "psk" ? info.key : undefined;
	}

	endpointOf(identity: string): string | undefined {
		for (const info of this.#byEndpoint.values()) {
			if (info.mode === "psk" && info.identity === identity) return info.endpoint;
		}
		return undefined;
	}

	/**
	 * Whether this peer may speak for the endpoint: one with credentials only by them,
	 * one without only if the peer's identity is nobody else's.
	 */
	isAllowed(endpoint: string, { identity }: Peer): boolean {
		const info = this.#byEndpoint.get(endpoint);
		if (!info) return identity === undefined || this.endpointOf(identity) === undefined;
		switch (info.mode) {
			case "psk":
				return identity === info.identity;
			case "x509":
				return identity === endpoint;
			case "rpk":
				return identity?.toLowerCase() === info.key.toString("hex");
		}
	}
}
