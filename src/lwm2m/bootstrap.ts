// A bootstrap: Bootstrap-Request, then whatever the bootstrap server does, until its Finish or until it has failed.
// OMA-TS-LightweightM2M_Core-V1_1_1 6.1. The table of the machine is in src/DESIGN.md.
import type { Requester } from "../coap/exchange.js";
import { CHANGED, POST, URI_PATH, URI_QUERY } from "../coap/numbers.js";
import { addText } from "../coap/writer.js";
import { SENML_CBOR } from "../codec/codec.js";
import { BOOTSTRAP_RETRY_SECONDS, BOOTSTRAP_SILENCE_SECONDS } from "../config.js";
import type { Log } from "../log.js";
import type { BootstrapPack } from "./bootstrap-pack.js";
import {
	BOOTSTRAP_REG_COMPLETE,
	BOOTSTRAP_REG_FAILURE,
	BOOTSTRAP_TRANSFER_COMPLETE,
	type ClientEvent,
} from "./event.js";
import { outcomeText } from "./outcome.js";
import type { Session } from "./session.js";

export const IDLE = 0;
/** Waits before it asks: the hold-off time, or after a failure. The server may begin by itself. */
export const HOLDING = 1;
export const REQUESTING = 2;
export const TRANSFERRING = 3;

const stateNames: readonly string[] = Object.freeze(["idle", "holding off", "requesting", "transferring"]);
/** Legal next states, by state: bit n is state n. */
const legal: readonly number[] = Object.freeze([
	1 << HOLDING,
	(1 << REQUESTING) | (1 << TRANSFERRING) | (1 << HOLDING) | (1 << IDLE),
	(1 << TRANSFERRING) | (1 << HOLDING) | (1 << IDLE),
	(1 << HOLDING) | (1 << IDLE) | (1 << TRANSFERRING),
]);

export interface BootstrapOptions {
	session: Session;
	pack: BootstrapPack;
	endpointName: string;
	log: Log;
	now(): number;
	/** 0 <= random() < 1 */
	random(): number;
	onEvent(event: ClientEvent): void;
	/** The configuration is whole and in force. */
	onDone(): void;
	/** Nothing has changed. @returns true where the bootstrap is to be tried again after a while, false where it is over */
	onFailed(): boolean;
}

export class Bootstrap implements Requester {
	#options: BootstrapOptions;
	#state = IDLE;
	#deadline = Number.POSITIVE_INFINITY;
	#failures = 0;
	#isFinished = false;
	/** The server has no Bootstrap-Pack for the device. */
	#isPackRefused = false;

	constructor(options: BootstrapOptions) {
		this.#options = options;
		options.pack.onEnd = (problem, isAnswered) => this.#packEnded(problem, isAnswered);
	}

	get state(): number {
		return this.#state;
	}

	/** The state in a word, for status displays. */
	get stateName(): string {
		return stateNames[this.#state]!;
	}

	/** When something is due, ms; Infinity for never. */
	get deadline(): number {
		return this.#deadline;
	}

	/** True while the server may send requests. */
	get isKnown(): boolean {
		return this.#state !== IDLE;
	}

	/** Begins. @param delaySeconds how long to wait before the server is asked */
	start(delaySeconds: number): void {
		if (this.#state === IDLE) this.#transition(HOLDING, this.#options.now() + delaySeconds * 1000);
	}

	/** Ends it as it stands: what the server has changed is the caller's to take back. */
	stop(): void {
		this.#cancel();
		if (this.#state !== IDLE) this.#transition(IDLE, Number.POSITIVE_INFINITY);
	}

	/** The server has sent a request. */
	touch(): void {
		if (this.#state === IDLE) return;
		if (this.#state === HOLDING) this.#options.log.info("Server Initiated Bootstrap");
		this.#cancel();
		this.#transition(TRANSFERRING, this.#options.now() + BOOTSTRAP_SILENCE_SECONDS * 1000);
	}

	/** Finish has been answered with 2.04: `step` ends the bootstrap. */
	finish(): void {
		this.#isFinished = true;
	}

	/** The way to the server is not there. */
	unreachable(): void {
		if (this.#state === REQUESTING || this.#state === TRANSFERRING) this.#fail("the connection is lost");
	}

	/** Does what is due. @returns when it wants to be called again */
	step(now: number): number {
		const { log, onEvent, onDone } = this.#options;
		if (this.#isFinished) {
			this.#isFinished = false;
			this.#failures = 0;
			log.info("Bootstrap transfer complete");
			this.#transition(IDLE, Number.POSITIVE_INFINITY);
			onEvent(BOOTSTRAP_TRANSFER_COMPLETE);
			onDone();
		} else if (this.#deadline <= now) {
			if (this.#state === HOLDING) this.#request();
			else this.#fail(`the server has been silent for ${BOOTSTRAP_SILENCE_SECONDS} s`);
		}
		return this.#deadline;
	}

	onOutcome(outcome: number): void {
		if (this.#state !== REQUESTING) return;
		if (outcome === CHANGED) this.#accepted();
		else this.#fail(outcomeText(outcome));
	}

	/** In 1.2 the configuration is asked for as a whole first. */
	#request(): void {
		const { session, pack } = this.#options;
		this.#transition(REQUESTING, Number.POSITIVE_INFINITY);
		if (session.enabler !== "1.2" || this.#isPackRefused || !pack.request()) this.#requestTransfer();
	}

	#packEnded(problem: string | undefined, isAnswered: boolean): void {
		if (this.#state !== REQUESTING) return;
		if (problem === undefined) {
			this.#accepted();
			this.#isFinished = true;
		} else if (isAnswered) {
			this.#options.log.info(`Bootstrap-Pack: ${problem}`);
			this.#isPackRefused = true;
			this.#requestTransfer();
		} else this.#fail(problem);
	}

	#requestTransfer(): void {
		const { session, endpointName } = this.#options;
		const { message } = session.endpoint;
		if (session.exchanges.begin(POST)) {
			addText(message, URI_PATH, "bs");
			addText(message, URI_QUERY, `ep=${endpointName}`);
			if (session.enabler !== "1.0") addText(message, URI_QUERY, `pct=${SENML_CBOR}`);
			if (session.exchanges.send(this)) return;
		}
		this.#fail("the request cannot be sent");
	}

	/** The server knows the device and has something for it. */
	#accepted(): void {
		const { log, endpointName, now, onEvent } = this.#options;
		log.info(`Bootstrap registration done (EP='${endpointName}')`);
		this.#transition(TRANSFERRING, now() + BOOTSTRAP_SILENCE_SECONDS * 1000);
		onEvent(BOOTSTRAP_REG_COMPLETE);
	}

	#cancel(): void {
		this.#options.session.exchanges.cancel(this);
		this.#options.pack.cancel();
	}

	#fail(why: string): void {
		const { log, now, random, onEvent, onFailed } = this.#options;
		this.#cancel();
		log.error(`Bootstrap: ${why}`);
		const delay = (BOOTSTRAP_RETRY_SECONDS << Math.min(this.#failures, 6)) * (1 + random() / 4);
		this.#failures++;
		this.#transition(HOLDING, now() + delay * 1000);
		onEvent(BOOTSTRAP_REG_FAILURE);
		if (onFailed()) log.info(`Next attempt to bootstrap in ${Math.round(delay)} s`);
	}

	#transition(next: number, deadline: number): void {
		const state = this.#state;
		if ((legal[state]! & (1 << next)) === 0)
			throw new Error(`bootstrap: ${stateNames[state]} -> ${stateNames[next]} is no edge of the table`);
		if (state !== next) this.#options.log.debug(`bootstrap: ${stateNames[state]} -> ${stateNames[next]}`);
		this.#state = next;
		this.#deadline = deadline;
	}
}
