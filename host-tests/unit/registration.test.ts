// Register, Update, De-register as the standard has them. OMA-TS-LightweightM2M_Core-V1_1_1 6.2, and its enabler tests.
import {
	DEREGISTER,
	DISCONNECT,
	REG_UPDATE,
	REG_UPDATE_COMPLETE,
	REGISTRATION_COMPLETE,
	REGISTRATION_FAILURE,
} from "../../src/lwm2m/event.js";
import { DEREGISTERING, REGISTERED, REGISTERING, UPDATING, WAITING } from "../../src/lwm2m/registration-states.js";
import { integers, text } from "../support/coap.js";
import { equal, ok, test } from "../support/test.js";
import { CaseDevice, line, uri } from "./lwm2m-cases.js";
import { registering, registrationOf } from "./registration-cases.js";

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
