// What a client makes of its registrations: instances that come and go, addresses, several servers.
import { REOPEN_SECONDS, RETRY_SECONDS } from "../../src/config.js";
import { NETWORK_ERROR, REGISTRATION_COMPLETE } from "../../src/lwm2m/event.js";
import { DEREGISTERING, IDLE, REGISTERED, REGISTERING } from "../../src/lwm2m/registration-states.js";
import { equal, ok, test, throws } from "../support/test.js";
import { CaseDevice, SENML_JSON, uri } from "./lwm2m-cases.js";
import { registering, registrationOf } from "./registration-cases.js";

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
