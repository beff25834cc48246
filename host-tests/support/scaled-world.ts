// The device's process and the companion server in a time that passes N times as fast on both sides. What takes a
// millisecond of the machine takes N of theirs, so that there are retransmissions where none would be. Node only.
import type { Clock } from "../server/clock.js";
import { createServer } from "../server/server.js";
import { DeviceProcess } from "./device-process.js";
import type { World } from "./stepped-world.js";
import { UdpProxy } from "./udp-proxy.js";

/** @param options of the device, beside `--server` and `--time-scale` */
export async function scaledWorld(timeScale: number, options: readonly string[]): Promise<World> {
	const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
	const server = createServer({ clock: scaledClock(timeScale), coap: { requestTimeoutMs: 300_000 } });
	await server.start();
	const proxy = new UdpProxy(server.coapPort);
	await proxy.open();
	const uri = `coap://127.0.0.1:${proxy.port}`;
	const device = new DeviceProcess("--server", uri, "--time-scale", `${timeScale}`, ...options);
	let due = performance.now();
	return {
		server,
		proxy,
		device,
		async advance(ms) {
			// what one wait takes too long the next one makes up for
			due += ms / timeScale;
			await wait(Math.max(0, due - performance.now()));
		},
		async close() {
			await device.kill();
			proxy.close();
			await server.stop();
		},
	};
}

function scaledClock(timeScale: number): Clock {
	const start = Date.now();
	const zero = performance.now();
	return {
		now: () => start + (performance.now() - zero) * timeScale,
		schedule(callback, delayMs) {
			const timer = setTimeout(callback, delayMs / timeScale);
			return () => clearTimeout(timer);
		},
	};
}
