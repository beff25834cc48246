// Who is awake in queue mode (OMA TS Core 1.1.1, 6.5): a device listens for a while after each message it sent.

import type { Clock } from "../clock.js";
import type { Registration } from "./registration.js";

/** MAX_TRANSMIT_WAIT with the presets of RFC 7252, 4.8.2. */
export const DEFAULT_AWAKE_MS = 93_000;
const LONGEST_AWAKE_MS = 0x7fffffff;

export interface PresenceListener {
	/** Also called once for a device that has just registered. */
	onAwake(registration: Registration): void;
	onSleeping(registration: Registration): void;
}

export class Presence {
	readonly #clock: Clock;
	readonly #awakeMs: number;
	readonly #listener: PresenceListener;
	readonly #timers = new Map<Registration, () => void>();

	constructor(clock: Clock, awakeMs: number, listener: PresenceListener) {
		this.#clock = clock;
		this.#awakeMs = awakeMs;
		this.#listener = listener;
	}

	/** The device sent something: it is awake, and its time starts anew. */
	heard(registration: Registration): void {
		if (!registration.isQueueMode) return;
		const isNews = registration.isSleeping || !this.#timers.has(registration);
		this.#timers.get(registration)?.();
		registration.isSleeping = false;
		const cancel = this.#clock.schedule(() => this.fellAsleep(registration), this.#awakeMsOf(registration));
		this.#timers.set(registration, cancel);
		if (isNews) this.#listener.onAwake(registration);
	}

	/** Its time is over, or it did not answer. */
	fellAsleep(registration: Registration): void {
		if (!registration.isQueueMode || registration.isSleeping || !this.#timers.has(registration)) return;
		this.#timers.get(registration)?.();
		registration.isSleeping = true;
		this.#listener.onSleeping(registration);
	}

	forget(registration: Registration): void {
		this.#timers.get(registration)?.();
		this.#timers.delete(registration);
	}

	stop(): void {
		for (const cancel of this.#timers.values()) cancel();
		this.#timers.clear();
	}

	/** A device may announce its own time in the Register, `at=` in milliseconds. */
	#awakeMsOf({ attributes }: Registration): number {
		const announced = attributes["at"] ?? "";
		if (!/^\d{1,10}$/.test(announced) || Number(announced) === 0) return this.#awakeMs;
		return Math.min(Number(announced), LONGEST_AWAKE_MS);
	}
}
