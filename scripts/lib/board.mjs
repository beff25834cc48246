// A board under measurement: the firmware in QEMU, where each instruction takes the same time of the board's clock, so
// that the ticks for which the processor was awake are its instructions.
import { createSocket } from "node:dgram";
import { forBoard, startEmulator } from "./emulator.mjs";
import { setUp } from "./setup.mjs";

// in a fresh clone the packages are not there before
setUp();
const { generate, parse } = await import("coap-packet");

const PATIENCE_MS = 30_000;
/** One instruction takes 2^6 ns: 15.6 million a second. */
const ICOUNT_SHIFT = 6;
const INSTRUCTION_NS = 1 << ICOUNT_SHIFT;
/** The board's timer counts at 25 MHz. */
const TICK_NS = 40;

export class Board {
	#child;
	#command;
	#shell;
	#text = "";
	#taken = 0;
	#look = () => {};
	/** What the measurement itself takes, instructions. */
	#own = 0;
	/** How the emulator has ended, one line; "": it runs. */
	#end = "";

	/** @param qemu further options for the emulator */
	constructor(firmware, words, qemu = []) {
		const { device } = forBoard(words);
		const { child, command, shell } = startEmulator(firmware, device, {
			qemu: ["-icount", `shift=${ICOUNT_SHIFT}`, ...qemu],
			log: (bytes) => {
				this.#text += bytes;
				this.#look();
			},
		});
		shell.on("data", (bytes) => {
			this.#text += bytes;
			this.#look();
		});
		child.on("close", (status, signal) => {
			this.#end = `the emulator has ended ${status === null ? `by ${signal}` : `with status ${status}`}`;
			this.#look();
		});
		this.#child = child;
		this.#command = command;
		this.#shell = shell;
	}

	/** The next line of the log that matches, after the last that was waited for. */
	async until(pattern) {
		const timer = { id: 0 };
		const match = await new Promise((resolve, reject) => {
			timer.id = setTimeout(() => reject(new Error(`no ${pattern} from the board:\n${this.#text}`)), PATIENCE_MS);
			this.#look = () => {
				const found = pattern.exec(this.#text.slice(this.#taken));
				if (!found && this.#end !== "") reject(new Error(`${this.#end} before ${pattern}:\n${this.#text}`));
				if (!found) return;
				this.#taken += found.index + found[0].length;
				resolve(found);
			};
			this.#look();
		}).finally(() => clearTimeout(timer.id));
		this.#look = () => {};
		return match;
	}

	/** Has the board do what a letter stands for: process.c. */
	tell(letter) {
		this.#command(letter);
	}

	/** Has the shell do a line; its answer is in the log, too. */
	type(line) {
		this.#shell.write(`${line}\n`);
	}

	/** Instructions since the last call, garbage collections since the start, slots in use or to be collected. */
	async awake() {
		this.#command("A");
		const [, ticks, collections, slots] = await this.until(/Awake: (\d+) ticks, (\d+) collections, (\d+) slots\n/);
		const instructions = Math.round((Number(ticks) * TICK_NS) / INSTRUCTION_NS);
		return {
			instructions: Math.max(0, instructions - this.#own),
			collections: Number(collections),
			slots: Number(slots),
		};
	}

	/** Finds out what `awake` takes by itself: the least of several times. */
	async calibrate() {
		await this.awake();
		let least = Number.POSITIVE_INFINITY;
		for (let i = 0; i < 5; i++) least = Math.min(least, (await this.awake()).instructions);
		this.#own = least;
	}

	/** What it says of its memory: bytes in use and at most. */
	async memory() {
		this.#command("M");
		const [, slots, chunks, slotsPeak, chunksPeak, engineStack, engineStackSize] = await this.until(
			/Memory: (\d+) slots and (\d+) bytes of chunks, .*peaks (\d+) and (\d+);.* (\d+) of (\d+) slots of stack\n/,
		);
		const [, stack, heap] = await this.until(/Board: (\d+) bytes of stack and (\d+) bytes of heap at most\n/);
		return Object.fromEntries(
			Object.entries({ slots, chunks, slotsPeak, chunksPeak, engineStack, engineStackSize, stack, heap }).map(
				([name, value]) => [name, Number(value)],
			),
		);
	}

	get log() {
		return this.#text;
	}

	end() {
		this.#child.kill("SIGKILL");
	}
}

/** A server of one device, as plain as can be: it sends what it is told to, and gives each datagram to whoever waits. */
export class Peer {
	#socket = createSocket("udp4");
	#device;
	#mid = 1;
	#waiting = [];
	#before = [];
	/** Says of each datagram whether it gets lost. */
	loses = () => false;
	/** Takes the device's own requests, where somebody wants to have them at once. */
	onRequest = undefined;

	async open() {
		this.#socket.on("message", (bytes, from) => {
			this.#device = from;
			if (this.loses()) return;
			const message = parse(bytes);
			if (this.onRequest && message.code === "0.02") {
				this.onRequest(message);
				return;
			}
			const index = this.#waiting.findIndex(({ matches }) => matches(message));
			if (index >= 0) this.#waiting.splice(index, 1)[0].resolve(message);
			else if (!this.onRequest) this.#before.push(message);
		});
		await new Promise((resolve) => this.#socket.bind(0, "127.0.0.1", resolve));
		return this.#socket.address().port;
	}

	/** The next datagram of which `matches` is true. */
	next(matches = () => true) {
		const index = this.#before.findIndex(matches);
		if (index >= 0) return Promise.resolve(this.#before.splice(index, 1)[0]);
		return new Promise((resolve, reject) => {
			const timer = setTimeout(() => reject(new Error("no datagram from the board")), PATIENCE_MS);
			// who waits in vain for what was lost does not keep the script from its end
			if (this.onRequest) timer.unref();
			this.#waiting.push({
				matches,
				resolve: (message) => {
					clearTimeout(timer);
					resolve(message);
				},
			});
		});
	}

	answer({ messageId, token }, code, options = []) {
		this.#send({ ack: true, code, messageId, token, options });
	}

	/** A confirmable request and what is piggy-backed on its acknowledgement. */
	request(code, path, { options = [], payload } = {}) {
		const messageId = this.#mid++;
		const segments = path.split("/").filter(Boolean);
		this.#send({
			code,
			messageId,
			token: Buffer.from([messageId >> 8, messageId & 255]),
			confirmable: true,
			options: [...segments.map((value) => ({ name: "Uri-Path", value: Buffer.from(value) })), ...options],
			payload,
		});
		return this.next((message) => message.messageId === messageId && message.ack);
	}

	/** An empty confirmable message, which is answered with a reset: RFC 7252 4.3. */
	ping() {
		const messageId = this.#mid++;
		this.#send({ code: "0.00", messageId, token: Buffer.alloc(0), confirmable: true });
		return this.next((message) => message.messageId === messageId && message.reset);
	}

	close() {
		this.#socket.close();
	}

	#send(message) {
		if (this.loses()) return;
		this.#socket.send(generate(message), this.#device.port, this.#device.address);
	}
}
