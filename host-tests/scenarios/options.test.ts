// The command line of the simulated device: what cannot be used ends it with one line and status 2.
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:net";
import { test } from "node:test";
import { DeviceProcess } from "../support/device-process.js";

const unusable: [options: string[], line: RegExp][] = [
	[["--server", "http://x"], /^--server http:\/\/x: .*coap:\/\/host\[:port\]/],
	[["--server", "coap://"], /^--server coap:\/\/: /],
	[["--server", "coap://127.0.0.1:0"], /^--server /],
	[["--server", "coap://127.0.0.1:65536"], /^--server /],
	[["--server", "coap://[::1"], /^--server /],
	[["--server", "coap://a", "--bootstrap", "coap://b"], /^--server and --bootstrap: /],
	[["--bootstrap", "x"], /^--bootstrap x: /],
	[["--server"], /^--server: its value is missing/],
	[["--server", "coap://a", "--server", "coap://b"], /^--server: given twice/],
	[["--endpoint", ""], /^--endpoint: 1 to 200/],
	[["--lifetime", "0"], /^--lifetime 0: a whole number from 1 to 2147483647/],
	[["--lifetime", "1.5"], /^--lifetime 1\.5: /],
	[["--binding", "UT"], /^--binding UT: one of U, UQ/],
	[["--short-server-id", "65535"], /^--short-server-id 65535: /],
	[["--lwm2m", "1.3"], /^--lwm2m 1\.3: one of 1\.0, 1\.1, 1\.2/],
	[["--cid", "33"], /^--cid 33: .* or off/],
	[["--psk-key", "00"], /^--psk-identity and --psk-key: /],
	[["--psk-identity", "d", "--psk-key", "0g"], /^--psk-key: 2 to 128 hexadecimal digits/],
	[["--cert", "a.pem"], /^--cert, --key, --server-cert: /],
	[["--cert", "/nowhere/a", "--key", "/nowhere/b", "--server-cert", "/nowhere/c"], /^--cert \/nowhere\/a: /],
	[["--firmware-key", "/nowhere/key"], /^--firmware-key \/nowhere\/key: /],
	[["--firmware-ca", "/nowhere/ca"], /^--firmware-ca \/nowhere\/ca: /],
	[["--firmware-key", "package.json"], /^--firmware-key package\.json: not a public key on P-256, PEM or DER/],
	[["--no-downgrade=1"], /^--no-downgrade: takes no value/],
	[["--shell", "telnet"], /^--shell telnet: one of stdio, pty, off, tcp:PORT/],
	[["--shell", "tcp:0"], /^--shell tcp:0: the port is 1 to 65535/],
	[["--log", "loud"], /^--log loud: one of off, error, warning, info, debug/],
	[["--time-scale", "0"], /^--time-scale 0: /],
	[["--no-start=1"], /^--no-start: takes no value/],
	[["--storage", "/proc/nowhere"], /^--storage \/proc\/nowhere: /],
	[["--speed", "1"], /^--speed: no such option/],
	[["extra"], /^extra: no such option/],
];

for (const [options, line] of unusable)
	test(`${options.join(" ") || "nothing"} is refused with one line and status 2`, async () => {
		const device = new DeviceProcess(...options);
		device.closeInput();
		assert.equal(await device.exit, 2);
		const lines = device.log.trimEnd().split("\n");
		assert.equal(lines.length, 1, device.log);
		assert.match(lines[0]!, line);
		assert.equal(device.output, "");
	});

test("a key that is refused is not shown", async () => {
	const device = new DeviceProcess("--psk-identity", "d", "--psk-key", "secret0123");
	assert.equal(await device.exit, 2);
	assert.ok(!device.log.includes("secret"));
});

test("a shell port that is taken is named", async () => {
	const taken = createServer().listen(0, "127.0.0.1");
	await once(taken, "listening");
	const { port } = taken.address() as { port: number };
	try {
		const device = new DeviceProcess("--shell", `tcp:${port}`);
		assert.equal(await device.exit, 2);
		assert.match(device.log, new RegExp(`tcp:${port}.*in use`));
	} finally {
		taken.close();
	}
});

test("a name that does not resolve is named, with status 2", async () => {
	const device = new DeviceProcess("--server", "coap://no-such-host.invalid", "--shell", "off");
	assert.equal(await device.exit, 2);
	assert.match(device.log, /^--server coap:\/\/no-such-host\.invalid: no-such-host\.invalid: [^\n]+\n$/);
});

test("an IPv6 server is spoken to", async () => {
	const socket = createSocket("udp6").bind(0, "::1");
	await once(socket, "listening");
	const device = new DeviceProcess(
		"--server",
		`coap://[::1]:${socket.address().port}`,
		"--shell",
		"off",
		"--endpoint",
		"six",
	);
	try {
		const [datagram] = (await once(socket, "message")) as [Buffer];
		assert.ok(datagram.includes("ep=six"));
	} finally {
		await device.kill();
		socket.close();
	}
});

test("a device without a server waits to be provisioned", async () => {
	const device = new DeviceProcess("--shell", "off", "--log", "debug");
	try {
		await device.waitFor(/no server account/);
		assert.equal(await device.stop(), 0);
	} finally {
		await device.kill();
	}
});
