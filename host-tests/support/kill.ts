// Ends a device with kill -9 at points all over its bootstrap, and starts it again with what its storage holds then.
// Node only.
import assert from "node:assert/strict";
import { join } from "node:path";
import type { DeviceProcess } from "./device-process.js";

const REGISTERED = /Registration Done|Registration update complete/;

/** What ends each part of a bootstrap. Points are counted from the last of them, so that a slow computer meets all parts. */
const MILESTONES = [/Bootstrap registration done/, /Bootstrap transfer complete/, REGISTERED];

/**
 * Each time in new storage: a device that is killed at a point between its start and its registration, and one that
 * has to end registered with the storage that the first has left.
 * @returns how far those that were killed had come, for each what its log says
 */
export async function killAtPoints(
	count: number,
	folder: string,
	start: (storage: string) => DeviceProcess,
): Promise<string[]> {
	const takesMs = await partsOf(start(join(folder, "whole")));
	const logs: string[] = [];
	for (let i = 0; i < count; i++) {
		const storage = join(folder, `killed-${i}`);
		const one = start(storage);
		const part = i % MILESTONES.length;
		for (const milestone of MILESTONES.slice(0, part)) await one.waitFor(milestone);
		await new Promise((resolve) => setTimeout(resolve, takesMs[part]! * Math.random()));
		await one.kill();
		logs.push(one.log);
		const next = start(storage);
		try {
			await next.waitFor(REGISTERED);
		} catch (error) {
			assert.fail(`kill ${i}: ${error}\nthe log before it:\n${one.log}`);
		} finally {
			await next.kill();
		}
	}
	return logs;
}

/** How long each part takes where nothing is killed, ms. */
async function partsOf(whole: DeviceProcess): Promise<number[]> {
	const takesMs: number[] = [];
	let begin = performance.now();
	for (const milestone of MILESTONES) {
		await whole.waitFor(milestone);
		takesMs.push(performance.now() - begin);
		begin = performance.now();
	}
	await whole.kill();
	return takesMs;
}
