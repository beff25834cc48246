// What checks a downloaded image before it counts as downloaded. The client takes whatever does this; image.ts does it
// for the project's own container.
import type { Firmware } from "../platform.js";

/** `step` has not come to an end. */
export const CHECKING = -1;

/** One check at a time, in slices, so that the device goes on meanwhile. */
export interface ImageCheck {
	/** Begins with the first `lengthBytes` of the slot. */
	begin(firmware: Firmware, lengthBytes: number): void;
	/** Goes on for a slice of a few KB. @returns CHECKING; 0 for a good image; or the result (states.ts) */
	step(): number;
	/** Why `step` gave a result, one line. */
	readonly problem: string;
	/** Of the image that was good; "" where it does not say. 5/0/6 and 5/0/7. */
	readonly name: string;
	readonly version: string;
	/** A first look while the rest is still to come, once so many bytes are there. @returns 0 to go on, or the result */
	readonly headerBytes?: number;
	peek?(firmware: Firmware): number;
}
