// Ends a device with kill -9 at points all over its start, and starts it again with what its storage holds then.
// Node only.
import assert from "node:assert/strict";
import { join } from "node:path";
import { type DeviceProcess, isEmulated } from "./device-process.js";

const REGISTERED = /Registration Done|Registration update complete/;

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
	const begin = performance.now();
	const whole = start(join(folder, "whole"));
	await whole.waitFor(REGISTERED);
	const takesMs = performance.now() - begin;
	await whole.kill();
	const logs: string[] = [];
	for (let i = 0; i < count; i++) {
		const storage = join(folder, `killed-${i}`);
		const one = start(storage);
		const part = (i + Math.random()) / count;
		// most of an emulator's start passes before the device does anything: more of the points lie towards the end
		const at = isEmulated ? 1 - (1 - part) ** 2 : part;
		await new Promise((resolve) => setTimeout(resolve, takesMs * at));
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
