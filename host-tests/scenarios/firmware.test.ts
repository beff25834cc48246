// Firmware update of the device on XS by the companion server: what is pushed or pulled then runs, and what is not good is
// refused with its result. The device's own process changes its code.
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { DtlsTransport } from "../server/dtls/dtls-transport.js";
import { hexKey, pskInfo } from "../server/security/security-info.js";
import { type CompanionServer, createServer } from "../server/server.js";
import { DeviceProcess } from "../support/device-process.js";
import { Images } from "../support/images.js";

const KEY = "000102030405060708090a0b0c0d0e0f";
const folder = mkdtempSync(join(tmpdir(), "lwm2m-xs-firmware-"));
const images = new Images();
let server: CompanionServer;
let good: Buffer;

before(async () => {
	process.env["LWM2M_XS_RESTART"] = "now";
	const secureTransport = new DtlsTransport({ keyOf: (identity) => server.security.keyOf(identity) });
	server = createServer({ secureTransport, httpPort: 0 });
	await server.start();
	// another version, and another behaviour
	good = images.changed("2.0.0", "simulated device", "updated device");
});
after(async () => {
	await server.stop();
	images.remove();
	rmSync(folder, { recursive: true });
});

/** A registered device that pauses 50 ms, and not 1 s, before it restarts. */
async function start(endpoint: string, ...options: string[]): Promise<DeviceProcess> {
	const uri = options.includes("--psk-key")
		? `coaps://127.0.0.1:${server.coapsPort}`
		: `coap://127.0.0.1:${server.coapPort}`;
	const common = ["--endpoint", endpoint, "--server", uri, "--shell", "off", "--time-scale", "20"];
	const device = new DeviceProcess(...common, ...options);
	await device.waitFor(/Registration Done|Registration update complete/);
	return device;
}

const value = async (endpoint: string, ...path: [number, number, number]) =>
	String(((await server.device(endpoint).read(path)).content as { value: unknown }).value);

/** What a server wants to know: version, state, result. */
const state = async (endpoint: string) => [
	await value(endpoint, 3, 0, 3),
	await value(endpoint, 5, 0, 3),
	await value(endpoint, 5, 0, 5),
];

/** The states and results that the device notifies. */
async function observe(endpoint: string): Promise<string[]> {
	const told: string[] = [];
	server.events.on("NOTIFICATION", ({ ep, res, val }: Record<string, unknown>) => {
		if (ep === endpoint) told.push(`${res} ${(val as { value: string }).value}`);
	});
	for (const resource of [3, 5]) await server.device(endpoint).observe([5, 0, resource]);
	return told;
}

async function pull(endpoint: string, uri: string): Promise<void> {
	const node = { kind: "singleResource", id: 1, type: "STRING", value: uri } as const;
	assert.equal((await server.device(endpoint).write([5, 0, 1], node, true)).code, "2.04");
}

const execute = async (endpoint: string) => (await server.device(endpoint).execute([5, 0, 2])).code;

const ended = (device: DeviceProcess) =>
	device.waitFor(/Firmware: \w+ -> idle, result (\d+)/).then(([, result]) => result);

/** The image goes to the device, is executed, and ends with the result. */
async function update(endpoint: string, device: DeviceProcess, image: Buffer, result: string): Promise<void> {
	assert.equal((await server.pushFirmware(endpoint, server.offerFirmware(image))).code, "2.04");
	await device.waitFor(/downloading -> downloaded/);
	assert.equal(await execute(endpoint), "2.04");
	assert.equal(await ended(device), result);
}

const generateKeys = () =>
	generateKeyPairSync("ec", {
		namedCurve: "P-256",
		privateKeyEncoding: { type: "pkcs8", format: "pem" },
		publicKeyEncoding: { type: "spki", format: "pem" },
	});

test("a push: the states 1, 2, 3, 0, result 1, and the process runs the new code, also after kill -9", async () => {
	const storage = join(folder, "push");
	const device = await start("push", "--storage", storage);
	try {
		const told = await observe("push");
		assert.deepEqual(
			[...(await state("push")), await value("push", 3, 0, 17)],
			["0.1.0", "0", "0", "simulated device"],
		);
		const isBack = (data: Record<string, unknown>) => data["ep"] === "push" && told.at(-1) === "/5/0/3 0";
		const last = server.events.waitFor("NOTIFICATION", isBack);
		await update("push", device, good, "1");
		await last;
		assert.deepEqual([...(await state("push")), await value("push", 3, 0, 17)], ["2.0.0", "0", "1", "updated device"]);
		assert.deepEqual(
			told.filter((line) => line.startsWith("/5/0/3")),
			["/5/0/3 1", "/5/0/3 2", "/5/0/3 3", "/5/0/3 0"],
		);
		assert.equal(told.filter((line) => line.startsWith("/5/0/5")).at(-1), "/5/0/5 1");
	} finally {
		await device.kill();
	}
	const again = await start("push", "--storage", storage);
	try {
		assert.match(again.log, /Firmware slot 1: version 2\.0\.0\n/);
		assert.doesNotMatch(again.log, /on trial/);
		assert.deepEqual(await state("push"), ["2.0.0", "0", "1"]);
	} finally {
		await again.kill();
	}
});

test("one update after another, in memory: each goes to the slot that does not run", async () => {
	const device = await start("series");
	try {
		for (const [version, slot] of [
			["3.0.0", 1],
			["4.0.0", 0],
			["2.9.0", 1],
		] as const) {
			await update("series", device, images.make(version), "1");
			assert.deepEqual(await state("series"), [version, "0", "1"]);
			assert.ok(device.log.includes(`Firmware slot ${slot}: version ${version}`));
		}
		assert.equal(await value("series", 5, 0, 7).catch(() => ""), "");
	} finally {
		await device.kill();
	}
});

for (const scheme of ["coap", "coaps", "http"])
	test(`a pull over ${scheme} from the companion server, started and told by its HTTP API`, async () => {
		const endpoint = `pull-${scheme}`;
		server.security.add(pskInfo(endpoint, endpoint, hexKey(KEY)));
		const device = await start(endpoint, "--psk-identity", endpoint, "--psk-key", KEY);
		const base = `http://127.0.0.1:${server.httpPort}/api/firmware`;
		try {
			const upload = await fetch(base, { method: "PUT", body: new Uint8Array(good) });
			const { id } = (await upload.json()) as { id: string };
			const answer = await fetch(`${base}/${id}/pull/${endpoint}?scheme=${scheme}`, { method: "POST" });
			assert.equal(((await answer.json()) as { status: string }).status, "CHANGED(204)");
			await device.waitFor(/downloading -> downloaded: version 2\.0\.0/);
			assert.deepEqual(await state(endpoint), ["0.1.0", "2", "0"]);
			assert.deepEqual([await value(endpoint, 5, 0, 6), await value(endpoint, 5, 0, 7)], ["lwm2m-xs", "2.0.0"]);
			assert.equal(await execute(endpoint), "2.04");
			assert.equal(await ended(device), "1");
			assert.deepEqual(await state(endpoint), ["2.0.0", "0", "1"]);
		} finally {
			await device.kill();
		}
	});

test("what is no good image is refused with its result, and the device goes on with the old one", async () => {
	const device = await start("refused", "--no-downgrade");
	const changed = (at: number) => {
		const copy = Buffer.from(good);
		copy[at]! ^= 1;
		return copy;
	};
	const ownKey = images.write("own.key", generateKeys().privateKey);
	try {
		for (const [image, result, message] of [
			[changed(40), "5", /the signature is wrong/],
			[images.make("2.0.0", "--key", ownKey), "5", /the signature is wrong/],
			[changed(good.length - 1), "5", /its SHA-256 is another/],
			[good.subarray(0, good.length / 2), "5", /\d+ were downloaded/],
			[images.make("2.0.0", "--target", "esp32", "--payload", ownKey), "6", /the image is for esp32, this is host/],
			[Buffer.alloc(3000, 1), "6", /not a firmware image/],
			[Buffer.alloc(3000, 0xe9), "6", /an ESP-IDF application/],
			[images.make("0.0.9"), "8", /version 0\.0\.9 is older than 0\.1\.0/],
		] as const) {
			server.publish("/fw/bad", image, Buffer.from([image.length & 255, Math.random() * 256]));
			await pull("refused", `coap://127.0.0.1:${server.coapPort}/fw/bad`);
			const [, found, text] = await device.waitFor(/Firmware: downloading -> idle, result (\d+): (.*)\n/);
			assert.equal(found, result);
			assert.match(text!, message);
			assert.deepEqual(await state("refused"), ["0.1.0", "0", result]);
			assert.equal(await execute("refused"), "4.05");
		}
	} finally {
		await device.kill();
	}
});

test("a device with its own key takes only what that key has signed", async () => {
	const { privateKey, publicKey } = generateKeys();
	const device = await start("key", "--firmware-key", images.write("own.pub", publicKey));
	try {
		server.publish("/fw/development", good, Buffer.from("d"));
		await pull("key", `coap://127.0.0.1:${server.coapPort}/fw/development`);
		assert.equal(await ended(device), "5");
		await update("key", device, images.make("2.0.0", "--key", images.write("own.key", privateKey)), "1");
		assert.deepEqual(await state("key"), ["2.0.0", "0", "1"]);
	} finally {
		await device.kill();
	}
});
