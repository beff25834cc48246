// A device with object 9, and an application whose answers the test gives.
import { softwareManagement } from "../../objects/9-software-management.js";
import { SoftwareManagement } from "../../src/behaviours/software-management.js";
import { UNSUPPORTED_TYPE } from "../../src/behaviours/software-management-states.js";
import { text } from "./coap.js";
import { TestDevice } from "./device.js";
import { MemoryFirmware } from "./firmware.js";

export class SoftwareBench {
	readonly device = new TestDevice("1.1", [softwareManagement]);
	readonly store = new MemoryFirmware();
	readonly did: string[] = [];
	done: (isDone: boolean) => void = () => {};
	fetched: (result: number, lengthBytes?: number) => void = () => {};
	readonly software: SoftwareManagement;

	/** @param stores by instance; one for all where there is none */
	constructor(canFetch = true, stores: (MemoryFirmware | undefined)[] = []) {
		this.device.register();
		this.software = new SoftwareManagement(this.device.client, {
			store: (instance) => (instance in stores ? stores[instance] : this.store),
			check: (_, length, done) => {
				if (length === 13) throw new Error("thirteen");
				done(length < 4 ? UNSUPPORTED_TYPE : { name: "app", version: `${length}` });
			},
			install: (instance, length, done) => {
				if (length === 14) throw new Error("fourteen");
				this.did.push(`install ${instance} ${length}`);
				this.done = done;
			},
			uninstall: (instance, isForUpdate, done) => {
				this.did.push(`uninstall ${instance} ${isForUpdate}`);
				this.done = done;
			},
			activate: (instance, isActive) => {
				this.did.push(`${isActive ? "activate" : "deactivate"} ${instance}`);
			},
			...(canFetch && {
				fetch: (instance: number, uri: string, done: (result: number, lengthBytes?: number) => void) => {
					this.did.push(`fetch ${instance} ${uri}`);
					this.fetched = done;
				},
			}),
		});
		this.software.create(0);
		this.device.settle();
	}

	read(resource: number, instance = 0): string {
		return text(this.device.request({ code: 1, path: `9/${instance}/${resource}`, accept: 0 }).payload);
	}

	/** State and result. */
	get state(): number[] {
		return [Number(this.read(7)), Number(this.read(9))];
	}

	push(bytes: string, instance = 0): number {
		return this.device.request({ code: 3, path: `9/${instance}/2`, format: 42, payload: bytes }).code;
	}

	/** A block of 16 bytes, opaque. */
	block(number: number, isMore: boolean, instance = 0): number {
		const payload = "0123456789abcdef".slice(0, isMore ? 16 : 5);
		const block1 = number * 16 + (isMore ? 8 : 0);
		return this.device.request({ code: 3, path: `9/${instance}/2`, format: 42, block1, payload }).code;
	}

	fetch(uri: string): number {
		return this.device.request({ code: 3, path: "9/0/3", format: 0, payload: uri }).code;
	}

	execute(resource: number, parameters = "", instance = 0): number {
		return this.device.request({ code: 2, path: `9/${instance}/${resource}`, payload: parameters }).code;
	}

	install(): void {
		this.push("package");
		this.execute(4);
		this.done(true);
	}

	/** True where the model holds a package's bytes. */
	get holdsPackage(): boolean {
		return this.device.client.registry.model.stored(9, 0, 2, -1) !== undefined;
	}
}
