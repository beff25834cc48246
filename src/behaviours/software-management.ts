// Object 9, Software Management: the state machines of installation and activation, around an application that knows
// how to install (OMA-TS-LWM2M_SwMgmt-V1_0 5.1). The states' table is in DESIGN.md.
// A package goes into a store as it comes (fota/push.ts), and what has become of it is stored: a restart loses neither.
// RAM: 580 bytes for each instance that has a package to install, 1 kB while it comes.
import type { softwareManagement } from "../../objects/9-software-management.js";
import { BAD_REQUEST, INTERNAL_SERVER_ERROR, isRefusal, METHOD_NOT_ALLOWED } from "../coap/numbers.js";
import type { Part, PartFactory, PartParts, Streamed } from "../fota/part.js";
import type { Model, Refusal } from "../lwm2m/model.js";
import type { Registry } from "../lwm2m/registry.js";
import type { PackageStore } from "../platform.js";
import { type PackageInfo, type Saved, SoftwareObject } from "./software-management-object.js";
import { PACKAGE, type PackageEvents, SOFTWARE, SoftwarePackage } from "./software-management-package.js";
import {
	CONNECTION_LOST,
	DELIVERED,
	DOWNLOAD_DONE,
	DOWNLOAD_STARTED,
	DOWNLOADED,
	DOWNLOADING,
	INITIAL,
	INSTALL_DONE,
	INSTALL_FAILURE,
	INSTALLED,
	NAMES,
	NO_STORAGE,
	NONE_YET,
	UNINSTALL_FAILURE,
	UPDATE_ERROR,
} from "./software-management-states.js";

/** What the application does for each instance, which stands for one package. `done` is called once, at any time. */
export interface SoftwareHooks {
	/**
	 * Where the package of an instance is until it is installed; undefined: nowhere, it is refused with 4.05. Instances may
	 * share a store: then one of them has a package at a time, and that of another is refused meanwhile.
	 */
	store(instance: number): PackageStore | undefined;
	/**
	 * A package is in the store; after a restart it is asked again. `done` takes what it is, or a result from NO_STORAGE up that says why it
	 * cannot be used: where it is called at once, a server that has written the package is answered 4.00.
	 */
	check(instance: number, lengthBytes: number, done: (outcome: PackageInfo | number) => void): void;
	install(instance: number, lengthBytes: number, done: (isDone: boolean) => void): void;
	/** @param isForUpdate the package that follows replaces it: only make ready for that */
	uninstall(instance: number, isForUpdate: boolean, done: (isDone: boolean) => void): void;
	/** Starts or stops what is installed. May refuse with a code. */
	activate(instance: number, isActive: boolean): Refusal;
	/**
	 * Fetches a package into the store, which is empty; absent: the server's writing of a URI is refused. `done` takes DOWNLOAD_DONE and how
	 * long the package is, or a result from NO_STORAGE up.
	 */
	fetch?(instance: number, uri: string, done: (result: number, lengthBytes?: number) => void): void;
}

/** A `Client`, whatever its objects. */
export interface SoftwareClient {
	readonly registry: { readonly model: Model };
	attach(make: PartFactory): void;
}

export class SoftwareManagement implements Part, PackageEvents {
	next: Part | undefined;
	readonly streamed: Streamed;
	#parts!: PartParts; // `attach` gives them at once
	#hooks: SoftwareHooks;
	#object: SoftwareObject;
	/** By instance id: what it has on its way, or had. */
	#packages: (SoftwarePackage | undefined)[] = [];
	/** A hook is at work, by instance id: a number of its own, so that the answer to another one is told apart. */
	#jobs: (number | undefined)[] = [];
	#lastJob = 0;
	/** Instances that an earlier life has left. */
	#kept: readonly number[];

	/** @throws RangeError where the client has no object 9 */
	constructor(client: SoftwareClient, hooks: SoftwareHooks) {
		// the paths below are checked against the one definition that they are of
		const registry = client.registry as unknown as Registry<readonly [typeof softwareManagement]>;
		this.#hooks = hooks;
		registry.onCreate("/9", (instance) => this.#begin(instance));
		registry.onDelete("/9", (instance) => this.#remove(instance));
		registry.onValidate("/9/*/2", (_, instance) => this.#refuseUnlessInitial(instance));
		registry.onValidate("/9/*/3", (uri, instance) => {
			if (!hooks.fetch) return METHOD_NOT_ALLOWED;
			return uri === "" ? BAD_REQUEST : this.#refuseUnlessInitial(instance);
		});
		registry.onWrite("/9/*/2", (bytes, instance) => this.#take(instance, new Uint8Array(bytes)));
		registry.onWrite("/9/*/3", (uri, instance) => this.#fetch(instance, uri));
		registry.onExecute("/9/*/4", (_, instance) => this.#install(instance));
		registry.onExecute("/9/*/6", (parameters, instance) => this.#uninstall(instance, parameters));
		registry.onExecute("/9/*/10", (_, instance) => this.#activate(instance, true));
		registry.onExecute("/9/*/11", (_, instance) => this.#activate(instance, false));
		const streamed = {
			object: SOFTWARE,
			resource: PACKAGE,
			limitBytes: 0,
			next: undefined,
			write: ({ shortServerId }: { shortServerId: number }, now: number) => {
				const { message } = this.#parts;
				const found = this.#packageOf(message.instance);
				if (typeof found === "number") return found;
				streamed.limitBytes = found.store.capacityBytes;
				this.#parts.wake();
				return found.push.write(shortServerId, now);
			},
		};
		this.streamed = streamed;
		client.attach((parts) => {
			this.#parts = parts;
			return this;
		});
		const { model, platform, log } = this.#parts;
		this.#object = new SoftwareObject(model, platform.storage, log, this.#packages);
		this.#kept = this.#object.left.map(([instance]) => instance);
	}

	/** Makes an instance for a package to come. One that storage holds goes on as it was. @throws RangeError where there is no room for it */
	create(instance: number): void {
		if (this.#kept.includes(instance)) return;
		if (this.#object.has(instance) || !this.#parts.model.createInstance(SOFTWARE, instance))
			throw new RangeError(`/9/${instance}: exists, or object 9 holds no more instances`);
		this.#begin(instance);
	}

	/**
	 * Says what is on the device already, when it starts. What storage holds of the instance goes before, but for a package of
	 * that name and version that was about to be installed.
	 */
	restore(instance: number, info: PackageInfo, isActive: boolean): void {
		const object = this.#object;
		if (this.#kept.includes(instance)) {
			if (object.stateOf(instance) !== DELIVERED || !object.isOf(instance, info)) return;
			object.left = object.left.filter(([id]) => id !== instance);
		}
		object.put([instance, INSTALLED, INSTALL_DONE, info.name, info.version, isActive, 0, -1]);
		object.save();
	}

	onRegistered(): void {}

	step(now: number): number {
		const object = this.#object;
		const { left } = object;
		object.left = [];
		for (const saved of left) this.#takeUp(saved, now);
		let next = Number.POSITIVE_INFINITY;
		this.#packages.forEach((one, instance) => {
			if (!one) return;
			if (!object.has(instance)) {
				// the application has deleted it, or a Create came to nothing
				this.#forget(instance);
				object.save();
				return;
			}
			next = Math.min(next, one.push.step(now));
			if (one.isLeft) object.forgetPackage(instance);
			one.isLeft = false;
		});
		return next;
	}

	/** Goes on with what an earlier life has left. */
	#takeUp([instance, state, , , , , lengthBytes, key]: Saved, now: number): void {
		if (state === INITIAL || state === INSTALLED) return;
		const found = this.#packageOf(instance);
		if (typeof found === "number") this.#fail(instance, NO_STORAGE, "the package's store is gone");
		else if (state !== DOWNLOAD_STARTED) {
			found.length = lengthBytes;
			this.#check(instance, lengthBytes);
		} else if (key >= 0) found.resume(key, now);
		else this.#fail(instance, CONNECTION_LOST, "the device restarted while the package was on its way");
	}

	// the values

	#begin(instance: number): undefined {
		this.#forget(instance);
		this.#object.put([instance, INITIAL, NONE_YET, "", "", false, 0, -1]);
		this.#object.save();
	}

	#remove(instance: number): Refusal {
		const state = this.#object.stateOf(instance);
		if (this.#jobs[instance] !== undefined || state === INSTALLED) return METHOD_NOT_ALLOWED;
		this.#forget(instance);
		this.#object.save(instance);
		return undefined;
	}

	#refuseUnlessInitial(instance: number): Refusal {
		return this.#object.stateOf(instance) === INITIAL && this.#jobs[instance] === undefined
			? undefined
			: METHOD_NOT_ALLOWED;
	}

	// how a package comes

	/** @returns what the instance has on its way, or the code that refuses where the application has no store for it */
	#packageOf(instance: number): SoftwarePackage | number {
		const found = this.#packages[instance];
		if (found) return found;
		const { log, message } = this.#parts;
		let store: PackageStore | undefined;
		try {
			store = this.#hooks.store(instance);
		} catch (error) {
			log.error(`Software ${instance}: there is no store: ${error}`);
			return INTERNAL_SERVER_ERROR;
		}
		if (!store) return METHOD_NOT_ALLOWED;
		const one = new SoftwarePackage(instance, store, message, this);
		this.#packages[instance] = one;
		return one;
	}

	onPackage({ instance, store, slot }: SoftwarePackage, isAgain: boolean): number {
		const state = this.#object.stateOf(instance);
		const { log } = this.#parts;
		if (!(isAgain && state === DOWNLOAD_STARTED) && this.#refuseUnlessInitial(instance)) {
			log.warning(`Software ${instance}: a package is refused while the state is ${NAMES[state]}`);
			return METHOD_NOT_ALLOWED;
		}
		const other = this.#packages.findIndex(
			(one, id) => one?.store === store && id !== instance && this.#object.stateOf(id) !== INITIAL,
		);
		if (other >= 0) {
			log.warning(`Software ${instance}: a package is refused while that of instance ${other} is in the same store`);
			return METHOD_NOT_ALLOWED;
		}
		slot.erase(); // where it cannot be, the first write says why
		if (state === INITIAL) this.#object.enter(instance, DOWNLOAD_STARTED, DOWNLOADING, "a package comes");
		return 0;
	}

	/** A package within a Write of the instance. */
	#take(instance: number, bytes: Uint8Array): Refusal {
		const found = this.#packageOf(instance);
		if (typeof found === "number") return found;
		found.isLeft = true;
		this.#parts.wake();
		const code = found.push.writeWhole(bytes);
		return isRefusal(code) ? code : undefined;
	}

	#fetch(instance: number, uri: string): Refusal {
		// a package written together with a URI is enough
		if (this.#refuseUnlessInitial(instance)) return METHOD_NOT_ALLOWED;
		const found = this.#packageOf(instance);
		if (typeof found === "number") return found;
		const refusal = this.onPackage(found, false);
		if (refusal !== 0) return refusal;
		this.#run<readonly [result: number, lengthBytes: number]>(
			instance,
			(done) => this.#hooks.fetch!(instance, uri, (result, lengthBytes = 0) => done([result, lengthBytes])),
			[UPDATE_ERROR, 0],
			([result, lengthBytes]) => {
				found.length = lengthBytes;
				if (result === DOWNLOAD_DONE) this.onArrived(found);
				else this.#fail(instance, result, `it cannot be fetched from ${uri}`);
			},
		);
		return undefined;
	}

	onArrived({ instance, length }: SoftwarePackage): number {
		this.#object.enter(instance, DOWNLOADED, DOWNLOAD_DONE, `${length} bytes`);
		this.#check(instance, length);
		// what cannot be used is refused where that is known at once
		return this.#object.stateOf(instance) === INITIAL ? BAD_REQUEST : 0;
	}

	onLost({ instance }: SoftwarePackage, result: number, why: string): void {
		this.#fail(instance, result, why);
	}

	#check(instance: number, lengthBytes: number): void {
		this.#run<PackageInfo | number>(
			instance,
			(done) => this.#hooks.check(instance, lengthBytes, done),
			UPDATE_ERROR,
			(found) => {
				if (typeof found === "number") {
					this.#fail(instance, found, "the package cannot be used");
					return;
				}
				this.#object.setInfo(instance, found);
				if (this.#object.stateOf(instance) === DOWNLOADED)
					this.#object.enter(instance, DELIVERED, DOWNLOAD_DONE, `${found.name} ${found.version}`);
			},
		);
	}

	#fail(instance: number, result: number, why: string): void {
		const one = this.#packages[instance];
		if (one) one.length = 0;
		this.#object.enter(instance, INITIAL, result, why);
		// it stays, because what comes of it yet is answered
		one?.slot.erase();
	}

	// what servers order

	#install(instance: number): Refusal {
		const found = this.#packages[instance];
		if (this.#object.stateOf(instance) !== DELIVERED || !found || this.#jobs[instance] !== undefined)
			return METHOD_NOT_ALLOWED;
		this.#run(
			instance,
			(done) => this.#hooks.install(instance, found.length, done),
			false,
			(isDone) => {
				if (isDone) {
					this.#object.enter(instance, INSTALLED, INSTALL_DONE, "done");
					this.#forget(instance);
				} else this.#object.setResult(instance, INSTALL_FAILURE);
			},
		);
		return undefined;
	}

	#uninstall(instance: number, parameters: string): Refusal {
		const state = this.#object.stateOf(instance);
		if (parameters !== "" && parameters !== "0" && parameters !== "1") return BAD_REQUEST;
		if ((state !== DELIVERED && state !== INSTALLED) || this.#jobs[instance] !== undefined) return METHOD_NOT_ALLOWED;
		const isForUpdate = parameters === "1";
		this.#run(
			instance,
			(done) => this.#hooks.uninstall(instance, isForUpdate, done),
			false,
			(isDone) => {
				if (!isDone) {
					this.#object.setResult(instance, UNINSTALL_FAILURE);
					return;
				}
				if (!isForUpdate) this.#object.setActive(instance, false);
				this.#object.enter(instance, INITIAL, NONE_YET, "uninstalled");
				this.#forget(instance);
			},
		);
		return undefined;
	}

	#activate(instance: number, isActive: boolean): Refusal {
		if (this.#object.stateOf(instance) !== INSTALLED || this.#jobs[instance] !== undefined) return METHOD_NOT_ALLOWED;
		const refusal = this.#hooks.activate(instance, isActive);
		if (refusal === undefined) this.#object.setActive(instance, isActive);
		return refusal;
	}

	/** Nothing is left of a package, and no hook is heard. */
	#forget(instance: number): void {
		const one = this.#packages[instance];
		delete this.#packages[instance];
		delete this.#jobs[instance];
		if (!one) return;
		one.push.stop();
		// the store may be another instance's by now
		if (one.slot.length > 0 || one.length > 0) one.slot.erase();
		if (one.isLeft) this.#object.forgetPackage(instance);
	}

	/** Has a hook work, and takes its answer, at any time and once. One that throws has answered with `failure`. */
	#run<T>(instance: number, hook: (done: (outcome: T) => void) => void, failure: T, take: (outcome: T) => void): void {
		this.#lastJob++;
		const job = this.#lastJob;
		this.#jobs[instance] = job;
		const done = (outcome: T): void => {
			// another job, or none, is under way: the package is gone, or the hook answers twice
			if (this.#jobs[instance] !== job) return;
			delete this.#jobs[instance];
			take(outcome);
		};
		try {
			hook(done);
		} catch (error) {
			this.#parts.log.error(`Software ${instance}: the application failed: ${error}`);
			done(failure);
		}
	}
}
