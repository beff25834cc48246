// The file server for firmware as a process, and its options.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { systemClock } from "../clock.js";
import { CoapEndpoint } from "../coap/endpoint.js";
import { optionBytes } from "../coap/message.js";
import { DEFAULT_SETTINGS, ETAG } from "../coap/numbers.js";
import { UsageError } from "../command-line.js";
import { parseServeImage } from "../serve-image-options.js";
import { UdpTransport } from "../udp-transport.js";

const program = fileURLToPath(new URL("../serve-image.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "serve-image-"));
const content = Buffer.from(Array.from({ length: 3000 }, (_, i) => i % 253));
const file = join(folder, "a file.fw");
writeFileSync(file, content);
after(() => rmSync(folder, { recursive: true }));

/** Starts it and waits for as many lines. */
async function start(lines: number, ...words: string[]) {
	const child = spawn(process.execPath, [program, ...words], { stdio: ["ignore", "pipe", "pipe"] });
	let text = "";
	const exit = new Promise<number | null>((resolve) => child.on("close", resolve));
	await new Promise<void>((resolve) => {
		const look = (bytes: Buffer) => {
			text += bytes;
			if (text.split("\n").length > lines) resolve();
		};
		child.stdout.on("data", look);
		child.stderr.on("data", look);
		child.on("close", () => resolve());
	});
	return { child, exit, text: () => text };
}

test("one file over CoAP in blocks and over HTTP in ranges, until it is told to end", async () => {
	const ports = ["--coap", "0", "--http", "0", "--coaps", "off", "--https", "off", "--block", "512"];
	const { child, exit, text } = await start(2, file, ...ports);
	const [, coap, http] = /^coap:\/\/127\.0\.0\.1:(\d+)\/a%20file\.fw\n(http:\S+)$/m.exec(text())!;
	const transport = new UdpTransport("127.0.0.1", 0);
	const client = new CoapEndpoint(transport, systemClock, DEFAULT_SETTINGS, () => ({ code: "4.04" }));
	await transport.open();
	const peer = { address: "127.0.0.1", port: Number(coap), key: `127.0.0.1:${coap}` };
	try {
		const response = await client.request(peer, { method: "GET", path: ["a file.fw"] });
		assert.deepEqual([response.code, response.payload, response.blocks], ["2.05", content, 6]);
		assert.equal(optionBytes(response, ETAG)?.length, 8);
		const part = await fetch(http!, { headers: { range: "bytes=2990-" } });
		assert.deepEqual([part.status, Buffer.from(await part.arrayBuffer())], [206, content.subarray(2990)]);
	} finally {
		await client.stop();
		child.kill("SIGTERM");
	}
	assert.equal(await exit, 0);
	assert.match(text(), /127\.0\.0\.1:\d+: 3000 of 3000 bytes/);
});

test("what cannot be used is one line and status 2, a port in use status 1", async () => {
	const missing = await start(1, join(folder, "nothing"));
	assert.equal(await missing.exit, 2);
	assert.match(missing.text(), /^serve-image: .*nothing: ENOENT.*\n$/);
	const transport = new UdpTransport("127.0.0.1", 0);
	await transport.open();
	const taken = await start(1, file, "--coap", String(transport.port), "--http", "off");
	await transport.close();
	assert.equal(await taken.exit, 1);
	assert.match(taken.text(), /^serve-image: port \d+ is in use\n$/);
});

test("options: what belongs together, and what is on without being asked for", () => {
	const ports = (...words: string[]) => {
		const { coap, coaps, http, https } = parseServeImage(["f", ...words])!;
		return [coap, coaps, http, https];
	};
	assert.deepEqual(ports(), [5690, undefined, 8090, undefined]);
	assert.deepEqual(ports("--cert", "c", "--key", "k"), [5690, undefined, 8090, 8091]);
	assert.deepEqual(ports("--cert", "c", "--key", "k", "--authority", "a"), [5690, 5691, 8090, 8091]);
	assert.deepEqual(ports("--psk-identity", "d", "--psk-key=0a", "--coap=off"), [undefined, 5691, 8090, undefined]);
	assert.equal(parseServeImage(["--help"]), undefined);
	const refused: [words: string[], line: RegExp][] = [
		[[], /^which file\?$/],
		[["a", "b"], /^one file/],
		[["a", "--coap", "x"], /^--coap x is neither off nor a port/],
		[["a", "--http", "65536"], /^--http 65536 /],
		[["a", "--block", "100"], /^--block 100 is none of 16/],
		[["a", "--coaps", "1"], /^--coaps needs --psk-identity/],
		[["a", "--https", "1"], /^--https needs --cert and --key/],
		[["a", "--psk-key", "00"], /^--psk-identity and --psk-key: both or none/],
		[["a", "--psk-identity", "d", "--psk-key", "0"], /^--psk-key: 2 to 128/],
		[["a", "--cert", "c"], /^--cert and --key: both or none/],
		[["a", "--speed", "1"], /^unknown option --speed/],
		[["a", "--host"], /^option --host needs a value/],
		[["a", "--host", "1", "--host", "2"], /^option --host is there twice/],
	];
	for (const [words, line] of refused)
		assert.throws(
			() => parseServeImage(words),
			(error: Error) => error instanceof UsageError && line.test(error.message),
			words.join(" "),
		);
});
