// The bootstrap server: its CoAP layers, its connection and the bootstrap, wired together. Made by the client for as long
// as a bootstrap takes. What the server has changed is taken back unless it ends with an accepted Finish.
import { Endpoint } from "./coap/endpoint.js";
import { Exchanges } from "./coap/exchange.js";
import type { Message } from "./coap/message.js";
import { Transfer } from "./coap/transfer.js";
import type { Log } from "./log.js";
import type { BootstrapAccount } from "./lwm2m/accounts.js";
import { Bootstrap } from "./lwm2m/bootstrap.js";
import { BootstrapOperations } from "./lwm2m/bootstrap-operations.js";
import { BootstrapPack } from "./lwm2m/bootstrap-pack.js";
import type { EnablerVersion } from "./lwm2m/definition.js";
import { isRequest } from "./lwm2m/dispatcher.js";
import { type ClientEvent, NETWORK_ERROR } from "./lwm2m/event.js";
import type { Model } from "./lwm2m/model.js";
import type { Session } from "./lwm2m/session.js";
import { Snapshot } from "./lwm2m/snapshot.js";
import type { Platform } from "./platform.js";
import { Connection } from "./security/connection.js";
import { problemOfUri, reopenMs, type SecureFactory } from "./server-link.js";
import { parseUri } from "./uri.js";

export interface BootstrapLinkOptions {
	account: BootstrapAccount;
	endpointName: string;
	enabler: EnablerVersion;
	platform: Platform;
	log: Log;
	model: Model;
	/** What is received is parsed in, and what is sent is built in. */
	message: Message;
	now(): number;
	/** 0 <= random() < 1 */
	random(): number;
	/** Makes the secure session of a `coaps` server; undefined in a build without DTLS. */
	secure: SecureFactory | undefined;
	/** What is wrong with the configuration, in one line. */
	check(): string | undefined;
	/** Stores the configuration, which the bootstrap has settled. */
	keep(): void;
	onEvent(event: ClientEvent): void;
	/** The configuration is in force; the link may be closed. */
	onDone(): void;
	/** As `BootstrapOptions.onFailed`; what was changed has been taken back. */
	onFailed(): boolean;
	wake(): void;
	step(): void;
}

export class BootstrapLink implements Session {
	readonly endpoint: Endpoint;
	readonly exchanges: Exchanges;
	readonly transfer: Transfer;
	readonly bootstrap: Bootstrap;
	readonly shortServerId = 0;
	readonly held = 0;
	readonly mayRead = undefined;
	/** Notifications are for servers. */
	readonly isReady = false;
	readonly isReachable = false;
	enabler: EnablerVersion;
	/** Nothing is sent or taken in while it is true. */
	isPaused = false;
	#options: BootstrapLinkOptions;
	#snapshot = new Snapshot();
	#connection: Connection | undefined;
	#delaySeconds = 0;
	/** When to open the connection again after a failure, ms. */
	#reopenAt = Number.POSITIVE_INFINITY;
	#failures = 0;

	constructor(options: BootstrapLinkOptions) {
		const { endpointName, enabler, log, model, now, random, check, keep, onEvent, onDone } = options;
		this.#options = options;
		this.enabler = enabler;
		const operations = new BootstrapOperations({
			model,
			snapshot: this.#snapshot,
			log,
			now,
			check,
			onAccept: keep,
			onFinish: () => {
				this.bootstrap.finish();
				options.wake();
			},
		});
		this.transfer = new Transfer(options.message);
		this.endpoint = new Endpoint({
			message: options.message,
			send: (datagram, length) => {
				if (!this.isPaused) this.#connection?.send(datagram, length);
				// a confirmable message has a deadline, which its endpoint tells at its next step
				if ((datagram[0]! & 0x30) === 0) options.wake();
			},
			now,
			random,
			onRequest: (verdict) => {
				this.bootstrap.touch();
				operations.handle(this, verdict);
			},
			onResponse: (sender) => this.exchanges.onResponse(sender),
			onReset() {},
		});
		this.exchanges = new Exchanges(this.endpoint, now, random);
		this.bootstrap = new Bootstrap({
			session: this,
			pack: new BootstrapPack({ session: this, endpointName, model, snapshot: this.#snapshot, check }),
			endpointName,
			log,
			now,
			random,
			onEvent,
			onDone: () => {
				this.#snapshot.clear();
				onDone();
			},
			onFailed: () => {
				this.#snapshot.restore(model);
				return options.onFailed();
			},
		});
	}

	/** Connects, waits, and asks for a bootstrap. */
	open(delaySeconds: number): void {
		const options = this.#options;
		const { account, platform, log, message, step, wake, now, random, onEvent } = options;
		this.#delaySeconds = delaySeconds;
		const uri = parseUri(account.uri);
		this.#reopenAt = Number.POSITIVE_INFINITY;
		const { secure } = options;
		if (!uri || (uri.isSecure && !secure)) {
			log.error(`Bootstrap server: "${account.uri}" ${problemOfUri(uri)}`);
			options.onFailed();
			return;
		}
		this.#connection = new Connection({
			platform,
			uri,
			buffer: message.buffer,
			secure: uri.isSecure ? (events) => secure!(account, uri, events) : undefined,
			onOpen: () => {
				this.#failures = 0;
				this.bootstrap.start(this.#delaySeconds);
				step();
			},
			onFailure: (message) => {
				log.error(`Bootstrap server: ${message}`);
				this.#connection = undefined;
				this.#reopenAt = now() + reopenMs(this.#failures, random());
				this.#failures++;
				onEvent(NETWORK_ERROR);
				if (this.bootstrap.isKnown) this.bootstrap.unreachable();
				else options.onFailed();
				wake();
			},
			onDatagram: (datagram, length) => {
				if (!this.isPaused && (this.bootstrap.isKnown || !isRequest(datagram, length)))
					this.endpoint.receive(datagram, length);
			},
			onDrained: step,
		});
	}

	onSilence(): void {}

	/** Closes the connection; what an unfinished bootstrap has changed is taken back. */
	close(): void {
		this.bootstrap.stop();
		this.#connection?.close();
		this.#connection = undefined;
		this.#reopenAt = Number.POSITIVE_INFINITY;
		this.#snapshot.restore(this.#options.model);
	}

	get uri(): string {
		return this.#options.account.uri;
	}

	/** Lets every part do what is due. @returns when it wants to be called again */
	step(now: number): number {
		if (this.#reopenAt <= now) this.open(this.#delaySeconds);
		return Math.min(
			this.#reopenAt,
			this.#connection?.step(now) ?? Number.POSITIVE_INFINITY,
			this.endpoint.step(now),
			this.exchanges.step(now),
			this.transfer.step(now),
			this.bootstrap.step(now),
		);
	}
}
