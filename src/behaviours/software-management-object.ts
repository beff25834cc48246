// The instances of Software Management (object 9) in the model and, in one text of the vault that is written when a state, a
// result or an activation changes, in storage.
import type { Log } from "../log.js";
import type { Model } from "../lwm2m/model.js";
import type { Value } from "../lwm2m/path.js";
import type { KeyValue } from "../platform.js";
import { Vault } from "../vault.js";
import { PACKAGE, SOFTWARE, type SoftwarePackage } from "./software-management-package.js";
import { FOLLOWERS, INITIAL, NAMES, NO_STORAGE } from "./software-management-states.js";

const PACKAGE_NAME = 0;
const PACKAGE_VERSION = 1;
const STATE = 7;
const RESULT = 9;
const ACTIVATION = 12;
/** Of the entry in storage. */
const ENTRY = "software";

/** What a package says of itself. */
export interface PackageInfo {
	readonly name: string;
	readonly version: string;
}

/** An instance; `key` says who pushes in which format, -1: nobody, or it cannot go on after a restart. */
export type Saved = readonly [
	instance: number,
	state: number,
	result: number,
	name: string,
	version: string,
	isActive: boolean,
	/** Of the package in the store, once all of it is there. */
	lengthBytes: number,
	key: number,
];

export class SoftwareObject {
	/** What an earlier life has left and nobody has taken up yet. */
	left: readonly Saved[] = [];
	#model: Model;
	#log: Log;
	#vault: Vault | undefined;
	#packages: readonly (SoftwarePackage | undefined)[];

	/** Takes up the instances that storage holds. @param packages by instance id */
	constructor(
		model: Model,
		storage: KeyValue | undefined,
		log: Log,
		packages: readonly (SoftwarePackage | undefined)[],
	) {
		this.#model = model;
		this.#log = log;
		this.#packages = packages;
		this.#vault = storage && new Vault(storage, log);
		const text = this.#vault?.read(ENTRY);
		if (text === undefined) return;
		try {
			this.left = JSON.parse(text) as Saved[]; // written by this class, and whole: the vault has checked it
		} catch (error) {
			log.error(`Storage: ${ENTRY} is damaged: ${error}`);
		}
		for (const saved of this.left) this.put(saved);
	}

	has(instance: number): boolean {
		return this.#model.objects[SOFTWARE]!.instances[instance] !== undefined;
	}

	stateOf(instance: number): number {
		return (this.#get(instance, STATE) as number | undefined) ?? INITIAL; // an instance that is being made has none
	}

	/** True for the name and version of the package that the instance has. */
	isOf(instance: number, { name, version }: PackageInfo): boolean {
		return this.#get(instance, PACKAGE_NAME) === name && this.#get(instance, PACKAGE_VERSION) === version;
	}

	/** Makes the instance where it is missing, and sets what is in it. */
	put([instance, state, result, name, version, isActive]: Saved): void {
		this.#model.createInstance(SOFTWARE, instance);
		this.setInfo(instance, { name, version });
		this.#set(instance, STATE, state);
		this.#set(instance, RESULT, result);
		this.#set(instance, ACTIVATION, isActive);
	}

	setInfo(instance: number, { name, version }: PackageInfo): void {
		this.#set(instance, PACKAGE_NAME, name);
		this.#set(instance, PACKAGE_VERSION, version);
	}

	setActive(instance: number, isActive: boolean): void {
		this.#set(instance, ACTIVATION, isActive);
		this.save();
	}

	setResult(instance: number, result: number): void {
		this.#set(instance, RESULT, result);
		this.save();
	}

	/** Changes state and result; stored before anybody is told. */
	enter(instance: number, next: number, result: number, why: string): void {
		const state = this.stateOf(instance);
		if ((FOLLOWERS[state]! & (1 << next)) === 0)
			throw new RangeError(`software ${instance}: ${NAMES[state]} -> ${NAMES[next]} is no edge of the table`);
		const text = `Software ${instance}: ${NAMES[state]} -> ${NAMES[next]}: ${why}`;
		if (result < NO_STORAGE) this.#log.info(text);
		else this.#log.error(`${text} (result ${result})`);
		this.#model.beginBatch();
		this.#set(instance, STATE, next);
		this.setResult(instance, result);
		this.#model.endBatch();
	}

	/** Drops what a larger Write has left of a package. */
	forgetPackage(instance: number): void {
		this.#model.remove(SOFTWARE, instance, PACKAGE, -1);
	}

	/** @param gone an instance that is about to go */
	save(gone = -1): void {
		const all: Saved[] = [];
		for (const id of this.#model.objects[SOFTWARE]!.instanceIds) {
			if (id === gone) continue;
			const left = this.left.find(([instance]) => instance === id);
			const one = this.#packages[id];
			// `put` has set them, each of its type
			const [state, result] = [this.stateOf(id), this.#get(id, RESULT) as number];
			const [name, version] = [this.#get(id, PACKAGE_NAME) as string, this.#get(id, PACKAGE_VERSION) as string];
			const isActive = this.#get(id, ACTIVATION) === true;
			all.push(left ?? [id, state, result, name, version, isActive, one?.length ?? 0, one?.key ?? -1]);
		}
		this.#vault?.write(ENTRY, JSON.stringify(all));
	}

	#get(instance: number, resource: number): Value | undefined {
		return this.#model.stored(SOFTWARE, instance, resource, -1);
	}

	#set(instance: number, resource: number, value: Value): void {
		this.#model.assign(SOFTWARE, instance, resource, -1, value);
	}
}
