// Read where the application gives the values: handlers, what they may give, and what is told where they fail.
import { equal, ok, test } from "../support/test.js";
import { CaseDevice, SENML_JSON, TLV } from "./lwm2m-cases.js";

test("a read handler is asked once, also where there is no Accept", () => {
	const device = new CaseDevice().register();
	device.registry.set("/3441/0/5", true);
	let asked = 0;
	device.registry.onRead("/3441/0/4", () => {
		asked++;
		return 21.25;
	});
	equal([device.get("3441/0/4"), asked], ["2.05 21.25", 1]);
	asked = 0;
	device.get("3441/0");
	equal(asked, 1);
});

test("a read handler gives the value, and what is stored where it gives none", () => {
	const device = new CaseDevice().register();
	const { registry } = device;
	let level: number | undefined = 42;
	registry.onRead("/3/0/9", () => level);
	equal(device.get("3/0/9"), "2.05 42");
	ok(device.get("3/0", SENML_JSON).includes('{"n":"9","v":42}'));
	level = undefined;
	equal(device.get("3/0/9"), "4.04");
	registry.set("/3/0/9", 7);
	equal(device.get("3/0/9"), "2.05 7");
});

test("a read handler that does not know its value (NaN) leaves the resource out", () => {
	const device = new CaseDevice().register();
	device.registry.onRead("/3/0/13", () => Number.NaN);
	equal(device.get("3/0/13"), "4.04");
	equal(device.get("3/0/13", TLV), "4.04");
	equal(device.get("3/0", SENML_JSON).slice(0, 5), "2.05 ");
	ok(!device.get("3/0", SENML_JSON).includes('"13"'));
});

test("a read handler that throws, or gives what the resource cannot hold, is a 5.00 and a line in the log", () => {
	const device = new CaseDevice().register();
	device.registry.onRead("/3/0/9", () => {
		throw new Error("no ADC");
	});
	equal(device.get("3/0/9"), "5.00");
	equal(device.logged("Handler of /3/0/9 failed: Error: no ADC").length, 1);
	device.registry.onRead("/3/0/9", () => 101);
	equal(device.get("3/0", SENML_JSON), "5.00");
	equal(device.logged("an integer from 0 to 100 is wanted").length, 1);
	equal(device.get("3/0/0"), "2.05 Open Mobile Alliance");
});

test("a handler of one instance is not asked for another, and the one for every instance is asked last", () => {
	const device = new CaseDevice().register();
	const { registry } = device;
	registry.set("/3303/1/5700", 1);
	registry.set("/3303/2/5700", 2);
	registry.onRead("/3303/*/5700", (instance) => 100 + instance);
	registry.onRead("/3303/1/5700", () => 11);
	equal(
		[0, 1, 2].map((instance) => device.get(`3303/${instance}/5700`)),
		["2.05 100", "2.05 11", "2.05 102"],
	);
	registry.onRead("/3303/1/5701", () => "Cel");
	equal(device.get("3303/1/5701"), "2.05 Cel");
	equal(device.get("3303/2/5701"), "4.04");
});

test("a handler that is no read handler does not make a resource readable", () => {
	const device = new CaseDevice().register();
	device.registry.create("/3441/0");
	device.registry.onWrite("/3441/*/1", () => {});
	device.registry.onValidate("/3441/*/2", () => {});
	equal(device.get("3441/0/1"), "4.04");
	equal(device.get("3441/0/2"), "4.04");
});

test("the read handler of a multiple resource is asked for each instance that there is", () => {
	const device = new CaseDevice().register();
	const { registry } = device;
	registry.onRead("/3/0/7", (_, resourceInstance) => 3300 + resourceInstance);
	equal(device.get("3/0/7", SENML_JSON), "4.04");
	ok(!device.get("3/0", SENML_JSON).includes("7"));
	registry.set("/3/0/7/0", 0);
	registry.set("/3/0/7/5", 0);
	equal(device.get("3/0/7", SENML_JSON), '2.05 [{"bn":"/3/0/7/","n":"0","v":3300},{"n":"5","v":3305}]');
	equal(device.get("3/0/7/5"), "2.05 3305");
	registry.remove("/3/0/7/0");
	registry.remove("/3/0/7/5");
	equal(device.get("3/0/7", SENML_JSON), "2.05 []");
});
