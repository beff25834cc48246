// Firmware in the board's own slots: the image is the one that the vendor's tools make, and the vendor's boot loader checks,
// tries and reverts it (ESP-IDF's OTA partitions, MCUboot).
import type * as seam from "../../src/platform.js";
import { capacity, confirm, erase, install, isReverted, isTrial, read, verify, write } from "./firmware.js";

/** @returns undefined where the board's flash has no second slot */
export function firmwareSlot(): seam.Firmware | undefined {
	const capacityBytes = capacity();
	if (capacityBytes === 0) return undefined;
	return {
		capacityBytes,
		get isTrial() {
			return isTrial();
		},
		get isReverted() {
			return isReverted();
		},
		erase,
		write,
		read,
		install,
		confirm,
		verifyForeign: verify,
	};
}
