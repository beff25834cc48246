// Firmware that a device in queue mode pulls, the clock of device and server being advanced: the URI waits until the device
// wakes, the download goes on while it sleeps, and what became of it wakes it again.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { Images } from "../support/images.js";
import { steppedWorld } from "../support/stepped-world.js";

const EP = "sleepy-firmware";
const MINUTE_MS = 60_000;
const folder = mkdtempSync(join(tmpdir(), "lwm2m-xs-asleep-"));
const images = new Images();
after(() => {
	images.remove();
	rmSync(folder, { recursive: true });
});

test("a pull in queue mode: written while asleep, downloaded over a bad network, told, and executed", async () => {
	process.env["LWM2M_XS_RESTART"] = "now";
	const options = ["--endpoint", EP, "--binding", "UQ", "--lifetime", "3600", "--shell", "off", "--storage", folder];
	const world = await steppedWorld(options);
	const { server, device, advance } = world;
	const told: string[] = [];
	server.events.on("NOTIFICATION", ({ res, val }: Record<string, unknown>) =>
		told.push(`${res} ${(val as { value: string }).value}`),
	);
	/** Lets minutes pass until it is so. */
	const until = async (isSo: () => boolean, minutes: number) => {
		for (let i = 0; i < minutes && !isSo(); i++) await advance(MINUTE_MS);
		assert.ok(isSo(), `not within ${minutes} minutes; the log:\n${device.log}`);
	};
	/** An operation that waits until the device wakes. */
	const wait = async <T>(operation: Promise<T>): Promise<T> => {
		let isOver = false;
		operation.finally(() => {
			isOver = true;
		});
		await until(() => isOver, 65);
		return operation;
	};
	try {
		await until(() => server.registrations.byEndpoint(EP) !== undefined, 1);
		for (const resource of [3, 5]) await wait(server.device(EP).observe([5, 0, resource]));
		await until(() => server.registrations.byEndpoint(EP)!.isSleeping, 3);

		const image = server.offerFirmware(images.changed("2.0.0", "simulated device", "updated device"));
		// every third block is lost, so that the download takes longer than the device listens
		let blocks = 0;
		server.trace = (direction, { length }) => direction === "in" || length < 1000 || ++blocks % 3 > 0;
		const value = `coap://127.0.0.1:${server.coapPort}/fw/${image.id}`;
		const written = server.device(EP).write([5, 0, 1], { kind: "singleResource", id: 1, type: "STRING", value }, true);
		assert.equal(server.queuedOperations(EP), 1);
		assert.equal((await wait(written)).code, "2.04");
		await until(() => told.includes("/5/0/3 2"), 30);
		assert.ok(/-> downloading[\s\S]*RX window closed[\s\S]*-> downloaded/.test(device.log), device.log);
		assert.ok(blocks > image.content.length / 1024);

		await until(() => server.registrations.byEndpoint(EP)!.isSleeping, 5);
		assert.equal((await wait(server.device(EP).execute([5, 0, 2]))).code, "2.04");
		await until(() => told.at(-1) === "/5/0/3 0" || told.at(-1) === "/5/0/5 1", 10);
		assert.deepEqual(
			told.filter((line) => line.startsWith("/5/0/3")),
			["/5/0/3 1", "/5/0/3 2", "/5/0/3 3", "/5/0/3 0"],
		);
		assert.ok(told.includes("/5/0/5 1"));
		const { content } = await wait(server.device(EP).read([3, 0, 3]));
		assert.equal((content as { value?: unknown }).value, "2.0.0");
	} finally {
		await world.close();
	}
});
