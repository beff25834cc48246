// When to register again, and when it has failed for good: the timers and counts of the Server object.
// OMA-TS-LightweightM2M_Core-V1_1_1 6.2.1.2, E.2. And when an Update is due.
import {
	DISABLE_SECONDS,
	RETRY_COUNT,
	RETRY_SECONDS,
	SEQUENCE_COUNT,
	SEQUENCE_DELAY_SECONDS,
	UPDATE_MARGIN_SECONDS,
	UPDATE_RETRY_SECONDS,
} from "../config.js";
import { SERVER } from "./accounts.js";
import type { Model } from "./model.js";

/** Resources of Server. */
const DISABLE_TIMEOUT = 5;
const COMMUNICATION_RETRY_COUNT = 17;
const COMMUNICATION_RETRY_TIMER = 18;
const COMMUNICATION_SEQUENCE_DELAY_TIMER = 19;
const COMMUNICATION_SEQUENCE_RETRY_COUNT = 20;
/** A wait that is longer is none that a server means. */
const MAX_WAIT_SECONDS = 2 ** 31 - 1;

export class Retries {
	/** The last attempt was the last of all sequences: the registration counts as failed. */
	hasFailed = false;
	#model: Model;
	#serverInstance: number;
	#attempts = 0;
	#sequences = 0;

	constructor(model: Model, serverInstance: number) {
		this.#model = model;
		this.#serverInstance = serverInstance;
	}

	/** It has succeeded: the next failure is the first again. */
	reset(): void {
		this.#attempts = this.#sequences = 0;
	}

	/** An attempt has failed. @returns seconds until the next one */
	next(): number {
		const factor = this.#attempts < 31 ? 1 << this.#attempts : MAX_WAIT_SECONDS;
		let delay = this.#setting(COMMUNICATION_RETRY_TIMER, RETRY_SECONDS) * factor;
		this.hasFailed = false;
		this.#attempts++;
		if (this.#attempts >= this.#setting(COMMUNICATION_RETRY_COUNT, RETRY_COUNT)) {
			this.#attempts = 0;
			this.#sequences++;
			delay = this.#setting(COMMUNICATION_SEQUENCE_DELAY_TIMER, SEQUENCE_DELAY_SECONDS);
			if (this.#sequences >= this.#setting(COMMUNICATION_SEQUENCE_RETRY_COUNT, SEQUENCE_COUNT)) {
				this.#sequences = 0;
				this.hasFailed = true;
			}
		}
		return Math.min(Math.max(1, delay), MAX_WAIT_SECONDS);
	}

	/** How long a server that has been disabled is left alone, s. */
	get disableSeconds(): number {
		return Math.min(this.#setting(DISABLE_TIMEOUT, DISABLE_SECONDS), MAX_WAIT_SECONDS);
	}

	#setting(resource: number, otherwise: number): number {
		const value = this.#model.stored(SERVER, this.#serverInstance, resource, -1);
		return value === undefined ? otherwise : Math.max(0, Number(value));
	}
}

/** Ten per cent before the end, no less than 10 s and no more than MAX_TRANSMIT_WAIT; every 15 s at most. */
export function updatePeriodMs(lifetime: number): number {
	if (lifetime <= 0) return Number.POSITIVE_INFINITY;
	return Math.max(UPDATE_MARGIN_SECONDS, lifetime - Math.min(93, Math.max(10, lifetime / 10))) * 1000;
}

/** How long after an Update without an answer the next one follows, ms. @param random 0 <= random < 1 */
export function updateRetryMs(unanswered: number, random: number): number {
	return (UPDATE_RETRY_SECONDS << Math.min(unanswered, 6)) * 1000 * (1 + random / 4);
}
