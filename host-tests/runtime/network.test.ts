// Sockets and names of the runtime, against Node's.
import assert from "node:assert/strict";
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { test } from "node:test";
import { Probe, runProbe } from "./probe.js";

async function bound(family: "udp4" | "udp6", address: string, port = 0): Promise<Socket> {
	const socket = createSocket(family);
	socket.bind(port, address);
	await once(socket, "listening");
	return socket;
}

function nextFrom(socket: Socket): Promise<Buffer> {
	return once(socket, "message").then(([bytes]) => bytes as Buffer);
}

for (const [family, address] of [
	["udp4", "127.0.0.1"],
	["udp6", "::1"],
] as const)
	test(`${family}: datagrams come with their sender and go back to it, empty ones too`, async () => {
		const probe = new Probe(["udpEcho", address]);
		const socket = await bound(family, address);
		try {
			const port = Number((await probe.line(/^port (\d+)$/))[1]);
			for (const text of ["one", "", "x".repeat(1400)]) {
				socket.send(text, port, address);
				assert.equal((await nextFrom(socket)).toString(), text);
			}
			// several at once: each is read, though the loop wakes once
			for (let i = 0; i < 20; i++) socket.send(`${i}`, port, address);
			const seen = new Set<string>();
			while (seen.size < 20) seen.add((await nextFrom(socket)).toString());
		} finally {
			socket.close();
			await probe.kill();
		}
	});

test("a socket with a peer hears that peer only", async () => {
	const peer = await bound("udp4", "127.0.0.1");
	const stranger = await bound("udp4", "127.0.0.1");
	const probe = new Probe(["udpPeer", "127.0.0.1", String(peer.address().port)]);
	try {
		const port = Number((await probe.line(/^port (\d+)$/))[1]);
		assert.equal((await nextFrom(peer)).length, 1);
		let heard = 0;
		stranger.on("message", () => heard++);
		stranger.send("stranger", port, "127.0.0.1");
		peer.send("friend", port, "127.0.0.1");
		for (let text = ""; text !== "friend"; ) text = (await nextFrom(peer)).toString();
		assert.equal(heard, 0);
		peer.send("x".repeat(17), port, "127.0.0.1");
		await probe.line(/^too long$/);
		peer.send("y".repeat(16), port, "127.0.0.1");
		for (let text = ""; text !== "y".repeat(16); ) text = (await nextFrom(peer)).toString();
	} finally {
		peer.close();
		stranger.close();
		await probe.kill();
	}
});

test("a peer that is not there is no error, takes no processor time, and may come later", async () => {
	const first = await bound("udp4", "127.0.0.1");
	const port = first.address().port;
	first.close();
	await once(first, "close");
	const probe = new Probe(["udpPeer", "127.0.0.1", String(port)]);
	try {
		await probe.line(/^port/);
		for (let i = 0; i < 4; i++) assert.ok(Number((await probe.line(/^calls (\d+)$/))[1]) <= 2);
		assert.ok(!probe.lines.some((line) => line.startsWith("error")));
		const [user, system] = readFileSync(`/proc/${probe.child.pid}/stat`, "utf8")
			.split(") ")[1]!
			.split(" ")
			.slice(11, 13)
			.map(Number) as [number, number];
		assert.ok(user + system < 15, `${user + system} hundredths of a second`);
		const peer = await bound("udp4", "127.0.0.1", port);
		await nextFrom(peer);
		peer.close();
	} finally {
		await probe.kill();
	}
});

test("UDP: what cannot work is refused with a message that says what", async () => {
	const { lines, status } = await runProbe(["udpMisuse"]);
	assert.equal(status, 0);
	const expected = [
		/not a numeric address/,
		/RangeError: port is not a whole number from 0 to 65535/,
		/TypeError: remotePort is missing/,
		/TypeError: onReadable is not a function/,
		/TypeError: no options/,
		/TypeError: the socket has no peer/,
		/RangeError: count/,
		/the socket is closed/,
	];
	assert.equal(lines.length, expected.length, lines.join("\n"));
	for (const [i, pattern] of expected.entries()) assert.match(lines[i]!, pattern);
});

test("TCP: a megabyte goes and comes back through small buffers, then the end is told", async () => {
	const bytes = Buffer.alloc(1 << 20, "0123456789abcdef");
	const server = createServer((socket) => {
		let count = 0;
		let isSame = true;
		socket.on("data", (part) => {
			isSame &&= bytes.subarray(count, count + part.length).equals(part);
			count += part.length;
			if (count === bytes.length) {
				assert.ok(isSame);
				socket.end();
			}
		});
		socket.write(bytes);
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const { port } = server.address() as { port: number };
	const { lines, status } = await runProbe(["tcpEcho", "127.0.0.1", String(port)]);
	assert.equal(lines[0], "writable");
	assert.equal(lines.at(-1), "closed by peer");
	assert.equal(status, 0);
	server.close();
});

test("TCP: a connection that is refused closes with the reason", async () => {
	const server = createServer();
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const { port } = server.address() as { port: number };
	server.close();
	await once(server, "close");
	assert.deepEqual(await runProbe(["tcpEcho", "127.0.0.1", String(port)]), {
		lines: ["closed Connection refused"],
		status: 0,
	});
});

test("names resolve, numeric addresses answer by themselves, and none calls back from inside", async () => {
	const { lines, status } = await runProbe(["resolves", "127.0.0.1", "::1", "localhost"]);
	assert.equal(status, 0);
	assert.deepEqual(lines.slice(0, 2), ["127.0.0.1 later: 127.0.0.1", "::1 later: ::1"]);
	assert.equal(lines[2], "localhost later: 127.0.0.1");
});

test("a name that nobody knows is told with a message", async () => {
	const { lines, status } = await runProbe(["resolves", "no-such-host.invalid"]);
	assert.equal(status, 0);
	assert.match(lines[0]!, /^no-such-host\.invalid later: none, \w/);
});
