// Write: replace (PUT) and partial update (POST), at every level, and what is refused. A refused Write changes nothing.
// OMA-TS-LightweightM2M_Core-V1_1_1 6.3.3.
import { linkObject } from "../../src/lwm2m/path.js";
import { equal, hex, ok, test } from "../support/test.js";
import {
	CaseDevice,
	CBOR,
	ETCH_CBOR,
	ETCH_JSON,
	JSON_FORMAT,
	LINKS,
	line,
	OPAQUE,
	SENML_CBOR,
	SENML_JSON,
	TEXT,
	TLV,
} from "./lwm2m-cases.js";

/** A device whose instance /3441/0 has values, single and multiple. */
function deviceWithValues(): CaseDevice {
	const device = new CaseDevice();
	const { registry } = device;
	registry.set("/3441/0/1", "old");
	registry.set("/3441/0/2", 7);
	registry.set("/3441/0/20", 50);
	registry.set("/3441/0/40/0", 10);
	registry.set("/3441/0/40/5", 15);
	registry.set("/3441/0/30", 1);
	return device.register();
}

function valuesOf(device: CaseDevice): string {
	return device.get("3441/0", SENML_JSON).slice(5);
}

const UNCHANGED =
	'[{"bn":"/3441/0/","n":"1","vs":"old"},{"n":"2","v":7},{"n":"20","v":50},{"n":"30","v":1},{"n":"40/0","v":10},{"n":"40/5","v":15}]';

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

test("content that is no value of the type, or malformed, is answered with 4.00", () => {
	const device = deviceWithValues();
	for (const [path, payload, format] of [
		["3441/0/2", "abc", TEXT],
		["3441/0/2", "1.5", TEXT],
		["3441/0/2", "", TEXT],
		["3441/0/3", "-1", TEXT],
		["3441/0/4", "NaN", TEXT],
		["3441/0/5", "true", TEXT],
		["3441/0/6", "A", TEXT],
		["3441/0/8", "3", TEXT],
		["3441/0/1", hex("c3"), TEXT],
		["3441/0/1", hex("01"), CBOR],
		["3441/0/2", hex("18"), CBOR],
		["3441/0/2", hex("c102"), TLV],
		["3441/0/2", hex("c10307"), TLV],
		["3441/0/2", hex(""), TLV],
		["3441/0/2", "[]", SENML_JSON],
		["3441/0", "[{", SENML_JSON],
		["3441/0", '[{"n":"/3441/0/1","v":5}]', SENML_JSON],
		["3441/0", '[{"n":"/3441/1/1","vs":"x"}]', SENML_JSON],
		["3441/0", '[{"n":"/3441/0/1/0","vs":"x"}]', SENML_JSON],
		["3441/0", '[{"n":"/3441/0/40","v":1}]', SENML_JSON],
		["3441/0", hex("ff"), SENML_CBOR],
		["3441/0", hex("c8ff"), TLV],
	] as const)
		equal(device.put(path, payload, format), "4.00", `${path} ${payload}`);
	equal(valuesOf(device), UNCHANGED);
});

test("a value out of the resource's range, or of a length that it cannot hold, is answered with 4.00", () => {
	const device = deviceWithValues();
	for (const [path, payload] of [
		["3441/0/20", "101"],
		["3441/0/20", "-1"],
		["3441/0/21", "a"],
		["3441/0/21", "abcdef"],
		["3441/0/22", "AQID"],
		["3441/0/40/0", "101"],
		["3441/0/1", "x".repeat(513)],
	] as const)
		equal(device.put(path, payload), "4.00", path);
	equal(device.put("3441/0/20", "100"), "2.04");
	equal(device.put("3441/0/20", "0"), "2.04");
	equal(device.put("3441/0/21", "ab"), "2.04");
	equal(device.put("3441/0/22", "AQI="), "2.04");
	equal(device.put("3441/0/1", "x".repeat(512)), "2.04");
});

test("a Content-Format that is none, or not for what is written, is answered with 4.15", () => {
	const device = deviceWithValues();
	for (const format of [LINKS, 50, 65535, ETCH_JSON, ETCH_CBOR])
		equal(device.put("3441/0/1", "new", format), "4.15", `${format}`);
	for (const format of [TEXT, OPAQUE, CBOR])
		for (const path of ["3441/0", "3441/0/40"]) equal(device.put(path, "5", format), "4.15", `${path} ${format}`);
	equal(line(device.request({ code: 3, path: "3441/0", payload: "x" })), "4.15", "none, at an instance");
	equal(device.put("3441/0/2", "5", OPAQUE), "4.00");
	equal(valuesOf(device), UNCHANGED);
});

test("what is not there is answered with 4.04, an executable or hidden resource with 4.05", () => {
	const device = deviceWithValues();
	for (const path of ["9/0", "9/0/1", "3441/1", "3441/1/1", "3441/0/999", "3441/0/1/0", "3441/0/999/0"])
		equal(device.put(path, "x", TLV), "4.04", path);
	for (const path of ["3441/0/32", "3441/0/33", "3441/0/32/0"]) equal(device.put(path, "1"), "4.05", path);
	equal(device.put("3441", "[]", SENML_JSON), "4.05");
	equal(device.put("", "[]", SENML_JSON), "4.05");
	equal(device.post("3441/0", '[{"n":"/3441/0/999","v":1}]', SENML_JSON), "4.04");
	equal(valuesOf(device), UNCHANGED);
});

test("a POST to a single resource or to a resource instance is no Write: 4.05", () => {
	const device = deviceWithValues();
	equal(device.post("3441/0/1", "new", TEXT), "4.05");
	equal(device.post("3441/0/40/0", "1", TEXT), "4.05");
	equal(valuesOf(device), UNCHANGED);
});

test("a write-only resource is written, and its value kept for the device", () => {
	const device = deviceWithValues();
	equal(device.put("3441/0/31", "9"), "2.04");
	equal(device.registry.get("/3441/0/31"), 9);
});

test("a multiple resource is replaced by a PUT and merged by a POST", () => {
	const device = deviceWithValues();
	const values = () => device.get("3441/0/40", SENML_JSON).slice(5);
	equal(device.post("3441/0/40", '[{"bn":"/3441/0/40/","n":"5","v":16},{"n":"7","v":17}]', SENML_JSON), "2.04");
	equal(values(), '[{"bn":"/3441/0/40/","n":"0","v":10},{"n":"5","v":16},{"n":"7","v":17}]');
	equal(device.put("3441/0/40", '[{"bn":"/3441/0/40/","n":"9","v":1},{"n":"5","v":2}]', SENML_JSON), "2.04");
	equal(values(), '[{"bn":"/3441/0/40/","n":"5","v":2},{"n":"9","v":1}]');
	// the same in TLV: multiple resource 40 with instances 0 and 1
	equal(device.put("3441/0/40", hex("8628410003410104"), TLV), "2.04");
	equal(values(), '[{"bn":"/3441/0/40/","n":"0","v":3},{"n":"1","v":4}]');
	equal(device.put("3441/0/40", hex("8028"), TLV), "2.04", "by nothing");
	equal(values(), "[]");
});

test("a replaced instance loses the writable resources that the payload lacks, and instances of multiple ones", () => {
	const device = deviceWithValues();
	// the records of the multiple resource stand apart
	equal(
		device.put("3441/0", '[{"bn":"/3441/0/","n":"40/5","v":16},{"n":"1","vs":"new"},{"n":"40/6","v":17}]', SENML_JSON),
		"2.04",
	);
	equal(
		valuesOf(device),
		'[{"bn":"/3441/0/","n":"1","vs":"new"},{"n":"30","v":1},{"n":"40/5","v":16},{"n":"40/6","v":17}]',
	);
	equal(device.post("3441/0", '[{"bn":"/3441/0/","n":"40/6","v":18}]', SENML_JSON), "2.04");
	equal(device.get("3441/0/40", SENML_JSON), '2.05 [{"bn":"/3441/0/40/","n":"5","v":16},{"n":"6","v":18}]');
});

test("a replacement that lacks a mandatory resource is answered with 4.00", () => {
	const device = new CaseDevice().register();
	const before = device.get("1/0", SENML_JSON);
	equal(device.put("1/0", '[{"bn":"/1/0/","n":"1","v":60},{"n":"7","vs":"U"}]', SENML_JSON), "4.00");
	equal(device.get("1/0", SENML_JSON), before);
	equal(
		device.put("1/0", '[{"bn":"/1/0/","n":"1","v":60},{"n":"7","vs":"U"},{"n":"6","vb":false}]', SENML_JSON),
		"2.04",
	);
});

test("more instances of a multiple resource than the device holds are refused, and none is stored", () => {
	const device = deviceWithValues();
	const four = '[{"bn":"/3441/0/40/","n":"1","v":1},{"n":"2","v":2},{"n":"3","v":3},{"n":"4","v":4}]';
	equal(device.put("3441/0/40", four, SENML_JSON), "5.00");
	equal(device.post("3441/0/40", '[{"bn":"/3441/0/40/","n":"1","v":1},{"n":"2","v":2}]', SENML_JSON), "5.00");
	equal(
		device.post("3441/0", '[{"bn":"/3441/0/","n":"1","vs":"new"},{"n":"40/1","v":1},{"n":"40/2","v":2}]', SENML_JSON),
		"5.00",
	);
	equal(valuesOf(device), UNCHANGED);
	equal(device.post("3441/0/40", '[{"bn":"/3441/0/40/","n":"5","v":1},{"n":"2","v":2}]', SENML_JSON), "2.04");
});

test("a Write that is refused for its last record has stored none of the others", () => {
	const device = deviceWithValues();
	const changed: string[] = [];
	const { model } = device.registry;
	const before = model.onChange!;
	model.onChange = (...path) => {
		changed.push(path.join("/"));
		before(...path);
	};
	const payload = '[{"bn":"/3441/0/","n":"1","vs":"new"},{"n":"40/0","v":99},{"n":"20","v":101}]';
	equal(device.post("3441/0", payload, SENML_JSON), "4.00");
	equal(device.put("3441/0", payload, SENML_JSON), "4.00");
	equal(valuesOf(device), UNCHANGED);
	equal(changed, []);
});

test("a write handler is told what comes, before it is stored", () => {
	const device = deviceWithValues();
	const { registry } = device;
	const told: unknown[] = [];
	registry.onWrite("/3441/*/1", (value, instance, resourceInstance) => {
		told.push([value, instance, resourceInstance, registry.get("/3441/0/1")]);
	});
	registry.onWrite("/3441/0/40", (value, instance, resourceInstance) => {
		told.push([value, instance, resourceInstance]);
	});
	equal(device.put("3441/0/1", "new"), "2.04");
	equal(device.put("3441/0/40/5", "1"), "2.04");
	equal(told, [
		["new", 0, -1, "old"],
		[1, 0, 5],
	]);
	equal(registry.get("/3441/0/1"), "new");
});

test("a write or validate handler that refuses gives its code, and nothing is stored", () => {
	const device = deviceWithValues();
	const { registry } = device;
	const told: unknown[] = [];
	registry.onWrite("/3441/0/1", (value) => {
		told.push(value);
	});
	registry.onWrite("/3441/0/20", (value) => (value > 90 ? 0x83 : undefined));
	equal(device.put("3441/0/20", "95"), "4.03");
	equal(device.post("3441/0", '[{"bn":"/3441/0/","n":"1","vs":"new"},{"n":"20","v":95}]', SENML_JSON), "4.03");
	equal(told, ["new"]);
	// a validate handler is asked ahead of all write handlers
	registry.onValidate("/3441/*/2", (value) => (value === 13 ? 0x89 : undefined));
	equal(device.post("3441/0", '[{"bn":"/3441/0/","n":"1","vs":"newer"},{"n":"2","v":13}]', SENML_JSON), "4.09");
	equal(told, ["new"]);
	equal(valuesOf(device), UNCHANGED);
	equal(device.put("3441/0/20", "80"), "2.04");
	equal(device.put("3441/0/2", "14"), "2.04");
});

test("a write or validate handler that throws is a 5.00 and a line in the log; notifications go on", () => {
	const device = deviceWithValues();
	const { registry } = device;
	device.observe("3441/0/2");
	registry.onWrite("/3441/0/1", () => {
		throw new Error("flash is full");
	});
	registry.onValidate("/3441/0/20", () => {
		throw new Error("no idea");
	});
	equal(device.put("3441/0/1", "new"), "5.00");
	equal(device.put("3441/0/20", "20"), "5.00");
	equal(device.logged("Handler of /3441/0/1 failed: Error: flash is full").length, 1);
	equal(device.logged("Handler of /3441/0/20 failed: Error: no idea").length, 1);
	equal(valuesOf(device), UNCHANGED);
	equal(registry.model.isBatching, false);
	equal(device.put("3441/0/2", "8"), "2.04");
	equal(line(device.take()), "2.05 8");
});

test("a Write in blocks is put together, restarted, and refused where a block is missing", () => {
	const device = deviceWithValues();
	const block = (number: number, isMore: boolean, payload: string, mid?: number) =>
		device.request({
			code: 3,
			path: "3441/0/1",
			format: TEXT,
			block1: number * 16 + (isMore ? 8 : 0) + 1,
			payload,
			...(mid === undefined ? {} : { mid }),
		});
	const first = "a".repeat(32);
	equal(line(block(0, true, first)), "2.31");
	equal(line(block(0, true, first)), "2.31", "begun again");
	equal(line(block(1, true, "b".repeat(32))), "2.31");
	equal(device.registry.get("/3441/0/1"), "old");
	equal(line(block(2, false, "c")), "2.04");
	equal(device.registry.get("/3441/0/1"), `${first}${"b".repeat(32)}c`);
	equal(line(block(2, false, "c")), "2.04", "the last one again, with another message id");
	equal(line(block(0, true, first)), "2.31");
	equal(line(block(2, false, "c")), "4.08");
	ok(device.registry.get("/3441/0/1")!.endsWith("bc"));
});

test("a Write in blocks that must fail is refused at the first of them", () => {
	const device = deviceWithValues();
	const block = (path: string) =>
		line(device.request({ code: 3, path, format: TLV, block1: 8, payload: "a".repeat(16) }));
	equal(block("0/0/0"), "4.01");
	equal(block("3441/1"), "4.04");
	equal(block("9/0"), "4.04");
	equal(block("3441/0"), "2.31");
	// larger than the device takes
	equal(
		line(device.request({ code: 3, path: "3441/0", format: TLV, block1: 1024 * 16 + 14, payload: "a".repeat(1024) })),
		"4.13",
	);
});

test("a large instance is written in blocks of TLV and of SenML CBOR", () => {
	const device = deviceWithValues();
	const opaque = new Uint8Array(4000).map((_, index) => index);
	// opaque resource 6: length of 12 bits in two bytes
	const tlv = new Uint8Array([0xd0, 6, 4000 >> 8, 4000 & 0xff, ...opaque]);
	const senml = new Uint8Array([...hex("81a2 00 692f333434312f302f36 08 59 0fa0"), ...opaque]);
	for (const [format, payload] of [
		[TLV, tlv],
		[SENML_CBOR, senml],
	] as const) {
		device.registry.set("/3441/0/6", new ArrayBuffer(0));
		let last = "";
		for (let at = 0; at < payload.length; at += 512)
			last = line(
				device.request({
					code: 2,
					path: "3441/0",
					format,
					block1: (at / 512) * 16 + (at + 512 < payload.length ? 8 : 0) + 5,
					payload: payload.slice(at, at + 512),
				}),
			);
		equal(last, "2.04");
		equal(device.registry.get("/3441/0/6"), opaque.buffer);
	}
});
