// Object 7: what goes through the sockets is counted with its headers, from Start to Stop or the end of the period.
import { connectivityStatistics } from "../../objects/7-connectivity-statistics.js";
import { ConnectivityStatistics } from "../../src/behaviours/connectivity-statistics.js";
import type { UdpOptions } from "../../src/platform.js";
import { text } from "../support/coap.js";
import { TestDevice } from "../support/device.js";
import { TestPlatform } from "../support/platform.js";
import { equal, ok, test } from "../support/test.js";

function makeDevice() {
	let statistics: ConnectivityStatistics | undefined;
	const device = new TestDevice("1.1", [connectivityStatistics], (platform, options) => {
		statistics ??= new ConnectivityStatistics(platform);
		return statistics.openUdp(options);
	});
	device.register();
	statistics!.attach(device.client.registry);
	device.platform.run();
	device.reply(device.take(), { code: 0x44 });
	const read = (resource: number) =>
		Number(text(device.request({ code: 1, path: `7/0/${resource}`, accept: 0 }).payload));
	const execute = (resource: number) => device.request({ code: 2, path: `7/0/${resource}` }).code;
	return { device, statistics: statistics!, read, execute };
}

test("nothing is counted before Start", () => {
	const { read } = makeDevice();
	equal([2, 3, 4, 5].map(read), [0, 0, 0, 0]);
});

test("after Start the sizes of messages both ways are counted, with 28 bytes of IPv4 and UDP", () => {
	const { device, read, execute } = makeDevice();
	equal(execute(6), 0x44);
	const { length } = device.platform.socket.sent;
	equal(length, 0);
	for (let i = 0; i < 40; i++) read(2);
	// a request of 15 bytes and its answer of 10 or so, each with 28 bytes more
	ok(read(2) >= 1 && read(3) >= 1);
	const most = read(4);
	const mean = read(5);
	ok(most > 28 && most < 80 && mean > 28 && mean <= most, `${most} ${mean}`);
});

test("Stop keeps what has been counted, and Start begins from 0", () => {
	const { read, execute } = makeDevice();
	execute(6);
	for (let i = 0; i < 40; i++) read(2);
	equal(execute(7), 0x44);
	const counted = read(3);
	for (let i = 0; i < 80; i++) read(2);
	equal(read(3), counted);
	execute(6);
	equal(read(3), 0);
});

test("the collection period ends by itself; a negative one is refused", () => {
	const { device, statistics, execute } = makeDevice();
	const write = (payload: string) => device.request({ code: 3, path: "7/0/8", format: 0, payload }).code;
	equal(write("-1"), 0x80);
	equal(write("60"), 0x44);
	execute(6);
	device.platform.advance(59_999);
	ok(statistics.isCollecting);
	device.platform.advance(1);
	ok(!statistics.isCollecting);
});

test("IPv6 has 48 bytes of headers, datagrams that are too long or absent count nothing", () => {
	const platform = new TestPlatform();
	const statistics = new ConnectivityStatistics(platform);
	const options: UdpOptions = { address: "2001:db8::1", port: 5683, onReadable() {}, onError() {} };
	const udp = statistics.openUdp(options);
	const device = new TestDevice("1.1", [connectivityStatistics]);
	statistics.attach(device.client.registry);
	statistics.start(0);
	udp.write(new Uint8Array(100), 52);
	platform.socket.deliver(new Uint8Array(100));
	equal(udp.read(new Uint8Array(10)), 0);
	equal(udp.read(new Uint8Array(10)), -1);
	const registry = device.client.registry.model.objects[7]!;
	equal(registry.handlers[4]?.read?.(0, -1), 100);
	equal(registry.handlers[5]?.read?.(0, -1), 100);
	udp.close();
	ok(platform.socket.isClosed);
});
