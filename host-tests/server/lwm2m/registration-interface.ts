// The registration interface below /rd (OMA TS Core 1.1.1, 6.2; TS Transport 1.1.1, 6.4.3).
// As Leshan does: Register and Update must be confirmable, ids have ten characters, unknown versions get 4.12,
// and an endpoint with credentials of its own registers with them or gets 4.03.

import { randomInt } from "node:crypto";
import type { Clock } from "../clock.js";
import type { Reply } from "../coap/assembly.js";
import type { Incoming } from "../coap/endpoint.js";
import { stringOptions } from "../coap/message.js";
import { LOCATION_PATH } from "../coap/numbers.js";
import { LINK } from "../codec/content-format.js";
import type { SecurityStore } from "../security/security-store.js";
import { type Link, parseLinks } from "./link-format.js";
import type { Registration } from "./registration.js";
import type { Registrations } from "./registrations.js";
import { CodecError } from "./value.js";

export interface RegistrationUpdate {
	readonly lifetimeSeconds?: number;
	readonly binding?: string;
	readonly smsNumber?: string;
	readonly links?: readonly Link[];
	readonly hasMoved: boolean;
}

export interface RegistrationListener {
	onRegistered(registration: Registration): void;
	onUpdated(registration: Registration, update: RegistrationUpdate, previousPeerKey: string): void;
}

const DEFAULT_LIFETIME_SECONDS = 86400;
const LONGEST_LIFETIME_SECONDS = 0xffffffff;
const ID_CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const ID_LENGTH = 10;
const OWN_PARAMETERS = new Set(["ep", "lt", "lwm2m", "b", "Q", "sms"]);

/** Bindings of 1.0 carry the queue mode, those of 1.1 are a set of transports. */
const BINDINGS_1_0 = /^(U|UQ|S|SQ|US|UQS)$/;
const BINDINGS_1_1 = /^(?!.*(.).*\1)[UTSNMH]+$/;

class Refused extends Error {
	override readonly name = "Refused";
	readonly code: string;

	constructor(code: string, message: string) {
		super(message);
		this.code = code;
	}
}

export class RegistrationInterface {
	readonly #registrations: Registrations;
	readonly #security: SecurityStore;
	readonly #versions: readonly string[];
	readonly #clock: Clock;
	readonly #listener: RegistrationListener;

	constructor(
		registrations: Registrations,
		security: SecurityStore,
		versions: readonly string[],
		clock: Clock,
		listener: RegistrationListener,
	) {
		this.#registrations = registrations;
		this.#security = security;
		this.#versions = versions;
		this.#clock = clock;
		this.#listener = listener;
	}

	/** Serves a request whose path begins with `rd`. */
	handle(request: Incoming): Reply {
		const [, id, ...more] = request.path;
		try {
			if (more.length > 0) throw new Refused("4.04", "no such resource");
			if (request.method === "POST") return id === undefined ? this.#register(request) : this.#update(request, id);
			if (request.method === "DELETE" && id !== undefined) return this.#deregister(request, id);
			throw new Refused("4.05", `no ${request.method} here`);
		} catch (error) {
			if (error instanceof Refused) return { code: error.code, payload: Buffer.from(error.message) };
			throw error;
		}
	}

	#register(request: Incoming): Reply {
		if (!request.isConfirmable) throw new Refused("4.00", "Register must be confirmable");
		const parameters = parametersOf(request.query);
		const { identity } = request.peer;
		// A device with credentials need not tell its name (OMA TS Core 1.1.1, 6.2.1).
		const endpoint = parameters.get("ep") || (identity && this.#security.endpointOf(identity));
		if (!endpoint) throw new Refused("4.00", "ep is missing");
		if (!this.#security.isAllowed(endpoint, request.peer)) {
			throw new Refused("4.03", `${endpoint} has other credentials`);
		}
		const version = parameters.get("lwm2m");
		if (version === undefined || !/^\d+\.\d+$/.test(version))
			throw new Refused("4.00", "lwm2m is missing or no version");
		if (!this.#versions.includes(version)) {
			throw new Refused("4.12", `LwM2M ${version} is not supported, only ${this.#versions.join(", ")}`);
		}
		const links = linksOf(request);
		if (!links) throw new Refused("4.00", "the list of objects is missing");
		if (version === "1.0" && parameters.has("Q")) throw new Refused("4.00", "Q is not known to LwM2M 1.0");
		const binding = bindingOf(parameters, version) ?? "U";
		const now = this.#clock.now();
		const attributes: Record<string, string> = {};
		for (const [name, value] of parameters) if (!OWN_PARAMETERS.has(name)) attributes[name] = value;
		const registration: Registration = {
			endpoint,
			id: newId(),
			version,
			registrationDate: now,
			lastUpdate: now,
			lifetimeSeconds: lifetimeOf(parameters) ?? DEFAULT_LIFETIME_SECONDS,
			binding,
			isQueueMode: version === "1.0" ? binding.includes("Q") : parameters.has("Q"),
			smsNumber: parameters.get("sms"),
			attributes,
			links,
			peer: request.peer,
			coap: request.endpoint,
			isSleeping: false,
		};
		this.#registrations.add(registration);
		this.#listener.onRegistered(registration);
		return { code: "2.01", options: stringOptions(LOCATION_PATH, ["rd", registration.id]) };
	}

	#update(request: Incoming, id: string): Reply {
		if (!request.isConfirmable) throw new Refused("4.00", "Update must be confirmable");
		const registration = this.#find(request, id);
		const parameters = parametersOf(request.query);
		const lifetimeSeconds = lifetimeOf(parameters);
		const binding = bindingOf(parameters, registration.version);
		const smsNumber = parameters.get("sms");
		const links = linksOf(request);
		const previousPeerKey = registration.peer.key;
		registration.lifetimeSeconds = lifetimeSeconds ?? registration.lifetimeSeconds;
		registration.binding = binding ?? registration.binding;
		registration.smsNumber = smsNumber ?? registration.smsNumber;
		registration.links = links ?? registration.links;
		registration.lastUpdate = this.#clock.now();
		registration.peer = request.peer;
		registration.coap = request.endpoint;
		this.#registrations.touch(registration);
		const update: RegistrationUpdate = {
			hasMoved: previousPeerKey !== request.peer.key,
			...(lifetimeSeconds === undefined ? {} : { lifetimeSeconds }),
			...(binding === undefined ? {} : { binding }),
			...(smsNumber === undefined ? {} : { smsNumber }),
			...(links === undefined ? {} : { links }),
		};
		this.#listener.onUpdated(registration, update, previousPeerKey);
		return { code: "2.04" };
	}

	#deregister(request: Incoming, id: string): Reply {
		this.#registrations.remove(this.#find(request, id), "deregistered");
		return { code: "2.02" };
	}

	#find(request: Incoming, id: string): Registration {
		const registration = this.#registrations.byId(id);
		if (!registration) throw new Refused("4.04", "unknown registration");
		if (registration.peer.identity !== request.peer.identity)
			throw new Refused("4.00", "another device's registration");
		return registration;
	}
}

function parametersOf(query: readonly string[]): Map<string, string> {
	const parameters = new Map<string, string>();
	for (const item of query) {
		const at = item.indexOf("=");
		const name = at < 0 ? item : item.slice(0, at);
		if (name === "Q" && at >= 0) throw new Refused("4.00", "Q has no value");
		parameters.set(name, at < 0 ? "" : item.slice(at + 1));
	}
	return parameters;
}

function lifetimeOf(parameters: ReadonlyMap<string, string>): number | undefined {
	const text = parameters.get("lt");
	if (text === undefined) return undefined;
	if (!/^\d{1,10}$/.test(text) || Number(text) === 0 || Number(text) > LONGEST_LIFETIME_SECONDS) {
		throw new Refused("4.00", `lt=${text} is no lifetime`);
	}
	return Number(text);
}

function bindingOf(parameters: ReadonlyMap<string, string>, version: string): string | undefined {
	const text = parameters.get("b");
	if (text === undefined) return undefined;
	if (!(version === "1.0" ? BINDINGS_1_0 : BINDINGS_1_1).test(text)) {
		throw new Refused("4.00", `b=${text} is no binding of LwM2M ${version}`);
	}
	return text;
}

function linksOf(request: Incoming): Link[] | undefined {
	if (request.payload.length === 0) return undefined;
	if (request.format !== undefined && request.format !== LINK) throw new Refused("4.15", "not the link format");
	try {
		return parseLinks(request.payload.toString("utf8"));
	} catch (error) {
		if (error instanceof CodecError) throw new Refused("4.00", error.message);
		throw error;
	}
}

function newId(): string {
	return Array.from({ length: ID_LENGTH }, () => ID_CHARACTERS[randomInt(ID_CHARACTERS.length)]).join("");
}
