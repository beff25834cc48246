import { senmlEtchJson, senmlJson } from "../../src/codec/senml-json.js";
import { objectLink } from "../../src/lwm2m/path.js";
import { equal, hex, test } from "../support/test.js";
import { decode, encode, encodeText, exampleDevice, linesOf, modelOf } from "./codec-cases.js";

/** OMA-TS-LightweightM2M_Core-V1_1_1 7.4.5: the answer to a Read of /3/0. */
const DEVICE =
	'[{"bn":"/3/0/","n":"0","vs":"Open Mobile Alliance"},{"n":"1","vs":"Lightweight M2M Client"},' +
	'{"n":"2","vs":"345000123"},{"n":"3","vs":"1.0"},{"n":"6/0","v":1},{"n":"6/1","v":5},{"n":"7/0","v":3800},' +
	'{"n":"7/1","v":5000},{"n":"8/0","v":125},{"n":"8/1","v":900},{"n":"9","v":100},{"n":"10","v":15},' +
	'{"n":"11/0","v":0},{"n":"13","v":1367491215},{"n":"14","vs":"+02:00"},{"n":"16","vs":"U"}]';

/** Figure C.-1 of appendix C: object links. */
const LINKS =
	'[{"bn":"/65/0/","n":"0/0","vlo":"66:0"},{"n":"0/1","vlo":"66:1"},' +
	'{"n":"1","vs":"8613800755500"},{"n":"2","v":305419896}]';

test("SenML JSON: the standard's Reads of a device and of object links", () => {
	const model = exampleDevice();
	equal(encodeText(senmlJson, model, "/3/0"), DEVICE);
	equal(encodeText(senmlEtchJson, model, "/3"), DEVICE);
	equal(decode(senmlJson, DEVICE, "/3/0"), linesOf(model, "/3/0"));
	const links = modelOf({
		"/65/0/0/0": objectLink(66, 0),
		"/65/0/0/1": objectLink(66, 1),
		"/65/0/1": "8613800755500",
		"/65/0/2": 0x12345678,
	});
	equal(encodeText(senmlJson, links, "/65/0"), LINKS);
	equal(decode(senmlJson, LINKS, "/65/0"), linesOf(links, "/65/0"));
});

test("SenML JSON: names are relative to what the records share", () => {
	equal(encodeText(senmlJson, modelOf({ "/3303/0/5700": 21.5 }), "/3303"), '[{"n":"/3303/0/5700","v":21.5}]');
	equal(encodeText(senmlJson, modelOf({}), "/"), "[]");
	equal(encodeText(senmlJson, exampleDevice(), "/3/0/7"), '[{"bn":"/3/0/7/","n":"0","v":3800},{"n":"1","v":5000}]');
	const several = modelOf({ "/1/0/1": 1, "/3/0/9": 5, "/3/0/10": 6, "/3303/0/5700": 0.5, "/3303/1/5700": 1 });
	equal(
		encodeText(senmlJson, several, "/"),
		'[{"n":"/1/0/1","v":1},{"bn":"/3/0/","n":"9","v":5},{"n":"10","v":6},' +
			'{"bn":"/3303/","n":"0/5700","v":0.5},{"n":"1/5700","v":1}]',
	);
	equal(decode(senmlJson, encode(senmlJson, several, "/")!, "/"), linesOf(several, "/"));
});

test("SenML JSON: each type has its label, and its form", () => {
	const read = (path: string, value: Parameters<typeof modelOf>[0][string]): string | undefined =>
		encodeText(senmlJson, modelOf({ [path]: value }), path)?.slice('[{"n":"/3441/0/1",'.length, -2);
	equal(read("/3441/0/1", 'a"b\\c/\n\t\u0001\u001f'), '"vs":"a\\"b\\\\c/\\n\\t\\u0001\\u001f"');
	equal(read("/3441/0/2", -(2n ** 63n)), '"v":-9223372036854775808');
	equal(read("/3441/0/3", 2n ** 64n - 1n), '"v":18446744073709551615');
	equal(read("/3441/0/4", 1e-7), '"v":1e-7');
	equal(read("/3441/0/4", Number.NaN), undefined);
	equal(read("/3441/0/4", Number.NEGATIVE_INFINITY), undefined);
	equal(read("/3441/0/5", false), '"vb":false');
	equal(read("/3441/0/6", hex("fbff0102").slice().buffer), '"vd":"-_8BAg"');
	equal(read("/3441/0/7", 1367491215), '"v":1367491215');
	equal(read("/3441/0/9", '</1>;ver="1"'), '"vs":"</1>;ver=\\"1\\""');
	equal(encode(senmlJson, modelOf({ "/3441/0/1": "ü" }), "/3441")!.length, '[{"n":"/3441/0/1","vs":"xx"}]'.length);
});

test("SenML JSON: strings are read with their escapes", () => {
	const value = (text: string): string | undefined =>
		decode(senmlJson, `[{"n":"/3441/0/1","vs":"${text}"}]`, "/")[0]?.slice("/3441/0/1 = ".length);
	equal(value('\\"\\\\\\/\\b\\f\\n\\r\\t'), '"\\/\b\f\n\r\t');
	equal(value("\\u00fC\\u20ac!"), "ü€!");
	equal(value("x\\ud83d\\ude00y"), "x\u{1f600}y");
	equal(value("\\u0000"), "\0");
	equal(value("\\ud83d"), "?");
	equal(value("\\ude00\\ud83d"), "?");
	equal(value("\\ud83dx"), "?");
	equal(decode(senmlJson, '[{"n":"\\/3441\\u002f0/6","vd":"\\u002b/8BAg=="}]', "/"), ["/3441/0/6 = <fbff0102>"]);
	equal(decode(senmlJson, hex("5b7b226e223a222f332f302f30222c227673223a22c328227d5d"), "/"), ["/3/0/0 = ?"]);
});

test("SenML JSON: numbers keep all 64 bits", () => {
	const value = (text: string, resource: number): string | undefined =>
		decode(senmlJson, `[{"n":"/3441/0/${resource}","v":${text}}]`, "/")[0]?.slice("/3441/0/1 = ".length);
	equal(value("-9223372036854775808", 2), "-9223372036854775808n");
	equal(value("18446744073709551615", 3), "18446744073709551615n");
	equal(value("1.5e3", 2), "1500");
	equal(value("-0", 2), "0");
	equal(value("2.0", 3), "2");
	equal(value("2.5", 2), "?");
	equal(value("-2", 3), "?");
	equal(value("9223372036854775808", 2), "?");
	equal(value("1e19", 3), "?");
	equal(value("99999999999999999999999", 3), "?");
	equal(value("21.5E+0", 4), "21.5");
	equal(value("7", 4), "7");
	equal(value("1e999", 4), "?");
	equal(value("1", 5), "?");
});

test("SenML JSON: base names and times hold, as in RFC 8428 5.1.2", () => {
	const pack = `[ {"bn":"/3303/0/","bt":1.276020076e+09,"bu":"A","bver":5,
		"n":"5601","u":"V","v":120.1},
		{"n":"5700","t":-5,"v":1.2}, {"n":"5700","t":-4,"v":1.3} ]\r\n`;
	equal(decode(senmlJson, pack, "/3303"), [
		"/3303/0/5601 = 120.1 @1276020076",
		"/3303/0/5700 = 1.2 @1276020071",
		"/3303/0/5700 = 1.3 @1276020072",
	]);
	equal(decode(senmlJson, '[{"n":"urn:dev:ow:10e2073a01080063","u":"Cel","v":23.1}]', "/"), ["MALFORMED"]);
});

test("SenML JSON: a record without a value is a path, unknown members are passed over", () => {
	equal(decode(senmlEtchJson, '[{"n":"/3/0/9"},{"n":"/1"},{"n":"/"},{"n":"/3/0/10","v":null}]', "/"), [
		"/3/0/9 -",
		"/1 -",
		"/ -",
		"/3/0/10 -",
	]);
	equal(decode(senmlJson, "[]", "/3/0/11"), []);
	equal(
		decode(senmlJson, '[{"x":[1,{"y":[true,false,null,"z",-0.5e-7]},{}],"n":"/3/0/9","s":5,"ut":1,"v":4,"":0}]', "/"),
		["/3/0/9 = 4"],
	);
});

test("SenML JSON: what breaks a rule is malformed", () => {
	const name = '"n":"/3/0/9"';
	for (const pack of [
		"",
		"{}",
		"[",
		"[]x",
		"[,]",
		`[{${name},"v":5},]`,
		`[{${name},"v":5}`,
		`[{${name},"v":5,}]`,
		`[{${name},"v":5}{}]`,
		`[{${name} "v":5}]`,
		`[{${name},"v":}]`,
		`[{${name},"v" 5}]`,
		`[{${name},v:5}]`,
		`[{${name},"v":05}]`,
		`[{${name},"v":5.}]`,
		`[{${name},"v":.5}]`,
		`[{${name},"v":+5}]`,
		`[{${name},"v":-}]`,
		`[{${name},"v":5e}]`,
		`[{${name},"v":"5"}]`,
		`[{${name},"v":true}]`,
		`[{${name},"vs":5}]`,
		`[{${name},"vb":1}]`,
		`[{${name},"vb":nul}]`,
		`[{${name},"v":5,"v":5}]`,
		`[{${name},"v":5,"vs":"5"}]`,
		`[{${name},${name},"v":5}]`,
		`[{${name},"bver":11,"v":5}]`,
		`[{${name},"bv":1,"v":5}]`,
		`[{${name},"t":"1","v":5}]`,
		`[{${name},"x_":1,"v":5}]`,
		`[{${name},"\\u0076":5}]`,
		`[{${name},"vs":"\\x"}]`,
		`[{${name},"vs":"\\u12g4"}]`,
		`[{${name},"vs":"a\nb"}]`,
		`[{${name},"vs":"a}]`,
		`[{${name},"x":[[[[[[[[[1]]]]]]]]]}]`,
		'[{"v":5}]',
		'[{"n":5,"v":5}]',
		'[{"n":"/3/0","v":5}]',
		'[{"n":"/1/0/1","v":5}]',
		'[{"bn":"/3/0/9/","n":"/","v":5}]',
		`[{"n":"/3/0/9${"/".repeat(40)}","v":5}]`,
	]) {
		const lines = decode(senmlJson, pack, "/3");
		equal(lines[lines.length - 1], "MALFORMED", pack);
	}
});
