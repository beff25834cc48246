// The datagram path to one server: name resolution, the UDP socket, and (with `coaps`) DTLS on top of it.
// What comes from anybody but the server never gets here: the platform's socket hears one peer only.
import { DATAGRAM_BYTES } from "../config.js";
import type { Log } from "../log.js";
import type { Platform, Udp } from "../platform.js";
import type { ServerUri } from "../uri.js";

export interface ConnectionOptions {
	platform: Platform;
	uri: ServerUri;
	log: Log;
	/** Where datagrams are received into; one buffer serves all connections, since one is handled at a time. */
	buffer: Uint8Array;
	onOpen(): void;
	/** The server's name does not resolve, or the socket is gone. The connection is closed. */
	onFailure(message: string): void;
	/** A datagram is in `buffer`. */
	onDatagram(buffer: Uint8Array, lengthBytes: number): void;
	/** Everything that was waiting has been passed to `onDatagram`. */
	onDrained(): void;
}

export class Connection {
	#options: ConnectionOptions;
	#udp: Udp | undefined;
	#isClosed = false;

	constructor(options: ConnectionOptions) {
		if (options.buffer.length < DATAGRAM_BYTES)
			throw new RangeError(`connection: the buffer is at least ${DATAGRAM_BYTES} bytes`);
		this.#options = options;
		const { platform, uri } = options;
		platform.resolve(uri.host, (address, message) => {
			if (this.#isClosed) return;
			if (address === undefined) this.#fail(`${uri.host}: ${message ?? "no such host"}`);
			else this.#open(address);
		});
	}

	get isOpen(): boolean {
		return this.#udp !== undefined;
	}

	/** Sends one datagram; dropped while the connection is not open. */
	send(datagram: Uint8Array, lengthBytes: number): void {
		this.#udp?.write(datagram, lengthBytes);
	}

	/** No callback comes after it. */
	close(): void {
		this.#isClosed = true;
		this.#udp?.close();
		this.#udp = undefined;
	}

	#open(address: string): void {
		const { platform, uri, onOpen } = this.#options;
		try {
			this.#udp = platform.openUdp({
				address,
				port: uri.port,
				onReadable: () => this.#receive(),
				onError: (message) => this.#fail(message),
			});
		} catch (error) {
			this.#fail(error instanceof Error ? error.message : String(error));
			return;
		}
		onOpen();
	}

	#receive(): void {
		const { buffer, onDatagram, onDrained } = this.#options;
		for (;;) {
			const length = this.#udp ? this.#udp.read(buffer) : -1;
			if (length < 0) break;
			if (length > 0) onDatagram(buffer, length);
		}
		if (!this.#isClosed) onDrained();
	}

	#fail(message: string): void {
		this.close();
		this.#options.onFailure(message);
	}
}
