// What goes to one server, and whether it may go now: queue mode, and messages that wait while the server cannot be
// reached. OMA-TS-LightweightM2M_Core-V1_1_1 6.5. The table of the machine is in src/DESIGN.md.
// RAM: HELD_MESSAGES copies of HELD_BYTES in all, while there are some.
import { AWAKE_SECONDS, HELD_BYTES, HELD_MESSAGES } from "./config.js";
import type { Log } from "./log.js";

/** Messages go out. */
export const OPEN = 0;
/** Queue mode: nothing is received, what is to be sent waits and wakes the device. */
export const ASLEEP = 1;
/** The server has yet to answer a Register or an Update: what is to be sent waits. */
export const CLOSED = 2;

const stateNames: readonly string[] = Object.freeze(["open", "asleep", "closed"]);
/** Legal next states, by state: bit n is state n. */
const legal: readonly number[] = Object.freeze([(1 << ASLEEP) | (1 << CLOSED), (1 << CLOSED) | (1 << OPEN), 1 << OPEN]);

export interface OutboxOptions {
	log: Log;
	now(): number;
	send(datagram: Uint8Array, lengthBytes: number): void;
	/** False where a confirmable message has been given up, and so is not to go any more. */
	isAwaited(mid: number): boolean;
	/** The device is asleep and has something to send: it wants an Update. */
	onWanted(): void;
	/** The RX window has closed. */
	onAsleep(): void;
	/** How long the device listens, s. Default AWAKE_SECONDS. */
	awakeSeconds: number | undefined;
}

export class Outbox {
	state = CLOSED;
	#options: OutboxOptions;
	#held: Uint8Array[] = [];
	#bytes = 0;
	#lost = 0;
	/** When the last message went or came, ms. */
	#lastAt = 0;

	constructor(options: OutboxOptions) {
		this.#options = options;
	}

	/** Messages that wait. */
	get count(): number {
		return this.#held.length;
	}

	/** How many of them are confirmable. */
	get confirmables(): number {
		const held = this.#held;
		let count = 0;
		for (let i = 0, n = held.length; i < n; ++i) if (isConfirmable(held[i]!)) ++count;
		return count;
	}

	/** A message went or came: the RX window begins anew. */
	touch(now: number): void {
		this.#lastAt = now;
	}

	/** Takes a message of our own making: sends it, or keeps a copy until it may go. */
	put(datagram: Uint8Array, lengthBytes: number): void {
		if (this.state === OPEN) {
			this.#options.send(datagram, lengthBytes);
			return;
		}
		this.#hold(datagram.slice(0, lengthBytes));
		if (this.state === ASLEEP) this.#options.onWanted();
	}

	/** The server has answered a Register or an Update: what waits goes out, in order. */
	open(): void {
		this.touch(this.#options.now());
		if (this.state === OPEN) return;
		this.#transition(OPEN);
		const held = this.#held;
		this.#held = [];
		this.#bytes = 0;
		if (this.#lost > 0) this.#options.log.warning(`${this.#lost} messages are lost: too many waited`);
		this.#lost = 0;
		for (const one of held)
			if (!isConfirmable(one) || this.#options.isAwaited((one[2]! << 8) | one[3]!)) this.#options.send(one, one.length);
	}

	/** The server has to answer first. */
	close(): void {
		if (this.state !== CLOSED) this.#transition(CLOSED);
	}

	/** Drops notifications: the server has forgotten its observations, or wants none that were made while offline. */
	dropNotifications(): void {
		this.#held = this.#held.filter((one) => one[1]! < 0x40);
		this.#bytes = this.#held.reduce((sum, one) => sum + one.length, 0);
	}

	/**
	 * Ends the RX window where it is over. @param mayRest queue mode is on and nothing is under way
	 * @returns when it wants to be called again, ms
	 */
	step(now: number, mayRest: boolean): number {
		if (this.state !== OPEN || !mayRest) return Number.POSITIVE_INFINITY;
		const end = this.#lastAt + (this.#options.awakeSeconds ?? AWAKE_SECONDS) * 1000;
		if (now < end) return end;
		this.#transition(ASLEEP);
		this.#options.log.info("Queue mode RX window closed");
		this.#options.onAsleep();
		return Number.POSITIVE_INFINITY;
	}

	#hold(message: Uint8Array): void {
		// a message that is repeated while it waits goes once
		for (const one of this.#held) if (one[2] === message[2] && one[3] === message[3] && one[1] === message[1]) return;
		this.#held.push(message);
		this.#bytes += message.length;
		while (this.#held.length > 1 && (this.#held.length > HELD_MESSAGES || this.#bytes > HELD_BYTES)) {
			this.#bytes -= this.#held.splice(0, 1)[0]!.length;
			this.#lost++;
		}
	}

	#transition(next: number): void {
		const state = this.state;
		if ((legal[state]! & (1 << next)) === 0)
			throw new Error(`outbox: ${stateNames[state]} -> ${stateNames[next]} is no edge of the table`);
		const { log } = this.#options;
		if (log.isDebug) log.debug(`outbox: ${stateNames[state]} -> ${stateNames[next]}`);
		this.state = next;
	}
}

function isConfirmable(message: Uint8Array): boolean {
	return (message[0]! & 0x30) === 0;
}
