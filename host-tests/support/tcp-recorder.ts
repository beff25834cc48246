// A TCP proxy that takes down what passes, as a capture file that Wireshark reads. Node only.
import { connect, createServer, type Socket } from "node:net";
import { captureOf, type Packet, TCP } from "./capture.js";
import { LocalServer } from "./local-server.js";

const PORT = 443;
const CLIENT_PORT = 40_000;
/** A segment has no more. */
const SEGMENT_BYTES = 1400;

interface Passed {
	isFromClient: boolean;
	bytes: Buffer;
}

export class TcpRecorder extends LocalServer {
	/** What has passed over the last connection. */
	passed: Passed[] = [];

	constructor(port: number) {
		super(
			createServer((client) => {
				this.passed = [];
				const server = connect(port, "127.0.0.1");
				this.keep(server);
				this.#join(client, server, true);
				this.#join(server, client, false);
			}),
		);
	}

	/** All of it, as packets of one connection to port 443. */
	capture(): Buffer {
		const sent = [0, 0];
		const packets: Packet[] = [];
		for (const { isFromClient, bytes } of this.passed)
			for (let at = 0; at < bytes.length; at += SEGMENT_BYTES) {
				const part = bytes.subarray(at, at + SEGMENT_BYTES);
				const from = isFromClient ? 0 : 1;
				packets.push(segment(isFromClient, sent[from]!, sent[1 - from]!, part));
				sent[from]! += part.length;
			}
		return captureOf(packets);
	}

	#join(from: Socket, to: Socket, isFromClient: boolean): void {
		from.on("data", (bytes) => {
			this.passed.push({ isFromClient, bytes });
			to.write(bytes);
		});
		from.on("end", () => to.end());
		from.on("error", () => to.destroy());
	}
}

function segment(isForth: boolean, sequence: number, acknowledged: number, payload: Buffer): Packet {
	// of TCP's header what is behind the ports
	const head = Buffer.alloc(16);
	head.writeUInt32BE(1 + sequence, 0);
	head.writeUInt32BE(1 + acknowledged, 4);
	head.set([0x50, 0x18, 0xff, 0xff], 8);
	const [from, to] = isForth ? [CLIENT_PORT, PORT] : [PORT, CLIENT_PORT];
	return { protocol: TCP, isForth, from: from!, to: to!, rest: Buffer.concat([head, payload]) };
}
