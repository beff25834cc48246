// The three things that take the place of a UART: pipes, a pseudo terminal, a TCP connection.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { endWithTests } from "../support/children.js";
import { executable, Probe } from "./probe.js";

async function shows(socket: Socket, text: string): Promise<void> {
	let seen = "";
	while (!seen.includes(text)) seen += String((await once(socket, "data"))[0]);
}

test("standard input and output carry the stream; their end is told after the last byte", async () => {
	const probe = new Probe(["serialEcho", "stdio"]);
	await probe.line(/^pipe $/);
	probe.child.stdin.write("ab");
	await probe.shows("[ab]");
	probe.child.stdin.end("cd");
	await probe.line(/^closed$/);
	assert.equal(await probe.exit, 0);
	assert.equal(probe.output.toString(), "[ab][cd]");
});

test("a reader of its output that goes away is told, be it of a pipe or of a socket", async () => {
	const socket = new Probe(["serialEcho", "stdio"]);
	const pipe = new Probe(["-c", `"${executable}" serialEcho stdio | head -c 3 >/dev/null`], { file: "/bin/sh" });
	for (const probe of [socket, pipe]) {
		await probe.line(/^pipe $/);
		if (probe === socket) probe.child.stdout.destroy();
		else probe.child.stdin.write("a");
		await probe.line(/^closed$/);
		assert.equal(await probe.exit, 0);
	}
});

test("a program that reads slowly gets everything that was sent before the other side went away", async () => {
	const bytes = Buffer.from(Array.from({ length: 5000 }, (_, i) => i & 0xff));
	const sum = bytes.reduce((total, byte) => total + byte);
	// through a pipe of the system and through the sockets that Node makes of pipes
	const pipe = endWithTests(
		spawn("sh", ["-c", `cat | "${executable}" serialSlow stdio`], { stdio: ["pipe", "ignore", "pipe"] }),
	);
	const socket = endWithTests(spawn(executable, ["serialSlow", "stdio"], { stdio: ["pipe", "ignore", "pipe"] }));
	for (const child of [pipe, socket]) {
		let text = "";
		child.stderr!.on("data", (part) => (text += part));
		child.stdin!.end(bytes);
		await once(child, "close");
		assert.equal(text.split("\n")[1], `5000 bytes, sum ${sum}`);
	}
});

test("a file as standard input is read to its end, and one as output keeps what was in it", async () => {
	const folder = mkdtempSync(join(tmpdir(), "serial-"));
	try {
		writeFileSync(join(folder, "in"), "x".repeat(5000));
		writeFileSync(join(folder, "out"), "before:");
		const [input, output] = [openSync(join(folder, "in"), "r"), openSync(join(folder, "out"), "a")];
		const child = endWithTests(spawn(executable, ["serialEcho", "stdio"], { stdio: [input, output, "ignore"] }));
		assert.equal((await once(child, "exit"))[0], 0);
		closeSync(input);
		closeSync(output);
		const text = readFileSync(join(folder, "out"), "utf8");
		assert.ok(text.startsWith("before:["));
		assert.equal(text.slice(7).replace(/[[\]]/g, "").length, 5000);
	} finally {
		rmSync(folder, { recursive: true });
	}
});

test("without standard input the end is told at once", async () => {
	const child = endWithTests(spawn(executable, ["serialEcho", "stdio"], { stdio: ["ignore", "pipe", "ignore"] }));
	assert.equal((await once(child, "exit"))[0], 0);
});

test("what was sent before the end is not lost to a reader that is slow", async () => {
	const child = endWithTests(
		spawn(executable, ["serialFlood", "stdio", "300000"], { stdio: ["ignore", "pipe", "inherit"] }),
	);
	const slow = spawn("sh", ["-c", "sleep 0.3; wc -c"], { stdio: [child.stdout, "pipe", "inherit"] });
	assert.equal(String((await once(slow.stdout!, "data"))[0]).trim(), "300000");
});

test("a pseudo terminal echoes nothing of itself and survives who was there", async () => {
	const probe = new Probe(["serialEcho", "pty"]);
	try {
		const path = (await probe.line(/^terminal (\/dev\/pts\/\d+)$/))[1]!;
		for (const text of ["hello", "again"]) {
			const terminal = openSync(path, "r+");
			writeSync(terminal, text);
			const bytes = Buffer.alloc(64);
			let seen = "";
			while (seen.replace(/[[\]]/g, "") !== text) {
				const { readSync } = await import("node:fs");
				seen += bytes.toString("latin1", 0, readSync(terminal, bytes));
			}
			closeSync(terminal);
		}
	} finally {
		await probe.kill();
	}
});

test("a TCP connection at a time; the next may come when it is gone", async () => {
	const probe = new Probe(["serialEcho", "tcp", "0"]);
	try {
		const port = Number((await probe.line(/^pipe 127\.0\.0\.1:(\d+)$/))[1]);
		const first = connect(port, "127.0.0.1");
		first.write("one");
		await shows(first, "[one]");
		const refused = connect(port, "127.0.0.1");
		await once(refused, "close");
		first.end();
		await once(first, "close");
		const second = connect(port, "127.0.0.1");
		second.write("two");
		await shows(second, "[two]");
		second.destroy();
	} finally {
		await probe.kill();
	}
});

test("a port that is taken is an error that says so", async () => {
	const probe = new Probe(["serialEcho", "tcp", "0"]);
	try {
		const port = (await probe.line(/^pipe 127\.0\.0\.1:(\d+)$/))[1]!;
		const other = new Probe(["serialEcho", "tcp", port]);
		await other.line(/Address already in use/);
		assert.equal(await other.exit, 70);
		const unknown = new Probe(["serialEcho", "carrier-pigeon"]);
		await unknown.line(/No such device/);
		assert.equal(await unknown.exit, 70);
	} finally {
		await probe.kill();
	}
});
