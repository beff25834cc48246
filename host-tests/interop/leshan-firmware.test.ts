// Firmware of the device on XS, updated by a server of Eclipse Leshan 2: it writes the address of the image, which
// serve-image has, or the image itself in blocks; then it executes the update and reads the new version.
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { DeviceProcess } from "../support/device-process.js";
import { Images } from "../support/images.js";
import type { PeerEvent } from "../support/java-peer.js";
import { Leshan } from "../support/leshan.js";

const KEY = "000102030405060708090a0b0c0d0e0f";
const serveImage = fileURLToPath(new URL("../server/serve-image.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "leshan-firmware-"));
const images = new Images();
let image: Buffer;
let leshan: Leshan;
let files: ChildProcess;
/** What serve-image prints: its addresses by scheme. */
let addresses = "";

before(async () => {
	process.env["LWM2M_XS_RESTART"] = "now";
	leshan = await Leshan.server();
	await leshan.peer.ask("psk", "coaps", "device", KEY);
	image = images.make("2.0.0");
	const file = join(folder, "image.fw");
	writeFileSync(file, image);
	const options = ["--coap", "0", "--coaps", "0", "--http", "0", "--https", "off"];
	files = spawn(process.execPath, [serveImage, file, ...options, "--psk-identity", "device", "--psk-key", KEY], {
		stdio: ["ignore", "pipe", "inherit"],
	});
	files.stdout?.setEncoding("utf8").on("data", (text: string) => {
		addresses += text;
	});
	const ended = once(files, "exit").then(([status]) => {
		throw new Error(`serve-image has ended with status ${status}`);
	});
	ended.catch(() => {}); // it ends with the tests
	while (!/http:\S+/.test(addresses)) await Promise.race([once(files.stdout!, "data"), ended]);
});
after(async () => {
	files?.kill();
	images.remove();
	rmSync(folder, { recursive: true });
	await leshan?.stop();
});

/** Updates a device: `bring` brings the image. Its states are observed. */
async function update(endpoint: string, isSecure: boolean, bring: (uri: (scheme: string) => string) => Promise<void>) {
	const storage = join(folder, endpoint);
	const security = isSecure ? ["--psk-identity", "device", "--psk-key", KEY] : [];
	const server = isSecure ? leshan.coaps : leshan.coap;
	const words = ["--endpoint", endpoint, "--server", server, "--storage", storage, "--shell", "off"];
	const device = new DeviceProcess(...words, "--lifetime", "86400", "--time-scale", "20", ...security);
	const operator = leshan.operator(endpoint);
	const states: unknown[] = [];
	const isState = ({ ep, paths }: PeerEvent) => ep === endpoint && paths === "/5/0/3";
	const state = (wanted: number) =>
		leshan.peer.next("notification", (event) => {
			if (!isState(event)) return false;
			const value = (event["values"] as Record<string, unknown>)["/5/0/3"];
			states.push(value);
			return value === wanted;
		});
	try {
		await device.waitFor(/Registration Done/);
		assert.deepEqual(await operator.read("/3/0/3"), { "/3/0/3": "0.1.0" });
		await operator.values("observe", "/5/0/3", "TLV");
		const downloaded = state(2);
		await bring((scheme) => new RegExp(`${scheme}://\\S+`).exec(addresses)![0]);
		await downloaded;
		const isBack = state(0);
		const isUpdated = leshan.peer.next("updated", ({ ep }) => ep === endpoint);
		await operator.done("CHANGED", "execute", "/5/0/2");
		await device.waitFor(/updating -> idle, result 1:/);
		await isUpdated;
		await isBack;
		assert.deepEqual(await operator.read("/5/0/5"), { "/5/0/5": 1 });
		assert.deepEqual(await operator.read("/3/0/3"), { "/3/0/3": "2.0.0" });
		// a state that is notified again after the restart counts once
		const changes = states.filter((value, index) => value !== states[index - 1]);
		assert.deepEqual(changes, [1, 2, 3, 0]);
	} finally {
		await device.kill();
	}
}

for (const scheme of ["coap", "http", "coaps"])
	test(`${scheme}: the device fetches what 5/0/1 names`, async () => {
		const operator = leshan.operator(scheme);
		await update(scheme, scheme === "coaps", async (uri) => {
			await operator.write("/5/0/1", "TEXT", "REPLACE", { "/5/0/1": `STRING=${uri(scheme)}` });
		});
	});

for (const format of ["OPAQUE", "TLV"])
	test(`Leshan writes 5/0/0 in blocks as ${format}`, async () => {
		const endpoint = `push-${format}`;
		const operator = leshan.operator(endpoint);
		await update(endpoint, false, async () => {
			await operator.write("/5/0/0", format, "REPLACE", { "/5/0/0": `OPAQUE=${image.toString("hex")}` });
		});
	});

test("what is no image is refused with its result", async () => {
	const device = new DeviceProcess("--endpoint", "bad", "--server", leshan.coap, "--shell", "off");
	try {
		await device.waitFor(/Registration Done/);
		const operator = leshan.operator("bad");
		const answer = await operator.ask("write", "/5/0/0", "OPAQUE", "REPLACE", {
			"/5/0/0": `OPAQUE=${"ab".repeat(5000)}`,
		});
		assert.doesNotMatch(answer.code, /^timeout/);
		assert.deepEqual(await operator.read("/5/0/5"), { "/5/0/5": 6 });
		assert.deepEqual(await operator.read("/5/0/3"), { "/5/0/3": 0 });
	} finally {
		await device.kill();
	}
});
