// The LwM2M client: puts the parts together and owns the one timer. The README shows its use.
import { BootstrapLink } from "./bootstrap-link.js";
import { textBytes } from "./bytes.js";
import type { ClientOptions } from "./client-options.js";
import { Message } from "./coap/message.js";
import { DATAGRAM_BYTES, DTLS_DATAGRAM_BYTES } from "./config.js";
import type { PartFactory, PartParts } from "./fota/part.js";
import { Keeper } from "./keeper.js";
import { type BootstrapParts, Life } from "./life.js";
import { Log, OFF } from "./log.js";
import { type Account, SECURITY, SERVER } from "./lwm2m/accounts.js";
import { Attributes } from "./lwm2m/attributes.js";
import { Cache } from "./lwm2m/cache.js";
import type { ObjectDefinition } from "./lwm2m/definition.js";
import { Dispatcher } from "./lwm2m/dispatcher.js";
import { type ClientEvent, ENGINE_SUSPENDED, REG_UPDATE_COMPLETE, REGISTRATION_COMPLETE } from "./lwm2m/event.js";
import { Observations } from "./lwm2m/observe.js";
import type { AnyOf, AnyPath, Path, RecordOf } from "./lwm2m/path.js";
import { Registry } from "./lwm2m/registry.js";
import { type OnSent, Sends } from "./lwm2m/send.js";
import { Parts } from "./parts.js";
import type { Timer } from "./platform.js";
import { randomFractions } from "./random.js";
import { problemOfAccount } from "./security/account-check.js";
import { type SecureFactory, ServerLink } from "./server-link.js";

/**
 * A LwM2M client: its data, and its dealings with servers. Nothing happens before `start`, and no callback comes from within a call
 * but those that a method names. OMA-TS-LightweightM2M_Core-V1_1_1.
 */
export class Client<const O extends readonly ObjectDefinition[] = readonly ObjectDefinition[]> {
	/** The device's data. */
	readonly registry: Registry<O>;
	readonly attributes = new Attributes();
	readonly observations: Observations<O>;
	/** Time series of resources. */
	readonly cache: Cache<O>;
	#sends: Sends;
	readonly log: Log;
	#options: ClientOptions<O>;
	#life: Life;
	#keeper: Keeper | undefined;
	#dispatcher: Dispatcher;
	#parts: Parts;
	/** What the parts are given. */
	#shared: PartParts | undefined;
	#timer: Timer;
	/** What it is set to, ms; NaN: it is not. */
	#armedAt = Number.NaN;
	#message: Message;
	#secure: SecureFactory | undefined;
	#random: () => number;
	#isStepping = false;
	#isWoken = false;
	#now: () => number;
	#onceAnswered: (() => void)[] = [];
	#endpointName = "";
	#isPaused = false;

	/** @throws RangeError for an endpoint name that is empty or too long, or objects without Security and Server */
	constructor(options: ClientOptions<O>) {
		this.endpointName = options.endpoint;
		for (const id of [SECURITY, SERVER])
			if (!options.objects.some((object) => object.id === id)) throw new RangeError(`objects: object ${id} is missing`);
		this.#options = options;
		this.log = options.log ?? new Log(OFF, () => {});
		this.registry = new Registry(options.objects);
		const { model } = this.registry;
		const { clock } = options.platform;
		this.#random = randomFractions(options.platform);
		this.#secure = options.dtls?.({ model, platform: options.platform, log: this.log });
		this.#message = new Message(this.#secure ? DTLS_DATAGRAM_BYTES : DATAGRAM_BYTES);
		this.#now = () => clock.now();
		this.#timer = clock.createTimer(() => {
			this.#armedAt = Number.NaN;
			this.#step();
		});
		const { storage } = options.platform;
		const now = this.#now;
		const wake = () => this.#wake();
		const { attributes, log } = this;
		this.cache = new Cache({ model, log, now, calendar: () => clock.time(), wake, storage });
		this.observations = new Observations(model, attributes, this.cache, log, now, wake);
		this.#sends = new Sends(model, this.cache, log, now, wake);
		// those within need no types of paths
		const observations = this.observations as unknown as Observations;
		this.#dispatcher = new Dispatcher(this.registry as unknown as Registry, observations, attributes, log, now, wake);
		model.onChange = (object, instance, resource, resourceInstance) =>
			this.#onChange(object, instance, resource, resourceInstance);
		model.onStructure = (object, instance, isCreated) => this.#onStructure(object, instance, isCreated);
		model.onBatchEnd = wake;
		const endpointName = () => this.#endpointName;
		if (storage) this.#keeper = new Keeper({ storage, model, observations, attributes, clock, log, endpointName });
		this.#life = new Life({
			model,
			log,
			clock,
			now,
			link: (account) => this.#link(account),
			bootstrapLink: (parts) => this.#bootstrapLink(parts),
			problemOf: (account) => problemOfAccount(model, account, this.#secure !== undefined),
			tell: (event, id) => this.#tell(event, id),
			onLeft: (server) => {
				this.#sends.forget(server);
				if (!server.registration.isRegistered) this.#keeper?.forget(server);
			},
			start: () => this.start(),
			onceAnswered: (run) => this.onceAnswered(run),
			wake,
		});
		this.#parts = new Parts(this.#dispatcher);
		if (options.firmware) this.attach(options.firmware);
	}

	/** Adds a part that is told of registrations and takes the Writes of a resource as they come. Before `start`. */
	attach(make: PartFactory): void {
		this.#shared ??= this.#share();
		const part = make(this.#shared);
		if (part) this.#parts.add(part);
	}

	/** Endpoint client name. Set it while the client is stopped. @throws RangeError for one that is empty or too long */
	get endpointName(): string {
		return this.#endpointName;
	}

	set endpointName(name: string) {
		const nameBytes = textBytes(name);
		if (nameBytes < 1 || nameBytes > 200) throw new RangeError(`endpoint: 1 to 200 bytes, not ${nameBytes}`);
		this.#endpointName = name;
	}

	/**
	 * Takes up the configuration (objects 0, 1, 2) that storage holds, or else makes the factory's. Where `factory`, which says
	 * what configuration that is, differs from the last time, what is stored does not count.
	 */
	provision(factory: string, make: () => void): void {
		if (!this.#keeper?.load(factory)) make();
	}

	/** Forgets what is stored: the next start is with the factory configuration. The platform's restart is to follow. */
	factoryReset(): void {
		this.#keeper?.clear();
	}

	/** The servers that the client knows, for status displays. */
	get servers(): readonly ServerLink[] {
		return this.#life.servers.links;
	}

	/** The bootstrap server while it is asked, for status displays. */
	get bootstrapping(): BootstrapLink | undefined {
		return this.#life.bootstrap;
	}

	/**
	 * Registers at every server that Security and Server name, or asks the bootstrap server for some. Does nothing where it is
	 * started; while it is being stopped, it starts again once that is done. @throws RangeError where there is no usable account
	 */
	start(): void {
		if (this.#life.isStarted) {
			this.#life.startAfterStop();
			return;
		}
		this.cache.takeUp();
		if (!this.#life.start())
			throw new RangeError("start: there is no server account: objects 0 and 1 need an instance each");
	}

	/** Leaves the servers and asks the bootstrap server. @throws RangeError where there is no account of one */
	bootstrap(): void {
		if (!this.#life.wantBootstrap()) throw new RangeError("bootstrap: there is no account of a bootstrap server");
	}

	/** Deregisters, or only closes (`isForced`). @param onStopped called once every server has answered or been given up */
	stop(onStopped?: () => void, isForced = false): void {
		this.#setPaused(false);
		if (!this.#life.isStarted) {
			onStopped?.();
			return;
		}
		this.cache.flush();
		this.#life.stop(isForced, onStopped);
	}

	/** Sends an Update to one server, or to all that the device is registered at. @param shortServerId 1..65534 */
	update(shortServerId?: number): void {
		for (const server of this.servers)
			if (shortServerId === undefined || server.shortServerId === shortServerId) server.registration.update();
		this.#wake();
	}

	/**
	 * Sends what is at and below the paths to every server, now or as soon as it can be reached.
	 * @param onSent told once for each server: SEND_SUCCESS, SEND_FAILURE (refused, or muted by 1/x/23), SEND_TIMEOUT
	 * @throws RangeError for a path where there is nothing, when too many wait, or while the client is stopped
	 */
	send<P extends AnyOf<AnyPath<O>>>(paths: readonly Path<O, AnyPath<O>, P>[], onSent: OnSent): void {
		this.#sends.send(this.servers, paths, onSent);
	}

	/** The same for values that are not in the registry, with their times. @throws as `send`, TypeError for a wrong value */
	sendRecords(records: readonly RecordOf<O>[], onSent: OnSent): void {
		this.#sends.sendRecords(this.servers, records, onSent);
	}

	/** Stops sending and receiving without a word to the servers, where the registrations run on. */
	pause(): void {
		if (this.#isPaused) return;
		this.#setPaused(true);
		this.#tell(ENGINE_SUSPENDED, 0);
	}

	/** Goes on after `pause`: with an Update, or with a Register where the lifetime has ended meanwhile. */
	resume(): void {
		if (!this.#isPaused) return;
		this.#setPaused(false);
		this.update();
	}

	/** Calls back once, after the answer to the request in hand has been sent: for Execute of Reboot and its like. */
	onceAnswered(run: () => void): void {
		this.#onceAnswered.push(run);
		this.#wake();
	}

	#share(): PartParts {
		const { observations } = this;
		return {
			model: this.registry.model,
			platform: this.#options.platform,
			log: this.log,
			buffer: this.#message.buffer,
			message: this.#message,
			secure: this.#secure,
			now: this.#now,
			random: this.#random,
			wake: () => {
				this.#parts.wake();
				this.#wake();
			},
			step: () => {
				this.#parts.wake();
				this.#step();
			},
			onceAnswered: (run) => this.onceAnswered(run),
			isTold: () =>
				!observations.list.some((one) => one.isChanged || one.isAwaited) &&
				this.servers.every((server) => server.endpoint.pending === 0),
			securityInstance: () =>
				this.servers.find((server) => server.shortServerId === this.#dispatcher.requestor)?.account.securityInstance ??
				0,
			is12: () => this.servers.every((server) => server.enabler === "1.2"),
		};
	}

	#setPaused(is: boolean): void {
		this.#isPaused = is;
		const { bootstrap } = this.#life;
		if (bootstrap) bootstrap.isPaused = is;
		for (const server of this.servers)
			if (is) server.pause();
			else server.isPaused = false;
	}

	/** Tells the application, whose mistakes do not stop the client. */
	#tell(event: ClientEvent, shortServerId: number): void {
		if (event === REGISTRATION_COMPLETE || event === REG_UPDATE_COMPLETE) this.#parts.onRegistered();
		try {
			this.#options.onEvent?.(event, shortServerId);
		} catch (error) {
			this.log.error(`onEvent failed: ${error}`);
		}
	}

	#link(account: Account): ServerLink {
		const { platform, enabler = "1.1" } = this.#options;
		const link = new ServerLink({
			account,
			secure: this.#secure,
			openUdp: this.#options.openUdp,
			endpointName: this.#endpointName,
			enabler,
			platform,
			log: this.log,
			model: this.registry.model,
			dispatcher: this.#dispatcher,
			observations: this.observations as unknown as Observations, // as above
			attributes: this.attributes,
			access: this.#dispatcher.access,
			message: this.#message,
			keeper: this.#keeper,
			awakeSeconds: this.#options.awakeSeconds,
			now: this.#now,
			random: this.#random,
			onEvent: (event, id) => this.#life.onEvent(event, id),
			onFailed: (link) => this.#life.onFailed(link),
			wake: () => this.#wake(),
			step: () => this.#step(),
		});
		this.#keeper?.restore(link);
		return link;
	}

	#bootstrapLink(parts: BootstrapParts): BootstrapLink {
		const { platform, enabler = "1.1" } = this.#options;
		return new BootstrapLink({
			...parts,
			secure: this.#secure,
			endpointName: this.#endpointName,
			enabler,
			platform,
			log: this.log,
			model: this.registry.model,
			message: this.#message,
			keep: () => this.#keeper?.keepConfiguration(),
			now: this.#now,
			random: this.#random,
			wake: () => this.#wake(),
			step: () => this.#step(),
		});
	}

	#onChange(object: number, instance: number, resource: number, resourceInstance: number): void {
		this.cache.changed(object, instance, resource, resourceInstance);
		this.observations.changed(object, instance, resource, resourceInstance);
		this.#keeper?.changed(object);
		// a new lifetime or binding is told to the server
		if (object === SERVER && (resource === 1 || resource === 7)) {
			const id = this.registry.model.stored(SERVER, instance, 0, -1);
			for (const server of this.servers) if (server.shortServerId === id) server.registration.update();
			this.#wake();
		}
	}

	#onStructure(object: number, instance: number, isCreated: boolean): void {
		this.observations.changed(object, instance, -1, -1);
		this.#keeper?.changed(object);
		if (!isCreated) {
			this.attributes.forget(-1, object, instance);
			if (!this.#life.bootstrap) this.#dispatcher.access.deleted(object, instance);
		}
		if (object !== SECURITY) for (const server of this.servers) server.registration.linksChanged();
		this.#wake();
	}

	/** Something is due: `#step` runs after the current job. */
	#wake(): void {
		const message = this.#message;
		if (message.isInHand) message.isStirred = true;
		if (message.isInHand || this.#isWoken) return;
		this.#isWoken = true;
		if (!this.#isStepping) this.#arm(this.#now());
	}

	/** Lets every part do what is due, and sleeps until the first of them has more to do. */
	#step(): void {
		this.#isWoken = false;
		const now = this.#now();
		const message = this.#message;
		message.now = now;
		message.isStirred = message.isInHand = false;
		let next = this.cache.step(now);
		if (this.#isPaused) {
			// nothing goes out, but a Send takes the values of its moment
			this.#sends.step();
			this.#arm(this.#isWoken ? now : next);
			return;
		}
		this.#isStepping = true;
		this.#sends.step();
		let at = this.#dispatcher.step(now);
		if (at < next) next = at;
		at = this.observations.step();
		if (at < next) next = at;
		at = this.#life.step(now);
		if (at < next) next = at;
		at = this.#parts.step(now);
		if (at < next) next = at;
		this.#keeper?.step(this.servers, this.#life.bootstrap === undefined);
		this.#isStepping = false;
		if (this.#onceAnswered.length > 0) {
			// one of them may restart the device
			this.cache.flush();
			const runs = this.#onceAnswered;
			this.#onceAnswered = [];
			for (const run of runs) run();
		}
		this.#arm(this.#isWoken ? now : next);
	}

	#arm(at: number): void {
		if (at === this.#armedAt) return;
		this.#armedAt = at;
		this.#timer.wakeAt(at);
	}
}
