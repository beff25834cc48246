// A clock that tests advance and a network in memory that loses, doubles and delays datagrams as told.

import type { Clock } from "../clock.js";
import { hostAndPort, type Peer, type Transport } from "../transport.js";

interface Timer {
	readonly at: number;
	readonly callback: () => void;
}

export class ManualClock implements Clock {
	#now = 1_700_000_000_000;
	readonly #timers = new Set<Timer>();

	now(): number {
		return this.#now;
	}

	schedule(callback: () => void, delayMs: number): () => void {
		const timer = { at: this.#now + delayMs, callback };
		this.#timers.add(timer);
		return () => this.#timers.delete(timer);
	}

	/** Runs every timer that is due on the way, and what follows from it. */
	async advance(ms: number): Promise<void> {
		const end = this.#now + ms;
		await settle();
		for (;;) {
			const [next] = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
			if (!next) break;
			this.#timers.delete(next);
			this.#now = next.at;
			next.callback();
			await settle();
		}
		this.#now = end;
	}

	/** When the next timer is due, Infinity where there is none. */
	get nextAt(): number {
		let next = Number.POSITIVE_INFINITY;
		for (const { at } of this.#timers) next = Math.min(next, at);
		return next;
	}

	get pending(): number {
		return this.#timers.size;
	}
}

/** Lets promises and deliveries run until nothing moves. */
export async function settle(): Promise<void> {
	for (let round = 0; round < 20; round++) await new Promise((resolve) => setImmediate(resolve));
}

export type Fate = "lose" | "double" | "deliver";

export class SimulatedNetwork {
	readonly #nodes = new Map<string, SimulatedTransport>();
	/** Decides about each datagram; delivers everything unless set. */
	fate: (datagram: Buffer, from: string, to: string) => Fate = () => "deliver";
	readonly log: { from: string; to: string; datagram: Buffer }[] = [];

	/** With `isSecure`, peers are authenticated as "device-PORT". */
	transport(port: number, isSecure = false): SimulatedTransport {
		const transport = new SimulatedTransport(this, port, isSecure);
		this.#nodes.set(transport.key, transport);
		return transport;
	}

	carry(datagram: Buffer, from: SimulatedTransport, to: Peer): void {
		this.log.push({ from: from.key, to: to.key, datagram });
		const fate = this.fate(datagram, from.key, to.key);
		const copies = fate === "lose" ? 0 : fate === "double" ? 2 : 1;
		for (let copy = 0; copy < copies; copy++) {
			setImmediate(() => this.#nodes.get(to.key)?.receive(Buffer.from(datagram), from.port));
		}
	}
}

export class SimulatedTransport implements Transport {
	readonly isSecure: boolean;
	onDatagram: (datagram: Buffer, peer: Peer) => void = () => {};
	readonly #network: SimulatedNetwork;
	readonly port: number;

	constructor(network: SimulatedNetwork, port: number, isSecure: boolean) {
		this.isSecure = isSecure;
		this.#network = network;
		this.port = port;
	}

	get key(): string {
		return peerAt(this.port).key;
	}

	async open(): Promise<void> {}

	async close(): Promise<void> {}

	receive(datagram: Buffer, fromPort: number): void {
		const peer = peerAt(fromPort);
		this.onDatagram(datagram, this.isSecure ? { ...peer, identity: `device-${fromPort}` } : peer);
	}

	send(datagram: Buffer, peer: Peer): void {
		this.#network.carry(datagram, this, peer);
	}
}

export function peerAt(port: number): Peer {
	return { address: "10.0.0.1", port, key: hostAndPort("10.0.0.1", port) };
}
