// One observation: what is observed, how it is answered, and when. RFC 7641; OMA-TS-LightweightM2M_Core-V1_1_1 6.4.
// RAM: 390 B with its token, at 16 B a slot; a composite one 680 B, with each path more 75 B.
import type { Sender } from "../coap/endpoint.js";
import { SENML_CBOR, SENML_JSON } from "../codec/codec.js";
import { CONFIRM_MS } from "../config.js";
import {
	type Attributes,
	type AttributeValues,
	CONFIRMABLE,
	EPMAX,
	EPMIN,
	HQMAX,
	isConsistent,
	PMAX,
	PMIN,
} from "./attributes.js";
import { type Cache, release, type Told } from "./cache.js";
import type { Model } from "./model.js";
import type { Value } from "./path.js";
import { objectsOf } from "./paths.js";
import type { Session } from "./session.js";
import { hasCondition, isWorthTelling, periodMs } from "./threshold.js";
import { Watch } from "./watch.js";

const NEVER = Number.POSITIVE_INFINITY;
const SERVER = 1;
/** In place of a server: what the application has set. */
export const DEVICE = 0;
/** Resources of the Server object. */
const SHORT_ID = 0;
const DEFAULT_PMIN = 2;
const DEFAULT_PMAX = 3;
const IS_STORING = 6;
const DEFAULT_MODE = 26;

/** Whoever is told how a confirmable notification ended. */
export interface Outcome {
	onNotified(observation: Observation): void;
	onRefused(observation: Observation): void;
	onSilence(observation: Observation): void;
}

export class Observation implements Sender {
	readonly session: Session;
	/** Which part of the token buffer is its. */
	readonly slot: number;
	tokenLength = 0;
	object = -1;
	instance = -1;
	resource = -1;
	resourceInstance = -1;
	/** Of a composite observation: four ids a path, -1 for absent. The single ids above are all -1 then. */
	paths: readonly number[] | undefined;
	/** The Accept option of the request, -1 for none, and the format that was chosen. */
	accept = -1;
	format = -1;
	/** The Content-Format of the request: of composite ones. */
	requestFormat = -1;
	sequence = 0;
	lastMid = -1;
	/** Periods, ms. */
	pminMs = 0;
	pmaxMs = NEVER;
	epminMs = 0;
	epmaxMs = NEVER;
	/** What is set for the path, where a change condition is among it. */
	conditions: AttributeValues | undefined;
	/** Those of values that are not told alone. */
	watches: Watch[] | undefined;
	/** Every notification is to be acknowledged. */
	isConfirmable = false;
	/** How many samples of a series a notification carries at most: the newest. */
	historyMax = NEVER;
	/** Notifications that fall due while the server cannot be reached are sent later; else they are dropped. 1/x/6. */
	isStoring = true;
	/** The attributes of the Observe request (1.2), which hold for this observation alone. */
	own: AttributeValues | undefined;
	/** When the last notification went out, when the last confirmable one was acknowledged, when a value was looked at. */
	sentAt = 0;
	confirmedAt = 0;
	evaluatedAt = 0;
	/** When there is something to do though nothing changes, ms. */
	nextAt = 0;
	/** The value that was told last, of a single value; and the one that is to be told because it crossed a threshold. */
	last: Value | undefined;
	crossed: Value | undefined;
	isChanged = false;
	/** A change came sooner than epmin allows to look at it. */
	isUnseen = false;
	/** The value comes from a handler: whether it is worth telling shows when it is read. */
	isDoubtful = false;
	/** A confirmable notification is under way. */
	isAwaited = false;
	/** The samples that the notification under way carries. */
	told: readonly Told[] | undefined;
	#outcome: Outcome;

	constructor(outcome: Outcome, session: Session, slot: number) {
		this.#outcome = outcome;
		this.session = session;
		this.slot = slot;
	}

	/** A single value is observed: it can cross thresholds. */
	get isLeaf(): boolean {
		return this.resource >= 0;
	}

	/** The cache, where something that is observed has samples and the format carries times; they are to be confirmed. */
	samplesOf(cache: Cache): Cache | undefined {
		const { format, paths } = this;
		if (format !== SENML_CBOR && format !== SENML_JSON) return undefined;
		if (!paths)
			return cache.covers(this.object, this.instance, this.resource, this.resourceInstance) ? cache : undefined;
		return cache.coversAny(paths) ? cache : undefined;
	}

	/** NON is the rule; CON is asked for, or due. */
	isToConfirm(now: number): boolean {
		return this.isConfirmable || now - this.confirmedAt >= CONFIRM_MS;
	}

	/**
	 * Decides whether a change is to be told. @param now counts only where there is an epmin
	 * @returns true where there is something to do, now or later
	 */
	evaluate(model: Model, now: number): boolean {
		const { conditions, epminMs } = this;
		if (!this.isStoring && !this.session.isReady) return false;
		if (epminMs > 0) {
			if (now < this.evaluatedAt + epminMs) {
				this.isUnseen = true;
				return true;
			}
			this.evaluatedAt = now;
		}
		if (conditions) {
			const { object, instance, resource, resourceInstance } = this;
			const value = model.stored(object, instance, resource, resourceInstance);
			if (model.handler(object, instance, resource)?.read) this.isDoubtful = true;
			else if (value !== undefined) {
				const { last } = this;
				if (typeof value === "boolean") this.last = value;
				if (!isWorthTelling(conditions, last, value)) return false;
				this.crossed = value;
			}
		}
		this.isChanged = true;
		return true;
	}

	/** Whether a change is worth telling by the thresholds of values that are not told alone. */
	look(model: Model, object: number, instance: number, resource: number, resourceInstance: number): boolean {
		const { watches } = this;
		if (!watches) return true;
		if (!this.isStoring && !this.session.isReady) return false;
		for (let i = 0, n = watches.length; i < n; ++i) {
			const watch = watches[i]!;
			if (watch.covers(object, instance, resource, resourceInstance)) return watch.look(model, resourceInstance);
		}
		return true;
	}

	/** For the cursor: the value that crossed. */
	crossedAt(object: number, instance: number, resource: number, resourceInstance: number): Value | undefined {
		const { watches } = this;
		if (watches)
			for (let i = 0, n = watches.length; i < n; ++i) {
				const watch = watches[i]!;
				if (watch.covers(object, instance, resource, resourceInstance)) return watch.crossed(resourceInstance);
			}
		return undefined;
	}

	/** A notification has gone out. @returns true where a value has moved on since, and is worth telling */
	isMoreToTell(model: Model): boolean {
		let isMore = false;
		this.watches?.forEach((watch) => {
			if (watch.told(model)) isMore = true;
		});
		return isMore;
	}

	/** epmax: looks at a value that changes without anybody saying so. */
	poll(model: Model, now: number): void {
		this.evaluatedAt = now;
		if (!this.isLeaf || !model.handler(this.object, this.instance, this.resource)?.read) return;
		this.isDoubtful = this.isChanged = true;
	}

	/** The notification under way has been acknowledged. Samples that it could not hold follow at once. */
	arrived(now: number): void {
		const { told } = this;
		this.isAwaited = false;
		this.confirmedAt = now;
		this.told = undefined;
		if (!told) return;
		release(told);
		if (!told.some(({ series }) => series.length > 0)) return;
		this.isChanged = true;
		this.sentAt = now - this.pminMs;
	}

	onAcknowledged(): void {
		this.#outcome.onNotified(this);
	}

	onReset(): void {
		this.#outcome.onRefused(this);
	}

	onTimeout(): void {
		this.#outcome.onSilence(this);
	}

	/** Whether it observes the path; -1 as resource or resource instance: something of the level above. */
	observes(object: number, instance: number, resource: number, resourceInstance: number): boolean {
		const { paths } = this;
		if (!paths) {
			return (
				(this.instance < 0 || this.instance === instance) &&
				(this.resource < 0 || resource < 0 || this.resource === resource) &&
				(this.resourceInstance < 0 || resourceInstance < 0 || this.resourceInstance === resourceInstance)
			);
		}
		for (let i = 0, n = paths.length; i < n; i += 4) {
			if (paths[i]! >= 0 && paths[i] !== object) continue;
			if (paths[i + 1]! >= 0 && paths[i + 1] !== instance) continue;
			if (resource >= 0 && paths[i + 2]! >= 0 && paths[i + 2] !== resource) continue;
			if (resourceInstance >= 0 && paths[i + 3]! >= 0 && paths[i + 3] !== resourceInstance) continue;
			return true;
		}
		return false;
	}

	/** Takes what the attributes and the Server object say now. */
	configure(model: Model, attributes: Attributes): void {
		const { session, paths } = this;
		this.nextAt = 0;
		const id = session.shortServerId;
		const server = serverInstanceOf(model, id);
		const setting = (resource: number) => (server < 0 ? undefined : model.stored(SERVER, server, resource, -1));
		const pmin = Number(setting(DEFAULT_PMIN) ?? 0);
		const pmax = Number(setting(DEFAULT_PMAX) ?? 0);
		const isOf = (object: number) => model.objects[object]?.definition.isConfirmed === true;
		const isConfirmed = paths ? objectsOf(paths, model.objectIds).some(isOf) : isOf(this.object);
		this.isStoring = isConfirmed || setting(IS_STORING) !== false;
		this.isConfirmable = isConfirmed || setting(DEFAULT_MODE) === 1;
		const before = this.watches;
		this.conditions = this.watches = undefined;
		this.historyMax = NEVER;
		if (paths) {
			// the shortest periods of all paths
			let [least, most] = [NEVER, NEVER];
			for (let i = 0; i < paths.length; i += 4) {
				const values = attributes.effective(id, paths[i]!, paths[i + 1]!, paths[i + 2]!, paths[i + 3]!);
				least = Math.min(least, periodMs(values[PMIN] ?? pmin, 0));
				most = Math.min(most, periodMs(values[PMAX] ?? pmax, NEVER));
				this.#watch(before, model, paths[i]!, paths[i + 1]!, paths[i + 2]!, paths[i + 3]!, values);
				this.#take(values, attributes.effective(DEVICE, paths[i]!, paths[i + 1]!, paths[i + 2]!, paths[i + 3]!));
			}
			this.#setPeriods(least, most, 0, NEVER);
			const own = this.own;
			if (own) this.#setPeriods(periodMs(own[PMIN], least), periodMs(own[PMAX], most), 0, NEVER);
			return;
		}
		const values = attributes.effective(id, this.object, this.instance, this.resource, this.resourceInstance);
		this.own?.forEach((value, attribute) => {
			values[attribute] = value;
		});
		this.#take(values, attributes.effective(DEVICE, this.object, this.instance, this.resource, this.resourceInstance));
		this.#setPeriods(
			periodMs(values[PMIN] ?? pmin, 0),
			periodMs(values[PMAX] ?? pmax, NEVER),
			periodMs(values[EPMIN], 0),
			periodMs(values[EPMAX], NEVER),
		);
		// thresholds inherited from another level may contradict those of this one: they do nothing then
		if (!this.isLeaf || !hasCondition(values) || !isConsistent(values)) return;
		const { object, instance, resource, resourceInstance } = this;
		const { multiple } = model.objects[object]!.definition.resources[resource]!;
		if (resourceInstance < 0 && multiple !== undefined) {
			this.#watch(before, model, object, instance, resource, resourceInstance, values);
			return;
		}
		this.conditions = values;
		this.last ??= model.stored(this.object, this.instance, this.resource, this.resourceInstance);
	}

	/** Adds thresholds of a path, where it has some; what was told of it stays known. */
	#watch(
		before: Watch[] | undefined,
		model: Model,
		object: number,
		instance: number,
		resource: number,
		part: number,
		values: AttributeValues,
	): void {
		if (resource < 0 || !hasCondition(values) || !isConsistent(values)) return;
		const known = before?.find((one) => one.resourceInstance === part && one.covers(object, instance, resource, part));
		if (known) known.conditions = values;
		this.watches ??= [];
		this.watches.push(known ?? new Watch(object, instance, resource, part, values, model));
	}

	/** @param device what the application has set for the path */
	#take(values: AttributeValues, device: AttributeValues): void {
		const asked = values[CONFIRMABLE];
		if (asked !== undefined) this.isConfirmable = asked === 1;
		if (device[CONFIRMABLE] === 1) this.isConfirmable = true;
		this.historyMax = Math.min(this.historyMax, values[HQMAX] ?? NEVER);
	}

	/** A maximum below its minimum is ignored. */
	#setPeriods(pminMs: number, pmaxMs: number, epminMs: number, epmaxMs: number): void {
		this.pminMs = pminMs;
		this.pmaxMs = pmaxMs < pminMs ? NEVER : pmaxMs;
		this.epminMs = epminMs;
		this.epmaxMs = epmaxMs < epminMs ? NEVER : epmaxMs;
	}

	/** For the log: `3303/0/5700`; the paths of a composite observation with commas. */
	toString(): string {
		const { paths } = this;
		if (!paths) return idsText([this.object, this.instance, this.resource, this.resourceInstance]);
		const texts: string[] = [];
		for (let i = 0; i < paths.length; i += 4) texts.push(idsText(paths.slice(i, i + 4)));
		return texts.join(", ");
	}
}

/** The instance of the Server object that has the short server id, -1 for none. */
export function serverInstanceOf(model: Model, shortServerId: number): number {
	for (const instance of model.objects[SERVER]?.instanceIds ?? [])
		if (model.stored(SERVER, instance, SHORT_ID, -1) === shortServerId) return instance;
	return -1;
}

function idsText(ids: readonly number[]): string {
	const text = ids.filter((id) => id >= 0).join("/");
	return text === "" ? "/" : text;
}
