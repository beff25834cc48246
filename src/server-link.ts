// One server: its CoAP layers, its connection and its registration, wired together. Made by the client from an account
// of the Security and Server objects.
import { Endpoint } from "./coap/endpoint.js";
import { Exchanges } from "./coap/exchange.js";
import { Transfer } from "./coap/transfer.js";
import { RETRY_SECONDS } from "./config.js";
import type { Log } from "./log.js";
import type { Account } from "./lwm2m/accounts.js";
import type { Attributes } from "./lwm2m/attributes.js";
import type { EnablerVersion } from "./lwm2m/definition.js";
import { type Dispatcher, isRequest } from "./lwm2m/dispatcher.js";
import { type ClientEvent, NETWORK_ERROR, REG_TIMEOUT } from "./lwm2m/event.js";
import type { Model } from "./lwm2m/model.js";
import type { Observations } from "./lwm2m/observe.js";
import { Registration } from "./lwm2m/registration.js";
import type { Session } from "./lwm2m/session.js";
import type { Platform } from "./platform.js";
import { Connection, type SecureEvents, type SecureSession } from "./security/connection.js";
import { parseUri, type ServerUri } from "./uri.js";

/** Makes a secure session with the credentials of an account. @throws Error where they cannot be used, one line */
export type SecureFactory = (account: Account, uri: ServerUri, events: SecureEvents) => SecureSession;

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
	/** Where datagrams are received into. */
	buffer: Uint8Array;
	now(): number;
	/** 0 <= random() < 1 */
	random(): number;
	onEvent(event: ClientEvent, shortServerId: number): void;
	/** Makes the secure session of a `coaps` server; undefined in a build without DTLS. */
	secure: SecureFactory | undefined;
	/** Something has to be done soon. */
	wake(): void;
	/** Everything that was waiting has been taken in: the time to act on it. */
	step(): void;
}

export class ServerLink implements Session {
	readonly endpoint: Endpoint;
	readonly exchanges: Exchanges;
	readonly transfer = new Transfer();
	readonly registration: Registration;
	readonly shortServerId: number;
	readonly uri: string;
	enabler: EnablerVersion;
	/** Nothing is sent or taken in while it is true. */
	isPaused = false;
	#options: ServerLinkOptions;
	#connection: Connection | undefined;
	/** When to open the connection again after a failure, ms. */
	#reopenAt = Number.POSITIVE_INFINITY;

	constructor(options: ServerLinkOptions) {
		const { account, endpointName, enabler, log, model, dispatcher, observations, now, random, onEvent } = options;
		this.#options = options;
		this.shortServerId = account.shortServerId;
		this.uri = account.uri;
		this.enabler = enabler;
		this.endpoint = new Endpoint({
			send: (datagram, length) => this.#send(datagram, length),
			now,
			random,
			onRequest: (verdict) => dispatcher.handle(this, verdict),
			onResponse: (sender) => this.exchanges.onResponse(sender),
			onReset: (mid) => observations.onReset(this, mid),
		});
		this.exchanges = new Exchanges(this.endpoint, now, random);
		this.registration = new Registration({
			session: this,
			model,
			endpointName,
			serverInstance: account.serverInstance,
			log,
			now,
			onEvent: (event, id) => {
				// silence over DTLS: the server may have lost the session, which it does not say
				if (event === REG_TIMEOUT) this.#connection?.renew();
				onEvent(event, id);
			},
			onNew: () => this.#forget(),
		});
	}

	get isReady(): boolean {
		return this.registration.isRegistered && !this.isPaused && this.#connection !== undefined;
	}

	onSilence(): void {
		this.registration.update();
		this.#options.wake();
	}

	/** Connects, then registers. */
	open(): void {
		const { platform, log, buffer, step, wake, now, onEvent } = this.#options;
		const uri = parseUri(this.uri);
		this.#reopenAt = Number.POSITIVE_INFINITY;
		const { secure, account } = this.#options;
		if (!uri || (uri.isSecure && !secure)) {
			const reason = uri
				? "needs DTLS, which this build has not"
				: "is not of the form coap://host:port or coaps://host:port";
			log.error(`Server ${this.shortServerId}: "${this.uri}" ${reason}`);
			return;
		}
		this.#connection = new Connection({
			platform,
			uri,
			buffer,
			secure: uri.isSecure ? (events) => secure!(account, uri, events) : undefined,
			onOpen: () => {
				// a new socket is a new address: the server learns it by an Update
				if (this.registration.isRegistered) this.registration.update();
				else this.registration.start();
				step();
			},
			onFailure: (message) => {
				log.error(`Server ${this.shortServerId}: ${message}`);
				this.#connection = undefined;
				this.#reopenAt = now() + RETRY_SECONDS * 1000;
				onEvent(NETWORK_ERROR, this.shortServerId);
				wake();
			},
			onDatagram: (datagram, length) => this.#receive(datagram, length),
			onDrained: step,
		});
	}

	/** Closes the connection and drops what the server had set up. */
	close(): void {
		this.#connection?.close();
		this.#connection = undefined;
		this.#options.dispatcher.forget(this);
		this.#forget();
	}

	/** Lets every part do what is due. @returns when it wants to be called again */
	step(now: number): number {
		if (this.#reopenAt <= now) this.open();
		return Math.min(
			this.#reopenAt,
			this.#connection?.step(now) ?? Number.POSITIVE_INFINITY,
			this.endpoint.step(now),
			this.exchanges.step(now),
			this.transfer.step(now),
			this.registration.step(now),
		);
	}

	#send(datagram: Uint8Array, length: number): void {
		if (!this.isPaused) this.#connection?.send(datagram, length);
		// a confirmable message has a deadline, which its endpoint tells at its next step
		if ((datagram[0]! & 0x30) === 0) this.#options.wake();
	}

	/**
	 * "MUST ignore" what a server wants before it has answered Register (OMA-TS-LightweightM2M_Core-V1_1_1 6.3, 6.4);
	 * ahead of the message layer, which would take the server's repetition for a duplicate.
	 */
	#receive(datagram: Uint8Array, length: number): void {
		if (!this.isPaused && (this.registration.isKnown || !isRequest(datagram, length)))
			this.endpoint.receive(datagram, length);
	}

	/** What a server has set up ends with its registration. */
	#forget(): void {
		this.#options.observations.clear(this);
		this.#options.attributes.forget(this.shortServerId, -1, -1);
	}
}
