// Which servers the client is with: registrations, or a bootstrap when there are none or when they have failed.
// OMA-TS-LightweightM2M_Core-V1_1_1 6.1, 6.2.1. Made once by the client, for all its life.
import type { BootstrapLink, BootstrapLinkOptions } from "./bootstrap-link.js";
import { METHOD_NOT_ALLOWED } from "./coap/numbers.js";
import { BOOTSTRAP_RETRY_SECONDS } from "./config.js";
import type { Log } from "./log.js";
import {
	type Account,
	type BootstrapAccount,
	bootstrapAccount,
	inconsistency,
	SECURITY,
	SERVER,
	serverAccounts,
} from "./lwm2m/accounts.js";
import { type ClientEvent, DISCONNECT, REGISTRATION_COMPLETE } from "./lwm2m/event.js";
import type { Model } from "./lwm2m/model.js";
import type { Clock } from "./platform.js";
import type { ServerLink } from "./server-link.js";
import { Servers } from "./servers.js";

/** Resources of Server. */
const DISABLE = 4;
const UPDATE_TRIGGER = 8;
const BOOTSTRAP_TRIGGER = 9;
const LAST_BOOTSTRAPPED = 12;
const BOOTSTRAP_ON_FAILURE = 16;

/** What the machines of a bootstrap want of the life around them. */
export type BootstrapParts = Pick<BootstrapLinkOptions, "account" | "check" | "onEvent" | "onDone" | "onFailed">;

export interface LifeOptions {
	model: Model;
	log: Log;
	clock: Clock;
	now(): number;
	link(account: Account): ServerLink;
	bootstrapLink(parts: BootstrapParts): BootstrapLink;
	/** What is wrong with the URI or the credentials of an account, in one line. */
	problemOf(account: Account): string | undefined;
	tell(event: ClientEvent, shortServerId: number): void;
	/** A server has been left. */
	onLeft(server: ServerLink): void;
	/** Starts the client again, which was asked for while it was being stopped. */
	start(): void;
	/** Calls back once the request in hand has been answered. */
	onceAnswered(run: () => void): void;
	wake(): void;
}

export class Life {
	readonly servers: Servers;
	bootstrap: BootstrapLink | undefined;
	#options: LifeOptions;
	/** Bootstraps since the last registration: they become less frequent. */
	#bootstraps = 0;
	#isBootstrapWanted = false;
	/** When the bootstrap server's account goes, ms. */
	#purgeAt = Number.POSITIVE_INFINITY;
	/** Those to call once nothing is left; undefined while nobody stops it. */
	#onStopped: (() => void)[] | undefined;
	#isStartWanted = false;

	constructor(options: LifeOptions) {
		this.#options = options;
		this.servers = new Servers(options.model);
		this.#handle(DISABLE, (instance) => options.onceAnswered(() => this.servers.of(instance)?.registration.disable()));
		this.#handle(UPDATE_TRIGGER, (instance) => this.servers.of(instance)?.registration.update());
		this.#handle(BOOTSTRAP_TRIGGER, () => {
			if (!bootstrapAccount(options.model)) return METHOD_NOT_ALLOWED;
			options.log.info("Server Initiated Bootstrap");
			options.onceAnswered(() => this.wantBootstrap());
			return undefined;
		});
	}

	get isStarted(): boolean {
		return this.servers.links.length > 0 || this.bootstrap !== undefined || this.#isBootstrapWanted;
	}

	/** Registers, or bootstraps where there is nobody to register at. @returns false where there is no account at all */
	start(): boolean {
		return this.#register() || this.#beginBootstrap();
	}

	/** Leaves the servers and asks the bootstrap server. @returns false where there is no account of one */
	wantBootstrap(): boolean {
		if (!bootstrapAccount(this.#options.model)) return false;
		this.#isBootstrapWanted = true;
		this.#options.wake();
		return true;
	}

	/** Starts again once what is being stopped has ended; where nobody stops it, it runs already. */
	startAfterStop(): void {
		this.#isStartWanted = this.#onStopped !== undefined;
	}

	/** Deregisters and closes. @param isForced without De-register, also where that is under way; @param onStopped called once all is done */
	stop(isForced: boolean, onStopped: (() => void) | undefined): void {
		const isStopping = this.#onStopped !== undefined;
		this.#isStartWanted = false;
		this.#onStopped ??= [];
		if (onStopped) this.#onStopped.push(onStopped);
		if (isStopping && !isForced) return;
		this.#isBootstrapWanted = false;
		if (this.bootstrap) {
			this.#endBootstrap();
			this.#options.tell(DISCONNECT, 0);
			this.#stopped();
		} else if (this.servers.links.length === 0) this.#stopped();
		else this.#leave(isForced);
	}

	/** What the client's parts tell. */
	onEvent(event: ClientEvent, shortServerId: number): void {
		if (event === REGISTRATION_COMPLETE) {
			this.#bootstraps = 0;
			const link = this.servers.links.find((one) => one.shortServerId === shortServerId);
			if (link) this.servers.advance(link, false, this.#options.now());
		}
		this.#options.tell(event, shortServerId);
	}

	/** A registration has failed: the next server has its turn, or a bootstrap, where nobody knows the device any more. */
	onFailed(server: ServerLink): void {
		const { model, now } = this.#options;
		this.servers.advance(server, true, now());
		if (model.stored(SERVER, server.account.serverInstance, BOOTSTRAP_ON_FAILURE, -1) === false) return;
		const isHopeful = (one: ServerLink) =>
			one.registration.isKnown || (this.servers.hasTurn(one) && !one.registration.hasTried);
		if (!this.servers.links.some(isHopeful)) this.wantBootstrap();
	}

	/** Lets every part do what is due. @returns when it wants to be called again */
	step(now: number): number {
		const { model, log } = this.#options;
		if (this.#isBootstrapWanted) {
			this.#isBootstrapWanted = false;
			if (!this.bootstrap && this.servers.links.length > 0) this.#leave(false);
			else if (!this.bootstrap) this.#beginBootstrap();
		}
		if (this.#purgeAt <= now) {
			this.#purgeAt = Number.POSITIVE_INFINITY;
			const account = bootstrapAccount(model);
			if (account && !this.bootstrap && model.deleteInstance(SECURITY, account.securityInstance))
				log.info("The bootstrap server's account has served its time");
		}
		let next = this.servers.step(now);
		if (this.#purgeAt < next) next = this.#purgeAt;
		return this.bootstrap ? Math.min(next, this.bootstrap.step(now)) : next;
	}

	#handle(resource: number, execute: (instance: number) => number | undefined | void): void {
		const { handlers } = this.#options.model.objects[SERVER]!;
		handlers[resource] = { instance: -1, execute: (_, instance) => execute(instance), next: handlers[resource] };
	}

	/** Begins to register. @returns false where there is no server account */
	#register(): boolean {
		const { model, log, now, link, wake } = this.#options;
		const links = serverAccounts(model, log).map((account) => link(account));
		const { timeoutSeconds = 0 } = bootstrapAccount(model) ?? {};
		this.#purgeAt = timeoutSeconds > 0 && links.length > 0 ? now() + timeoutSeconds * 1000 : Number.POSITIVE_INFINITY;
		this.servers.begin(links, now());
		wake();
		return links.length > 0;
	}

	/** Deregisters everywhere. */
	#leave(isForced: boolean): void {
		for (const server of this.servers.links.slice())
			if (isForced) this.#left(server);
			else server.registration.stop(() => this.#left(server));
		this.#options.wake();
	}

	/** A server has been left; after the last one the client is stopped, or bootstraps. */
	#left(server: ServerLink): void {
		server.close();
		this.#options.onLeft(server);
		this.#options.tell(DISCONNECT, server.shortServerId);
		this.servers.remove(server);
		this.#options.wake();
		if (this.servers.links.length > 0) return;
		if (this.#onStopped) this.#stopped();
		else this.#beginBootstrap();
	}

	#stopped(): void {
		const callbacks = this.#onStopped;
		this.#onStopped = undefined;
		for (const onStopped of callbacks ?? []) onStopped();
		if (this.#isStartWanted) this.#options.start();
	}

	/** Asks the bootstrap server. @returns false where there is no account of one */
	#beginBootstrap(): boolean {
		const { model, log, bootstrapLink, problemOf, tell, clock } = this.#options;
		const account = bootstrapAccount(model);
		if (!account) return false;
		const link = bootstrapLink({
			account,
			check: () => inconsistency(model, log, problemOf),
			onEvent: (event) => tell(event, 0),
			onDone: () => {
				this.#endBootstrap();
				noteBootstrap(model, clock.time());
				this.#register();
			},
			onFailed: () => {
				// without a server account there is nothing else to do than to ask again
				if (serverAccounts(model, log).length === 0) return true;
				this.#endBootstrap();
				this.#register();
				return false;
			},
		});
		this.bootstrap = link;
		link.open(this.#delayOf(account));
		return true;
	}

	/** The hold-off time, or longer where bootstraps do not lead to a registration. */
	#delayOf({ holdOffSeconds }: BootstrapAccount): number {
		const count = this.#bootstraps;
		this.#bootstraps++;
		return Math.max(holdOffSeconds, count > 0 ? BOOTSTRAP_RETRY_SECONDS << Math.min(count - 1, 10) : 0);
	}

	#endBootstrap(): void {
		this.bootstrap?.close();
		this.bootstrap = undefined;
		this.#options.wake();
	}
}

/** Last Bootstrapped (1/x/12), where the time is known. */
function noteBootstrap(model: Model, time: number): void {
	if (Number.isNaN(time)) return;
	for (const instance of model.objects[SERVER]!.instanceIds)
		model.assign(SERVER, instance, LAST_BOOTSTRAPPED, -1, Math.floor(time));
}
