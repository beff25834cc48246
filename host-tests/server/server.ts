// The companion server: CoAP endpoints, registrations, observations and the HTTP API put together.

import type { BootstrapServer } from "./bootstrap/bootstrap-server.js";
import { type Clock, systemClock } from "./clock.js";
import type { Reply } from "./coap/assembly.js";
import { CoapEndpoint, type Incoming } from "./coap/endpoint.js";
import { type CoapSettings, DEFAULT_SETTINGS } from "./coap/numbers.js";
import type { CoapRequest, CoapResponse } from "./coap/transfer.js";
import { coapLog } from "./coap-log.js";
import { formatByName } from "./codec/content-format.js";
import { type EventName, type ServerEvent, ServerEvents } from "./events.js";
import { type FirmwareImage, FirmwareImages, pathOf } from "./firmware/images.js";
import { Progress } from "./firmware/progress.js";
import { Published } from "./firmware/published.js";
import { HttpApi } from "./http/api.js";
import type { Answer } from "./lwm2m/answer.js";
import { DEFAULT_QUEUE_LIMIT, Downlink } from "./lwm2m/downlink.js";
import { notificationToJson, updateToJson } from "./lwm2m/event-json.js";
import { Observations } from "./lwm2m/observations.js";
import { type OperationOptions, Operations } from "./lwm2m/operations.js";
import { DEFAULT_AWAKE_MS, Presence } from "./lwm2m/presence.js";
import { type Registration, registrationToJson, rootPathOf } from "./lwm2m/registration.js";
import { RegistrationInterface } from "./lwm2m/registration-interface.js";
import { Registrations } from "./lwm2m/registrations.js";
import { SendReceiver } from "./lwm2m/send-receiver.js";
import type { RawRequest } from "./raw-request.js";
import { SecurityStore } from "./security/security-store.js";
import { type Direction, type Peer, type Trace, type Transport, traced } from "./transport.js";
import { UdpTransport } from "./udp-transport.js";

export interface ServerOptions {
	/** Address of all sockets, 127.0.0.1 unless given. */
	readonly host?: string;
	/** 0 = any free port, the default. */
	readonly coapPort?: number;
	/** Undefined = no HTTP API; 0 = any free port. */
	readonly httpPort?: number;
	/** Enabler versions to accept, 1.0 and 1.1 unless given; others get 4.12. */
	readonly versions?: readonly string[];
	/** How long after its lifetime a device is still known (0). */
	readonly graceMs?: number;
	/** How long a device in queue mode listens after a message, 93 s; its Register may say otherwise with `at=`. */
	readonly awakeMs?: number;
	/** How many operations wait for one sleeping device (100). */
	readonly queueLimit?: number;
	/** A bootstrap server to offer in the HTTP API; it is started and stopped on its own. */
	readonly bootstrap?: BootstrapServer;
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

export class CompanionServer {
	readonly events = new ServerEvents();
	readonly clock: Clock;
	/** Address of the sockets. */
	readonly host: string;
	readonly registrations: Registrations;
	readonly security = new SecurityStore();
	readonly bootstrap: BootstrapServer | undefined;
	readonly observations: Observations;
	/** May be replaced at any time. */
	trace: Trace | undefined;
	readonly #downlink: Downlink;
	readonly #presence: Presence;
	/** Plain UDP first, then the secure one if there is one. */
	readonly #endpoints: readonly CoapEndpoint[];
	readonly #registrationInterface: RegistrationInterface;
	readonly #sendReceiver: SendReceiver;
	readonly #http: HttpApi | undefined;
	readonly firmware = new FirmwareImages();
	readonly #published = new Published();
	/** Who was told last to pull an image, by its id: a download comes from a port of its own. */
	readonly #pullers = new Map<string, string>();

	constructor(options: ServerOptions) {
		const { host = "127.0.0.1", coapPort = 0, httpPort, versions = ["1.0", "1.1"], clock = systemClock } = options;
		this.clock = clock;
		this.host = host;
		this.bootstrap = options.bootstrap;
		this.trace = options.trace;
		this.registrations = new Registrations(clock, options.graceMs ?? 0);
		this.registrations.onRemoved = (registration, reason) => {
			this.observations.forgetAll(registration);
			this.#presence.forget(registration);
			const why = `the registration of ${registration.endpoint} ended`;
			if (reason !== "replaced") this.#downlink.cancel(registration.endpoint, why);
			registration.coap.cancelRequests(registration.peer.key, why);
			this.#publishLater("DEREGISTRATION", registration.endpoint, { ...registrationToJson(registration), reason });
		};
		const queueLimit = options.queueLimit ?? DEFAULT_QUEUE_LIMIT;
		this.#downlink = new Downlink(queueLimit, (endpoint) => this.registrations.byEndpoint(endpoint));
		this.#downlink.onSilence = (registration) => this.#presence.fellAsleep(registration);
		this.#presence = new Presence(clock, options.awakeMs ?? DEFAULT_AWAKE_MS, {
			onAwake: ({ endpoint }) => {
				this.events.publish("AWAKE", endpoint, { ep: endpoint });
				void this.#downlink.drain(endpoint);
			},
			onSleeping: ({ endpoint }) => this.events.publish("SLEEPING", endpoint, { ep: endpoint }),
		});
		this.observations = new Observations((observation, outcome) => {
			const { endpoint } = observation.registration;
			const { name, data } = notificationToJson(observation, outcome, clock.now());
			this.events.publish(name, endpoint, data);
		});
		this.#registrationInterface = new RegistrationInterface(this.registrations, this.security, versions, clock, {
			onRegistered: (registration) =>
				this.#publishLater("REGISTRATION", registration.endpoint, registrationToJson(registration)),
			onUpdated: (registration, update) =>
				this.#publishLater("UPDATED", registration.endpoint, updateToJson(registration, update)),
		});
		const progress = new Progress((key, bytes, size) => {
			const [id = ""] = key.split(" ");
			this.#tellProgress(this.#pullers.get(id) ?? "", "pull", id, bytes, size);
		});
		this.#published.onTaken = ({ peer, path }, bytes, size) =>
			progress.at(`${path[path.length - 1]} ${peer.key}`, bytes, size);
		this.#sendReceiver = new SendReceiver(this.registrations, clock, this.events);
		const settings = { ...DEFAULT_SETTINGS, ...options.coap };
		const transports = [options.transport ?? new UdpTransport(host, coapPort)];
		if (options.secureTransport) transports.push(options.secureTransport);
		this.#endpoints = transports.map((transport) => {
			const seen = traced(transport, (direction, datagram, peer) => {
				const verdict = this.trace?.(direction, datagram, peer);
				coapLog(this.events, this.registrations, clock, direction, datagram, peer);
				if (verdict !== false) this.#noticeUplink(direction, peer, endpoint);
				return verdict;
			});
			const endpoint = new CoapEndpoint(seen, clock, settings, (request) => this.#serve(request), options.random);
			return endpoint;
		});
		this.#http = httpPort === undefined ? undefined : new HttpApi(this, host, httpPort);
	}

	/** The UDP port in use, after `start`. */
	get coapPort(): number {
		return this.#endpoints[0]!.transport.port;
	}

	/** The port of the secure transport, 0 without one. */
	get coapsPort(): number {
		return this.#endpoints[1]?.transport.port ?? 0;
	}

	/** The TCP port of the HTTP API, 0 without one. */
	get httpPort(): number {
		return this.#http?.port ?? 0;
	}

	async start(): Promise<void> {
		try {
			for (const { transport } of this.#endpoints) await transport.open();
			await this.#http?.start();
		} catch (error) {
			for (const { transport } of this.#endpoints) await transport.close();
			throw error;
		}
	}

	async stop(): Promise<void> {
		await this.#http?.stop();
		for (const endpoint of this.#endpoints) await endpoint.stop();
		this.#downlink.cancel(undefined, "the server stops");
		this.#presence.stop();
		this.registrations.stop();
	}

	/** Whether an operation would wait now, because the device sleeps or others wait before it. */
	isHolding(endpoint: string): boolean {
		return this.#downlink.isHolding(this.#find(endpoint));
	}

	/** How many operations wait for this endpoint. */
	queuedOperations(endpoint: string): number {
		return this.#downlink.queued(endpoint);
	}

	/** The operations on a registered device; throws a RangeError for an unknown one. */
	device(endpoint: string): Operations {
		return new Operations(this.#find(endpoint), this.#downlink, this.observations, this.clock);
	}

	/** Any CoAP request to a registered device, with the answer as it came. */
	async request(endpoint: string, request: RawRequest): Promise<CoapResponse> {
		const registration = this.#find(endpoint);
		const { path, payload, format, accept, ...rest } = request;
		const segments = [rootPathOf(registration.links), path].join("/").split("/").filter(Boolean);
		const coap: CoapRequest = {
			...rest,
			path: segments,
			...(payload === undefined ? {} : { payload: Buffer.from(payload as Buffer) }),
			...(format === undefined ? {} : { format: formatByName(String(format)) }),
			...(accept === undefined ? {} : { accept: formatByName(String(accept)) }),
		};
		return this.#downlink.run(registration, (current) => current.coap.request(current.peer, coap));
	}

	/** Offers bytes for GET at `path`, in blocks, for firmware that devices pull. */
	publish(path: string, content: Buffer, etag?: Buffer): void {
		this.#published.add(path, content, etag);
	}

	unpublish(path: string): void {
		this.#published.remove(path);
	}

	/** Takes an image, and offers it for a pull. */
	offerFirmware(content: Buffer): FirmwareImage {
		const image = this.firmware.add(content);
		this.publish(pathOf(image), content, image.etag);
		return image;
	}

	withdrawFirmware(image: FirmwareImage): void {
		this.firmware.remove(image.id);
		this.#pullers.delete(image.id);
		this.unpublish(pathOf(image));
	}

	/** Writes an image to 5/0/0, in blocks. FIRMWARE events tell how far it is. */
	pushFirmware(
		endpoint: string,
		{ content, id }: FirmwareImage,
		options: Pick<RawRequest, "blockSize" | "timeoutMs"> = {},
	): Promise<CoapResponse> {
		const progress = new Progress((_, bytes, size) => this.#tellProgress(endpoint, "push", id, bytes, size));
		return this.request(endpoint, {
			...options,
			method: "PUT",
			path: "/5/0/0",
			payload: content,
			format: "OPAQUE",
			onProgress: (bytes) => progress.at(id, bytes, content.length),
		});
	}

	/** Writes a URI of an image to 5/0/1. FIRMWARE events tell how far the device is, where it comes over CoAP. */
	pullFirmware(endpoint: string, { id }: FirmwareImage, uri: string, options: OperationOptions = {}): Promise<Answer> {
		this.#pullers.set(id, endpoint);
		const node = { kind: "singleResource", id: 1, type: "STRING", value: uri } as const;
		return this.device(endpoint).write([5, 0, 1], node, true, options);
	}

	#tellProgress(ep: string, method: string, id: string, bytes: number, size: number): void {
		this.events.publish("FIRMWARE", ep, { ep, method, id, bytes, size });
	}

	#serve(request: Incoming): Reply {
		const [first] = request.path;
		if (first === "rd") return this.#registrationInterface.handle(request);
		if (first === "dp" && request.path.length === 1) return this.#sendReceiver.handle(request);
		return this.#published.reply(request);
	}

	/** Any message shows that its sender is awake; the answer to it and the events about it come first. */
	#noticeUplink(direction: Direction, peer: Peer, endpoint: CoapEndpoint): void {
		if (direction === "out") return;
		queueMicrotask(() => {
			queueMicrotask(() => {
				const registration = this.registrations.byPeer(peer, endpoint);
				if (!registration) return;
				this.#presence.heard(registration);
				// Without queue mode nobody wakes, and an earlier registration may have left operations.
				if (this.#downlink.queued(registration.endpoint) > 0) void this.#downlink.drain(registration.endpoint);
			});
		});
	}

	/** Listeners send requests at once: the response to the device must be on its way before. */
	#publishLater(name: EventName, endpoint: string, data: ServerEvent["data"]): void {
		queueMicrotask(() => this.events.publish(name, endpoint, data));
	}

	#find(endpoint: string): Registration {
		const registration = this.registrations.byEndpoint(endpoint);
		if (!registration) throw new RangeError(`no registered client with id '${endpoint}'`);
		return registration;
	}
}

export function createServer(options: ServerOptions = {}): CompanionServer {
	return new CompanionServer(options);
}
