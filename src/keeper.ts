// What a client keeps over a restart: the configuration (objects 0, 1, 2), and for each server the registration with
// the observations and attributes that it has set up. Written when something has changed, by `step`, or before the answer
// to the request that has changed it; never in the middle of a bootstrap. Each text is replaced as a whole (vault.ts), and
// what is damaged counts as not there.
import type { Log } from "./log.js";
import type { Attributes, SavedAttributes } from "./lwm2m/attributes.js";
import type { EnablerVersion } from "./lwm2m/definition.js";
import type { Model } from "./lwm2m/model.js";
import type { SavedObservation } from "./lwm2m/observation-list.js";
import type { Observations } from "./lwm2m/observe.js";
import type { SavedRegistration } from "./lwm2m/registration.js";
import { loadObject, type SavedObject, saveObject } from "./lwm2m/saved-objects.js";
import type { Clock, KeyValue } from "./platform.js";
import type { ServerLink } from "./server-link.js";
import { Vault } from "./vault.js";

/** Objects that are the configuration. */
const KEPT = Object.freeze([0, 1, 2]);
const CONFIGURATION = "conf";

type SavedConfiguration = [factory: string, objects: SavedObject[]];
type SavedServer = [
	uri: string,
	endpointName: string,
	enabler: EnablerVersion,
	/** Seconds since 1970, -1 where the time was not known. */
	savedAt: number,
	registration: SavedRegistration,
	observations: SavedObservation[],
	attributes: SavedAttributes[],
	localPort: number,
];

export interface KeeperOptions {
	storage: KeyValue;
	model: Model;
	observations: Observations;
	attributes: Attributes;
	clock: Clock;
	log: Log;
	endpointName(): string;
}

export class Keeper {
	#options: KeeperOptions;
	#vault: Vault;
	#factory = "";
	#isConfigurationDirty = false;
	/** What was written last, by short server id. */
	#written = new Map<number, string>();

	constructor(options: KeeperOptions) {
		this.#options = options;
		this.#vault = new Vault(options.storage, options.log);
	}

	/** Takes up the configuration. @returns false where none is kept that began with this factory configuration */
	load(factory: string): boolean {
		this.#factory = factory;
		const saved = this.#read<SavedConfiguration>(CONFIGURATION);
		if (!saved || saved[0] !== factory) return false;
		for (const object of saved[1]) loadObject(this.#options.model, object);
		this.#isConfigurationDirty = false;
		return true;
	}

	/** A value or an instance has changed. */
	changed(object: number): void {
		if (object <= 2) this.#isConfigurationDirty = true;
	}

	/** Gives a new link the registration that its server knows. */
	restore(link: ServerLink): void {
		const { observations, attributes, clock, endpointName } = this.#options;
		const saved = this.#read<SavedServer>(nameOf(link.shortServerId));
		if (!saved || saved[0] !== link.uri || saved[1] !== endpointName()) return;
		const [, , enabler, savedAt, registration, observed, sets, localPort] = saved;
		const time = clock.time();
		const age = Number.isNaN(time) || savedAt < 0 ? 0 : Math.max(0, time - savedAt);
		link.enabler = enabler;
		if (!link.registration.restore(registration, age)) return;
		link.localPort = localPort;
		for (const set of sets) attributes.restore(link.shortServerId, set);
		for (const one of observed) observations.restore(link, one);
	}

	/** Writes what has changed. @param isSettled no bootstrap is changing the configuration */
	step(links: readonly ServerLink[], isSettled: boolean): void {
		if (isSettled) this.keepConfiguration();
		for (let i = 0; i < links.length; ++i) if (links[i]!.isDirty) this.#save(links[i]!);
	}

	/** Writes what a server's request has changed, before that is answered: what a server has been told survives a power cut. */
	keep(link: ServerLink): void {
		this.keepConfiguration();
		this.#save(link);
	}

	/** Writes the configuration where it has changed: a bootstrap's before its Finish is answered. */
	keepConfiguration(): void {
		if (!this.#isConfigurationDirty) return;
		const { model } = this.#options;
		const objects = KEPT.filter((id) => model.objects[id]).map((id) => saveObject(model, id));
		this.#vault.write(CONFIGURATION, JSON.stringify([this.#factory, objects]));
		this.#isConfigurationDirty = false;
	}

	/** The server has been left. */
	forget({ shortServerId }: ServerLink): void {
		this.#written.delete(shortServerId);
		this.#vault.delete(nameOf(shortServerId));
	}

	/** Forgets everything: the configuration first, so that what is left if the power is cut then does no harm. */
	clear(): void {
		this.#vault.delete(CONFIGURATION);
		this.#options.storage.clear();
		this.#isConfigurationDirty = false;
	}

	#save(link: ServerLink): void {
		const { observations, attributes, clock, endpointName } = this.#options;
		link.isDirty = false;
		const registration = link.registration.save();
		if (!registration) return;
		const { shortServerId: id } = link;
		const time = clock.time();
		const saved: SavedServer = [
			link.uri,
			endpointName(),
			link.enabler,
			Number.isNaN(time) ? -1 : Math.floor(time - link.registration.ageSeconds),
			registration,
			observations.save(link),
			attributes.save(id),
			link.localPort,
		];
		const text = JSON.stringify(saved);
		if (this.#written.get(id) !== text && this.#vault.write(nameOf(id), text)) this.#written.set(id, text);
	}

	#read<T>(name: string): T | undefined {
		const text = this.#vault.read(name);
		if (text === undefined) return undefined;
		try {
			return JSON.parse(text) as T; // written by this class, and whole: the vault has checked it
		} catch (error) {
			this.#options.log.error(`Storage: ${name} is damaged: ${error}`);
			return undefined;
		}
	}
}

function nameOf(shortServerId: number): string {
	return `r.${shortServerId}`;
}
