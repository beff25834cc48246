// The server's DTLS sessions: by connection ID, by address and by key, bounded, the least recently used first.

import type { Peer } from "../transport.js";
import type { NativeSession } from "./native.js";

export interface Session {
	readonly native: NativeSession;
	readonly key: string;
	/** Our connection ID as binary text, empty without one. */
	readonly cid: string;
	/** Of its ClientHello. */
	readonly random: string;
	/** Where the device is, and who. */
	peer: Peer;
	/** The address by which it is found. */
	address: string;
	/** A record has come with its connection ID, so that it is found without its address. */
	isCidUsed: boolean;
	usedAt: number;
	cancelTimer: () => void;
}

export class SessionTable {
	readonly #sessionLimit: number;
	readonly #handshakeLimit: number;
	readonly #close: (session: Session) => void;
	readonly #byCid = new Map<string, Session>();
	readonly #byAddress = new Map<string, Session>();
	readonly #handshakes = new Map<string, Session>();
	/** By key, connected, the least recently used first. */
	readonly #connected = new Map<string, Session>();

	/** @param close frees a session that has left the table */
	constructor(sessionLimit: number, handshakeLimit: number, close: (session: Session) => void) {
		this.#sessionLimit = sessionLimit;
		this.#handshakeLimit = handshakeLimit;
		this.#close = close;
	}

	/** Connected sessions. */
	get size(): number {
		return this.#connected.size;
	}

	/** All sessions and handshakes, as they are now. */
	all(): Session[] {
		return [...this.#connected.values(), ...this.#handshakes.values()];
	}

	/** A connected session. */
	byKey(key: string): Session | undefined {
		return this.#connected.get(key);
	}

	byCid(cid: string): Session | undefined {
		return this.#byCid.get(cid);
	}

	/** The handshake under way at an address. */
	handshake(address: string): Session | undefined {
		return this.#handshakes.get(address);
	}

	byAddress(address: string): Session | undefined {
		return this.#byAddress.get(address);
	}

	/** A handshake begins, in place of one that was under way at its address. */
	begin(session: Session): void {
		const old = this.#handshakes.get(session.address);
		if (old) this.forget(old);
		this.#makeRoom(this.#handshakes, this.#handshakeLimit);
		this.#handshakes.set(session.address, session);
		if (session.cid !== "") this.#byCid.set(session.cid, session);
	}

	/** The handshake is complete. */
	connect(session: Session): void {
		this.#handshakes.delete(session.address);
		this.#settle(session);
		this.#makeRoom(this.#connected, this.#sessionLimit);
		this.#connected.set(session.key, session);
	}

	/** The session has just been used. */
	touch(session: Session, now: number): void {
		session.usedAt = now;
		// the last of the map is the last used
		if (this.#connected.delete(session.key)) this.#connected.set(session.key, session);
	}

	/** A record with the session's connection ID came from there. */
	move(session: Session, { address, port, key }: Peer): void {
		session.isCidUsed = true;
		if (session.address === key) return;
		if (this.#byAddress.get(session.address) === session) this.#byAddress.delete(session.address);
		session.address = key;
		session.peer = { ...session.peer, address, port };
		this.#settle(session);
	}

	forget(session: Session): void {
		this.#connected.delete(session.key);
		if (this.#byCid.get(session.cid) === session) this.#byCid.delete(session.cid);
		if (this.#byAddress.get(session.address) === session) this.#byAddress.delete(session.address);
		if (this.#handshakes.get(session.address) === session) this.#handshakes.delete(session.address);
		this.#close(session);
	}

	/** Forgets what was not used since then. */
	expire(since: number): void {
		for (const session of [...this.#connected.values()]) {
			if (session.usedAt > since) return;
			this.forget(session);
		}
	}

	/** The address is the session's. One that had it before is found by its connection ID, or is of no more use. */
	#settle(session: Session): void {
		const old = this.#byAddress.get(session.address);
		this.#byAddress.set(session.address, session);
		if (old && old !== session && !old.isCidUsed) this.forget(old);
	}

	#makeRoom(sessions: Map<string, Session>, most: number): void {
		const [oldest] = sessions.values();
		if (oldest && sessions.size >= most) this.forget(oldest);
	}
}
