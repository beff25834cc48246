// Composite operations in blocks both ways, asked by libcoap's client of the device on XS: FETCH with Block1 and its answer
// with Block2, iPATCH with Block1, and an Observe of several paths whose notification comes in blocks. The client takes the
// place, address and port, of the server that the device has registered with. Needs the Debian package libcoap3-bin.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { endWithTests } from "../support/children.js";
import { DeviceProcess } from "../support/device-process.js";
import { libcoap } from "./peer-programs.js";

const PATHS = ["/3/0/0", "/3/0/1", "/3/0/2", "/3/0/3", "/3/0/6", "/3/0/7", "/3/0/8", "/3/0/17", "/3303/0"];
const folder = mkdtempSync(join(tmpdir(), "composite-peers-"));
const client = libcoap("coap-client");
let device: DeviceProcess;
let serverPort = 0;
let devicePort = 0;

interface SenmlRecord {
	bn?: string;
	n?: string;
	v?: number;
	vs?: string;
}

before(async () => {
	const server = createSocket("udp4");
	server.bind(0, "127.0.0.1");
	await once(server, "listening");
	serverPort = server.address().port;
	device = new DeviceProcess("--server", `coap://127.0.0.1:${serverPort}`, "--lifetime", "86400");
	const [request, { port }] = (await once(server, "message")) as [Buffer, { port: number }];
	devicePort = port;
	// 2.01 with the Location-Path rd/1
	const answer = Buffer.concat([
		Buffer.of(0x60 | (request[0]! & 15), 0x41),
		request.subarray(2, 4 + (request[0]! & 15)),
	]);
	server.send(Buffer.concat([answer, Buffer.from("\x82rd\x011", "latin1")]), port, "127.0.0.1");
	await device.waitFor(/Registration Done/);
	server.close();
	await once(server, "close");
});
after(async () => {
	await device.kill();
	rmSync(folder, { recursive: true });
});

/** What the client has said of the messages beside their payloads. */
let log = "";

/** @returns the payloads of the answers */
async function ask(method: string, payload: object[], ...options: string[]): Promise<string> {
	const file = join(folder, "request");
	const output = join(folder, "answer");
	// spaces, so that the client does not take it for one datagram
	writeFileSync(file, JSON.stringify(payload).replaceAll("},{", `},${" ".repeat(500)}{`));
	writeFileSync(output, "");
	const args = [
		"-p",
		`${serverPort}`,
		"-m",
		method,
		"-f",
		file,
		"-t",
		"110",
		"-b",
		"64",
		"-B",
		"10",
		"-v",
		"7",
		"-o",
		output,
	];
	const child = endWithTests(
		spawn(client, [...args, ...options, `coap://127.0.0.1:${devicePort}/`], { stdio: ["ignore", "pipe", "pipe"] }),
	);
	let said = "";
	child.stdout.on("data", (text) => {
		said += text;
	});
	child.stderr.on("data", (text) => {
		said += text;
	});
	await once(child, "close");
	log = said;
	return readFileSync(output, "utf8");
}

const names = PATHS.map((n) => ({ n }));

function valuesOf(text: string): Map<string, number | string | undefined> {
	let base = "";
	return new Map(
		(JSON.parse(text) as SenmlRecord[]).map((record) => {
			base = record.bn ?? base;
			return [base + (record.n ?? ""), record.v ?? record.vs];
		}),
	);
}

test("FETCH in blocks of 64 bytes is answered in blocks", async () => {
	const found = valuesOf(await ask("fetch", names, "-A", "110"));
	assert.equal(found.get("/3/0/0"), "lwm2m-xs");
	assert.equal(found.get("/3/0/17"), "simulated device");
	assert.equal(found.get("/3/0/8/1"), 900);
	assert.equal(found.get("/3303/0/5700"), 21.5);
	assert.ok(found.size > 15);
	assert.match(log, /FETCH.*Block1:[1-9]/);
	assert.match(log, /2\.05.*Block2:[1-9]/);
});

test("iPATCH in blocks writes all of it, or nothing", async () => {
	const zone = "Antarctica/DumontDUrville";
	const good = [
		{ n: "/3/0/14", vs: "+10:00" },
		{ n: "/3/0/15", vs: zone },
		{ n: "/1/0/2", v: 3 },
		{ n: "/1/0/3", v: 3600 },
	];
	assert.equal(await ask("ipatch", good), "");
	assert.match(log, /iPATCH.*Block1:[1-9]/);
	assert.match(log, /2\.04/);
	const read = async () =>
		valuesOf(await ask("fetch", [{ n: "/3/0/14" }, { n: "/3/0/15" }, { n: "/1/0/3" }], "-A", "110"));
	const wanted = new Map<string, number | string>([
		["/3/0/14", "+10:00"],
		["/3/0/15", zone],
		["/1/0/3", 3600],
	]);
	const sorted = (map: Map<string, unknown>) => [...map].sort();
	assert.deepEqual(sorted(await read()), sorted(wanted));
	const bad = [
		...good.map((record) => ({ ...record, ...(record.vs ? { vs: "+01:00" } : {}) })),
		{ n: "/3/0/0", vs: "x" },
	];
	await ask("ipatch", bad);
	assert.match(log, /4\.05/);
	assert.deepEqual(sorted(await read()), sorted(wanted));
});

test("an Observe of several paths in blocks is answered and notified in blocks", async () => {
	const answers = ask("fetch", names, "-A", "110", "-s", "4");
	await new Promise((resolve) => setTimeout(resolve, 1500));
	device.type("lwm2m write 3303/0/5700 -f 33.25\n");
	const text = await answers;
	const notified = text.lastIndexOf("[{");
	assert.ok(notified > 0, text);
	assert.equal(valuesOf(text.slice(0, notified)).get("/3303/0/5700"), 21.5);
	assert.match(text.slice(notified), /33\.25/);
});
