// Plain UDP (coap://), one socket.

import { createSocket, type Socket } from "node:dgram";
import { isIPv6 } from "node:net";
import { hostAndPort, type Peer, type Transport } from "./transport.js";

export class UdpTransport implements Transport {
	readonly isSecure = false;
	onDatagram: (datagram: Buffer, peer: Peer) => void = () => {};
	readonly #host: string;
	readonly #wantedPort: number;
	#socket: Socket | undefined;
	#port = 0;

	constructor(host: string, port: number) {
		this.#host = host;
		this.#wantedPort = port;
	}

	get port(): number {
		return this.#port;
	}

	open(): Promise<void> {
		const socket = createSocket(isIPv6(this.#host) ? "udp6" : "udp4");
		return new Promise((resolve, reject) => {
			socket.once("error", (error) => {
				socket.close();
				reject(error);
			});
			socket.bind(this.#wantedPort, this.#host, () => {
				socket.removeAllListeners("error");
				// An ICMP error of one peer must not end the server; the retransmission timer notices the loss.
				socket.on("error", () => {});
				socket.on("message", (datagram, from) => {
					this.onDatagram(datagram, udpPeer(from.address, from.port));
				});
				this.#socket = socket;
				this.#port = socket.address().port;
				resolve();
			});
		});
	}

	close(): Promise<void> {
		const socket = this.#socket;
		this.#socket = undefined;
		if (!socket) return Promise.resolve();
		return new Promise((resolve) => socket.close(() => resolve()));
	}

	send(datagram: Buffer, peer: Peer): void {
		this.#socket?.send(datagram, peer.port, peer.address);
	}
}

export function udpPeer(address: string, port: number): Peer {
	return { address, port, key: hostAndPort(address, port) };
}
