// The runtime's programs on the emulated board: what its port does otherwise than the host's.
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Probe } from "../runtime/probe.js";

const emulator = fileURLToPath(new URL("../../../../scripts/qemu.mjs", import.meta.url));
const firmware = fileURLToPath(new URL("../../../qemu/probe/program.fw", import.meta.url));
/** This computer, for the board. */
const HOST = "10.0.2.2";
const folder = mkdtempSync(join(tmpdir(), "board-"));
const flash = join(folder, "flash.bin");
after(() => rmSync(folder, { recursive: true }));

const probe = (...words: string[]) =>
	new Probe([emulator, "--firmware", firmware, "--flash", flash, ...words], { file: process.execPath });

/** Runs a program to its end. @returns its lines */
async function run(...words: string[]): Promise<string[]> {
	const it = probe(...words);
	assert.equal(await it.exit, 0, it.lines.join("\n"));
	return it.lines.slice(1);
}

async function listen(onSocket: (socket: Socket) => void): Promise<[Server, number]> {
	const server = createServer(onSocket);
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	return [server, (server.address() as { port: number }).port];
}

test("TCP: 200 KB go and come back through small buffers, then the end is told", async () => {
	const bytes = Buffer.alloc(200_000, "0123456789abcdef");
	const chunks: Buffer[] = [];
	let count = 0;
	const [server, port] = await listen((socket) => {
		socket.on("data", (part) => {
			chunks.push(part);
			count += part.length;
			if (count === bytes.length) socket.end();
		});
		socket.write(bytes);
	});
	assert.deepEqual((await run("tcpEcho", HOST, String(port))).at(-1), "closed by peer");
	assert.ok(Buffer.concat(chunks).equals(bytes));
	server.close();
});

test("TCP: a connection that is refused or reset closes with the reason", async () => {
	const [server, port] = await listen((socket) => socket.once("data", () => socket.resetAndDestroy()).write("x"));
	assert.equal((await run("tcpEcho", HOST, String(port))).at(-1), "closed Connection reset by peer");
	server.close();
	await once(server, "close");
	assert.deepEqual(await run("tcpEcho", HOST, String(port)), ["closed Connection refused"]);
});

test("TCP: a program that does not read slows the peer, and loses nothing", async () => {
	let sent = 0;
	const [server, port] = await listen((socket) => {
		const fill = () => {
			while (sent < 8_000_000 && socket.write(Buffer.alloc(10_000, 65))) sent += 10_000;
		};
		socket.on("drain", fill);
		socket.on("error", () => {}); // the program is killed
		fill();
	});
	const it = probe("tcpWaits", HOST, String(port));
	const [, first] = await it.line(/^waiting (\d+)$/);
	// a window of two segments, however much the peer would like to send
	assert.ok(Number(first) > 0 && Number(first) <= 2 * 1460, first);
	await it.line(new RegExp(`^read ${first}$`));
	await it.line(/^waiting [1-9]/);
	await it.kill();
	server.close();
});

test("storage: entries are there for the next start, with the same keys and limits as on the host", async () => {
	assert.deepEqual(await run("storeWrites", "flash", "psk"), ["written"]);
	assert.deepEqual(await run("storeReads", "flash"), ["psk 1000 D", "end"]);
	const lines = await run("storeMisuse", "flash");
	assert.match(lines[0]!, /RangeError: key "UPPER"/);
	assert.match(lines[4]!, /RangeError: entry big is longer than 4000/);
	assert.deepEqual(lines.slice(6, 11), ["undefined", "0", "67", "undefined", "a.value empty psk"]);
	assert.match(lines[11]!, /the storage is closed/);
});
