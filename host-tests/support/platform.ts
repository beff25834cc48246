// A platform in memory for unit tests: the clock is advanced by the test, datagrams go through its hands, storage is a
// Map, randomness repeats. Runs on Node and on XS.
import type {
	Firmware,
	KeyValue,
	Platform,
	Serial,
	SerialOptions,
	Tcp,
	TcpOptions,
	Timer,
	Udp,
	UdpOptions,
} from "../../src/platform.js";
import { randomFrom } from "./test.js";

interface PendingTimer {
	at: number;
	onWake(): void;
}

export class TestSocket implements Udp {
	readonly port = 40000;
	readonly options: UdpOptions;
	isClosed = false;
	/** What the device has sent and nobody has taken yet. */
	sent: Uint8Array[] = [];
	#waiting: Uint8Array[] = [];

	constructor(options: UdpOptions) {
		this.options = options;
	}

	read(into: Uint8Array): number {
		const datagram = this.#waiting.shift();
		if (!datagram) return -1;
		if (datagram.length > into.length) return 0;
		into.set(datagram);
		return datagram.length;
	}

	write(from: Uint8Array, lengthBytes: number): void {
		if (!this.isClosed) this.sent.push(from.slice(0, lengthBytes));
	}

	close(): void {
		this.isClosed = true;
	}

	/** A datagram arrives. */
	deliver(...datagrams: Uint8Array[]): void {
		this.#waiting.push(...datagrams);
		if (!this.isClosed) this.options.onReadable();
	}

	/** The oldest datagram that the device has sent and nobody has taken. */
	take(): Uint8Array | undefined {
		return this.sent.shift();
	}
}

export class TestPlatform implements Platform {
	readonly name = "test";
	storage: KeyValue | undefined;
	firmware: Firmware | undefined;
	/** The serial port, for tests of the shell; undefined: there is none. */
	serialPort: ((options: SerialOptions) => Serial) | undefined;
	onTerminate: (() => void) | undefined;
	readonly sockets: TestSocket[] = [];
	readonly lines: string[] = [];
	restarts = 0;
	/** Names that resolve; numeric addresses always do. */
	readonly names = new Map<string, string>();
	nowMs = 1_000_000;
	epochSeconds = 1_700_000_000;
	#timers: PendingTimer[] = [];
	#random = randomFrom(12345);

	readonly clock = {
		now: (): number => this.nowMs,
		time: (): number => this.epochSeconds + this.nowMs / 1000,
		setTime: (seconds: number): void => {
			this.epochSeconds = seconds - this.nowMs / 1000;
		},
		createTimer: (onWake: () => void): Timer => {
			const timer: PendingTimer = { at: Number.POSITIVE_INFINITY, onWake };
			this.#timers.push(timer);
			return {
				wakeAt: (atMs) => {
					timer.at = atMs;
				},
				close: () => {
					this.#timers = this.#timers.filter((one) => one !== timer);
				},
			};
		},
	};

	/** The socket that was opened last. */
	get socket(): TestSocket {
		return this.sockets[this.sockets.length - 1]!;
	}

	random(into: Uint8Array): void {
		for (let i = 0; i < into.length; i++) into[i] = this.#random(256);
	}

	resolve(name: string, onResult: (address: string | undefined, message?: string) => void): void {
		const address = /^[0-9.]+$|:/.test(name) ? name : this.names.get(name);
		const timer = this.clock.createTimer(() => {
			timer.close();
			onResult(address, address === undefined ? "no such host" : undefined);
		});
		timer.wakeAt(this.nowMs);
	}

	openUdp(options: UdpOptions): Udp {
		const socket = new TestSocket(options);
		this.sockets.push(socket);
		return socket;
	}

	openTcp(_options: TcpOptions): Tcp {
		throw new Error("no TCP here");
	}

	openSerial(options: SerialOptions): Serial | undefined {
		return this.serialPort?.(options);
	}

	log(line: string): void {
		this.lines.push(line);
	}

	restart(): never {
		this.restarts++;
		throw new Error("restart");
	}

	exit(status: number): never {
		throw new Error(`exit ${status}`);
	}

	memory() {
		return { slotBytes: 16, slots: 0, slotsPeak: 0, chunks: 0, chunksPeak: 0, collections: 0 };
	}

	collectGarbage(): void {}

	/** Runs what is due now. */
	run(): void {
		this.advance(0);
	}

	/** Lets time pass, waking whoever is due on the way, in order. */
	advance(ms: number): void {
		const end = this.nowMs + ms;
		for (let steps = 0; steps < 100_000; steps++) {
			let due: PendingTimer | undefined;
			for (const timer of this.#timers) if (timer.at <= end && (!due || timer.at < due.at)) due = timer;
			if (!due) {
				this.nowMs = end;
				return;
			}
			if (due.at > this.nowMs) this.nowMs = due.at;
			due.at = Number.POSITIVE_INFINITY;
			due.onWake();
		}
		throw new Error("the clock was woken 100,000 times: something polls");
	}
}
