// Our CoAP layers against those that others wrote: libcoap's client talks to an Endpoint and a Transfer on a UDP socket. Needs the
// Debian package libcoap3-bin. Runs on Node only.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { REPRESENTATION_BYTES } from "../../src/config.js";
import { endWithTests } from "../support/children.js";
import { LARGE, Server, textOf } from "./coap-layers.js";
import { libcoap } from "./peer-programs.js";

const folder = mkdtempSync(join(tmpdir(), "coap-peers-"));
let server: Server;

after(() => rmSync(folder, { recursive: true }));

before(async () => {
	server = new Server();
	await server.open();
});

after(() => server.close());

/** Runs libcoap's client. @returns what it printed */
function client(path: string, ...options: string[]): Promise<{ out: string; error: string }> {
	server.seen.length = 0;
	return new Promise((resolve, reject) => {
		const child = endWithTests(
			spawn(libcoap("coap-client"), ["-B", "20", ...options, `coap://127.0.0.1:${server.port}/${path}`]),
		);
		let out = "";
		let error = "";
		child.stdout.on("data", (data) => (out += data));
		child.stderr.on("data", (data) => (error += data));
		child.on("error", reject);
		child.on("close", () => resolve({ out, error }));
	});
}

test("libcoap fetches a large representation in blocks of the size that it is offered", async () => {
	assert.equal((await client("1")).out.trimEnd(), LARGE.trimEnd());
	assert.deepEqual(
		server.seen,
		[1, 2, 3, 4].map((number) => `block2 ${number} of 1024`),
	);
});

test("libcoap fetches a large representation in the small blocks that it asks for", async () => {
	assert.equal((await client("1", "-b", "64")).out.trimEnd(), LARGE.trimEnd());
	assert.equal(server.seen.length, Math.ceil(LARGE.length / 64));
	assert.equal(server.seen[0], "block2 0 of 64");
	assert.equal(server.seen.at(-1), `block2 ${Math.ceil(LARGE.length / 64) - 1} of 64`);
});

test("libcoap sends a large representation in blocks of several sizes", async () => {
	const path = join(folder, "put.txt");
	writeFileSync(path, LARGE);
	for (const size of [1024, 256, 16]) {
		server.stored = Buffer.alloc(0);
		const { out, error } = await client("2", "-m", "put", "-b", `${size}`, "-f", path);
		assert.equal(out + error, "");
		assert.equal(server.stored.toString(), LARGE);
		assert.equal(server.seen.length, Math.ceil(LARGE.length / size), `blocks of ${size}`);
	}
});

test("libcoap is told that a representation is too large", async () => {
	const path = join(folder, "large.txt");
	writeFileSync(path, textOf(REPRESENTATION_BYTES + 1));
	server.stored = Buffer.alloc(0);
	assert.match((await client("2", "-m", "put", "-f", path)).error, /4\.13/);
	assert.equal(server.stored.length, 0);
});

test("libcoap takes a separate response and acknowledges it", async () => {
	assert.equal((await client("3")).out.trimEnd(), "in a while");
	assert.deepEqual(server.seen, ["acknowledged"]);
});

test("libcoap makes requests that are not confirmable", async () => {
	assert.match((await client("4", "-N")).out, /^1;/);
	assert.deepEqual(server.seen, ["NON", "observe -1"]);
	assert.equal((await client("1", "-N", "-b", "512")).out.trimEnd(), LARGE.trimEnd());
});

test("libcoap observes, and cancels its observation", async () => {
	assert.match((await client("4", "-s", "1")).out.replace(/\s/g, ""), /^1;2;3;/);
	assert.deepEqual(server.seen, ["observe 0", "observe 1"]);
});

test("libcoap reads refusals", async () => {
	assert.match((await client("7")).error, /4\.04/);
	assert.match((await client("1", "-m", "delete")).error, /4\.05/);
	assert.match((await client("1", "-O", "65001,x")).error, /4\.02/);
});

test("a request of libcoap whose answer gets lost is carried out once", async () => {
	server.executed = 0;
	server.losing = 1;
	assert.equal((await client("5", "-m", "post")).error, "");
	assert.deepEqual([server.executed, server.losing], [1, 0]);
});
