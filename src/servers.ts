// The servers that the client registers at, and in which order: by registration priority (1/x/13), each after its delay
// (1/x/14), the next one once the one before has registered or has failed without blocking (1/x/15). Those without a
// priority wait for nobody. OMA-TS-LightweightM2M_Core-V1_1_1 6.2.1.1.
import { SERVER } from "./lwm2m/accounts.js";
import type { Model } from "./lwm2m/model.js";
import type { ServerLink } from "./server-link.js";

const PRIORITY = 13;
const INITIAL_DELAY = 14;
const FAILURE_BLOCK = 15;

interface Place {
	readonly link: ServerLink;
	/** Infinity: in no order. */
	readonly priority: number;
	/** When to begin, ms; Infinity: not yet known. */
	openAt: number;
	isOpen: boolean;
}

export class Servers {
	/** All of them. */
	links: readonly ServerLink[] = [];
	#model: Model;
	#places: Place[] = [];

	constructor(model: Model) {
		this.#model = model;
	}

	/** Takes up servers; `step` opens them. */
	begin(links: readonly ServerLink[], now: number): void {
		this.links = links;
		this.#places = [];
		for (const link of links) {
			const priority = this.#setting(link, PRIORITY) ?? Number.POSITIVE_INFINITY;
			const behind = this.#places.filter((place) => place.priority <= priority).length;
			this.#places.splice(behind, 0, { link, priority, openAt: Number.POSITIVE_INFINITY, isOpen: false });
		}
		for (const place of this.#places)
			if (place.priority === Number.POSITIVE_INFINITY || place === this.#places[0]) this.#schedule(place, now);
	}

	/** A server has registered, or has failed: the next in the order may begin. */
	advance(link: ServerLink, hasFailed: boolean, now: number): void {
		const index = this.#places.findIndex((place) => place.link === link);
		const place = this.#places[index];
		if (!place || place.priority === Number.POSITIVE_INFINITY) return;
		const { serverInstance } = link.account;
		if (hasFailed && this.#model.stored(SERVER, serverInstance, FAILURE_BLOCK, -1) === true) return;
		const next = this.#places[index + 1];
		if (next && next.openAt === Number.POSITIVE_INFINITY) this.#schedule(next, now);
	}

	/** False where another server before it in the order blocks it. */
	hasTurn(link: ServerLink): boolean {
		return this.#places.some((place) => place.link === link && place.openAt !== Number.POSITIVE_INFINITY);
	}

	remove(link: ServerLink): void {
		this.links = this.links.filter((one) => one !== link);
		this.#places = this.#places.filter((place) => place.link !== link);
	}

	/** The server whose account has that instance of Server. */
	of(serverInstance: number): ServerLink | undefined {
		return this.links.find((link) => link.account.serverInstance === serverInstance);
	}

	/** Lets every server do what is due. @returns when it wants to be called again */
	step(now: number): number {
		let next = Number.POSITIVE_INFINITY;
		const places = this.#places;
		for (let i = 0; i < places.length; ++i) {
			const place = places[i]!;
			if (place.isOpen) continue;
			if (place.openAt <= now) {
				place.isOpen = true;
				place.link.open();
			} else if (place.openAt < next) next = place.openAt;
		}
		const { links } = this;
		for (let i = 0; i < links.length; ++i) {
			const at = links[i]!.step(now);
			if (at < next) next = at;
		}
		return next;
	}

	#schedule(place: Place, now: number): void {
		place.openAt = now + (this.#setting(place.link, INITIAL_DELAY) ?? 0) * 1000;
	}

	#setting(link: ServerLink, resource: number): number | undefined {
		const value = this.#model.stored(SERVER, link.account.serverInstance, resource, -1);
		return value === undefined ? undefined : Math.max(0, Number(value));
	}
}
