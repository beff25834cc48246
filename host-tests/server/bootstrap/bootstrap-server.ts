// The bootstrap server: Bootstrap-Request and Bootstrap-Pack-Request in, one session a device out
// (OMA TS Core 1.1.1, 6.1; TS Core 1.2.1, 6.1.7.9). A new request of a device ends its earlier session.

import { type Clock, systemClock } from "../clock.js";
import type { Reply } from "../coap/assembly.js";
import { CoapEndpoint, type Incoming } from "../coap/endpoint.js";
import { uintOption } from "../coap/message.js";
import { CONTENT_FORMAT, type CoapSettings, DEFAULT_SETTINGS } from "../coap/numbers.js";
import { encodeLeaves } from "../codec/codec.js";
import { LWM2M_CBOR, nameOfFormat, SENML_CBOR, SENML_JSON, TLV } from "../codec/content-format.js";
import { ServerEvents } from "../events.js";
import type { Json } from "../lwm2m/node-json.js";
import { SecurityStore } from "../security/security-store.js";
import { hostAndPort, type Trace, type Transport, traced } from "../transport.js";
import { UdpTransport } from "../udp-transport.js";
import { type BootstrapConfig, leavesOfConfig } from "./config.js";
import { configFromJson } from "./config-json.js";
import { type OnStep, runSequence } from "./sequence.js";
import { BootstrapSession } from "./session.js";

export interface BootstrapServerOptions {
	/** Address of all sockets, 127.0.0.1 unless given. */
	readonly host?: string;
	/** 0 = any free port, the default. */
	readonly coapPort?: number;
	/** How long after the answer to a Bootstrap-Request the first message goes out (0). */
	readonly startDelayMs?: number;
	/** A request fails after 30 s of silence unless `requestTimeoutMs` says otherwise. */
	readonly coap?: Partial<CoapSettings>;
	readonly clock?: Clock;
	/** Numbers from 0 to 1 for message ids and timeouts. */
	readonly random?: () => number;
	/** In place of the UDP socket. */
	readonly transport?: Transport;
	/** A second transport, for coaps:// - its peers carry the identity it authenticated. */
	readonly secureTransport?: Transport;
	/** Sees every datagram; an answer of false loses it. */
	readonly trace?: Trace;
}

/** What runs after the answer to a Bootstrap-Request; a failure of it is a failure of the session. */
export type Script = (session: BootstrapSession) => Promise<unknown>;

const REQUEST_TIMEOUT_MS = 30_000;
const PREFERRED_FORMATS: readonly number[] = [TLV, SENML_CBOR, SENML_JSON, LWM2M_CBOR];
const PACK_FORMATS: readonly number[] = [SENML_CBOR, SENML_JSON, LWM2M_CBOR];

export class BootstrapServer {
	readonly events = new ServerEvents();
	readonly security = new SecurityStore();
	/** By endpoint name. */
	readonly configs = new Map<string, BootstrapConfig>();
	/** In place of the sequence of a configuration, by endpoint name. */
	readonly scripts = new Map<string, Script>();
	/** Asked before each message of a sequence. */
	onStep: OnStep = () => "send";
	/** May answer a Bootstrap-Request in place of the server; then no session begins. */
	onRequest: (request: Incoming) => Reply | Promise<Reply> | undefined = () => undefined;
	trace: Trace | undefined;
	readonly #clock: Clock;
	readonly #startDelayMs: number;
	readonly #endpoints: readonly CoapEndpoint[];
	/** The latest of each endpoint. */
	readonly #sessions = new Map<string, BootstrapSession>();
	readonly #starting = new Map<string, () => void>();

	constructor(options: BootstrapServerOptions) {
		const { host = "127.0.0.1", coapPort = 0, clock = systemClock } = options;
		this.#clock = clock;
		this.#startDelayMs = options.startDelayMs ?? 0;
		this.trace = options.trace;
		const settings = { ...DEFAULT_SETTINGS, requestTimeoutMs: REQUEST_TIMEOUT_MS, ...options.coap };
		const transports = [options.transport ?? new UdpTransport(host, coapPort)];
		if (options.secureTransport) transports.push(options.secureTransport);
		this.#endpoints = transports.map((transport) => {
			const seen = traced(transport, (direction, datagram, peer) => this.trace?.(direction, datagram, peer));
			return new CoapEndpoint(seen, clock, settings, (request) => this.#serve(request), options.random);
		});
	}

	/** The UDP port in use, after `start`. */
	get coapPort(): number {
		return this.#endpoints[0]!.transport.port;
	}

	/** The port of the secure transport, 0 without one. */
	get coapsPort(): number {
		return this.#endpoints[1]?.transport.port ?? 0;
	}

	async start(): Promise<void> {
		try {
			for (const { transport } of this.#endpoints) await transport.open();
		} catch (error) {
			for (const { transport } of this.#endpoints) await transport.close();
			throw error;
		}
	}

	async stop(): Promise<void> {
		for (const cancel of this.#starting.values()) cancel();
		this.#starting.clear();
		for (const endpoint of this.#endpoints) await endpoint.stop();
	}

	/** Sets what an endpoint gets, from the JSON of the HTTP API. */
	configure(endpoint: string, json: Json): void {
		this.configs.set(endpoint, configFromJson(json));
	}

	/** The latest session of an endpoint, also when it is over; throws a RangeError when there was none. */
	session(endpoint: string): BootstrapSession {
		const session = this.#sessions.get(endpoint);
		if (!session) throw new RangeError(`no bootstrap session of '${endpoint}'`);
		return session;
	}

	#serve(request: Incoming): Reply | Promise<Reply> {
		if (request.path.length !== 1) return { code: "4.04" };
		switch (request.path[0]) {
			case "bs":
				return request.method === "POST" ? (this.onRequest(request) ?? this.#begin(request)) : { code: "4.05" };
			case "bspack":
				return request.method === "GET" ? this.#pack(request) : { code: "4.05" };
			default:
				return { code: "4.04" };
		}
	}

	#begin(request: Incoming): Reply {
		const parameters = parametersOf(request.query);
		const endpoint = this.#endpointOf(request, parameters);
		if (endpoint === undefined) return refusal("4.00", "ep is missing");
		const preferred = parameters.get("pct");
		if (preferred !== undefined && !/^\d{1,5}$/.test(preferred))
			return refusal("4.00", `pct=${preferred} is no format`);
		this.#report(
			endpoint,
			"new session",
			`Bootstrap Request from ${hostAndPort(request.peer.address, request.peer.port)}`,
		);
		const config = this.configs.get(endpoint);
		const script = this.scripts.get(endpoint);
		const obstacle = this.#obstacle(endpoint, request, config !== undefined || script !== undefined);
		if (obstacle) return obstacle;
		const session = new BootstrapSession({
			endpoint,
			peer: request.peer,
			coap: request.endpoint,
			format: config?.format ?? usableFormat(preferred),
			parameters,
			report: (name, message) => this.#report(endpoint, name, message),
			now: () => this.#clock.now(),
		});
		this.#starting.get(endpoint)?.();
		this.#sessions.get(endpoint)?.cancel("a new session of the device began");
		this.#sessions.set(endpoint, session);
		// After the response to the request.
		const start = () => {
			this.#starting.delete(endpoint);
			void this.#run(session, script ?? ((its) => runSequence(its, config!, this.onStep)));
		};
		this.#starting.set(endpoint, this.#clock.schedule(start, this.#startDelayMs));
		return { code: "2.04" };
	}

	/** The whole configuration in one answer; the device asks for its blocks. */
	#pack(request: Incoming): Reply {
		const endpoint = this.#endpointOf(request, parametersOf(request.query));
		if (endpoint === undefined) return refusal("4.00", "ep is missing");
		const config = this.configs.get(endpoint);
		const obstacle = this.#obstacle(endpoint, request, config !== undefined);
		if (obstacle || !config) return obstacle ?? refusal("4.00", "no configuration");
		if (!config.hasPack) return refusal("4.05", "no Bootstrap-Pack for this device");
		const format = request.accept ?? SENML_CBOR;
		if (!PACK_FORMATS.includes(format)) return refusal("4.06", `no Bootstrap-Pack as ${nameOfFormat(format)}`);
		this.#report(endpoint, "send pack", `Send PACK using ${nameOfFormat(format)}`);
		const payload = encodeLeaves(format, leavesOfConfig(config));
		return { code: "2.05", payload, options: [uintOption(CONTENT_FORMAT, format)] };
	}

	#obstacle(endpoint: string, request: Incoming, isKnown: boolean): Reply | undefined {
		if (!this.security.isAllowed(endpoint, request.peer)) {
			this.#report(endpoint, "unauthorized", `${request.peer.key} is not allowed to connect`);
			return refusal("4.00", "other credentials are needed");
		}
		this.#report(endpoint, "authorized", `${request.peer.key} is allowed to connect`);
		if (isKnown) return undefined;
		this.#report(endpoint, "no config", "No config to apply to this client");
		return refusal("4.00", "no configuration");
	}

	async #run(session: BootstrapSession, script: Script): Promise<void> {
		try {
			await script(session);
			this.#report(session.endpoint, "finished", "Bootstrap session finished with success");
		} catch (error) {
			const why = error instanceof Error ? error.message : String(error);
			this.#report(session.endpoint, "failed", `Bootstrap session failed: ${why}`);
		}
	}

	/** A device with credentials need not tell its name. */
	#endpointOf({ peer }: Incoming, parameters: ReadonlyMap<string, string>): string | undefined {
		const owner = peer.identity === undefined ? undefined : this.security.endpointOf(peer.identity);
		return parameters.get("ep") || owner;
	}

	#report(endpoint: string, name: string, message: string): void {
		const data = { name, endpoint, time: this.#clock.now(), message };
		// After the response, as all events.
		queueMicrotask(() => this.events.publish("BSSESSION", endpoint, data));
	}
}

export function createBootstrapServer(options: BootstrapServerOptions = {}): BootstrapServer {
	return new BootstrapServer(options);
}

function usableFormat(preferred: string | undefined): number {
	const format = Number(preferred ?? TLV);
	return PREFERRED_FORMATS.includes(format) ? format : TLV;
}

function parametersOf(query: readonly string[]): Map<string, string> {
	return new Map(
		query.map((item) => {
			const at = item.indexOf("=");
			return at < 0 ? [item, ""] : [item.slice(0, at), item.slice(at + 1)];
		}),
	);
}

function refusal(code: string, why: string): Reply {
	return { code, payload: Buffer.from(why) };
}
