// The datagram path to one server: name resolution, the UDP socket, and (with `coaps`) a DTLS session on top of it.
// What comes from anybody but the server never gets here: the platform's socket hears one peer only.
import { DATAGRAM_BYTES } from "../config.js";
import type { Platform, Udp, UdpOptions } from "../platform.js";
import type { ServerUri } from "../uri.js";

/** Whose credentials a secure session takes. */
export interface SecureAccount {
	readonly securityInstance: number;
	/** Not that of the account's server: it is not kept over a restart. */
	readonly isPassing?: true;
}

/** What a secure session tells the connection that it runs on. */
export interface SecureEvents {
	/** Sends a datagram to the server. It must not call the session. */
	transmit(datagram: Uint8Array, lengthBytes: number): void;
	onConnected(isResumed: boolean): void;
	/** A message is in the buffer that the datagram came in. */
	onPlaintext(buffer: Uint8Array, lengthBytes: number): void;
	/** @param alert what the server sent, RFC 5246 7.2; 0 for none */
	onFailure(message: string, alert: number): void;
}

/** A secure session, as `DtlsSession` is one. Callbacks come from `receive` and `step` only. */
export interface SecureSession {
	readonly isConnected: boolean;
	/** The server gave a connection ID, RFC 9146. */
	readonly hasPeerCid: boolean;
	start(): void;
	renew(): void;
	receive(buffer: Uint8Array, lengthBytes: number): void;
	send(message: Uint8Array, lengthBytes: number): boolean;
	step(now: number): number;
	/** When it has something to do, ms; Infinity for not before something comes or goes. */
	readonly deadline: number;
	close(): void;
}

/** The functions are called as methods of the options. */
export interface ConnectionOptions {
	platform: Platform;
	uri: ServerUri;
	/** Where datagrams are received into; one buffer serves all connections, since one is handled at a time. */
	buffer: Uint8Array;
	/** Opens the socket in place of the platform. */
	openUdp?: ((options: UdpOptions) => Udp) | undefined;
	/** The local port to have again, 0 for any free one; where it is taken, any. */
	localPort?: number;
	/** Makes the session of a `coaps` server. @throws Error where the credentials cannot be used, one line */
	secure: ((events: SecureEvents) => SecureSession) | undefined;
	/** Messages can be sent from now on. `isResumed`: over a session that was kept, so that the server knows the device. */
	onOpen(isResumed: boolean): void;
	/** The name does not resolve, the socket is gone, the handshake failed: with the server's alert, or 0. It is closed. */
	onFailure(message: string, alert: number): void;
	/** A message is in `buffer`. */
	onDatagram(buffer: Uint8Array, lengthBytes: number): void;
	/** Everything that was waiting has been passed to `onDatagram`. */
	onDrained(): void;
}

export class Connection implements SecureEvents {
	#options: ConnectionOptions;
	#udp: Udp | undefined;
	#session: SecureSession | undefined;
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

	/** The secure session survives a change of address. */
	get hasCid(): boolean {
		return this.#session?.hasPeerCid ?? false;
	}

	/** The local port, 0 while no socket is open. */
	get localPort(): number {
		return this.#udp?.port ?? 0;
	}

	/** Sends one message; dropped while the connection is not open. */
	send(message: Uint8Array, lengthBytes: number): void {
		if (this.#session) this.#session.send(message, lengthBytes);
		else this.#udp?.write(message, lengthBytes);
	}

	/** The server does not answer: it may have lost the secure session, so a new one is made. */
	renew(): void {
		if (!this.#session?.isConnected) return;
		try {
			this.#session.renew();
		} catch (error) {
			this.#fail(textOf(error));
		}
	}

	/** True while the secure session waits for a time. */
	get isWaiting(): boolean {
		return this.#session !== undefined && this.#session.deadline !== Number.POSITIVE_INFINITY;
	}

	/** Does what is due. @returns when it wants to be called again */
	step(now: number): number {
		return this.#session ? this.#session.step(now) : Number.POSITIVE_INFINITY;
	}

	/** No callback comes after it. */
	close(): void {
		this.#isClosed = true;
		this.#session?.close();
		this.#session = undefined;
		this.#udp?.close();
		this.#udp = undefined;
	}

	transmit(datagram: Uint8Array, lengthBytes: number): void {
		this.#udp?.write(datagram, lengthBytes);
	}

	onConnected(isResumed: boolean): void {
		if (!this.#isClosed) this.#options.onOpen(isResumed);
	}

	onPlaintext(buffer: Uint8Array, lengthBytes: number): void {
		if (!this.#isClosed) this.#options.onDatagram(buffer, lengthBytes);
	}

	onFailure(message: string, alert: number): void {
		if (!this.#isClosed) this.#fail(message, alert);
	}

	#open(address: string): void {
		const options = this.#options;
		const { secure } = options;
		try {
			this.#udp = this.#socket(address);
			if (secure) {
				this.#session = secure(this);
				this.#session.start();
			}
		} catch (error) {
			this.#fail(textOf(error));
			return;
		}
		if (secure) options.onDrained();
		else options.onOpen(false);
	}

	#socket(address: string): Udp {
		const options = this.#options;
		const { platform, uri } = options;
		const udpOptions: UdpOptions = {
			address,
			port: uri.port,
			localPort: options.localPort ?? 0,
			onReadable: () => this.#receive(),
			onError: (message) => this.#fail(message),
		};
		const open = () => (options.openUdp ? options.openUdp(udpOptions) : platform.openUdp(udpOptions));
		try {
			return open();
		} catch (error) {
			if (!udpOptions.localPort) throw error;
			udpOptions.localPort = 0;
			return open();
		}
	}

	#receive(): void {
		const options = this.#options;
		const { buffer } = options;
		for (;;) {
			const length = this.#udp ? this.#udp.read(buffer) : -1;
			if (length < 0) break;
			if (length === 0) continue;
			if (this.#session) this.#session.receive(buffer, length);
			else options.onDatagram(buffer, length);
		}
		if (!this.#isClosed) options.onDrained();
	}

	#fail(message: string, alert = 0): void {
		this.close();
		this.#options.onFailure(message, alert);
	}
}

function textOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
