// Write-Attributes. OMA-TS-LightweightM2M_Core-V1_1_1 5.1.2 and 6.3.7.
import { ATTRIBUTE_SETS } from "../../src/config.js";
import { Attributes, EPMAX, EPMIN, GT, LT, PMAX, PMIN, ST } from "../../src/lwm2m/attributes.js";
import { equal, ok, test } from "../support/test.js";
import { CaseDevice } from "./lwm2m-cases.js";

/** The attributes at a path, `pmin=1;gt=2`, as Discover of the resource shows them. */
function shown(device: CaseDevice, path: string): string {
	const [first] = device.discover(path).split(",");
	return first!.split(";").slice(1).join(";");
}

test("attributes are set at every level, changed one by one, and removed by a name without a value", () => {
	const device = new CaseDevice().register();
	for (const path of ["3303", "3303/0", "3303/0/5700"]) {
		equal(device.attributes(path, "pmin=1", "pmax=60"), "2.04", path);
		equal(device.attributes(path, "pmax=70"), "2.04", path);
	}
	equal(shown(device, "3303/0/5700"), "pmin=1;pmax=70");
	equal(device.attributes("3303/0/5700", "pmin", "pmax="), "2.04");
	equal(device.client.attributes.at(1, 3303, 0, 5700, -1), undefined);
	equal(shown(device, "3303/0/5700"), "pmin=1;pmax=70", "what is inherited stays");
	equal(device.attributes("3/0/11/0", "pmax=5"), "2.04");
	equal(device.client.attributes.at(1, 3, 0, 11, 0)![PMAX], 5);
});

test("thresholds are for numbers, at the level of a resource or below", () => {
	const device = new CaseDevice().register();
	equal(device.attributes("3303/0/5700", "gt=30.5", "lt=-5.25", "st=0.5"), "2.04");
	equal(shown(device, "3303/0/5700"), "gt=30.5;lt=-5.25;st=0.5");
	equal(device.attributes("3/0/11/0", "gt=1"), "2.04");
	equal(device.attributes("3/0/11", "st=2"), "2.04");
	for (const path of ["3303", "3303/0", "3/0/0"]) equal(device.attributes(path, "gt=1"), "4.00", path);
	device.registry.set("/3441/0/5", true);
	device.registry.set("/3441/0/7", 5);
	equal(device.attributes("3441/0/5", "st=1"), "4.00");
	equal(device.attributes("3441/0/7", "st=1"), "2.04");
});

test("a request with an attribute that is unknown, malformed or inconsistent is refused as a whole", () => {
	const device = new CaseDevice().register();
	device.attributes("3303/0/5700", "pmin=1", "gt=30", "lt=10");
	for (const queries of [
		["pmin=2", "foo=1"],
		["pmin=2", "pmax=-1"],
		["pmin=2", "pmax=1.5"],
		["pmin=2", "pmax=abc"],
		["pmin=2", "pmax=99999999999"],
		["pmin=2", "gt=x"],
		["pmin=2", "gt=NaN"],
		["pmin=2", "gt=1e999"],
		["pmin=2", "st=-1"],
		["pmin=2", "=5"],
		["pmin=2", ""],
		["pmin=2", "PMAX=5"],
		["pmin=2", "lt=30"],
		["pmin=2", "st=10"],
		["pmin=2", "con=1"],
	])
		equal(device.attributes("3303/0/5700", ...queries), "4.00", queries.join("&"));
	equal(shown(device, "3303/0/5700"), "pmin=1;gt=30;lt=10");
	equal(device.attributes("3303/0/5700", "st=9.5"), "2.04", "10 + 2 * 9.5 < 30");
	equal(
		device.attributes("3303/0/5700", "pmax=0", "pmin=2"),
		"2.04",
		"a pmax below pmin has no effect, and is no error",
	);
});

test("an attribute that the enabler does not have is refused", () => {
	equal(new CaseDevice("1.0").register().attributes("3", "epmin=1"), "4.00");
	equal(new CaseDevice("1.1").register().attributes("3", "epmin=1"), "2.04");
	equal(new CaseDevice("1.1").register().attributes("3303/0/5700", "edge=1"), "4.00");
	const device = new CaseDevice("1.2").register();
	device.registry.set("/3441/0/5", true);
	equal(device.attributes("3441/0/5", "edge=1", "con=1", "hqmax=5"), "2.04");
	equal(device.attributes("3441/0/5", "edge=2"), "4.00");
	equal(device.attributes("3303/0/5700", "edge=1"), "4.00", "edges are those of booleans");
	equal(device.attributes("3303/0/5700", "con=2"), "4.00");
});

test("what is not there is answered with 4.04, the root and what is executable with 4.05", () => {
	const device = new CaseDevice().register();
	for (const path of ["9", "3/1", "3/0/9", "3/0/999", "3/0/11/1", "3/0/0/0", "9/0/0"])
		equal(device.attributes(path, "pmin=1"), "4.04", path);
	equal(device.attributes("", "pmin=1"), "4.05");
	device.registry.onExecute("/3/0/4", () => {});
	equal(device.attributes("3/0/4", "pmin=1"), "4.05");
});

test("a resource that a handler answers for has attributes too", () => {
	const device = new CaseDevice().register();
	device.registry.onRead("/3/0/9", () => 5);
	equal(device.attributes("3/0/9", "lt=20"), "2.04");
});

test("attributes go with their instance, and with the registration", () => {
	const device = new CaseDevice().register();
	const { attributes } = device.client;
	device.registry.set("/3303/1/5700", 1);
	device.attributes("3303", "pmin=1");
	device.attributes("3303/1", "pmin=2");
	device.attributes("3303/1/5700", "pmin=3");
	device.attributes("3303/0/5700", "pmin=4");
	equal(device.delete("3303/1"), "2.02");
	equal([attributes.at(1, 3303, 1, -1, -1), attributes.at(1, 3303, 1, 5700, -1)], [undefined, undefined]);
	equal(attributes.at(1, 3303, 0, 5700, -1)![PMIN], 4);
	device.client.update();
	device.platform.run();
	device.reply(device.take(), { code: 0x84 });
	equal(attributes.at(1, 3303, 0, 5700, -1), undefined);
	equal(attributes.at(1, 3303, -1, -1, -1), undefined);
});

test("the number of attribute sets is bounded: one more is answered with 5.00", () => {
	const attributes = new Attributes();
	for (let i = 0; i < ATTRIBUTE_SETS; i++) equal(attributes.write(1, 3303, i, -1, -1, [i]), 0x44);
	equal(attributes.write(1, 3303, 1000, -1, -1, [1]), 0xa0);
	equal(attributes.write(1, 3303, 0, -1, -1, [9]), 0x44, "one that is there can be changed");
	equal(attributes.write(1, 3303, 0, -1, -1, [null]), 0x44);
	equal(attributes.write(1, 3303, 1000, -1, -1, [1]), 0x44);
	equal(attributes.write(1, 3303, 1001, -1, -1, [null]), 0x44, "to remove nothing takes no room");
});

test("what holds for a path is its own, and what the levels above set that it does not", () => {
	const attributes = new Attributes();
	attributes.write(1, 3303, -1, -1, -1, [1, 10]);
	attributes.write(1, 3303, 0, -1, -1, [undefined, 20]);
	attributes.write(1, 3303, 0, 5700, -1, [undefined, undefined, 5]);
	attributes.write(1, 3303, 0, 5700, 3, [7]);
	attributes.write(2, 3303, 0, 5700, 3, [8]);
	const effective = attributes.effective(1, 3303, 0, 5700, 3);
	equal(
		[effective[PMIN], effective[PMAX], effective[GT], effective[LT], effective[ST]],
		[7, 20, 5, undefined, undefined],
	);
	equal([effective[EPMIN], effective[EPMAX]], [undefined, undefined]);
	equal(attributes.effective(1, 3303, -1, -1, -1)[PMAX], 10);
	ok(attributes.effective(1, 4, 0, 0, -1).length === 0);
});
