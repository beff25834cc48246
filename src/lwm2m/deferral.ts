// Requests that handlers have put off: `registry.defer()` within the handler, `registry.answer()` later. The request
// is kept as it came, the server gets an empty acknowledgement, and the answer goes out as a separate response, from
// `step`: `answer` may be called within a handler of another request. RFC 7252 5.2.2.
// At most DEFERRED_REQUESTS at a time for each server, each for at most DEFERRED_MS.
import { copy } from "../bytes.js";
import { CONTENT, FETCH, GET, isRefusal, SERVICE_UNAVAILABLE } from "../coap/numbers.js";
import { parse } from "../coap/parse.js";
import { DEFERRED_MS, DEFERRED_REQUESTS } from "../config.js";

import { fits, type Handler, wanted } from "./model.js";
import type { Value } from "./path.js";
import type { Registry, Ticket } from "./registry.js";
import type { Session } from "./session.js";

interface Deferred {
	readonly ticket: Ticket;
	readonly session: Session;
	readonly mid: number;
	readonly request: Uint8Array;
	/** The payload of a request that came in blocks. */
	readonly payload: Uint8Array | undefined;
	readonly deadline: number;
	/** The resource whose read handler put the request off; -1 where it was not a read. */
	readonly object: number;
	readonly instance: number;
	readonly resource: number;
	readonly resourceInstance: number;
	/** Handlers that have given their value already. */
	readonly fresh: Handler[];
	/** What it has been answered, 0 for not yet. */
	outcome: number;
}

export class Deferral {
	#registry: Registry;
	#now: () => number;
	/** Does the request in `message` again, or answers it with the code. */
	#resume: (session: Session, code: number) => void;
	/** `step` is due. */
	#wake: () => void;
	#list: Deferred[] = [];
	/** The request in hand could not be put off: its server has too many waiting. */
	hasNoRoom = false;
	#nextTicket = 1;
	/** Whose request is in hand, and the ticket that it has been given, 0 for none. */
	#session: Session | undefined;
	#ticket = 0;
	/** Handlers that the request in hand already has values of. */
	#fresh: Handler[] | undefined;

	constructor(
		registry: Registry,
		now: () => number,
		resume: (session: Session, code: number) => void,
		wake: () => void,
	) {
		this.#registry = registry;
		this.#now = now;
		this.#resume = resume;
		this.#wake = wake;
		registry.deferCurrent = () => this.#defer();
		registry.onAnswer = (ticket, code, value) => this.#onAnswer(ticket, code, value);
	}

	/** Requests are put off. */
	get isInUse(): boolean {
		return this.#list.length > 0;
	}

	/** True where the request in `message` is one that has been put off: a duplicate. */
	isPending(session: Session): boolean {
		const { message } = session.endpoint;
		return this.#list.some((one) => one.session === session && one.mid === message.mid);
	}

	/** The request in hand may be put off from now on. */
	begin(session: Session): void {
		this.#session = session;
		this.#ticket = 0;
	}

	/** It has been answered, or kept. */
	end(): void {
		this.#session = undefined;
	}

	/** Keeps the request in `message`. @returns false where no ticket was taken for it */
	keep(session: Session): boolean {
		const { message } = session.endpoint;
		const { cursor } = this.#registry.model;
		if (this.#ticket === 0) return false;
		message.isStirred = true;
		const { rx, end, mid } = message;
		const request = new Uint8Array(end);
		copy(request, 0, rx, 0, end);
		const { transfer } = session;
		const { object, instance, resource, resourceInstance, isLater } = cursor;
		this.#list.push({
			ticket: this.#ticket,
			session,
			mid,
			request,
			payload: transfer.bytes === rx ? undefined : transfer.bytes.slice(transfer.start, transfer.end),
			deadline: this.#now() + DEFERRED_MS,
			object: isLater && (message.code === GET || message.code === FETCH) ? object : -1,
			instance,
			resource,
			resourceInstance,
			fresh: this.#fresh ?? [],
			outcome: 0,
		});
		this.#ticket = 0;
		return true;
	}

	forget(session: Session): void {
		this.#list = this.#list.filter((one) => one.session !== session);
	}

	/** Sends the answers that have come, and 5.03 for what took too long. @returns when it wants to be called again */
	step(now: number): number {
		let next = Number.POSITIVE_INFINITY;
		if (this.#list.length === 0) return next;
		for (const one of this.#list.slice())
			if (one.outcome !== 0) this.#answer(one, one.outcome);
			else if (one.deadline <= now) this.#answer(one, SERVICE_UNAVAILABLE);
			else if (one.deadline < next) next = one.deadline;
		return next;
	}

	#defer(): Ticket {
		if (!this.#session) return 0;
		this.hasNoRoom = false;
		const count = this.#list.filter((one) => one.session === this.#session).length;
		if (count >= DEFERRED_REQUESTS) {
			this.hasNoRoom = true;
			throw new RangeError(`defer: ${DEFERRED_REQUESTS} requests are put off already`);
		}
		if (this.#ticket === 0) {
			this.#ticket = this.#nextTicket;
			this.#nextTicket++;
		}
		return this.#ticket;
	}

	#onAnswer(ticket: Ticket, code: number, value: Value | undefined): boolean {
		const deferred = this.#list.find((one) => one.ticket === ticket && one.outcome === 0);
		if (!deferred) return false;
		const { object, instance, resource, resourceInstance } = deferred;
		if (object >= 0 && !isRefusal(code)) {
			const { model } = this.#registry;
			const definition = model.objects[object]!.definition.resources[resource]!;
			if (code !== CONTENT || value === undefined)
				throw new TypeError("answer: a Read is answered with CONTENT and a value, or refused");
			if (!fits(definition, value)) throw new TypeError(`answer: ${wanted(definition)} is wanted, not ${value}`);
			const handler = model.handler(object, instance, resource);
			if (handler && model.objects[object]?.instances[instance]) {
				model.assign(object, instance, resource, resourceInstance, value);
				deferred.fresh.push(handler);
			}
		}
		deferred.outcome = code;
		this.#wake();
		return true;
	}

	#answer(deferred: Deferred, code: number): void {
		this.#list.splice(this.#list.indexOf(deferred), 1);
		const { session, request, payload, fresh } = deferred;
		const { message } = session.endpoint;
		message.now = this.#now();
		const { transfer } = session;
		parse(message, request, request.length);
		transfer.bytes = payload ?? request;
		transfer.start = payload ? 0 : message.payloadStart;
		transfer.end = payload ? payload.length : message.end;
		for (const handler of fresh) handler.isFresh = true;
		this.begin(session);
		this.#fresh = fresh;
		this.#resume(session, code);
		this.end();
		this.#fresh = undefined;
		for (const handler of fresh) handler.isFresh = false;
	}
}
