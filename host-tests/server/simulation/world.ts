// A companion server on a simulated network with a manual clock, and one device.

import type { ServerEvent } from "../events.js";
import { createServer, type ServerOptions } from "../server.js";
import { FakeDevice } from "./fake-device.js";
import { ManualClock, SimulatedNetwork } from "./network.js";

export const QUERY = ["ep=d1", "lt=60", "lwm2m=1.1", "b=U"];

export async function world(options: ServerOptions = {}) {
	const clock = new ManualClock();
	const network = new SimulatedNetwork();
	const server = createServer({ transport: network.transport(1), clock, ...options });
	await server.start();
	const events: ServerEvent[] = [];
	server.events.on("event", (event: ServerEvent) => event.name !== "COAPLOG" && events.push(event));
	const device = new FakeDevice(network, clock, 2, 1);
	const until = async <T>(promise: Promise<T>, ms = 0): Promise<T> => {
		promise.catch(() => {});
		await clock.advance(ms);
		return promise;
	};
	const names = () => events.map(({ name }) => name);
	return { clock, network, server, device, events, names, until };
}
