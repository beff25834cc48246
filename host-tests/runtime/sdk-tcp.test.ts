// The seam's connection over a socket like the Moddable SDK's (platforms/sdk/tcp.ts): one that throws where more is asked for than is
// waiting, and that goes on telling after it has been closed.

import assert from "node:assert/strict";
import { test } from "node:test";
import { openTcp, type SocketClass } from "../../platforms/sdk/tcp.js";

interface Callbacks {
	onReadable(count: number): void;
	onWritable(count: number): void;
	onError(message?: unknown): void;
}

class StrictSocket {
	static last: StrictSocket;
	readonly callbacks: Callbacks;
	waiting = Buffer.alloc(0);
	free = 0;
	written = Buffer.alloc(0);
	isClosed = false;

	constructor(callbacks: Callbacks) {
		this.callbacks = callbacks;
		StrictSocket.last = this;
	}

	read(count: number): ArrayBuffer | undefined {
		if (this.isClosed) throw new Error("closed");
		if (this.waiting.length === 0) return undefined;
		if (count <= 0 || count > this.waiting.length) throw new Error("invalid");
		const part = Uint8Array.from(this.waiting.subarray(0, count));
		this.waiting = this.waiting.subarray(count);
		return part.buffer;
	}

	write(bytes: Uint8Array): void {
		if (this.isClosed || bytes.length > this.free) throw new Error("would block");
		this.free -= bytes.length;
		this.written = Buffer.concat([this.written, bytes]);
	}

	close(): void {
		this.isClosed = true;
	}
}

function open() {
	const told: string[] = [];
	const tcp = openTcp(StrictSocket, {
		address: "192.0.2.1",
		port: 80,
		onReadable: (count) => told.push(`readable ${count}`),
		onWritable: (count) => told.push(`writable ${count}`),
		onClose: (message) => told.push(`closed ${message}`),
	});
	return { tcp, told, socket: StrictSocket.last };
}

test("what is waiting is read in pieces of any size, and no more is asked for", () => {
	const { tcp, told, socket } = open();
	assert.equal(tcp.read(new Uint8Array(10)), 0);
	socket.waiting = Buffer.from("0123456789");
	socket.callbacks.onReadable(10);
	const into = new Uint8Array(4);
	const read = () => Buffer.from(into.subarray(0, tcp.read(into))).toString();
	assert.deepEqual([read(), read()], ["0123", "4567"]);
	// more comes before the rest is taken
	socket.waiting = Buffer.from("89ab");
	socket.callbacks.onReadable(4);
	assert.deepEqual([read(), read(), tcp.read(new Uint8Array(100))], ["89ab", "", 0]);
	socket.waiting = Buffer.from("cd");
	socket.callbacks.onReadable(2);
	assert.equal(tcp.read(new Uint8Array(100)), 2);
	assert.deepEqual(told, ["readable 10", "readable 4", "readable 2"]);
});

test("no more is written than it takes", () => {
	const { tcp, socket } = open();
	const bytes = Buffer.from("0123456789");
	assert.equal(tcp.write(bytes, 0, 10), 0);
	socket.free = 7;
	socket.callbacks.onWritable(7);
	assert.deepEqual([tcp.write(bytes, 1, 6), tcp.write(bytes, 6, 10), tcp.write(bytes, 8, 10)], [5, 2, 0]);
	assert.equal(socket.written.toString(), "1234567");
});

test("after close nothing is told, whatever the socket still says", () => {
	const { tcp, told, socket } = open();
	socket.callbacks.onWritable(7);
	tcp.close();
	socket.callbacks.onReadable(3);
	socket.callbacks.onWritable(7);
	socket.callbacks.onError();
	assert.deepEqual(told, ["writable 7"]);
	const other = open();
	other.socket.callbacks.onError("reset");
	assert.deepEqual(other.told, ["closed reset"]);
});

class OurSocket {
	static last: OurSocket;
	readonly calls: string[] = [];
	constructor(readonly callbacks: Callbacks) {
		OurSocket.last = this;
	}
	read(into: Uint8Array): number {
		into.set([1, 2]);
		return 2;
	}
	send(_from: Uint8Array, start: number, end: number): number {
		this.calls.push(`send ${start} ${end}`);
		return end - start - 1;
	}
	close(): void {
		this.calls.push("close");
	}
}

test("ours reads into the caller's buffer, says what it took, and is quiet once it is closed", () => {
	const told: string[] = [];
	const tcp = openTcp(OurSocket as unknown as SocketClass, {
		address: "2001:db8::1",
		port: 443,
		onReadable: () => told.push("readable"),
		onWritable: () => told.push("writable"),
		onClose: (message) => told.push(`closed ${message}`),
	});
	const socket = OurSocket.last;
	const into = new Uint8Array(4);
	assert.equal(tcp.read(into), 2);
	assert.deepEqual([...into], [1, 2, 0, 0]);
	assert.equal(tcp.write(into, 1, 4), 2);
	socket.callbacks.onError("Connection refused");
	tcp.close();
	socket.callbacks.onReadable(1);
	assert.deepEqual(socket.calls, ["send 1 4", "close"]);
	assert.deepEqual(told, ["closed Connection refused"]);
});
