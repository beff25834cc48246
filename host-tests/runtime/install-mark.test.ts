// The mark of an installed image (platforms/sdk/install-mark.ts) over a boot loader like MCUboot, which says that an image is
// on trial and not that one has come back.
import assert from "node:assert/strict";
import { test } from "node:test";
import { withInstallMark } from "../../platforms/sdk/install-mark.js";
import type { Firmware, KeyValue } from "../../src/platform.js";

/** A board: storage that lasts, and a boot loader that tries an image once. */
class Board {
	readonly entries = new Map<string, ArrayBuffer>();
	pending = false;
	isTrial = false;

	/** The firmware as the program sees it after a start. */
	start(canBoot = true): Firmware {
		this.isTrial = this.pending && canBoot;
		this.pending = false;
		const board = this;
		const storage: KeyValue = {
			maxValueBytes: 100,
			read: (key) => this.entries.get(key),
			write: (key, value) => void this.entries.set(key, value),
			delete: (key) => void this.entries.delete(key),
			clear: () => this.entries.clear(),
		};
		const slot: Firmware = {
			capacityBytes: 1000,
			get isTrial() {
				return board.isTrial;
			},
			isReverted: false,
			erase: () => undefined,
			write: () => undefined,
			read: () => 0,
			install: () => {
				this.pending = true;
			},
			confirm: () => {
				this.isTrial = false;
			},
			verifyForeign: () => 0,
		};
		return withInstallMark(slot, storage);
	}
}

const flags = ({ isTrial, isReverted }: Firmware) => [isTrial, isReverted];

test("an image on trial is not one that came back, and once confirmed it is neither", () => {
	const board = new Board();
	assert.deepEqual(flags(board.start()), [false, false]);
	board.start().install(10);
	const tried = board.start();
	assert.deepEqual(flags(tried), [true, false]);
	tried.confirm();
	assert.deepEqual(flags(tried), [false, false]);
	assert.deepEqual(flags(board.start()), [false, false]);
});

test("an image that was not confirmed, or that the boot loader refused, has come back until the next download or confirmation", () => {
	for (const canBoot of [true, false])
		for (const end of ["erase", "confirm"] as const) {
			const board = new Board();
			board.start().install(10);
			if (canBoot) assert.deepEqual(flags(board.start()), [true, false]);
			const old = board.start(canBoot);
			assert.deepEqual(flags(old), [false, true]);
			old[end]();
			assert.deepEqual(flags(old), [false, false]);
			assert.deepEqual(flags(board.start()), [false, false]);
		}
});
