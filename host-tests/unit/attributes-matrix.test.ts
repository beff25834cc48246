// Notification attributes at work: periods, thresholds, their inheritance, and what happens when they change.
// OMA-TS-LightweightM2M_Core-V1_1_1 5.1.2, V1_2 7.3; the clock is advanced.
import { integers } from "../support/coap.js";
import { equal, ok, test, throws } from "../support/test.js";
import { CaseDevice, line, SENML_JSON } from "./lwm2m-cases.js";

type Numeric = "/3441/0/2" | "/3441/0/3" | "/3441/0/4";
/** Type, path, and what a unit of the steps below is. */
const types: readonly (readonly [name: string, path: Numeric, unit: number])[] = [
	["integer", "/3441/0/2", 1],
	["unsigned", "/3441/0/3", 1],
	["float", "/3441/0/4", 0.1],
];
/** Attributes, the value at first, and pairs: a value that is set, whether it is worth telling. In units. */
const cases: readonly (readonly [string[], number, ...(readonly [number, boolean])[]])[] = [
	[["gt=30"], 21, [29, false], [30, false], [31, true], [40, false], [30, true], [31, true], [5, true], [4, false]],
	[["lt=10"], 21, [11, false], [10, false], [9, true], [2, false], [10, true], [9, true], [50, true], [60, false]],
	[["st=5"], 21, [25, false], [26, true], [30, false], [31, true], [27, false], [26, true], [100, true], [0, true]],
	[["gt=30", "lt=10"], 5, [35, true], [5, true], [20, true], [25, false], [31, true], [20, true], [9, true]],
	[["gt=30", "lt=10", "st=8"], 20, [27, false], [28, true], [29, false], [31, true], [24, true], [15, true], [8, true]],
	[["gt=30", "st=100"], 20, [29, false], [31, true], [29, true], [130, true], [231, true], [230, false]],
];

/** What has been sent since the last call. */
function told(device: CaseDevice): string[] {
	const lines: string[] = [];
	while (!device.isQuiet) {
		const message = device.take();
		if (message.code === 2) device.reply(message, { code: 0x44 });
		else lines.push(line(message));
	}
	return lines;
}

function after(device: CaseDevice, ms: number): string[] {
	device.platform.advance(ms);
	return told(device);
}

function prepare(enabler: "1.0" | "1.1" | "1.2" = "1.1"): CaseDevice {
	const device = new CaseDevice(enabler);
	device.registry.set("/1/0/1", 86_400);
	device.registry.set("/3441/0/2", 21);
	return device.register();
}

for (const pmin of [0, 5])
	for (const [name, path, unit] of types)
		test(`each crossing of an ${name} is told with the value that crossed, and nothing else, with pmin ${pmin}`, () => {
			for (const [attributes, first, ...steps] of cases) {
				const device = prepare();
				const at = (value: number) => Number((value * unit).toPrecision(6));
				device.registry.set(path, at(first));
				const scaled = attributes.map((one) => one.replace(/\d+$/, (digits) => String(at(Number(digits)))));
				equal(device.attributes(path.slice(1), ...scaled, `pmin=${pmin}`), "2.04");
				device.observe(path.slice(1));
				for (const [value, isTold] of steps) {
					device.platform.advance(pmin * 1000);
					equal(told(device), []);
					device.registry.set(path, at(value));
					equal(after(device, 0), isTold ? [`2.05 ${at(value)}`] : [], `${scaled.join("&")}: ${at(value)}`);
				}
			}
		});

for (const [name, path, unit] of types)
	test(`an ${name} that flickers across a threshold within pmin is told, and that it went back`, () => {
		const device = prepare();
		const at = (value: number) => Number((value * unit).toPrecision(6));
		device.registry.set(path, at(20));
		device.attributes(path.slice(1), `gt=${at(30)}`, `lt=${at(10)}`, "pmin=5");
		device.observe(path.slice(1));
		for (const [up, back] of [
			[31, 21],
			[9, 22],
		] as const) {
			device.platform.advance(1000);
			device.registry.set(path, at(up));
			device.platform.advance(1000);
			device.registry.set(path, at(back));
			equal(told(device), []);
			equal(after(device, 3000), [`2.05 ${at(up)}`]);
			equal(after(device, 4999), []);
			equal(after(device, 1), [`2.05 ${at(back)}`]);
			equal(after(device, 60_000), []);
			device.platform.advance(0);
			device.request({ code: 1, path: path.slice(1), observe: 0, accept: 0 });
		}
		// without pmin, within one job
		device.attributes(path.slice(1), "pmin");
		device.registry.set(path, at(31));
		device.registry.set(path, at(20));
		equal(after(device, 0), [`2.05 ${at(31)}`, `2.05 ${at(20)}`]);
	});

test("LightweightM2M-1.1-int-301: notifications come no sooner than pmin and no later than pmax", () => {
	const device = prepare();
	equal(device.attributes("3441/0/2", "pmin=5", "pmax=15"), "2.04");
	device.observe("3441/0/2");
	device.registry.set("/3441/0/2", 22);
	equal(after(device, 4999), []);
	device.registry.set("/3441/0/2", 23);
	equal(after(device, 1), ["2.05 23"]);
	equal(after(device, 14_999), []);
	equal(after(device, 1), ["2.05 23"]);
	equal(after(device, 15_000), ["2.05 23"]);
	device.registry.set("/3441/0/2", 24);
	equal(after(device, 5000), ["2.05 24"]);
});

test("LightweightM2M-1.1-int-310: attributes that change while a resource is observed hold from then on", () => {
	const device = prepare();
	device.observe("3441/0/2");
	device.registry.set("/3441/0/2", 22);
	equal(after(device, 0), ["2.05 22"]);
	device.attributes("3441/0/2", "gt=30", "pmax=60");
	device.registry.set("/3441/0/2", 23);
	equal(after(device, 0), []);
	device.registry.set("/3441/0/2", 31);
	equal(after(device, 0), ["2.05 31"]);
	equal(after(device, 60_000), ["2.05 31"]);
	device.attributes("3441/0/2", "gt", "pmax");
	device.registry.set("/3441/0/2", 32);
	equal(after(device, 0), ["2.05 32"]);
	equal(after(device, 600_000), []);
});

test("a pmax below pmin is ignored, one of 0 as well", () => {
	for (const pmax of [0, 4]) {
		const device = prepare();
		equal(device.attributes("3441/0/2", "pmin=5", `pmax=${pmax}`), "2.04");
		device.observe("3441/0/2");
		equal(after(device, 60_000), []);
		device.registry.set("/3441/0/2", 22);
		equal(after(device, 0), ["2.05 22"]);
	}
});

test("what a server sets as default periods holds where no attribute says otherwise, and when it changes", () => {
	const device = prepare();
	device.registry.set("/1/0/2", 10);
	device.registry.set("/1/0/3", 30);
	device.observe("3441/0/2");
	device.registry.set("/3441/0/2", 22);
	equal(after(device, 9999), []);
	equal(after(device, 1), ["2.05 22"]);
	equal(after(device, 30_000), ["2.05 22"]);
	equal(device.put("1/0/3", "50"), "2.04");
	equal(after(device, 49_999), []);
	equal(after(device, 1), ["2.05 22"]);
	device.attributes("3441/0/2", "pmax=20", "pmin=0");
	equal(after(device, 20_000), ["2.05 22"]);
	device.registry.set("/3441/0/2", 23);
	equal(after(device, 0), ["2.05 23"]);
});

test("attributes are inherited from object and instance; the nearest level counts", () => {
	const device = prepare();
	device.attributes("3441", "pmin=5", "pmax=100");
	device.attributes("3441/0", "pmax=50");
	device.observe("3441/0/2");
	device.observe("3441/0", SENML_JSON);
	equal(after(device, 49_999), []);
	equal(after(device, 1).length, 2);
	device.request({ code: 1, path: "3441/0", observe: 1 });
	device.attributes("3441/0/2", "pmax=20");
	equal(after(device, 20_000), ["2.05 21"]);
	device.registry.set("/3441/0/2", 22);
	equal(after(device, 4999), []);
	equal(after(device, 1), ["2.05 22"]);
});

test("a threshold of a multiple resource holds for each instance that is observed", () => {
	const device = prepare();
	device.registry.set("/3441/0/40/0", 20);
	device.registry.set("/3441/0/40/1", 20);
	device.attributes("3441/0/40", "gt=30");
	device.observe("3441/0/40/1");
	device.registry.set("/3441/0/40/0", 50);
	device.registry.set("/3441/0/40/1", 25);
	equal(after(device, 0), []);
	device.registry.set("/3441/0/40/1", 31);
	equal(after(device, 0), ["2.05 31"]);
});

test("epmin lets a value be looked at no more often; epmax has it looked at though nobody sets it", () => {
	const device = prepare();
	device.attributes("3441/0/2", "epmin=10", "gt=30");
	device.observe("3441/0/2");
	device.registry.set("/3441/0/2", 31);
	device.registry.set("/3441/0/2", 29);
	equal(after(device, 10_000), [], "it has been back when it was looked at");
	device.platform.advance(10_000);
	device.registry.set("/3441/0/2", 31);
	equal(after(device, 0), ["2.05 31"]);
	let level = 5;
	device.registry.onRead("/3441/*/3", () => level);
	device.registry.set("/3441/0/3", 5);
	device.attributes("3441/0/3", "epmax=60", "gt=10");
	device.observe("3441/0/3");
	level = 9;
	equal(after(device, 60_000), []);
	level = 11;
	equal(after(device, 59_999), []);
	equal(after(device, 1), ["2.05 11"]);
	equal(after(device, 60_000), []);
});

test("edge tells one direction of a boolean", () => {
	for (const [edge, expected] of [
		["edge=1", ["1", "1"]],
		["edge=0", ["0", "0"]],
	] as const) {
		const device = prepare("1.2");
		device.registry.set("/3441/0/5", true);
		equal(device.attributes("3441/0/5", edge), "2.04");
		device.observe("3441/0/5");
		const seen: string[] = [];
		for (const value of [false, true, false, true]) {
			device.registry.set("/3441/0/5", value);
			seen.push(...after(device, 0));
		}
		equal(
			seen,
			expected.map((digit) => `2.05 ${digit}`),
		);
	}
});

test("con asks for confirmable notifications; the next waits for the acknowledgement, and RST ends the observation", () => {
	const device = prepare("1.2");
	equal(device.attributes("3441/0/2", "con=1"), "2.04");
	device.observe("3441/0/2");
	device.registry.set("/3441/0/2", 22);
	const first = device.takeAfter(0);
	equal([first.type, line(first)], [0, "2.05 22"]);
	device.registry.set("/3441/0/2", 23);
	device.platform.run();
	ok(device.isQuiet);
	device.reply(first, { code: 0, token: new Uint8Array(0) });
	const second = device.take();
	equal([second.type, line(second)], [0, "2.05 23"]);
	device.deliver({ type: 3, code: 0, mid: second.mid });
	equal(device.client.observations.count, 0);
});

test("the application asks for confirmable notifications: of the next one, or of all of a path", () => {
	const device = prepare("1.1");
	const { observations } = device.client;
	device.observe("3441/0/2");
	device.observe("3441/0/3");
	const next = (value: number) => {
		device.registry.set("/3441/0/2", value);
		const notification = device.takeAfter(0);
		if (notification.type === 0) device.reply(notification, { code: 0, token: new Uint8Array(0) });
		return notification.type;
	};
	equal(next(1), 1);
	observations.confirm("/3441/0/2");
	equal([next(2), next(3)], [0, 1]);
	observations.confirm("/3441");
	equal([next(4), next(5)], [0, 1]);
	observations.confirm("/3441/0", true);
	device.platform.run();
	equal([next(6), next(7)], [0, 0]);
	observations.confirm("/3441/0", false);
	device.platform.run();
	equal(next(8), 1);
	throws(() => device.untyped.observations.confirm("/"), "RangeError", "not a path");
});

test("hqmax limits the samples that notifications carry to the newest, and the older leave with them", () => {
	const device = prepare("1.2");
	const { cache } = device.client;
	equal(device.attributes("3441/0", "hqmax=3"), "2.04");
	cache.enable("/3441/0/2", 20);
	device.observe("3441/0/2", SENML_JSON);
	device.client.pause();
	for (const value of [1, 2, 3, 4, 5, 6, 7]) device.registry.set("/3441/0/2", value);
	device.client.resume();
	device.platform.run();
	device.answerUpdates();
	device.platform.run();
	const notification = device.take();
	equal(
		[...line(notification).matchAll(/"v":(\d+)/g)].map(([, value]) => value),
		["5", "6", "7"],
	);
	device.reply(notification, { code: 0, token: new Uint8Array(0) });
	equal(cache.series("/3441/0/2")!.length, 0);
	equal(device.attributes("3441/0", "hqmax=0"), "2.04");
	device.registry.set("/3441/0/2", 8);
	device.registry.set("/3441/0/2", 9);
	const last = device.takeAfter(0);
	equal(line(last), '2.05 [{"n":"/3441/0/2","v":9}]');
});

test("the attributes of an Observe request hold for that observation, and are refused where they are wrong", () => {
	const device = prepare("1.2");
	const observe = (...queries: string[]) =>
		line(device.request({ code: 1, path: "3441/0/2", accept: 0, observe: 0, queries }));
	equal(observe("gt=30", "pmin=5"), "2.05 21");
	device.registry.set("/3441/0/2", 22);
	equal(after(device, 5000), []);
	device.registry.set("/3441/0/2", 31);
	equal(after(device, 0), ["2.05 31"]);
	equal(device.client.attributes.at(1, 3441, 0, 2, -1), undefined);
	for (const wrong of [["gt=x"], ["foo=1"], ["gt=1", "lt=2"], ["edge=1"]]) equal(observe(...wrong), "4.00", wrong[0]!);
});

test("once a day a notification is confirmable, whatever else", () => {
	const device = prepare();
	device.registry.set("/1/0/1", 10_000_000);
	device.attributes("3441/0/2", "pmax=3600");
	device.observe("3441/0/2");
	const types: number[] = [];
	for (let hour = 0; hour < 50; hour++) {
		device.platform.advance(3_600_000);
		while (!device.isQuiet) {
			const message = device.take();
			if (message.code === 2) device.reply(message, { code: 0x44 });
			else {
				types.push(message.type);
				ok(integers(message, 6).length === 1);
				if (message.type === 0) device.reply(message, { code: 0, token: new Uint8Array(0) });
			}
		}
	}
	equal(types.length, 50);
	equal(types.filter((type) => type === 0).length, 2);
});

test("a confirmable notification without an answer is not lost: an Update goes out, and the value again", () => {
	const device = prepare();
	device.registry.set("/1/0/26", 1);
	device.observe("3441/0/2");
	device.registry.set("/3441/0/2", 22);
	device.platform.run();
	for (let seconds = 0; seconds < 100; seconds++) {
		const { sent } = device.platform.socket;
		if (sent.length > 0 && sent[sent.length - 1]![1] === 2) break;
		device.platform.advance(1000);
	}
	const sent: string[] = [];
	for (let count = 0; count < 5; count++) sent.push(line(device.take()));
	equal(sent, new Array(5).fill("2.05 22"));
	const update = device.take();
	equal([line(update), device.isQuiet], ["0.02", true]);
	device.reply(update, { code: 0x44 });
	const again = device.take();
	equal([again.type, line(again)], [0, "2.05 22"]);
	equal(device.client.observations.count, 1);
});

test("what falls due while the client is paused is stored and told later, unless 1/x/6 says to drop it", () => {
	for (const isStoring of [true, false]) {
		const device = prepare();
		device.registry.set("/1/0/6", isStoring);
		device.observe("3441/0/2");
		device.client.pause();
		device.registry.set("/3441/0/2", 22);
		equal(after(device, 10_000), []);
		device.client.resume();
		device.platform.run();
		equal(after(device, 0), isStoring ? ["2.05 22"] : []);
		device.registry.set("/3441/0/2", 23);
		equal(after(device, 0), ["2.05 23"]);
	}
});
