// Object 7, Connectivity Statistics: counts the bytes and the sizes of what goes through the client's sockets, with the
// headers of IP and UDP, from Start to Stop or to the end of the collection period. OMA-SUP-XML_7-V1_0.
// Costs four additions a datagram and an object of 100 B a socket; reads compute, so nothing is notified but by `pmax`.
import type { connectivityStatistics } from "../../objects/7-connectivity-statistics.js";
import { BAD_REQUEST } from "../coap/numbers.js";
import type { Model } from "../lwm2m/model.js";
import type { Registry } from "../lwm2m/registry.js";
import type { Platform, Udp, UdpOptions } from "../platform.js";

const IPV4_HEADERS = 28;
const IPV6_HEADERS = 48;
const KILOBYTE = 1000;

/**
 * `const statistics = new ConnectivityStatistics(platform)`, then `openUdp: statistics.openUdp` among the options of
 * `Client`, then `statistics.attach(client.registry)`. The SMS counters are absent: there is no SMS here.
 */
export class ConnectivityStatistics {
	#platform: Platform;
	#sentBytes = 0;
	#receivedBytes = 0;
	#messages = 0;
	#largest = 0;
	/** Counted while now is before it, ms; 0: not at all. */
	#end = 0;

	constructor(platform: Platform) {
		this.#platform = platform;
	}

	/** Opens a socket of the platform whose datagrams are counted. */
	readonly openUdp = (options: UdpOptions): Udp => {
		const udp = this.#platform.openUdp(options);
		const headers = options.address.includes(":") ? IPV6_HEADERS : IPV4_HEADERS;
		return {
			port: udp.port,
			read: (into) => {
				const length = udp.read(into);
				if (length > 0 && this.#count(length + headers)) this.#receivedBytes += length + headers;
				return length;
			},
			write: (from, lengthBytes) => {
				if (this.#count(lengthBytes + headers)) this.#sentBytes += lengthBytes + headers;
				udp.write(from, lengthBytes);
			},
			close: () => udp.close(),
		};
	};

	/** True while datagrams are counted. */
	get isCollecting(): boolean {
		return this.#platform.clock.now() < this.#end;
	}

	/** Puts object 7 in its place. @throws RangeError where the client has no object 7 */
	attach(of: { readonly model: Model }): void {
		// the paths below are checked against the one definition that they are of
		const registry = of as unknown as Registry<readonly [typeof connectivityStatistics]>;
		registry.set("/7/0/8", 0);
		registry.onRead("/7/0/2", () => Math.floor(this.#sentBytes / KILOBYTE));
		registry.onRead("/7/0/3", () => Math.floor(this.#receivedBytes / KILOBYTE));
		registry.onRead("/7/0/4", () => this.#largest);
		registry.onRead("/7/0/5", () =>
			this.#messages ? Math.round((this.#sentBytes + this.#receivedBytes) / this.#messages) : 0,
		);
		registry.onExecute("/7/0/6", () => this.start(Number(registry.get("/7/0/8") ?? 0)));
		registry.onExecute("/7/0/7", () => this.stop());
		registry.onValidate("/7/0/8", (seconds) => (seconds < 0 ? BAD_REQUEST : undefined));
	}

	/** Counts from 0. @param seconds how long; 0: until `stop()` */
	start(seconds: number): void {
		this.#sentBytes = this.#receivedBytes = this.#messages = this.#largest = 0;
		this.#end = seconds > 0 ? this.#platform.clock.now() + seconds * 1000 : Number.POSITIVE_INFINITY;
	}

	/** Counts no more; what has been counted stays. */
	stop(): void {
		this.#end = 0;
	}

	#count(bytes: number): boolean {
		if (!this.isCollecting) return false;
		this.#messages++;
		if (bytes > this.#largest) this.#largest = bytes;
		return true;
	}
}
