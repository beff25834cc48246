// The observations of all servers, found by token, by what they observe, and by the object that changes.
// RAM: OBSERVATIONS records (observation.ts), one buffer of their tokens, and a list for each object that is observed.
import { equal } from "../bytes.js";

import { OBSERVATIONS } from "../config.js";
import type { Model } from "./model.js";
import { Observation, type Outcome } from "./observation.js";
import { isSamePaths, objectsOf } from "./paths.js";
import type { Session } from "./session.js";

export const TOKEN_BYTES = 8;

/** An observation as it is stored. */
export type SavedObservation = [
	token: number[],
	path: number[],
	paths: readonly number[] | null,
	accept: number,
	format: number,
	requestFormat: number,
	own: (number | null)[] | null,
	sequence: number,
];

export class ObservationList {
	readonly list: Observation[] = [];
	/** By object id, sparse: those that a change of the object may concern. */
	readonly byObject: (Observation[] | undefined)[] = [];
	/** TOKEN_BYTES for each, by slot. */
	readonly tokens = new Uint8Array(OBSERVATIONS * TOKEN_BYTES);
	#outcome: Outcome;
	#model: Model;

	constructor(outcome: Outcome, model: Model) {
		this.#outcome = outcome;
		this.#model = model;
	}

	/** @returns undefined where OBSERVATIONS are reached */
	make(session: Session): Observation | undefined {
		const slot = this.#freeSlot();
		if (slot < 0) return undefined;
		const observation = new Observation(this.#outcome, session, slot);
		this.list.push(observation);
		return observation;
	}

	remove(observation: Observation): void {
		this.list.splice(this.list.indexOf(observation), 1);
		this.unlink(observation);
	}

	/** What a server observes, to be stored. */
	save(session: Session): SavedObservation[] {
		const { list, tokens } = this;
		return list
			.filter((one) => one.session === session)
			.map((one) => [
				Array.from(tokens.slice(one.slot * TOKEN_BYTES, one.slot * TOKEN_BYTES + one.tokenLength)),
				[one.object, one.instance, one.resource, one.resourceInstance],
				one.paths ?? null,
				one.accept,
				one.format,
				one.requestFormat,
				one.own ? Array.from(one.own, (value) => value ?? null) : null,
				one.sequence,
			]);
	}

	/** Makes an observation of what was stored. @returns undefined where OBSERVATIONS are reached */
	restore(
		session: Session,
		[token, path, paths, accept, format, requestFormat, own, sequence]: SavedObservation,
	): Observation | undefined {
		const one = this.make(session);
		if (!one) return undefined;
		[one.object, one.instance, one.resource, one.resourceInstance] = path as [number, number, number, number]; // four ids
		one.paths = paths ?? undefined;
		one.own = own?.map((value) => value ?? undefined);
		one.accept = accept;
		one.format = format;
		one.requestFormat = requestFormat;
		one.tokenLength = token.length;
		this.tokens.set(token, one.slot * TOKEN_BYTES);
		// a lower number would pass for an older notification, RFC 7641 3.4: some may have gone since this was stored
		one.sequence = (sequence + 4096) & 0xffffff;
		return one;
	}

	/** Has it looked at when its objects change. */
	link(observation: Observation): void {
		const { paths, object } = observation;
		const objects = paths ? objectsOf(paths, this.#model.objectIds) : [object];
		for (const id of objects) {
			const list = this.byObject[id];
			if (list) list.push(observation);
			else this.byObject[id] = [observation];
		}
	}

	/** Takes that back. */
	unlink(observation: Observation): void {
		// by the ids that there are: to go through a sparse array takes as long as its highest index
		for (const id of this.#model.objectIds) {
			const list = this.byObject[id];
			if (list?.includes(observation)) this.byObject[id] = list.filter((one) => one !== observation);
		}
	}

	/** The observation of the same by the same server as the request in `message`. */
	find(session: Session, paths: readonly number[] | undefined): Observation | undefined {
		const { message } = session.endpoint;
		const { object, instance, resource, resourceInstance } = message;
		return this.list.find((one) => {
			if (one.session !== session) return false;
			if (paths || one.paths) return !!paths && !!one.paths && isSamePaths(paths, one.paths);
			return (
				one.object === object &&
				one.instance === instance &&
				one.resource === resource &&
				one.resourceInstance === resourceInstance
			);
		});
	}

	/** The observation with the token of the request in `message`. */
	findToken(session: Session): Observation | undefined {
		const { message } = session.endpoint;
		const { rx, tokenLength } = message;
		return this.list.find(
			(one) =>
				one.session === session &&
				one.tokenLength === tokenLength &&
				equal(this.tokens, one.slot * TOKEN_BYTES, rx, 4, tokenLength),
		);
	}

	#freeSlot(): number {
		for (let slot = 0; slot < OBSERVATIONS; slot++) if (!this.list.some((one) => one.slot === slot)) return slot;
		return -1;
	}
}
