// A package that the device fetches by CoAP: losses, restarts at any moment, packages that change, servers that answer
// what they were not asked. RFC 7959 2.4.

import { type CoapFields, datagram, parse } from "../support/coap.js";
import { imageOf, MemoryFirmware } from "../support/firmware.js";
import { equal, ok, randomFrom, test } from "../support/test.js";
import { FileServer, FotaDevice } from "./fota-cases.js";

const URI = "coap://192.0.2.7:5700/tbfw/0f8c5e1e-aaaa-bbbb-cccc-0123456789ab";
const long = imageOf(60_000);

/** The device after a restart, and its file server, which goes on where the download does. */
function restarted(device: FotaDevice, server: FileServer): [FotaDevice, FileServer] {
	const next = device.restarted().register();
	const again = new FileServer(next, server.bytes, server.tag);
	again.hasSize = server.hasSize;
	return [next, again];
}

test("after a restart the download goes on where it was stored, with an ETag and without", () => {
	for (const tag of [5, undefined])
		for (const hasSize of [true, false]) {
			let device = new FotaDevice().register();
			let server = new FileServer(device, long, tag);
			server.hasSize = hasSize;
			device.pull(URI);
			server.serve(40);
			equal(device.firmware.bytes.length, 40 * 1024);
			[device, server] = restarted(device, server);
			equal([device.status, device.read(1)], ["1/0", `2.05 ${URI}`]);
			server.serve();
			// stored every 16 KB; without an ETag the beginning is looked at first
			equal(server.asked.slice(0, 2), tag ? [32_768, 33_792] : [0, 32_768]);
			equal([device.status, device.firmware.bytes], ["2/0", long]);
		}
});

test("what was stored last decides where it goes on, whatever the moment of the restart", () => {
	const random = randomFrom(4711);
	for (let round = 0; round < 60; round++) {
		let device = new FotaDevice().register();
		let server = new FileServer(device, long, round % 2 ? 9 : undefined);
		device.pull(URI);
		let restarts = 0;
		let asked = 0;
		while (device.status === "1/0") {
			asked += server.serve(1 + random(30));
			if (device.status !== "1/0" || restarts > 6) continue;
			restarts++;
			[device, server] = restarted(device, server);
		}
		equal([device.status, device.firmware.bytes], ["2/0", long], `round ${round}`);
		// never from the beginning, and at most 16 KB and a look at the beginning twice for each restart
		ok(asked <= 59 + restarts * 18, `${asked} blocks for ${restarts} restarts`);
	}
});

test("a slot that does not hold what was stored of it: the download begins anew, and says so", () => {
	const device = new FotaDevice().register();
	device.pull(URI);
	new FileServer(device, long, 5).serve(40);
	device.firmware.bytes[20_000]! ^= 1;
	const next = device.restarted().register();
	const server = new FileServer(next, long, 5);
	server.serve();
	equal([server.asked[0], next.status, next.firmware.bytes], [0, "2/0", long]);
	equal(next.logged("the slot does not hold what was stored of it"), 1);
});

test("another package at the same URI after a restart is noticed by ETag, by size, or by its beginning", () => {
	for (const [before, after, bytes] of [
		[1, 2, imageOf(60_000, 3)],
		[undefined, undefined, imageOf(59_000, 2)],
		[undefined, undefined, imageOf(60_000, 3)],
	] as const) {
		const device = new FotaDevice().register();
		device.pull(URI);
		new FileServer(device, long, before).serve(40);
		const next = device.restarted().register();
		const server = new FileServer(next, bytes, after);
		server.serve();
		equal([next.status, next.firmware.bytes], ["2/0", bytes]);
		equal(next.logged("from the beginning"), 1);
	}
});

test("a package that changes while it is fetched is fetched anew; one that changes on and on is given up", () => {
	const device = new FotaDevice().register();
	const server = new FileServer(device, long, 1);
	device.pull(URI);
	server.serve(30);
	server.bytes = imageOf(50_000, 4);
	server.tag = 2;
	server.serve();
	equal([device.status, device.firmware.bytes, device.read(7)], ["2/0", server.bytes, "2.05 4.0.0"]);
	device.pull("");
	device.pull(URI);
	for (let i = 0; i < 20; i++) {
		server.tag = i + 10;
		server.serve(3);
		device.platform.advance(60_000);
	}
	equal(device.status, "0/5");
});

test("a lost network: what was asked is asked again, from there on, with growing pauses", () => {
	const device = new FotaDevice().register();
	const server = new FileServer(device, long, 1);
	device.pull(URI);
	server.serve(10);
	for (let round = 0; round < 3; round++) {
		// nothing gets through for as long as a request lives, and some blocks do
		for (let i = 0; i < 100 && server.socket; i++) device.platform.advance(1000);
		ok(!server.socket, "the connection is closed");
		device.platform.advance(13_000);
		const before = server.asked.length;
		server.serve(10);
		equal(server.asked[before], server.asked[before - 1]! + 1024);
	}
	server.serve();
	equal([device.status, device.firmware.bytes, device.firmware.written], ["2/0", long, long.length]);
	equal(device.logged("attempt 1 of 5"), 3);
});

test("an answer that comes twice, late or for another block does no harm", () => {
	const device = new FotaDevice().register();
	const server = new FileServer(device, long, 1);
	device.pull(URI);
	let last: Uint8Array | undefined;
	for (let i = 0; i < 100 && device.status === "1/0"; i++) {
		const sent = server.socket?.take();
		if (!sent) break;
		// a repetition of the answer before
		if (last) server.socket?.deliver(last);
		const before = server.socket;
		server.answer(parse(sent));
		last = undefined;
		ok(before, "a socket");
	}
	equal([device.status, device.firmware.bytes], ["2/0", long]);
});

test("a server that answers each request in a message of its own, twice: every block is taken once and acknowledged", () => {
	const device = new FotaDevice().register();
	const server = new FileServer(device, long, 5);
	const give = (bytes: Uint8Array) => {
		server.socket?.deliver(bytes);
		device.platform.run();
	};
	device.pull(URI);
	for (let number = 0; number * 1024 < long.length; number++) {
		const { mid, token } = parse(server.socket!.take()!);
		equal(token.length, 0);
		give(datagram({ type: 2, code: 0, mid }));
		const isMore = number * 1024 + 1024 < long.length;
		const fields: CoapFields = { type: 0, code: 0x45, token, block2: number * 16 + (isMore ? 8 : 0) + 6 };
		fields.payload = long.slice(number * 1024, number * 1024 + 1024);
		const { socket } = server;
		for (const id of [2 * number, 2 * number + 1]) give(datagram({ ...fields, mid: id }));
		const sent = socket!.sent.map((bytes) => parse(bytes));
		// the last answer ends the download, and the connection
		equal(sent.filter(({ type }) => type === 2).length, isMore ? 2 : 0);
		socket!.sent = socket!.sent.filter((_, index) => sent[index]!.type !== 2);
		equal(socket!.sent.length, isMore ? 1 : 0);
	}
	equal([device.status, device.firmware.bytes, device.firmware.written], ["2/0", long, long.length]);
});

test("a server that acknowledges and then says nothing, and one that sends a reset, are asked again", () => {
	const device = new FotaDevice().register();
	const server = new FileServer(device, long, 5);
	device.pull(URI);
	server.serve(3);
	const { mid } = parse(server.socket!.take()!);
	server.socket!.deliver(datagram({ type: 2, code: 0, mid }));
	device.platform.advance(92_000);
	equal([device.logged("attempt 1"), server.serve(1)], [0, 0]);
	device.platform.advance(2000);
	equal(device.logged("the server does not answer; attempt 1 of 5 from byte 3072 on"), 1);
	device.platform.advance(13_000);
	const next = parse(server.socket!.take()!);
	// for another message: not for this one
	server.socket!.deliver(datagram({ type: 3, code: 0, mid: next.mid + 1 }));
	equal(device.logged("attempt 1 of 5"), 1);
	server.socket!.deliver(datagram({ type: 3, code: 0, mid: next.mid }));
	equal(device.logged("the server sent a reset; attempt 2 of 5 from byte 3072 on"), 1);
	device.platform.advance(26_000);
	server.serve();
	equal([device.status, device.firmware.bytes], ["2/0", long]);
});

test("a server that always answers with block 0 is given up, and one that answers 5.03 is asked again", () => {
	const device = new FotaDevice().register();
	const server = new FileServer(device, long);
	device.pull(URI);
	server.serve(1);
	const deaf = server.answer.bind(server);
	server.answer = (request) => deaf({ ...request, options: request.options.filter(([number]) => number !== 23) });
	for (let i = 0; i < 10; i++) {
		server.serve();
		device.platform.advance(400_000);
	}
	equal(device.status, "0/4");
	ok(device.logged("the server sent a block at 0 where the one at 1024 was asked for") > 0);
	const other = new FotaDevice().register();
	const busy = new FileServer(other, long);
	let refusals = 2;
	busy.refuse = () => (refusals-- > 0 ? 0xa3 : undefined);
	other.pull(URI);
	for (let i = 0; i < 4; i++) {
		busy.serve();
		other.platform.advance(30_000);
	}
	equal([other.status, other.logged("the server answered 5.03")], ["2/0", 2]);
});

test("a server with smaller blocks sets their size, one without blocks serves what fits", () => {
	for (const szx of [0, 2, 5]) {
		const device = new FotaDevice().register();
		const server = new FileServer(device, imageOf(3000));
		server.szx = szx;
		device.pull(URI);
		equal(server.serve(), Math.ceil(3000 / (16 << szx)));
		equal([device.status, device.firmware.bytes], ["2/0", server.bytes]);
	}
});

test("in queue mode the download goes on while the device sleeps for the server", () => {
	const device = new FotaDevice({ binding: "UQ" }).register();
	const server = new FileServer(device, long, 1);
	device.pull(URI);
	for (let i = 0; i < 100 && device.firmware.bytes.length < long.length; i++) {
		server.serve(5);
		device.platform.advance(20_000);
	}
	equal(device.logged("Queue mode RX window closed"), 1);
	equal(device.firmware.bytes, long);
});

test("a download of 100 KB writes its position to storage seven times, and the state three times", () => {
	const device = new FotaDevice({ firmware: new MemoryFirmware(200_000) }).register();
	const server = new FileServer(device, imageOf(100_000), 1);
	const before = device.storage!.writes;
	device.pull(URI);
	server.serve();
	equal(device.status, "2/0");
	ok(device.storage!.writes - before <= 10, `${device.storage!.writes - before} writes`);
});

test("names, ports, queries and escapes of the URI go into the request", () => {
	const device = new FotaDevice().register();
	device.platform.names.set("files.example", "192.0.2.9");
	device.pull("coap://files.example:5700/a%20b/c?epid=1&x=%3D");
	const server = new FileServer(device, imageOf(100));
	const request = parse(server.socket!.take()!);
	const options = request.options.map(([number, value]) => `${number}:${String.fromCharCode(...value)}`).slice(0, 5);
	equal(options, ["3:files.example", "11:a b", "11:c", "15:epid=1", "15:x=="]);
});

test("a host that does not resolve is tried again, and then is result 4", () => {
	const device = new FotaDevice().register();
	device.pull("coap://nowhere.example/fw");
	device.platform.advance(1_000_000);
	equal([device.status, device.logged("nowhere.example: no such host")], ["0/4", 6]);
});
