// The check of a package, a slice a step: a first look while the rest is still to come, so that what is of another kind is
// refused early, and all of it once it is there. RAM: the fields, and what the check says.
import type { Firmware } from "../platform.js";
import { CHECKING, type ImageCheck } from "./image-check.js";

export class Inspection {
	/** The whole package is being checked. */
	isActive = false;
	#firmware: Firmware;
	#check: ImageCheck;
	/** The first bytes have been looked at. */
	#isSeen = false;

	constructor(firmware: Firmware, check: ImageCheck) {
		this.#firmware = firmware;
		this.#check = check;
	}

	/** Begins with the first `lengthBytes` of the slot, which are all of it. */
	begin(lengthBytes: number): void {
		this.isActive = true;
		this.#check.begin(this.#firmware, lengthBytes);
	}

	stop(): void {
		this.isActive = false;
	}

	/** Another package may come. */
	forget(): void {
		this.#isSeen = false;
	}

	/**
	 * @param arrivedBytes of a package that is under way, 0 where none is
	 * @returns CHECKING where there is nothing to say; 0 for a good image; or the result, which ends it
	 */
	step(arrivedBytes: number): number {
		const check = this.#check;
		if (!this.#isSeen && check.peek && arrivedBytes > 0 && arrivedBytes >= (check.headerBytes ?? 0)) {
			this.#isSeen = true;
			const result = check.peek(this.#firmware);
			if (result !== 0) {
				this.isActive = false;
				return result;
			}
		}
		if (!this.isActive) return CHECKING;
		const outcome = check.step();
		if (outcome !== CHECKING) this.isActive = false;
		return outcome;
	}
}
