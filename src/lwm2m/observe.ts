// Observations and their notifications. RFC 7641; OMA-TS-LightweightM2M_Core-V1_1_1 6.4.
// RAM: OBSERVATIONS records of 13 slots each, and one buffer of their tokens. A change marks what observes it; the
// notification is built by `step`, from the values as they are then.
import { copy, equal } from "../bytes.js";
import { blockBytes } from "../coap/block.js";
import * as message from "../coap/message.js";
import { CONTENT, CONTENT_FORMAT, INTERNAL_SERVER_ERROR, NON, OBSERVE } from "../coap/numbers.js";
import { readKeyOf } from "../coap/transfer.js";
import * as writer from "../coap/writer.js";
import { CBOR } from "../codec/codec.js";
import { codecOf } from "../codec/codecs.js";
import { BLOCK_SZX, OBSERVATIONS, REPRESENTATION_BYTES } from "../config.js";
import type { Log } from "../log.js";
import * as cursor from "./cursor.js";
import type { Model } from "./model.js";
import { locate } from "./read.js";
import type { Session } from "./session.js";

interface Observation {
	session: Session;
	/** Which part of the token buffer is its. */
	slot: number;
	tokenLength: number;
	object: number;
	instance: number;
	resource: number;
	resourceInstance: number;
	/** The Accept option of the request, -1 for none, and the format that was chosen. */
	accept: number;
	format: number;
	sequence: number;
	lastMid: number;
	isChanged: boolean;
}

const TOKEN_BYTES = 8;
const MAX_SEQUENCE = 0xffffff;

export class Observations {
	#model: Model;
	#log: Log;
	#now: () => number;
	/** Something has changed: `step` is due. */
	#wake: () => void;
	#list: Observation[] = [];
	#tokens = new Uint8Array(OBSERVATIONS * TOKEN_BYTES);
	#hasChanges = false;

	constructor(model: Model, log: Log, now: () => number, wake: () => void) {
		this.#model = model;
		this.#log = log;
		this.#now = now;
		this.#wake = wake;
	}

	/** How many there are. */
	get count(): number {
		return this.#list.length;
	}

	/** All of them, for status displays. */
	get list(): readonly Observation[] {
		return this.#list;
	}

	/**
	 * Observes what the request in `message` reads; one of the same path by the same server is replaced.
	 * @returns the sequence number for the answer, -1 where OBSERVATIONS are reached
	 */
	add(session: Session, format: number): number {
		const { object, instance, resource, resourceInstance, rx, tokenLength } = message;
		let observation = this.#find(session, object, instance, resource, resourceInstance);
		const other = this.#findToken(session);
		if (!observation) observation = other;
		else if (other && other !== observation) this.#remove(other);
		if (!observation) {
			const slot = this.#freeSlot();
			if (slot < 0) return -1;
			observation = {
				session,
				slot,
				tokenLength,
				object,
				instance,
				resource,
				resourceInstance,
				accept: -1,
				format,
				sequence: 0,
				lastMid: -1,
				isChanged: false,
			};
			this.#list.push(observation);
		}
		observation.object = object;
		observation.instance = instance;
		observation.resource = resource;
		observation.resourceInstance = resourceInstance;
		observation.tokenLength = tokenLength;
		observation.accept = message.accept;
		observation.format = format;
		observation.isChanged = false;
		copy(this.#tokens, observation.slot * TOKEN_BYTES, rx, 4, 4 + tokenLength);
		return this.#nextSequence(observation);
	}

	/** Ends the observation that the request in `message` cancels: by its token, or else by its path. RFC 7641 3.6. */
	cancel(session: Session): boolean {
		const { object, instance, resource, resourceInstance } = message;
		const observation = this.#findToken(session) ?? this.#find(session, object, instance, resource, resourceInstance);
		if (observation) this.#remove(observation);
		return !!observation;
	}

	/** A RST came for a message id: ends the observation whose last notification it was. */
	onReset(session: Session, mid: number): void {
		for (const observation of this.#list)
			if (observation.session === session && observation.lastMid === mid) {
				this.#remove(observation);
				return;
			}
	}

	/** Ends all observations of a server: it has registered anew. */
	clear(session: Session): void {
		this.#list = this.#list.filter((observation) => observation.session !== session);
	}

	/** A value has changed. */
	changed(object: number, instance: number, resource: number, resourceInstance: number): void {
		const list = this.#list;
		for (let i = 0, n = list.length; i < n; ++i) {
			const observation = list[i]!;
			if (observation.object !== object || observation.isChanged) continue;
			if (observation.instance >= 0 && observation.instance !== instance) continue;
			if (observation.resource >= 0 && resource >= 0 && observation.resource !== resource) continue;
			if (
				observation.resourceInstance >= 0 &&
				resourceInstance >= 0 &&
				observation.resourceInstance !== resourceInstance
			)
				continue;
			observation.isChanged = true;
			if (!this.#hasChanges) {
				this.#hasChanges = true;
				this.#wake();
			}
		}
	}

	/** Sends the notifications that are due. @returns when it wants to be called again */
	step(): number {
		if (!this.#hasChanges || this.#model.isBatching) return Number.POSITIVE_INFINITY;
		this.#hasChanges = false;
		cursor.setNotifying(true);
		const list = this.#list;
		for (let i = list.length - 1; i >= 0; --i) {
			const observation = list[i]!;
			if (!observation.isChanged) continue;
			observation.isChanged = false;
			try {
				this.#notify(observation);
			} catch (error) {
				this.#log.error(`Handler of ${pathOf(observation)} failed: ${error}`);
			}
		}
		cursor.setNotifying(false);
		return Number.POSITIVE_INFINITY;
	}

	#notify(observation: Observation): void {
		const { session, object, instance, resource, resourceInstance, format } = observation;
		const model = this.#model;
		const refusal = locate(model, depthOf(observation), object, instance, resource, resourceInstance);
		if (refusal !== 0) {
			this.#giveUp(observation, refusal);
			return;
		}
		this.#begin(observation, CONTENT);
		writer.addNumber(OBSERVE, this.#nextSequence(observation));
		writer.addNumber(CONTENT_FORMAT, format);
		const codec = codecOf(format) ?? codecOf(CBOR)!; // the format was found when the observation began
		const at = writer.beginPayload();
		cursor.start(model, object, instance, resource, resourceInstance);
		const end = codec.encode(writer.tx, at);
		// the handler of a single resource does not know its value just now
		if (
			cursor.isEmpty &&
			resource >= 0 &&
			model.objects[object]!.definition.resources[resource]!.multiple === undefined
		)
			return;
		if (end - at <= blockBytes(BLOCK_SZX) && end <= writer.tx.length) writer.setLength(end > at ? end : at - 1);
		else if (end - at > REPRESENTATION_BYTES) {
			this.#giveUp(observation, INTERNAL_SERVER_ERROR);
			return;
		} else {
			const bytes = new Uint8Array(end - at);
			cursor.restart();
			codec.encode(bytes, 0);
			this.#beginBlock(observation, bytes);
		}
		session.endpoint.send();
	}

	/** What was observed is gone, or cannot be sent: the last notification says so. RFC 7641 4.2. */
	#giveUp(observation: Observation, code: number): void {
		this.#begin(observation, code);
		observation.session.endpoint.send();
		this.#remove(observation);
	}

	/** The first block of a large notification; the server fetches the rest. RFC 7959 2.6. */
	#beginBlock(observation: Observation, bytes: Uint8Array): void {
		const { session, object, instance, resource, resourceInstance, accept, format, sequence } = observation;
		session.transfer.keep(bytes, readKeyOf(object, instance, resource, resourceInstance, accept), this.#now());
		this.#begin(observation, CONTENT);
		session.transfer.addTag();
		writer.addNumber(OBSERVE, sequence);
		writer.addNumber(CONTENT_FORMAT, format);
		session.transfer.addBlock2(-1);
	}

	#begin(observation: Observation, code: number): void {
		const { session, slot, tokenLength } = observation;
		const mid = session.endpoint.nextMid();
		observation.lastMid = mid;
		writer.beginWith(NON, code, mid, this.#tokens, slot * TOKEN_BYTES, tokenLength);
	}

	#nextSequence(observation: Observation): number {
		observation.sequence = observation.sequence === MAX_SEQUENCE ? 0 : observation.sequence + 1;
		return observation.sequence;
	}

	#find(
		session: Session,
		object: number,
		instance: number,
		resource: number,
		resourceInstance: number,
	): Observation | undefined {
		return this.#list.find(
			(one) =>
				one.session === session &&
				one.object === object &&
				one.instance === instance &&
				one.resource === resource &&
				one.resourceInstance === resourceInstance,
		);
	}

	/** The observation with the token of the request in `message`. */
	#findToken(session: Session): Observation | undefined {
		const { rx, tokenLength } = message;
		return this.#list.find(
			(one) =>
				one.session === session &&
				one.tokenLength === tokenLength &&
				equal(this.#tokens, one.slot * TOKEN_BYTES, rx, 4, tokenLength),
		);
	}

	#freeSlot(): number {
		for (let slot = 0; slot < OBSERVATIONS; slot++) if (!this.#list.some((one) => one.slot === slot)) return slot;
		return -1;
	}

	#remove(observation: Observation): void {
		this.#list.splice(this.#list.indexOf(observation), 1);
		this.#log.info(`Observer removed for ${pathOf(observation)}`);
	}
}

function depthOf({ instance, resource, resourceInstance }: Observation): number {
	return instance < 0 ? 1 : resource < 0 ? 2 : resourceInstance < 0 ? 3 : 4;
}

function pathOf({ object, instance, resource, resourceInstance }: Observation): string {
	return [object, instance, resource, resourceInstance].filter((id) => id >= 0).join("/");
}
