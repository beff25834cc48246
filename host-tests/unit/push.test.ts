// A package written to 5/0/0: blocks that come twice, begin anew, or come in the wrong place; every format in every
// block size. RFC 7959 2.5.
import { imageOf } from "../support/firmware.js";
import { ascii, equal, joined, ok, randomFrom, test } from "../support/test.js";
import { FileServer, FotaDevice } from "./fota-cases.js";

const TEXT = 0;
const OPAQUE = 42;
const CBOR = 60;
const SENML_JSON = 110;
const SENML_CBOR = 112;
const TLV = 11542;
const OMA_JSON = 11543;

function base64(bytes: Uint8Array, isUrl: boolean): string {
	const alphabet = `ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789${isUrl ? "-_" : "+/"}`;
	let text = "";
	for (let at = 0; at < bytes.length; at += 3) {
		const group = (bytes[at]! << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
		const count = Math.min(3, bytes.length - at);
		for (let i = 0; i <= count; i++) text += alphabet[(group >> (18 - 6 * i)) & 63];
		if (!isUrl) text += "===".slice(count);
	}
	return text;
}

function length4(head: number, count: number): number[] {
	return [head, count >>> 24, (count >> 16) & 0xff, (count >> 8) & 0xff, count & 0xff];
}

/** The package in each format, some in several ways of writing. */
function payloads(image: Uint8Array): [name: string, format: number | undefined, payload: Uint8Array][] {
	const n = image.length;
	const tlv = joined([0xd8, 0, n >> 16, (n >> 8) & 0xff, n & 0xff], image);
	const text = base64(image, false);
	const url = base64(image, true);
	const half = Math.floor(n / 2);
	const chunks = joined(
		[0x5f],
		length4(0x5a, half),
		image.slice(0, half),
		length4(0x5a, n - half),
		image.slice(half),
		[0xff],
	);
	return [
		["opaque", OPAQUE, image],
		["no format", undefined, image],
		["text", TEXT, ascii(text)],
		["TLV", TLV, tlv],
		["TLV with a long id", TLV, joined([0xf8, 0, 0, n >> 16, (n >> 8) & 0xff, n & 0xff], image)],
		["TLV of an instance", TLV, joined([0x18, 0, tlv.length >> 16, (tlv.length >> 8) & 0xff, tlv.length & 0xff], tlv)],
		["OMA JSON", OMA_JSON, ascii(`{"bn":"/5/0/0","e":[{"sv":"${text}"}]}`)],
		[
			"OMA JSON, base name last",
			OMA_JSON,
			ascii(`{ "e" : [ {"sv":"${text}","n":"0"} ],\n"bt": 12.5e1, "bn":"/5/0/" }`),
		],
		["OMA JSON, escaped", OMA_JSON, ascii(`{"e":[{"sv":"${text.replace(/\//g, "\\/").replace(/=/g, "\\u003d")}"}]}`)],
		["SenML JSON", SENML_JSON, ascii(`[{"bn":"/5/0/","n":"0","vd":"${url}"}]`)],
		["SenML JSON, value first", SENML_JSON, ascii(`[{"vd":"${url}","n":"/5/0/0"}]`)],
		["SenML CBOR", SENML_CBOR, joined([0x81, 0xa2, 0, 0x66], ascii("/5/0/0"), [8], length4(0x5a, n), image)],
		[
			"SenML CBOR with base name and time",
			SENML_CBOR,
			joined(
				[0x81, 0xa4, 0x21, 0x65],
				ascii("/5/0/"),
				[0x22, 0x1a, 1, 2, 3, 4, 8],
				length4(0x5a, n),
				image,
				[0, 0x61, 0x30],
			),
		],
		["SenML CBOR, open", SENML_CBOR, joined([0x9f, 0xbf, 0, 0x66], ascii("/5/0/0"), [8], chunks, [0xff, 0xff])],
		["CBOR", CBOR, joined(length4(0x5a, n), image)],
		["CBOR in chunks", CBOR, chunks],
	];
}

test("a package in every format arrives as it is, in blocks of every size", () => {
	for (const size of [2, 3, 700, 1537, 2048]) {
		const image = imageOf(Math.max(size, 5));
		const device = new FotaDevice().register();
		for (const [name, format, payload] of payloads(image))
			for (let szx = 0; szx <= 6; szx++) {
				const answer = device.push(payload, format, szx);
				equal(answer.slice(0, 4), "2.04", `${name}, ${size} bytes, szx ${szx}`);
				equal(device.firmware.bytes, image, `${name}, ${size} bytes, szx ${szx}`);
				equal(device.status, "2/0", name);
			}
	}
});

test("a package in one datagram needs no blocks", () => {
	const image = imageOf(600);
	const device = new FotaDevice().register();
	for (const [name, format, payload] of payloads(image)) {
		equal(device.put(payload, format), "2.04", name);
		equal([device.status, device.firmware.bytes], ["2/0", image], name);
	}
});

test("what is cut short in a format with a frame is refused, and nothing is left under way", () => {
	const image = imageOf(40);
	const device = new FotaDevice().register();
	for (const [name, format, payload] of payloads(image)) {
		if (format === OPAQUE || format === undefined || format === TEXT) continue;
		for (let count = 1; count < payload.length; count++) {
			// a SenML array that is open may miss nothing but its own end
			const answer = device.put(payload.slice(0, count), format);
			equal(answer, "4.00", `${name}, ${count} of ${payload.length} bytes`);
			ok(device.status.startsWith("0/"), name);
		}
	}
});

test("bytes that are changed anywhere never end in a package that is taken for whole", () => {
	const image = imageOf(40);
	const random = randomFrom(99);
	const device = new FotaDevice().register();
	for (const [name, format, payload] of payloads(image))
		for (let at = 0; at < payload.length; at++) {
			const changed = payload.slice();
			changed[at]! ^= 1 << random(8);
			const answer = device.put(changed, format);
			ok(answer === "2.04" || answer === "4.00" || answer === "4.13", `${name}: ${answer}`);
			if (device.status === "2/0") equal(device.firmware.bytes, image, `${name}, byte ${at}`);
			device.put(Uint8Array.of(0), OPAQUE);
		}
});

test("a frame for another resource, a second record, and endless space are refused", () => {
	const device = new FotaDevice().register();
	for (const [format, text] of [
		[SENML_JSON, '[{"n":"/5/0/1","vd":"SU1H"}]'],
		[SENML_JSON, '[{"n":"/5/0/0","vd":"SU1H"},{"n":"/5/0/0","vd":"SU1H"}]'],
		[SENML_JSON, '[{"n":"/5/0/0","vs":"SU1H"}]'],
		[SENML_JSON, '[{"n":"/5/0/0","vd":12}]'],
		[SENML_JSON, '[{"n":"/5/0/0","vd":"SU1H","vd":"SU1H"}]'],
		[SENML_JSON, `[{"n":"/5/0/0",${" ".repeat(300)}"vd":"SU1H"}]`],
		[SENML_JSON, '[{"n":"/5/0/0","vd":"SU1H"}] x'],
		[SENML_JSON, '[{"n":"/5/0/0/0/0/0/0/0/0/0","vd":"SU1H"}]'],
		[OMA_JSON, '{"bn":"/5/0/","e":[{"n":"1","sv":"SU1H"}]}'],
		[OMA_JSON, '[{"sv":"SU1H"}]}'],
		[TEXT, "SU=H"],
		[TEXT, "SU1HS"],
	] as const)
		equal(device.put(ascii(text), format), "4.00", text);
	equal(device.put(Uint8Array.of(0xc2, 1, 1, 1), TLV), "4.00");
	equal(device.put(Uint8Array.of(0x42, 1, 1), CBOR), "2.04");
	equal(device.put(Uint8Array.of(0x42, 1, 1, 1), CBOR), "4.00");
	equal(device.put(ascii("x"), 40), "4.15");
	equal(device.put(ascii("x"), 11544), "4.15");
});

test("a block that comes again is acknowledged and not written again", () => {
	const image = imageOf(1000);
	const device = new FotaDevice().register();
	const block = (number: number, mid?: number) =>
		device.put(image.slice(number * 256, number * 256 + 256), OPAQUE, number, number < 3, 4, mid);
	equal([block(0), block(0)], ["2.31 block 0", "2.31 block 0"]);
	equal(device.firmware.written, 256);
	equal([block(1, 7000), block(1, 7000), block(1)], ["2.31 block 1", "2.31 block 1", "2.31 block 1"]);
	equal([block(2), block(1), block(2)], ["2.31 block 2", "2.31 block 1", "2.31 block 2"]);
	equal([block(3), block(3), block(3)], ["2.04 block 3", "2.04 block 3", "2.04 block 3"]);
	equal([device.firmware.written, device.status, device.firmware.erases], [1000, "2/0", 1]);
});

test("a transfer that begins again with block 0 is taken, also in another format or size", () => {
	const image = imageOf(3000);
	const device = new FotaDevice().register();
	for (let i = 0; i < 5; i++) device.put(image.slice(i * 64, i * 64 + 64), OPAQUE, i, true, 2);
	equal(device.push(image, OPAQUE, 2), "2.04 block 46");
	equal([device.status, device.firmware.bytes], ["2/0", image]);
	for (let i = 0; i < 5; i++) device.put(image.slice(i * 64, i * 64 + 64), OPAQUE, i, true, 2);
	equal(device.push(ascii(base64(image, false)), TEXT, 5), "2.04 block 7");
	equal([device.status, device.firmware.bytes], ["2/0", image]);
});

test("blocks of a changing size are taken where they fit together; a gap is 4.08 and loses nothing", () => {
	const image = imageOf(1000);
	const device = new FotaDevice().register();
	equal(device.put(image.slice(0, 512), OPAQUE, 0, true, 5), "2.31 block 0");
	equal(device.put(image.slice(512, 640), OPAQUE, 4, true, 3), "2.31 block 4");
	equal(device.put(image.slice(768, 896), OPAQUE, 6, true, 3), "4.08 block 6");
	equal(device.put(image.slice(640, 768), OPAQUE, 5, true, 3), "2.31 block 5");
	equal(device.put(image.slice(768, 1000), OPAQUE, 3, false, 4), "2.04 block 3");
	equal([device.status, device.firmware.bytes], ["2/0", image]);
	equal(device.put(image.slice(0, 16), OPAQUE, 0, true, 7), "4.00");
	equal(device.put(image.slice(0, 15), OPAQUE, 0, true, 0), "4.00 block 0");
	equal(device.put(image.slice(0, 64), OPAQUE, 9, true, 2), "4.08 block 9");
});

test("other requests are answered while blocks come, and of the same object too", () => {
	const image = imageOf(400);
	const device = new FotaDevice().register().observe(3);
	for (let i = 0; i < 6; i++) {
		equal(device.put(image.slice(i * 64, i * 64 + 64), OPAQUE, i, true, 2), `2.31 block ${i}`);
		equal(device.status, "1/0");
		equal(device.request({ code: 3, path: "1/0/5", format: TEXT, payload: String(1000 + i) }), "2.04");
		// and a transfer in blocks of another resource
		equal(
			device.request({ code: 3, path: "1/0/2", format: TEXT, block1: 8, payload: "0000000000000000" }),
			"2.31 block 0",
		);
	}
	equal(device.put(image.slice(384), OPAQUE, 6, false, 2), "2.04 block 6");
	equal([device.status, device.notifications()], ["2/0", "3=1 3=2"]);
});

test("a server that sends no further block: result 4 after 247 s", () => {
	const device = new FotaDevice().register();
	device.put(imageOf(1000).slice(0, 64), OPAQUE, 0, true);
	device.platform.advance(246_000);
	equal(device.status, "1/0");
	device.platform.advance(2000);
	equal(device.status, "0/4");
});

test("a package is refused while another is on its way, or runs; a reset is not", () => {
	const image = imageOf(3000);
	const device = new FotaDevice().register();
	device.pull("coap://192.0.2.7:5700/a");
	const server = new FileServer(device, image);
	server.serve(1);
	equal(device.push(image, OPAQUE), "4.05 block 0");
	equal(device.pull("coap://192.0.2.7:5700/b"), "4.05");
	equal([device.pull("coap://192.0.2.7:5700/a"), device.status], ["2.04", "1/0"]);
	equal(device.logged("a package is refused while the state is downloading"), 1);
	equal(device.logged('"coap://192.0.2.7:5700/b" is refused while another package is on its way'), 1);
	server.serve();
	equal([device.status, device.firmware.bytes], ["2/0", image]);
	device.put(image.slice(0, 64), OPAQUE, 0, true);
	equal([device.pull("coap://192.0.2.7:5700/a"), device.status], ["4.05", "1/0"]);
	equal([device.put(new Uint8Array(0), OPAQUE), device.status], ["2.04", "0/0"]);
	device.push(image, OPAQUE);
	device.observe(3);
	device.execute(2);
	equal(
		[device.push(image, OPAQUE), device.pull(""), device.put(Uint8Array.of(0), OPAQUE)],
		["4.05 block 0", "4.05", "4.05"],
	);
});

test("a small package within a Write of the instance or of several resources is taken as well", () => {
	const image = imageOf(200);
	const device = new FotaDevice().register();
	equal(device.request({ code: 2, path: "5/0", format: TLV, payload: joined([0xc8, 0, 200], image) }), "2.04");
	equal([device.status, device.firmware.bytes], ["2/0", image]);
	// nothing of it stays in memory
	equal(device.client.registry.model.stored(5, 0, 0, -1), undefined);
	equal(device.request({ code: 2, path: "5/0", format: TLV, payload: Uint8Array.of(0xc1, 0, 0) }), "2.04");
	equal(device.status, "0/0");
	const both = '[{"n":"/1/0/1","v":600},{"n":"/5/0/1","vs":"coap://192.0.2.7:5700/x"}]';
	equal(device.request({ code: 7, format: SENML_JSON, payload: both }), "2.04");
	new FileServer(device, image).serve();
	equal([device.status, device.firmware.bytes], ["2/0", image]);
});

test("attributes of the package are written as those of any resource", () => {
	const device = new FotaDevice().register();
	equal(device.request({ code: 3, path: "5/0/3", queries: ["pmin=10"] }), "2.04");
	equal(device.status, "0/0");
});
