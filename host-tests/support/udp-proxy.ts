// A UDP proxy between one device and a server, as a NAT is: it can move the device to another port, lose datagrams, and
// keeps what passed. Node only.
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";

export class UdpProxy {
	/** Everything that came from the device, in order. */
	readonly fromDevice: Buffer[] = [];
	readonly fromServer: Buffer[] = [];
	/** Nothing passes while it is true. */
	isCut = false;
	#front: Socket = createSocket("udp4");
	#back: Socket | undefined;
	#serverPort: number;
	#devicePort = 0;

	constructor(serverPort: number) {
		this.#serverPort = serverPort;
	}

	/** The port that the device is to talk to. */
	get port(): number {
		return this.#front.address().port;
	}

	async open(): Promise<void> {
		this.#front.bind(0, "127.0.0.1");
		await once(this.#front, "listening");
		this.#front.on("message", (datagram, { port }) => {
			this.#devicePort = port;
			this.fromDevice.push(datagram);
			if (!this.isCut) this.#back?.send(datagram, this.#serverPort, "127.0.0.1");
		});
		await this.move();
	}

	/** From now on the device comes from another port; what the server sends to the old one is lost. */
	async move(): Promise<void> {
		this.#back?.close();
		const back = createSocket("udp4");
		back.bind(0, "127.0.0.1");
		await once(back, "listening");
		back.on("message", (datagram) => {
			this.fromServer.push(datagram);
			if (!this.isCut) this.#front.send(datagram, this.#devicePort, "127.0.0.1");
		});
		this.#back = back;
	}

	close(): void {
		this.#front.close();
		this.#back?.close();
	}
}
