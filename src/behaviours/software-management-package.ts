// The package of an instance of software management, on its way into its store and until it is installed.
// RAM: the fields, those of its push and its slot. Nothing is allocated for a block.

import type { Message } from "../coap/message.js";
import { BAD_REQUEST } from "../coap/numbers.js";
import type { PackagePlace } from "../fota/frame.js";
import { Push, type PushEvents } from "../fota/push.js";
import { Slot } from "../fota/slot.js";
import type { PackageStore } from "../platform.js";
import { resultOf } from "./software-management-states.js";

export const SOFTWARE = 9;
export const PACKAGE = 2;

export interface PackageEvents {
	/** One begins. @param isAgain in place of one that was under way; @returns 0, or the code that refuses */
	onPackage(one: SoftwarePackage, isAgain: boolean): number;
	/** `length` bytes are in the store. @returns 0, or the code that refuses it */
	onArrived(one: SoftwarePackage): number;
	/** @param result of software-management-states */
	onLost(one: SoftwarePackage, result: number, why: string): void;
}

export class SoftwarePackage implements PackagePlace, PushEvents {
	readonly object = SOFTWARE;
	readonly instance: number;
	readonly resource = PACKAGE;
	readonly store: PackageStore;
	readonly slot: Slot;
	readonly push: Push;
	/** Bytes in the store, once all of them are there. */
	length = 0;
	/** The model has the bytes of a package that came with a larger Write. */
	isLeft = false;
	#events: PackageEvents;

	constructor(instance: number, store: PackageStore, message: Message, events: PackageEvents) {
		this.instance = instance;
		this.store = store;
		this.#events = events;
		this.slot = new Slot(store, message.tx);
		this.push = new Push(this.slot, message, this, this);
	}

	onPush(isAgain: boolean): number {
		return this.#events.onPackage(this, isAgain);
	}

	onPushed(): number {
		this.length = this.slot.length;
		return this.#events.onArrived(this);
	}

	/** Nothing at all, or one zero byte: that resets nothing here. */
	onReset(): number {
		return BAD_REQUEST;
	}

	onFailed(result: number, why: string): void {
		this.#events.onLost(this, resultOf(result), why);
	}

	/** Goes on after a restart with the push that `key` is of. */
	resume(key: number, now: number): void {
		this.push.resume(["", key, -1, "", 0, 0], now);
	}

	/** What `resume` needs, -1: it cannot go on. */
	get key(): number {
		return this.push.save()?.[1] ?? -1;
	}
}
