// Composite Read, Write, Observe and their cancel. OMA-TS-LightweightM2M_Core-V1_1_1 6.3.9, 6.3.10, 6.4.4; RFC 8132.
import { COMPOSITE_PATHS, OBSERVATIONS } from "../../src/config.js";
import { LATER } from "../../src/lwm2m/model.js";
import { type CoapMessage, integers, text } from "../support/coap.js";
import { equal, hex, ok, test, toHex } from "../support/test.js";
import { CaseDevice, ETCH_CBOR, ETCH_JSON, formatOf, line, SENML_CBOR, SENML_JSON, TEXT, TLV } from "./lwm2m-cases.js";

const LWM2M_CBOR = 11544;

/** The paths as a SenML JSON payload without values. */
function names(...paths: string[]): string {
	return `[${paths.map((path) => `{"n":"${path}"}`).join(",")}]`;
}

function fetch(device: CaseDevice, paths: string[], fields: object = {}): CoapMessage {
	return device.request({ code: 5, format: SENML_JSON, accept: SENML_JSON, payload: names(...paths), ...fields });
}

function patch(device: CaseDevice, payload: string | Uint8Array, format = SENML_JSON): string {
	return line(device.request({ code: 7, format, payload }));
}

function notified(device: CaseDevice): string[] {
	device.platform.run();
	device.answerUpdates();
	const lines: string[] = [];
	while (!device.isQuiet) lines.push(line(device.take()));
	return lines;
}

test("LightweightM2M-1.1-int-229: a Read-Composite gives values of several objects", () => {
	const device = new CaseDevice().register();
	equal(
		line(fetch(device, ["/3303/0/5700", "/3/0/11", "/1/0/1"])),
		'2.05 [{"n":"/1/0/1","v":300},{"n":"/3/0/11/0","v":0},{"n":"/3303/0/5700","v":21.5}]',
	);
});

test("LightweightM2M-1.1-int-230: a Write-Composite writes several objects", () => {
	const device = new CaseDevice().register();
	equal(patch(device, '[{"n":"/3/0/14","vs":"+04:00"},{"n":"/1/0/1","v":600}]'), "2.04");
	equal([device.registry.get("/3/0/14"), device.registry.get("/1/0/1")], ["+04:00", 600]);
});

test("LightweightM2M-1.1-int-235: a Read-Composite of the root gives all but the Security object", () => {
	const device = new CaseDevice().register();
	const answer = text(fetch(device, ["/"]).payload);
	for (const part of ['"bn":"/1/0/"', '"bn":"/3/0/"', '"/3303/0/5700"']) ok(answer.includes(part), part);
	ok(!answer.includes("192.0.2.1"), "nothing of Security");
	equal(answer, text(fetch(device, ["/", "/3/0/1", "/99"]).payload), "what lies below the root is not told twice");
});

test("LightweightM2M-1.1-int-236, 281: a Read-Composite leaves out what is missing", () => {
	const device = new CaseDevice().register();
	equal(
		line(fetch(device, ["/3303/0/5700", "/3303/7", "/9", "/3/0/999", "/3/0/4", "/3/0/11/5"])),
		'2.05 [{"n":"/3303/0/5700","v":21.5}]',
	);
	equal(line(fetch(device, ["/9/0/1"])), "2.05 []");
});

test("LightweightM2M-1.1-int-280: a Read-Composite is answered in every format that carries paths", () => {
	const device = new CaseDevice("1.2").register();
	const paths = ["/3303/0/5700", "/3/0/16"];
	for (const [accept, expected] of [
		[SENML_JSON, '[{"n":"/3/0/16","vs":"U"},{"n":"/3303/0/5700","v":21.5}]'],
		[SENML_CBOR, "82a200672f332f302f31360361 55a2006c2f333330332f302f3537303002f94d60"],
		[LWM2M_CBOR, "a2830300106155 83190ce70019 1644f94d60"],
	] as const) {
		const answer = fetch(device, paths, { accept });
		equal(formatOf(answer), accept);
		const payload = accept === SENML_JSON ? text(answer.payload) : toHex(answer.payload);
		equal(payload, accept === SENML_JSON ? expected : expected.replace(/ /g, ""));
	}
	const cbor = hex("82 a1 00 68 2f333330332f302f a1 00 67 2f332f302f3136");
	for (const format of [SENML_CBOR, ETCH_CBOR]) {
		const answer = device.request({ code: 5, format, payload: cbor });
		equal([formatOf(answer), line(answer).slice(0, 4)], [11544, "2.05"], "the shortest");
		const older = new CaseDevice().register().request({ code: 5, format, payload: cbor });
		equal([formatOf(older), line(older).slice(0, 4)], [SENML_CBOR, "2.05"]);
	}
	equal(formatOf(fetch(device, paths, { format: ETCH_JSON })), SENML_JSON);
	const maps = hex("a2 82 190ce7 00 f6 83 03 00 10 f6");
	equal(formatOf(device.request({ code: 5, format: LWM2M_CBOR, payload: maps })), LWM2M_CBOR);
});

test("a composite request that cannot be answered is refused with a code that says why", () => {
	const device = new CaseDevice().register();
	equal(line(fetch(device, ["/0/0/1"])), "4.01");
	equal(line(fetch(device, ["/3"], { accept: TLV })), "4.06");
	equal(line(fetch(device, ["/3"], { accept: TEXT })), "4.06");
	equal(line(fetch(device, ["/3"], { format: TLV })), "4.15");
	equal(line(fetch(device, [])), "4.00");
	equal(line(fetch(device, ["/3"], { payload: "[{" })), "4.00");
	equal(line(fetch(device, ["/x"])), "4.00");
	equal(line(fetch(device, ["/3"], { path: "3" })), "4.05");
	equal(line(device.request({ code: 7, path: "3", format: SENML_JSON, payload: "[]" })), "4.05");
	equal(patch(device, "[]"), "4.00");
	equal(patch(device, "x", TEXT), "4.15");
	const many = Array.from({ length: COMPOSITE_PATHS + 1 }, (_, index) => `/3/0/${index}`);
	equal(line(fetch(device, many.slice(1))).slice(0, 4), "2.05");
	equal(line(fetch(device, many)), "4.13");
	equal(line(fetch(device, many, { observe: 0 })), "4.13");
	equal(device.client.observations.count, 0);
});

test("LightweightM2M-1.1-int-257: a Write-Composite with one record that is refused changes nothing", () => {
	const device = new CaseDevice().register();
	device.registry.set("/3441/0/20", 5);
	device.registry.onValidate("/3441/*/2", (value) => (value === 13 ? 0x80 : undefined));
	device.registry.onWrite("/3441/*/3", (value) => (value === 13 ? 0x83 : undefined));
	for (const [record, code] of [
		['{"n":"/3/0/0","vs":"x"}', "4.05"],
		['{"n":"/3/0/4","v":1}', "4.05"],
		['{"n":"/3441/0/999","v":1}', "4.04"],
		['{"n":"/3441/3/20","v":1}', "4.04"],
		['{"n":"/99/0/1","v":1}', "4.04"],
		['{"n":"/3441/0/20","v":101}', "4.00"],
		['{"n":"/3441/0/20","vs":"a"}', "4.00"],
		['{"n":"/3441/0/20"}', "4.00"],
		['{"n":"/3441/0/40","v":1}', "4.00"],
		['{"n":"/3441/0/40/9"}', "4.04"],
		['{"n":"/3441/0/2","v":13}', "4.00"],
		['{"n":"/3441/0/3","v":13}', "4.03"],
		['{"n":"/0/0/0","vs":"coap://x"}', "4.01"],
		['{"n":"/3441/0"}', "4.00"],
		["{", "4.00"],
		['{"bn":"/3441/0/40/","n":"0","v":1},{"n":"1","v":1},{"n":"2","v":1},{"n":"3","v":1}', "5.00"],
	] as const)
		equal(patch(device, `[{"n":"/3/0/14","vs":"+05:00"},{"n":"/3441/0/20","v":7},${record}]`), code, record);
	equal([device.registry.get("/3/0/14"), device.registry.get("/3441/0/20")], ["+02:00", 5]);
	ok(!device.registry.has("/3441/0/40"));
	equal(patch(device, '[{"n":"/3441/0/40/0","v":1},{"n":"/3441/0/40/5","v":2}]'), "2.04");
	equal(patch(device, '[{"n":"/3441/0/40/0","v":null}]', ETCH_JSON), "2.04", "null removes an instance");
	equal(line(fetch(device, ["/3441/0/40"])), '2.05 [{"n":"/3441/0/40/5","v":2}]');
});

test("a Write-Composite is one notification", () => {
	const device = new CaseDevice().register();
	device.registry.set("/3441/0/2", 1);
	device.observe("3441/0", SENML_JSON);
	equal(patch(device, '[{"bn":"/3441/0/","n":"2","v":2},{"n":"3","v":3}]'), "2.04");
	equal(notified(device), ['2.05 [{"bn":"/3441/0/","n":"2","v":2},{"n":"3","v":3}]']);
});

test("LightweightM2M-1.1-int-304: what a composite observation names is notified together", () => {
	const device = new CaseDevice().register();
	const answer = fetch(device, ["/3303/0/5700", "/3/0/14", "/3441"], { observe: 0 });
	equal(integers(answer, 6).length, 1);
	device.registry.set("/3/0/16", "UQ");
	equal(notified(device), [], "nothing of it");
	device.registry.batch(() => {
		device.registry.set("/3303/0/5700", 22);
		device.registry.set("/3/0/14", "+06:00");
	});
	device.platform.run();
	const notification = device.take();
	equal([notification.token, formatOf(notification), integers(notification, 6).length], [answer.token, SENML_JSON, 1]);
	equal(line(notification), '2.05 [{"n":"/3/0/14","vs":"+06:00"},{"n":"/3303/0/5700","v":22}]');
	ok(device.isQuiet);
});

test("LightweightM2M-1.1-int-305: a composite observation ends by its token, by its paths in any order, or by RST", () => {
	const device = new CaseDevice().register();
	const paths = ["/3303/0/5700", "/3/0/14"];
	const begin = () => fetch(device, paths, { observe: 0 });
	const { token } = begin();
	fetch(device, ["/3/0/1"], { observe: 1 });
	equal(device.client.observations.count, 1, "other paths");
	fetch(device, paths, { observe: 1, token });
	equal(device.client.observations.count, 0);
	begin();
	equal(line(fetch(device, paths.slice().reverse(), { observe: 1 })).slice(0, 4), "2.05");
	equal(device.client.observations.count, 0);
	begin();
	begin();
	equal(device.client.observations.count, 1, "the same again replaces the first");
	device.registry.set("/3303/0/5700", 22);
	device.platform.run();
	device.deliver({ type: 3, code: 0, mid: device.take().mid });
	equal(device.client.observations.count, 0);
	equal(device.logged("Observer removed for 3/0/14, 3303/0/5700").length, 3);
});

test("LightweightM2M-1.1-int-308: an instance that is created is notified to a composite observation", () => {
	const device = new CaseDevice().register();
	fetch(device, ["/16", "/3303/0/5700"], { observe: 0 });
	equal(device.post("16", '[{"n":"/16/0/0/0","vs":"a"}]', SENML_JSON), "2.01");
	equal(notified(device), ['2.05 [{"n":"/16/0/0/0","vs":"a"},{"n":"/3303/0/5700","v":21.5}]']);
});

test("LightweightM2M-1.1-int-309: an instance that is deleted is missing from the next composite notification", () => {
	const device = new CaseDevice().register();
	device.registry.set("/16/0/0/0", "a");
	fetch(device, ["/16", "/16/0/0", "/3303/0/5700"], { observe: 0 });
	equal(device.delete("16/0"), "2.02");
	equal(notified(device), ['2.05 [{"n":"/3303/0/5700","v":21.5}]']);
	device.registry.set("/3303/0/5700", 22);
	equal(notified(device), ['2.05 [{"n":"/3303/0/5700","v":22}]'], "it goes on");
});

test("a composite observation takes the shortest periods of its paths", () => {
	const device = new CaseDevice().register();
	device.attributes("3303/0/5700", "pmin=5", "pmax=100");
	device.attributes("3/0/14", "pmin=10", "pmax=50");
	fetch(device, ["/3303/0/5700", "/3/0/14"], { observe: 0 });
	device.registry.set("/3303/0/5700", 22);
	device.platform.advance(4999);
	ok(device.isQuiet);
	device.platform.advance(1);
	equal(notified(device).length, 1);
	device.platform.advance(50_000);
	equal(notified(device).length, 1);
});

test("thresholds hold within a composite observation and for each instance of a multiple resource; the value that crossed is told", () => {
	for (const isComposite of [true, false]) {
		const device = new CaseDevice().register();
		const { registry } = device;
		registry.set("/3441/0/4", 20);
		for (const part of [0, 1]) registry.set(`/3441/0/40/${part}`, 20);
		equal(device.attributes("3441/0/40", "gt=30", "lt=10", "pmin=5"), "2.04");
		equal(device.attributes("3441/0/4", "st=5", "pmin=5"), "2.04");
		equal(device.attributes("3/0/16", "pmin=5"), "2.04");
		const observe = { observe: 0 };
		if (isComposite) fetch(device, ["/3441/0/4", "/3441/0/40", "/3/0/16"], observe);
		else device.request({ code: 1, path: "3441/0/40", accept: SENML_JSON, ...observe });
		/** What is told at once and after pmin, when the values have been set one after the other. */
		const after = (...changes: [part: number, value: number][]) => {
			for (const [part, value] of changes)
				if (part < 0) registry.set("/3441/0/4", value);
				else registry.set(`/3441/0/40/${part}`, value);
			device.platform.advance(5000);
			return notified(device).map((one) => [...one.matchAll(/"v":([0-9.]+)/g)].map(([, value]) => Number(value)));
		};
		const rest = (value: number) => (isComposite ? [value] : []);
		equal(after([0, 25], [1, 12]), [], "within the thresholds");
		equal(after([0, 31]), [[...rest(20), 31, 12]]);
		const both = [9, 15].map((value) => [...rest(20), 31, value]);
		equal(after([1, 9], [1, 15]), both, "it crosses and goes back at once: both are told");
		if (isComposite) {
			equal(after([-1, 24]), []);
			equal(after([-1, 25]), [[25, 31, 15]]);
			registry.set("/3/0/16", "UQ");
			equal(after(), [[25, 31, 15]], "a path without thresholds");
		}
		registry.set("/3441/0/40/2", 20);
		equal(after(), [[...rest(25), 31, 15, 20]], "an instance that is new");
		registry.remove("/3441/0/40/0");
		equal(after(), [[...rest(25), 15, 20]], "one that is gone");
		equal(device.attributes("3441/0/40", "gt", "lt"), "2.04");
		equal(after([1, 16]), [[...rest(25), 16, 20]], "no thresholds any more");
	}
});

test("a composite Observe beyond the bound is answered with 5.00, and the others go on", () => {
	const device = new CaseDevice().register();
	for (let index = 0; index < OBSERVATIONS - 1; index++) {
		device.registry.set(`/3441/0/41/${index}`, "x");
		device.observe(`3441/0/41/${index}`);
	}
	equal(line(fetch(device, ["/3/0/14"], { observe: 0 })).slice(0, 4), "2.05");
	equal(line(fetch(device, ["/3/0/16"], { observe: 0 })), "5.00");
	equal(device.client.observations.count, OBSERVATIONS);
	device.registry.set("/3/0/14", "Z");
	equal(notified(device), ['2.05 [{"n":"/3/0/14","vs":"Z"}]']);
});

test("a composite Read and a composite notification that are large go in blocks", () => {
	const device = new CaseDevice().register();
	const { registry } = device;
	for (let index = 0; index < 100; index++) registry.set(`/3441/0/41/${index}`, "a".repeat(20));
	const gather = (first: CoapMessage) => {
		const payload = [...first.payload];
		const total = integers(first, 28)[0]!;
		for (let number = 1; payload.length < total; number++)
			payload.push(...fetch(device, ["/3441/0/41", "/3/0/14"], { block2: number * 16 + 6 }).payload);
		return text(Uint8Array.from(payload));
	};
	const first = fetch(device, ["/3441/0/41", "/3/0/14"], { observe: 0 });
	equal(integers(first, 23), [8 + 6]);
	ok(gather(first).endsWith('"vs":"aaaaaaaaaaaaaaaaaaaa"}]'));
	registry.set("/3441/0/41/99", "the last");
	ok(gather(device.takeAfter(0)).endsWith('"vs":"the last"}]'));
});

test("a composite request may come in blocks", () => {
	const device = new CaseDevice().register();
	const payload = names("/3303/0/5700", "/3/0/14");
	const fields = { code: 5, format: SENML_JSON, accept: SENML_JSON };
	equal(line(device.request({ ...fields, payload: payload.slice(0, 32), block1: 8 + 1 })), "2.31");
	const answer = device.request({ ...fields, payload: payload.slice(32), block1: 16 + 1 });
	equal(line(answer), '2.05 [{"n":"/3/0/14","vs":"+02:00"},{"n":"/3303/0/5700","v":21.5}]');
});

test("a read handler may put a composite Read off", () => {
	const device = new CaseDevice().register();
	const { registry } = device;
	let ticket = 0;
	registry.onRead("/3303/*/5700", () => {
		ticket = registry.defer();
		return LATER;
	});
	equal(line(fetch(device, ["/3303/0/5700", "/3/0/14"])), "0.00");
	registry.answer(ticket, 0x45, 30);
	equal(line(device.takeAfter(0)), '2.05 [{"n":"/3/0/14","vs":"+02:00"},{"n":"/3303/0/5700","v":30}]');
});
