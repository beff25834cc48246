// The state machine of firmware update, from a push and from a pull to the image that runs. The cases of OMA's test
// specification, by number. OMA-TS-LightweightM2M_Core-V1_1_1 E.6.
import { imageOf, MemoryFirmware } from "../support/firmware.js";
import { equal, ok, test, throws } from "../support/test.js";
import { FileServer, FotaDevice } from "./fota-cases.js";

const TEXT = 0;
const OPAQUE = 42;
const TLV = 11542;
const URI = "coap://192.0.2.7:5700/fw/image?v=2";

const image = imageOf(5000);

/** A device that has downloaded the image. */
function downloaded(options = {}): FotaDevice {
	const device = new FotaDevice(options).register().observe(3, 5);
	equal(device.push(image, OPAQUE), "2.04 block 4");
	equal(device.status, "2/0");
	return device;
}

/** Executes Update, acknowledges what is told, and restarts. */
function updated(device: FotaDevice): FotaDevice {
	equal(device.execute(2), "2.04");
	throws(
		() => {
			device.platform.run();
			device.notifications();
			device.platform.advance(20_000);
		},
		"Error",
		"restart",
	);
	equal(device.firmware.installed, image.length);
	return device.restarted();
}

test("LightweightM2M-1.1-int-751: every readable resource of the object", () => {
	const device = new FotaDevice().register();
	equal(
		[1, 3, 5, 6, 7, 9].map((id) => device.read(id)),
		["2.05", "2.05 0", "2.05 0", "2.05", "2.05", "2.05 2"],
	);
	equal(
		device.request({ code: 1, path: "5/0/8", accept: 110 }),
		'2.05 [{"bn":"/5/0/8/","n":"0","v":0},{"n":"2","v":2}]',
	);
	equal([device.read(0), device.read(2), device.read(11)], ["4.05", "4.05", "4.04"]);
	// what version 1.2 has is not there
	equal(
		device.request({ code: 1, path: "5/0", accept: 40 }),
		"2.05 </5/0>,</5/0/0>,</5/0/1>,</5/0/2>,</5/0/3>,</5/0/5>,</5/0/6>,</5/0/7>,</5/0/8>;dim=2,</5/0/9>",
	);
});

test("LightweightM2M-1.1-int-755: Package: one zero byte resets, a valid package is downloaded", () => {
	const device = new FotaDevice().register().observe(3, 5);
	const nul = Uint8Array.of(0);
	for (const [payload, format] of [
		[nul, TEXT],
		[nul, OPAQUE],
		[nul, undefined],
		[new Uint8Array(0), OPAQUE],
		[Uint8Array.of(0xc1, 0, 0), TLV],
		[Uint8Array.of(0xc0, 0), TLV],
	] as const) {
		equal(device.push(image, OPAQUE), "2.04 block 4");
		equal([device.status, device.read(7)], ["2/0", "2.05 2.0.0"]);
		equal(device.firmware.bytes, image);
		equal(device.put(payload, format), "2.04");
		equal([device.status, device.firmware.bytes.length, device.read(7)], ["0/0", 0, "2.05"]);
	}
});

test("LightweightM2M-1.1-int-756: Package URI: an empty one resets, a valid one is downloaded", () => {
	const device = new FotaDevice().register();
	const server = new FileServer(device, image, 1);
	for (const [payload, format] of [
		["", TEXT],
		["", OPAQUE],
		["", undefined],
		[Uint8Array.of(0xc0, 1), TLV],
	] as const) {
		equal(device.pull(URI), "2.04");
		equal(server.serve(), 5);
		equal([device.status, server.path, device.read(1)], ["2/0", "fw/image", `2.05 ${URI}`]);
		equal(device.firmware.bytes, image);
		equal(device.request({ code: 3, path: "5/0/1", payload, ...(format !== undefined && { format }) }), "2.04");
		equal([device.status, device.firmware.bytes.length, device.read(1)], ["0/0", 0, "2.05"]);
	}
});

test("LightweightM2M-1.1-int-760: Observe of state and result, each change told and confirmed", () => {
	const device = downloaded();
	equal(device.notifications(), "3=1 3=2");
	device.put(Uint8Array.of(0), OPAQUE);
	equal(device.notifications(), "3=1 3=2 3=0");
});

test("LightweightM2M-1.1-int-770: a full update by push: 0, 1, 2, 3, 0, result 1, confirmed after the registration", () => {
	const before = downloaded();
	const after = updated(before);
	equal(before.notifications(), "3=1 3=2 3=3");
	equal(after.firmware.isTrial, true);
	after.register();
	equal([after.firmware.confirms, after.status], [1, "0/1"]);
	// the same over another restart
	equal(after.restarted().register().status, "0/1");
});

test("LightweightM2M-1.1-int-771: a full update by pull", () => {
	const device = new FotaDevice().register();
	device.pull(URI);
	new FileServer(device, image).serve();
	const after = updated(device).register();
	equal([after.status, after.firmware.confirms], ["0/1", 1]);
});

test("LightweightM2M-1.1-int-772: Update is refused where nothing is downloaded", () => {
	const device = new FotaDevice().register();
	equal([device.execute(2), device.status], ["4.05", "0/0"]);
	device.put(image.slice(0, 64), OPAQUE, 0, true);
	equal([device.execute(2), device.status], ["4.05", "1/0"]);
});

test("LightweightM2M-1.1-int-773: not enough storage, result 2", () => {
	const small = new FotaDevice({ firmware: new MemoryFirmware(2000) }).register();
	equal([small.push(image, OPAQUE), small.status], ["4.13 block 1", "0/2"]);
	// a server that goes on all the same gets the same
	equal([small.put(image.slice(2048, 3072), OPAQUE, 2, true, 6), small.status], ["4.13 block 2", "0/2"]);
	ok(small.logged("longer than the 2000 bytes of the slot") > 0);
	// said before, it costs no block
	equal(
		small.request({
			code: 3,
			path: "5/0/0",
			format: OPAQUE,
			block1: 14,
			options: [[60, Uint8Array.of(20, 0)]],
			payload: image.slice(0, 1024),
		}),
		"4.13 block 0",
	);
	equal(small.status, "0/2");
	equal(small.pull(URI), "2.04");
	equal(new FileServer(small, image).serve(), 1);
	equal(small.status, "0/2");
	const broken = new MemoryFirmware();
	broken.brokenAt = 3000;
	const device = new FotaDevice({ firmware: broken }).register();
	equal(
		[device.push(image, OPAQUE), device.status, device.logged("the flash does not take it")],
		["4.13 block 2", "0/2", 1],
	);
});

test("LightweightM2M-1.1-int-774: no memory for a socket, result 3", () => {
	const device = new FotaDevice().register();
	device.platform.openUdp = () => {
		throw new Error("no memory for a socket");
	};
	device.pull(URI);
	equal([device.status, device.logged("no memory for a socket")], ["0/3", 1]);
});

test("LightweightM2M-1.1-int-775: the server vanishes at half of it, result 4, and the same URI goes on from there", () => {
	const device = new FotaDevice().register();
	const long = imageOf(40_000);
	const server = new FileServer(device, long, 3);
	device.pull(URI);
	server.serve(20);
	const half = device.firmware.bytes.length;
	equal(half, 20_480);
	const attempts = new Set();
	for (let seconds = 0; seconds < 1800 && device.logged("result 4") === 0; seconds += 10) {
		device.platform.advance(10_000);
		attempts.add(server.socket);
	}
	attempts.delete(undefined);
	equal([device.status, attempts.size, device.logged("the server does not answer")], ["0/4", 6, 6]);
	server.asked.length = 0;
	equal(device.pull(URI), "2.04");
	server.serve();
	equal([device.status, server.asked[0]], ["2/0", half]);
	equal([device.firmware.bytes, device.firmware.written], [long, long.length]);
});

test("LightweightM2M-1.1-int-776: a package that is not whole, result 5", () => {
	const device = new FotaDevice().register();
	const damaged = image.slice();
	damaged[3000]! ^= 1;
	for (const [bytes, last] of [
		[damaged, 4],
		[image.slice(0, 4900), 4],
	] as const) {
		equal([device.push(bytes, OPAQUE), device.status], [`2.04 block ${last}`, "0/5"]);
		device.pull(URI);
		new FileServer(device, bytes).serve();
		equal(device.status, "0/5");
	}
	equal([device.execute(2), device.logged("the sum is wrong")], ["4.05", 4]);
});

test("LightweightM2M-1.1-int-777: a package of another kind, result 6", () => {
	const device = new FotaDevice().register();
	// its first bytes tell: the rest is not wanted
	const other = new Uint8Array(3000).fill(1);
	equal([device.push(other, OPAQUE), device.status], ["4.00 block 1", "0/6"]);
	equal(device.put(other.slice(0, 1024), OPAQUE, 2, true, 6), "4.00 block 2");
	equal([device.put(other.slice(0, 60), OPAQUE), device.status], ["2.04", "0/6"]);
	device.pull(URI);
	equal([new FileServer(device, other).serve(), device.status, device.logged("this is no image")], [1, "0/6", 3]);
});

test("LightweightM2M-1.1-int-778: a URI that is none or that nothing is at, result 7; another protocol, result 9", () => {
	const device = new FotaDevice().register();
	for (const uri of ["fw.bin", "coap://", "coap://host:0/x", "coap://a b/x", "coap://h/%zz"])
		equal([device.pull(uri), device.status], ["2.04", "0/7"], uri);
	for (const uri of ["ftp://192.0.2.7/fw", "coap+tcp://192.0.2.7/fw", "coaps://192.0.2.7/fw", "https://192.0.2.7/fw"])
		equal([device.pull(uri), device.status], ["2.04", "0/9"], uri);
	const server = new FileServer(device, image);
	for (const code of [0x84, 0x81, 0x83]) {
		server.refuse = () => code;
		device.pull(URI);
		server.serve();
		equal(device.status, "0/7");
	}
	equal(device.logged("the server answered 4.04"), 1);
});

test("LightweightM2M-1.1-int-779: an image that does not come up, result 8, on the image before it", () => {
	const trial = updated(downloaded());
	// the new image restarts before it has registered
	const reverted = trial.restarted();
	equal([reverted.firmware.isTrial, reverted.firmware.isReverted], [false, true]);
	reverted.register();
	equal([reverted.status, reverted.firmware.confirms], ["0/8", 0]);
	// a reset forgets it, also after another restart
	const later = reverted.restarted().register();
	equal(later.status, "0/8");
	later.pull("");
	equal([later.status, later.firmware.isReverted], ["0/0", false]);
});

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

test("cancel, severity, times and deferral are there where version 1.2 was agreed", () => {
	const old = new FotaDevice().register();
	equal([old.execute(10), old.read(11), old.read(12)], ["4.04", "4.04", "4.04"]);
	const device = new FotaDevice({ enabler: "1.2" }).register();
	equal([device.read(11), device.read(13), device.read(14)], ["2.05 1", "2.05 0", "2.05 0"]);
	equal(device.execute(10), "4.05");
	device.push(image, OPAQUE);
	equal(device.request({ code: 1, path: "5/0", accept: 40 }).split(",").pop(), "</5/0/14>");
	ok(device.request({ code: 1, path: "5/0", accept: 40 }).includes("</5/0/10>"), "Cancel is there");
	equal([device.execute(10), device.status], ["2.04", "0/10"]);
	equal(device.read(12), `2.05 ${Math.floor(device.platform.clock.time())}`);
});

test("an update that the application defers has result 11, and comes by itself when the period is over", () => {
	let isBusy = true;
	const device = new FotaDevice({ enabler: "1.2", mayUpdate: () => !isBusy }).register();
	device.request({ code: 3, path: "5/0/13", format: 0, payload: "300" });
	device.push(image, OPAQUE);
	equal([device.execute(2), device.status], ["2.04", "2/11"]);
	device.platform.advance(200_000);
	equal(device.status, "2/11");
	isBusy = false;
	throws(() => device.platform.advance(61_000), "Error", "restart");
	isBusy = true;
	// at the latest when the server says so
	const other = new FotaDevice({ enabler: "1.2", mayUpdate: () => false }).register();
	other.request({ code: 3, path: "5/0/13", format: 0, payload: "150" });
	other.push(image, OPAQUE);
	other.execute(2);
	throws(() => other.platform.advance(151_000), "Error", "restart");
});

test("an automatic update needs no Execute", () => {
	const device = new FotaDevice({ enabler: "1.2" }).register();
	device.request({ code: 3, path: "5/0/14", format: 0, payload: "1" });
	throws(
		() => {
			device.push(image, OPAQUE);
			device.platform.advance(20_000);
		},
		"Error",
		"restart",
	);
});
