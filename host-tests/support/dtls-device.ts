// A device's DTLS session on a UDP socket of Node, with the real clock: for tests against servers.
import { randomFillSync } from "node:crypto";
import { createSocket, type Socket } from "node:dgram";
import { DTLS_DATAGRAM_BYTES } from "../../src/config.js";
import { Log, OFF } from "../../src/log.js";
import type { KeyValue } from "../../src/platform.js";
import { type DtlsCredentials, DtlsSession } from "../../src/security/dtls-session.js";

/** How long a message is waited for. */
const MESSAGE_MS = 5000;

export interface DtlsDeviceOptions {
	port: number;
	credentials: DtlsCredentials;
	storage?: KeyValue;
	/** Any free one unless given. */
	localPort?: number;
	/** Seconds since 1970; the real ones unless given. */
	time?: number;
}

export class DtlsDevice {
	readonly session: DtlsSession;
	/** Datagrams sent so far. */
	sent = 0;
	isResumed = false;
	/** Called before a datagram goes out. */
	onTransmit: () => void = () => {};
	#socket: Socket;
	#port: number;
	#timer: NodeJS.Timeout | undefined;
	#messages: string[] = [];
	#waiting: { resolve: (text: string) => void; reject: (error: Error) => void } | undefined;
	#onOpen: { resolve: () => void; reject: (error: Error) => void } | undefined;
	#buffer = new Uint8Array(DTLS_DATAGRAM_BYTES);

	constructor({ port, credentials, storage, localPort = 0, time }: DtlsDeviceOptions) {
		this.#port = port;
		this.session = new DtlsSession({
			clock: {
				now: () => performance.now(),
				time: () => time ?? Date.now() / 1000,
				setTime: () => {},
				createTimer: () => ({ wakeAt: () => {}, close: () => {} }),
			},
			random: (into) => randomFillSync(into),
			log: new Log(OFF, () => {}),
			credentials,
			storage,
			storageKey: "dtls.1",
			record: new Uint8Array(DTLS_DATAGRAM_BYTES),
			transmit: (datagram, length) => {
				this.sent++;
				this.onTransmit();
				this.#socket.send(datagram.slice(0, length), this.#port, "127.0.0.1");
			},
			onConnected: (isResumed) => {
				this.isResumed = isResumed;
				this.#onOpen?.resolve();
			},
			onPlaintext: (buffer, length) => {
				const text = Buffer.from(buffer.subarray(0, length)).toString();
				if (this.#waiting) this.#waiting.resolve(text);
				else this.#messages.push(text);
				this.#waiting = undefined;
			},
			onFailure: (message) => {
				this.#onOpen?.reject(new Error(message));
				this.#waiting?.reject(new Error(message));
			},
		});
		// last: what throws before leaves no socket open
		this.#socket = this.#bind(localPort);
	}

	/** Rejects with the session's message where the handshake fails. */
	open(): Promise<void> {
		return new Promise((resolve, reject) => {
			this.#onOpen = { resolve, reject };
			this.session.start();
			this.#step();
		});
	}

	send(text: string): boolean {
		const bytes = Buffer.from(text);
		const isSent = this.session.send(bytes, bytes.length);
		this.#step();
		return isSent;
	}

	/** The next message from the server. */
	message(): Promise<string> {
		const text = this.#messages.shift();
		if (text !== undefined) return Promise.resolve(text);
		return new Promise((resolve, reject) => {
			const timer = setTimeout(() => reject(new Error("no message came")), MESSAGE_MS);
			this.#waiting = {
				resolve: (received) => {
					clearTimeout(timer);
					resolve(received);
				},
				reject: (error) => {
					clearTimeout(timer);
					reject(error);
				},
			};
		});
	}

	/** From now on the device has another port, as behind a NAT. */
	rebind(): void {
		this.#socket.close();
		this.#socket = this.#bind(0);
	}

	/** Good-bye to the server. */
	close(): void {
		clearTimeout(this.#timer);
		this.session.close();
		setImmediate(() => this.#socket.close());
	}

	/** The power goes: nothing is said, nothing is saved. */
	cut(): void {
		clearTimeout(this.#timer);
		this.#socket.close();
	}

	#bind(localPort: number): Socket {
		const socket = createSocket("udp4");
		socket.bind(localPort, "127.0.0.1");
		socket.on("message", (datagram) => {
			if (datagram.length > this.#buffer.length) return;
			this.#buffer.set(datagram);
			this.session.receive(this.#buffer, datagram.length);
			this.#step();
		});
		return socket;
	}

	#step(): void {
		clearTimeout(this.#timer);
		const next = this.session.step(performance.now());
		if (next === Number.POSITIVE_INFINITY) return;
		this.#timer = setTimeout(() => this.#step(), Math.max(0, next - performance.now()));
	}
}

/** Storage in memory. */
export class MemoryStorage implements KeyValue {
	readonly maxValueBytes = 4000;
	readonly entries = new Map<string, ArrayBuffer>();
	writes = 0;
	/** Writing throws. */
	isBroken = false;

	read(key: string): ArrayBuffer | undefined {
		return this.entries.get(key)?.slice(0);
	}

	write(key: string, value: ArrayBuffer): void {
		if (this.isBroken) throw new Error("the storage is full");
		this.writes++;
		this.entries.set(key, value.slice(0));
	}

	delete(key: string): void {
		this.entries.delete(key);
	}

	clear(): void {
		this.entries.clear();
	}
}
