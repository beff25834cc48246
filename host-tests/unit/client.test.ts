// The client as a whole, on the platform in memory: what a server sees of it.
import { datagram, integers, text, texts } from "../support/coap.js";
import { TestDevice } from "../support/device.js";
import { ascii, equal, ok, test } from "../support/test.js";

test("LightweightM2M-1.1-int-101: a client registers with its name, lifetime, version and objects", () => {
	const device = new TestDevice();
	device.client.start();
	device.platform.run();
	const request = device.take();
	equal(request.code, 2);
	equal(texts(request, 11), ["rd"]);
	equal(integers(request, 12), [40]);
	equal(texts(request, 15), ["lwm2m=1.1", "ep=d1", "lt=300"]);
	equal(
		text(request.payload),
		'</>;rt="oma.lwm2m";ct="0 42 60 110 112 11542 11543",</1>;ver=1.1,</1/0>,</2>,</3>;ver=1.1,</3/0>,</4>;ver=1.2,</5>,</6>,</3303>;ver=1.1,</3303/0>',
	);
	device.reply(request, { code: 0x41, location: "rd/5a3f" });
	ok(device.platform.lines.includes("<inf> Registration Done (EP='d1')"));
});

test("a Read of a text in plain text is answered in the acknowledgement", () => {
	const device = new TestDevice();
	device.register();
	const answer = device.request({ code: 1, path: "3/0/0", accept: 0 });
	equal([answer.type, answer.code, answer.mid], [2, 0x45, 101]);
	equal(text(answer.payload), "Open Mobile Alliance");
	equal(answer.token, Uint8Array.of(0xaa, 101));
});

test("an observed value that changes is notified with the token of the observation", () => {
	const device = new TestDevice();
	device.register();
	equal(text(device.request({ code: 1, path: "3303/0/5700", accept: 0, observe: 0 }).payload), "21.5");
	device.client.registry.set("/3303/0/5700", 22);
	device.platform.run();
	const notification = device.take();
	equal([notification.type, notification.code, text(notification.payload)], [1, 0x45, "22"]);
	equal(notification.token, Uint8Array.of(0xaa, 101));
	ok(device.isQuiet);
});

test("a Read that is answered at once makes nothing due: one look at the clock, and no step", () => {
	const device = new TestDevice();
	const { clock } = device.platform;
	const { now } = clock;
	let looks = 0;
	clock.now = () => {
		looks++;
		return now();
	};
	device.register();
	device.platform.run();
	looks = 0;
	device.platform.socket.deliver(datagram({ type: 0, code: 1, mid: 7, path: "3/0/0", accept: 0 }));
	equal([device.take().code, looks], [0x45, 1]);
	// what changes something is followed by a step
	device.platform.socket.deliver(datagram({ type: 0, code: 3, mid: 8, path: "3/0/14", payload: ascii("+03:00") }));
	equal(device.take().code, 0x44);
	ok(looks > 2);
});

test("what a read handler changes is notified although the Read itself makes nothing due", () => {
	const device = new TestDevice();
	const { registry } = device.client;
	registry.onRead("/3/0/3", () => {
		registry.set("/3303/0/5700", 30);
		return "2.0";
	});
	device.register();
	device.request({ code: 1, path: "3303/0/5700", accept: 0, observe: 0 });
	equal(text(device.request({ code: 1, path: "3/0/3", accept: 0 }).payload), "2.0");
	equal(text(device.take().payload), "30");
});
