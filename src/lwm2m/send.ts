// Send: what the device tells a server of its own accord. OMA-TS-LightweightM2M_Core-V1_1_1 6.4.6 (POST /dp, SenML CBOR).
// One is under way at a server, the others wait, also while the server cannot be reached. A value that waits carries the
// time at which it was given; samples (cache.ts) carry theirs, and go in as many messages as they need.
// RAM: SENDS records; the payload is built when it can go out; of one that has to wait its values are kept, 10 slots each.
import { parsePath } from "../bytes.js";
import { blockBytes } from "../coap/block.js";
import { type Requester, TIMED_OUT } from "../coap/exchange.js";
import { CHANGED, CONTENT_FORMAT, POST, URI_PATH } from "../coap/numbers.js";
import { addNumber, addPayload, addText } from "../coap/writer.js";
import { SENML_CBOR } from "../codec/codec.js";
import { codecOf } from "../codec/codecs.js";
import { BLOCK_SZX, EXCHANGES, REPRESENTATION_BYTES, SENDS } from "../config.js";
import type { Log } from "../log.js";
import { type Cache, release, type Told } from "./cache.js";
import { next, setNotifying, setReader, setSamples, startPaths, startRecords } from "./cursor.js";
import type { ObjectDefinition } from "./definition.js";
import { chooseWithPaths } from "./format.js";
import { fits, type Model, wanted } from "./model.js";
import { serverInstanceOf } from "./observation.js";
import type { RecordOf, TimedValue } from "./path.js";
import { addPath } from "./paths.js";
import type { Session } from "./session.js";

/** How a Send ended, the numbers of Zephyr's client. */
export const SEND_SUCCESS = 0;
export const SEND_FAILURE = 1;
export const SEND_TIMEOUT = 2;

/** Told once for each server. @param status one of the above */
export type OnSent = (status: number, shortServerId: number) => void;

/** Values that the application sends without their being in the registry. */
type SendRecord = RecordOf<readonly ObjectDefinition[]>;

const SERVER = 1;
const IS_MUTED = 23;

class Send implements Requester {
	readonly session: Session;
	readonly paths: readonly number[];
	/** What is sent in place of the registry's values: the application's, or those of the moment that has passed since. */
	records: readonly TimedValue[] | undefined;
	/** When those were taken, on the clock that never goes back, s; NaN: they have times of their own. */
	takenAt = Number.NaN;
	told: readonly Told[] = [];
	/** The Content-Format of the message that is under way. */
	format = SENML_CBOR;
	isUnderWay = false;
	#end: (send: Send, outcome: number) => void;

	constructor(
		session: Session,
		paths: readonly number[],
		records: readonly TimedValue[] | undefined,
		end: (send: Send, outcome: number) => void,
	) {
		this.session = session;
		this.paths = paths;
		this.records = records;
		this.#end = end;
	}

	onOutcome(outcome: number): void {
		this.#end(this, outcome);
	}
}

export class Sends {
	#model: Model;
	#cache: Cache;
	#log: Log;
	#now: () => number;
	#wake: () => void;
	#list: Send[] = [];
	#listeners = new Map<Send, OnSent>();

	constructor(model: Model, cache: Cache, log: Log, now: () => number, wake: () => void) {
		this.#model = model;
		this.#cache = cache;
		this.#log = log;
		this.#now = now;
		this.#wake = wake;
	}

	/** How many wait or are under way. */
	get count(): number {
		return this.#list.length;
	}

	/** Sends what is at and below the paths. @throws RangeError for a path where there is nothing, or too many of them */
	send(sessions: readonly Session[], texts: readonly string[], onSent: OnSent): void {
		const paths: number[] = [];
		for (const text of texts) {
			const ids = new Uint16Array(4);
			const depth = parsePath(text, ids);
			const [object, instance, resource, resourceInstance] = [0, 1, 2, 3].map((i) => (i < depth ? ids[i]! : -1));
			const node = this.#model.objects[object!];
			if (depth < 1 || object === 0 || !node || (depth > 1 && !node.instances[instance!]))
				throw new RangeError(`send ${text}: there is nothing`);
			if (depth > 2 && !node.definition.resources[resource!])
				throw new RangeError(`send ${text}: the object has no resource ${resource}`);
			if (!addPath(paths, object!, instance!, resource!, resourceInstance!))
				throw new RangeError(`send: more than ${paths.length / 4} paths`);
		}
		if (paths.length === 0) throw new RangeError("send: no path");
		this.#add(sessions, paths, undefined, onSent);
	}

	/** Sends values with their times. @throws RangeError or TypeError for a path or a value that the definitions lack */
	sendRecords(sessions: readonly Session[], records: readonly SendRecord[], onSent: OnSent): void {
		if (records.length === 0) throw new RangeError("send: no record");
		const values = records.map(({ path, value, time = Number.NaN }): TimedValue => {
			const ids = new Uint16Array(4);
			const depth = parsePath(path, ids);
			const definition = depth < 3 ? undefined : this.#model.objects[ids[0]!]?.definition.resources[ids[2]!];
			if (!definition || (depth === 4) !== (definition.multiple !== undefined))
				throw new RangeError(`send ${path}: there is no such resource`);
			if (!fits(definition, value)) throw new TypeError(`send ${path}: ${wanted(definition)} is wanted`);
			return {
				object: ids[0]!,
				instance: ids[1]!,
				resource: ids[2]!,
				resourceInstance: depth === 4 ? ids[3]! : -1,
				value,
				time,
			};
		});
		this.#add(sessions, [], values, onSent);
	}

	/** A server is left: what waits for it fails. */
	forget(session: Session): void {
		for (const send of this.#list.slice())
			if (send.session === session) {
				session.exchanges.cancel(send);
				this.#finish(send, SEND_FAILURE);
			}
	}

	/** Sends what can go out; what has to wait is encoded as it is now. */
	step(): void {
		if (this.#list.length === 0) return;
		for (const send of this.#list.slice()) {
			if (send.isUnderWay) continue;
			const { session } = send;
			if (this.#isMuted(session)) {
				this.#log.warning(`Send: muted by server ${session.shortServerId}`);
				this.#finish(send, SEND_FAILURE);
			} else if (!session.isReady) {
				if (!send.records && !this.#cache.coversAny(send.paths)) this.#keep(send);
			} else if (session.isReachable || !this.#cache.coversAny(send.paths)) {
				if (session.endpoint.pending === 0 && session.exchanges.pending < EXCHANGES) this.#transmit(send);
			}
		}
	}

	#add(
		sessions: readonly Session[],
		paths: readonly number[],
		records: readonly TimedValue[] | undefined,
		onSent: OnSent,
	): void {
		if (sessions.length === 0) throw new RangeError("send: the client is not started");
		if (this.#list.length + sessions.length > SENDS) throw new RangeError(`send: ${SENDS} wait already`);
		for (const session of sessions) {
			const send = new Send(session, paths, records, (one, outcome) => this.#onOutcome(one, outcome));
			this.#listeners.set(send, onSent);
			this.#list.push(send);
		}
		this.#wake();
	}

	#transmit(send: Send): void {
		const { session } = send;
		const { message } = session.endpoint;
		const payload = this.#encode(send);
		if (!payload) {
			this.#log.warning("Send: there is nothing to send, or too much");
			this.#finish(send, SEND_FAILURE);
			return;
		}
		if (!session.exchanges.begin(POST)) return;
		addText(message, URI_PATH, "dp");
		addNumber(message, CONTENT_FORMAT, send.format);
		if (payload.length <= blockBytes(BLOCK_SZX)) {
			addPayload(message, payload, 0, payload.length);
			send.isUnderWay = session.exchanges.send(send);
		} else send.isUnderWay = session.exchanges.sendBlocks(send, payload);
	}

	/** Builds the payload. @returns undefined where there is nothing, or too much */
	#encode(send: Send): Uint8Array | undefined {
		const { cursor } = this.#model;
		const cache = this.#cache;
		const none = new Uint8Array(0);
		const { takenAt } = send;
		setNotifying(cursor, true);
		setReader(cursor, send.session.mayRead);
		cache.begin();
		setSamples(cursor, send.records ? undefined : cache.samples, takenAt === takenAt ? cache.timeOf(takenAt) : takenAt);
		try {
			this.#start(send);
			const codec = this.#isTimed(send) ? codecOf(SENML_CBOR)! : chooseWithPaths(cursor, send.session.enabler);
			send.format = codec.format;
			const size = cache.fill(blockBytes(BLOCK_SZX), () => {
				this.#start(send);
				return codec.encode(cursor, none, 0);
			});
			if (cursor.isEmpty || size < 0 || size > REPRESENTATION_BYTES) return undefined;
			const payload = new Uint8Array(size);
			this.#start(send);
			codec.encode(cursor, payload, 0);
			send.told = cache.told();
			return payload;
		} catch (error) {
			this.#log.error(`Send: a handler failed: ${error}`);
			return undefined;
		} finally {
			setSamples(cursor, undefined);
			setReader(cursor, undefined);
			setNotifying(cursor, false);
		}
	}

	/** It has to wait: takes the values as they are now. */
	#keep(send: Send): void {
		const { cursor } = this.#model;
		const records: TimedValue[] = [];
		setNotifying(cursor, true);
		setReader(cursor, send.session.mayRead);
		try {
			this.#start(send);
			while (next(cursor)) {
				const { object, instance, resource, resourceInstance, value } = cursor;
				records.push({ object, instance, resource, resourceInstance, value, time: Number.NaN });
			}
			send.records = records;
			send.takenAt = this.#now() / 1000;
		} catch (error) {
			this.#log.error(`Send: a handler failed: ${error}`);
		} finally {
			setReader(cursor, undefined);
			setNotifying(cursor, false);
		}
	}

	/** Times need SenML. */
	#isTimed({ records, takenAt, paths }: Send): boolean {
		if (!records) return this.#cache.coversAny(paths);
		return takenAt === takenAt || records.some(({ time }) => time === time);
	}

	#start({ records, paths }: Send): void {
		const { cursor } = this.#model;
		if (records) startRecords(cursor, this.#model, records);
		else startPaths(cursor, this.#model, paths);
	}

	#onOutcome(send: Send, outcome: number): void {
		send.isUnderWay = false;
		if (outcome === CHANGED) {
			release(send.told);
			// samples that one message could not hold
			if (send.told.some(({ series }) => series.length > 0) && this.#cache.coversAny(send.paths)) this.#wake();
			else this.#finish(send, SEND_SUCCESS);
		} else if (outcome === TIMED_OUT) {
			this.#finish(send, SEND_TIMEOUT);
			send.session.onSilence();
		} else this.#finish(send, SEND_FAILURE);
	}

	#finish(send: Send, status: number): void {
		const index = this.#list.indexOf(send);
		if (index < 0) return;
		this.#list.splice(index, 1);
		const onSent = this.#listeners.get(send);
		this.#listeners.delete(send);
		try {
			onSent?.(status, send.session.shortServerId);
		} catch (error) {
			this.#log.error(`Send: onSent failed: ${error}`);
		}
	}

	/** 1.0 has no Send; 1/x/23 forbids it. */
	#isMuted({ enabler, shortServerId }: Session): boolean {
		if (enabler === "1.0") return true;
		const instance = serverInstanceOf(this.#model, shortServerId);
		return instance >= 0 && this.#model.stored(SERVER, instance, IS_MUTED, -1) === true;
	}
}
