// Registrations that fail: refused, unanswered, reset, without a usable location. OMA-TS-LightweightM2M_Core-V1_1_1 6.2.1.2.
import { RETRY_COUNT, RETRY_SECONDS, SEQUENCE_DELAY_SECONDS } from "../../src/config.js";
import { REG_TIMEOUT, REG_UPDATE, REGISTRATION_FAILURE } from "../../src/lwm2m/event.js";
import { REGISTERED, REGISTERING, UPDATING, WAITING } from "../../src/lwm2m/registration-states.js";
import { texts } from "../support/coap.js";
import { equal, ok, test } from "../support/test.js";
import { CaseDevice, uri } from "./lwm2m-cases.js";
import { registering, registrationOf, SILENCE } from "./registration-cases.js";

/** Throws away what has been sent: retransmissions. */
function forget(device: CaseDevice): number {
	const count = device.platform.socket.sent.length;
	device.platform.socket.sent = [];
	return count;
}

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
