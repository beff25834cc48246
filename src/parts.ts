// What a client has beside its own parts, where a build has it: firmware update, software management. They are stepped when
// one of them has something to do. RAM: the fields.
import type { Part } from "./fota/part.js";
import type { Dispatcher } from "./lwm2m/dispatcher.js";

const NEVER = Number.POSITIVE_INFINITY;

export class Parts {
	#dispatcher: Dispatcher;
	#first: Part | undefined;
	/** When they are to be stepped, ms; NEVER: not before somebody has had to do with one. */
	#at = NEVER;

	constructor(dispatcher: Dispatcher) {
		this.#dispatcher = dispatcher;
	}

	add(part: Part): void {
		part.next = this.#first;
		part.streamed.next = this.#dispatcher.streamed;
		this.#first = part;
		this.#dispatcher.streamed = part.streamed;
		this.#at = 0;
	}

	/** One of them has something to do. */
	wake(): void {
		this.#at = 0;
	}

	/** A server has answered a Register or an Update. */
	onRegistered(): void {
		this.#at = 0;
		for (let part = this.#first; part; part = part.next) part.onRegistered();
	}

	/** Lets them do what is due. @returns when they want to be called again; NEVER, too, where none is due now */
	step(now: number): number {
		const dispatcher = this.#dispatcher;
		if (this.#at === NEVER && !dispatcher.hasTouchedStreamed) return NEVER;
		dispatcher.hasTouchedStreamed = false;
		this.#at = NEVER;
		for (let part = this.#first; part; part = part.next) {
			const at = part.step(now);
			if (at < this.#at) this.#at = at;
		}
		return this.#at;
	}
}
