// A server on a free port of this computer, whose end leaves no connection open. Node only.
import { once } from "node:events";
import type { AddressInfo, Server, Socket } from "node:net";

export class LocalServer {
	readonly #server: Server;
	readonly #sockets = new Set<Socket>();

	constructor(server: Server) {
		this.#server = server;
		server.on("connection", (socket: Socket) => this.keep(socket));
	}

	get port(): number {
		return (this.#server.address() as AddressInfo).port; // it listens
	}

	async open(): Promise<this> {
		this.#server.listen(0, "127.0.0.1");
		await once(this.#server, "listening");
		return this;
	}

	/** Ends with the server. */
	keep(socket: Socket): void {
		this.#sockets.add(socket);
		socket.on("close", () => this.#sockets.delete(socket));
	}

	close(): void {
		this.#server.close();
		for (const socket of this.#sockets) socket.destroy();
	}
}
