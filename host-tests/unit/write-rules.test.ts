// What a Write must not do, replaces or merges, and asks the application. OMA-TS-LightweightM2M_Core-V1_1_1 6.3.3.
import { equal, hex, ok, test } from "../support/test.js";
import {
	CaseDevice,
	CBOR,
	ETCH_CBOR,
	ETCH_JSON,
	LINKS,
	line,
	OPAQUE,
	SENML_CBOR,
	SENML_JSON,
	TEXT,
	TLV,
} from "./lwm2m-cases.js";
import { deviceWithValues, UNCHANGED, valuesOf } from "./write-cases.js";

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
