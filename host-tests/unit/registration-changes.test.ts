// What changes while a registration is at work, and how it ends.
import { RETRY_SECONDS, SEQUENCE_DELAY_SECONDS } from "../../src/config.js";
import { DEREGISTER, DEREGISTER_FAILURE, DISCONNECT, REGISTRATION_COMPLETE } from "../../src/lwm2m/event.js";
import { DEREGISTERING, REGISTERED } from "../../src/lwm2m/registration-states.js";
import { type CoapMessage, integers, text } from "../support/coap.js";
import { equal, ok, test } from "../support/test.js";
import { CaseDevice, line, uri } from "./lwm2m-cases.js";
import { registering, registrationOf, SILENCE } from "./registration-cases.js";

test("many changes bring one Update, and those during an Update one more", () => {
	const device = new CaseDevice().register();
	const { registry } = device;
	for (let i = 0; i < 3; i++) registry.create(`/16/${i}`);
	registry.set("/1/0/1", 100);
	registry.set("/1/0/1", 200);
	device.client.update();
	const first = device.takeAfter(0);
	equal(uri(first), "rd/5a3f?lt=200");
	ok(line(first).includes("</16/0>,</16/1>,</16/2>"));
	equal(integers(first, 12), [40]);
	registry.delete("/16/1");
	registry.set("/1/0/1", 300);
	device.client.update();
	device.platform.run();
	ok(device.isQuiet, "one at a time");
	device.reply(first, { code: 0x44 });
	const second = device.take();
	equal(uri(second), "rd/5a3f?lt=300");
	ok(line(second).includes("</16/0>,</16/2>"));
	device.reply(second, { code: 0x44 });
	device.platform.run();
	ok(device.isQuiet);
});

test("an Update with nothing new has no payload and no parameters", () => {
	const device = new CaseDevice().register();
	device.client.update(1);
	const update = device.takeAfter(0);
	equal([uri(update), update.payload.length, integers(update, 12)], ["rd/5a3f", 0, []]);
	device.reply(update, { code: 0x44 });
	device.client.update(2);
	device.platform.run();
	ok(device.isQuiet, "another server is meant");
});

test("what changes during the Register is told by an Update after it", () => {
	const { device, request } = registering();
	device.registry.create("/16/0");
	device.registry.set("/1/0/1", 60);
	device.platform.run();
	ok(device.isQuiet);
	device.reply(request, { code: 0x41, location: "rd/1" });
	const update = device.take();
	equal(uri(update), "rd/1?lt=60");
	ok(line(update).includes("</16/0>"));
});

test("what changes while the client waits for its next attempt is in that attempt", () => {
	const { device, request } = registering();
	device.reply(request, { code: 0x80 });
	device.registry.create("/16/0");
	device.registry.set("/1/0/1", 60);
	device.client.update();
	device.platform.run();
	ok(device.isQuiet);
	const again = device.takeAfter(RETRY_SECONDS * 1000);
	equal(uri(again), "rd?lwm2m=1.1&ep=d1&lt=60");
	ok(line(again).includes("</16/0>"));
	device.reply(again, { code: 0x41, location: "rd/1" });
	ok(device.isQuiet);
});

test("a lifetime below 0 is registered as one for ever", () => {
	const device = new CaseDevice().register();
	equal(device.put("1/0/1", "-5"), "2.04");
	device.platform.advance(10_000_000);
	ok(device.isQuiet);
});

test("links that fill more than a datagram go by Block1", () => {
	const device = new CaseDevice();
	device.registry.set("/1/0/7", "U");
	const { model } = device.registry;
	for (let id = 100; id < 300; id++)
		model.addObject({ id, name: "x", versions: { "1.1": "1.0" }, instances: 1, resources: {}, ids: [] });
	let { request } = registering(device);
	let links = "";
	for (let number = 0; ; number++) {
		equal(uri(request), "rd?lwm2m=1.1&ep=d1&lt=300");
		const block = integers(request, 27)[0]!;
		equal(block >> 4, number);
		links += text(request.payload);
		if ((block & 8) === 0) break;
		device.reply(request, { code: 0x5f, block1: block });
		request = device.take();
	}
	device.reply(request, { code: 0x41, location: "rd/1", block1: integers(request, 27)[0]! });
	equal(registrationOf(device).state, REGISTERED);
	equal(links.split(",").length, 210);
	ok(links.endsWith(",</3441>"));
});

test("an Update goes out while another request awaits its separate response", () => {
	const device = new CaseDevice().register();
	const { exchanges } = device.client.servers[0]! as unknown as {
		exchanges: {
			begin(code: number, most?: number): boolean;
			send(requester: { onOutcome(outcome: number): void }): boolean;
		};
	};
	ok(exchanges.begin(2));
	ok(exchanges.send({ onOutcome() {} }));
	const send = device.take();
	device.client.update();
	device.platform.run();
	ok(device.isQuiet, "it has not been acknowledged");
	device.deliver({ type: 2, code: 0, mid: send.mid });
	equal(uri(device.take()), "rd/5a3f");
});

test("an Update that finds no room stays due, and goes out once there is some", () => {
	const device = new CaseDevice().register();
	const { exchanges } = device.client.servers[0]! as unknown as {
		exchanges: {
			begin(code: number, most?: number): boolean;
			send(requester: { onOutcome(outcome: number): void }): boolean;
		};
	};
	const sent: CoapMessage[] = [];
	while (exchanges.begin(2, 5) && exchanges.send({ onOutcome() {} })) sent.push(device.take());
	for (const one of sent) device.deliver({ type: 2, code: 0, mid: one.mid });
	device.client.update();
	device.platform.run();
	ok(device.isQuiet);
	device.deliver({ type: 1, code: 0x44, mid: 5000, token: sent[0]!.token });
	equal(uri(device.take()), "rd/5a3f");
});

test("to stop while registering ends it without a De-register", () => {
	const { device, request } = registering();
	let stopped = 0;
	device.client.stop(() => stopped++);
	equal([stopped, device.events], [1, [DISCONNECT]]);
	device.platform.advance(SILENCE);
	ok(device.isQuiet);
	device.platform.socket.deliver();
	void request;
});

test("to stop while updating, or while waiting for an attempt, is possible", () => {
	const device = new CaseDevice().register();
	device.client.update();
	const update = device.takeAfter(0);
	device.client.stop();
	const request = device.takeAfter(0);
	equal([request.code, uri(request)], [4, "rd/5a3f"]);
	device.reply(update, { code: 0x44 });
	equal(registrationOf(device).state, DEREGISTERING);
	device.reply(request, { code: 0x42 });
	equal(device.client.servers.length, 0);

	const waiting = registering();
	waiting.device.reply(waiting.request, { code: 0x80 });
	waiting.device.client.stop();
	equal(waiting.device.client.servers.length, 0);
	waiting.device.platform.advance(SEQUENCE_DELAY_SECONDS * 1000);
	ok(waiting.device.isQuiet);
});

test("to stop twice is to stop once, and both are told", () => {
	const device = new CaseDevice().register();
	const told: number[] = [];
	device.client.stop(() => told.push(1));
	const request = device.takeAfter(0);
	device.client.stop(() => told.push(2));
	device.platform.run();
	equal([told, device.isQuiet], [[], true]);
	device.reply(request, { code: 0x42 });
	equal(told, [1, 2]);
	device.client.stop(() => told.push(3));
	equal(told, [1, 2, 3]);
	equal(device.events, [REGISTRATION_COMPLETE, DEREGISTER, DISCONNECT]);
});

test("a De-register without an answer, or refused, ends all the same", () => {
	for (const code of [0, 0x84]) {
		const device = new CaseDevice().register();
		let stopped = 0;
		device.client.stop(() => stopped++);
		const request = device.takeAfter(0);
		if (code === 0) device.platform.advance(SILENCE);
		else device.reply(request, { code });
		equal(stopped, 1);
		equal(device.events, [REGISTRATION_COMPLETE, DEREGISTER, DEREGISTER_FAILURE, DISCONNECT]);
	}
});

test("a client that was stopped can be started again, also before the De-register is answered", () => {
	const device = new CaseDevice().register();
	device.client.stop();
	device.reply(device.takeAfter(0), { code: 0x42 });
	device.client.start();
	const register = device.takeAfter(0);
	equal(uri(register), "rd?lwm2m=1.1&ep=d1&lt=300");
	device.reply(register, { code: 0x41, location: "rd/2" });
	device.client.stop();
	device.client.start();
	const deregister = device.takeAfter(0);
	equal(deregister.code, 4);
	device.reply(deregister, { code: 0x42 });
	equal(uri(device.takeAfter(0)), "rd?lwm2m=1.1&ep=d1&lt=300");
	device.client.start();
	device.platform.run();
	ok(device.isQuiet, "it is started already");
});
