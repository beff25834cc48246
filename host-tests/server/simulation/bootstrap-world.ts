// A bootstrap server on a simulated network with a manual clock, and a device that accepts everything.

import { type BootstrapServerOptions, createBootstrapServer } from "../bootstrap/bootstrap-server.js";
import type { Incoming } from "../coap/endpoint.js";
import type { CoapResponse } from "../coap/transfer.js";
import { FakeDevice } from "./fake-device.js";
import { ManualClock, SimulatedNetwork } from "./network.js";

/** One LwM2M server with the short id 1. */
export const CONFIG = {
	toDelete: ["/0", "/1"],
	security: { "1": { uri: "coap://10.0.0.9:5683", bootstrapServer: false, securityMode: "NO_SEC", serverId: 1 } },
	servers: { "0": { shortId: 1, lifetime: 300, defaultMinPeriod: 1, binding: "U", notifIfDisabled: true } },
};

export async function bootstrapWorld(options: BootstrapServerOptions = {}) {
	const clock = new ManualClock();
	const network = new SimulatedNetwork();
	const server = createBootstrapServer({ transport: network.transport(3), clock, ...options });
	await server.start();
	const stages: string[] = [];
	const messages: string[] = [];
	server.events.on("BSSESSION", ({ name, message }: { name: string; message: string }) => {
		stages.push(name);
		messages.push(message);
	});
	const device = new FakeDevice(network, clock, 2, 3);
	device.onUnknown = acceptAll;
	const until = async <T>(promise: Promise<T>, ms = 0): Promise<T> => {
		promise.catch(() => {});
		await clock.advance(ms);
		return promise;
	};
	const bootstrap = (query = ["ep=d1"]): Promise<CoapResponse> =>
		until(device.send({ method: "POST", path: ["bs"], query }));
	const seen = () => device.requests.map(({ method, path }) => `${method} /${path.join("/")}`);
	return { clock, network, server, device, stages, messages, until, bootstrap, seen };
}

function acceptAll({ method }: Incoming) {
	return { code: method === "DELETE" ? "2.02" : method === "GET" ? "4.04" : "2.04" };
}
