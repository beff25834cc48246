// The registration: every edge of its table, what goes over the wire, and when. OMA-TS-LightweightM2M_Core-V1_1_1 6.2.
import { REOPEN_SECONDS, RETRY_COUNT, RETRY_SECONDS, SEQUENCE_DELAY_SECONDS } from "../../src/config.js";
import {
	DEREGISTER,
	DEREGISTER_FAILURE,
	DISCONNECT,
	NETWORK_ERROR,
	REG_TIMEOUT,
	REG_UPDATE,
	REG_UPDATE_COMPLETE,
	REGISTRATION_COMPLETE,
	REGISTRATION_FAILURE,
} from "../../src/lwm2m/event.js";
import {
	DEREGISTERING,
	IDLE,
	REGISTERED,
	REGISTERING,
	UPDATING,
	WAITING,
} from "../../src/lwm2m/registration-states.js";
import { type CoapMessage, integers, text, texts } from "../support/coap.js";
import { equal, ok, test, throws } from "../support/test.js";
import { CaseDevice, line, SENML_JSON, uri } from "./lwm2m-cases.js";

const SILENCE = 100_000;

function registrationOf(device: CaseDevice) {
	return device.client.servers[0]!.registration;
}

/** A device that has sent its Register, and the Register. */
function registering(device = new CaseDevice()): { device: CaseDevice; request: CoapMessage } {
	device.client.start();
	device.platform.run();
	return { device, request: device.take() };
}

/** Throws away what has been sent: retransmissions. */
function forget(device: CaseDevice): number {
	const count = device.platform.socket.sent.length;
	device.platform.socket.sent = [];
	return count;
}

test("LightweightM2M-1.1-int-101: a client registers", () => {
	const { device, request } = registering();
	equal([request.type, request.code, uri(request)], [0, 2, "rd?lwm2m=1.1&ep=d1&lt=300"]);
	equal(integers(request, 12), [40]);
	equal(registrationOf(device).state, REGISTERING);
	equal(registrationOf(device).location, "");
	device.reply(request, { code: 0x41, location: "rd/5a3f" });
	equal(registrationOf(device).state, REGISTERED);
	equal(registrationOf(device).location, "/rd/5a3f");
	equal(registrationOf(device).lifetimeLeftSeconds(), 300);
	equal(device.events, [REGISTRATION_COMPLETE]);
	device.platform.run();
	ok(device.isQuiet);
});

test("LightweightM2M-1.1-int-102: a new lifetime goes with an Update, and only once", () => {
	const device = new CaseDevice().register();
	device.deliver({ code: 3, mid: 1, path: "1/0/1", payload: "120", format: 0 });
	equal(line(device.take()), "2.04");
	const update = device.take();
	equal([update.code, uri(update), update.payload.length], [2, "rd/5a3f?lt=120", 0]);
	equal(registrationOf(device).state, UPDATING);
	device.reply(update, { code: 0x44 });
	equal(registrationOf(device).state, REGISTERED);
	equal(device.events, [REGISTRATION_COMPLETE, REG_UPDATE, REG_UPDATE_COMPLETE]);
	equal([device.logged("Update Done").length, device.logged("Registration update complete").length], [1, 1]);
	ok(device.isQuiet);
	device.client.update();
	equal(uri(device.takeAfter(0)), "rd/5a3f");
});

test("LightweightM2M-1.1-int-103: a client that stops deregisters", () => {
	const device = new CaseDevice().register();
	let stopped = 0;
	device.client.stop(() => stopped++);
	const request = device.takeAfter(0);
	equal([request.code, uri(request), registrationOf(device).state], [4, "rd/5a3f", DEREGISTERING]);
	// until that is answered, requests are too
	equal(device.get("3/0/3"), "2.05 1.0");
	equal(stopped, 0);
	device.reply(request, { code: 0x42 });
	equal([stopped, device.client.servers.length, device.platform.socket.isClosed], [1, 0, true]);
	equal(device.events, [REGISTRATION_COMPLETE, DEREGISTER, DISCONNECT]);
	equal(device.logged("Deregistration success").length, 1);
	device.platform.advance(1_000_000);
	ok(device.isQuiet);
});

test("LightweightM2M-1.1-int-104: Execute of the registration update trigger brings an Update", () => {
	const device = new CaseDevice().register();
	device.registry.onExecute("/1/*/8", () => device.client.update());
	device.deliver({ code: 2, mid: 1, path: "1/0/8" });
	equal(line(device.take()), "2.04");
	equal(uri(device.take()), "rd/5a3f");
	ok(device.isQuiet);
});

test("LightweightM2M-1.1-int-105: a client whose Update is answered by 4.04 registers again", () => {
	const device = new CaseDevice().register();
	device.client.update();
	device.reply(device.takeAfter(0), { code: 0x84 });
	equal(registrationOf(device).state, REGISTERING);
	const request = device.take();
	equal(uri(request), "rd?lwm2m=1.1&ep=d1&lt=300");
	device.reply(request, { code: 0x41, location: "rd/2" });
	equal(registrationOf(device).location, "/rd/2");
	equal(device.events, [REGISTRATION_COMPLETE, REG_UPDATE, REGISTRATION_COMPLETE]);
});

test("LightweightM2M-1.1-int-107: the lifetime is extended in time, again and again", () => {
	const device = new CaseDevice().register();
	for (let i = 0; i < 5; i++) {
		device.platform.advance(269_000);
		ok(device.isQuiet);
		const update = device.takeAfter(1000);
		equal(uri(update), "rd/5a3f");
		equal(registrationOf(device).lifetimeLeftSeconds(), 30);
		device.reply(update, { code: 0x44 });
		equal(registrationOf(device).lifetimeLeftSeconds(), 300);
	}
});

test("the Update comes early enough for its retransmissions where the lifetime is long, and not too often where it is short", () => {
	for (const [lifetime, seconds] of [
		[86_400, 86_307],
		[930, 837],
		[60, 50],
		[20, 15],
	] as const) {
		const device = new CaseDevice();
		device.registry.set("/1/0/1", lifetime);
		device.register();
		device.platform.advance(seconds * 1000 - 1);
		ok(device.isQuiet, `${lifetime}`);
		equal(uri(device.takeAfter(1)), "rd/5a3f");
	}
});

test("a lifetime of 0 is for ever: no Update comes", () => {
	const device = new CaseDevice();
	device.registry.set("/1/0/1", 0);
	device.register();
	device.platform.advance(100_000_000);
	ok(device.isQuiet);
});

test("4.12 makes the client step down from 1.2 to 1.1 to 1.0, with the names and versions of each", () => {
	const { device, request } = registering(new CaseDevice("1.2"));
	const seen: string[] = [];
	let current = request;
	for (let i = 0; i < 3; i++) {
		seen.push(uri(current), text(current.payload));
		device.reply(current, { code: 0x8c });
		if (i < 2) current = device.take();
	}
	equal(seen, [
		"rd?lwm2m=1.2&ep=d1&lt=300",
		'</>;rt="oma.lwm2m";ct="0 42 60 110 112 11542 11543 11544",</1>;ver=1.2,</1/0>,</3>;ver=1.2,</3/0>,</6>,</16>,</3303>;ver=1.1,</3303/0>,</3441>',
		"rd?lwm2m=1.1&ep=d1&lt=300",
		'</>;rt="oma.lwm2m";ct="0 42 60 110 112 11542 11543",</1>;ver=1.1,</1/0>,</3>;ver=1.1,</3/0>,</6>,</16>,</3303>;ver=1.1,</3303/0>,</3441>',
		"rd?lwm2m=1.0&ep=d1&lt=300",
		'</>;rt="oma.lwm2m";ct="0 42 11542 11543",</1/0>,</3/0>,</6>,</16>,</3303/0>,</3441>',
	]);
	equal(registrationOf(device).state, WAITING, "there is nothing below 1.0");
	equal(device.events, [REGISTRATION_FAILURE]);
	equal(device.client.servers[0]!.enabler, "1.0");
});

test("the binding is announced in the form of the enabler", () => {
	for (const [enabler, binding, expected] of [
		["1.1", "U", ""],
		["1.1", "UQ", "&Q"],
		["1.0", "UQ", "&b=UQ"],
		["1.1", "US", "&b=US"],
		["1.2", "UT", "&b=UT"],
	] as const) {
		const device = new CaseDevice(enabler);
		device.registry.set("/1/0/7", binding);
		equal(uri(registering(device).request), `rd?lwm2m=${enabler}&ep=d1${expected}&lt=300`);
	}
});

test("a binding that changes goes with an Update, its default too; queue mode takes a Register since 1.1", () => {
	const device = new CaseDevice("1.0").register();
	for (const binding of ["UQ", "U"]) {
		device.registry.set("/1/0/7", binding);
		const update = device.takeAfter(0);
		equal(uri(update), `rd/5a3f?b=${binding}`);
		device.reply(update, { code: 0x44 });
	}
	const newer = new CaseDevice("1.1").register();
	newer.registry.set("/1/0/7", "UQ");
	const request = newer.takeAfter(0);
	equal(uri(request), "rd?lwm2m=1.1&ep=d1&Q&lt=300");
	newer.reply(request, { code: 0x41, location: "rd/2" });
	newer.registry.set("/1/0/7", "USQ");
	equal(uri(newer.takeAfter(0)), "rd/2?b=US");
});

test("a refusal of the Register is reported, and tried again after a while that doubles", () => {
	const { device, request } = registering();
	let current = request;
	let delay = RETRY_SECONDS;
	for (let attempt = 1; attempt <= RETRY_COUNT; attempt++) {
		device.reply(current, { code: attempt === 1 ? 0x80 : 0x83 });
		equal(registrationOf(device).state, WAITING);
		const wait = attempt === RETRY_COUNT ? SEQUENCE_DELAY_SECONDS : delay;
		device.platform.advance(wait * 1000 - 1);
		ok(device.isQuiet, `attempt ${attempt}`);
		current = device.takeAfter(1);
		equal(uri(current), "rd?lwm2m=1.1&ep=d1&lt=300");
		delay *= 2;
	}
	equal(device.logged("Failed with code 4.00").length, 1);
	equal(device.logged("Failed with code 4.03").length, RETRY_COUNT - 1);
	equal(device.events, Array(RETRY_COUNT).fill(REGISTRATION_FAILURE));
	device.reply(current, { code: 0x41, location: "rd/1" });
	equal(registrationOf(device).state, REGISTERED);
});

test("a Register without an answer is repeated four times, then tried again later with another message id", () => {
	const { device, request } = registering();
	device.platform.advance(SILENCE);
	equal(forget(device), 4);
	equal(registrationOf(device).state, WAITING);
	equal(device.events, [REG_TIMEOUT]);
	device.platform.advance(RETRY_SECONDS * 1000);
	const again = device.take();
	equal(uri(again), "rd?lwm2m=1.1&ep=d1&lt=300");
	ok(again.mid !== request.mid);
	// an answer to the first one that comes now has no token of the second
	ok(again.token.length > 0);
});

test("a Register that is answered by RST is tried again later", () => {
	const { device, request } = registering();
	device.deliver({ type: 3, code: 0, mid: request.mid });
	equal([registrationOf(device).state, device.events], [WAITING, [REG_TIMEOUT]]);
	equal(device.logged("reset by the server").length, 1);
});

test("a Register that is answered separately is one all the same", () => {
	const { device, request } = registering();
	device.deliver({ type: 2, code: 0, mid: request.mid });
	equal(registrationOf(device).state, REGISTERING);
	device.deliver({ type: 0, code: 0x41, mid: 4711, token: request.token, location: "rd/9" });
	equal(registrationOf(device).location, "/rd/9");
	const acknowledgement = device.take();
	equal([acknowledgement.type, acknowledgement.code, acknowledgement.mid], [2, 0, 4711]);
});

test("an answer without a usable location is a failure, and tried again", () => {
	for (const options of [[], [[8, new Uint8Array(0)]], [[8, new Uint8Array(256)]]] as [number, Uint8Array][][]) {
		const { device, request } = registering();
		device.reply(request, { code: 0x41, options });
		equal([registrationOf(device).state, device.events], [WAITING, [REGISTRATION_FAILURE]]);
		equal(device.logged("no usable Location-Path").length, 1);
		device.platform.advance(RETRY_SECONDS * 1000);
		device.reply(device.take(), { code: 0x41, location: "rd/1" });
		equal(registrationOf(device).state, REGISTERED);
	}
});

test("a location may be long, and of one segment or many", () => {
	for (const location of [
		"x",
		`rd/${"a".repeat(12)}`,
		`rd/${"b".repeat(13)}`,
		`rd/${"c".repeat(255)}`,
		"a/b/c/d/e/f/g/h",
	]) {
		const { device, request } = registering();
		device.reply(request, { code: 0x41, location });
		equal(registrationOf(device).location, `/${location}`);
		device.client.update();
		equal(texts(device.takeAfter(0), 11).join("/"), location);
	}
});

test("an Update without an answer when the lifetime is over brings a Register", () => {
	const device = new CaseDevice().register();
	const update = device.takeAfter(270_000);
	device.platform.advance(SILENCE);
	equal(forget(device) > 4, true);
	equal(registrationOf(device).state, REGISTERING);
	equal(device.events.slice(1), [REG_UPDATE, REG_TIMEOUT]);
	// an answer to the Update that is late
	device.reply(update, { code: 0x44 });
	equal(registrationOf(device).state, REGISTERING);
});

test("an Update without an answer is sent again while the lifetime lasts, later each time, with what has not arrived", () => {
	const device = new CaseDevice();
	device.registry.set("/1/0/1", 86_400);
	device.register();
	device.observe("3303/0/5700");
	device.registry.set("/1/0/1", 80_000);
	equal(uri(device.takeAfter(0)), "rd/5a3f?lt=80000");
	const sentAt: number[] = [];
	for (let i = 0; i < 3; i++) {
		const start = device.platform.nowMs;
		while (registrationOf(device).state === UPDATING) device.platform.advance(1000);
		forget(device);
		while (device.isQuiet) device.platform.advance(1000);
		sentAt.push((device.platform.nowMs - start) / 1000);
		equal(uri(device.take()), "rd/5a3f?lt=80000");
	}
	ok(
		sentAt.every((seconds) => seconds >= 15),
		"not more often than every 15 s",
	);
	ok(sentAt[2]! > sentAt[0]! + 30, `later each time: ${sentAt}`);
	equal(device.client.observations.count, 1, "what is observed stays observed");
	equal(device.events.filter((event) => event === REG_TIMEOUT).length, 3);
});

test("an Update that is answered by RST, or refused, brings a Register", () => {
	for (const code of [0, 0x80, 0x81, 0xa0]) {
		const device = new CaseDevice().register();
		device.client.update();
		const update = device.takeAfter(0);
		if (code === 0) device.deliver({ type: 3, code: 0, mid: update.mid });
		else device.reply(update, { code });
		equal([registrationOf(device).state, uri(device.take())], [REGISTERING, "rd?lwm2m=1.1&ep=d1&lt=300"]);
	}
});

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

test("a start of the machine itself does nothing where it is started", () => {
	const device = new CaseDevice().register();
	registrationOf(device).start();
	device.platform.run();
	ok(device.isQuiet);
	equal(registrationOf(device).deadline, device.platform.nowMs + 270_000);
});

test("instances that come and go every second bring an Update in 15 s, with what there is then", () => {
	const device = new CaseDevice().register();
	let updates = 0;
	for (let second = 0; second < 60; second++) {
		if (second % 2 === 0) device.registry.create("/16/1");
		else device.registry.delete("/16/1");
		device.platform.run();
		updates += device.answerUpdates();
		device.platform.advance(1000);
	}
	equal(updates, 4);
	// what a server asks for does not wait
	equal(device.post("1/0/8"), "2.04");
	const before = device.logged("Update Done").length;
	equal(device.post("1/0/8"), "2.04");
	equal(device.logged("Update Done").length, before + 1);
});

test("an edge that the table lacks is refused", () => {
	const device = new CaseDevice().register();
	const registration = registrationOf(device);
	device.client.stop();
	device.takeAfter(0);
	equal(registration.state, DEREGISTERING);
	registration.onOutcome(0x42);
	equal(registration.state, IDLE);
	registration.onOutcome(0x44);
	equal(registration.state, IDLE, "an outcome that nobody waits for");
	throws(() => {
		// a stop whose De-register is asked for by a state that has no location
		const other = registrationOf(registering().device);
		other.stop(() => other.start());
		other.stop(() => {});
		if (other.state !== IDLE) throw new Error("left IDLE");
		throw new RangeError("as it should be");
	}, "RangeError");
});

test("a server whose name does not resolve is tried again later", () => {
	const device = new CaseDevice();
	device.registry.set("/0/0/0", "coap://server.example:5683");
	device.client.start();
	device.platform.run();
	equal([device.events, device.platform.sockets.length], [[NETWORK_ERROR], 0]);
	device.platform.names.set("server.example", "192.0.2.7");
	device.platform.advance(RETRY_SECONDS * 1000);
	equal(device.platform.socket.options.address, "192.0.2.7");
	equal(uri(device.take()), "rd?lwm2m=1.1&ep=d1&lt=300");
});

test("a socket that fails is opened again later, and the server learns of the new address by an Update", () => {
	const device = new CaseDevice().register();
	device.platform.socket.options.onError("interface is down");
	equal(device.events, [REGISTRATION_COMPLETE, NETWORK_ERROR]);
	device.platform.advance(REOPEN_SECONDS * 1000 - 1);
	equal(device.platform.sockets.length, 1);
	device.platform.advance((REOPEN_SECONDS * 1000) / 4 + 1);
	equal(device.platform.sockets.length, 2);
	equal(uri(device.take()), "rd/5a3f");
});

test("an application whose event handler throws does not stop the client", () => {
	const { device, request } = registering();
	device.onEvent = () => {
		throw new Error("my mistake");
	};
	device.reply(request, { code: 0x41, location: "rd/1" });
	equal(device.logged("onEvent failed: Error: my mistake").length, 1);
	equal(device.get("3/0/3"), "2.05 1.0");
});

test("two servers are registered at, each with its own short server id and lifetime", () => {
	const device = new CaseDevice();
	const { registry } = device;
	registry.set("/0/1/0", "coap://192.0.2.2");
	registry.set("/0/1/1", false);
	registry.set("/0/1/10", 7);
	registry.set("/1/1/0", 7);
	registry.set("/1/1/1", 60);
	registry.set("/1/1/7", "U");
	device.client.start();
	device.platform.run();
	equal(
		device.platform.sockets.map((socket) => [socket.options.address, socket.options.port]),
		[
			["192.0.2.1", 5683],
			["192.0.2.2", 5683],
		],
	);
	const request = device.take();
	equal(uri(request), "rd?lwm2m=1.1&ep=d1&lt=60");
	device.reply(request, { code: 0x41, location: "rd/b" });
	equal(
		device.client.servers.map((server) => [server.shortServerId, server.registration.state]),
		[
			[1, REGISTERING],
			[7, REGISTERED],
		],
	);
	// the second goes on when the first is left
	let stopped = 0;
	device.client.stop(() => stopped++);
	equal(stopped, 0);
	device.reply(device.takeAfter(0), { code: 0x42 });
	equal(stopped, 1);
});

test("a client without a server account cannot start", () => {
	const device = new CaseDevice();
	device.registry.set("/0/0/10", 2);
	throws(() => device.client.start(), "RangeError");
	equal(device.logged("no Server instance has its short server id 2").length, 1);
	device.registry.remove("/0/0/10");
	device.registry.remove("/1/0/0");
	throws(() => device.client.start(), "RangeError");
});

test("a Read of the registration's own object shows what is in force", () => {
	const device = new CaseDevice().register();
	equal(
		device.get("1/0", SENML_JSON),
		'2.05 [{"bn":"/1/0/","n":"0","v":1},{"n":"1","v":300},{"n":"6","vb":true},{"n":"7","vs":"U"}]',
	);
});
