// coaps:// for the companion server: DTLS 1.2 sessions on one UDP socket, with keys, certificates and connection IDs.
//
// Which session a datagram is for (RFC 9146 3 and 6, RFC 6347 4.2.8):
//   a record with a connection ID    the session of that ID; an unknown one is dropped
//   a ClientHello                    the handshake under way at that address, where its random is the same; else the
//                                    listener, which remembers nothing until a cookie has come back
//   any other                        the session or handshake of that address
// A session's address moves with a record that carries its ID, is authentic and newer than all before. A session that an
// address had goes on until the new handshake at that address is complete.

import { randomBytes } from "node:crypto";
import { createSocket, type Socket } from "node:dgram";
import { isIPv6 } from "node:net";
import { type Clock, systemClock } from "../clock.js";
import { hostAndPort, type Peer, type Trace, type Transport } from "../transport.js";
import {
	CLOSED,
	CONNECTED,
	FAILED,
	IS_CONNECTED,
	IS_FAILED,
	IS_LISTENING,
	loadNative,
	type Native,
	type NativeConfig,
	type NativeSession,
	NEWER,
	OUTPUT,
	READABLE,
	TIMER,
} from "./native.js";
import { clientRandom, HEADER_BYTES, TYPE_CID } from "./record.js";
import { type Session, SessionTable } from "./session-table.js";

const SEED_BYTES = 48;
const LARGEST_DATAGRAM = 2048;
const LARGEST_CID = 32;
const DAY_MS = 86_400_000;

export interface DtlsTransportOptions {
	/** 127.0.0.1 unless given. */
	readonly host?: string;
	/** 0 = any free port, the default. */
	readonly port?: number;
	/** The key of a pre-shared key identity; without the function there are no such suites. */
	readonly keyOf?: (identity: string) => Uint8Array | undefined;
	/** The server's certificate chain and private key (P-256), and the authorities of clients; PEM or DER. */
	readonly certificate?: Uint8Array;
	readonly privateKey?: Uint8Array;
	readonly authorities?: Uint8Array;
	/** Length of the connection IDs, 1 to 32; 0 gives none but takes the clients', -1 is without the extension (6). */
	readonly cidBytes?: number;
	/** Two bytes a suite; all that suit the credentials unless given. */
	readonly cipherSuites?: Uint8Array;
	/** False answers a ClientHello at once (true). */
	readonly hasCookies?: boolean;
	/** How long a session is kept without a record from its device (a day). */
	readonly idleMs?: number;
	/** Most sessions, and most handshakes at a time; the one that was used least recently gives way (10000, 1000). */
	readonly sessions?: number;
	readonly handshakes?: number;
	readonly clock?: Clock;
	/** Sees every datagram on the wire; an answer of false loses it. */
	readonly wire?: Trace;
	/** Told of each handshake that failed and of each session that ended by an error: one line. */
	readonly onFailure?: (message: string, address: string) => void;
}

export class DtlsTransport implements Transport {
	readonly isSecure = true;
	onDatagram: (datagram: Buffer, peer: Peer) => void = () => {};
	readonly #options: DtlsTransportOptions;
	readonly #native: Native;
	readonly #config: NativeConfig;
	readonly #clock: Clock;
	readonly #cidBytes: number;
	readonly #idleMs: number;
	readonly #scratch = Buffer.alloc(LARGEST_DATAGRAM);
	readonly #sessions: SessionTable;
	#listener: NativeSession;
	#socket: Socket | undefined;
	#port = 0;
	#count = 0;
	#cancelSweep = () => {};

	/** @throws Error where the credentials cannot be used, or DTLS has not been built */
	constructor(options: DtlsTransportOptions) {
		this.#options = options;
		this.#clock = options.clock ?? systemClock;
		this.#cidBytes = options.cidBytes ?? 6;
		if (this.#cidBytes > LARGEST_CID) throw new RangeError(`a connection ID has at most ${LARGEST_CID} bytes`);
		this.#idleMs = options.idleMs ?? DAY_MS;
		this.#sessions = new SessionTable(options.sessions ?? 10_000, options.handshakes ?? 1000, (session) => {
			session.cancelTimer();
			this.#native.close(session.native);
		});
		this.#native = loadNative();
		const { keyOf } = options;
		this.#config = this.#native.createConfig(
			{
				isServer: true,
				seed: randomBytes(SEED_BYTES),
				certificate: options.certificate,
				privateKey: options.privateKey,
				peerCertificate: options.authorities,
				cidBytes: this.#cidBytes,
				hasNoCookies: options.hasCookies === false,
				cipherSuites: options.cipherSuites,
			},
			keyOf && ((identity) => keyOf(identity.toString())),
		);
		this.#listener = this.#native.createSession(this.#config);
	}

	get port(): number {
		return this.#port;
	}

	/** Connected sessions. */
	get sessionCount(): number {
		return this.#sessions.size;
	}

	open(): Promise<void> {
		const { host = "127.0.0.1", port = 0 } = this.#options;
		const socket = createSocket(isIPv6(host) ? "udp6" : "udp4");
		return new Promise((resolve, reject) => {
			socket.once("error", (error) => {
				socket.close();
				reject(error);
			});
			socket.bind(port, host, () => {
				socket.removeAllListeners("error");
				// An ICMP error of one peer must not end the server; the timers notice the loss.
				socket.on("error", () => {});
				socket.on("message", (datagram, from) => this.#receive(datagram, from.address, from.port));
				this.#socket = socket;
				this.#port = socket.address().port;
				this.#sweepLater();
				resolve();
			});
		});
	}

	/** Says good-bye to every device. */
	close(): Promise<void> {
		const socket = this.#socket;
		for (const session of this.#sessions.all()) this.#end(session);
		this.#cancelSweep();
		this.#socket = undefined;
		if (!socket) return Promise.resolve();
		return new Promise((resolve) => socket.close(() => resolve()));
	}

	send(datagram: Buffer, peer: Peer): void {
		const session = this.#sessions.byKey(peer.key);
		if (!session) return;
		const count = this.#native.send(session.native, datagram, datagram.length, this.#scratch);
		if (count > 0) this.#transmit(Buffer.from(this.#scratch.subarray(0, count)), session.peer);
	}

	/** Ends the sessions of an identity: its credentials are no longer good. */
	disconnect(identity: string): void {
		for (const session of this.#sessions.all()) if (session.peer.identity === identity) this.#end(session);
	}

	#receive(datagram: Buffer, address: string, port: number): void {
		const name = hostAndPort(address, port);
		const sender: Peer = { address, port, key: name };
		if (this.#options.wire?.("in", datagram, sender) === false) return;
		if (datagram[0] === TYPE_CID) {
			const end = HEADER_BYTES - 2 + this.#cidBytes;
			if (this.#cidBytes < 1 || datagram.length < end + 2) return;
			const session = this.#sessions.byCid(datagram.toString("latin1", HEADER_BYTES - 2, end));
			if (session) this.#feed(session, datagram, sender);
			return;
		}
		const hello = clientRandom(datagram);
		const handshake = this.#sessions.handshake(name);
		if (hello !== undefined && handshake?.random !== hello) this.#listen(datagram, sender, hello);
		else {
			const session = handshake ?? this.#sessions.byAddress(name);
			if (session) this.#feed(session, datagram, undefined);
		}
	}

	/** A new ClientHello: the listener becomes a session once it is past the cookie. */
	#listen(datagram: Buffer, sender: Peer, random: string): void {
		const native = this.#native;
		const listener = this.#listener;
		native.setTime(this.#config, this.#clock.now() / 1000);
		native.setPeer(listener, Buffer.from(sender.key.slice(-32)));
		const events = native.receive(listener, datagram, datagram.length);
		const state = native.state(listener);
		if (state === IS_LISTENING) {
			this.#takeAll(listener, sender);
			return;
		}
		this.#listener = native.createSession(this.#config);
		const session: Session = {
			native: listener,
			key: `dtls-${++this.#count}`,
			cid: native.cid(listener).toString("latin1"),
			random,
			peer: sender,
			address: sender.key,
			isCidUsed: false,
			usedAt: this.#clock.now(),
			cancelTimer: () => {},
		};
		if (state === IS_FAILED) this.#takeAll(listener, sender);
		else this.#sessions.begin(session);
		this.#handle(session, events);
	}

	/** @param mover who has sent it, where the session was found by its connection ID and its address may move */
	#feed(session: Session, datagram: Buffer, mover: Peer | undefined): void {
		const native = this.#native;
		let events = native.receive(session.native, datagram, datagram.length);
		if (events & CONNECTED) this.#connect(session);
		if (events & NEWER) {
			this.#sessions.touch(session, this.#clock.now());
			if (mover) this.#sessions.move(session, mover);
		}
		if (events & READABLE) {
			for (let count = this.#read(session); count > 0; count = this.#read(session))
				this.onDatagram(Buffer.from(this.#scratch.subarray(0, count)), session.peer);
			// the receiver may have ended the session
			if (!this.#sessions.byKey(session.key)) return;
			events |= native.events(session.native);
		}
		this.#handle(session, events & ~CONNECTED);
	}

	#read(session: Session): number {
		if (this.#native.state(session.native) !== IS_CONNECTED || !this.#sessions.byKey(session.key)) return 0;
		return this.#native.read(session.native, this.#scratch);
	}

	#handle(session: Session, events: number): void {
		const native = this.#native;
		if (events & OUTPUT) this.#takeAll(session.native, session.peer);
		if (events & TIMER) {
			session.cancelTimer();
			const delay = native.timeout(session.native);
			session.cancelTimer =
				delay < 0 ? () => {} : this.#clock.schedule(() => this.#handle(session, native.expire(session.native)), delay);
		}
		if (events & CONNECTED) this.#connect(session);
		if (events & FAILED) {
			const alert = native.alert(session.native);
			const text = native.describe(native.error(session.native));
			this.#options.onFailure?.(
				alert < 0 ? text : `${text} (alert ${alert})`,
				hostAndPort(session.peer.address, session.peer.port),
			);
		}
		if (events & (FAILED | CLOSED)) this.#sessions.forget(session);
	}

	#connect(session: Session): void {
		const { address, port } = session.peer;
		const identity = this.#native.peerName(session.native)?.toString();
		session.peer = { address, port, key: session.key, ...(identity === undefined ? {} : { identity }) };
		this.#sessions.connect(session);
	}

	#takeAll(native: NativeSession, to: Peer): void {
		for (
			let count = this.#native.take(native, this.#scratch);
			count > 0;
			count = this.#native.take(native, this.#scratch)
		)
			this.#transmit(Buffer.from(this.#scratch.subarray(0, count)), to);
	}

	#transmit(datagram: Buffer, to: Peer): void {
		if (this.#options.wire?.("out", datagram, to) === false) return;
		this.#socket?.send(datagram, to.port, to.address);
	}

	#end(session: Session): void {
		this.#native.end(session.native);
		this.#takeAll(session.native, session.peer);
		this.#sessions.forget(session);
	}

	/** Expires idle sessions, the oldest first, about when their time is over. */
	#sweepLater(): void {
		this.#cancelSweep = this.#clock.schedule(() => {
			this.#sessions.expire(this.#clock.now() - this.#idleMs);
			this.#sweepLater();
		}, this.#idleMs / 4);
	}
}
