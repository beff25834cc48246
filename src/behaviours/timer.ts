// Object 3340, Timer: outputs that follow triggers and inputs after a delay, by the client's clock.
// The tables of its modes are in DESIGN.md. Costs one timer of the platform in all, and 200 B an instance.
import type { timer } from "../../objects/3340-timer.js";
import { BAD_REQUEST, METHOD_NOT_ALLOWED } from "../coap/numbers.js";
import type { Model } from "../lwm2m/model.js";
import type { Registry } from "../lwm2m/registry.js";
import type { Clock, Timer } from "../platform.js";

/** Timer Mode, resource 5526; where an instance has none, it is a one-shot. */
export const DISABLED = 0;
export const ONE_SHOT = 1;
export const INTERVAL = 2;
export const PICK_UP = 3;
export const DROP_OUT = 4;

interface Run {
	/** On/Off, the input; since when, ms; how long before that in all, ms. */
	isInputOn: boolean;
	inputSince: number;
	inputMs: number;
	/** Digital State, the output. */
	isOn: boolean;
	/** When the delay is over, ms. */
	delayEnd: number;
	/** A new cycle may begin from then on, ms. */
	readyAt: number;
	/** A server has written. */
	isWritten: boolean;
}

/** What timers (object 3340) run by, and whom they tell. */
export interface TimersOptions {
	/** The platform's: timers go on by the clock that never goes back. */
	clock: Clock;
	/** The output of an instance has changed: switch what hangs on it. */
	onOutput?(instance: number, isOn: boolean): void;
}

export class Timers {
	#registry: Registry<readonly [typeof timer]>;
	#options: TimersOptions;
	#timer: Timer;
	/** By instance id. */
	#runs: (Run | undefined)[] = [];

	/** @throws RangeError where the client has no object 3340 */
	constructor(of: { readonly model: Model }, options: TimersOptions) {
		// the paths below are checked against the one definition that they are of
		const registry = of as unknown as Registry<readonly [typeof timer]>;
		this.#registry = registry;
		this.#options = options;
		registry.onCreate("/3340", (instance) => this.#begin(instance));
		registry.onDelete("/3340", (instance) => this.#forget(instance));
		registry.onRead("/3340/*/5538", (instance) => {
			const left = this.#runOf(instance).delayEnd - options.clock.now();
			return left > 0 && left < Number.POSITIVE_INFINITY ? left / 1000 : 0;
		});
		registry.onRead("/3340/*/5544", (instance) => this.#inputMs(instance) / 1000);
		registry.onValidate("/3340/*/5521", refuseNegative);
		registry.onValidate("/3340/*/5525", refuseNegative);
		registry.onValidate("/3340/*/5544", refuseNegative);
		registry.onWrite("/3340/*/5544", (seconds, instance) => {
			const run = this.#runOf(instance);
			run.inputMs = seconds * 1000;
			run.inputSince = options.clock.now();
		});
		registry.onWrite("/3340/*/5850", (_, instance) => this.#lookLater(instance));
		registry.onWrite("/3340/*/5526", (_, instance) => this.#lookLater(instance));
		registry.onExecute("/3340/*/5523", (_, instance) => this.trigger(instance));
		this.#timer = options.clock.createTimer(() => this.#wake());
	}

	/** Makes an instance. @param delaySeconds Delay Duration, 0 and up @param mode DISABLED to DROP_OUT */
	create(instance: number, delaySeconds: number, mode: number = ONE_SHOT): void {
		const registry = this.#registry;
		registry.set(`/3340/${instance}/5521`, delaySeconds);
		registry.set(`/3340/${instance}/5526`, mode);
		this.#begin(instance);
	}

	/** The input changes, a switch for one. */
	input(instance: number, isOn: boolean): void {
		this.#input(instance, isOn);
		this.#registry.set(`/3340/${instance}/5850`, isOn);
	}

	/**
	 * Begins a cycle of a one-shot; in the other modes turns the input on.
	 * @returns METHOD_NOT_ALLOWED where the timer is disabled, running, or in its minimum off-time
	 */
	trigger(instance: number): number | undefined {
		const run = this.#runOf(instance);
		const mode = this.#modeOf(instance);
		if (mode === DISABLED || run.delayEnd < Number.POSITIVE_INFINITY || this.#options.clock.now() < run.readyAt)
			return METHOD_NOT_ALLOWED;
		if (mode === ONE_SHOT) this.#cycle(instance, run, true);
		else this.input(instance, true);
		return undefined;
	}

	/** Stops all timers: no callback comes after it. */
	close(): void {
		this.#timer.close();
	}

	#begin(instance: number): void {
		this.#runs[instance] = undefined;
		this.#runOf(instance);
		const registry = this.#registry;
		registry.batch(() => {
			registry.set(`/3340/${instance}/5850`, false);
			registry.set(`/3340/${instance}/5543`, false);
			registry.set(`/3340/${instance}/5501`, 0);
			registry.set(`/3340/${instance}/5534`, 0);
		});
	}

	#forget(instance: number): void {
		delete this.#runs[instance];
	}

	#runOf(instance: number): Run {
		let run = this.#runs[instance];
		if (!run) {
			run = {
				isInputOn: false,
				inputSince: 0,
				inputMs: 0,
				isOn: false,
				delayEnd: Number.POSITIVE_INFINITY,
				readyAt: 0,
				isWritten: false,
			};
			this.#runs[instance] = run;
		}
		return run;
	}

	#modeOf(instance: number): number {
		return Number(this.#registry.get(`/3340/${instance}/5526`) ?? ONE_SHOT);
	}

	#inputMs(instance: number): number {
		const { isInputOn, inputSince, inputMs } = this.#runOf(instance);
		return inputMs + (isInputOn ? this.#options.clock.now() - inputSince : 0);
	}

	#input(instance: number, isOn: boolean): void {
		const run = this.#runOf(instance);
		if (run.isInputOn === isOn) return;
		run.inputMs = this.#inputMs(instance);
		run.inputSince = this.#options.clock.now();
		run.isInputOn = isOn;
		if (isOn)
			this.#registry.set(`/3340/${instance}/5501`, Number(this.#registry.get(`/3340/${instance}/5501`) ?? 0) + 1);
		const mode = this.#modeOf(instance);
		if (mode === DISABLED) return;
		if (mode === DROP_OUT) {
			if (isOn) this.#end(instance, run, true);
			else if (run.isOn) this.#cycle(instance, run, true);
		} else if (isOn) {
			if (run.inputSince >= run.readyAt && run.delayEnd === Number.POSITIVE_INFINITY)
				this.#cycle(instance, run, mode !== PICK_UP);
		} else if (mode !== ONE_SHOT) this.#end(instance, run, false);
	}

	/** The delay begins. */
	#cycle(instance: number, run: Run, isOn: boolean): void {
		run.delayEnd = this.#options.clock.now() + (this.#registry.get(`/3340/${instance}/5521`) ?? 0) * 1000;
		this.#output(instance, run, isOn);
		this.#schedule();
	}

	/** The delay is over, or is broken off. */
	#end(instance: number, run: Run, isOn: boolean): void {
		const wasActive = run.isOn || run.delayEnd < Number.POSITIVE_INFINITY;
		run.delayEnd = Number.POSITIVE_INFINITY;
		if (!isOn && wasActive)
			run.readyAt = this.#options.clock.now() + (this.#registry.get(`/3340/${instance}/5525`) ?? 0) * 1000;
		this.#output(instance, run, isOn);
		this.#schedule();
	}

	/** Once everything that was written together has been stored. */
	#lookLater(instance: number): void {
		this.#runOf(instance).isWritten = true;
		this.#timer.wakeAt(this.#options.clock.now());
	}

	#look(instance: number, run: Run): void {
		run.isWritten = false;
		if (this.#modeOf(instance) === DISABLED) this.#end(instance, run, false);
		this.#input(instance, this.#registry.get(`/3340/${instance}/5850`) === true);
	}

	#output(instance: number, run: Run, isOn: boolean): void {
		if (run.isOn === isOn) return;
		run.isOn = isOn;
		const registry = this.#registry;
		registry.batch(() => {
			registry.set(`/3340/${instance}/5543`, isOn);
			if (isOn) registry.set(`/3340/${instance}/5534`, Number(registry.get(`/3340/${instance}/5534`) ?? 0) + 1);
		});
		this.#options.onOutput?.(instance, isOn);
	}

	#wake(): void {
		const now = this.#options.clock.now();
		for (let instance = 0; instance < this.#runs.length; instance++) {
			const run = this.#runs[instance];
			if (run?.isWritten) this.#look(instance, run);
			// a pick-up's output goes on when its delay is over, every other one's off
			if (run && run.delayEnd <= now) this.#end(instance, run, this.#modeOf(instance) === PICK_UP);
		}
		this.#schedule();
	}

	#schedule(): void {
		let next = Number.POSITIVE_INFINITY;
		for (const run of this.#runs) if (run && run.delayEnd < next) next = run.delayEnd;
		this.#timer.wakeAt(next);
	}
}

function refuseNegative(seconds: number): number | undefined {
	return seconds >= 0 ? undefined : BAD_REQUEST;
}
