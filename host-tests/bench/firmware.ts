// A download of 1 MB in blocks of 1024 bytes over round trips of 0, 50 and 200 ms: the rate of the device on XS beside that of
// a client that does nothing but ask for the next block (minimal-client.ts), and the memory that the device needs meanwhile.
// Both are taken at the server, from the first request to the last. Fails below SHARE of the bound where there is a round trip
// (without one the figure is the computer's as well: on a busy one half of the runs lie 40 % apart), or above HEAP_BYTES.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { type CompanionServer, createServer } from "../server/server.js";
import { DeviceProcess } from "../support/device-process.js";
import { FileServer } from "../support/file-server.js";

const BYTES = Number(process.argv[2] ?? 1 << 20);
const BLOCK_BYTES = 1024;
const BLOCKS = Math.ceil(BYTES / BLOCK_BYTES);
const ROUND_TRIPS_MS = [50, 200];
/** Without a network the computer's own unrest is what varies: the median of so many, both clients by turns. */
const RUNS = 15;
const SHARE = 95;
const HEAP_BYTES = 4096;
const SLOT_BYTES = 16;
/** The longest that a download may stand still. */
const STALL_MS = 30_000;
const MEMORY = /Memory: (\d+) slots and (\d+) bytes of chunks/;
const minimalClient = fileURLToPath(new URL("minimal-client.js", import.meta.url));

/** Both clients at one server, and a registered device. */
class Course {
	readonly #files = new FileServer(new Uint8Array(BYTES).fill(7), 1);
	readonly #server: CompanionServer;
	readonly #name: string;
	readonly #device: DeviceProcess;

	static async open(delayMs: number): Promise<Course> {
		const server = createServer();
		await server.start();
		const course = new Course(server, delayMs);
		await course.#files.open();
		await course.#device.waitFor(/Registration Done/);
		return course;
	}

	private constructor(server: CompanionServer, delayMs: number) {
		this.#server = server;
		this.#name = `bench-${delayMs}`;
		this.#files.delayMs = delayMs;
		const uri = `coap://127.0.0.1:${server.coapPort}`;
		this.#device = new DeviceProcess("--endpoint", this.#name, "--server", uri, "--shell", "off");
	}

	/** Bytes of heap that are in use. */
	async memory(): Promise<number> {
		this.#device.signal("SIGUSR1");
		const [, slots, chunks] = await this.#device.waitFor(MEMORY);
		return Number(slots) * SLOT_BYTES + Number(chunks);
	}

	/** @param times how often it fetches the file: the last counts; @returns ms */
	async minimal(times: number): Promise<number> {
		this.#forget();
		const words = [minimalClient, this.#files.port, BLOCKS, times].map(String);
		const [status] = await once(spawn(process.execPath, words, { stdio: "inherit" }), "exit");
		if (status !== 0) throw new Error(`the minimal client ended with status ${status}`);
		return this.#took(times);
	}

	/** @param halfway called once half of it is there; @returns ms */
	async device(halfway = async () => {}): Promise<number> {
		this.#forget();
		const payload = `coap://127.0.0.1:${this.#files.port}/fw`;
		await this.#server.request(this.#name, { method: "PUT", path: "/5/0/1", format: "TEXT", payload });
		await this.#asked(BLOCKS / 2);
		await halfway();
		await this.#asked(BLOCKS);
		// it is no image, which the device says once it has it whole
		await this.#device.waitFor(/downloading -> idle, result 6/);
		return this.#took();
	}

	async close(): Promise<void> {
		await this.#device.kill();
		this.#files.close();
		await this.#server.stop();
	}

	#forget(): void {
		this.#files.asked.length = this.#files.askedAt.length = 0;
	}

	#took(times = 1): number {
		const { asked, askedAt } = this.#files;
		if (asked.length !== times * BLOCKS) throw new Error(`${asked.length} requests for ${BLOCKS} blocks`);
		return askedAt.at(-1)! - askedAt.at(-BLOCKS)!;
	}

	/** Until the device has asked for so many blocks. @throws Error where it ends before, or asks for none any more */
	async #asked(count: number): Promise<void> {
		let [last, lastAt] = [0, performance.now()];
		await this.#device.until(() => {
			const { length } = this.#files.asked;
			if (length !== last) [last, lastAt] = [length, performance.now()];
			else if (performance.now() - lastAt > STALL_MS)
				throw new Error(`no block has been asked for in ${STALL_MS / 1000} s: ${length} of ${BLOCKS}`);
			return length >= count;
		});
	}
}

interface Result {
	delayMs: number;
	device: number;
	bound: number;
	/** Of the bound, % of each run, in rising order. */
	shares: number[];
	heap: number;
}

async function measure(delayMs: number, runs: number): Promise<Result> {
	const course = await Course.open(delayMs);
	try {
		const idle = await course.memory();
		let busy = 0;
		const halfway = async () => {
			busy = await course.memory();
		};
		const bounds: number[] = [];
		const devices: number[] = [];
		while (devices.length < runs) {
			// Node compiles what has run often: of several runs the second of each process counts
			bounds.push(await course.minimal(runs > 1 ? 2 : 1));
			devices.push(await course.device(busy === 0 ? halfway : undefined));
		}
		const shares = devices.map((ms, index) => (bounds[index]! / ms) * 100).sort((a, b) => a - b);
		return { delayMs, device: median(devices), bound: median(bounds), shares, heap: busy - idle };
	} finally {
		await course.close();
	}
}

function median(values: readonly number[]): number {
	return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}

function print({ delayMs, device, bound, shares, heap }: Result): void {
	const seconds = (ms: number) => (ms / 1000).toFixed(2).padStart(7);
	const at = (part: number) => `${shares[Math.floor(shares.length * part)]!.toFixed(1)} %`;
	const spread = shares.length > 1 ? ` (half of ${shares.length} runs: ${at(0.25)} to ${at(0.75)})` : "";
	console.log(
		`${String(delayMs).padStart(5)} ms round trip: ${seconds(device)} s, the bound is ${seconds(bound)} s: ${at(0.5)}${spread}; heap ${heap} bytes above idle`,
	);
	if (delayMs > 0 && median(shares) < SHARE) fail(`below ${SHARE} % of the bound at ${delayMs} ms`);
	if (heap > HEAP_BYTES) fail(`${heap} bytes of heap in use above idle: ${HEAP_BYTES} are allowed`);
}

function fail(text: string): void {
	console.error(text);
	process.exitCode = 1;
}

console.log(`A firmware package of ${BYTES} bytes in blocks of ${BLOCK_BYTES}, by stop-and-wait (RFC 7959):`);
try {
	print(await measure(0, RUNS));
	// those wait most of the time: together they take as long as the longest
	for (const result of await Promise.all(ROUND_TRIPS_MS.map((delayMs) => measure(delayMs, 1)))) print(result);
} catch (error) {
	fail(error instanceof Error ? error.message : String(error));
	process.exit();
}
