// kill -9 at random moments of a download and of the swap: after a start with the same storage the update goes on, and it
// ends with the new image running, and with result 1.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { blockOf } from "../server/coap/block.js";
import { decodeMessage, optionStrings } from "../server/coap/message.js";
import { BLOCK2, URI_PATH } from "../server/coap/numbers.js";
import { type CompanionServer, createServer } from "../server/server.js";
import { DeviceProcess } from "../support/device-process.js";
import { Images } from "../support/images.js";
import { randomFrom } from "../support/test.js";

const SEED = Number(process.env["LWM2M_XS_SEED"] ?? 20240229);
const KILLS = Number(process.env["LWM2M_XS_KILLS"] ?? 200);
const AT_ONCE = 4;
const BLOCK_BYTES = 1024;
/** What follows the last block (the check), and what follows Execute (restart, start, registration): ms at most. */
const CHECK_MS = 20;
const SWAP_MS = 300;
const PATIENCE_MS = 30_000;

const folder = mkdtempSync(join(tmpdir(), "lwm2m-xs-kill-"));
const images = new Images();
let server: CompanionServer;
let image: Buffer;
/** The blocks that each device has asked for since its last start, and who waits for how many. */
const asked = new Map<string, number[]>();
const waiting = new Map<string, { count: number; resolve(): void }>();

before(async () => {
	process.env["LWM2M_XS_RESTART"] = "now";
	image = images.make("2.0.0");
	server = createServer();
	server.trace = (direction, datagram) => {
		if (direction === "in" && datagram.includes("kill-")) note(datagram);
		return true;
	};
	await server.start();
});
after(async () => {
	await server.stop();
	images.remove();
	rmSync(folder, { recursive: true });
});

function note(datagram: Buffer): void {
	const message = decodeMessage(datagram);
	const [first, endpoint = ""] = message ? optionStrings(message, URI_PATH) : [];
	if (!message || first !== "fw") return;
	const blocks = asked.get(endpoint);
	blocks?.push(blockOf(message, BLOCK2)?.number ?? 0);
	const wish = waiting.get(endpoint);
	if (wish && blocks && blocks.length >= wish.count) wish.resolve();
}

/** A device that has registered. */
async function start(endpoint: string): Promise<DeviceProcess> {
	asked.set(endpoint, []);
	const uri = `coap://127.0.0.1:${server.coapPort}`;
	const options = ["--endpoint", endpoint, "--server", uri, "--shell", "off", "--time-scale", "20"];
	const device = new DeviceProcess(...options, "--storage", join(folder, endpoint));
	await device.waitFor(/Registration Done|Registration update complete/);
	return device;
}

/** Version, state and result, as soon as the device answers. */
async function ask(endpoint: string): Promise<string> {
	for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await sleep(20))
		try {
			const values: string[] = [];
			for (const [o, i, r] of [
				[3, 0, 3],
				[5, 0, 3],
				[5, 0, 5],
			] as const) {
				const { content } = await server.device(endpoint).read([o, i, r], { timeoutMs: 250 });
				values.push(String((content as { value: unknown }).value));
			}
			return values.join(" ");
		} catch {
			// it is starting again
		}
	throw new Error(`${endpoint} does not answer`);
}

/** What the device has stored of its download: the offset, 0 without one. */
function storedOffset(endpoint: string): number {
	const file = join(folder, endpoint, "fota.value");
	const text = existsSync(file) ? readFileSync(file, "latin1") : "";
	const [state, , , , download] = JSON.parse(text.slice(text.indexOf("["))) as [number, 0, 0, 0, unknown[] | null];
	return state === 1 && download ? Number(download[4]) : 0;
}

/** Sees the update to its end, as a server's campaign does. @returns version, state, result */
async function finish(endpoint: string): Promise<string> {
	for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await sleep(20)) {
		const found = await ask(endpoint);
		if (/ 0 [18]$/.test(found)) return found;
		if (/ 2 0$/.test(found)) await execute(endpoint);
	}
	throw new Error(`the update of ${endpoint} does not end: ${await ask(endpoint)}`);
}

/** 4.05 while the image is being checked; no answer where the device has just gone. */
const execute = (endpoint: string) =>
	server
		.device(endpoint)
		.execute([5, 0, 2], "", { timeoutMs: 250 })
		.catch(() => undefined);

interface Moment {
	readonly isSwap: boolean;
	readonly blocks: number;
	readonly ms: number;
}

async function run(endpoint: string, { isSwap, blocks, ms }: Moment): Promise<string> {
	server.publish(`/fw/${endpoint}`, image, Buffer.from("2.0.0"));
	let device = await start(endpoint);
	try {
		const isThere = new Promise<void>((resolve) => waiting.set(endpoint, { count: blocks, resolve }));
		const value = `coap://127.0.0.1:${server.coapPort}/fw/${endpoint}`;
		await server.device(endpoint).write([5, 0, 1], { kind: "singleResource", id: 1, type: "STRING", value }, true);
		await isThere;
		waiting.delete(endpoint);
		if (isSwap) {
			await device.waitFor(/downloading -> downloaded/);
			await execute(endpoint);
		}
		await sleep(ms);
		await device.kill();
		const offset = storedOffset(endpoint);
		device = await start(endpoint);
		const end = await finish(endpoint);
		// a trial that the power cut has a second start
		assert.equal(end, "2.0.0 0 1");
		const [next] = asked.get(endpoint)!;
		if (offset > 0) assert.equal(next, offset / BLOCK_BYTES, `${offset} bytes were stored`);
		// and once more: what it ended with is what is there
		await device.kill();
		device = await start(endpoint);
		assert.equal(await ask(endpoint), end);
		return `${end}${offset > 0 ? ", resumed" : ""}`;
	} catch (error) {
		throw new Error(`${endpoint} (${JSON.stringify({ isSwap, blocks, ms })}): ${error}\n${device.log}`);
	} finally {
		await device.kill();
		rmSync(join(folder, endpoint), { recursive: true, force: true });
	}
}

test(`kill -9 at ${KILLS} moments, seed ${SEED}: the update ends with the new image, and result 1`, async (context) => {
	const random = randomFrom(SEED);
	const last = Math.ceil(image.length / BLOCK_BYTES);
	const moments = Array.from({ length: KILLS }, (): Moment => {
		const isSwap = random(2) === 1;
		const at = random(last + CHECK_MS);
		if (isSwap) return { isSwap, blocks: last, ms: random(SWAP_MS) };
		return { isSwap, blocks: Math.min(at + 1, last), ms: Math.max(0, at + 1 - last) };
	});
	const ends = new Map<string, number>();
	const work = async (first: number) => {
		for (let i = first; i < moments.length; i += AT_ONCE) {
			const { isSwap } = moments[i]!;
			const end = `${isSwap ? "swap" : "download"}: ${await run(`kill-${i}`, moments[i]!)}`;
			ends.set(end, (ends.get(end) ?? 0) + 1);
		}
	};
	await Promise.all(Array.from({ length: AT_ONCE }, (_, first) => work(first)));
	for (const [end, count] of [...ends].sort()) context.diagnostic(`${count} x ${end}`);
	assert.equal(
		[...ends.values()].reduce((sum, count) => sum + count, 0),
		KILLS,
	);
});
