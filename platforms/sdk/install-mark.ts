// Whether the image that was installed last came back, for a boot loader that does not say so itself. MCUboot only tells what
// it will do at the next start, which is to revert for as long as an image is on trial. So a mark in storage is made before
// an image is installed, and taken away when it is confirmed: a start with the mark and without a trial is the old image's.
import type * as seam from "../../src/platform.js";

const KEY = "installed";

export function withInstallMark(slot: seam.Firmware, storage: seam.KeyValue): seam.Firmware {
	const unmark = () => {
		if (storage.read(KEY) !== undefined) storage.delete(KEY);
	};
	return {
		capacityBytes: slot.capacityBytes,
		get isTrial() {
			return slot.isTrial;
		},
		get isReverted() {
			return !slot.isTrial && storage.read(KEY) !== undefined;
		},
		erase: () => {
			slot.erase();
			unmark();
		},
		write: (offset, from, start, end) => slot.write(offset, from, start, end),
		read: (offset, into) => slot.read(offset, into),
		install: (lengthBytes) => {
			storage.write(KEY, new ArrayBuffer(1));
			slot.install(lengthBytes);
		},
		confirm: () => {
			slot.confirm();
			unmark();
		},
		verifyForeign: (lengthBytes) => slot.verifyForeign!(lengthBytes), // a board's slot has it (slot.ts)
	};
}
