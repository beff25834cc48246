import { tlv } from "../../src/codec/tlv.js";
import { objectLink } from "../../src/lwm2m/path.js";
import { equal, hex, test, toHex } from "../support/test.js";
import { decodeHex, encode, encodeHex, exampleDevice, linesOf, modelOf } from "./codec-cases.js";

/** OMA-TS-LightweightM2M_Core-V1_1_1 7.4.4.1: the answer to a Read of /3/0. */
const DEVICE = `
	C80014 4F70656E204D6F62696C6520416C6C69616E6365
	C80116 4C69676874776569676874204D324D20436C69656E74
	C80209 333435303030313233
	C303 312E30
	8606 410001 410105
	880708 42000ED8 42011388
	870841007D 42010384
	C10964
	C10A0F
	830B 410000
	C40D 5182428F
	C60E 2B30323A3030
	C110 55`;

/** 7.4.4.2: /2 with two instances, and /1 with one. */
const ACCESS = "08000E C10001 C10100 8302417F07 C1037F 080212 C10003 C10100 87 02 41 7F07 61 0136 01 C1037F";
const SERVER = "08000F C10001 C401 00015180 C10601 C10755";
/** 7.4.4.3: /65/0 with object links. */
const LINKS = "88000C 4400 00420000 4401 00420001 C8010D 38363133383030373535353030 C402 12345678";

function plain(digits: string): string {
	return toHex(hex(digits));
}

test("TLV: the standard's Read of a device instance, and of the object around it", () => {
	const model = exampleDevice();
	equal(encodeHex(tlv, model, "/3/0"), plain(DEVICE));
	equal(encodeHex(tlv, model, "/3"), plain(`080079${DEVICE}`));
	equal(decodeHex(tlv, DEVICE, "/3/0"), linesOf(model, "/3/0"));
	equal(decodeHex(tlv, `080079${DEVICE}`, "/3"), linesOf(model, "/3/0"));
	equal(decodeHex(tlv, `080079${DEVICE}`, "/3/0"), linesOf(model, "/3/0"));
});

test("TLV: the standard's Reads of several instances and of object links", () => {
	const access = modelOf({
		"/2/0/0": 1,
		"/2/0/1": 0,
		"/2/0/2/127": 7,
		"/2/0/3": 127,
		"/2/2/0": 3,
		"/2/2/1": 0,
		"/2/2/2/127": 7,
		"/2/2/2/310": 1,
		"/2/2/3": 127,
	});
	equal(encodeHex(tlv, access, "/2"), plain(ACCESS));
	equal(decodeHex(tlv, ACCESS, "/2"), linesOf(access, "/2"));
	const server = modelOf({ "/1/0/0": 1, "/1/0/1": 86400, "/1/0/6": true, "/1/0/7": "U" });
	equal(encodeHex(tlv, server, "/1"), plain(SERVER));
	equal(decodeHex(tlv, SERVER, "/1"), linesOf(server, "/1"));
	const links = modelOf({
		"/65/0/0/0": objectLink(66, 0),
		"/65/0/0/1": objectLink(66, 1),
		"/65/0/1": "8613800755500",
		"/65/0/2": 0x12345678,
	});
	equal(encodeHex(tlv, links, "/65/0"), plain(LINKS));
	equal(decodeHex(tlv, LINKS, "/65/0"), linesOf(links, "/65/0"));
});

test("TLV: a resource is one entry, a resource instance one alone", () => {
	const model = exampleDevice();
	equal(encodeHex(tlv, model, "/3/0/9"), "c10964");
	equal(encodeHex(tlv, model, "/3/0/7"), plain("8807 08 42000ED8 42011388"));
	equal(encodeHex(tlv, model, "/3/0/7/1"), "42011388");
	equal(encodeHex(tlv, model, "/3/0/15"), "");
	equal(encode(tlv, model, "/"), undefined);
});

test("TLV: numbers take the least size that is exact, floats 4 bytes or 8", () => {
	const write = (path: string, value: number | bigint): string | undefined =>
		encodeHex(tlv, modelOf({ [path]: value }), path);
	for (const [value, digits] of [
		[0, "c10200"],
		[127, "c1027f"],
		[128, "c2020080"],
		[-128, "c10280"],
		[-129, "c202ff7f"],
		[32767, "c2027fff"],
		[32768, "c40200008000"],
		[2147483647, "c4027fffffff"],
		[2147483648, "c802080000000080000000"],
		[-2147483648, "c40280000000"],
		[-(2n ** 63n), "c802088000000000000000"],
		[7n, "c10207"],
	] as const)
		equal(write("/3441/0/2", value), digits);
	// with room for a sign, so that a server that reads it as signed sees the same
	equal(write("/3441/0/3", 200), "c20300c8");
	equal(write("/3441/0/3", 2n ** 64n - 1n), "c80308ffffffffffffffff");
	equal(write("/3441/0/4", 21.5), "c40441ac0000");
	equal(write("/3441/0/4", 0.1), "c804083fb999999999999a");
	equal(write("/3441/0/4", Number.NaN), "c4047fc00000");
	equal(write("/3441/0/7", 1367491215), "c4075182428f");
	equal(write("/3303/0/5700", 21.5), "e4164441ac0000");
	equal(decodeHex(tlv, "c103c8", "/3441/0"), ["/3441/0/3 = 200"]);
	equal(decodeHex(tlv, "c803088000000000000000", "/3441/0"), ["/3441/0/3 = 9223372036854775808n"]);
	equal(decodeHex(tlv, "c802088000000000000000", "/3441/0"), ["/3441/0/2 = -9223372036854775808n"]);
});

test("TLV: lengths take 3, 8, 16 or 24 bits", () => {
	for (const [size, header] of [
		[7, "c701"],
		[8, "c80108"],
		[255, "c801ff"],
		[256, "d0010100"],
		[65535, "d001ffff"],
		[65536, "d801010000"],
	] as const) {
		const model = modelOf({ "/3441/0/1": "x".repeat(size) });
		const bytes = encode(tlv, model, "/3441/0", 70000)!;
		equal(toHex(bytes, 0, header.length / 2), header);
		equal(bytes.length, size + header.length / 2);
		const whole = encode(tlv, model, "/3441", 70000)!;
		equal(
			whole.length,
			bytes.length + (size + header.length / 2 < 8 ? 2 : bytes.length < 256 ? 3 : bytes.length < 65536 ? 4 : 5),
		);
	}
});

test("TLV: a Create may leave the instance's id to the client", () => {
	equal(decodeHex(tlv, "C1035F C10637", "/1"), ["/1/?/3 = 95", "/1/?/6 = ?"]);
	equal(decodeHex(tlv, "8602 410001 410107", "/2"), ["/2/?/2/0 = 1", "/2/?/2/1 = 7"]);
	equal(decodeHex(tlv, "0007", "/1"), ["/1/7 -"]);
	equal(decodeHex(tlv, "0007 030AC10901", "/3"), ["/3/7 -", "/3/10/9 = 1"]);
	equal(decodeHex(tlv, "", "/1/0"), []);
});

test("TLV: an empty multiple resource is a record without a value", () => {
	equal(decodeHex(tlv, "800B", "/3/0"), ["/3/0/11 -"]);
	equal(decodeHex(tlv, "800B C10964", "/3/0"), ["/3/0/11 -", "/3/0/9 = 100"]);
	equal(decodeHex(tlv, "800B", "/3/0/11"), ["/3/0/11 -"]);
});

test("TLV: a Write of a resource or of a resource instance holds that one", () => {
	equal(decodeHex(tlv, "C10964", "/3/0/9"), ["/3/0/9 = 100"]);
	equal(decodeHex(tlv, "0300C10964", "/3/0/9"), ["/3/0/9 = 100"]);
	equal(decodeHex(tlv, "8606 410001 410105", "/3/0/6"), ["/3/0/6/0 = 1", "/3/0/6/1 = 5"]);
	equal(decodeHex(tlv, "410001 410105", "/3/0/6"), ["/3/0/6/0 = 1", "/3/0/6/1 = 5"]);
	equal(decodeHex(tlv, "410105", "/3/0/6/1"), ["/3/0/6/1 = 5"]);
	equal(decodeHex(tlv, "8306 410105", "/3/0/6/1"), ["/3/0/6/1 = 5"]);
});

test("TLV: entries that do not belong to the path, or to each other, are malformed", () => {
	for (const [digits, path] of [
		["C10964", "/"],
		["C10964", "/3/0/10"],
		["0301C10964", "/3/0"],
		["0301C10964", "/3/0/9"],
		["0300", "/3/0/9"],
		["0300 0300C10964", "/3/0"],
		["410105", "/3/0"],
		["410105", "/3"],
		["410105", "/3/0/6/0"],
		["8306 410105", "/3/0/6/0"],
		["8006", "/3/0/6/0"],
		["C10605", "/3/0/6/0"],
		["8306 C10105", "/3/0/6"],
		["0500 0300C10964", "/3"],
		["0303 410105", "/3"],
		["E1FFFF00", "/3/0"],
	] as const) {
		const lines = decodeHex(tlv, digits, path);
		equal(lines[lines.length - 1], "MALFORMED", digits);
	}
	equal(decodeHex(tlv, "0003 C10964", "/3"), ["/3/3 -", "MALFORMED"]);
	equal(decodeHex(tlv, "C10964 0003", "/3"), ["/3/?/9 = 100", "MALFORMED"]);
});

test("TLV: lengths that go beyond their container are malformed", () => {
	for (const digits of [
		"C1",
		"C109",
		"C809",
		"C80902FF",
		"D00900",
		"E109",
		"D809000001",
		"D809FFFFFF00",
		"0300C20964",
		"830BC10B00",
	])
		equal(decodeHex(tlv, digits, "/3"), ["MALFORMED"], digits);
	equal(decodeHex(tlv, "0300 C10964 00", "/3"), ["/3/0/9 = 100", "MALFORMED"]);
});

test("TLV: a value of a wrong size is none", () => {
	for (const digits of ["C002", "C302000001", "C003", "C20400AA", "C005", "C10502", "C2080102", "C007"]) {
		const [line] = decodeHex(tlv, digits, "/3441/0");
		equal(line!.endsWith("= ?"), true, digits);
	}
	equal(decodeHex(tlv, "C7 02 00000000000001", "/3441/0"), ["/3441/0/2 = ?"]);
	equal(decodeHex(tlv, "C8070800FFFFFFFFFFFFFF", "/3441/0"), ["/3441/0/7 = ?"]);
});
