// The one way from the server to a device. While a device sleeps its operations wait here, in order and bounded;
// awake, it gets them one after the other. They survive a new Register, and fail when the registration ends.

import { RequestFailure } from "../coap/requester.js";
import type { Registration } from "./registration.js";

/** Operations one sleeping device may have waiting. */
export const DEFAULT_QUEUE_LIMIT = 100;

/** An operation is given the registration as it is when its turn comes. */
export type Operation<T> = (registration: Registration) => Promise<T>;

export class QueueFull extends Error {
	override readonly name = "QueueFull";
}

interface Waiting {
	run(registration: Registration): Promise<void>;
	fail(error: Error): void;
}

export class Downlink {
	/** A device in queue mode that should be awake did not answer. */
	onSilence: (registration: Registration) => void = () => {};
	readonly #limit: number;
	readonly #registrationOf: (endpoint: string) => Registration | undefined;
	/** By endpoint name. */
	readonly #queues = new Map<string, Waiting[]>();
	readonly #draining = new Set<string>();

	constructor(limit: number, registrationOf: (endpoint: string) => Registration | undefined) {
		this.#limit = limit;
		this.#registrationOf = registrationOf;
	}

	/** Whether the next operation has to wait for others or for the device to wake. */
	isHolding({ endpoint, isSleeping }: Registration): boolean {
		return isSleeping || this.#draining.has(endpoint) || this.queued(endpoint) > 0;
	}

	queued(endpoint: string): number {
		return this.#queues.get(endpoint)?.length ?? 0;
	}

	run<T>(registration: Registration, operation: Operation<T>): Promise<T> {
		if (!this.isHolding(registration)) return this.#runNow(registration, operation);
		const queue = this.#queues.get(registration.endpoint) ?? [];
		if (queue.length >= this.#limit) {
			const why = `${registration.endpoint} sleeps and has ${queue.length} operations waiting`;
			return Promise.reject(new QueueFull(why));
		}
		this.#queues.set(registration.endpoint, queue);
		return new Promise((resolve, reject) => {
			queue.push({
				run: (current) => this.#runNow(current, operation).then(resolve, reject),
				fail: reject,
			});
		});
	}

	/** Sends what waits, until nothing does or the device falls asleep. */
	async drain(endpoint: string): Promise<void> {
		if (this.#draining.has(endpoint)) return;
		this.#draining.add(endpoint);
		for (;;) {
			const registration = this.#registrationOf(endpoint);
			const next = registration && !registration.isSleeping ? this.#queues.get(endpoint)?.shift() : undefined;
			if (!registration || !next) break;
			await next.run(registration);
		}
		if (this.queued(endpoint) === 0) this.#queues.delete(endpoint);
		this.#draining.delete(endpoint);
	}

	/** Fails what waits for this device, or for any. */
	cancel(endpoint: string | undefined, why: string): void {
		const names = endpoint === undefined ? [...this.#queues.keys()] : [endpoint];
		for (const name of names) {
			const queue = this.#queues.get(name) ?? [];
			this.#queues.delete(name);
			for (const { fail } of queue) fail(new RequestFailure("cancelled", why));
		}
	}

	async #runNow<T>(registration: Registration, operation: Operation<T>): Promise<T> {
		try {
			return await operation(registration);
		} catch (error) {
			if (error instanceof RequestFailure && error.reason === "timeout") this.onSilence(registration);
			throw error;
		}
	}
}
