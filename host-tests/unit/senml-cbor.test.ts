import { offset } from "../../src/codec/senml.js";
import { senmlCbor, senmlEtchCbor } from "../../src/codec/senml-cbor.js";
import { objectLink } from "../../src/lwm2m/path.js";
import { ascii, equal, hex, test, toHex } from "../support/test.js";
import { decodeHex, encodeHex, exampleDevice, linesOf, modelOf } from "./codec-cases.js";

function plain(digits: string): string {
	return toHex(hex(digits));
}

/** A text as a CBOR item. */
function item(text: string): string {
	return (0x60 + text.length).toString(16) + toHex(ascii(text));
}

/** OMA-TS-LightweightM2M_Core-V1_1_1 7.4.6: the answer to a Read of /3/0. */
const DEVICE = `90
	A3 21 65 2F332F302F 00 61 30 03 74 4F70656E204D6F62696C6520416C6C69616E6365
	A2 00 61 31 03 76 4C69676874776569676874204D324D20436C69656E74
	A2 00 61 32 03 69 333435303030313233
	A2 00 61 33 03 63 312E30
	A2 00 63 362F30 02 01
	A2 00 63 362F31 02 05
	A2 00 63 372F30 02 190ED8
	A2 00 63 372F31 02 191388
	A2 00 63 382F30 02 187D
	A2 00 63 382F31 02 190384
	A2 00 61 39 02 1864
	A2 00 62 3130 02 0F
	A2 00 64 31312F30 02 00
	A2 00 62 3133 02 1A5182428F
	A2 00 62 3134 03 66 2B30323A3030
	A2 00 62 3136 03 61 55`;

test("SenML CBOR: the standard's Read of a device instance", () => {
	const model = exampleDevice();
	equal(encodeHex(senmlCbor, model, "/3/0"), plain(DEVICE));
	equal(encodeHex(senmlEtchCbor, model, "/3"), plain(DEVICE));
	equal(decodeHex(senmlCbor, DEVICE, "/3/0"), linesOf(model, "/3/0"));
	equal(decodeHex(senmlEtchCbor, DEVICE, "/"), linesOf(model, "/"));
});

test("SenML CBOR: one value stands under its whole path", () => {
	const model = modelOf({ "/3303/0/5700": 21.5 });
	const notify = `81a200${item("/3303/0/5700")}02f94d60`;
	for (const path of ["/", "/3303", "/3303/0", "/3303/0/5700"]) equal(encodeHex(senmlCbor, model, path), notify);
	equal(notify.length / 2, 20);
	equal(decodeHex(senmlCbor, notify, "/3303/0/5700"), ["/3303/0/5700 = 21.5"]);
	equal(encodeHex(senmlCbor, modelOf({}), "/"), "80");
});

test("SenML CBOR: names are relative to what the records share", () => {
	equal(
		encodeHex(senmlCbor, exampleDevice(), "/3/0/7"),
		plain(`82 A3 21${item("/3/0/7/")}00${item("0")}02190ED8 A200${item("1")}02191388`),
	);
	equal(encodeHex(senmlCbor, exampleDevice(), "/3/0/7/1"), plain(`81 A200${item("/3/0/7/1")}02191388`));
	// one value each: the object is what they share
	equal(
		encodeHex(senmlCbor, modelOf({ "/3303/0/5700": 1, "/3303/1/5700": 2, "/3303/700/5700": 3 }), "/3303"),
		plain(
			`83 A321${item("/3303/")}00${item("0/5700")}02F93C00 A200${item("1/5700")}02F94000 A200${item("700/5700")}02F94200`,
		),
	);
	const several = modelOf({ "/1/0/1": 1, "/1/0/2": 2, "/1/1/1": 3, "/1/1/2": 4, "/3/0/9": 5, "/3303/0/5700": 0.5 });
	equal(
		encodeHex(senmlCbor, several, "/"),
		plain(
			`86 A321${item("/1/0/")}00${item("1")}0201 A200${item("2")}0202
			A321${item("/1/1/")}00${item("1")}0203 A200${item("2")}0204
			A221${item("/3/0/9")}0205 A221${item("/3303/0/5700")}02F93800`,
		),
	);
	equal(decodeHex(senmlCbor, encodeHex(senmlCbor, several, "/")!, "/"), linesOf(several, "/"));
	equal(
		encodeHex(senmlCbor, modelOf({ "/1/0/1": 1, "/3/0/9": 5, "/3303/0/5700": 0.5 }), "/"),
		plain(`83 A200${item("/1/0/1")}0201 A200${item("/3/0/9")}0205 A200${item("/3303/0/5700")}02F93800`),
	);
});

test("SenML CBOR: the longest path, whole and split", () => {
	const whole = "/65534/65534/65534/65534";
	const one = modelOf({ [whole]: 1 });
	equal(encodeHex(senmlCbor, one, "/"), `81a2007818${toHex(ascii(whole))}0201`);
	const two = modelOf({ "/65534/65534/65534/65533": 1, [whole]: 2 });
	equal(
		encodeHex(senmlCbor, two, "/65534"),
		plain(`82 A321${item("/65534/65534/")}00${item("65534/65533")}0201 A200${item("65534/65534")}0202`),
	);
	for (const path of ["/", "/65534", "/65534/65534", "/65534/65534/65534"])
		equal(decodeHex(senmlCbor, encodeHex(senmlCbor, two, path)!, path), linesOf(two, "/"));
});

test("SenML CBOR: from 24 records on the array's head is longer", () => {
	for (const [count, head] of [
		[23, "97"],
		[24, "9818"],
		[255, "98ff"],
		[256, "990100"],
	] as const) {
		const values: { [path: string]: number } = {};
		for (let i = 0; i < count; i++) values[`/3441/0/102/${i}`] = i;
		const model = modelOf(values);
		const digits = encodeHex(senmlCbor, model, "/3441")!;
		equal(digits.slice(0, head.length), head);
		equal(decodeHex(senmlCbor, digits, "/3441/0/102"), linesOf(model, "/"));
	}
});

test("SenML CBOR: each type has its label", () => {
	const model = modelOf({
		"/3441/0/5": true,
		"/3441/0/6": hex("0102").slice().buffer,
		"/3441/0/7": 1367491215,
		"/3441/0/8": objectLink(66, 0),
		"/3441/0/9": "</1>",
	});
	equal(encodeHex(senmlCbor, model, "/3441/0/5"), `81a200${item("/3441/0/5")}04f5`);
	equal(encodeHex(senmlCbor, model, "/3441/0/6"), `81a200${item("/3441/0/6")}08420102`);
	equal(encodeHex(senmlCbor, model, "/3441/0/7"), `81a200${item("/3441/0/7")}021a5182428f`);
	equal(encodeHex(senmlCbor, model, "/3441/0/8"), `81a200${item("/3441/0/8")}${item("vlo")}${item("66:0")}`);
	equal(encodeHex(senmlCbor, model, "/3441/0/9"), `81a200${item("/3441/0/9")}03${item("</1>")}`);
	// a link may also come as a string, but no other value under another's label
	equal(decodeHex(senmlCbor, `81a200${item("/65/0/0/0")}03${item("66:0")}`, "/"), ["/65/0/0/0 = 66:0"]);
	equal(decodeHex(senmlCbor, `81a200${item("/3/0/14")}02${item("66:0")}`, "/"), ["/3/0/14 = ?"]);
	equal(decodeHex(senmlCbor, `81a200${item("/3/0/9")}02${item("66")}`, "/"), ["/3/0/9 = ?"]);
});

test("SenML CBOR: base names and base times hold until the next one", () => {
	const pack = `85
		A4 21${item("/3303/0/")} 22 1A4C0E8560 00${item("5700")} 02F94D60
		A3 00${item("5601")} 06 21 02F94D60
		A3 21${item("/3/0/9")} 22 00 02 05
		A3 21${item("")} 00${item("/3/0/10")} 02 06
		A2 00${item("/3/0/10")} 02 07`;
	equal(decodeHex(senmlCbor, pack, "/"), [
		"/3303/0/5700 = 21.5 @1276020064",
		"/3303/0/5601 = 21.5 @1276020062",
		"/3/0/9 = 5 @0",
		"/3/0/10 = 6 @0",
		"/3/0/10 = 7 @0",
	]);
	equal(decodeHex(senmlCbor, `81A3 00${item("/3/0/9")} 06FB41D303A15B001062 0205`, "/"), [
		"/3/0/9 = 5 @1276020076.001",
	]);
});

test("SenML CBOR: a record without a value is a path", () => {
	const paths = `84 A100${item("/3/0/9")} A100${item("/1")} A100${item("/")} A200${item("/3/0/10")}02F6`;
	equal(decodeHex(senmlEtchCbor, paths, "/"), ["/3/0/9 -", "/1 -", "/ -", "/3/0/10 -"]);
	equal(decodeHex(senmlCbor, "80", "/3/0/11"), []);
});

test("SenML CBOR: indefinite lengths and unknown labels are read", () => {
	equal(decodeHex(senmlCbor, `9F BF 00${item("/3/0/9")} 02 05 FF FF`, "/3"), ["/3/0/9 = 5"]);
	equal(decodeHex(senmlCbor, "9F FF", "/3"), []);
	equal(
		decodeHex(
			senmlCbor,
			`81 A7 01${item("Cel")} 20 05 18 64 82 01 02 62 7878 A0 07 01 00${item("/3/0/9")} 02 05`,
			"/3",
		),
		["/3/0/9 = 5"],
	);
});

test("SenML CBOR: what breaks a rule is malformed", () => {
	const name = `00${item("/3/0/9")}`;
	for (const digits of [
		"",
		"A0",
		"81",
		"8101",
		"8000",
		`82 A2${name}0205`,
		`81 A2${name}0205 00`,
		`9F A2${name}0205`,
		`9F A2${name}0205 FF 00`,
		`81 BF${name}0205`,
		`81 A10205`,
		`81 A3${name}0205 0301`,
		`81 A3${name}0205 0205`,
		`81 A3${name}${name}0205`,
		`81 A200${item("/3/0")}0205`,
		`81 A200${item("/1/0/1")}0205`,
		`81 A200${item("/30/0/1")}0205`,
		`81 A200${item("/3/0/9/1/1")}0205`,
		`81 A200${item("/3/0/09")}0205`,
		`81 A200${item("urn:dev:ow:1")}0205`,
		"81 A2 00 05 02 05",
		"81 A2 00 7F 61 2F FF 02 05",
		`81 A3${name} 20 0B 0205`,
		`81 A3${name} 24 01 0205`,
		`81 A3${name} 06${item("now")} 0205`,
		`81 A3${name} 63 73655F F5 0205`,
		`81 A3${name} F5 01 0205`,
		`81 A2${name} 02 81818181818181818101`,
		`81 BBFFFFFFFFFFFFFFFF${name}0205`,
		`9BFFFFFFFFFFFFFFFFA2${name}0205`,
		`81 A2 00 7821${toHex(ascii("/".repeat(33)))} 0205`,
	]) {
		const lines = decodeHex(senmlCbor, digits, "/3");
		equal(lines[lines.length - 1], "MALFORMED", digits);
	}
});

test("SenML CBOR: the examples of RFC 8428 section 6 are well formed, but no paths", () => {
	const start = `81 A3 21 78 1B ${toHex(ascii("urn:dev:ow:10e2073a0108006:"))} 00 61 41 02 FB 3FF3333333333333`;
	equal(decodeHex(senmlCbor, start, "/"), ["MALFORMED"]);
});

test("SenML CBOR: an offset is a whole number of milliseconds, no float32 near it", () => {
	const base = 1795248834.047;
	for (let ms = -3000; ms <= 3000; ms++) equal(offset(base + ms / 1000, base) + 0, ms / 1000);
});
