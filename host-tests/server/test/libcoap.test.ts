// The server against another implementation: libcoap's coap-client registers, updates, sends and leaves.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { after, before, test } from "node:test";
import { type CompanionServer, createServer } from "../server.js";

/** Debian names the program after its TLS library; any of them speaks plain UDP. */
const NAMES = ["coap-client", "coap-client-notls", "coap-client-openssl", "coap-client-gnutls"];
const LINKS = '</>;rt="oma.lwm2m";ct="60 110 112",</1/0>,</3/0>;ver=1.2';

let server: CompanionServer;

before(async () => {
	server = createServer();
	await server.start();
});

after(() => server.stop());

function client(): string {
	const found = NAMES.find((name) => spawnSync(name, ["-h"]).error === undefined);
	assert.ok(found, `none of ${NAMES.join(", ")} is installed: install the package libcoap3-bin`);
	return found;
}

/** What coap-client shows of the exchange, all messages included. */
function coap(method: string, path: string, ...more: string[]): Promise<string> {
	const url = `coap://127.0.0.1:${server.coapPort}${path}`;
	const child = spawn(client(), ["-m", method, "-v", "7", "-B", "5", ...more, url]);
	let output = "";
	child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
	child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
	return new Promise((resolve) => child.on("close", () => resolve(output)));
}

async function register(endpoint: string, links = LINKS, ...more: string[]): Promise<string> {
	const query = `/rd?ep=${endpoint}&lt=60&lwm2m=1.1&b=U`;
	const output = await coap("post", query, "-t", "40", "-e", links, ...more);
	assert.match(output, /c:2\.01/);
	const [, id] = /Location-Path:rd, Location-Path:(\w+)/.exec(output) ?? [];
	assert.match(id ?? "", /^\w{10}$/);
	return id!;
}

test("coap-client registers, updates and deregisters", async () => {
	const id = await register("libcoap");
	assert.deepEqual(
		server.registrations.byId(id)!.links.map(({ url }) => url),
		["/", "/1/0", "/3/0"],
	);
	assert.match(await coap("post", `/rd/${id}?lt=120`), /c:2\.04/);
	assert.equal(server.registrations.byId(id)!.lifetimeSeconds, 120);
	assert.match(await coap("delete", `/rd/${id}`), /c:2\.02/);
	assert.match(await coap("delete", `/rd/${id}`), /c:4\.04/);
});

test("coap-client without ep, with a strange version, and as NON is refused", async () => {
	assert.match(await coap("post", "/rd?lwm2m=1.1", "-t", "40", "-e", LINKS), /c:4\.00/);
	assert.match(await coap("post", "/rd?ep=x&lwm2m=3.0", "-t", "40", "-e", LINKS), /c:4\.12/);
	assert.match(await coap("post", "/rd?ep=x&lwm2m=1.1", "-N", "-t", "40", "-e", LINKS), /c:4\.00/);
});

test("coap-client's Register in blocks of 64 is put together", async () => {
	const many = LINKS + Array.from({ length: 40 }, (_, at) => `,</3303/${at}>`).join("");
	const id = await register("blocks", many, "-b", "64");
	assert.equal(server.registrations.byId(id)!.links.length, 43);
});

test("coap-client reads published bytes in blocks", async () => {
	const content = "0123456789abcdef".repeat(200);
	server.publish("/fw/image", Buffer.from(content));
	const output = await coap("get", "/fw/image", "-b", "256", "-v", "0");
	assert.ok(output.includes(content), output.slice(0, 200));
	assert.match(await coap("get", "/fw/none"), /c:4\.04/);
});

test("coap-client's Send counts only from the address that registered", async () => {
	const port = String(20_000 + Math.floor(Math.random() * 10_000));
	await register("sender", LINKS, "-p", port);
	const sent = server.events.waitFor("SEND");
	const pack = '[{"n":"/3/0/9","v":42}]';
	assert.match(await coap("post", "/dp", "-p", port, "-t", "110", "-e", pack), /c:2\.04/);
	assert.deepEqual((await sent)["val"], { "/3/0/9": { kind: "singleResource", id: 9, type: "INTEGER", value: "42" } });
	assert.match(await coap("post", "/dp", "-t", "110", "-e", pack), /c:4\.04/);
});
