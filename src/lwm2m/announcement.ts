// What a server is told of the client, and what it has been told last: an Update carries only what has changed.
// OMA-TS-LightweightM2M_Core-V1_1_1 6.2.1, 6.2.2. A plain Update allocates nothing here; links that are too large for
// one datagram are built in a buffer of their own.
import { hash } from "../bytes.js";
import { blockBytes } from "../coap/block.js";
import type { Requester } from "../coap/exchange.js";
import { CONTENT_FORMAT, URI_PATH, URI_QUERY } from "../coap/numbers.js";
import { addNumber, addText, beginPayload, setLength } from "../coap/writer.js";
import { LINK_FORMAT } from "../codec/codec.js";
import { BLOCK_SZX, LIFETIME_SECONDS } from "../config.js";
import type { EnablerVersion } from "./definition.js";
import { writeRegisterLinks } from "./links.js";
import type { Model } from "./model.js";
import type { Session } from "./session.js";

/** Server object. */
const SERVER = 1;
const LIFETIME = 1;
const BINDING = 7;

/** What a server knows of the client. */
export type SavedAnnouncement = [lifetime: number, binding: string, linksHash: number];

export class Announcement {
	/** Seconds; what the server has been told. 0 is for ever. */
	lifetime = 0;
	/** Objects or instances have come or gone since the server was told. */
	haveLinksChanged = false;
	#binding = "";
	/** What the last Update changed, for when nobody answers it. */
	#toldLifetime = 0;
	#toldBinding = "";
	#hadLinksChanged = false;
	#model: Model;
	#serverInstance: number;
	#awakeSeconds: number | undefined;

	constructor(model: Model, serverInstance: number, awakeSeconds: number | undefined) {
		this.#model = model;
		this.#awakeSeconds = awakeSeconds;
		this.#serverInstance = serverInstance;
	}

	/** True where the server knows another lifetime. */
	get hasLifetimeChanged(): boolean {
		return this.#lifetimeNow() !== this.lifetime;
	}

	/** Since 1.1 queue mode is no parameter of Update (6.2.2): to turn it on or off takes a new registration. */
	needsRegister(enabler: EnablerVersion): boolean {
		return enabler !== "1.0" && this.#bindingNow().includes("Q") !== this.#binding.includes("Q");
	}

	/** What the server has been told, to be stored; the hash of the links is 0 where they are to be told anew. */
	save(enabler: EnablerVersion): SavedAnnouncement {
		return [this.lifetime, this.#binding, this.haveLinksChanged ? 0 : this.#linksHash(enabler)];
	}

	restore([lifetime, binding, linksHash]: SavedAnnouncement, enabler: EnablerVersion): void {
		this.lifetime = lifetime;
		this.#binding = binding;
		this.haveLinksChanged = linksHash !== this.#linksHash(enabler);
	}

	/** Ends the Register that has been begun. @returns false where the endpoint is busy */
	sendRegister(session: Session, endpointName: string, requester: Requester): boolean {
		const { message } = session.endpoint;
		const { enabler } = session;
		this.lifetime = this.#lifetimeNow();
		this.#binding = this.#bindingNow();
		this.haveLinksChanged = false;
		addText(message, URI_PATH, "rd");
		addNumber(message, CONTENT_FORMAT, LINK_FORMAT);
		addText(message, URI_QUERY, `lwm2m=${enabler}`);
		addText(message, URI_QUERY, `ep=${endpointName}`);
		// `b=U` is what a server assumes
		const transport = transportOf(this.#binding, enabler);
		if (transport !== "U") addText(message, URI_QUERY, `b=${transport}`);
		if (enabler !== "1.0" && this.#binding.includes("Q")) addText(message, URI_QUERY, "Q");
		addText(message, URI_QUERY, `lt=${this.lifetime}`);
		if (this.#awakeSeconds !== undefined && this.#binding.includes("Q"))
			addText(message, URI_QUERY, `at=${this.#awakeSeconds * 1000}`);
		return this.#sendWithLinks(session, requester);
	}

	/** Ends the Update that has been begun, and that has its path. @returns false where the endpoint is busy */
	sendUpdate(session: Session, requester: Requester): boolean {
		const { message } = session.endpoint;
		const { enabler, exchanges } = session;
		const lifetime = this.#lifetimeNow();
		const binding = this.#bindingNow();
		if (this.haveLinksChanged) addNumber(message, CONTENT_FORMAT, LINK_FORMAT);
		if (binding !== this.#binding) addText(message, URI_QUERY, `b=${transportOf(binding, enabler)}`);
		if (lifetime !== this.lifetime) addText(message, URI_QUERY, `lt=${lifetime}`);
		if (!(this.haveLinksChanged ? this.#sendWithLinks(session, requester) : exchanges.send(requester))) return false;
		this.#toldLifetime = this.lifetime;
		this.#toldBinding = this.#binding;
		this.#hadLinksChanged = this.haveLinksChanged;
		this.lifetime = lifetime;
		this.#binding = binding;
		this.haveLinksChanged = false;
		return true;
	}

	/** The last Update has not arrived: the server knows what it knew before. */
	revert(): void {
		this.lifetime = this.#toldLifetime;
		this.#binding = this.#toldBinding;
		this.haveLinksChanged ||= this.#hadLinksChanged;
	}

	/** Ends the request that has been begun with the links as payload, in blocks where they are large. */
	#sendWithLinks({ endpoint, exchanges, enabler }: Session, requester: Requester): boolean {
		const { message } = endpoint;
		const at = beginPayload(message);
		const end = writeRegisterLinks(message.tx, at, this.#model, enabler);
		if (end - at <= blockBytes(BLOCK_SZX) && end <= message.tx.length) {
			setLength(message, end);
			return exchanges.send(requester);
		}
		const links = new Uint8Array(end - at);
		writeRegisterLinks(links, 0, this.#model, enabler);
		setLength(message, at - 1);
		return exchanges.sendBlocks(requester, links);
	}

	#linksHash(enabler: EnablerVersion): number {
		const length = writeRegisterLinks(new Uint8Array(0), 0, this.#model, enabler);
		const links = new Uint8Array(length);
		writeRegisterLinks(links, 0, this.#model, enabler);
		return hash(links, 0, length);
	}

	/** A lifetime below 0 means nothing to a server: it is taken for 0. */
	#lifetimeNow(): number {
		return Math.max(0, Number(this.#model.stored(SERVER, this.#serverInstance, LIFETIME, -1) ?? LIFETIME_SECONDS));
	}

	#bindingNow(): string {
		return String(this.#model.stored(SERVER, this.#serverInstance, BINDING, -1) ?? "U");
	}
}

/** The binding as the enabler names it: queue mode is part of it in 1.0, and a parameter of its own since 1.1. */
function transportOf(binding: string, enabler: EnablerVersion): string {
	return enabler === "1.0" ? binding : binding.split("Q").join("") || "U";
}
