// From a downloaded image to the restart into it: deferral, the time to tell the servers, an order that the power cut short.
// OMA-TS-LightweightM2M_Core-V1_1_1 E.6, resources 2, 11, 13. RAM: the fields.
import { FOTA_DEFER_MS, FOTA_INSTALLS, FOTA_PAUSE_MS, FOTA_TELL_SECONDS } from "../config.js";
import type { Firmware } from "../platform.js";
import type { UpdateSettings } from "./object.js";
import type { PartParts } from "./part.js";
import { DEFERRED, DOWNLOADED, NONE, UPDATE_FAILED, UPDATING } from "./states.js";

const NEVER = Number.POSITIVE_INFINITY;

export interface InstallationSettings {
	/**
	 * Asked before an update begins: false defers it, where the server allows that (5/0/13), and it is asked again every
	 * minute until then. Default: it begins at once. @param severity 5/0/11: 0 critical, 1 mandatory, 2 optional
	 */
	mayUpdate?(severity: number): boolean;
}

/** The state machine that it is a part of. */
export interface Machine {
	readonly state: number;
	/** Bytes of the image in the slot. */
	readonly length: number;
	/** What servers have set. */
	readonly settings: UpdateSettings;
	enter(next: number, result: number, why: string): void;
	save(): void;
}

export class Installation {
	/** How often this image has been installed. */
	attempts = 0;
	#parts: PartParts;
	#firmware: Firmware;
	#settings: InstallationSettings;
	#machine: Machine;
	/** When the restart into the new image comes at the earliest and at the latest, and when a deferred update is due, ms. */
	#restartFrom = NEVER;
	#restartAt = NEVER;
	#askAt = NEVER;
	#deferredSince = NEVER;

	constructor(parts: PartParts, firmware: Firmware, settings: InstallationSettings, machine: Machine) {
		this.#parts = parts;
		this.#firmware = firmware;
		this.#settings = settings;
		this.#machine = machine;
	}

	/** Begins the update, unless the application defers it. */
	begin(): void {
		this.#askAt = NEVER;
		const machine = this.#machine;
		if (machine.state !== DOWNLOADED) return;
		const now = this.#parts.now();
		const [severity, deferSeconds] = machine.settings;
		const since = this.#deferredSince === NEVER ? now : this.#deferredSince;
		const endMs = since + deferSeconds * 1000;
		if (now < endMs && this.#settings.mayUpdate?.(severity) === false) {
			this.#deferredSince = since;
			this.#askAt = Math.min(now + FOTA_DEFER_MS, endMs);
			machine.enter(DOWNLOADED, DEFERRED, "the application defers the update");
			return;
		}
		this.#deferredSince = NEVER;
		this.attempts++;
		machine.enter(UPDATING, NONE, "the device restarts");
		this.#restartFrom = now + FOTA_PAUSE_MS;
		this.#restartAt = now + FOTA_TELL_SECONDS * 1000;
		this.#parts.wake();
	}

	/** The power was cut between the order and the restart. */
	resume(): void {
		if (this.attempts >= FOTA_INSTALLS)
			this.#machine.enter(DOWNLOADED, UPDATE_FAILED, `the image did not start, ${this.attempts} times`);
		else {
			this.attempts++;
			this.#machine.save();
			this.#restartAt = this.#parts.now();
			this.#parts.wake();
		}
	}

	/** The image is not wanted any more. */
	stop(): void {
		this.#askAt = this.#deferredSince = NEVER;
	}

	/** Does what is due. @returns when it wants to be called again */
	step(now: number): number {
		if (this.#askAt <= now) this.begin();
		let next = NEVER;
		if (this.#restartAt < NEVER) {
			if (now >= this.#restartAt || (now >= this.#restartFrom && this.#parts.isTold())) this.#restart();
			else next = now < this.#restartFrom ? this.#restartFrom : this.#restartAt;
		}
		return Math.min(next, this.#askAt);
	}

	#restart(): void {
		this.#restartAt = NEVER;
		try {
			this.#firmware.install(this.#machine.length);
		} catch (error) {
			this.#machine.enter(DOWNLOADED, UPDATE_FAILED, error instanceof Error ? error.message : String(error));
			return;
		}
		this.#parts.platform.restart();
	}
}
