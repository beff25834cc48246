// The registration at one server: Register, Update, Deregister. OMA-TS-LightweightM2M_Core-V1_1_1 6.2.
// One state machine, its table is in src/DESIGN.md. Deadlines come from the lifetime and from the retry timers;
// nothing polls. A plain Update allocates one exchange and nothing else.
import { copy } from "../bytes.js";
import { blockBytes } from "../coap/block.js";
import { type Requester, TIMED_OUT, WAS_RESET } from "../coap/exchange.js";
import * as message from "../coap/message.js";
import {
	CHANGED,
	CONTENT_FORMAT,
	CREATED,
	codeText,
	DELETE,
	DELETED,
	LOCATION_PATH,
	POST,
	PRECONDITION_FAILED,
	URI_PATH,
	URI_QUERY,
} from "../coap/numbers.js";
import * as writer from "../coap/writer.js";
import { LINK_FORMAT } from "../codec/codec.js";
import { BLOCK_SZX, LIFETIME_SECONDS, RETRY_COUNT, RETRY_SECONDS, SEQUENCE_DELAY_SECONDS } from "../config.js";
import type { Log } from "../log.js";
import type { EnablerVersion } from "./definition.js";
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
import { writeRegisterLinks } from "./links.js";
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

const LOCATION_BYTES = 64;
/** Server object. */
const SERVER = 1;
const LIFETIME = 1;
const BINDING = 7;

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
	/** The location, as encoded Uri-Path options. */
	#location = new Uint8Array(LOCATION_BYTES);
	#locationLength = 0;
	/** What the server has been told last, and whether the links have changed since. */
	#lifetime = 0;
	#binding = "";
	#haveLinksChanged = false;
	#isUpdateWanted = false;
	/** When the last Register or Update was answered, ms. */
	#confirmedAt = 0;
	#onStopped: (() => void) | undefined;

	constructor(options: RegistrationOptions) {
		this.#options = options;
	}

	get state(): number {
		return this.#state;
	}

	/** The registration id as the server's path, `/rd/5a3f`; empty where there is none. */
	get location(): string {
		return this.#state === REGISTERED || this.#state === UPDATING
			? locationText(this.#location, this.#locationLength)
			: "";
	}

	/** Seconds until the registration ends at the server, 0 where there is none. */
	lifetimeLeftSeconds(): number {
		if (this.#state !== REGISTERED && this.#state !== UPDATING) return 0;
		return Math.max(0, this.#lifetime - (this.#options.now() - this.#confirmedAt) / 1000);
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
		this.#haveLinksChanged = true;
		this.update();
	}

	/** Deregisters. @param onStopped called when that has been answered or has failed, or at once where there is nothing to do */
	stop(onStopped: () => void): void {
		const { exchanges } = this.#options.session;
		this.#onStopped = onStopped;
		exchanges.cancel(this);
		if ((this.#state === REGISTERED || this.#state === UPDATING) && exchanges.begin(DELETE)) {
			writer.addEncoded(this.#location, 0, this.#locationLength, URI_PATH);
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
			// NSTART is 1 (RFC 7252 4.7): the end of the exchange under way brings us here again
			if (this.#options.session.exchanges.pending > 0) return Number.POSITIVE_INFINITY;
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
			if (outcome === CREATED && this.#takeLocation()) {
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
		const { session, model, endpointName, onNew } = this.#options;
		const { exchanges, enabler } = session;
		onNew();
		if (!exchanges.begin(POST)) return this.#retryLater();
		this.#lifetime = this.#lifetimeNow();
		this.#binding = this.#bindingNow();
		this.#haveLinksChanged = this.#isUpdateWanted = false;
		writer.addText(URI_PATH, "rd");
		writer.addNumber(CONTENT_FORMAT, LINK_FORMAT);
		writer.addText(URI_QUERY, `lwm2m=${enabler}`);
		writer.addText(URI_QUERY, `ep=${endpointName}`);
		this.#addBinding();
		writer.addText(URI_QUERY, `lt=${this.#lifetime}`);
		this.#transition(REGISTERING, Number.POSITIVE_INFINITY);
		if (!this.#sendWithLinks(model, enabler)) this.#retryLater();
	}

	#update(): void {
		const { session, model, onEvent } = this.#options;
		const { exchanges, enabler } = session;
		if (!exchanges.begin(POST)) return;
		writer.addEncoded(this.#location, 0, this.#locationLength, URI_PATH);
		const lifetime = this.#lifetimeNow();
		const binding = this.#bindingNow();
		const hasLinks = this.#haveLinksChanged;
		if (hasLinks) writer.addNumber(CONTENT_FORMAT, LINK_FORMAT);
		if (binding !== this.#binding) {
			this.#binding = binding;
			this.#addBinding();
		}
		if (lifetime !== this.#lifetime) {
			this.#lifetime = lifetime;
			writer.addText(URI_QUERY, `lt=${lifetime}`);
		}
		this.#haveLinksChanged = this.#isUpdateWanted = false;
		this.#transition(UPDATING, Number.POSITIVE_INFINITY);
		onEvent(REG_UPDATE, session.shortServerId);
		if (!(hasLinks ? this.#sendWithLinks(model, enabler) : exchanges.send(this))) this.#register();
	}

	/** Ends the request that has been begun with the links as payload, in blocks where they are large. */
	#sendWithLinks(model: Model, enabler: EnablerVersion): boolean {
		const { exchanges } = this.#options.session;
		const at = writer.beginPayload();
		const end = writeRegisterLinks(writer.tx, at, model, enabler);
		if (end - at <= blockBytes(BLOCK_SZX) && end <= writer.tx.length) {
			writer.setLength(end);
			return exchanges.send(this);
		}
		const links = new Uint8Array(end - at);
		writeRegisterLinks(links, 0, model, enabler);
		writer.setLength(at - 1);
		return exchanges.sendBlocks(this, links, URI_QUERY);
	}

	/** `b=U` is what a server assumes. Queue mode is part of it in 1.0 and a parameter of its own since 1.1. */
	#addBinding(): void {
		const isOld = this.#options.session.enabler === "1.0";
		if (isOld ? this.#binding !== "U" : this.#binding.replace("Q", "") !== "U")
			writer.addText(URI_QUERY, `b=${isOld ? this.#binding : this.#binding.replace("Q", "")}`);
		if (!isOld && this.#binding.includes("Q")) writer.addText(URI_QUERY, "Q");
	}

	/** The server has answered: the lifetime runs from now. */
	#confirm(): void {
		const now = this.#options.now();
		this.#confirmedAt = now;
		this.#transition(
			REGISTERED,
			this.#isUpdateWanted || this.#haveLinksChanged || this.#lifetimeNow() !== this.#lifetime
				? now
				: now + updatePeriodMs(this.#lifetime),
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
		if (this.#state === IDLE) this.#transition(REGISTERING, Number.POSITIVE_INFINITY);
		this.#transition(WAITING, this.#options.now() + delay * 1000);
	}

	/** Keeps the Location-Path of the answer in `message` as Uri-Path options. @returns false where it is absent or too long */
	#takeLocation(): boolean {
		const { rx, locationCount } = message;
		let at = 0;
		for (let i = 0; i < locationCount; i++) {
			const from = message.findOption(LOCATION_PATH, i);
			const size = message.optionLength;
			if (size === 0 || size > 255 || at + size + 2 > LOCATION_BYTES) return false;
			this.#location[at] = ((i === 0 ? URI_PATH : 0) << 4) | (size < 13 ? size : 13);
			at++;
			if (size > 12) {
				this.#location[at] = size - 13;
				at++;
			}
			at = copy(this.#location, at, rx, from, from + size);
		}
		this.#locationLength = at;
		return at > 0;
	}

	#lifetimeNow(): number {
		return Number(this.#options.model.stored(SERVER, this.#options.serverInstance, LIFETIME, -1) ?? LIFETIME_SECONDS);
	}

	#bindingNow(): string {
		return String(this.#options.model.stored(SERVER, this.#options.serverInstance, BINDING, -1) ?? "U");
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

function locationText(options: Uint8Array, length: number): string {
	let text = "";
	let at = 0;
	while (at < length) {
		let size = options[at]! & 15;
		at++;
		if (size === 13) {
			size = options[at]! + 13;
			at++;
		}
		text += "/";
		for (const stop = at + size; at < stop; at++) text += String.fromCharCode(options[at]!);
	}
	return text;
}
