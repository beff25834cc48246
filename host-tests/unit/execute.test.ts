// Execute and its argument list. OMA-TS-LightweightM2M_Core-V1_1_1 6.3.4.
import { parseArguments } from "../../src/lwm2m/arguments.js";
import { equal, hex, ok, test, throws } from "../support/test.js";
import { CaseDevice, CBOR, line, TEXT } from "./lwm2m-cases.js";

test("LightweightM2M-1.1-int-241: the device is rebooted once the server has its answer", () => {
	const device = new CaseDevice().register();
	device.registry.onExecute("/3/0/4", () => device.client.onceAnswered(() => device.platform.restart()));
	throws(() => device.post("3/0/4"), "Error", "restart");
	equal(device.platform.restarts, 1);
	equal(line(device.take()), "2.04");
});

test("a handler gets the parameters and the instance, and may refuse", () => {
	const device = new CaseDevice().register();
	const calls: unknown[] = [];
	device.registry.create("/3441/0");
	device.registry.create("/3441/2");
	device.registry.onExecute("/3441/*/32", (parameters, instance) => {
		calls.push([parameters, instance]);
		return parameters === "9" ? 0x83 : undefined;
	});
	equal(device.post("3441/0/32"), "2.04");
	equal(device.post("3441/2/32", "0='abc',1", TEXT), "2.04");
	equal(device.post("3441/2/32", "9"), "4.03");
	equal(calls, [
		["", 0],
		["0='abc',1", 2],
		["9", 2],
	]);
});

test("what cannot be executed is answered with 4.05, what is not there with 4.04", () => {
	const device = new CaseDevice().register();
	device.registry.create("/3441/0");
	for (const path of ["", "3303/0/5700", "3/0/14", "3/0/4/0", "3303/0/5605/0"]) equal(device.post(path), "4.05", path);
	// supported by the object, but not by this device
	equal(device.post("3441/0/32"), "4.04");
	device.registry.onExecute("/3441/1/32", () => {});
	for (const path of ["3441/0/32", "3441/1/32", "3441/9/32", "3441/0/999", "9/0/0"])
		equal(device.post(path), "4.04", path);
});

test("an argument list in another format than text is answered with 4.15, a malformed one with 4.00", () => {
	const device = new CaseDevice().register();
	let calls = 0;
	device.registry.onExecute("/3/0/4", () => {
		calls++;
	});
	equal(device.post("3/0/4", hex("00"), CBOR), "4.15");
	equal(device.post("3/0/4", hex("c3"), TEXT), "4.00");
	equal(device.post("3/0/4", "abc", TEXT), "4.00");
	equal(calls, 0);
	device.registry.onExecute("/3/0/5", () => {}, true);
	equal(device.post("3/0/5", "any text", TEXT), "2.04");
	equal(device.post("3/0/5", hex("c3"), TEXT), "4.00");
});

test("a handler that throws is a 5.00 and a line in the log", () => {
	const device = new CaseDevice().register();
	device.registry.onExecute("/3/0/4", () => {
		throw new Error("stuck");
	});
	equal(device.post("3/0/4"), "5.00");
	equal(device.logged("Handler of /3/0/4 failed: Error: stuck").length, 1);
	equal(device.get("3/0/3"), "2.05 1.0");
});

test("a repeated Execute is answered as the first one, and runs nothing", () => {
	const device = new CaseDevice().register();
	let calls = 0;
	device.registry.onExecute("/3/0/4", () => {
		calls++;
	});
	const execute = { code: 2, mid: 900, token: Uint8Array.of(7), path: "3/0/4" };
	device.deliver(execute);
	const first = device.platform.socket.take();
	device.deliver(execute);
	equal(device.platform.socket.take(), first);
	device.deliver({ ...execute, type: 1, mid: 901 });
	ok(device.platform.socket.take());
	device.deliver({ ...execute, type: 1, mid: 901 });
	ok(device.isQuiet);
	equal(calls, 2);
});

test("an argument list has ids from 0 to 9, each once, with values in quotes or none", () => {
	equal(parseArguments(""), []);
	equal(parseArguments("5"), [{ id: 5, value: undefined }]);
	equal(parseArguments("2='10.3'"), [{ id: 2, value: "10.3" }]);
	equal(parseArguments("7,0='https://www.oma.org'"), [
		{ id: 7, value: undefined },
		{ id: 0, value: "https://www.oma.org" },
	]);
	equal(parseArguments("0,1,2,3,4")!.length, 5);
	equal(parseArguments("0=''"), [{ id: 0, value: "" }]);
	equal(parseArguments("0='a,b=c'"), [{ id: 0, value: "a,b=c" }]);
});

test("what is no argument list is refused", () => {
	for (const text of [
		"a",
		"10",
		",",
		"0,",
		",0",
		"0,,1",
		"0=",
		"0='",
		"0='a",
		"0=a",
		"0='a'b",
		"0='a'1",
		"0='a' ,1",
		"0='a b'",
		"0='\"'",
		"0='a\\b'",
		"0='\u00e9'",
		"0,0",
		"0='a',0",
		"=",
		"-1",
		" 0",
	])
		equal(parseArguments(text), undefined, text);
});
