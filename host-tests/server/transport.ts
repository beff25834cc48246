// The seam below CoAP: datagrams to and from peers. UDP is one implementation, DTLS another one.

export interface Peer {
	readonly address: string;
	readonly port: number;
	/** Names the other side for tokens, message ids and registrations: the address, or a DTLS session. */
	readonly key: string;
	/** What a secure transport authenticated, absent without security. */
	readonly identity?: string;
}

export interface Transport {
	readonly isSecure: boolean;
	/** The local port, 0 before `open`. */
	readonly port: number;
	onDatagram: (datagram: Buffer, peer: Peer) => void;
	open(): Promise<void>;
	close(): Promise<void>;
	send(datagram: Buffer, peer: Peer): void;
}

export type Direction = "in" | "out";

/** Sees every datagram; an answer of false drops it. */
export type Trace = (direction: Direction, datagram: Buffer, peer: Peer) => unknown;

/** Puts a trace between a transport and its user. */
export function traced(inner: Transport, trace: Trace): Transport {
	const outer: Transport = {
		get isSecure() {
			return inner.isSecure;
		},
		get port() {
			return inner.port;
		},
		onDatagram: () => {},
		open: () => inner.open(),
		close: () => inner.close(),
		send(datagram, peer) {
			if (trace("out", datagram, peer) !== false) inner.send(datagram, peer);
		},
	};
	inner.onDatagram = (datagram, peer) => {
		if (trace("in", datagram, peer) !== false) outer.onDatagram(datagram, peer);
	};
	return outer;
}

export function hostAndPort(address: string, port: number): string {
	return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}
