// Read: what a server may read, in which format, and what it is told else. OMA-TS-LightweightM2M_Core-V1_1_1 6.3.1.
import { objectLink } from "../../src/lwm2m/path.js";
import { datagram, parse } from "../support/coap.js";
import { TestDevice } from "../support/device.js";
import { equal, ok, test } from "../support/test.js";
import {
	CaseDevice,
	CBOR,
	ETCH_CBOR,
	ETCH_JSON,
	formatOf,
	JSON_FORMAT,
	line,
	OPAQUE,
	SENML_CBOR,
	SENML_JSON,
	TEXT,
	TLV,
} from "./lwm2m-cases.js";

test("LightweightM2M-1.1-int-201: basic information is read in plain text", () => {
	const device = new CaseDevice().register();
	equal(device.get("3/0/0", TEXT), "2.05 Open Mobile Alliance");
	equal(device.get("3/0/1", TEXT), "2.05 Lightweight M2M Client");
	equal(device.get("3/0/2", TEXT), "2.05 345000123");
});

test("LightweightM2M-1.1-int-203: basic information is read in TLV", () => {
	const device = new CaseDevice().register();
	const answer = device.request({ code: 1, path: "3/0", accept: TLV });
	equal(formatOf(answer), TLV);
	equal(
		line(answer),
		"2.05 c800144f70656e204d6f62696c6520416c6c69616e6365c801164c6967687477656967687420" +
			"4d324d20436c69656e74c80209333435303030313233c303312e30830b410000c60e2b30323a3030c11055",
	);
});

test("LightweightM2M-1.1-int-204: basic information is read in OMA JSON", () => {
	const device = new CaseDevice().register();
	equal(
		device.get("3/0", JSON_FORMAT),
		'2.05 {"bn":"/3/0/","e":[{"n":"0","sv":"Open Mobile Alliance"},{"n":"1","sv":"Lightweight M2M Client"},' +
			'{"n":"2","sv":"345000123"},{"n":"3","sv":"1.0"},{"n":"11/0","v":0},{"n":"14","sv":"+02:00"},{"n":"16","sv":"U"}]}',
	);
});

test("LightweightM2M-1.1-int-211: basic information is read in CBOR", () => {
	const device = new CaseDevice().register();
	equal(device.get("1/0/0", CBOR), "2.05 01");
	equal(device.get("1/0/6", CBOR), "2.05 f5");
	equal(device.get("1/0/7", CBOR), "2.05 aU");
});

test("LightweightM2M-1.1-int-221: any operation on the Security object is answered with 4.01", () => {
	const device = new CaseDevice().register();
	for (const path of ["0", "0/0", "0/0/0", "0/0/16/0", "0/9", "0/0/999"]) {
		equal(device.get(path), "4.01", `read ${path}`);
		equal(device.discover(path), "4.01", `discover ${path}`);
		equal(line(device.request({ code: 1, path, observe: 0 })), "4.01", `observe ${path}`);
		equal(device.put(path, "coap://localhost"), "4.01", `write ${path}`);
		equal(device.post(path), "4.01", `execute or create ${path}`);
		equal(device.delete(path), "4.01", `delete ${path}`);
		equal(device.attributes(path, "pmin=10"), "4.01", `write-attributes ${path}`);
	}
	equal(device.client.observations.count, 0);
	equal(device.registry.get("/0/0/0"), "coap://192.0.2.1:5683");
});

test("LightweightM2M-1.1-int-222: an object is read with all its instances", () => {
	const device = new CaseDevice().register();
	device.registry.set("/3303/2/5700", 3);
	equal(device.get("3303", SENML_JSON), '2.05 [{"bn":"/3303/","n":"0/5700","v":21.5},{"n":"2/5700","v":3}]');
	// an object without instances is there, and empty
	equal(device.get("16", SENML_JSON), "2.05 []");
	equal(device.get("16", TLV), "2.05");
	equal(device.get("9", SENML_JSON), "4.04");
});

test("LightweightM2M-1.1-int-223: an object instance is read", () => {
	const device = new CaseDevice().register();
	equal(
		device.get("1/0", SENML_JSON),
		'2.05 [{"bn":"/1/0/","n":"0","v":1},{"n":"1","v":300},{"n":"6","vb":true},{"n":"7","vs":"U"}]',
	);
	equal(device.get("1/1", SENML_JSON), "4.04");
	equal(device.get("9/0", SENML_JSON), "4.04");
});

test("LightweightM2M-1.1-int-224: a resource is read", () => {
	const device = new CaseDevice().register();
	equal(device.get("1/0/0"), "2.05 1");
	equal(device.get("1/0/1"), "2.05 300");
	equal(device.get("1/0/6"), "2.05 1");
	equal(device.get("1/0/7"), "2.05 U");
	equal(device.get("1/0/2"), "4.04");
	equal(device.get("1/0/999"), "4.04");
	equal(device.get("1/1/0"), "4.04");
	equal(device.get("9/0/0"), "4.04");
});

test("LightweightM2M-1.1-int-225: a resource instance is read", () => {
	const device = new CaseDevice().register();
	equal(device.get("3/0/11/0"), "2.05 0");
	equal(device.get("3/0/11/1"), "4.04");
	// no instances of a single resource
	equal(device.get("3/0/0/0"), "4.04");
	equal(device.get("3/0/999/0"), "4.04");
	equal(device.get("3/1/11/0"), "4.04");
	equal(device.get("9/0/11/0"), "4.04");
});

test("LightweightM2M-1.1-int-231: basic information is read in SenML JSON", () => {
	const device = new CaseDevice().register();
	equal(device.get("3/0/16", SENML_JSON), '2.05 [{"n":"/3/0/16","vs":"U"}]');
	equal(device.get("3/0/11/0", SENML_JSON), '2.05 [{"n":"/3/0/11/0","v":0}]');
});

test("LightweightM2M-1.1-int-232: basic information is read in SenML CBOR", () => {
	const device = new CaseDevice().register();
	const answer = device.request({ code: 1, path: "3/0/16", accept: SENML_CBOR });
	equal(formatOf(answer), SENML_CBOR);
	equal(line(answer), "2.05 81a200672f332f302f3136036155");
});

test("LightweightM2M-1.1-int-237: a Read without Accept gets the format that suits the path and the version", () => {
	const device = new CaseDevice().register();
	device.registry.set("/3441/0/6", Uint8Array.of(1, 2));
	const formats = (of: CaseDevice) =>
		["3", "3/0", "3/0/0", "3/0/11", "3/0/11/0", "3441/0/6"].map((path) => formatOf(of.request({ code: 1, path })));
	equal(formats(device), [TLV, TLV, TEXT, TLV, TEXT, OPAQUE]);
	const old = new CaseDevice("1.0").register();
	old.registry.set("/3441/0/6", Uint8Array.of(1, 2));
	equal(formats(old), [TLV, TLV, TEXT, TLV, TEXT, OPAQUE]);
});

test("a Read without Accept is answered in the format in which the answer is shortest", () => {
	for (const enabler of ["1.1", "1.2"] as const) {
		const device = new CaseDevice(enabler).register();
		const { registry } = device;
		registry.set("/3441/0/5", true);
		registry.set("/3441/0/7", 1_700_000_000);
		const cases = [
			["/3303/0/5700", [21.5, 21.25, 21.123456, 1e300, 7, 100_000], [TEXT, CBOR]],
			["/3441/0/3", [0, 99, 1000, 2 ** 40], [TEXT, CBOR]],
			["/3441/0", [1, -70_000], enabler === "1.1" ? [SENML_CBOR, TLV] : [SENML_CBOR, TLV, 11544]],
		] as const;
		for (const [path, values, formats] of cases)
			for (const value of values) {
				if (path === "/3441/0") registry.set("/3441/0/2", value);
				else registry.set(path, value);
				const size = (accept?: number) => {
					const answer = device.request({ code: 1, path: path.slice(1), ...(accept === undefined ? {} : { accept }) });
					const format = formatOf(answer);
					return answer.payload.length + (format === 0 ? 0 : format < 256 ? 1 : 2);
				};
				equal(size(), Math.min(...formats.map((format) => size(format))), `${path} = ${value}`);
			}
	}
	// blocks that follow are labelled as the first was, whatever would be shorter by then
	const device = new CaseDevice().register();
	for (let i = 0; i < 4; i++) device.registry.set(`/3441/0/41/${i}`, "x".repeat(300));
	const first = device.request({ code: 1, path: "3441/0/41" });
	device.registry.remove("/3441/0/41/3");
	const second = device.request({ code: 1, path: "3441/0/41", options: [[23, Uint8Array.of(0x16)]] });
	equal([formatOf(first), formatOf(second), second.payload.length > 0], [TLV, TLV, true]);
});

test("LightweightM2M-1.1-int-651: everything of the device that is readable is read", () => {
	const device = new CaseDevice().register();
	device.registry.onExecute("/3/0/4", () => {});
	equal(
		device.get("3/0", SENML_JSON),
		'2.05 [{"bn":"/3/0/","n":"0","vs":"Open Mobile Alliance"},{"n":"1","vs":"Lightweight M2M Client"},' +
			'{"n":"2","vs":"345000123"},{"n":"3","vs":"1.0"},{"n":"11/0","v":0},{"n":"14","vs":"+02:00"},{"n":"16","vs":"U"}]',
	);
});

test("LightweightM2M-1.1-int-652: the firmware version is read", () => {
	equal(new CaseDevice().register().get("3/0/3"), "2.05 1.0");
});

test("LightweightM2M-1.1-int-701: connectivity monitoring is read", () => {
	const device = new TestDevice();
	const { registry } = device.client;
	registry.set("/4/0/0", 41);
	registry.set("/4/0/1/0", 41);
	registry.set("/4/0/2", -60);
	registry.set("/4/0/4/0", "192.0.2.9");
	device.register();
	equal(
		line(device.request({ code: 1, path: "4/0", accept: SENML_JSON })),
		'2.05 [{"bn":"/4/0/","n":"0","v":41},{"n":"1/0","v":41},{"n":"2","v":-60},{"n":"4/0","vs":"192.0.2.9"}]',
	);
	equal(line(device.request({ code: 1, path: "4/0/3", accept: TEXT })), "4.04");
});

test("LightweightM2M-1.1-int-801: the location is read", () => {
	const device = new CaseDevice().register();
	device.registry.set("/6/0/0", 52.5);
	device.registry.set("/6/0/1", 13.375);
	device.registry.set("/6/0/5", 1367491215);
	equal(
		device.get("6/0", SENML_JSON),
		'2.05 [{"bn":"/6/0/","n":"0","v":52.5},{"n":"1","v":13.375},{"n":"5","v":1367491215}]',
	);
});

test("values of every type are read in plain text", () => {
	const device = new CaseDevice();
	const { registry } = device;
	registry.set("/3441/0/1", "caf\u00e9");
	registry.set("/3441/0/2", -5);
	registry.set("/3441/0/3", 2n ** 64n - 1n);
	registry.set("/3441/0/4", 0.1);
	registry.set("/3441/0/5", false);
	registry.set("/3441/0/6", Uint8Array.of(1, 2, 3));
	registry.set("/3441/0/7", 1367491215);
	registry.set("/3441/0/8", objectLink(3303, 1));
	registry.set("/3441/0/9", "</3>");
	device.register();
	equal(
		[1, 2, 3, 4, 5, 6, 7, 8, 9].map((id) => device.get(`3441/0/${id}`, TEXT)),
		[
			"2.05 636166c3a9",
			"2.05 -5",
			"2.05 18446744073709551615",
			"2.05 0.1",
			"2.05 0",
			"2.05 AQID",
			"2.05 1367491215",
			"2.05 3303:1",
			"2.05 </3>",
		],
	);
});

test("a format that cannot hold what is read, or that is none, is answered with 4.06", () => {
	const device = new CaseDevice().register();
	for (const accept of [50, 65535, ETCH_JSON, ETCH_CBOR, 41]) equal(device.get("3/0/0", accept), "4.06", `${accept}`);
	for (const accept of [TEXT, OPAQUE, CBOR]) {
		equal(device.get("3", accept), "4.06", `object in ${accept}`);
		equal(device.get("3/0", accept), "4.06", `instance in ${accept}`);
		equal(device.get("3/0/11", accept), "4.06", `multiple resource in ${accept}`);
	}
	// a text is no opaque
	equal(device.get("3/0/0", OPAQUE), "4.06");
});

test("an executable, a write-only and a hidden resource are not readable: 4.05", () => {
	const device = new CaseDevice().register();
	const { registry } = device;
	registry.create("/3441/0");
	registry.onExecute("/3441/0/32", () => {});
	registry.set("/3441/0/31", 5);
	registry.set("/3441/0/33", 5);
	registry.set("/3441/0/30", 5);
	for (const id of [31, 32, 33]) equal(device.get(`3441/0/${id}`), "4.05", `${id}`);
	equal(device.get("3441/0/30"), "2.05 5");
	// they are left out of the instance
	equal(device.get("3441/0", SENML_JSON), '2.05 [{"n":"/3441/0/30","v":5}]');
});

test("a resource that stands apart is read by itself, and left out of its instance", () => {
	const device = new CaseDevice().register();
	device.registry.set("/3441/0/34", "secret");
	device.registry.set("/3441/0/2", 1);
	equal(device.get("3441/0/34"), "2.05 secret");
	equal(device.get("3441/0", SENML_JSON), '2.05 [{"n":"/3441/0/2","v":1}]');
});

test("paths that are none are answered with 4.04, and the root with 4.05", () => {
	const device = new CaseDevice().register();
	for (const path of ["a", "3/x", "3/0/0/0/0", "65535", "3/65535", "03", "bs", "rd"])
		equal(device.get(path), "4.04", path);
	equal(device.get("", SENML_JSON), "4.05");
});

test("a Read that is not confirmable is answered with a message that is not either", () => {
	const device = new CaseDevice().register();
	device.deliver({ type: 1, code: 1, mid: 7, token: Uint8Array.of(9), path: "3/0/3" });
	const answer = device.take();
	equal([answer.type, answer.code, answer.token], [1, 0x45, Uint8Array.of(9)]);
	ok(device.isQuiet);
});

test("methods that LwM2M has no use for are refused", () => {
	const device = new CaseDevice().register();
	equal(line(device.request({ code: 6, path: "3/0/14", payload: "x" })), "4.05");
	equal(line(device.request({ code: 31, path: "3/0/14" })), "4.05");
});

test("a critical option that is not known is answered with 4.02, in silence where the request is not confirmable", () => {
	const device = new CaseDevice().register();
	const options: [number, Uint8Array][] = [[9, Uint8Array.of(1)]];
	equal(line(device.request({ code: 1, path: "3/0/0", options })), "4.02");
	device.deliver({ type: 1, code: 1, mid: 9, path: "3/0/0", options });
	ok(device.isQuiet);
	equal(line(device.request({ code: 1, path: "3/0/0", options: [[35, Uint8Array.of(65)]] })), "5.05");
	// an elective one is passed over
	equal(line(device.request({ code: 1, path: "3/0/3", options: [[2048, Uint8Array.of(1)]] })), "2.05 1.0");
});

test("what a server asks before it has answered the Register is passed over, and answered when it is repeated after", () => {
	const device = new CaseDevice();
	device.client.start();
	device.platform.run();
	const register = device.take();
	const write = { type: 0, code: 3, mid: 7, token: Uint8Array.of(9), path: "3/0/14", payload: "+01:00", format: 0 };
	device.deliver(write);
	device.deliver({ type: 0, code: 1, mid: 8, path: "3/0/3" });
	ok(device.isQuiet);
	equal(device.registry.get("/3/0/14"), "+02:00");
	device.reply(register, { code: 0x41, location: "rd/1" });
	device.deliver(write);
	equal(line(device.take()), "2.04");
	device.deliver({ type: 0, code: 1, mid: 8, path: "3/0/3" });
	equal(line(device.take()), "2.05 1.0");
	ok(device.isQuiet);
});

test("a path of repeated and of hostile options does not upset the next Read", () => {
	const device = new CaseDevice().register();
	const long = datagram({ code: 1, mid: 5, path: Array(100).fill("3").join("/") });
	device.platform.socket.deliver(long);
	device.platform.run();
	equal(parse(device.platform.socket.take()!).code, 0x84);
	equal(device.get("3/0/3"), "2.05 1.0");
});
