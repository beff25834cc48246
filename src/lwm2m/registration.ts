// The registration at one server: Register, Update, Deregister. OMA-TS-LightweightM2M_Core-V1_1_1 6.2.
// One state machine, its table is in src/DESIGN.md. Deadlines come from the lifetime and from the retry timers;
// nothing polls. A plain Update allocates one exchange and nothing else.
import { type Requester, TIMED_OUT, WAS_RESET } from "../coap/exchange.js";
import {
	ACK_TIMEOUT,
	CHANGED,
	CREATED,
	codeText,
	DELETE,
	DELETED,
	POST,
	PRECONDITION_FAILED,
} from "../coap/numbers.js";
import { EXCHANGES, RETRY_COUNT, RETRY_SECONDS, SEQUENCE_DELAY_SECONDS } from "../config.js";
import type { Log } from "../log.js";
import { Announcement } from "./announcement.js";
import {
	type ClientEvent,
	DEREGISTER,
	DEREGISTER_FAILURE,
	REG_TIMEOUT,
	REG_UPDATE,
	REG_UPDATE_COMPLETE,
	REGISTRATION_COMPLETE,
	REGISTRATION_FAILURE,
} from "./event.js";
import { Location } from "./location.js";
import type { Model } from "./model.js";
import type { Session } from "./session.js";

export const IDLE = 0;
export const REGISTERING = 1;
export const REGISTERED = 2;
export const UPDATING = 3;
export const DEREGISTERING = 4;
export const WAITING = 5;

const stateNames: readonly string[] = Object.freeze([
	"idle",
	"registering",
	"registered",
	"updating",
	"deregistering",
	"waiting",
]);
/** Legal next states, by state: bit n is state n. */
const legal: readonly number[] = Object.freeze([
	(1 << REGISTERING) | (1 << IDLE),
	(1 << REGISTERED) | (1 << WAITING) | (1 << IDLE) | (1 << REGISTERING),
	(1 << UPDATING) | (1 << DEREGISTERING) | (1 << REGISTERING) | (1 << IDLE),
	(1 << REGISTERED) | (1 << REGISTERING) | (1 << DEREGISTERING) | (1 << IDLE),
	1 << IDLE,
	(1 << REGISTERING) | (1 << IDLE),
]);

export interface RegistrationOptions {
	session: Session;
	model: Model;
	/** Endpoint client name, `ep`. */
	endpointName: string;
	/** The instance of the Server object (1). */
	serverInstance: number;
	log: Log;
	now(): number;
	onEvent(event: ClientEvent, shortServerId: number): void;
	/** A registration begins from nothing: what the server knew of us is gone. */
	onNew(): void;
}

export class Registration implements Requester {
	#options: RegistrationOptions;
	#state = IDLE;
	#deadline = Number.POSITIVE_INFINITY;
	#attempts = 0;
	#location = new Location();
	#announcement: Announcement;
	#isUpdateWanted = false;
	/** When the last Register or Update was answered, ms. */
	#confirmedAt = 0;
	#onStopped: (() => void) | undefined;

	constructor(options: RegistrationOptions) {
		this.#options = options;
		this.#announcement = new Announcement(options.model, options.serverInstance);
	}

	get state(): number {
		return this.#state;
	}

	/** The state in a word, for status displays. */
	get stateName(): string {
		return stateNames[this.#state]!;
	}

	/** The registration id as the server's path, `/rd/5a3f`; empty where there is none. */
	get location(): string {
		return this.isRegistered ? this.#location.toString() : "";
	}

	/** True from the answer to Register on, until it is given up or ended. */
	get isRegistered(): boolean {
		return this.#state === REGISTERED || this.#state === UPDATING;
	}

	/** The same, and until De-register has been answered: the server may send requests. */
	get isKnown(): boolean {
		return this.isRegistered || this.#state === DEREGISTERING;
	}

	/** Seconds until the registration ends at the server, 0 where there is none. */
	lifetimeLeftSeconds(): number {
		if (!this.isRegistered) return 0;
		return Math.max(0, this.#announcement.lifetime - (this.#options.now() - this.#confirmedAt) / 1000);
	}

	/** When the next Update or attempt is due, ms; Infinity for never. */
	get deadline(): number {
		return this.#deadline;
	}

	/** Registers. Nothing happens where it is registered or about to be. */
	start(): void {
		if (this.#state === IDLE) this.#register();
	}

	/** Sends an Update as soon as nothing else is under way. */
	update(): void {
		this.#isUpdateWanted = true;
		if (this.#state === REGISTERED) this.#deadline = this.#options.now();
	}

	/** Objects or instances have come or gone: the next Update says so, and goes at once. */
	linksChanged(): void {
		this.#announcement.haveLinksChanged = true;
		this.update();
	}

	/** Deregisters. @param onStopped called when that has been answered or has failed, or at once where there is nothing to do */
	stop(onStopped: () => void): void {
		const { exchanges } = this.#options.session;
		this.#onStopped = onStopped;
		exchanges.cancel(this);
		if (this.isRegistered && exchanges.begin(DELETE)) {
			this.#location.addTo();
			if (exchanges.send(this)) {
				this.#options.onEvent(DEREGISTER, this.#options.session.shortServerId);
				this.#transition(DEREGISTERING, Number.POSITIVE_INFINITY);
				return;
			}
		}
		this.#transition(IDLE, Number.POSITIVE_INFINITY);
		this.#stopped();
	}

	/** Sends what is due. @returns when it wants to be called again */
	step(now: number): number {
		if (this.#deadline <= now) {
			// NSTART is 1 (RFC 7252 4.7): the acknowledgement of what is under way brings us here again. A request that
			// awaits its separate response does not count, else it could hold an Update back until the lifetime is over.
			const { endpoint, exchanges } = this.#options.session;
			if (endpoint.pending > 0 || exchanges.pending >= EXCHANGES) return Number.POSITIVE_INFINITY;
			if (this.#state === REGISTERED) this.#update();
			else if (this.#state === WAITING) this.#register();
		}
		return this.#deadline;
	}

	onOutcome(outcome: number): void {
		const { log, session, endpointName, onEvent } = this.#options;
		const state = this.#state;
		if (state === DEREGISTERING) {
			if (outcome === DELETED) log.info("Deregistration success");
			else {
				log.warning(`Deregistration: ${outcomeText(outcome)}`);
				onEvent(DEREGISTER_FAILURE, session.shortServerId);
			}
			this.#transition(IDLE, Number.POSITIVE_INFINITY);
			this.#stopped();
		} else if (state === REGISTERING) {
			if (outcome === CREATED && this.#location.take()) {
				log.info(`Registration Done (EP='${endpointName}')`);
				this.#attempts = 0;
				this.#confirm();
				onEvent(REGISTRATION_COMPLETE, session.shortServerId);
			} else this.#registerFailed(outcome);
		} else if (state === UPDATING) {
			if (outcome === CHANGED) {
				log.info("Update Done");
				this.#confirm();
				log.info("Registration update complete");
				onEvent(REG_UPDATE_COMPLETE, session.shortServerId);
			} else {
				log.warning(`Update: ${outcomeText(outcome)}`);
				if (outcome <= TIMED_OUT) onEvent(REG_TIMEOUT, session.shortServerId);
				this.#register();
			}
		}
	}

	#register(): void {
		const { session, endpointName, onNew } = this.#options;
		onNew();
		this.#isUpdateWanted = false;
		this.#transition(REGISTERING, Number.POSITIVE_INFINITY);
		if (!session.exchanges.begin(POST) || !this.#announcement.sendRegister(session, endpointName, this))
			this.#retryLater();
	}

	#update(): void {
		const { session, onEvent } = this.#options;
		if (this.#announcement.needsRegister(session.enabler)) {
			this.#register();
			return;
		}
		const hasBegun = session.exchanges.begin(POST);
		if (hasBegun) this.#location.addTo();
		if (!hasBegun || !this.#announcement.sendUpdate(session, this)) {
			// there is no room for a message: the Update stays due
			this.#deadline = this.#options.now() + ACK_TIMEOUT;
			return;
		}
		this.#isUpdateWanted = false;
		this.#transition(UPDATING, Number.POSITIVE_INFINITY);
		onEvent(REG_UPDATE, session.shortServerId);
	}

	/** The server has answered: the lifetime runs from now. */
	#confirm(): void {
		const now = this.#options.now();
		const { lifetime, haveLinksChanged, hasLifetimeChanged } = this.#announcement;
		this.#confirmedAt = now;
		this.#transition(
			REGISTERED,
			this.#isUpdateWanted || haveLinksChanged || hasLifetimeChanged ? now : now + updatePeriodMs(lifetime),
		);
	}

	/** 4.12: the server does not speak this version; everything else waits, twice as long each time. */
	#registerFailed(outcome: number): void {
		const { session, log, onEvent } = this.#options;
		const lower = session.enabler === "1.2" ? "1.1" : session.enabler === "1.1" ? "1.0" : undefined;
		if (outcome === PRECONDITION_FAILED && lower) {
			log.info(`Server does not speak LwM2M ${session.enabler}, trying ${lower}`);
			session.enabler = lower;
			this.#register();
			return;
		}
		if (outcome === CREATED) log.error("Registration: the answer has no usable Location-Path");
		else
			log.error(
				outcome > TIMED_OUT ? `Failed with code ${codeText(outcome)}` : `Registration: ${outcomeText(outcome)}`,
			);
		this.#retryLater();
		onEvent(outcome > TIMED_OUT ? REGISTRATION_FAILURE : REG_TIMEOUT, session.shortServerId);
	}

	#retryLater(): void {
		const delay = this.#attempts < RETRY_COUNT - 1 ? RETRY_SECONDS * 2 ** this.#attempts : SEQUENCE_DELAY_SECONDS;
		this.#attempts = this.#attempts < RETRY_COUNT - 1 ? this.#attempts + 1 : 0;
		this.#options.log.info(`Next attempt to register in ${delay} s`);
		this.#transition(WAITING, this.#options.now() + delay * 1000);
	}

	#stopped(): void {
		const onStopped = this.#onStopped;
		this.#onStopped = undefined;
		onStopped?.();
	}

	#transition(next: number, deadline: number): void {
		const state = this.#state;
		if ((legal[state]! & (1 << next)) === 0)
			throw new Error(`registration: ${stateNames[state]} -> ${stateNames[next]} is no edge of the table`);
		if (state !== next)
			this.#options.log.debug(
				`registration ${this.#options.session.shortServerId}: ${stateNames[state]} -> ${stateNames[next]}`,
			);
		this.#state = next;
		this.#deadline = deadline;
	}
}

/** Ten per cent before the end, no less than 10 s and no more than MAX_TRANSMIT_WAIT; every 15 s at most. */
function updatePeriodMs(lifetime: number): number {
	if (lifetime <= 0) return Number.POSITIVE_INFINITY;
	return Math.max(15, lifetime - Math.min(93, Math.max(10, lifetime / 10))) * 1000;
}

function outcomeText(outcome: number): string {
	return outcome === TIMED_OUT
		? "no answer"
		: outcome === WAS_RESET
			? "reset by the server"
			: `Failed with code ${codeText(outcome)}`;
}
