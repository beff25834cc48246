// A device that ends while something is expected of it: what waits for it says so at once, with how it has ended.
import assert from "node:assert/strict";
import { test } from "node:test";
import { DeviceProcess } from "../support/device-process.js";

test("a device that is killed fails what waits for it, and what does so afterwards", async () => {
	const device = new DeviceProcess("--no-start", "--shell", "off", "--log", "debug");
	const waits = [device.waitFor(/never/), device.until(() => false)];
	await device.kill();
	for (const [index, wait] of waits.entries())
		await assert.rejects(wait, ({ message }: Error) => {
			assert.equal(message.split("\n")[0]!.split(" before")[0], "the device has ended by SIGKILL", `${index}`);
			return true;
		});
	await assert.rejects(device.waitFor(/never/), /^Error: the device has ended by SIGKILL before \/never\/; the log:/);
});

test("a device that ends by itself says its status, and what it has said before that is still found", async () => {
	const device = new DeviceProcess("--lifetime", "0");
	await device.waitFor(/lifetime/);
	await assert.rejects(device.waitFor(/Registration Done/), /^Error: the device has ended with status 2 before/);
	assert.equal(await device.exit, 2);
});
