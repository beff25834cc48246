// A download of 1 MB in blocks of 1024 bytes over round trips of 0, 50 and 200 ms: how long the device on XS takes beside
// a client that does nothing but ask for the next block, and what memory it needs meanwhile.
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "../server/server.js";
import { datagram } from "../support/coap.js";
import { DeviceProcess } from "../support/device-process.js";
import { FileServer } from "../support/file-server.js";

const BYTES = Number(process.argv[2] ?? 1 << 20);
const BLOCK_BYTES = 1024;
const ROUND_TRIPS_MS = [50, 200];
const RUNS = 7;
const SLOT_BYTES = 16;
const MEMORY = /Memory: (\d+) slots and (\d+) bytes of chunks/;

interface Result {
	device: number;
	bound: number;
	idle: number;
	busy: number;
}

/** The least that stop-and-wait takes at this server: every answer brings the next request, and nothing else happens. */
async function bound(server: FileServer): Promise<number> {
	const socket = createSocket("udp4");
	socket.connect(server.port, "127.0.0.1");
	await once(socket, "connect");
	const count = Math.ceil(BYTES / BLOCK_BYTES);
	const start = performance.now();
	let number = 0;
	const ask = () => socket.send(datagram({ code: 1, mid: number & 0xffff, path: "fw", block2: number * 16 + 6 }));
	ask();
	await new Promise<void>((resolve) => {
		socket.on("message", () => {
			number++;
			if (number < count) ask();
			else resolve();
		});
	});
	socket.close();
	return performance.now() - start;
}

async function measure(delayMs: number): Promise<Result> {
	const server = createServer();
	await server.start();
	// the image's type is right, its signature is not: it is downloaded whole
	const files = new FileServer(new Uint8Array(BYTES).fill(7), 1);
	files.delayMs = delayMs;
	await files.open();
	const name = `bench-${delayMs}`;
	const device = new DeviceProcess(
		"--endpoint",
		name,
		"--server",
		`coap://127.0.0.1:${server.coapPort}`,
		"--shell",
		"off",
	);
	try {
		await device.waitFor(/Registration Done/);
		const memory = async () => {
			device.signal("SIGUSR1");
			const [, slots, chunks] = await device.waitFor(MEMORY);
			return Number(slots) * SLOT_BYTES + Number(chunks);
		};
		const idle = await memory();
		const least = await bound(files);
		const begin = device.waitFor(/idle -> downloading/);
		const write = {
			method: "PUT",
			path: "/5/0/1",
			format: "TEXT",
			payload: `coap://127.0.0.1:${files.port}/fw`,
		} as const;
		files.asked.length = 0;
		await server.request(name, write);
		await begin;
		const start = performance.now();
		while (files.asked.length < BYTES / BLOCK_BYTES / 2) await new Promise((resolve) => setTimeout(resolve, 5));
		const busy = await memory();
		const isOver = () => /downloading -> /.test(device.log);
		while (!isOver()) await new Promise((resolve) => setTimeout(resolve, delayMs > 0 ? 5 : 1));
		return { device: performance.now() - start, bound: least, idle, busy };
	} finally {
		await device.kill();
		files.close();
		await server.stop();
	}
}

function print(delayMs: number, { device, bound: least, idle, busy }: Result): void {
	const seconds = (ms: number) => (ms / 1000).toFixed(2).padStart(7);
	const share = ((least / device) * 100).toFixed(1).padStart(5);
	console.log(
		`${String(delayMs).padStart(5)} ms round trip: ${seconds(device)} s, the bound is ${seconds(least)} s: ${share} %; heap ${busy - idle} bytes above idle`,
	);
}

console.log(`A firmware package of ${BYTES} bytes in blocks of ${BLOCK_BYTES}, by stop-and-wait (RFC 7959):`);
// without a network the computer's own unrest is what varies: the median of several runs
const runs: Result[] = [];
for (let i = 0; i < RUNS; i++) runs.push(await measure(0));
const median = (of: (run: Result) => number) => runs.map(of).sort((a, b) => a - b)[RUNS >> 1]!;
print(0, {
	device: median((run) => run.device),
	bound: median((run) => run.bound),
	idle: 0,
	busy: median((run) => run.busy - run.idle),
});
// those wait most of the time: together they take as long as the longest
const results = await Promise.all(ROUND_TRIPS_MS.map(measure));
results.forEach((result, index) => {
	print(ROUND_TRIPS_MS[index]!, result);
});
