// Firmware update over restarts and power cuts: what goes on, what begins anew, and what the server is told of it.
// OMA-TS-LightweightM2M_Core-V1_1_1 E.6.
import { equal, test, throws } from "../support/test.js";
import { downloaded, FotaDevice, image, updated } from "./fota-cases.js";

const TEXT = 0;
const OPAQUE = 42;

test("state and result are told after the restart, until they are acknowledged", () => {
	const after = updated(downloaded()).register();
	for (let i = 0; i < 3; i++) {
		equal(after.notifications(false), "");
		after.platform.advance(3000 * 2 ** i);
	}
	// one confirmable message at a time: the second follows the acknowledgement of the first
	for (let i = 0; i < 2; i++) {
		after.notifications();
		after.platform.advance(30_000);
	}
	const last = (resource: string) => after.told.filter((line) => line.startsWith(resource)).pop();
	equal([last("3"), last("5")], ["3=0", "5=1"]);
});

test("the power is cut between the order and the restart: the update is done again, twice at most", () => {
	const device = downloaded();
	device.execute(2);
	const again = device.restarted(false);
	again.client.start();
	throws(() => again.platform.run(), "Error", "restart");
	equal(again.firmware.installed, image.length);
	const third = again.restarted(false).register();
	equal(third.status, "2/8");
	// the image is still there
	const after = updated(third).register();
	equal(after.status, "0/1");
});

test("an image that cannot be installed leaves the state at Downloaded, with result 8", () => {
	const device = downloaded();
	device.firmware.install = () => {
		throw new Error("the boot record is broken");
	};
	device.execute(2);
	device.notifications();
	device.platform.advance(20_000);
	equal([device.status, device.logged("the boot record is broken")], ["2/8", 1]);
});

/** A block of 64 bytes of the image. */
const block = (device: FotaDevice, number: number, format: number | undefined = OPAQUE) =>
	device.put(image.slice(number * 64, number * 64 + 64), format, number, number < 78);

test("a restart while a server writes the package: it goes on with the next block, or with the one whose answer got lost", () => {
	for (const [format, next] of [
		[OPAQUE, 5],
		[OPAQUE, 4],
		[undefined, 5],
	] as const) {
		const before = new FotaDevice().register();
		for (let number = 0; number < 5; number++) equal(block(before, number, format), `2.31 block ${number}`);
		const device = before.restarted().register();
		equal([device.status, device.execute(2)], ["1/0", "4.05"]);
		// what was not acknowledged is not there
		equal([block(device, 7, format), block(device, next + 2, format)], ["4.08 block 7", `4.08 block ${next + 2}`]);
		for (let number = next; number < 79; number++)
			equal(block(device, number, format), `${number < 78 ? "2.31" : "2.04"} block ${number}`);
		equal([device.status, device.firmware.bytes, device.firmware.written], ["2/0", image, image.length - 320]);
		equal(updated(device).register().status, "0/1");
	}
});

test("a restart while a server writes the package: block 0 begins anew, of the same server", () => {
	const before = new FotaDevice().register();
	for (let number = 0; number < 5; number++) block(before, number);
	const device = before.restarted().register().observe(3);
	equal([device.push(image, OPAQUE), device.status, device.firmware.bytes], ["2.04 block 4", "2/0", image]);
	// and once more after a reset
	equal([device.put(Uint8Array.of(0), OPAQUE), device.status], ["2.04", "0/0"]);
});

test("a restart while a server writes the package: result 4 when it does not go on, or cannot", () => {
	const before = new FotaDevice().register();
	for (let number = 0; number < 5; number++) block(before, number);
	const device = before.restarted().register();
	device.platform.advance(246_000);
	equal([device.status, device.restarted().register().status], ["1/0", "1/0"]);
	device.platform.advance(2000);
	equal([device.status, block(device, 5)], ["0/4", "4.08 block 5"]);
	// the slot holds other bytes at its place
	const changed = before.restarted().register();
	changed.firmware.bytes = image.slice(0, 400).fill(7, 320);
	equal([block(changed, 5), changed.status], ["4.08 block 5", "1/0"]);
	equal([changed.push(image, OPAQUE), changed.status], ["2.04 block 4", "2/0"]);
	// in base64, and where nothing is kept
	for (const options of [{}, { storage: null }]) {
		const device = new FotaDevice(options).register();
		equal(device.put(new Uint8Array(64).fill(65), TEXT, 0, true), "2.31 block 0");
		const after = device.restarted().register();
		equal(after.status, options.storage === null ? "0/0" : "0/4");
		equal(after.put(new Uint8Array(64).fill(65), TEXT, 1, true), "4.08 block 1");
	}
});

test("a restart with a downloaded image keeps it, and checks it again", () => {
	const device = downloaded();
	const same = device.restarted().register();
	equal([same.status, same.read(7)], ["2/0", "2.05 2.0.0"]);
	device.firmware.bytes[2000]! ^= 1;
	equal(device.restarted().register().status, "0/5");
});

test("without storage the boot record alone says what became of an update", () => {
	const after = updated(downloaded({ storage: null }));
	equal(after.register().status, "0/1");
	equal(
		updated(downloaded({ storage: null }))
			.restarted()
			.register().status,
		"0/8",
	);
});
