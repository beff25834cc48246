// A day in the life of the device on XS that sleeps, the clock of device and server being advanced.
import assert from "node:assert/strict";
import { test } from "node:test";
import { DAY_OPTIONS, runDay } from "../support/day.js";
import { steppedWorld } from "../support/stepped-world.js";

/** Twice what it takes: 240 messages of 20 kB. */
const MOST_MESSAGES = 480;
const MOST_BYTES = 40_000;

test("a day asleep: no sample, observation or operation is lost, and the heap is what it was after an hour", async () => {
	const world = await steppedWorld(DAY_OPTIONS);
	try {
		const day = await runDay(world);
		assert.deepEqual([day.registrations, day.observations], [1, 2]);
		assert.deepEqual([day.samples, day.lost, day.doubled], [1440, 0, 0]);
		assert.deepEqual([day.operations, day.answered], [24, 24]);
		assert.deepEqual(day.heapAtTheEnd, day.heapAfterAnHour);
		assert.ok(day.messagesUp <= MOST_MESSAGES && day.bytesUp <= MOST_BYTES, JSON.stringify(day));
		assert.ok(day.updates < 100, `${day.updates} Updates`);
		assert.equal((world.device.log.match(/Queue mode RX window closed/g) ?? []).length, day.wakes);
	} finally {
		await world.close();
	}
});
