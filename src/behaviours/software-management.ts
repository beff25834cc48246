// Object 9, Software Management: the state machines of installation and activation, around an application that knows
// how to install (OMA-TS-LWM2M_SwMgmt-V1_0 5.1). The states' table is in DESIGN.md.
// RAM: one package at a time, as long as it takes to install it, at most OPAQUE_BYTES when it is written by the server.
import type { softwareManagement } from "../../objects/9-software-management.js";
import { BAD_REQUEST, METHOD_NOT_ALLOWED } from "../coap/numbers.js";
import type { Log } from "../log.js";
import type { Model, Refusal } from "../lwm2m/model.js";
import type { Registry } from "../lwm2m/registry.js";

/** Update State, resource 7. */
export const INITIAL = 0;
export const DOWNLOAD_STARTED = 1;
export const DOWNLOADED = 2;
export const DELIVERED = 3;
export const INSTALLED = 4;

/** Update Result, resource 9. */
export const NONE_YET = 0;
export const DOWNLOADING = 1;
export const INSTALL_DONE = 2;
export const DOWNLOAD_DONE = 3;
export const NO_STORAGE = 50;
export const OUT_OF_MEMORY = 51;
export const CONNECTION_LOST = 52;
export const INTEGRITY_FAILURE = 53;
export const UNSUPPORTED_TYPE = 54;
export const INVALID_URI = 56;
export const UPDATE_ERROR = 57;
export const INSTALL_FAILURE = 58;
export const UNINSTALL_FAILURE = 59;

const NAMES: readonly string[] = Object.freeze(["initial", "downloading", "downloaded", "delivered", "installed"]);
/** Which states may follow each. */
const FOLLOWERS: readonly (readonly number[])[] = Object.freeze([
	Object.freeze([DOWNLOAD_STARTED]),
	Object.freeze([DOWNLOADED, INITIAL]),
	Object.freeze([DELIVERED, INITIAL]),
	Object.freeze([INSTALLED, INITIAL]),
	Object.freeze([INITIAL]),
]);

/** What a package says of itself. */
export interface PackageInfo {
	readonly name: string;
	readonly version: string;
}

/** What the application does for each instance, which stands for one package. `done` is called once, at any time. */
export interface SoftwareHooks {
	/** A package has arrived. @returns what it is, or a result from NO_STORAGE up that says why it cannot be used */
	check(instance: number, bytes: ArrayBuffer): PackageInfo | number;
	install(instance: number, bytes: ArrayBuffer, done: (isDone: boolean) => void): void;
	/** @param isForUpdate the package that follows replaces it: only make ready for that */
	uninstall(instance: number, isForUpdate: boolean, done: (isDone: boolean) => void): void;
	/** Starts or stops what is installed. May refuse with a code. */
	activate(instance: number, isActive: boolean): Refusal;
	/** Fetches a package; absent: the server's writing of a URI is refused. `done` takes it, or a result from NO_STORAGE up. */
	fetch?(instance: number, uri: string, done: (outcome: ArrayBuffer | number) => void): void;
}

export class SoftwareManagement {
	#registry: Registry<readonly [typeof softwareManagement]>;
	#hooks: SoftwareHooks;
	#log: Log;
	/** The package of an instance that is not installed yet, by instance id. */
	#packages: (ArrayBuffer | undefined)[] = [];
	/** A hook is at work, by instance id: a number of its own, so that the answer to another one is told apart. */
	#jobs: (number | undefined)[] = [];
	#lastJob = 0;

	/** @throws RangeError where the client has no object 9 */
	constructor(of: { readonly model: Model }, hooks: SoftwareHooks, log: Log) {
		// the paths below are checked against the one definition that they are of
		const registry = of as unknown as Registry<readonly [typeof softwareManagement]>;
		this.#registry = registry;
		this.#hooks = hooks;
		this.#log = log;
		registry.onCreate("/9", (instance) => this.#begin(instance));
		registry.onDelete("/9", (instance) => this.#remove(instance));
		registry.onValidate("/9/*/2", (_, instance) => this.#refuseUnlessInitial(instance));
		registry.onValidate("/9/*/3", (uri, instance) => {
			if (!hooks.fetch) return METHOD_NOT_ALLOWED;
			return uri === "" ? BAD_REQUEST : this.#refuseUnlessInitial(instance);
		});
		registry.onWrite("/9/*/2", (bytes, instance) => {
			if (this.#refuseUnlessInitial(instance)) return METHOD_NOT_ALLOWED;
			this.#transition(instance, DOWNLOAD_STARTED, DOWNLOADING);
			return this.#arrived(instance, bytes) ? undefined : BAD_REQUEST;
		});
		registry.onWrite("/9/*/3", (uri, instance) => {
			// a package written together with a URI is enough
			if (this.#refuseUnlessInitial(instance)) return METHOD_NOT_ALLOWED;
			this.#transition(instance, DOWNLOAD_STARTED, DOWNLOADING);
			const job = this.#beginJob(instance);
			hooks.fetch!(instance, uri, (outcome) => {
				if (!this.#endJob(instance, job)) return;
				if (typeof outcome === "number") this.#transition(instance, INITIAL, outcome);
				else this.#arrived(instance, outcome);
			});
			return undefined;
		});
		registry.onExecute("/9/*/4", (_, instance) => this.#install(instance));
		registry.onExecute("/9/*/6", (parameters, instance) => this.#uninstall(instance, parameters));
		registry.onExecute("/9/*/10", (_, instance) => this.#activate(instance, true));
		registry.onExecute("/9/*/11", (_, instance) => this.#activate(instance, false));
	}

	/** Makes an instance for a package to come. */
	create(instance: number): void {
		this.#registry.create(`/9/${instance}`);
		this.#begin(instance);
	}

	/** Says what is on the device already, when it starts. */
	restore(instance: number, { name, version }: PackageInfo, isActive: boolean): void {
		const registry = this.#registry;
		this.#begin(instance);
		registry.set(`/9/${instance}/0`, name);
		registry.set(`/9/${instance}/1`, version);
		registry.set(`/9/${instance}/7`, INSTALLED);
		registry.set(`/9/${instance}/9`, INSTALL_DONE);
		registry.set(`/9/${instance}/12`, isActive);
	}

	#begin(instance: number): void {
		const registry = this.#registry;
		registry.set(`/9/${instance}/0`, "");
		registry.set(`/9/${instance}/1`, "");
		registry.set(`/9/${instance}/7`, INITIAL);
		registry.set(`/9/${instance}/9`, NONE_YET);
		registry.set(`/9/${instance}/12`, false);
	}

	#remove(instance: number): Refusal {
		const state = this.#stateOf(instance);
		if (this.#jobs[instance] !== undefined || state === INSTALLED) return METHOD_NOT_ALLOWED;
		delete this.#packages[instance];
		return undefined;
	}

	#stateOf(instance: number): number {
		return this.#registry.get(`/9/${instance}/7`) ?? INITIAL;
	}

	#refuseUnlessInitial(instance: number): Refusal {
		return this.#stateOf(instance) === INITIAL && this.#jobs[instance] === undefined ? undefined : METHOD_NOT_ALLOWED;
	}

	/** @returns whether the package can be used */
	#arrived(instance: number, bytes: ArrayBuffer): boolean {
		this.#transition(instance, DOWNLOADED, DOWNLOAD_DONE);
		const found = this.#hooks.check(instance, bytes);
		if (typeof found === "number") {
			this.#transition(instance, INITIAL, found);
			return false;
		}
		this.#packages[instance] = bytes;
		this.#registry.set(`/9/${instance}/0`, found.name);
		this.#registry.set(`/9/${instance}/1`, found.version);
		this.#transition(instance, DELIVERED, DOWNLOAD_DONE);
		return true;
	}

	#install(instance: number): Refusal {
		const bytes = this.#packages[instance];
		if (this.#stateOf(instance) !== DELIVERED || !bytes || this.#jobs[instance] !== undefined)
			return METHOD_NOT_ALLOWED;
		const job = this.#beginJob(instance);
		this.#hooks.install(instance, bytes, (isDone) => {
			if (!this.#endJob(instance, job)) return;
			if (isDone) {
				this.#drop(instance);
				this.#transition(instance, INSTALLED, INSTALL_DONE);
			} else this.#result(instance, INSTALL_FAILURE);
		});
		return undefined;
	}

	#uninstall(instance: number, parameters: string): Refusal {
		const state = this.#stateOf(instance);
		if (parameters !== "" && parameters !== "0" && parameters !== "1") return BAD_REQUEST;
		if ((state !== DELIVERED && state !== INSTALLED) || this.#jobs[instance] !== undefined) return METHOD_NOT_ALLOWED;
		const isForUpdate = parameters === "1";
		const job = this.#beginJob(instance);
		this.#hooks.uninstall(instance, isForUpdate, (isDone) => {
			if (!this.#endJob(instance, job)) return;
			if (!isDone) {
				this.#result(instance, UNINSTALL_FAILURE);
				return;
			}
			this.#drop(instance);
			if (!isForUpdate) this.#registry.set(`/9/${instance}/12`, false);
			this.#transition(instance, INITIAL, NONE_YET);
		});
		return undefined;
	}

	#activate(instance: number, isActive: boolean): Refusal {
		if (this.#stateOf(instance) !== INSTALLED || this.#jobs[instance] !== undefined) return METHOD_NOT_ALLOWED;
		const refusal = this.#hooks.activate(instance, isActive);
		if (refusal === undefined) this.#registry.set(`/9/${instance}/12`, isActive);
		return refusal;
	}

	/** The package is needed no more: neither here nor where a server's write has put it. */
	#drop(instance: number): void {
		delete this.#packages[instance];
		this.#registry.remove(`/9/${instance}/2`);
	}

	#beginJob(instance: number): number {
		this.#lastJob++;
		this.#jobs[instance] = this.#lastJob;
		return this.#lastJob;
	}

	/** @returns false where another job, or none, is under way: a hook that answers twice is not heard twice */
	#endJob(instance: number, job: number): boolean {
		if (this.#jobs[instance] !== job) return false;
		delete this.#jobs[instance];
		return true;
	}

	#transition(instance: number, next: number, result: number): void {
		const state = this.#stateOf(instance);
		if (FOLLOWERS[state]!.indexOf(next) < 0)
			throw new RangeError(`software ${instance}: ${NAMES[state]} -> ${NAMES[next]}`);
		this.#log.debug(`Software ${instance}: ${NAMES[state]} -> ${NAMES[next]}`);
		const registry = this.#registry;
		registry.batch(() => {
			registry.set(`/9/${instance}/7`, next);
			this.#result(instance, result);
		});
	}

	#result(instance: number, result: number): void {
		this.#registry.set(`/9/${instance}/9`, result);
	}
}
