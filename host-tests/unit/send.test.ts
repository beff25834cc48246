// Send, OMA-TS-LightweightM2M_Core-V1_1_1 6.4.6, and time series in what a server reads, is notified and is sent.
import { CACHE_SAMPLES, CACHES, SENDS } from "../../src/config.js";
import type { EnablerVersion } from "../../src/lwm2m/definition.js";
import type { RecordOf } from "../../src/lwm2m/path.js";
import { SEND_FAILURE, SEND_SUCCESS, SEND_TIMEOUT } from "../../src/lwm2m/send.js";
import { type CoapMessage, integers, texts } from "../support/coap.js";
import { equal, ok, test, throws, toHex } from "../support/test.js";
import { CaseDevice, type caseObjects, line, SENML_CBOR, SENML_JSON, uri } from "./lwm2m-cases.js";

/** A device whose lifetime is so long that no Update comes between. */
function prepare(enabler: EnablerVersion = "1.1"): CaseDevice {
	const device = new CaseDevice(enabler);
	device.registry.set("/1/0/1", 1_000_000);
	return device.register();
}

function sent(device: CaseDevice, ...paths: string[]): { request: CoapMessage; statuses: number[] } {
	const statuses: number[] = [];
	device.untyped.send(paths, (status) => statuses.push(status));
	return { request: device.takeAfter(0), statuses };
}

/** The records of a SenML CBOR pack, each as `name time value`: just enough of a decoder for what is expected here. */
function records(payload: Uint8Array): [string, number, unknown][] {
	let at = 0;
	const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
	const half = (bits: number) => {
		const exponent = (bits >> 10) & 31;
		return (
			(bits & 0x8000 ? -1 : 1) *
			(exponent === 0 ? (bits & 1023) * 2 ** -24 : (1024 + (bits & 1023)) * 2 ** (exponent - 25))
		);
	};
	const item = (): unknown => {
		const head = payload[at++]!;
		const [major, info] = [head >> 5, head & 31];
		const size = info < 24 ? 0 : 1 << (info - 24);
		let argument = info;
		if (size > 0) argument = 0;
		for (let i = 0; i < size; i++) argument = argument * 256 + payload[at + i]!;
		at += size;
		if (major === 7) {
			if (size === 0) return info === 21;
			return size === 2 ? half(argument) : size === 4 ? view.getFloat32(at - 4) : view.getFloat64(at - 8);
		}
		if (major === 0) return argument;
		if (major === 1) return -1 - argument;
		if (major === 3) {
			at += argument;
			return String.fromCharCode(...payload.slice(at - argument, at));
		}
		if (major === 4) return Array.from({ length: argument }, item);
		return Array.from({ length: argument }, () => [item(), item()] as const);
	};
	let [name, time] = ["", 0];
	return (item() as (readonly [number, unknown][])[]).map((fields) => {
		const map = new Map(fields);
		name = (map.get(-2) as string | undefined) ?? name;
		time = (map.get(-3) as number | undefined) ?? time;
		const value = map.get(2) ?? map.get(3) ?? map.get(4);
		return [name + ((map.get(0) as string | undefined) ?? ""), time + ((map.get(6) as number | undefined) ?? 0), value];
	});
}

test("LightweightM2M-1.1-int-306, 311: a Send carries the values of its paths, and its result is told", () => {
	const device = prepare();
	const { request, statuses } = sent(device, "/3303/0/5700");
	equal([request.type, request.code, uri(request), integers(request, 12)], [0, 2, "dp", [SENML_CBOR]]);
	equal(toHex(request.payload), "81a2006c2f333330332f302f3537303002f94d60");
	equal(statuses, []);
	device.reply(request, { code: 0x44 });
	equal(statuses, [SEND_SUCCESS]);
	const other = sent(device, "/3/0/16", "/3303");
	equal(records(other.request.payload), [
		["/3/0/16", 0, "U"],
		["/3303/0/5700", 0, 21.5],
	]);
	device.reply(other.request, { code: 0x84 });
	equal(other.statuses, [SEND_FAILURE]);
});

test("LightweightM2M-1.1-int-307: a Send that 1/x/23 mutes fails, and goes out when it does not any more", () => {
	const device = prepare();
	const statuses: number[] = [];
	equal(device.put("1/0/23", "1"), "2.04");
	device.client.send(["/3303/0/5700"], (status) => statuses.push(status));
	device.platform.run();
	equal([statuses, device.isQuiet], [[SEND_FAILURE], true]);
	equal(device.put("1/0/23", "0"), "2.04");
	equal(sent(device, "/3303/0/5700").request.code, 2);
	const old = prepare("1.0");
	old.client.send(["/3303/0/5700"], (status) => statuses.push(status));
	old.platform.run();
	equal([statuses, old.isQuiet], [[SEND_FAILURE, SEND_FAILURE], true], "1.0 has no Send");
});

test("a Send without an answer times out, and an Update finds out what is the matter", () => {
	const device = prepare();
	const { statuses } = sent(device, "/3303/0/5700");
	for (let seconds = 0; seconds < 100 && statuses.length === 0; seconds++) device.platform.advance(1000);
	equal(statuses, [SEND_TIMEOUT]);
	device.platform.run();
	const { sent: datagrams } = device.platform.socket;
	equal(datagrams.length, 5);
	equal(texts(device.take(), 11), ["dp"]);
});

/** Answers Updates, Sends and confirmable notifications as they come. @returns the payloads of all but the Updates */
function serve(device: CaseDevice): Uint8Array[] {
	const payloads: Uint8Array[] = [];
	device.platform.run();
	for (let count = 0; !device.isQuiet && count < 50; count++) {
		const message = device.take();
		if (texts(message, 11)[0] !== "rd") payloads.push(message.payload);
		if (message.code === 2) device.reply(message, { code: 0x44 });
		else device.reply(message, { code: 0, token: new Uint8Array(0) });
	}
	return payloads;
}

test("a Send that is asked for before the device has registered waits, with the values and the time of then", () => {
	for (const isClockSet of [true, false]) {
		const device = new CaseDevice();
		device.registry.set("/1/0/1", 1_000_000);
		device.client.start();
		device.platform.run();
		if (!isClockSet) device.platform.clock.setTime(Number.NaN);
		const time = device.platform.clock.time();
		const statuses: number[] = [];
		device.client.send(["/3303/0/5700"], (status) => statuses.push(status));
		device.platform.advance(500);
		device.registry.set("/3303/0/5700", 99);
		device.reply(device.take(), { code: 0x41, location: "rd/5a3f" });
		equal(serve(device).map(records), [[["/3303/0/5700", isClockSet ? time : -0.5, 21.5]]]);
		equal(statuses, [SEND_SUCCESS]);
	}
});

test("a Send that waits when the client is stopped has failed", () => {
	const device = new CaseDevice();
	device.client.start();
	device.platform.run();
	const statuses: number[] = [];
	device.client.send(["/3303/0/5700"], (status) => statuses.push(status));
	device.platform.run();
	device.client.stop(undefined, true);
	device.platform.run();
	equal(statuses, [SEND_FAILURE]);
});

test("what cannot be sent is refused at once", () => {
	const device = prepare();
	const nobody = () => {};
	for (const path of ["/9", "/3303/7", "/3303/0/1", "/0", "/0/0/0", "/", "x"])
		throws(() => device.untyped.send([path], nobody), "RangeError", `send ${path}`);
	throws(() => device.client.send([], nobody), "RangeError", "no path");
	throws(() => new CaseDevice().client.send(["/3"], nobody), "RangeError", "not started");
	for (let count = 0; count < SENDS; count++) device.client.send(["/3/0/16"], nobody);
	throws(() => device.client.send(["/3/0/16"], nobody), "RangeError", "wait already");
	const record = { path: "/3303/0/5700", value: "warm" };
	throws(() => device.untyped.sendRecords([record], nobody), "TypeError", "/3303/0/5700");
	throws(() => device.untyped.sendRecords([{ path: "/3303/0/1", value: 1 }], nobody), "RangeError", "/3303/0/1");
});

test("a Send above one datagram goes in blocks", () => {
	const device = prepare();
	for (let index = 0; index < 100; index++) device.registry.set(`/3441/0/41/${index}`, "a".repeat(20));
	const { request, statuses } = sent(device, "/3441");
	const payload = [...request.payload];
	let last = request;
	for (let number = 0; statuses.length === 0 && number < 10; number++) {
		const [block] = integers(last, 27);
		if ((block! & 8) === 0) device.reply(last, { code: 0x44, block1: block! });
		else {
			device.reply(last, { code: 0x5f, block1: block! });
			last = device.take();
			payload.push(...last.payload);
		}
	}
	equal(statuses, [SEND_SUCCESS]);
	equal(payload.length, integers(request, 60)[0]);
	equal(records(Uint8Array.from(payload)).length, 100);
});

test("records of the application go with their own times", () => {
	const device = prepare();
	const statuses: number[] = [];
	const values: RecordOf<typeof caseObjects>[] = [0, 60, 120.5].map((after) => ({
		path: "/3303/0/5700",
		value: after,
		time: 1_700_000_000 + after,
	}));
	device.client.sendRecords([...values, { path: "/3303/1/5700", value: 7 }], (status) => statuses.push(status));
	const request = device.takeAfter(0);
	equal(records(request.payload), [
		["/3303/0/5700", 1_700_000_000, 0],
		["/3303/0/5700", 1_700_000_060, 60],
		["/3303/0/5700", 1_700_000_120.5, 120.5],
		["/3303/1/5700", 0, 7],
	]);
	device.reply(request, { code: 0x44 });
	equal(statuses, [SEND_SUCCESS]);
});

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

test("one Notify of 21.5 takes no more bytes than the budget says", () => {
	// formats by number, and the bytes with a token of 8 (wire-budget.md)
	for (const [accept, bytes] of [
		[0, 20],
		[60, 20],
		[11542, 25],
		[11544, 30],
		[SENML_CBOR, 37],
		[SENML_JSON, 49],
	] as const) {
		const device = prepare();
		const token = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
		device.registry.set("/3303/0/5700", 20);
		device.request({ code: 1, path: "3303/0/5700", accept, observe: 0, token });
		device.registry.set("/3303/0/5700", 21.5);
		device.platform.run();
		const size = device.platform.socket.sent[0]!.length;
		ok(Math.abs(size - bytes) <= 1, `${accept}: ${size} bytes, ${bytes} are enough`);
	}
});

test("a Send to a server of 1.2 takes the shorter format; with times it is SenML", () => {
	const device = prepare("1.2");
	const plain = sent(device, "/3303/0/5700").request;
	equal([integers(plain, 12), toHex(plain.payload)], [[11544], "a183190ce700191644f94d60"]);
	device.reply(plain, { code: 0x44 });
	device.client.sendRecords([{ path: "/3303/0/5700", value: 1, time: 1_700_000_000 }], () => {});
	const timed = device.takeAfter(0);
	equal(integers(timed, 12), [SENML_CBOR]);
	device.reply(timed, { code: 0x44 });
});

test("a Send leaves out what its server may not read, and fails where nothing is left", () => {
	const device = prepare();
	const [server] = device.client.servers;
	Object.defineProperty(server, "mayRead", { value: (object: number) => object !== 3303 });
	equal(records(sent(device, "/3303/0/5700", "/3/0/16").request.payload), [["/3/0/16", 0, "U"]]);
	const other = prepare();
	Object.defineProperty(other.client.servers[0], "mayRead", { value: () => false });
	const statuses: number[] = [];
	other.client.send(["/3303/0/5700"], (status) => statuses.push(status));
	other.platform.run();
	equal([statuses, other.isQuiet], [[SEND_FAILURE], true]);
});

test("time series are bounded: a ring that is too large, and one too many, are refused", () => {
	const { cache } = prepare().client;
	throws(() => cache.enable("/3303/0/5700", CACHE_SAMPLES + 1), "RangeError", `for ${CACHE_SAMPLES} samples`);
	cache.enable("/3303/0/5700", CACHE_SAMPLES - CACHES + 1);
	for (let index = 1; index < CACHES; index++) cache.enable(`/3441/0/41/${index}`, 1);
	throws(() => cache.enable("/3441/0/2", 1), "RangeError", "/3441/0/2");
	equal(cache.has("/3441/0/2"), false);
});
