// The instance 0 of Firmware Update (object 5) in the model: its values and what servers do to them.
// OMA-TS-LightweightM2M_Core-V1_1_1 E.6; resources 10 to 14 and results 10 and 11 are there where version 1.2 was agreed:
// servers of earlier versions take them for errors.
import { isRefusal } from "../coap/numbers.js";
import type { Handler, Model } from "../lwm2m/model.js";
import type { Value } from "../lwm2m/path.js";
import type { Clock } from "../platform.js";
import { CANCELLED, NONE } from "./states.js";

export const FIRMWARE_UPDATE = 5;

const PACKAGE = 0;
const PACKAGE_URI = 1;
const UPDATE = 2;
const STATE = 3;
const RESULT = 5;
const NAME = 6;
const VERSION = 7;
const PROTOCOLS = 8;
const DELIVERY = 9;
const CANCEL = 10;
const SEVERITY = 11;
const CHANGE_TIME = 12;
const DEFER_PERIOD = 13;
const AUTOMATIC = 14;

const PUSH_AND_PULL = 2;
/** 5/0/11, 13, 14: what a server has set. */
export type UpdateSettings = [severity: number, deferSeconds: number, isAutomatic: boolean];

/** 5/0/11 where no server has set it: mandatory. */
export const DEFAULT_SEVERITY = 1;

/** Each returns the code to answer with, 0 for that of success. */
export interface FirmwareHandlers {
	/** The package as a part of a larger Write. */
	onPackage(bytes: Uint8Array): number;
	mayWriteUri(uri: string): number;
	onUri(uri: string): void;
	onUpdate(): number;
	onCancel(): number;
}

export class FirmwareObject {
	#model: Model;
	#clock: Clock;
	#handlers: FirmwareHandlers;
	#has12 = false;
	#settings: UpdateSettings = [DEFAULT_SEVERITY, 0, false];

	/** @param protocols as 5/0/8 names them */
	constructor(model: Model, clock: Clock, protocols: readonly number[], handlers: FirmwareHandlers) {
		this.#model = model;
		this.#clock = clock;
		model.createInstance(FIRMWARE_UPDATE, 0);
		this.setPackage("", "", "");
		this.setState(0, NONE);
		this.#set(DELIVERY, PUSH_AND_PULL);
		for (const protocol of protocols) model.assign(FIRMWARE_UPDATE, 0, PROTOCOLS, protocol, protocol);
		// the model has checked the type of what it passes
		this.#handle(PACKAGE, { write: (value) => refused(handlers.onPackage(new Uint8Array(value as ArrayBuffer))) });
		this.#handle(PACKAGE_URI, {
			validate: (uri) => handlers.mayWriteUri(uri as string),
			write: (uri) => handlers.onUri(uri as string),
		});
		this.#handle(UPDATE, { execute: () => refused(handlers.onUpdate()) });
		this.#handlers = handlers;
	}

	get uri(): string {
		return String(this.#model.stored(FIRMWARE_UPDATE, 0, PACKAGE_URI, -1));
	}

	/** What servers have set: 11, 13, 14; the defaults where they are not there. */
	get settings(): UpdateSettings {
		if (this.#has12)
			this.#settings = [Number(this.#get(SEVERITY)), Number(this.#get(DEFER_PERIOD)), this.#get(AUTOMATIC) === true];
		return this.#settings;
	}

	restore(settings: UpdateSettings): void {
		this.#settings = settings;
	}

	/** The resources of object version 1.1 and later come or go. */
	setVersion(is12: boolean): void {
		if (is12 === this.#has12) return;
		const { settings } = this;
		this.#has12 = is12;
		if (is12) {
			this.#set(SEVERITY, settings[0]);
			this.#set(DEFER_PERIOD, settings[1]);
			this.#set(AUTOMATIC, settings[2]);
			this.#stamp();
			this.#handle(CANCEL, { execute: () => refused(this.#handlers.onCancel()) });
		} else {
			this.#model.objects[FIRMWARE_UPDATE]!.handlers[CANCEL] = undefined;
			for (const resource of [SEVERITY, CHANGE_TIME, DEFER_PERIOD, AUTOMATIC])
				this.#model.remove(FIRMWARE_UPDATE, 0, resource, -1);
		}
	}

	/** @param uri undefined leaves it as it is; @param version "" for unknown */
	setPackage(uri: string | undefined, name: string, version: string): void {
		this.#model.beginBatch();
		if (uri !== undefined) this.#set(PACKAGE_URI, uri);
		this.#set(NAME, name);
		this.#set(VERSION, version);
		this.#model.endBatch();
	}

	/** Both at once, so that they are told together. */
	setState(state: number, result: number): void {
		this.#model.beginBatch();
		if (this.#has12 && state !== this.#get(STATE)) this.#stamp();
		this.#set(RESULT, result < CANCELLED || this.#has12 ? result : NONE);
		this.#set(STATE, state);
		this.#model.endBatch();
	}

	/** Drops what a larger Write has left of a package. */
	forgetPackage(): void {
		this.#model.remove(FIRMWARE_UPDATE, 0, PACKAGE, -1);
	}

	#stamp(): void {
		const time = this.#clock.time();
		if (!Number.isNaN(time)) this.#set(CHANGE_TIME, Math.floor(time));
	}

	#get(resource: number): Value | undefined {
		return this.#model.stored(FIRMWARE_UPDATE, 0, resource, -1);
	}

	#set(resource: number, value: Value): void {
		this.#model.assign(FIRMWARE_UPDATE, 0, resource, -1, value);
	}

	#handle(resource: number, handler: Partial<Handler>): void {
		this.#model.objects[FIRMWARE_UPDATE]!.handlers[resource] = { ...handler, instance: -1, next: undefined };
	}
}

/** A code that refuses; success answers itself. */
function refused(code: number): number | undefined {
	return isRefusal(code) ? code : undefined;
}
