// A client on the platform in memory, registered at a server that the test plays: for unit tests of operations.
import type { coreObjects } from "../../objects/index.js";
import { Client } from "../../src/client.js";
import { DEBUG, Log } from "../../src/log.js";
import type { EnablerVersion, ObjectDefinition } from "../../src/lwm2m/definition.js";
import type { Udp, UdpOptions } from "../../src/platform.js";
import { type CoapFields, type CoapMessage, datagram, parse } from "./coap.js";
import { defaultObjects } from "./objects.js";
import { TestPlatform } from "./platform.js";

export class TestDevice {
	readonly platform = new TestPlatform();
	readonly client: Client<typeof coreObjects>;
	readonly events: number[] = [];
	#mid = 100;

	/** @param more objects that the device has beside those of the default build */
	constructor(
		enabler: EnablerVersion = "1.1",
		more: readonly ObjectDefinition[] = [],
		openUdp?: (platform: TestPlatform, options: UdpOptions) => Udp,
	) {
		const { platform } = this;
		this.client = new Client({
			endpoint: "d1",
			// the paths of further objects are not checked by their types here
			objects: [...defaultObjects, ...more] as unknown as typeof coreObjects,
			...(openUdp && { openUdp: (options) => openUdp(platform, options) }),
			platform,
			enabler,
			log: new Log(DEBUG, (line) => platform.log(line)),
			onEvent: (event) => this.events.push(event),
		});
		const { registry } = this.client;
		registry.set("/0/0/0", "coap://192.0.2.1:5683");
		registry.set("/0/0/1", false);
		registry.set("/0/0/2", 3);
		registry.set("/0/0/10", 1);
		registry.set("/1/0/0", 1);
		registry.set("/1/0/1", 300);
		registry.set("/1/0/6", true);
		registry.set("/1/0/7", "U");
		registry.set("/3/0/0", "Open Mobile Alliance");
		registry.set("/3/0/14", "+02:00");
		registry.set("/3303/0/5700", 21.5);
	}

	/** Registers: the server answers 2.01 with the location `rd/5a3f`. */
	register(): void {
		this.client.start();
		this.platform.run();
		const request = this.take();
		if (request.code !== 2) throw new Error(`expected a Register, got code ${request.code}`);
		this.reply(request, { code: 0x41, location: "rd/5a3f" });
	}

	/** The oldest message that the device has sent. @throws Error where there is none */
	take(): CoapMessage {
		const sent = this.platform.socket.take();
		if (!sent) throw new Error("the device has sent nothing");
		return parse(sent);
	}

	/** True where the device has sent nothing. */
	get isQuiet(): boolean {
		return this.platform.socket.sent.length === 0;
	}

	/** The server answers a request of the device, piggy-backed. */
	reply(request: CoapMessage, fields: CoapFields): void {
		this.deliver({ type: 2, mid: request.mid, token: request.token, ...fields });
	}

	/** The server answers the Updates that tell it of instances that came or went. */
	settle(): void {
		this.platform.run();
		while (!this.isQuiet) this.reply(this.take(), { code: 0x44 });
	}

	/** The server sends a message. */
	deliver(fields: CoapFields): void {
		this.platform.socket.deliver(datagram(fields));
		this.platform.run();
	}

	/** The server sends a confirmable request with a new message id and a token. @returns the answer */
	request(fields: CoapFields): CoapMessage {
		this.#mid++;
		this.deliver({ type: 0, mid: this.#mid, token: Uint8Array.of(0xaa, this.#mid & 0xff), ...fields });
		return this.take();
	}
}
