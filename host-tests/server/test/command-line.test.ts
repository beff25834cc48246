// The program: options, ports in use, signals, the console.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { parseCommandLine, UsageError } from "../command-line.js";

const MAIN = fileURLToPath(new URL("../main.js", import.meta.url));

interface Ended {
	readonly status: number | null;
	readonly output: string;
	readonly errors: string;
}

/** Runs the program; `onReady` is called when it has printed the HTTP address. */
function run(
	words: readonly string[],
	onReady: (stop: (signal: NodeJS.Signals) => void, say: (text: string) => void) => void,
): Promise<Ended> {
	const child = spawn(process.execPath, [
		MAIN,
		...["--bootstrap-coap", "--coaps", "--bootstrap-coaps"]
			.filter((name) => !words.includes(name))
			.flatMap((name) => [name, "0"]),
		...words,
	]);
	let output = "";
	let errors = "";
	let isReady = false;
	child.stdout.on("data", (chunk: Buffer) => {
		output += chunk.toString();
		if (isReady || !output.includes("HTTP API on")) return;
		isReady = true;
		onReady(
			(signal) => child.kill(signal),
			(text) => child.stdin.end(text),
		);
	});
	child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
	return new Promise((resolve) => child.on("close", (status) => resolve({ status, output, errors })));
}

/** Ports that nobody else has; that of coap is each test's own. */
const free = ["--coaps", "0", "--bootstrap-coap", "0", "--bootstrap-coaps", "0", "--http", "0"];

test("options: the presets, and what is given", () => {
	const presets = parseCommandLine([]);
	assert.deepEqual(
		[presets.coap, presets.coaps, presets.bootstrapCoap, presets.bootstrapCoaps, presets.http, presets.host],
		[5683, 5684, 5783, 5784, 8080, "127.0.0.1"],
	);
	assert.deepEqual(presets.versions, ["1.0", "1.1"]);
	const given = parseCommandLine(["--coap", "0", "--http=9000", "--host", "::1", "--lwm2m", "1.2", "--block", "256"]);
	assert.deepEqual([given.coap, given.http, given.host, given.blockSize], [0, 9000, "::1", 256]);
	assert.deepEqual(given.versions, ["1.0", "1.1", "1.2"]);
});

test("options that cannot be used are refused in one line", () => {
	for (const words of [
		["--bogus"],
		["coap"],
		["--coap"],
		["--coap", "x"],
		["--coap", "65536"],
		["--coap", "1", "--coap", "2"],
		["--coap", "7000", "--coaps", "7000"],
		["--bootstrap-coaps", "-1"],
		["--lwm2m", "2.0"],
		["--block", "100"],
	]) {
		assert.throws(
			() => parseCommandLine(words),
			(error) => error instanceof UsageError && !error.message.includes("\n"),
			words.join(" "),
		);
	}
});

test("a bad option ends with status 2", async () => {
	const { status, errors } = await run(["--http", "abc"], () => {});
	assert.deepEqual([status, errors], [2, "server: --http abc is no port (0 to 65535)\n"]);
});

test("a port in use ends with status 1 and is named", async () => {
	const socket = createSocket("udp4");
	await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
	const { port } = socket.address();
	const { status, errors } = await run([...free, "--coap", String(port)], () => {});
	socket.close();
	assert.deepEqual([status, errors], [1, `server: port ${port} is in use\n`]);
});

test("SIGTERM and SIGINT end with status 0", async () => {
	for (const signal of ["SIGTERM", "SIGINT"] as const) {
		const { status, output, errors } = await run([...free, "--coap", "0"], (stop) => stop(signal));
		assert.deepEqual([status, errors], [0, ""], signal);
		assert.match(
			output,
			/LwM2M server on coap:\/\/127\.0\.0\.1:\d+ and coaps:\S+\nBootstrap server on coap:\/\/127\.0\.0\.1:\d+/,
		);
	}
});

test("the console: bootstrap configurations and credentials, keys are not shown", async () => {
	const commands = [
		"bootstraps",
		"bootstrap d1 coap://10.0.0.9:5683",
		"bootstrap d2 coaps://10.0.0.9:5684 me 00c0ffee",
		"bootstrap d3 coaps://10.0.0.9:5684 me",
		"bootstrap d3 coaps://10.0.0.9:5684 me 00c0ffe",
		"bootstraps",
		"security",
		"security d1 me 00c0ffee",
		"security d2 me 00c0ffee",
		"security d2 you",
		"quit",
	];
	const words = [...free, "--coap", "0", "--console"];
	const { status, output } = await run(words, (_stop, say) => say(`${commands.join("\n")}\n`));
	assert.equal(status, 0);
	const lines = output.split("\n").slice(3);
	assert.deepEqual(lines, [
		"no bootstrap configurations",
		"d1 gets coap://10.0.0.9:5683 at its next bootstrap",
		"d2 gets coaps://10.0.0.9:5684 at its next bootstrap",
		"error: an identity needs a key",
		"error: the key is no hex string",
		"d1",
		"d2",
		"no credentials",
		"d1  psk  me",
		'error: the identity "me" belongs to another endpoint',
		"usage: security [EP IDENTITY KEY]",
		"",
	]);
	assert.doesNotMatch(output, /c0ffee/);
});

test("the console runs commands in order and quits", async () => {
	const commands = "help\nclients\nread nobody /3/0\nread\nnonsense\nquit\n";
	const { status, output } = await run([...free, "--coap", "0", "--console"], (_stop, say) => say(commands));
	assert.equal(status, 0);
	assert.match(output, /write EP PATH VALUE/);
	assert.match(
		output,
		/no clients\nerror: no registered client with id 'nobody'\nusage: read EP PATH \[FORMAT\]\nunknown command "nonsense", try help\n/,
	);
});
