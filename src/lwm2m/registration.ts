// The registration at one server: Register, Update, Deregister. OMA-TS-LightweightM2M_Core-V1_1_1 6.2.
// One state machine, its table is in src/DESIGN.md. Deadlines come from the lifetime and from the retry timers;
// nothing polls. A plain Update allocates one exchange and nothing else.
import { type Requester, TIMED_OUT } from "../coap/exchange.js";
import {
	ACK_TIMEOUT,
	BAD_REQUEST,
	CHANGED,
	CREATED,
	DELETE,
	DELETED,
	FORBIDDEN,
	POST,
	PRECONDITION_FAILED,
	UNAUTHORIZED,
} from "../coap/numbers.js";
import { EXCHANGES, UPDATE_MARGIN_SECONDS } from "../config.js";
import { Announcement, type SavedAnnouncement } from "./announcement.js";
import {
	DEREGISTER,
	DEREGISTER_FAILURE,
	REG_TIMEOUT,
	REG_UPDATE,
	REG_UPDATE_COMPLETE,
	REGISTRATION_COMPLETE,
	REGISTRATION_FAILURE,
	SERVER_DISABLED,
} from "./event.js";
import { Location } from "./location.js";
import { outcomeText } from "./outcome.js";
import type { RegistrationOptions } from "./registration-options.js";
import {
	checkEdge,
	DEREGISTERING,
	IDLE,
	REGISTERED,
	REGISTERING,
	stateNames,
	UPDATING,
	WAITING,
} from "./registration-states.js";
import { Retries, updatePeriodMs, updateRetryMs } from "./retries.js";

/** A registration as it is stored. */
export type SavedRegistration = [location: string, announcement: SavedAnnouncement];

export class Registration implements Requester {
	/** True from the answer to Register on, until it is given up or ended. */
	isRegistered = false;
	/** The same, and until De-register has been answered: the server may send requests. */
	isKnown = false;
	/** When the next Update or attempt is due, ms; Infinity for never. */
	deadline = Number.POSITIVE_INFINITY;
	#options: RegistrationOptions;
	#state = IDLE;
	#retries: Retries;
	/** Updates in a row that nobody has answered. */
	#unanswered = 0;
	#isDisabling = false;
	#isDisabled = false;
	#location = new Location();
	#announcement: Announcement;
	#isUpdateWanted = false;
	/** When the last Register or Update was answered, ms, and when the last Update went out. */
	#confirmedAt = 0;
	#updatedAt = Number.NEGATIVE_INFINITY;
	#onStopped: (() => void) | undefined;

	constructor(options: RegistrationOptions) {
		this.#options = options;
		this.#retries = new Retries(options.model, options.serverInstance);
		this.#announcement = new Announcement(options.model, options.serverInstance, options.awakeSeconds);
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

	/** True once an attempt to register has been answered, or has not. */
	get hasTried(): boolean {
		return this.#state === WAITING && !this.#isDisabled;
	}

	/** True while it is registered and nothing is due. */
	get isIdle(): boolean {
		const { haveLinksChanged } = this.#announcement;
		return this.#state === REGISTERED && !this.#isUpdateWanted && !haveLinksChanged && this.#unanswered === 0;
	}

	/** Seconds until the registration ends at the server, 0 where there is none. */
	lifetimeLeftSeconds(): number {
		if (!this.isRegistered) return 0;
		return Math.max(0, this.#announcement.lifetime - (this.#options.now() - this.#confirmedAt) / 1000);
	}

	/** Seconds since the server has answered last. */
	get ageSeconds(): number {
		return (this.#options.now() - this.#confirmedAt) / 1000;
	}

	/** What is to be stored; undefined where there is no registration. */
	save(): SavedRegistration | undefined {
		return this.isRegistered ? [this.location, this.#announcement.save(this.#options.session.enabler)] : undefined;
	}

	/** Goes on with a registration that was stored. @returns false where its lifetime is over */
	restore([location, announcement]: SavedRegistration, ageSeconds: number): boolean {
		const { session, log, now } = this.#options;
		const [lifetime] = announcement;
		if (this.#state !== IDLE || (lifetime > 0 && ageSeconds >= lifetime)) return false;
		this.#location.set(location);
		this.#announcement.restore(announcement, session.enabler);
		this.#confirmedAt = now() - ageSeconds * 1000;
		log.info(`Registration ${location} goes on`);
		// the connection comes first: `reconnected` sends an Update
		this.#transition(REGISTERED, Math.max(now() + ACK_TIMEOUT, this.#confirmedAt + updatePeriodMs(lifetime)));
		return true;
	}

	/** Registers. Nothing happens where it is registered or about to be. */
	start(): void {
		if (this.#state === IDLE) this.#register();
	}

	/** Sends an Update as soon as nothing else is under way. */
	update(): void {
		this.#isUpdateWanted = true;
		if (this.#state === REGISTERED) this.deadline = this.#options.now();
	}

	/** There is something to tell, or the server is silent: an Update goes at once, or 15 s after the last one. */
	updateSoon(): void {
		if (this.#state !== REGISTERED) return;
		this.#isUpdateWanted = true;
		this.deadline = this.#nextUpdateAt();
	}

	/** Objects or instances have come or gone: an Update says so, at once or 15 s after the last one. */
	linksChanged(): void {
		this.#announcement.haveLinksChanged = true;
		if (this.#state === REGISTERED) this.deadline = Math.min(this.deadline, this.#nextUpdateAt());
	}

	/**
	 * The way to the server is there again, or is another one: it is told by an Update, or a Register that was put off
	 * for want of an answer goes now.
	 */
	reconnected(): void {
		if (this.#state === IDLE) this.#register();
		else if (this.#state === WAITING && !this.#isDisabled) this.deadline = this.#options.now();
		else this.updateSoon();
	}

	/**
	 * The way to the server cannot be had: without a registration that is an attempt that has failed.
	 * @returns when to try the next, ms; undefined where that is not for the registration to say
	 */
	unreachable(): number | undefined {
		if (this.isKnown || this.#isDisabled) return undefined;
		this.#options.session.exchanges.cancel(this);
		const isFailed = this.#retryLater(false);
		const at = this.deadline;
		// the connection comes first: `reconnected` registers
		this.deadline = Number.POSITIVE_INFINITY;
		if (isFailed) this.#options.onFailed();
		return at;
	}

	/** Execute of Disable (1/x/4): deregisters, and registers again after the time of 1/x/5. */
	disable(): void {
		this.#isDisabling = true;
		this.stop(nothing);
	}

	/** Deregisters. @param onStopped called when that has been answered or has failed, or at once where there is nothing to do */
	stop(onStopped: () => void): void {
		const { exchanges } = this.#options.session;
		this.#onStopped = onStopped;
		exchanges.cancel(this);
		if (this.isRegistered && exchanges.begin(DELETE, EXCHANGES + 1)) {
			this.#location.addTo(this.#options.session.endpoint.message);
			if (exchanges.send(this)) {
				this.#options.onEvent(DEREGISTER, this.#options.session.shortServerId);
				this.#transition(DEREGISTERING, Number.POSITIVE_INFINITY);
				return;
			}
		}
		this.#ended();
	}

	/** Sends what is due. @returns when it wants to be called again */
	step(now: number): number {
		if (this.deadline <= now) {
			// NSTART is 1 (RFC 7252 4.7): the acknowledgement of what is under way brings us here again. A request that
			// awaits its separate response does not count, else it could hold an Update back until the lifetime is over.
			const { endpoint, exchanges, held } = this.#options.session;
			if (endpoint.pending > held || exchanges.pending > EXCHANGES) return Number.POSITIVE_INFINITY;
			if (this.#state === REGISTERED) {
				if (this.#announcement.lifetime > 0 && this.lifetimeLeftSeconds() <= 0) this.#register();
				else this.#update();
			} else if (this.#state === WAITING) this.#register();
		}
		return this.deadline;
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
			this.#ended();
		} else if (state === REGISTERING) {
			if (outcome === CREATED && this.#location.take(this.#options.session.endpoint.message)) {
				log.info(`Registration Done (EP='${endpointName}')`);
				this.#retries.reset();
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
				if (outcome === TIMED_OUT && this.lifetimeLeftSeconds() > 0) this.#updateLater();
				else this.#register();
				if (outcome <= TIMED_OUT) onEvent(REG_TIMEOUT, session.shortServerId);
			}
		}
	}

	#register(): void {
		const { session, endpointName, onNew } = this.#options;
		onNew();
		this.#isUpdateWanted = this.#isDisabled = false;
		this.#transition(REGISTERING, Number.POSITIVE_INFINITY);
		if (!session.exchanges.begin(POST, EXCHANGES + 1) || !this.#announcement.sendRegister(session, endpointName, this))
			this.#retryLater(false);
	}

	#update(): void {
		const { session, onEvent } = this.#options;
		if (this.#announcement.needsRegister(session.enabler)) {
			this.#register();
			return;
		}
		const hasBegun = session.exchanges.begin(POST, EXCHANGES + 1);
		if (hasBegun) this.#location.addTo(this.#options.session.endpoint.message);
		if (!hasBegun || !this.#announcement.sendUpdate(session, this)) {
			// there is no room for a message: the Update stays due
			this.deadline = this.#options.now() + ACK_TIMEOUT;
			return;
		}
		this.#isUpdateWanted = false;
		this.#updatedAt = this.#options.now();
		this.#transition(UPDATING, Number.POSITIVE_INFINITY);
		onEvent(REG_UPDATE, session.shortServerId);
	}

	/** The server has answered: the lifetime runs from now. */
	#confirm(): void {
		const now = this.#options.now();
		const { lifetime, haveLinksChanged, hasLifetimeChanged } = this.#announcement;
		this.#confirmedAt = now;
		this.#unanswered = 0;
		const isDue = this.#isUpdateWanted || hasLifetimeChanged;
		this.#transition(
			REGISTERED,
			isDue ? now : haveLinksChanged ? this.#nextUpdateAt() : now + updatePeriodMs(lifetime),
		);
	}

	/** When an Update may go that nobody has asked for: one in 15 s. */
	#nextUpdateAt(): number {
		return Math.max(this.#options.now(), this.#updatedAt + UPDATE_MARGIN_SECONDS * 1000);
	}

	/**
	 * Nobody has answered the Update, but the registration stands: another one follows, twice as late each time. What
	 * has not arrived is told again.
	 */
	#updateLater(): void {
		const { now, random } = this.#options;
		const wait = updateRetryMs(this.#unanswered, random());
		this.#unanswered++;
		this.#announcement.revert();
		this.#isUpdateWanted = true;
		const lifetimeEnd = now() + this.lifetimeLeftSeconds() * 1000;
		this.#transition(REGISTERED, Math.min(lifetimeEnd, now() + wait));
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
		else log.error(outcome > TIMED_OUT ? outcomeText(outcome) : `Registration: ${outcomeText(outcome)}`);
		const isFailed = this.#retryLater(outcome === BAD_REQUEST || outcome === FORBIDDEN || outcome === UNAUTHORIZED);
		onEvent(outcome > TIMED_OUT ? REGISTRATION_FAILURE : REG_TIMEOUT, session.shortServerId);
		if (isFailed) this.#options.onFailed();
	}

	/** @returns true where this counts as a failed registration (OMA-TS-LightweightM2M_Core-V1_1_1 6.2.1.2, 1/x/16) */
	#retryLater(isRefused: boolean): boolean {
		const delay = this.#retries.next();
		this.#options.log.info(`Next attempt to register in ${delay} s`);
		this.#transition(WAITING, this.#options.now() + delay * 1000);
		return isRefused || this.#retries.hasFailed;
	}

	/** The registration is over: for good, or for as long as the server wants no client. */
	#ended(): void {
		const { now, onEvent, onNew, session, log } = this.#options;
		if (!this.#isDisabling || this.#onStopped !== nothing) {
			this.#isDisabling = false;
			this.#transition(IDLE, Number.POSITIVE_INFINITY);
			this.#stopped();
			return;
		}
		const seconds = this.#retries.disableSeconds;
		this.#isDisabling = false;
		this.#isDisabled = true;
		this.#onStopped = undefined;
		log.info(`Server ${session.shortServerId} is disabled for ${seconds} s`);
		onNew();
		this.#transition(WAITING, now() + seconds * 1000);
		onEvent(SERVER_DISABLED, session.shortServerId);
	}

	#stopped(): void {
		const onStopped = this.#onStopped;
		this.#onStopped = undefined;
		onStopped?.();
	}

	#transition(next: number, deadline: number): void {
		const state = this.#state;
		checkEdge(state, next);
		const { log, session } = this.#options;
		if (state !== next && log.isDebug)
			log.debug(`registration ${session.shortServerId}: ${stateNames[state]} -> ${stateNames[next]}`);
		this.#state = next;
		this.isRegistered = next === REGISTERED || next === UPDATING;
		this.isKnown = this.isRegistered || next === DEREGISTERING;
		this.deadline = deadline;
	}
}

/** Nobody waits for the end of a registration that its server has disabled. */
function nothing(): void {}
