import { omaJson } from "../../src/codec/oma-json.js";
import { objectLink } from "../../src/lwm2m/path.js";
import { equal, hex, test } from "../support/test.js";
import { decode, encode, encodeText, exampleDevice, linesOf, modelOf } from "./codec-cases.js";

/** OMA-TS-LightweightM2M-V1_0_2 6.4.4.1: the answer to a Read of /3/0. */
const DEVICE =
	'{"bn":"/3/0/","e":[{"n":"0","sv":"Open Mobile Alliance"},{"n":"1","sv":"Lightweight M2M Client"},' +
	'{"n":"2","sv":"345000123"},{"n":"3","sv":"1.0"},{"n":"6/0","v":1},{"n":"6/1","v":5},{"n":"7/0","v":3800},' +
	'{"n":"7/1","v":5000},{"n":"8/0","v":125},{"n":"8/1","v":900},{"n":"9","v":100},{"n":"10","v":15},' +
	'{"n":"11/0","v":0},{"n":"13","v":1367491215},{"n":"14","sv":"+02:00"},{"n":"16","sv":"U"}]}';

test("OMA JSON: the standard's Read of a device instance", () => {
	const model = exampleDevice();
	equal(encodeText(omaJson, model, "/3/0"), DEVICE);
	equal(decode(omaJson, DEVICE, "/3/0"), linesOf(model, "/3/0"));
	equal(decode(omaJson, DEVICE.replace('"bn":"/3/0/",', ""), "/3/0"), linesOf(model, "/3/0"));
});

test("OMA JSON: the base name is the request's path", () => {
	const model = modelOf({ "/3/0/6/0": 1, "/3/0/6/2": 5, "/3/0/9": 100, "/3303/7/5700": 21.5 });
	equal(
		encodeText(omaJson, model, "/3"),
		'{"bn":"/3/","e":[{"n":"0/6/0","v":1},{"n":"0/6/2","v":5},{"n":"0/9","v":100}]}',
	);
	equal(encodeText(omaJson, model, "/3/0/6"), '{"bn":"/3/0/6/","e":[{"n":"0","v":1},{"n":"2","v":5}]}');
	equal(encodeText(omaJson, model, "/3/0/6/2"), '{"bn":"/3/0/6/2","e":[{"v":5}]}');
	equal(encodeText(omaJson, model, "/3303/7/5700"), '{"bn":"/3303/7/5700","e":[{"v":21.5}]}');
	equal(encodeText(omaJson, model, "/3/0/11"), '{"bn":"/3/0/11/","e":[]}');
	equal(encode(omaJson, model, "/"), undefined);
	for (const path of ["/3", "/3/0/6", "/3/0/6/2", "/3303", "/3303/7/5700"])
		equal(decode(omaJson, encode(omaJson, model, path)!, path), linesOf(model, path));
});

test("OMA JSON: each type has its member", () => {
	const model = modelOf({
		"/3441/0/1": 'a"b',
		"/3441/0/3": 2n ** 64n - 1n,
		"/3441/0/5": true,
		"/3441/0/6": hex("fbff0102").slice().buffer,
		"/3441/0/8": objectLink(66, 0),
	});
	equal(
		encodeText(omaJson, model, "/3441/0"),
		'{"bn":"/3441/0/","e":[{"n":"1","sv":"a\\"b"},{"n":"3","v":18446744073709551615},{"n":"5","bv":true},' +
			'{"n":"6","sv":"+/8BAg=="},{"n":"8","ov":"66:0"}]}',
	);
	equal(decode(omaJson, encode(omaJson, model, "/3441/0")!, "/3441/0"), linesOf(model, "/3441/0"));
	equal(encode(omaJson, modelOf({ "/3441/0/4": Number.NaN }), "/3441/0"), undefined);
	// Leshan writes an object link as a string
	equal(decode(omaJson, '{"e":[{"n":"8","sv":"66:0"}]}', "/3441/0"), ["/3441/0/8 = 66:0"]);
	equal(decode(omaJson, '{"e":[{"n":"1","ov":"66:0"}]}', "/3441/0"), ["/3441/0/1 = ?"]);
});

test("OMA JSON: names, base names and times in the forms that servers use", () => {
	equal(decode(omaJson, '{"e":[{"n":"","v":95}]}', "/3/0/9"), ["/3/0/9 = 95"]);
	equal(decode(omaJson, '{"e":[{"v":95}],"bn":"/3/0/9"}', "/3/0/9"), ["/3/0/9 = 95"]);
	equal(decode(omaJson, '{"bn":"/3","e":[{"n":"/0/9","v":95},{"n":"0/10","v":5}]}', "/3"), [
		"/3/0/9 = 95",
		"/3/0/10 = 5",
	]);
	equal(decode(omaJson, '{"bn":"","e":[{"n":"9","v":95}]}', "/3/0"), ["/3/0/9 = 95"]);
	equal(decode(omaJson, '{"bn":"/","e":[{"n":"65/0/0/0","ov":"66:0"}]}', "/"), ["/65/0/0/0 = 66:0"]);
	equal(
		decode(
			omaJson,
			' {"e" : [ {"n":"5700","v":22.4,"t":-5}, {"n":"5700","v":22.9} ],"bt":25462634,"x":{}} ',
			"/3303/1",
		),
		["/3303/1/5700 = 22.4 @25462629", "/3303/1/5700 = 22.9 @25462634"],
	);
	equal(decode(omaJson, '{"e":[]}', "/3/0/11"), []);
});

test("OMA JSON: what breaks a rule is malformed", () => {
	for (const text of [
		"",
		"[]",
		"{}",
		'{"bn":"/3/0/"}',
		'{"e":{}}',
		'{"e":[{"n":"9","v":5}]',
		'{"e":[{"n":"9","v":5}]}}',
		'{"e":[{"n":"9","v":5}],"e":[]}',
		'{"e":[],"bn":5}',
		'{"e":[],"bn":"/3/0/","bn":"/3/0/"}',
		'{"e":[],"bt":"now"}',
		`{"e":[],"bn":"${"/".repeat(40)}"}`,
		'{"e":[5]}',
		'{"e":[{}]}',
		'{"e":[{"n":"9"}]}',
		'{"e":[{"n":"9","v":"5"}]}',
		'{"e":[{"n":"9","sv":5}]}',
		'{"e":[{"n":"9","bv":null}]}',
		'{"e":[{"n":9,"v":5}]}',
		'{"e":[{"n":"9","n":"9","v":5}]}',
		'{"e":[{"n":"9","v":5,"sv":"5"}]}',
		'{"e":[{"n":"9","v":5,"t":"1"}]}',
		'{"e":[{"n":"x","v":5}]}',
		'{"e":[{"v":5}]}',
		'{"e":[{"n":"9/0/0","v":5}]}',
		'{"bn":"/1/0/","e":[{"n":"9","v":5}]}',
	])
		equal(decode(omaJson, text, "/3/0"), ["MALFORMED"], text);
});
