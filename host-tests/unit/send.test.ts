// Send. OMA-TS-LightweightM2M_Core-V1_1_1 6.4.6, and its enabler tests.
import { SENDS } from "../../src/config.js";
import type { RecordOf } from "../../src/lwm2m/path.js";
import { SEND_FAILURE, SEND_SUCCESS, SEND_TIMEOUT } from "../../src/lwm2m/send.js";
import { integers, texts } from "../support/coap.js";
import { equal, ok, test, throws, toHex } from "../support/test.js";
import { CaseDevice, type caseObjects, SENML_CBOR, SENML_JSON, uri } from "./lwm2m-cases.js";
import { prepare, records, sent, serve } from "./send-cases.js";

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
