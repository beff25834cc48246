// Write, as OMA's enabler tests have it, and values of every type. OMA-TS-LightweightM2M_Core-V1_1_1 6.3.3.
import { linkObject } from "../../src/lwm2m/path.js";
import { equal, hex, test } from "../support/test.js";
import { CaseDevice, CBOR, JSON_FORMAT, line, OPAQUE, SENML_CBOR, SENML_JSON, TLV } from "./lwm2m-cases.js";
import { deviceWithValues, UNCHANGED, valuesOf } from "./write-cases.js";

test("LightweightM2M-1.1-int-205: basic information is set in plain text, and restored", () => {
	const device = new CaseDevice().register();
	for (const [path, value] of [
		["1/0/2", "101"],
		["1/0/3", "1010"],
		["1/0/5", "2000"],
		["1/0/2", "1"],
		["1/0/3", "10"],
		["1/0/5", "86400"],
	] as const) {
		equal(device.put(path, value), "2.04");
		equal(device.get(path), `2.05 ${value}`);
	}
});

test("LightweightM2M-1.1-int-212: basic information is set in CBOR", () => {
	const device = new CaseDevice().register();
	equal(device.put("1/0/2", hex("1865"), CBOR), "2.04");
	equal(device.put("1/0/3", hex("1903f2"), CBOR), "2.04");
	equal(device.put("1/0/6", hex("f4"), CBOR), "2.04");
	equal(device.get("1/0/2"), "2.05 101");
	equal(device.get("1/0/3"), "2.05 1010");
	equal(device.get("1/0/6"), "2.05 0");
});

for (const [id, title, format, partial, replacement] of [
	["215", "TLV", TLV, "c10265c20303f2c20507d0c10601c10755", "c20107d0c10600c10755c1020a"],
	[
		"220",
		"OMA JSON",
		JSON_FORMAT,
		'{"e":[{"n":"2","v":101},{"n":"3","v":1010},{"n":"5","v":2000},{"n":"6","bv":true},{"n":"7","sv":"U"}]}',
		'{"bn":"/1/0/","e":[{"n":"1","v":2000},{"n":"6","bv":false},{"n":"7","sv":"U"},{"n":"2","v":10}]}',
	],
	[
		"234",
		"SenML JSON",
		SENML_JSON,
		'[{"bn":"/1/0/","n":"2","v":101},{"n":"3","v":1010},{"n":"5","v":2000},{"n":"6","vb":true},{"n":"7","vs":"U"}]',
		'[{"bn":"/1/0/","n":"1","v":2000},{"n":"6","vb":false},{"n":"7","vs":"U"},{"n":"2","v":10}]',
	],
] as const)
	test(`LightweightM2M-1.1-int-${id}: an instance is updated and replaced in ${title}`, () => {
		const device = new CaseDevice().register();
		const bytes = (payload: string) => (format === TLV ? hex(payload) : payload);
		equal(device.post("1/0", bytes(partial), format), "2.04");
		equal(
			device.get("1/0", SENML_JSON),
			'2.05 [{"bn":"/1/0/","n":"0","v":1},{"n":"1","v":300},{"n":"2","v":101},{"n":"3","v":1010},{"n":"5","v":2000},{"n":"6","vb":true},{"n":"7","vs":"U"}]',
		);
		equal(device.put("1/0", bytes(replacement), format), "2.04");
		equal(
			device.get("1/0", SENML_JSON),
			'2.05 [{"bn":"/1/0/","n":"0","v":1},{"n":"1","v":2000},{"n":"2","v":10},{"n":"6","vb":false},{"n":"7","vs":"U"}]',
		);
	});

test("LightweightM2M-1.1-int-226: a partial update of an instance leaves the other resources", () => {
	const device = deviceWithValues();
	equal(device.post("3441/0", '[{"bn":"/3441/0/","n":"1","vs":"new"},{"n":"4","v":1.5}]', SENML_JSON), "2.04");
	equal(
		valuesOf(device),
		'[{"bn":"/3441/0/","n":"1","vs":"new"},{"n":"2","v":7},{"n":"4","v":1.5},{"n":"20","v":50},{"n":"30","v":1},{"n":"40/0","v":10},{"n":"40/5","v":15}]',
	);
});

test("LightweightM2M-1.1-int-227: a resource is replaced", () => {
	const device = deviceWithValues();
	equal(device.put("3441/0/2", "63"), "2.04");
	equal(device.get("3441/0/2"), "2.05 63");
	equal(device.put("3441/0/3", "5"), "2.04", "one that had no value");
	equal(device.get("3441/0/3"), "2.05 5");
});

test("LightweightM2M-1.1-int-228: a resource instance is written", () => {
	const device = new CaseDevice().register();
	equal(device.post("16", '[{"bn":"/16/0/0/","n":"0","vs":"a"},{"n":"1","vs":"b"}]', SENML_JSON), "2.01");
	equal(device.put("16/0/0/0", "test"), "2.04");
	equal(device.get("16/0/0", SENML_JSON), '2.05 [{"bn":"/16/0/0/","n":"0","vs":"test"},{"n":"1","vs":"b"}]');
	// one that is missing is made, up to the bound
	equal(device.put("16/0/0/7", "c"), "2.04");
	equal(device.put("16/0/0/8", hex("410864"), TLV), "2.04");
	equal(device.put("16/0/0/9", "e"), "5.00");
	equal(device.get("16/0/0/9"), "4.04");
	equal(device.put("16/0/0/7", "again"), "2.04");
});

test("LightweightM2M-1.1-int-233: an instance is updated and a resource set in SenML CBOR", () => {
	const device = new CaseDevice().register();
	equal(device.post("1/0", hex("82a3 21 652f312f302f 00 6131 02 183d a2 00 6136 04 f4"), SENML_CBOR), "2.04");
	equal(device.get("1/0/1"), "2.05 61");
	equal(device.get("1/0/6"), "2.05 0");
	equal(device.put("1/0/1", hex("81a2 00 662f312f302f31 02 183f"), SENML_CBOR), "2.04");
	equal(device.get("1/0/1"), "2.05 63");
	// a record of another path
	equal(device.put("1/0/1", hex("81a2 00 662f312f302f32 02 183f"), SENML_CBOR), "4.00");
});

test("LightweightM2M-1.1-int-220: an instance is updated and replaced in JSON", () => {
	const device = new CaseDevice("1.0").register();
	equal(device.post("1/0", '{"e":[{"n":"1","v":61},{"n":"6","bv":false}]}', JSON_FORMAT), "2.04");
	equal([device.get("1/0/1"), device.get("1/0/6"), device.get("1/0/7")], ["2.05 61", "2.05 0", "2.05 U"]);
	equal(device.put("1/0/5", '{"bn":"/1/0/5","e":[{"v":100}]}', JSON_FORMAT), "2.04");
	const whole = '{"bn":"/1/0/","e":[{"n":"1","v":63},{"n":"6","bv":true},{"n":"7","sv":"U"}]}';
	equal(device.put("1/0", whole, JSON_FORMAT), "2.04");
	equal([device.get("1/0/0"), device.get("1/0/1"), device.get("1/0/5")], ["2.05 1", "2.05 63", "4.04"]);
	equal(device.post("1/0", '{"e":[{"n":"1","sv":"61"}]}', JSON_FORMAT), "4.00");
});

test("LightweightM2M-1.1-int-234: an instance is updated and a resource set in SenML JSON", () => {
	const device = new CaseDevice().register();
	equal(device.post("1/0", '[{"bn":"/1/0/","n":"1","v":61},{"n":"6","vb":false}]', SENML_JSON), "2.04");
	equal([device.get("1/0/1"), device.get("1/0/6")], ["2.05 61", "2.05 0"]);
	equal(device.put("1/0/1", '[{"n":"/1/0/1","v":63}]', SENML_JSON), "2.04");
	equal(device.get("1/0/1"), "2.05 63");
	equal(device.put("1/0/1", '[{"n":"/1/0/2","v":63}]', SENML_JSON), "4.00");
});

test("LightweightM2M-1.1-int-256: a read-only resource is not written: 4.05", () => {
	const device = deviceWithValues();
	equal(device.put("1/0/0", "123"), "4.05");
	equal(device.get("1/0/0"), "2.05 1");
	equal(device.put("3441/0/30", "2"), "4.05");
	equal(device.post("3441/0", '[{"bn":"/3441/0/","n":"1","vs":"new"},{"n":"30","v":2}]', SENML_JSON), "4.05");
	equal(device.put("3441/0", '[{"bn":"/3441/0/","n":"1","vs":"new"},{"n":"30","v":2}]', SENML_JSON), "4.05");
	equal(valuesOf(device), UNCHANGED);
});

test("values of every type are written in plain text", () => {
	const device = new CaseDevice();
	const { registry } = device;
	registry.create("/3441/0");
	device.register();
	const values = ["caf\u00e9", "-5", "18446744073709551615", "0.25", "1", "AQID", "1367491215", "3303:1", "</3>"];
	values.forEach((value, index) => {
		const payload = index === 0 ? hex("636166c3a9") : value;
		equal(device.put(`3441/0/${index + 1}`, payload), "2.04", value);
	});
	equal(registry.get("/3441/0/1"), "caf\u00e9");
	equal(registry.get("/3441/0/2"), -5);
	equal(registry.get("/3441/0/3"), 2n ** 64n - 1n);
	equal(registry.get("/3441/0/4"), 0.25);
	equal(registry.get("/3441/0/5"), true);
	equal(registry.get("/3441/0/6"), Uint8Array.of(1, 2, 3).buffer);
	equal(registry.get("/3441/0/7"), 1367491215);
	equal(linkObject(registry.get("/3441/0/8")!), 3303);
	equal(registry.get("/3441/0/9"), "</3>");
	equal(device.put("3441/0/6", hex("0004"), OPAQUE), "2.04");
	equal(registry.get("/3441/0/6"), Uint8Array.of(0, 4).buffer);
	// without Content-Format a resource takes text
	equal(line(device.request({ code: 3, path: "3441/0/2", payload: "9" })), "2.04");
	equal(registry.get("/3441/0/2"), 9);
	equal(line(device.request({ code: 3, path: "3441/0/1" })), "2.04", "an empty text");
	equal(registry.get("/3441/0/1"), "");
});
