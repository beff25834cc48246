// Discover: which links and which attributes at each level. OMA-TS-LightweightM2M_Core-V1_1_1 6.3.2.
import { EPMAX, EPMIN, PMAX, PMIN } from "../../src/lwm2m/attributes.js";
import { equal, ok, test } from "../support/test.js";
import { CaseDevice, formatOf, LINKS, line } from "./lwm2m-cases.js";

/** The Device of the standard's example, with the attributes of its example. */
function exampleDevice(): CaseDevice {
	const device = new CaseDevice().register();
	const { registry } = device;
	for (const id of [0, 1, 2, 3, 14] as const) registry.remove(`/3/0/${id}`);
	registry.set("/3/0/1", "x");
	for (const index of [0, 1]) {
		registry.set(`/3/0/6/${index}`, 1);
		registry.set(`/3/0/7/${index}`, 3800);
		registry.set(`/3/0/8/${index}`, 125);
	}
	registry.onExecute("/3/0/4", () => {});
	device.attributes("3", "pmin=10");
	device.attributes("3/0", "pmax=60");
	device.attributes("3/0/7", "gt=50", "lt=42.2");
	return device;
}

test("LightweightM2M-1.1-int-260: an object is discovered with its own attributes and bare links", () => {
	const device = exampleDevice();
	const answer = device.request({ code: 1, path: "3", accept: LINKS });
	equal(formatOf(answer), LINKS);
	equal(
		line(answer),
		"2.05 </3>;ver=1.1;pmin=10,</3/0>,</3/0/1>,</3/0/4>,</3/0/6>,</3/0/7>,</3/0/8>,</3/0/11>,</3/0/16>",
	);
});

test("LightweightM2M-1.1-int-260: an instance is discovered with its own attributes, dimensions and those of its resources", () => {
	equal(
		exampleDevice().discover("3/0"),
		"2.05 </3/0>;pmax=60,</3/0/1>,</3/0/4>,</3/0/6>;dim=2,</3/0/7>;dim=2;gt=50;lt=42.2,</3/0/8>;dim=2,</3/0/11>;dim=1,</3/0/16>",
	);
});

test("LightweightM2M-1.1-int-260: a resource is discovered with inherited attributes, and its instances", () => {
	const device = exampleDevice();
	equal(device.discover("3/0/7"), "2.05 </3/0/7>;dim=2;pmin=10;pmax=60;gt=50;lt=42.2,</3/0/7/0>,</3/0/7/1>");
	equal(device.discover("3/0/16"), "2.05 </3/0/16>;pmin=10;pmax=60");
	equal(device.discover("3/0/4"), "2.05 </3/0/4>;pmin=10;pmax=60");
});

test("LightweightM2M-1.1-int-261: attributes of an instance of a resource go before those that are inherited", () => {
	const device = new CaseDevice().register();
	equal(device.discover("3/0/11"), "2.05 </3/0/11>;dim=1,</3/0/11/0>");
	equal(device.attributes("3", "pmin=10"), "2.04");
	equal(device.attributes("3", "pmax=200"), "2.04");
	equal(device.attributes("3/0", "pmax=320"), "2.04");
	equal(device.attributes("3/0/11/0", "pmax=100"), "2.04");
	equal(device.attributes("3/0/11/0", "epmin=1"), "2.04");
	equal(device.attributes("3/0/11/0", "epmax=20"), "2.04");
	equal(device.discover("3/0/11"), "2.05 </3/0/11>;dim=1;pmin=10;pmax=320,</3/0/11/0>;pmax=100;epmin=1;epmax=20");
	const effective = device.client.attributes.effective(1, 3, 0, 11, 0);
	equal([effective[PMIN], effective[PMAX], effective[EPMIN], effective[EPMAX]], [10, 100, 1, 20]);
});

test("all instances of an object are discovered, and those of an object without any", () => {
	const device = new CaseDevice().register();
	device.registry.set("/3303/2/5700", 1);
	equal(device.discover("3303"), "2.05 </3303>;ver=1.1,</3303/0>,</3303/0/5700>,</3303/2>,</3303/2/5700>");
	equal(device.discover("16"), "2.05 </16>");
	ok(device.discover("1").startsWith("2.05 </1>;ver=1.1,</1/0>;ssid=1,</1/0/0>,"));
});

test("a resource shows where there is a value, or the handler that it takes", () => {
	const device = new CaseDevice().register();
	const { registry } = device;
	registry.create("/3441/0");
	registry.create("/3441/1");
	registry.onRead("/3441/0/1", () => "x");
	registry.onWrite("/3441/0/2", () => {});
	registry.onWrite("/3441/0/31", () => {});
	registry.onExecute("/3441/0/32", () => {});
	registry.set("/3441/0/33", 1);
	equal(device.discover("3441/0"), "2.05 </3441/0>,</3441/0/1>,</3441/0/31>,</3441/0/32>");
	equal(device.discover("3441/1"), "2.05 </3441/1>");
	equal(device.discover("3441/0/2"), "4.04");
	equal(device.discover("3441/1/32"), "4.04");
});

test("what is not there is answered with 4.04, the root and a resource instance with 4.05", () => {
	const device = new CaseDevice().register();
	for (const path of ["9", "9/0", "3/1", "3/0/9", "3/0/999", "3/1/0", "x"]) equal(device.discover(path), "4.04", path);
	for (const path of ["", "3/0/11/0"]) equal(device.discover(path), "4.05", path);
});

test("attributes are shown to the server that has set them", () => {
	const device = new CaseDevice().register();
	device.client.attributes.write(2, 3, -1, -1, -1, [5]);
	device.attributes("3", "pmin=10");
	ok(device.discover("3").startsWith("2.05 </3>;ver=1.1;pmin=10,"));
	device.attributes("3", "pmin=");
	ok(device.discover("3").startsWith("2.05 </3>;ver=1.1,"));
	equal(device.client.attributes.at(2, 3, -1, -1, -1), [5]);
});

test("the versions of objects are those of the enabler that was registered with", () => {
	ok(new CaseDevice("1.0").register().discover("3").startsWith("2.05 </3>,"));
	ok(new CaseDevice("1.2").register().discover("3").startsWith("2.05 </3>;ver=1.2,"));
});

test("links that fill more than a datagram go in blocks", () => {
	const device = new CaseDevice().register();
	for (let index = 0; index < 100; index++) device.registry.set(`/3441/0/41/${index}`, "x");
	let links = "";
	for (let number = 0, isMore = true; isMore; number++) {
		const answer = device.request({
			code: 1,
			path: "3441/0/41",
			accept: LINKS,
			...(number === 0 ? {} : { block2: number * 16 + 6 }),
		});
		const [, block] = answer.options.find(([option]) => option === 23)!;
		const value = block.reduce((sum, byte) => sum * 256 + byte, 0);
		equal(value >> 4, number);
		isMore = (value & 8) !== 0;
		links += line(answer).slice(5);
	}
	equal(links.split(",").length, 101);
	ok(links.startsWith("</3441/0/41>;dim=100,</3441/0/41/0>,"));
	ok(links.endsWith(",</3441/0/41/99>"));
	equal(line(device.request({ code: 1, path: "3", accept: LINKS, block2: 7 })), "4.00", "the reserved block size");
});
