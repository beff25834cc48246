// The device's process and the companion server on one clock that a test advances: a day takes seconds, and whatever
// the machine is busy with, the same happens. Datagrams pass through a proxy on loopback. Node only.
import { type ChildProcess, spawn } from "node:child_process";
import type { Duplex } from "node:stream";
import { type CompanionServer, createServer, type ServerOptions } from "../server/server.js";
import { ManualClock, settle } from "../server/simulation/network.js";
import { traced } from "../server/transport.js";
import { UdpTransport } from "../server/udp-transport.js";
import { DeviceProcess, endOf, executable } from "./device-process.js";
import { UdpProxy } from "./udp-proxy.js";

/** What a test needs of a device, a server, and time. */
export interface World {
	readonly server: CompanionServer;
	readonly proxy: UdpProxy;
	readonly device: DeviceProcess;
	/** Lets time pass on both sides, ms. */
	advance(ms: number): Promise<void>;
	close(): Promise<void>;
}

/** @param options of the device, beside `--server` */
export async function steppedWorld(options: readonly string[], settings: ServerOptions = {}): Promise<World> {
	const clock = new ManualClock();
	// what the server sees: a download goes past the proxy
	let seen = 0;
	const transport = traced(new UdpTransport("127.0.0.1", 0), () => {
		seen++;
		return true;
	});
	const server = createServer({ ...settings, clock, transport });
	await server.start();
	const proxy = new UdpProxy(server.coapPort);
	await proxy.open();
	const device = new SteppedDevice(clock.now(), "--server", `coap://127.0.0.1:${proxy.port}`, ...options);
	const passed = () => seen + proxy.fromDevice.length + proxy.fromServer.length;
	/** Until neither side has anything to do. @returns when the device wants to go on, ms */
	const rest = async (): Promise<number> => {
		for (;;) {
			const before = passed();
			const until = await device.step(clock.now());
			await settle();
			if (before === passed()) return until;
		}
	};
	return {
		server,
		proxy,
		device,
		async advance(ms) {
			const end = clock.now() + ms;
			for (;;) {
				const until = await rest();
				if (clock.now() >= end) return;
				await clock.advance(Math.min(until, clock.nextAt, end) - clock.now());
			}
		},
		async close() {
			await device.kill();
			proxy.close();
			await server.stop();
		},
	};
}

/** A device whose clock is at the other end of a pipe (platforms/host/stepped-clock.h). */
class SteppedDevice extends DeviceProcess {
	readonly #clock: Duplex;
	#onRest: ((until: number) => void) | undefined;

	constructor(nowMs: number, ...options: string[]) {
		super(...options);
		this.#clock = this.child.stdio[3] as Duplex; // `spawn` makes a pipe of it
		this.#clock.on("data", (bytes: Buffer) => this.#onRest?.(bytes.readDoubleLE(bytes.length - 8)));
		// a device that has ended shows at the next step
		this.#clock.on("error", () => {});
		this.#tell(nowMs);
	}

	/** Everything that is due and waiting at that time is done. @returns when the device wants to go on, ms */
	step(nowMs: number): Promise<number> {
		return new Promise((resolve, reject) => {
			const fail = () =>
				reject(new Error(`${endOf(this.child.exitCode, this.child.signalCode)}; its log:\n${this.log}`));
			if (this.child.exitCode !== null || this.child.signalCode !== null) return fail();
			this.child.once("exit", fail);
			this.#onRest = (until) => {
				this.child.off("exit", fail);
				resolve(until);
			};
			this.#tell(nowMs);
		});
	}

	protected override spawn(options: readonly string[]): ChildProcess {
		return spawn(executable, options, {
			stdio: ["pipe", "pipe", "pipe", "pipe"],
			env: { ...process.env, LWM2M_XS_CLOCK: "3" },
		});
	}

	#tell(nowMs: number): void {
		const bytes = Buffer.alloc(8);
		bytes.writeDoubleLE(nowMs);
		this.#clock.write(bytes);
	}
}
