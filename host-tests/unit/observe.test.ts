// Observe, Notify and Cancel. RFC 7641; OMA-TS-LightweightM2M_Core-V1_1_1 6.4.
import { OBSERVATIONS } from "../../src/config.js";
import { integers, text } from "../support/coap.js";
import { TestDevice } from "../support/device.js";
import { equal, ok, test } from "../support/test.js";
import { CaseDevice, CBOR, formatOf, line, SENML_JSON, TEXT, TLV } from "./lwm2m-cases.js";

test("LightweightM2M-1.1-int-302: a notification that is answered by RST ends its observation", () => {
	const device = new CaseDevice().register();
	device.observe("3303/0/5700");
	device.observe("3/0/3");
	device.registry.set("/3303/0/5700", 22);
	const notification = device.takeAfter(0);
	device.deliver({ type: 3, code: 0, mid: (notification.mid + 1) & 0xffff });
	equal(device.client.observations.count, 2, "an RST of another message");
	device.deliver({ type: 3, code: 0, mid: notification.mid });
	equal(device.client.observations.count, 1);
	equal(device.logged("Observer removed for 3303/0/5700").length, 1);
	device.registry.set("/3303/0/5700", 23);
	device.platform.run();
	ok(device.isQuiet);
});

test("LightweightM2M-1.1-int-303: a Read with Observe=1 ends the observation, by its token or its path", () => {
	const device = new CaseDevice().register();
	const token = Uint8Array.of(1, 2, 3);
	device.request({ code: 1, path: "3303/0/5700", accept: TEXT, observe: 0, token });
	const answer = device.request({ code: 1, path: "3303/0/5700", accept: TEXT, observe: 1, token });
	equal([line(answer), integers(answer, 6)], ["2.05 21.5", []]);
	equal(device.client.observations.count, 0);
	device.observe("3303/0/5700");
	device.observe("3/0/3");
	device.request({ code: 1, path: "3303/0/5700", observe: 1 });
	equal(device.client.observations.count, 1);
	device.registry.set("/3303/0/5700", 22);
	device.platform.run();
	ok(device.isQuiet);
	// nothing to end is no error
	equal(line(device.request({ code: 1, path: "3303/0/5700", accept: TEXT, observe: 1 })), "2.05 22");
});

test("LightweightM2M-1.1-int-710: the radio signal strength is observed", () => {
	const device = new TestDevice();
	device.client.registry.set("/4/0/2", -60);
	device.register();
	const answer = device.request({ code: 1, path: "4/0/2", accept: TEXT, observe: 0 });
	equal([line(answer), integers(answer, 6).length], ["2.05 -60", 1]);
	device.client.registry.set("/4/0/2", -75);
	device.platform.run();
	const notification = device.take();
	equal([line(notification), notification.token], ["2.05 -75", answer.token]);
});

test("an object is observed, notified as a whole in the format that was asked for", () => {
	const device = new CaseDevice().register();
	const answer = device.observe("3303", SENML_JSON);
	equal(line(answer), '2.05 [{"n":"/3303/0/5700","v":21.5}]');
	device.registry.set("/3303/0/5700", 22);
	const notification = device.takeAfter(0);
	equal(line(notification), '2.05 [{"n":"/3303/0/5700","v":22}]');
	equal(formatOf(notification), SENML_JSON);
	equal(notification.token, answer.token);
});

test("LightweightM2M-1.1-int-810: a location that changes is notified", () => {
	const device = new CaseDevice().register();
	const { registry } = device;
	registry.set("/6/0/0", 52.5);
	registry.set("/6/0/1", 13.375);
	device.observe("6/0", TLV);
	registry.batch(() => {
		registry.set("/6/0/0", 52.75);
		registry.set("/6/0/1", 13.5);
	});
	equal(line(device.takeAfter(0)), "2.05 c40042530000c40141580000");
	ok(device.isQuiet);
});

test("the answer and each notification carry a sequence number that goes up", () => {
	const device = new CaseDevice().register();
	const numbers = [integers(device.observe("3303/0/5700"), 6)[0]!];
	for (const value of [1, 2, 3]) {
		device.registry.set("/3303/0/5700", value);
		numbers.push(integers(device.takeAfter(0), 6)[0]!);
	}
	for (let i = 1; i < numbers.length; i++) ok(numbers[i]! > numbers[i - 1]!, numbers.join(" "));
});

test("a value that is set to what it is already is not notified", () => {
	const device = new CaseDevice().register();
	device.observe("3303/0/5700");
	device.registry.set("/3303/0/5700", 21.5);
	device.platform.run();
	ok(device.isQuiet);
});

test("a change is notified to those who observe it, what is above it or below it, and to nobody else", () => {
	const device = new CaseDevice().register();
	const { registry } = device;
	registry.set("/3303/1/5700", 1);
	registry.set("/3/0/11/1", 0);
	const paths = ["3303", "3303/0", "3303/0/5700", "3303/1", "3303/1/5700", "3", "3/0/11", "3/0/11/0", "3/0/11/1"];
	const tokens = new Map<number, string>();
	for (const path of paths) tokens.set(device.observe(path, SENML_JSON).token[1]!, path);
	const notified = () => {
		device.platform.run();
		const found: string[] = [];
		while (!device.isQuiet) found.push(tokens.get(device.take().token[1]!)!);
		return found.sort();
	};
	registry.set("/3303/0/5700", 2);
	equal(notified(), ["3303", "3303/0", "3303/0/5700"]);
	registry.set("/3/0/11/0", 2);
	equal(notified(), ["3", "3/0/11", "3/0/11/0"]);
	registry.set("/3/0/11/7", 2);
	equal(notified(), ["3", "3/0/11"]);
	registry.remove("/3/0/11/7");
	equal(notified(), ["3", "3/0/11"]);
	registry.set("/3303/1/5701", "Cel");
	equal(notified(), ["3303", "3303/1"]);
	registry.set("/6/0/0", 1);
	device.platform.run();
	device.answerUpdates();
	equal(notified(), []);
});

test("many changes before the device gets to it, and all of a batch, are one notification", () => {
	const device = new CaseDevice().register();
	const { registry } = device;
	device.observe("3303/0/5700");
	for (const value of [1, 2, 3]) registry.set("/3303/0/5700", value);
	equal(line(device.takeAfter(0)), "2.05 3");
	ok(device.isQuiet);
	registry.batch(() => {
		registry.set("/3303/0/5700", 4);
		device.platform.run();
		ok(device.isQuiet);
		registry.batch(() => registry.set("/3303/0/5700", 5));
		device.platform.run();
		ok(device.isQuiet);
	});
	equal(line(device.takeAfter(0)), "2.05 5");
	ok(device.isQuiet);
});

test("a server's own Write is notified like any change", () => {
	const device = new CaseDevice().register();
	device.observe("3/0/14");
	equal(device.put("3/0/14", "+03:00"), "2.04");
	equal(line(device.take()), "2.05 +03:00");
});

test("an observation of the same path, or with the same token, takes the place of the one before", () => {
	const device = new CaseDevice().register();
	const first = device.observe("3303/0/5700");
	const second = device.observe("3303/0/5700", CBOR);
	equal(device.client.observations.count, 1);
	device.registry.set("/3303/0/5700", 22);
	const notification = device.takeAfter(0);
	equal([notification.token, formatOf(notification)], [second.token, CBOR]);
	ok(first.token[1] !== second.token[1]);
	device.request({ code: 1, path: "3/0/3", observe: 0, token: second.token });
	equal(device.client.observations.count, 1);
	device.registry.set("/3303/0/5700", 23);
	device.platform.run();
	ok(device.isQuiet);
	// the token of one and the path of another: one is left
	const third = device.observe("3303/0/5700");
	device.request({ code: 1, path: "3/0/3", observe: 0, token: third.token });
	equal(device.client.observations.count, 1);
});

test("a Read that is refused begins no observation", () => {
	const device = new CaseDevice().register();
	device.registry.onRead("/3/0/9", () => {
		throw new Error("no ADC");
	});
	device.registry.onRead("/3/0/13", () => Number.NaN);
	for (const [path, accept, code] of [
		["3/0/999", TEXT, "4.04"],
		["9", SENML_JSON, "4.04"],
		["3/0/0", 42, "4.06"],
		["3", TEXT, "4.06"],
		["3/0/9", TEXT, "5.00"],
		["3/0/13", TEXT, "4.04"],
		["", SENML_JSON, "4.05"],
	] as const)
		equal(line(device.request({ code: 1, path, accept, observe: 0 })), code, path);
	equal(device.client.observations.count, 0);
});

test("the number of observations is bounded: one more is answered with 5.00", () => {
	const device = new CaseDevice().register();
	for (let index = 0; index < OBSERVATIONS; index++) {
		device.registry.set(`/3441/0/41/${index}`, "x");
		equal(line(device.observe(`3441/0/41/${index}`)), "2.05 x");
	}
	equal(line(device.observe("3/0/3")), "5.00");
	equal(device.client.observations.count, OBSERVATIONS);
	equal(line(device.observe("3441/0/41/3")), "2.05 x", "one that is there can be renewed");
	device.request({ code: 1, path: "3441/0/41/3", observe: 1 });
	equal(line(device.observe("3/0/3")), "2.05 1.0");
});

test("the end of what was observed is notified with 4.04, and ends the observation", () => {
	const device = new CaseDevice().register();
	const { registry } = device;
	registry.set("/3303/1/5700", 1);
	registry.set("/3/0/11/1", 2);
	for (const path of ["3303/1", "3303/1/5700", "3/0/3", "3/0/11/1"]) device.observe(path, SENML_JSON);
	device.observe("3303", SENML_JSON);
	registry.delete("/3303/1");
	registry.remove("/3/0/3");
	registry.remove("/3/0/11/1");
	device.platform.run();
	device.answerUpdates();
	const codes: string[] = [];
	while (!device.isQuiet) {
		const notification = device.take();
		codes.push(line(notification));
		if (notification.code === 0x84) equal(integers(notification, 6), []);
	}
	equal(codes.sort(), ['2.05 [{"n":"/3303/0/5700","v":21.5}]', "4.04", "4.04", "4.04", "4.04"]);
	equal(device.client.observations.count, 1);
});

test("an instance that is created is notified to who observes its object", () => {
	const device = new CaseDevice().register();
	device.observe("16", SENML_JSON);
	equal(device.post("16", '[{"n":"/16/0/0/0","vs":"a"}]', SENML_JSON), "2.01");
	equal(line(device.take()), '2.05 [{"n":"/16/0/0/0","vs":"a"}]');
});

test("a read handler that throws for a notification is a line in the log; the other notifications and the next go out", () => {
	const device = new CaseDevice().register();
	const { registry } = device;
	let isBroken = false;
	registry.onRead("/3303/*/5700", () => {
		if (isBroken) throw new Error("sensor is gone");
		return undefined;
	});
	device.observe("3303/0/5700");
	device.observe("3/0/14");
	isBroken = true;
	registry.set("/3303/0/5700", 22);
	registry.set("/3/0/14", "+01:00");
	equal(line(device.takeAfter(0)), "2.05 +01:00");
	ok(device.isQuiet);
	equal(device.logged("Handler of 3303/0/5700 failed: Error: sensor is gone").length, 1);
	isBroken = false;
	registry.set("/3303/0/5700", 23);
	equal(line(device.takeAfter(0)), "2.05 23");
});

test("a read handler that has no value for a notification keeps its observation", () => {
	const device = new CaseDevice().register();
	let value = 1;
	device.registry.onRead("/3303/*/5700", () => value);
	device.observe("3303/0/5700", SENML_JSON);
	value = Number.NaN;
	device.registry.set("/3303/0/5700", 22);
	device.platform.run();
	ok(device.isQuiet);
	equal(device.client.observations.count, 1);
	value = 3;
	device.registry.set("/3303/0/5700", 23);
	equal(line(device.takeAfter(0)), '2.05 [{"n":"/3303/0/5700","v":3}]');
});

test("observations end with the registration", () => {
	const device = new CaseDevice().register();
	device.observe("3303/0/5700");
	device.client.update();
	device.platform.run();
	device.reply(device.take(), { code: 0x84 });
	equal(device.client.observations.count, 0);
	device.registry.set("/3303/0/5700", 22);
	device.reply(device.take(), { code: 0x41, location: "rd/2" });
	device.platform.run();
	ok(device.isQuiet);
});

test("observations outlive an Update", () => {
	const device = new CaseDevice().register();
	device.observe("3303/0/5700");
	device.client.update();
	device.platform.run();
	equal(device.answerUpdates(), 1);
	device.registry.set("/3303/0/5700", 22);
	equal(line(device.takeAfter(0)), "2.05 22");
});

test("a token of any length up to 8 bytes is used as it came", () => {
	const device = new CaseDevice().register();
	for (const size of [0, 1, 4, 8]) {
		const token = new Uint8Array(size).fill(size);
		device.request({ code: 1, path: "3303/0/5700", observe: 0, token });
		device.registry.set("/3303/0/5700", size);
		equal(device.takeAfter(0).token, token);
	}
});

test("a large notification goes in blocks, of which the server fetches all but the first", () => {
	const device = new CaseDevice().register();
	const { registry } = device;
	for (let index = 0; index < 100; index++) registry.set(`/3441/0/41/${index}`, "a".repeat(20));
	device.observe("3441/0/41", SENML_JSON);
	registry.set("/3441/0/41/99", "the last");
	const first = device.takeAfter(0);
	equal([first.type, integers(first, 23), integers(first, 6).length], [1, [8 + 6], 1]);
	equal(first.payload.length, 1024);
	const total = integers(first, 28)[0]!;
	const payload = [...first.payload];
	const tag = first.options.find(([option]) => option === 4)![1];
	for (let number = 1; payload.length < total; number++) {
		const block = device.request({ code: 1, path: "3441/0/41", accept: SENML_JSON, block2: number * 16 + 6 });
		equal(block.options.find(([option]) => option === 4)![1], tag);
		payload.push(...block.payload);
	}
	ok(text(Uint8Array.from(payload)).endsWith('"vs":"the last"}]'));
});
