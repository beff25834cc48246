// What the tests of packages by HTTP share: a device, the other end of its connection, and the package.
import type { Tcp, TcpOptions } from "../../src/platform.js";
import { text } from "../support/coap.js";
import { imageOf } from "../support/firmware.js";
import { ascii, equal, joined } from "../support/test.js";
import { FotaDevice } from "./fota-cases.js";

export const URI = "http://192.0.2.7:8080/fw/image.bin?v=2";
export const image = imageOf(30_000);
export const TAG = '"abc"';

/** A connection whose other end the test plays. */
export class TestTcp implements Tcp {
	readonly options: TcpOptions;
	readonly sentBytes: number[] = [];
	isClosed = false;
	#waiting: Uint8Array[] = [];

	constructor(options: TcpOptions) {
		this.options = options;
	}

	get sent(): string {
		return text(Uint8Array.from(this.sentBytes));
	}

	read(into: Uint8Array): number {
		const part = this.#waiting.shift();
		if (!part) return 0;
		into.set(part.subarray(0, into.length));
		if (part.length > into.length) this.#waiting.unshift(part.slice(into.length));
		return Math.min(part.length, into.length);
	}

	/** Takes ten bytes at a time, as a full queue would. */
	write(from: Uint8Array, start: number, end: number): number {
		const stop = Math.min(end, start + 10);
		this.sentBytes.push(...from.slice(start, stop));
		return stop - start;
	}

	close(): void {
		this.isClosed = true;
	}

	push(part: Uint8Array): void {
		this.#waiting.push(part);
	}
}

/** A device, and the server that it connects to. */
export class Fixture {
	readonly device: FotaDevice;
	readonly connections: TestTcp[] = [];

	constructor(device = new FotaDevice().register()) {
		this.device = device;
		device.platform.openTcp = (options: TcpOptions) => {
			const tcp = new TestTcp(options);
			this.connections.push(tcp);
			return tcp;
		};
	}

	get tcp(): TestTcp {
		return this.connections[this.connections.length - 1]!;
	}

	pull(uri = URI): this {
		equal(this.device.pull(uri), "2.04");
		return this;
	}

	/** The request, once it has been sent. */
	request(): string {
		const { tcp } = this;
		for (let i = 0; i < 100 && !tcp.sent.endsWith("\r\n\r\n"); i++) tcp.options.onWritable(1000);
		return tcp.sent;
	}

	/** The server sends. */
	send(bytes: Uint8Array | string, pieceBytes = 1 << 20): this {
		const all = typeof bytes === "string" ? ascii(bytes) : bytes;
		for (let at = 0; at < all.length; at += pieceBytes) {
			this.tcp.push(all.slice(at, at + pieceBytes));
			if (!this.tcp.isClosed) this.tcp.options.onReadable(pieceBytes);
		}
		this.device.platform.run();
		return this;
	}

	end(message?: string): this {
		if (!this.tcp.isClosed) this.tcp.options.onClose(message);
		this.device.platform.run();
		return this;
	}
}

export function whole(headers: string, body: Uint8Array = image, status = "200 OK"): Uint8Array {
	return joined(ascii(`HTTP/1.1 ${status}\r\n${headers}\r\n`), body);
}
