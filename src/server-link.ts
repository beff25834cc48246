// One server: its CoAP layers, its connection and its registration, wired together. Made by the client from an account
// of the Security and Server objects.
import { Endpoint, type Sender } from "./coap/endpoint.js";
import { Exchanges } from "./coap/exchange.js";
import type { Message } from "./coap/message.js";
import { GET, NON } from "./coap/numbers.js";
import { Transfer } from "./coap/transfer.js";
import { REOPEN_SECONDS } from "./config.js";
import type { Keeper } from "./keeper.js";
import type { Log } from "./log.js";
import { type Access, READ } from "./lwm2m/access.js";
import { type Account, SERVER } from "./lwm2m/accounts.js";
import type { Attributes } from "./lwm2m/attributes.js";
import type { EnablerVersion } from "./lwm2m/definition.js";
import { type Dispatcher, isRequest } from "./lwm2m/dispatcher.js";
import {
	type ClientEvent,
	NETWORK_ERROR,
	QUEUE_MODE_RX_OFF,
	REG_TIMEOUT,
	REG_UPDATE,
	REG_UPDATE_COMPLETE,
	REGISTRATION_COMPLETE,
} from "./lwm2m/event.js";
import type { Model } from "./lwm2m/model.js";
import type { Observations } from "./lwm2m/observe.js";
import { Registration } from "./lwm2m/registration.js";
import type { Session } from "./lwm2m/session.js";
import { ASLEEP, CLOSED, Outbox } from "./outbox.js";
import type { Platform, Udp, UdpOptions } from "./platform.js";
import { Connection, type SecureAccount, type SecureEvents, type SecureSession } from "./security/connection.js";
import { parseUri, type ServerUri } from "./uri.js";

/** Makes a secure session with the credentials of an account. @throws Error where they cannot be used, one line */
export type SecureFactory = (account: SecureAccount, uri: ServerUri, events: SecureEvents) => SecureSession;

/** Resources of Server. */
const NOTIFICATION_STORING = 6;
const BINDING = 7;
const ALERT_CODE = 11;
/** The highest code of a request, RFC 7252 12.1.1. */
const MOST_REQUEST = 0x1f;

export interface ServerLinkOptions {
	account: Account;
	endpointName: string;
	enabler: EnablerVersion;
	platform: Platform;
	log: Log;
	model: Model;
	dispatcher: Dispatcher;
	observations: Observations;
	attributes: Attributes;
	access: Access;
	/** What is received is parsed in, and what is sent is built in. */
	message: Message;
	/** Undefined where nothing is kept. */
	keeper: Keeper | undefined;
	/** Queue mode: how long the device listens, s; undefined: as long as servers assume. */
	awakeSeconds: number | undefined;
	now(): number;
	/** 0 <= random() < 1 */
	random(): number;
	onEvent(event: ClientEvent, shortServerId: number): void;
	/** The application's own sockets, see `ClientOptions`. */
	openUdp: ((options: UdpOptions, securityInstance: number) => Udp) | undefined;
	/** Makes the secure session of a `coaps` server; undefined in a build without DTLS. */
	secure: SecureFactory | undefined;
	/** The registration counts as failed. */
	onFailed(link: ServerLink): void;
	/** Something has to be done soon. */
	wake(): void;
	/** Everything that was waiting has been taken in: the time to act on it. */
	step(): void;
}

export class ServerLink implements Session {
	readonly endpoint: Endpoint;
	readonly exchanges: Exchanges;
	readonly transfer: Transfer;
	readonly registration: Registration;
	readonly outbox: Outbox;
	readonly account: Account;
	readonly shortServerId: number;
	readonly uri: string;
	enabler: EnablerVersion;
	/** Nothing is sent or taken in while it is true. */
	isPaused = false;
	/** What is kept of the registration over a restart may have changed. */
	isDirty = false;
	/** Where the server knows the device, 0 for not yet: observations over plain coap go with the address (RFC 7641 4.5). */
	localPort = 0;
	/** Full DTLS handshakes since the start. */
	handshakes = 0;
	#options: ServerLinkOptions;
	#mayRead = (object: number, instance: number): boolean =>
		this.#options.access.allows(this.shortServerId, object, instance, READ);
	#connection: Connection | undefined;
	/** When to open the connection again after a failure, ms, and how often in a row that has failed. */
	#reopenAt = Number.POSITIVE_INFINITY;
	#failures = 0;
	/** When `step` has something to do, ms, and whether something has come or gone since. */
	#nextAt = 0;
	#isStirred = true;
	#isRenewing = false;

	constructor(options: ServerLinkOptions) {
		const { account, endpointName, enabler, message, log, model, dispatcher, observations, now, random } = options;
		this.#options = options;
		this.account = account;
		this.shortServerId = account.shortServerId;
		this.uri = account.uri;
		this.enabler = enabler;
		this.transfer = new Transfer(options.message);
		this.endpoint = new Endpoint({
			message: options.message,
			send: (datagram, length, sender) => this.#send(datagram, length, sender),
			now,
			random,
			onRequest: (verdict) => {
				// all but a plain Read may change what the server has set up
				if (message.code !== GET || message.observe >= 0) this.isDirty = true;
				dispatcher.handle(this, verdict);
			},
			onResponse: (sender) => this.exchanges.onResponse(sender),
			onReset: (mid) => {
				this.isDirty = true;
				observations.onReset(this, mid);
			},
		});
		this.exchanges = new Exchanges(this.endpoint, now, random);
		this.registration = new Registration({
			session: this,
			model,
			endpointName,
			serverInstance: account.serverInstance,
			awakeSeconds: options.awakeSeconds,
			log,
			now,
			random,
			onEvent: (event) => this.#onEvent(event),
			onNew: () => this.#forget(),
			onFailed: () => options.onFailed(this),
		});
		this.outbox = new Outbox({
			log,
			now,
			send: (datagram, length) => this.#transmit(datagram, length),
			isAwaited: (mid) => this.endpoint.awaits(mid),
			awakeSeconds: options.awakeSeconds,
			onWanted: () => {
				this.registration.updateSoon();
				options.wake();
			},
			onAsleep: () => options.onEvent(QUEUE_MODE_RX_OFF, this.shortServerId),
		});
	}

	get mayRead(): ((object: number, instance: number) => boolean) | undefined {
		return this.#options.access.isInForce ? this.#mayRead : undefined;
	}

	get isReady(): boolean {
		return this.registration.isRegistered && !this.isPaused;
	}

	get isReachable(): boolean {
		return this.outbox.state !== CLOSED;
	}

	onSilence(): void {
		this.registration.updateSoon();
		this.#options.wake();
	}

	get held(): number {
		return this.outbox.confirmables;
	}

	/** Queue mode in words, for status displays. */
	get queueState(): string {
		if (!this.#isQueueMode) return "off";
		const { state, count } = this.outbox;
		return `${state === ASLEEP ? "asleep" : "awake"}${count > 0 ? `, ${count} messages wait` : ""}`;
	}

	/** What the server's connection ID does, for status displays. */
	get cid(): string {
		return this.#connection?.hasCid ? "in use" : "none";
	}

	/** Connects, then registers. */
	open(): void {
		this.#isStirred = true;
		const { platform, log, message, step, wake, now, random, onEvent } = this.#options;
		const uri = parseUri(this.uri);
		this.#reopenAt = Number.POSITIVE_INFINITY;
		const { secure, account, openUdp } = this.#options;
		if (!uri || (uri.isSecure && !secure)) {
			log.error(`Server ${this.shortServerId}: "${this.uri}" ${problemOfUri(uri)}`);
			this.#reopenAt = this.registration.unreachable() ?? Number.POSITIVE_INFINITY;
			return;
		}
		this.#connection = new Connection({
			platform,
			uri,
			buffer: message.buffer,
			openUdp: openUdp && ((udp) => openUdp(udp, account.securityInstance)),
			localPort: uri.isSecure ? 0 : this.localPort,
			secure: uri.isSecure ? (events) => secure!(account, uri, events) : undefined,
			onOpen: (isResumed) => {
				if (uri.isSecure && !isResumed) this.handshakes++;
				this.#failures = 0;
				const { registration } = this;
				// a new socket is a new address, which the server learns by an Update; with a connection ID any record tells it,
				// so that what waits may go ahead of the Update
				if (isResumed && registration.isRegistered) this.outbox.open();
				if (registration.isRegistered || !this.#isRenewing) registration.reconnected();
				this.#isRenewing = false;
				step();
			},
			onFailure: (message, alert) => {
				log.error(`Server ${this.shortServerId}: ${message}`);
				this.#isStirred = true;
				this.#connection = undefined;
				this.#closeOutbox();
				this.#isRenewing = false;
				if (alert > 0) this.#options.model.assign(SERVER, account.serverInstance, ALERT_CODE, -1, alert);
				onEvent(NETWORK_ERROR, this.shortServerId);
				this.#reopenAt = this.registration.unreachable() ?? now() + reopenMs(this.#failures, random());
				this.#failures++;
				wake();
			},
			onDatagram: (datagram, length) => this.#receive(datagram, length),
			onDrained: () => {
				// what only asks makes nothing due
				if (message.isStirred || this.#connection?.isWaiting) step();
			},
		});
	}

	/** Closes the connection and drops what the server had set up. */
	close(): void {
		this.#connection?.close();
		this.#connection = undefined;
		this.#options.dispatcher.forget(this);
		this.#forget();
	}

	/** Stops sending and receiving; what is to be sent waits. */
	pause(): void {
		this.isPaused = true;
		this.#closeOutbox();
	}

	/** Lets every part do what is due. @returns when it wants to be called again */
	step(now: number): number {
		const connection = this.#connection;
		const registration = this.registration;
		// nothing has come or gone since the last time, and nothing is due
		const isStill = !this.#isStirred && !this.transfer.isStirred && !connection?.isWaiting;
		if (isStill && now < this.#nextAt && registration.deadline >= this.#nextAt) return this.#nextAt;
		this.#isStirred = false;
		this.#nextAt = this.#stepAll(now);
		return this.#nextAt;
	}

	#stepAll(now: number): number {
		if (this.#reopenAt <= now) this.open();
		const { endpoint, exchanges, registration, outbox } = this;
		let next = this.#reopenAt;
		const connection = this.#connection;
		let at = connection === undefined ? next : connection.step(now);
		if (at < next) next = at;
		at = endpoint.step(now);
		if (at < next) next = at;
		at = exchanges.step(now);
		if (at < next) next = at;
		at = this.transfer.step(now);
		if (at < next) next = at;
		at = registration.step(now);
		if (at < next) next = at;
		const mayRest = this.#isQueueMode && registration.isIdle && endpoint.pending === 0 && exchanges.pending === 0;
		return Math.min(next, outbox.step(now, mayRest));
	}

	/** What we begin waits while the device sleeps or the server cannot be reached; answers and the registration go. */
	#send(datagram: Uint8Array, length: number, sender: Sender | undefined): void {
		if (this.isDirty && datagram[1]! > MOST_REQUEST) this.#options.keeper?.keep(this);
		if ((datagram[0]! & 0x30) >> 4 > NON || this.exchanges.isOf(sender, this.registration))
			this.#transmit(datagram, length);
		else if (datagram[1]! < 0x40 || this.outbox.state !== CLOSED || this.#isStoring) this.outbox.put(datagram, length);
		if ((datagram[0]! & 0x30) !== 0) return;
		// a confirmable message has a deadline, which its endpoint tells at its next step
		this.#isStirred = true;
		this.#options.wake();
	}

	#transmit(datagram: Uint8Array, length: number): void {
		if (this.isPaused) return;
		this.outbox.touch(this.#options.message.now);
		this.#connection?.send(datagram, length);
	}

	/**
	 * "MUST ignore" what a server wants before it has answered Register (OMA-TS-LightweightM2M_Core-V1_1_1 6.3, 6.4);
	 * ahead of the message layer, which would take the server's repetition for a duplicate. Asleep nothing is heard.
	 */
	#receive(datagram: Uint8Array, length: number): void {
		if (this.isPaused || this.outbox.state === ASLEEP) return;
		if (!this.registration.isKnown && isRequest(datagram, length)) return;
		const { message } = this.#options;
		message.isInHand = true;
		this.endpoint.receive(datagram, length);
		message.isInHand = false;
		this.outbox.touch(message.now);
		if (!message.isStirred) return;
		// what a request changes is told by those whom it has to do with
		if (message.type > NON || message.code > MOST_REQUEST) this.#isStirred = true;
		// who has been left meanwhile has nothing to drain
		if (!this.#connection) this.#options.wake();
	}

	#onEvent(event: ClientEvent): void {
		const { outbox } = this;
		if (event === REGISTRATION_COMPLETE || event === REG_UPDATE_COMPLETE) {
			this.isDirty = true;
			this.localPort = this.#connection?.localPort ?? 0;
			outbox.open();
		} else if (event === REG_TIMEOUT) {
			this.#closeOutbox();
			// silence over DTLS: the server may have lost the session, which it does not say
			this.#isRenewing = true;
			this.#connection?.renew();
		} else if (event === REG_UPDATE && outbox.state === ASLEEP) outbox.close();
		this.#options.onEvent(event, this.shortServerId);
	}

	#closeOutbox(): void {
		this.outbox.close();
		if (!this.#isStoring) this.outbox.dropNotifications();
	}

	/** Notifications are kept while the server cannot be reached, unless it does not want that. */
	get #isStoring(): boolean {
		const { model } = this.#options;
		return model.stored(SERVER, this.account.serverInstance, NOTIFICATION_STORING, -1) !== false;
	}

	/** What a server has set up ends with its registration. */
	#forget(): void {
		this.outbox.close();
		this.outbox.dropNotifications();
		this.#options.observations.clear(this);
		this.#options.attributes.forget(this.shortServerId, -1, -1);
	}

	get #isQueueMode(): boolean {
		const binding = this.#options.model.stored(SERVER, this.account.serverInstance, BINDING, -1);
		return typeof binding === "string" && binding.includes("Q");
	}
}

/** How long after so many failures in a row a connection is opened again, ms. @param random 0 <= random < 1 */
export function reopenMs(failures: number, random: number): number {
	return (REOPEN_SECONDS << Math.min(failures, 6)) * 1000 * (1 + random / 4);
}

/** Why a URI cannot be used. */
export function problemOfUri(uri: ServerUri | undefined): string {
	return uri ? "needs DTLS, which this build has not" : "is not of the form coap://host:port or coaps://host:port";
}
