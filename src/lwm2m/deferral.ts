// Requests that a handler has put off: `registry.defer()` within the handler, `registry.answer()` later. The request
// is kept as it came, the server gets an empty acknowledgement, and the answer goes out as a separate response.
// RFC 7252 5.2.2. At most DEFERRED_REQUESTS at a time, each for at most DEFERRED_MS.
import { copy } from "../bytes.js";
import * as message from "../coap/message.js";
import { CONTENT, GET, SERVICE_UNAVAILABLE } from "../coap/numbers.js";
import { DEFERRED_MS, DEFERRED_REQUESTS } from "../config.js";
import * as cursor from "./cursor.js";
import type { Handler } from "./model.js";
import type { Value } from "./path.js";
import type { Registry, Ticket } from "./registry.js";
import type { Session } from "./session.js";

interface Deferred {
	readonly ticket: Ticket;
	readonly session: Session;
	readonly mid: number;
	readonly request: Uint8Array;
	readonly deadline: number;
	/** The resource whose read handler put the request off; -1 where it was not a read. */
	readonly object: number;
	readonly instance: number;
	readonly resource: number;
	readonly resourceInstance: number;
	/** Handlers that have given their value already. */
	readonly fresh: Handler[];
}

export class Deferral {
	#registry: Registry;
	#now: () => number;
	/** Does the request in `message` again, or answers it with the code. */
	#resume: (session: Session, code: number) => void;
	#list: Deferred[] = [];
	#nextTicket = 1;
	/** The ticket that the request in hand has been given, 0 for none. */
	#ticket = 0;
	/** Handlers that the request in hand already has values of. */
	#fresh: Handler[] | undefined;

	constructor(registry: Registry, now: () => number, resume: (session: Session, code: number) => void) {
		this.#registry = registry;
		this.#now = now;
		this.#resume = resume;
		registry.onAnswer = (ticket, code, value) => this.#onAnswer(ticket, code, value);
	}

	/** True where the request in `message` is one that has been put off: a duplicate. */
	isPending(session: Session): boolean {
		const list = this.#list;
		if (list.length === 0) return false;
		return list.some((one) => one.session === session && one.mid === message.mid);
	}

	/** The request in hand may be put off from now on. */
	begin(): void {
		this.#ticket = 0;
		this.#registry.deferCurrent = this.#defer;
	}

	/** It has been answered, or kept. */
	end(): void {
		this.#registry.deferCurrent = undefined;
		this.#fresh = undefined;
	}

	/** Keeps the request in `message`. @returns false where no ticket was taken for it */
	keep(session: Session): boolean {
		if (this.#ticket === 0) return false;
		const { rx, end, mid } = message;
		const request = new Uint8Array(end);
		copy(request, 0, rx, 0, end);
		const { object, instance, resource, resourceInstance, isLater } = cursor;
		this.#list.push({
			ticket: this.#ticket,
			session,
			mid,
			request,
			deadline: this.#now() + DEFERRED_MS,
			object: isLater && message.code === GET ? object : -1,
			instance,
			resource,
			resourceInstance,
			fresh: this.#fresh ?? [],
		});
		this.#ticket = 0;
		return true;
	}

	forget(session: Session): void {
		this.#list = this.#list.filter((one) => one.session !== session);
	}

	/** Answers 5.03 for what took too long. @returns when it wants to be called again */
	step(now: number): number {
		let next = Number.POSITIVE_INFINITY;
		for (const one of this.#list.slice())
			if (one.deadline <= now) this.#answer(one, SERVICE_UNAVAILABLE);
			else if (one.deadline < next) next = one.deadline;
		return next;
	}

	#defer = (): Ticket => {
		if (this.#list.length >= DEFERRED_REQUESTS)
			throw new RangeError(`defer: ${DEFERRED_REQUESTS} requests are put off already`);
		if (this.#ticket === 0) {
			this.#ticket = this.#nextTicket;
			this.#nextTicket++;
		}
		return this.#ticket;
	};

	#onAnswer(ticket: Ticket, code: number, value: Value | undefined): boolean {
		const deferred = this.#list.find((one) => one.ticket === ticket);
		if (!deferred) return false;
		if (code === CONTENT && value === undefined) throw new TypeError(`answer: CONTENT goes with a value`);
		this.#answer(deferred, code, value);
		return true;
	}

	#answer(deferred: Deferred, code: number, value?: Value): void {
		this.#list.splice(this.#list.indexOf(deferred), 1);
		const { session, request, fresh, object, instance, resource, resourceInstance } = deferred;
		message.parse(request, request.length);
		if (value !== undefined && object >= 0) {
			const { model } = this.#registry;
			const handler = model.handler(object, instance, resource);
			if (handler && model.objects[object]?.instances[instance]) {
				model.assign(object, instance, resource, resourceInstance, value);
				fresh.push(handler);
			}
		}
		for (const handler of fresh) handler.isFresh = true;
		this.begin();
		this.#fresh = fresh;
		this.#resume(session, code);
		this.end();
		for (const handler of fresh) handler.isFresh = false;
	}
}
