// The state machine of firmware update, from a push and from a pull to the image that runs. The cases of OMA's test
// specification, by number. OMA-TS-LightweightM2M_Core-V1_1_1 E.6.
import { imageOf, MemoryFirmware } from "../support/firmware.js";
import { equal, ok, test, throws } from "../support/test.js";
import { downloaded, FileServer, FotaDevice, image, updated } from "./fota-cases.js";

const TEXT = 0;
const OPAQUE = 42;
const TLV = 11542;
const URI = "coap://192.0.2.7:5700/fw/image?v=2";

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
