// Time series: in Sends and notifications, relative times, bounds.
import { CACHE_SAMPLES, CACHES } from "../../src/config.js";
import { SEND_SUCCESS } from "../../src/lwm2m/send.js";
import { equal, ok, test, throws } from "../support/test.js";
import { line, SENML_CBOR, SENML_JSON } from "./lwm2m-cases.js";
import { prepare, records, serve } from "./send-cases.js";

test("samples of a resource are read with their times, notified with them, and leave with the acknowledgement", () => {
	const device = prepare();
	const { client, registry, platform } = device;
	client.cache.enable("/3303/0/5700", 10);
	ok(client.cache.has("/3303/0/5700") && !client.cache.has("/3/0/9"));
	const start = platform.clock.time();
	for (const value of [1, 2, 3]) {
		registry.set("/3303/0/5700", value);
		platform.advance(60_000);
	}
	const samples = [1, 2, 3].map((value, index) => ["/3303/0/5700", start + 60 * index, value]);
	const read = () => device.request({ code: 1, path: "3303/0/5700", accept: SENML_CBOR });
	equal(records(read().payload), samples);
	equal(device.get("3303/0/5700", 0), "2.05 3", "a format without times has the last value");
	equal(
		line(device.request({ code: 1, path: "3303/0", accept: SENML_JSON })),
		`2.05 [{"bn":"/3303/0/","n":"5700","bt":${start},"v":1},{"n":"5700","t":60,"v":2},{"n":"5700","t":120,"v":3}]`,
	);
	device.request({ code: 1, path: "3303/0/5700", accept: SENML_CBOR, observe: 0 });
	registry.set("/3303/0/5700", 4);
	const notification = device.takeAfter(0);
	equal(notification.type, 0, "it is confirmable");
	equal(records(notification.payload), [...samples, ["/3303/0/5700", start + 180, 4]]);
	registry.set("/3303/0/5700", 5);
	equal(client.cache.series("/3303/0/5700")!.length, 5);
	device.reply(notification, { code: 0, token: new Uint8Array(0) });
	const next = device.take();
	// in the same millisecond as the one before: it comes after it
	equal(records(next.payload), [["/3303/0/5700", start + 180.001, 5]]);
	device.reply(next, { code: 0, token: new Uint8Array(0) });
	equal(client.cache.series("/3303/0/5700")!.length, 0);
	ok(device.isQuiet);
	equal(records(read().payload), [["/3303/0/5700", 0, 5]], "then the value as it is");
});

test("samples that one message cannot hold follow in further ones; those of a Send leave when it is answered", () => {
	for (const isSend of [true, false]) {
		const device = prepare();
		const { client, registry, platform } = device;
		client.cache.enable("/3303/0/5700", 200);
		const start = platform.clock.time();
		if (!isSend) device.request({ code: 1, path: "3303/0/5700", accept: SENML_CBOR, observe: 0 });
		client.pause();
		for (let minute = 0; minute < 200; minute++) {
			registry.set("/3303/0/5700", 20 + minute / 100);
			platform.advance(60_000);
		}
		const statuses: number[] = [];
		if (isSend) client.send(["/3303/0/5700"], (status) => statuses.push(status));
		client.resume();
		platform.run();
		const payloads = serve(device);
		for (const payload of payloads) ok(payload.length <= 1024);
		const found = payloads.flatMap(records);
		equal([found.length, found[0]![1], found[199]![1]], [200, start, start + 199 * 60], `${isSend}`);
		equal(client.cache.series("/3303/0/5700")!.length, 0);
		// a record has 15 bytes: one more would not have fitted
		for (const payload of payloads.slice(0, -1)) ok(payload.length > 1024 - 15, `${payload.length} bytes`);
		if (isSend) equal(statuses, [SEND_SUCCESS]);
	}
});

test("while an Update is unanswered samples wait for those that come meanwhile", () => {
	for (const isSend of [true, false]) {
		const device = prepare();
		const { client, registry, platform } = device;
		client.cache.enable("/3303/0/5700", 200);
		if (!isSend) device.request({ code: 1, path: "3303/0/5700", accept: SENML_CBOR, observe: 0 });
		client.update();
		platform.advance(120_000);
		if (isSend) client.send(["/3303/0/5700"], () => {});
		for (let minute = 0; minute < 60; minute++) {
			registry.set("/3303/0/5700", minute / 2);
			platform.advance(60_000);
		}
		const unanswered = platform.socket.sent.splice(0);
		ok(unanswered.length > 0 && unanswered.every((one) => one[1] === 2), "nothing but Updates");
		client.update();
		platform.run();
		const payloads = serve(device);
		equal([payloads.length, payloads.flatMap(records).length], [1, 60], `${isSend}`);
	}
});

test("times are relative while the clock is not set, and right once it is", () => {
	const device = prepare();
	const { client, registry, platform } = device;
	platform.clock.setTime(Number.NaN);
	client.cache.enable("/3303/0/5700", 10);
	registry.set("/3303/0/5700", 1);
	platform.advance(60_000);
	registry.set("/3303/0/5700", 2);
	platform.advance(30_000);
	const read = () => records(device.request({ code: 1, path: "3303/0/5700", accept: SENML_CBOR }).payload);
	equal(
		read().map(([, time]) => time),
		[-90, -30],
	);
	platform.clock.setTime(1_800_000_000);
	equal(
		read().map(([, time]) => time),
		[1_799_999_910, 1_799_999_970],
	);
});

test("a ring that is full drops the oldest, or the latest; a filter keeps samples out; every type of fixed size is kept", () => {
	const device = prepare();
	const { client, registry } = device;
	client.cache.enable("/3441/0/2", 2);
	client.cache.enable("/3441/0/3", 2, { isLatestDropped: true });
	client.cache.enable("/3441/0/4", 9, { filter: (value) => Number(value) > 0 });
	client.cache.enable("/3441/0/5", 9);
	client.cache.enable("/3441/0/1", 9);
	for (const value of [1, -2, 2n ** 62n]) {
		registry.set("/3441/0/2", value);
		registry.set("/3441/0/4", Number(value) / 4);
	}
	for (const value of [1, 2n ** 63n, 3]) registry.set("/3441/0/3", value);
	registry.set("/3441/0/5", true);
	registry.set("/3441/0/5", false);
	for (const value of ["short", "much longer"]) registry.set("/3441/0/1", value);
	const kept = (path: string) => {
		const series = device.untyped.cache.series(path)!;
		return Array.from({ length: series.length }, (_, index) => series.read(index) && series.value);
	};
	equal(kept("/3441/0/2"), [-2, 2n ** 62n]);
	equal(kept("/3441/0/3"), [1, 2n ** 63n]);
	equal(kept("/3441/0/4"), [0.25, 2 ** 60]);
	equal([kept("/3441/0/5"), kept("/3441/0/1")], [[true, false], ["short"]]);
	for (const [path, samples] of [
		["/3441/0/6", 9],
		["/3441/0/9", 9],
		["/3441/0/999", 9],
		["/3441/0/40", 9],
		["/3441/0", 9],
		["/3441/0/2", 9],
		["/3441/0/7", 0],
		["/3441/0/7", 1.5],
	] as const)
		throws(() => device.untyped.cache.enable(path, samples), "RangeError", path);
});

test("a value and the time stamps that belong to it are in one message", () => {
	const device = prepare();
	const { registry } = device;
	registry.set("/3303/0/5518", 100);
	registry.set("/3303/0/6050", 0.25);
	device.attributes("3303/0", "pmin=5");
	device.observe("3303/0", SENML_JSON);
	device.request({
		code: 5,
		format: SENML_JSON,
		accept: SENML_JSON,
		observe: 0,
		payload: '[{"n":"/3303/0/5518"},{"n":"/3303/0/5700"},{"n":"/3303/0/6050"}]',
	});
	const all = '2.05 [{"bn":"/3303/0/","n":"5518","v":160},{"n":"5700","v":22},{"n":"6050","v":0.5}]';
	registry.set("/3303/0/5518", 160);
	registry.set("/3303/0/6050", 0.5);
	registry.set("/3303/0/5700", 22);
	equal(line(device.takeAfter(5000)), all);
	equal(line(device.take()), all);
	ok(device.isQuiet);
});

test("a position and its time stamp, 6/0/5, are in one message: notified, and sent after the server was away", () => {
	const device = prepare();
	const { client, registry, platform } = device;
	const move = (latitude: number, longitude: number) =>
		registry.batch(() => {
			registry.set("/6/0/0", latitude);
			registry.set("/6/0/1", longitude);
			registry.set("/6/0/5", Math.floor(platform.clock.time()));
		});
	move(1, 2);
	device.observe("6/0", SENML_JSON);
	platform.advance(60_000);
	move(3, 4);
	const notification = line(device.takeAfter(0));
	const time = Math.floor(platform.clock.time());
	equal(notification, `2.05 [{"bn":"/6/0/","n":"0","v":3},{"n":"1","v":4},{"n":"5","v":${time}}]`);
	ok(device.isQuiet);
	// a Send that waits keeps the values of its moment together
	client.pause();
	move(5, 6);
	client.send(["/6/0"], () => {});
	const then = platform.clock.time();
	platform.advance(60_000);
	move(7, 8);
	client.resume();
	platform.run();
	const sent = serve(device).filter((payload) => payload[0]! >> 4 === 8);
	equal(
		sent.flatMap(records).map(([, , value]) => value),
		[5, 6, Math.floor(then)],
	);
});

test("time series are bounded: a ring that is too large, and one too many, are refused", () => {
	const { cache } = prepare().client;
	throws(() => cache.enable("/3303/0/5700", CACHE_SAMPLES + 1), "RangeError", `for ${CACHE_SAMPLES} samples`);
	cache.enable("/3303/0/5700", CACHE_SAMPLES - CACHES + 1);
	for (let index = 1; index < CACHES; index++) cache.enable(`/3441/0/41/${index}`, 1);
	throws(() => cache.enable("/3441/0/2", 1), "RangeError", "/3441/0/2");
	equal(cache.has("/3441/0/2"), false);
});
