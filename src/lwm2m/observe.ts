// The observations of all servers: who is told what, and when. RFC 7641; OMA-TS-LightweightM2M_Core-V1_1_1 5.1.2, 6.4.
// RAM: that of observation-list.ts. A change looks at the observations of its object alone and allocates nothing; notifications are built by `step`.
import { copy, parsePath } from "../bytes.js";

import { CHANGED } from "../coap/numbers.js";
import type { Log } from "../log.js";
import { type AttributeChanges, type Attributes, type AttributeValues, CONFIRMABLE } from "./attributes.js";
import type { Cache } from "./cache.js";
import { setNotifying, setReader, setSamples, setValue } from "./cursor.js";
import type { ObjectDefinition } from "./definition.js";
import type { Model } from "./model.js";
import { BUSY, GONE, nextSequence, notify, SENT } from "./notify.js";
import { DEVICE, type Observation, type Outcome } from "./observation.js";
import { ObservationList, type SavedObservation, TOKEN_BYTES } from "./observation-list.js";
import type { AnyOf, AnyPath, Path } from "./path.js";
import type { Session } from "./session.js";

const NEVER = Number.POSITIVE_INFINITY;
const SERVER = 1;

export class Observations<O extends readonly ObjectDefinition[] = readonly ObjectDefinition[]> implements Outcome {
	readonly cache: Cache;
	#model: Model;
	#attributes: Attributes;
	#log: Log;
	#now: () => number;
	/** Something has changed: `step` is due. */
	#wake: () => void;
	#all: ObservationList;
	#hasChanges = false;
	#isConfigured = true;
	/** When `step` has something to do though nothing changes, ms. */
	#nextAt = NEVER;
	/** Something waits for a server that cannot be reached, or for an acknowledgement. */
	#isHeldUp = false;
	/** The one that was added last, until its answer has been built. */
	#newest: Observation | undefined;

	constructor(model: Model, attributes: Attributes, cache: Cache, log: Log, now: () => number, wake: () => void) {
		this.#model = model;
		this.#attributes = attributes;
		this.cache = cache;
		this.#log = log;
		this.#now = now;
		this.#wake = wake;
		this.#all = new ObservationList(this, model);
	}

	get count(): number {
		return this.#all.list.length;
	}

	/** For status displays. */
	get list(): readonly Observation[] {
		return this.#all.list;
	}

	/**
	 * Observes what the request in `message` reads; one of the same by the same server is replaced.
	 * @param paths of a composite observation; @param own the attributes that the request carries
	 * @returns the sequence number for the answer, -1 where OBSERVATIONS are reached
	 */
	add(session: Session, format: number, paths?: readonly number[], own?: AttributeValues): number {
		const { message } = session.endpoint;
		const all = this.#all;
		const other = all.findToken(session);
		let observation = all.find(session, paths) ?? other;
		if (other && other !== observation) this.#remove(other);
		if (observation) {
			session.endpoint.cancel(observation);
			all.unlink(observation);
		} else observation = all.make(session);
		if (!observation) return -1;
		const now = this.#now();
		const { object, instance, resource, resourceInstance, rx, tokenLength } = message;
		observation.object = object;
		observation.instance = instance;
		observation.resource = resource;
		observation.resourceInstance = resourceInstance;
		observation.paths = paths;
		observation.own = own;
		observation.tokenLength = tokenLength;
		observation.accept = message.accept;
		observation.format = format;
		observation.requestFormat = message.format;
		observation.isChanged = observation.isUnseen = observation.isDoubtful = observation.isAwaited = false;
		observation.last = observation.crossed = observation.told = undefined;
		observation.sentAt = observation.confirmedAt = observation.evaluatedAt = now;
		copy(all.tokens, observation.slot * TOKEN_BYTES, rx, 4, 4 + tokenLength);
		observation.configure(this.#model, this.#attributes);
		all.link(observation);
		this.#newest = observation;
		this.#hasChanges = true; // its periods begin
		return nextSequence(observation);
	}

	/** The answer to the Observe request has been encoded: the value that it carries is what later ones are compared with. */
	answered(): void {
		const { cursor } = this.#model;
		const observation = this.#newest;
		this.#newest = undefined;
		if (observation?.isLeaf && !cursor.isEmpty) observation.last = cursor.value;
	}

	/** Ends the observation that the request in `message` cancels: by its token, or else by what it observes. RFC 7641 3.6. */
	cancel(session: Session, paths?: readonly number[]): boolean {
		const observation = this.#all.findToken(session) ?? this.#all.find(session, paths);
		if (observation) this.#remove(observation);
		return !!observation;
	}

	/** A RST came for a message id: ends the observation whose last notification it was. */
	onReset(session: Session, mid: number): void {
		for (const observation of this.#all.list)
			if (observation.session === session && observation.lastMid === mid) {
				this.#remove(observation);
				return;
			}
	}

	/** Ends all observations of a server: it has registered anew. */
	clear(session: Session): void {
		for (const observation of this.#all.list.slice())
			if (observation.session === session) {
				session.endpoint.cancel(observation);
				this.#all.remove(observation);
			}
	}

	/**
	 * Asks for confirmable notifications of what is observed at or below a path: of the next one of each observation
	 * alone, also of those above it; or of all (true), until that is taken back (false).
	 * @throws RangeError for what is no path, or where ATTRIBUTE_SETS are reached
	 */
	confirm<P extends AnyOf<AnyPath<O>>>(path: Path<O, AnyPath<O>, P>, isAlways?: boolean): void {
		const ids = new Uint16Array(4);
		const depth = parsePath(path, ids);
		const [object, instance, resource, part] = [0, 1, 2, 3].map((i) => (i < depth ? ids[i]! : -1));
		if (depth < 1) throw new RangeError(`confirm ${path}: not a path`);
		if (isAlways === undefined) {
			for (const one of this.#all.byObject[object!] ?? [])
				if (instance! < 0 || one.observes(object!, instance!, resource!, part!)) one.confirmedAt = -NEVER;
			return;
		}
		const changes: AttributeChanges = [];
		changes[CONFIRMABLE] = isAlways ? 1 : null;
		if (this.#attributes.write(DEVICE, object!, instance!, resource!, part!, changes) !== CHANGED)
			throw new RangeError(`confirm ${path}: there are too many sets of attributes`);
		this.attributesChanged();
	}

	/** What a server observes, to be stored. */
	save(session: Session): SavedObservation[] {
		return this.#all.save(session);
	}

	/** Takes up an observation that was stored: what has changed meanwhile nobody knows, so it is told as it is now. */
	restore(session: Session, saved: SavedObservation): void {
		const one = this.#all.restore(session, saved);
		if (!one) return;
		one.sentAt = one.confirmedAt = one.evaluatedAt = this.#now();
		one.configure(this.#model, this.#attributes);
		one.isChanged = true;
		this.#all.link(one);
		this.#touch();
	}

	/** Notification attributes are about to change: `step` takes them up. */
	attributesChanged(): void {
		this.#isConfigured = false;
		this.#touch();
	}

	/** A value has changed; -1 as resource: the instance has come or gone. */
	changed(object: number, instance: number, resource: number, resourceInstance: number): void {
		const list = this.#all.byObject[object];
		if (list)
			for (let i = 0, n = list.length; i < n; ++i) {
				const observation = list[i]!;
				if (observation.isChanged && !observation.conditions && !observation.watches) continue;
				if (!observation.observes(object, instance, resource, resourceInstance)) continue;
				if (observation.look(this.#model, object, instance, resource, resourceInstance)) this.#evaluate(observation);
			}
		if (object === SERVER && this.#all.list.length > 0) this.attributesChanged();
	}

	/** Sends the notifications that are due. @returns when it wants to be called again */
	step(): number {
		const { cursor } = this.#model;
		if (this.#model.isBatching) return NEVER;
		const now = this.#now();
		if (!this.#hasChanges && !this.#isHeldUp && now < this.#nextAt) return this.#nextAt;
		this.#hasChanges = this.#isHeldUp = false;
		if (!this.#isConfigured) this.#configure();
		let next = NEVER;
		setNotifying(cursor, true);
		const list = this.#all.list;
		for (let i = list.length - 1; i >= 0; --i) {
			const observation = list[i];
			if (!observation) continue;
			if (!observation.isChanged && !observation.isUnseen && now < observation.nextAt) {
				if (observation.nextAt < next) next = observation.nextAt;
				continue;
			}
			try {
				const at = this.#stepOne(observation, now);
				if (at < next) next = at;
			} catch (error) {
				setValue(cursor, undefined);
				setSamples(cursor, undefined);
				setReader(cursor, undefined);
				observation.isChanged = false;
				observation.crossed = undefined;
				observation.sentAt = now;
				this.#log.error(`Handler of ${observation} failed: ${error}`);
			}
		}
		setNotifying(cursor, false);
		this.#nextAt = next;
		return next;
	}

	/** For Observation alone: the server has the notification. */
	onNotified(observation: Observation): void {
		observation.arrived(this.#now());
		this.#touch();
	}

	onRefused(observation: Observation): void {
		this.#remove(observation);
	}

	/** For Observation alone: what could not be delivered is not lost, and the registration finds out what is the matter. */
	onSilence(observation: Observation): void {
		observation.isAwaited = false;
		observation.isChanged = true;
		observation.session.onSilence();
		this.#touch();
	}

	/** Decides whether a change is to be told. */
	#evaluate(observation: Observation): void {
		if (observation.evaluate(this.#model, observation.epminMs > 0 ? this.#now() : 0)) this.#touch();
	}

	/** @returns when it has something to do again */
	#stepOne(observation: Observation, now: number): number {
		if (observation.isUnseen && now >= observation.evaluatedAt + observation.epminMs) {
			observation.isUnseen = false;
			this.#evaluate(observation);
		}
		if (now >= observation.evaluatedAt + observation.epmaxMs) observation.poll(this.#model, now);
		const isDue = now >= observation.sentAt + observation.pmaxMs;
		observation.nextAt = 0;
		if ((observation.isChanged || isDue) && now >= observation.sentAt + observation.pminMs) {
			if (this.#isHeld(observation, now)) {
				this.#isHeldUp = true;
				return NEVER;
			}
			if (observation.session.isReady && !this.#notify(observation, now, isDue)) return NEVER;
		}
		let next = observation.sentAt + observation.pmaxMs;
		if (observation.isChanged) next = Math.min(next, observation.sentAt + observation.pminMs);
		if (observation.isUnseen) next = Math.min(next, observation.evaluatedAt + observation.epminMs);
		observation.nextAt = Math.min(next, observation.evaluatedAt + observation.epmaxMs);
		return observation.nextAt;
	}

	/** Where the server cannot be told now: drops the notification, unless 1/x/6 says to store. @returns true to try later */
	#isHeld(observation: Observation, now: number): boolean {
		const { session } = observation;
		if (session.isReady) {
			if (observation.isAwaited) return true;
			const hasSamples = observation.samplesOf(this.cache) !== undefined;
			if (session.endpoint.pending > 0) return hasSamples || observation.isToConfirm(now);
			if (!hasSamples || session.isReachable) return false;
		}
		if (observation.isStoring) return true;
		observation.isChanged = false;
		observation.crossed = undefined;
		observation.watches?.forEach((watch) => {
			watch.drop();
		});
		observation.sentAt = now;
		return false;
	}

	/** @returns false where the observation has ended, or there is no room for another confirmable message */
	#notify(observation: Observation, now: number, isDue: boolean): boolean {
		const { cursor } = this.#model;
		const samples = observation.samplesOf(this.cache);
		const isConfirmable = samples !== undefined || observation.isToConfirm(now);
		setReader(cursor, observation.session.mayRead);
		const told = notify(observation, this.#model, this.#all.tokens, now, isConfirmable, isDue, samples);
		setReader(cursor, undefined);
		if (told === GONE) {
			this.#remove(observation);
			return false;
		}
		if (told === BUSY) {
			this.#isHeldUp = true;
			return false;
		}
		observation.isAwaited = told === SENT && isConfirmable;
		if (told === SENT || isDue) observation.sentAt = now;
		observation.isChanged = observation.isDoubtful = false;
		if (told === SENT && observation.isMoreToTell(this.#model)) this.#evaluate(observation);
		if (observation.crossed !== undefined) {
			observation.crossed = undefined;
			// the value may have gone back since: what was told was not the last of it
			if (observation.conditions) this.#evaluate(observation);
		}
		return true;
	}

	#configure(): void {
		this.#isConfigured = true;
		for (const observation of this.#all.list) observation.configure(this.#model, this.#attributes);
	}

	#touch(): void {
		if (this.#hasChanges) return;
		this.#hasChanges = true;
		this.#wake();
	}

	#remove(observation: Observation): void {
		observation.session.endpoint.cancel(observation);
		this.#all.remove(observation);
		this.#log.info(`Observer removed for ${observation}`);
	}
}
