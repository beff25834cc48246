// Firmware that was signed, and does not work: whatever it does, the image before it comes back by itself and reports it.
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type CompanionServer, createServer } from "../server/server.js";
import { DeviceProcess } from "../support/device-process.js";
import { Images } from "../support/images.js";

const folder = mkdtempSync(join(tmpdir(), "lwm2m-xs-trial-"));
const images = new Images();
let server: CompanionServer;
/** Endpoints whose datagrams are lost. */
let isSilent = false;

before(async () => {
	process.env["LWM2M_XS_RESTART"] = "now";
	server = createServer();
	server.trace = () => !isSilent;
	await server.start();
});
after(async () => {
	await server.stop();
	images.remove();
	rmSync(folder, { recursive: true });
});

function launch(endpoint: string, ...options: string[]): DeviceProcess {
	const uri = `coap://127.0.0.1:${server.coapPort}`;
	return new DeviceProcess("--endpoint", endpoint, "--server", uri, "--shell", "off", ...options);
}

async function start(endpoint: string, ...options: string[]): Promise<DeviceProcess> {
	const device = launch(endpoint, ...options);
	await device.waitFor(/Registration Done|Registration update complete/);
	return device;
}

const value = async (endpoint: string, ...path: [number, number, number]) =>
	String(((await server.device(endpoint).read(path)).content as { value: unknown }).value);

/** Up to the restart into the image. */
async function install(endpoint: string, device: DeviceProcess, image: Buffer): Promise<void> {
	assert.equal((await server.pushFirmware(endpoint, server.offerFirmware(image))).code, "2.04");
	await device.waitFor(/downloading -> downloaded/);
	assert.equal((await server.device(endpoint).execute([5, 0, 2])).code, "2.04");
}

/** The old image runs and tells result 8; and it can be updated again. */
async function isBack(endpoint: string, device: DeviceProcess): Promise<void> {
	await device.waitFor(/Firmware: updating -> idle, result 8/);
	await device.waitFor(/Registration Done|Registration update complete/);
	assert.deepEqual(
		[await value(endpoint, 3, 0, 3), await value(endpoint, 5, 0, 3), await value(endpoint, 5, 0, 5)],
		["0.1.0", "0", "8"],
	);
}

/** What a bad program does, and what the log says then. */
const bad: [name: string, body: string, line: RegExp][] = [
	[
		"throws",
		'throw new Error("bad");',
		/Unhandled rejection: Error: bad[\s\S]*The firmware on trial has failed: restarting/,
	],
	["exits", "host.exit(3);", /The firmware on trial has failed: restarting/],
	["ends well, too soon", "host.exit(0);", /\n/],
	["restarts", "host.restart();", /\n/],
	["fills the memory", "for (const all = []; ; ) all.push([]);", /Out of memory/],
	["does nothing", "host.setTimeScale(10000);", /The firmware on trial has not confirmed itself: restarting/],
	["hangs", "for (;;);", /The firmware on trial hangs: restarting/],
];

for (const [name, body, line] of bad)
	test(`an image that ${name} is replaced by the one before it, and the result is 8`, async () => {
		const endpoint = name.replaceAll(/\W+/g, "-");
		const storage = join(folder, endpoint);
		let device = await start(endpoint, "--storage", storage, "--time-scale", "20");
		try {
			await install(endpoint, device, images.program("2.0.0", body));
			await device.waitFor(/Firmware slot 1: on trial/);
			if (body.includes("exit(0)"))
				// as good as a power cut: it may be started three times
				for (let starts = 1; starts <= 3; starts++) {
					assert.equal(await device.exit, 0);
					device = launch(endpoint, "--storage", storage);
				}
			else await device.waitFor(line);
			await device.waitFor(/Firmware slot 1: not confirmed; the one before it comes back/);
			await isBack(endpoint, device);
		} finally {
			await device.kill();
		}
	});

test("a crash of native code, and a server that nobody reaches, end a trial as well", async () => {
	const device = await start("crash", "--time-scale", "60");
	const image = images.make("2.0.0");
	try {
		await install("crash", device, image);
		await device.waitFor(/updating: the device restarts/);
		isSilent = true;
		await device.waitFor(/Firmware slot 1: on trial/);
		device.signal("SIGSEGV");
		await device.waitFor(/The firmware on trial has crashed: restarting/);
		isSilent = false;
		await isBack("crash", device);
		await install("crash", device, image);
		await device.waitFor(/updating: the device restarts/);
		isSilent = true;
		await device.waitFor(/Firmware slot 1: on trial/);
		// 600 s of its clock, 10 of ours
		await device.waitFor(/The firmware on trial has not confirmed itself: restarting/);
		isSilent = false;
		await isBack("crash", device);
		// and a good end
		await install("crash", device, image);
		await device.waitFor(/updating -> idle, result 1/);
		assert.equal(await value("crash", 3, 0, 3), "2.0.0");
	} finally {
		isSilent = false;
		await device.kill();
	}
});

test("a power cut on trial does not lose the update: it has three starts, and a crash ends them", async () => {
	const options = ["--storage", join(folder, "power"), "--time-scale", "20"];
	let device = await start("power", ...options);
	try {
		for (const [cuts, result] of [
			[2, "1"],
			[3, "8"],
			[1, "crash"],
		] as const) {
			await install("power", device, images.make(`2.0.${cuts}`));
			await device.waitFor(/updating: the device restarts/);
			isSilent = true;
			for (let cut = 0; cut < cuts; cut++) {
				await device.waitFor(/Firmware slot \d: on trial/);
				await device.kill();
				device = launch("power", ...options);
			}
			if (result === "crash") {
				await device.waitFor(/on trial/);
				device.signal("SIGSEGV");
			}
			isSilent = false;
			const [, found] = await device.waitFor(/Firmware: updating -> idle, result (\d)/);
			assert.equal(found, result === "1" ? "1" : "8");
			await device.waitFor(/Registration update complete|Registration Done/);
			assert.equal(await value("power", 3, 0, 3), "2.0.2");
		}
	} finally {
		isSilent = false;
		await device.kill();
	}
});

test("an image that needs native functions of another executable is refused at its start", async () => {
	const device = await start("natives", "--time-scale", "20");
	const source = 'function none() @ "xs_none_of_ours";\nexport default function main() { none(); }\n';
	try {
		await install(
			"natives",
			device,
			images.make("2.0.0", "--replace", `src/main=${images.write("native.js", source)}`),
		);
		await device.waitFor(
			/Firmware slot 1: the program image needs native functions that this executable does not have/,
		);
		await isBack("natives", device);
	} finally {
		await device.kill();
	}
});

test("slots that are damaged while the device is off: the image before, or the executable's own", async () => {
	const storage = join(folder, "damaged");
	const options = ["--storage", storage, "--time-scale", "20"];
	const slot = (number: number) => join(storage, `firmware.${number}`);
	let device = await start("damaged", ...options);
	await install("damaged", device, images.make("2.0.0"));
	await device.waitFor(/result 1/);
	await install("damaged", device, images.make("3.0.0"));
	await device.waitFor(/result 1/);
	assert.equal(await value("damaged", 3, 0, 3), "3.0.0");
	await device.kill();
	const damages: [damage: () => void, line: RegExp, version: string][] = [
		[() => flip(slot(0), 5000), /Firmware slot 0: the program image is damaged\n/, "2.0.0"],
		[() => truncateSync(slot(1), 100_000), /Firmware slot 1: the firmware image is truncated\n/, "0.1.0"],
		[() => writeFileSync(join(storage, "firmware.boot"), "nonsense"), /Registration/, "0.1.0"],
	];
	for (const [damage, line, version] of damages) {
		damage();
		device = await start("damaged", ...options);
		try {
			assert.match(device.log, line);
			assert.equal(await value("damaged", 3, 0, 3), version);
		} finally {
			await device.kill();
		}
	}
	assert.ok(readdirSync(storage).includes("firmware.boot"));
});

function flip(file: string, at: number): void {
	const bytes = readFileSync(file);
	bytes[at]! ^= 1;
	writeFileSync(file, bytes);
}
