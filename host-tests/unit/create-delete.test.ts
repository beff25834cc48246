// Create and Delete. OMA-TS-LightweightM2M_Core-V1_1_1 6.3.5, 6.3.6.
import { UPDATE_MARGIN_SECONDS } from "../../src/config.js";
import { texts } from "../support/coap.js";
import { equal, hex, ok, test } from "../support/test.js";
import { CaseDevice, line, SENML_JSON, TEXT, TLV } from "./lwm2m-cases.js";

function create(device: CaseDevice, path: string, payload: Uint8Array | string, format = SENML_JSON) {
	return device.request({ code: 2, path, payload, format });
}

test("LightweightM2M-1.1-int-680: an instance is created, and the answer names it", () => {
	const device = new CaseDevice().register();
	const answer = create(device, "16", '[{"bn":"/16/2/0/","n":"0","vs":"a"},{"n":"3","vs":"b"}]');
	equal(line(answer), "2.01");
	equal(texts(answer, 8), ["16", "2"]);
	equal(device.get("16", SENML_JSON), '2.05 [{"bn":"/16/2/","n":"0/0","vs":"a"},{"n":"0/3","vs":"b"}]');
});

test("LightweightM2M-1.1-int-685: an instance is deleted", () => {
	const device = new CaseDevice().register();
	create(device, "16", '[{"n":"/16/2/0/0","vs":"a"}]');
	equal(device.delete("16/2"), "2.02");
	equal(device.get("16/2", SENML_JSON), "4.04");
	equal(device.delete("16/2"), "4.04");
});

test("an instance that the payload does not name gets the lowest id that is free", () => {
	const device = new CaseDevice().register();
	const { registry } = device;
	registry.create("/3441/0");
	registry.create("/3441/2");
	const answer = create(device, "3441", hex("c10207"), TLV);
	equal([line(answer), ...texts(answer, 8)], ["2.01", "3441", "1"]);
	equal(registry.get("/3441/1/2"), 7);
	// the same within an instance entry, and an instance of nothing but its id
	equal(line(create(device, "3441", hex("0003"), TLV)), "2.01");
	ok(registry.has("/3441/3"));
});

test("an instance entry of TLV names the instance", () => {
	const device = new CaseDevice().register();
	equal(line(create(device, "3441", hex("0303c10801"), TLV)), "4.00", "a link of one byte");
	equal(line(create(device, "3441", hex("0303c10207"), TLV)), "2.01");
	equal(device.registry.get("/3441/3/2"), 7);
});

test("a Create without payload makes an empty instance where nothing is mandatory", () => {
	const device = new CaseDevice().register();
	const answer = device.request({ code: 2, path: "3441" });
	equal([line(answer), ...texts(answer, 8)], ["2.01", "3441", "0"]);
	equal(device.post("16"), "4.00", "without its mandatory resource");
	ok(!device.registry.has("/16/0"));
});

test("a Create without a mandatory resource that a server can write is answered with 4.00", () => {
	const device = new CaseDevice().register();
	equal(device.post("16", "[]", SENML_JSON), "4.00");
	equal(device.get("16", SENML_JSON), "2.05 []");
	// 3303/x/5700 is mandatory and read-only: the device gives it
	equal(device.post("3303"), "2.01");
});

test("a Create may set read-only resources, and leaves out those that the device does not know", () => {
	const device = new CaseDevice().register();
	const payload = '[{"bn":"/3441/1/","n":"30","v":3},{"n":"999","vs":"?"},{"n":"2","v":4}]';
	equal(device.post("3441", payload, SENML_JSON), "2.01");
	equal(device.get("3441/1", SENML_JSON), '2.05 [{"bn":"/3441/1/","n":"2","v":4},{"n":"30","v":3}]');
});

test("a Create that fails has created nothing", () => {
	const device = new CaseDevice().register();
	for (const [payload, code] of [
		['[{"n":"/3441/1/20","v":101}]', "4.00"],
		['[{"n":"/3441/1/1","v":5}]', "4.00"],
		['[{"n":"/3441/1/2","v":1},{"n":"/3441/2/2","v":1}]', "4.00"],
		['[{"n":"/3441/1/33","v":1}]', "4.05"],
		['[{"n":"/3441/1/32","v":1}]', "4.05"],
		['[{"n":"/3442/1/2","v":1}]', "4.00"],
		["[{", "4.00"],
		['[{"bn":"/3441/1/40/","n":"0","v":1},{"n":"1","v":1},{"n":"2","v":1},{"n":"3","v":1}]', "5.00"],
	] as const)
		equal(device.post("3441", payload, SENML_JSON), code, payload);
	equal(device.post("3441", "x", TEXT), "4.15");
	equal(device.post("3441", "x", 50), "4.15");
	equal(device.post("3441", "x"), "4.15", "a payload without Content-Format");
	equal(device.get("3441", SENML_JSON), "2.05 []");
	device.platform.run();
	equal(device.answerUpdates(), 0);
});

test("an instance that exists, or one too many, is answered with 4.00", () => {
	const device = new CaseDevice().register();
	for (const id of [0, 1, 2]) equal(device.post("16", `[{"n":"/16/${id}/0/0","vs":"a"}]`, SENML_JSON), "2.01");
	equal(device.post("16", '[{"n":"/16/1/0/0","vs":"b"}]', SENML_JSON), "4.00");
	equal(device.registry.get("/16/1/0/0"), "a");
	equal(device.post("16", '[{"n":"/16/5/0/0","vs":"b"}]', SENML_JSON), "4.00");
});

test("objects that a server cannot create or delete instances of are answered with 4.05", () => {
	const device = new CaseDevice().register();
	for (const path of ["3", "6", "1"]) equal(device.post(path), "4.05", `create ${path}`);
	for (const path of ["3/0", "1/0", "1/9"]) equal(device.delete(path), "4.05", `delete ${path}`);
	equal(device.post("9"), "4.04");
	equal(device.delete("9/0"), "4.04");
	equal(device.delete("3441/9"), "4.04");
	for (const path of ["", "3441", "3303/0/5700"]) equal(device.delete(path), "4.05", `delete ${path}`);
	ok(device.registry.has("/3303/0/5700"));
});

test("an instance of a writable multiple resource can be deleted", () => {
	const device = new CaseDevice().register();
	const { registry } = device;
	registry.set("/3441/0/40/1", 5);
	registry.set("/3441/0/40/2", 6);
	registry.set("/3441/0/1", "x");
	equal(device.delete("3441/0/40/1"), "2.02");
	equal(device.get("3441/0/40", SENML_JSON), '2.05 [{"n":"/3441/0/40/2","v":6}]');
	equal(device.delete("3441/0/40/1"), "4.04");
	equal(device.delete("3441/0/1/0"), "4.04");
	equal(device.delete("3441/0/99/0"), "4.04");
	equal(device.delete("3/0/11/0"), "4.05");
});

test("the create and delete handlers are asked, and may refuse", () => {
	const device = new CaseDevice().register();
	const { registry } = device;
	const asked: string[] = [];
	registry.onCreate("/3441", (instance) => {
		asked.push(`create ${instance} ${registry.has(`/3441/${instance}`)}`);
		return instance === 3 ? 0x83 : undefined;
	});
	registry.onDelete("/3441", (instance) => {
		asked.push(`delete ${instance} ${registry.has(`/3441/${instance}`)}`);
		return instance === 1 ? 0x89 : undefined;
	});
	equal(device.post("3441", '[{"n":"/3441/3/2","v":1}]', SENML_JSON), "4.03");
	equal(device.post("3441", '[{"n":"/3441/1/2","v":1}]', SENML_JSON), "2.01");
	equal(device.delete("3441/1"), "4.09");
	equal(device.post("3441", '[{"n":"/3441/2/2","v":1}]', SENML_JSON), "2.01");
	equal(device.delete("3441/2"), "2.02");
	equal(asked, ["create 3 false", "create 1 false", "delete 1 true", "create 2 false", "delete 2 true"]);
	ok(registry.has("/3441/1"));
	ok(!registry.has("/3441/3"));
});

test("a create handler may give the instance its values", () => {
	const device = new CaseDevice().register();
	const { registry } = device;
	registry.onCreate("/3441", (instance) => registry.set(`/3441/${instance}/30`, 5));
	equal(device.post("3441", '[{"n":"/3441/1/2","v":1}]', SENML_JSON), "2.01");
	equal(device.get("3441/1", SENML_JSON), '2.05 [{"bn":"/3441/1/","n":"2","v":1},{"n":"30","v":5}]');
});

test("a handler that throws or refuses while an instance is created leaves none behind", () => {
	const device = new CaseDevice().register();
	const { registry } = device;
	registry.onCreate("/3441", (instance) => registry.set(`/3441/${instance}/30`, 5));
	registry.onWrite("/3441/*/1", (value) => {
		if (value === "throw") throw new Error("no room");
		return value === "refuse" ? 0x83 : undefined;
	});
	equal(device.post("3441", '[{"n":"/3441/1/1","vs":"throw"}]', SENML_JSON), "5.00");
	equal(device.logged("Handler of /3441 failed: Error: no room").length, 1);
	ok(!registry.has("/3441/1"));
	equal(device.post("3441", '[{"n":"/3441/1/1","vs":"refuse"}]', SENML_JSON), "4.03");
	ok(!registry.has("/3441/1"));
	registry.onCreate("/3441", () => {
		throw new Error("not today");
	});
	equal(device.post("3441", '[{"n":"/3441/1/1","vs":"x"}]', SENML_JSON), "5.00");
	ok(!registry.has("/3441/1"));
	registry.onDelete("/3303", () => {
		throw new Error("nailed");
	});
	equal(device.delete("3303/0"), "5.00");
	equal(device.get("3303/0/5700"), "2.05 21.5");
});

test("an instance that was created is announced by an Update, one that was deleted too", () => {
	const device = new CaseDevice().register();
	device.deliver({ code: 2, mid: 1, path: "16", format: SENML_JSON, payload: '[{"n":"/16/0/0/0","vs":"a"}]' });
	equal(line(device.take()), "2.01");
	const update = device.take();
	ok(line(update).includes("</16/0>"), "the links of the Update");
	device.reply(update, { code: 0x44 });
	device.deliver({ code: 4, mid: 2, path: "16/0" });
	equal(line(device.take()), "2.02");
	ok(device.isQuiet, "15 s after the last");
	ok(line(device.takeAfter(UPDATE_MARGIN_SECONDS * 1000)).includes(",</16>,"));
});

test("a repeated Create is answered as the first one, and creates no second instance", () => {
	const device = new CaseDevice().register();
	const create = { code: 2, mid: 700, token: Uint8Array.of(5), path: "3441" };
	device.deliver(create);
	const first = device.platform.socket.take();
	device.answerUpdates();
	device.deliver(create);
	equal(device.platform.socket.take(), first);
	ok(!device.registry.has("/3441/1"));
});
