// Queue mode, and what waits while the server cannot be reached. OMA-TS-LightweightM2M_Core-V1_1_1 6.5.
import { Client } from "../../src/client.js";
import { AWAKE_SECONDS, HELD_MESSAGES } from "../../src/config.js";
import { Log, OFF } from "../../src/log.js";
import { ENGINE_SUSPENDED, QUEUE_MODE_RX_OFF } from "../../src/lwm2m/event.js";
import { ASLEEP, CLOSED, OPEN, Outbox } from "../../src/outbox.js";
import { datagram, parse, text } from "../support/coap.js";
import { TestPlatform } from "../support/platform.js";
import { equal, ok, test } from "../support/test.js";
import { CaseDevice, caseObjects, line, SENML_JSON, uri } from "./lwm2m-cases.js";

const AWAKE = AWAKE_SECONDS * 1000;

/** A registered device in queue mode, of a long lifetime. */
function sleepy(isStoring = true): CaseDevice {
	const device = new CaseDevice();
	device.registry.set("/1/0/1", 86_400);
	device.registry.set("/1/0/6", isStoring);
	device.registry.set("/1/0/7", "UQ");
	return device.register();
}

test("LightweightM2M-1.1-int-108: in queue mode the device listens for 93 s after the last message, and then sleeps", () => {
	const device = sleepy();
	device.platform.advance(AWAKE - 1);
	equal(device.get("3/0/3"), "2.05 1.0");
	device.platform.advance(AWAKE - 1);
	equal(device.logged("Queue mode RX window closed").length, 0);
	device.platform.advance(1);
	equal(device.logged("Queue mode RX window closed").length, 1);
	equal(device.events.filter((event) => event === QUEUE_MODE_RX_OFF).length, 1);
	equal(device.client.servers[0]!.queueState, "asleep");
	device.deliver({ type: 0, code: 1, mid: 1, path: "3/0/3" });
	ok(device.isQuiet, "nothing is heard");
	device.platform.advance(10_000_000);
	equal(device.logged("Queue mode RX window closed").length, 1);
});

test("LightweightM2M-1.1-int-109: asleep, a change brings one Update, and what waited follows in order", () => {
	const device = sleepy();
	const { token } = device.observe("3303/0/5700");
	device.platform.advance(AWAKE);
	equal(device.client.servers[0]!.outbox.state, ASLEEP);
	device.registry.set("/3303/0/5700", 1);
	device.platform.run();
	device.registry.set("/3303/0/5700", 2);
	device.platform.run();
	const update = device.take();
	equal([update.code, uri(update)], [2, "rd/5a3f"]);
	ok(device.isQuiet);
	device.registry.set("/3303/0/5700", 3);
	device.platform.run();
	device.reply(update, { code: 0x44 });
	for (const expected of ["1", "2", "3"]) {
		const notification = device.take();
		equal([text(notification.payload), notification.token], [expected, token]);
	}
	ok(device.isQuiet);
	equal(device.get("3/0/3"), "2.05 1.0");
	device.platform.advance(AWAKE);
	equal(device.client.servers[0]!.outbox.state, ASLEEP);
});

test("an Update that is due wakes the device, and the server's requests are heard until it sleeps again", () => {
	const device = sleepy();
	device.platform.advance(86_307_000);
	const update = device.take();
	equal(uri(update), "rd/5a3f");
	device.reply(update, { code: 0x44 });
	equal(device.get("3/0/3"), "2.05 1.0");
});

test("without queue mode the device never sleeps", () => {
	const device = new CaseDevice();
	device.registry.set("/1/0/1", 86_400);
	device.register();
	device.platform.advance(80_000_000);
	equal(device.logged("RX window").length, 0);
	equal(device.client.servers[0]!.queueState, "off");
});

test("while the Update is not answered what is to be told waits, and goes out when it is", () => {
	const device = sleepy();
	device.observe("3303/0/5700");
	device.client.update();
	device.platform.run();
	while (device.logged("no answer").length === 0) device.platform.advance(1000);
	device.platform.socket.sent = [];
	for (const value of [31, 32, 33]) {
		device.registry.set("/3303/0/5700", value);
		device.platform.run();
	}
	ok(device.isQuiet);
	while (device.isQuiet) device.platform.advance(1000);
	device.reply(device.take(), { code: 0x44 });
	equal(
		[0, 1, 2].map(() => text(device.take().payload)),
		["31", "32", "33"],
	);
});

test("samples that nobody has acknowledged while the server is away are told once, with those that came after", () => {
	const device = sleepy();
	device.client.cache.enable("/3303/0/5700", 10);
	device.observe("3303/0/5700", SENML_JSON);
	device.platform.advance(AWAKE);
	device.registry.set("/3303/0/5700", 1);
	// nobody answers the Update, nor in the end the notification that waits for it
	for (let i = 0; i < 20; i++) device.platform.advance(10_000);
	device.registry.set("/3303/0/5700", 2);
	device.platform.socket.sent = [];
	while (device.isQuiet) device.platform.advance(1000);
	device.reply(device.take(), { code: 0x44 });
	const notification = device.take();
	equal(notification.type, 0);
	equal(
		text(notification.payload)
			.replace(/"b?t":-?[0-9.]+,?/g, "")
			.split('"v":').length,
		3,
	);
	ok(device.isQuiet);
});

test("a server that does not want notifications stored gets those that come after", () => {
	const device = sleepy(false);
	device.observe("3303/0/5700");
	device.client.update();
	device.platform.run();
	while (device.logged("no answer").length === 0) device.platform.advance(1000);
	device.platform.socket.sent = [];
	device.registry.set("/3303/0/5700", 31);
	while (device.isQuiet) device.platform.advance(1000);
	device.reply(device.take(), { code: 0x44 });
	ok(device.isQuiet);
	device.registry.set("/3303/0/5700", 32);
	equal(line(device.takeAfter(0)), "2.05 32");
});

test("a pause stops everything without a word, and resume sends an Update and then what waited", () => {
	const device = new CaseDevice().register();
	device.observe("3303/0/5700");
	device.client.pause();
	device.client.pause();
	equal(device.events.filter((event) => event === ENGINE_SUSPENDED).length, 1);
	device.registry.set("/3303/0/5700", 30);
	device.platform.advance(100_000);
	ok(device.isQuiet);
	device.client.resume();
	const update = device.takeAfter(0);
	equal(uri(update), "rd/5a3f");
	device.reply(update, { code: 0x44 });
	equal(line(device.take()), "2.05 30");
});

test("a pause that outlasts the lifetime ends with a Register; to stop while paused deregisters", () => {
	const device = new CaseDevice().register();
	device.client.pause();
	device.platform.advance(400_000);
	device.client.resume();
	equal(uri(device.takeAfter(0)), "rd?lwm2m=1.1&ep=d1&lt=300");
	const other = new CaseDevice().register();
	other.client.pause();
	other.client.stop();
	equal(other.takeAfter(0).code, 4);
});

test("the outbox keeps as many messages as it may, the newest of them, and each once", () => {
	const sent: number[] = [];
	const outbox = new Outbox({
		log: new Log(OFF, () => {}),
		now: () => 0,
		send: (datagram) => sent.push(datagram[3]!),
		isAwaited: (mid) => mid !== 0x1c9,
		onWanted() {},
		onAsleep() {},
		awakeSeconds: undefined,
	});
	equal(outbox.state, CLOSED);
	for (let i = 0; i < HELD_MESSAGES + 3; i++) {
		outbox.put(Uint8Array.of(0x50, 0x45, 0, i), 4);
		outbox.put(Uint8Array.of(0x50, 0x45, 0, i), 4);
	}
	// two confirmable ones, of which the second is given up before it goes
	outbox.put(Uint8Array.of(0x40, 2, 1, 200), 4);
	outbox.put(Uint8Array.of(0x40, 2, 1, 201), 4);
	equal([outbox.count, outbox.confirmables], [HELD_MESSAGES, 2]);
	outbox.dropNotifications();
	outbox.put(Uint8Array.of(0x50, 0x45, 0, 7), 4);
	outbox.open();
	equal([sent, outbox.state], [[200, 7], OPEN]);
	outbox.put(Uint8Array.of(0x50, 0x45, 0, 8), 4);
	equal(sent[2], 8);
	equal(outbox.step(AWAKE - 1, true), AWAKE);
	equal(outbox.step(AWAKE, false), Number.POSITIVE_INFINITY);
	equal(outbox.state, OPEN);
	outbox.step(AWAKE, true);
	equal(outbox.state, ASLEEP);
});

test("the time that the device listens is announced where it is set, and kept to", () => {
	const { registry } = new CaseDevice();
	const platform = new TestPlatform();
	const client = new Client({ endpoint: "d2", objects: caseObjects, platform, awakeSeconds: 10 });
	client.registry.set("/0/0/0", registry.get("/0/0/0")!);
	client.registry.set("/0/0/1", false);
	client.registry.set("/0/0/10", 1);
	client.registry.set("/1/0/0", 1);
	client.registry.set("/1/0/1", 300);
	client.registry.set("/1/0/7", "UQ");
	client.start();
	platform.run();
	const request = parse(platform.socket.take()!);
	equal(uri(request), "rd?lwm2m=1.1&ep=d2&Q&lt=300&at=10000");
	platform.socket.deliver(datagram({ type: 2, mid: request.mid, code: 0x41, location: "rd/1" }));
	platform.advance(10_000);
	equal(client.servers[0]!.outbox.state, ASLEEP);
});

test("a device that hardly listens wakes once in 15 s, whatever it has to tell", () => {
	const { registry } = new CaseDevice();
	const platform = new TestPlatform();
	const client = new Client({ endpoint: "d3", objects: caseObjects, platform, awakeSeconds: 1 });
	for (const [path, value] of [
		["/0/0/0", registry.get("/0/0/0")!],
		["/1/0/7", "UQ"],
		["/3303/0/5700", 0],
	] as const)
		client.registry.set(path, value);
	client.registry.set("/0/0/1", false);
	client.registry.set("/0/0/10", 1);
	client.registry.set("/1/0/0", 1);
	client.registry.set("/1/0/1", 86_400);
	client.start();
	platform.run();
	const { socket } = platform;
	const answer = (code: number, location?: string) => {
		const { mid, token } = parse(socket.take()!);
		socket.deliver(datagram({ type: 2, mid, token, code, ...(location ? { location } : {}) }));
		platform.run();
	};
	answer(0x41, "rd/1");
	socket.deliver(datagram({ type: 0, mid: 1, code: 1, path: "3303/0/5700", accept: 0, observe: 0 }));
	platform.run();
	socket.sent = [];
	let updates = 0;
	const told: string[] = [];
	for (let second = 1; second <= 60; second++) {
		if (second % 3 === 0) client.registry.set("/3303/0/5700", second);
		platform.advance(1000);
		while (socket.sent.length > 0) {
			const message = parse(socket.sent[0]!);
			if (message.code === 2) {
				updates++;
				answer(0x44);
			} else told.push(text(parse(socket.take()!).payload));
		}
	}
	ok(updates >= 3 && updates <= 5, `${updates}`);
	ok(told.length > 14, `${told.length} were told`);
});
