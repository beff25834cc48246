// Bootstrap-Pack: asked for in 1.2, put in place as a whole or not at all, with Bootstrap-Request behind it.
// OMA-TS-LightweightM2M_Core-V1_2_1 6.1.7.9.
import { BOOTSTRAP_RETRY_SECONDS, REPRESENTATION_BYTES } from "../../src/config.js";
import { BOOTSTRAP_REG_COMPLETE, BOOTSTRAP_REG_FAILURE, BOOTSTRAP_TRANSFER_COMPLETE } from "../../src/lwm2m/event.js";
import { type CoapMessage, integers } from "../support/coap.js";
import { ascii, equal, ok, test } from "../support/test.js";
import { CaseDevice, SENML_CBOR, SENML_JSON, uri } from "./lwm2m-cases.js";

const ACCOUNT = [
	'{"bn":"/0/3/","n":"0","vs":"coap://192.0.2.1:5683"},{"n":"1","vb":false},{"n":"2","v":3},{"n":"10","v":7}',
	'{"bn":"/1/2/","n":"0","v":7},{"n":"1","v":60},{"n":"6","vb":true},{"n":"7","vs":"U"}',
].join(",");
const REQUEST = "bs?ep=d1&pct=112";

/** A device of 1.2 that knows a bootstrap server, and the request for the pack that it begins with. */
function asking(prepare: (device: CaseDevice) => void = () => {}): { device: CaseDevice; request: CoapMessage } {
	const device = new CaseDevice("1.2");
	const { registry } = device;
	registry.delete("/0/0");
	registry.delete("/1/0");
	registry.set("/0/5/0", "coap://192.0.2.9:5783");
	registry.set("/0/5/1", true);
	registry.set("/0/5/2", 3);
	prepare(device);
	device.client.start();
	device.platform.run();
	return { device, request: device.take() };
}

function answer(device: CaseDevice, request: CoapMessage, payload: string | Uint8Array, format = SENML_JSON): void {
	device.reply(request, { code: 0x45, format, payload });
}

test("a device of 1.2 asks for the pack, and registers with what it has been given", () => {
	const { device, request } = asking();
	equal([request.type, request.code, uri(request), integers(request, 17)], [0, 1, "bspack?ep=d1", [SENML_CBOR]]);
	answer(device, request, `[${ACCOUNT},{"bn":"/3303/4/","n":"5700","v":3},{"bn":"/99/0/","n":"1","v":1}]`);
	equal(device.events, [BOOTSTRAP_REG_COMPLETE, BOOTSTRAP_TRANSFER_COMPLETE]);
	equal(device.logged("Bootstrap transfer complete").length, 1);
	device.platform.run();
	equal(uri(device.take()), "rd?lwm2m=1.2&ep=d1&lt=60");
	equal([device.registry.get("/3303/4/5700"), device.registry.get("/3303/0/5700")], [3, 21.5]);
	ok((device.registry.get("/1/2/12") ?? 0) > 0, "last bootstrapped");
});

test("of the accounts that there were nothing stays but that of the bootstrap server", () => {
	const { device, request } = asking(({ registry }) => {
		registry.set("/0/1/0", "coap://192.0.2.4");
		registry.set("/1/1/0", 9);
	});
	equal(uri(request), "bspack?ep=d1");
	answer(device, request, `[${ACCOUNT}]`);
	const { objects } = device.registry.model;
	equal([objects[0]!.instanceIds, objects[1]!.instanceIds], [[3, 5], [2]]);
});

test("a pack in blocks is fetched block by block", () => {
	const { device, request } = asking();
	const payload = ascii(`[${ACCOUNT}]`);
	let asked = request;
	for (let number = 0; number * 64 < payload.length; number++) {
		if (number > 0) {
			asked = device.take();
			equal([uri(asked), integers(asked, 23), integers(asked, 17)], ["bspack?ep=d1", [number * 16 + 2], [SENML_CBOR]]);
		}
		const isMore = (number + 1) * 64 < payload.length;
		const block = payload.slice(number * 64, (number + 1) * 64);
		const block2 = number * 16 + (isMore ? 8 : 0) + 2;
		device.reply(asked, { code: 0x45, format: SENML_JSON, block2, payload: block, options: [[4, ascii("t")]] });
	}
	equal(device.events, [BOOTSTRAP_REG_COMPLETE, BOOTSTRAP_TRANSFER_COMPLETE]);
});

test("a server without a pack is asked for a bootstrap at once, and not for a pack again", () => {
	for (const code of [0x84, 0x85, 0x86, 0xa1]) {
		const { device, request } = asking();
		device.reply(request, { code });
		const next = device.take();
		equal([next.code, uri(next)], [2, REQUEST]);
		device.reply(next, { code: 0x80 });
		equal(device.events, [BOOTSTRAP_REG_FAILURE]);
		equal(uri(device.takeAfter(BOOTSTRAP_RETRY_SECONDS * 1250)), REQUEST);
	}
});

test("a server that does not answer is asked for the pack again later", () => {
	const { device } = asking();
	device.platform.advance(100_000);
	equal(device.events, [BOOTSTRAP_REG_FAILURE]);
	device.platform.socket.sent = [];
	equal(uri(device.takeAfter(BOOTSTRAP_RETRY_SECONDS * 1250)), "bspack?ep=d1");
});

test("a device of 1.1 does not ask for a pack", () => {
	const device = new CaseDevice("1.1");
	device.registry.delete("/0/0");
	device.registry.set("/0/5/0", "coap://192.0.2.9");
	device.registry.set("/0/5/1", true);
	device.client.start();
	device.platform.run();
	equal(uri(device.take()), REQUEST);
});

for (const [what, payload, format] of [
	["is malformed", '[{"n":"/0/3/0","vs":', SENML_JSON],
	["has a value of another type", `[${ACCOUNT},{"bn":"","n":"/1/2/1","vs":"x"}]`, SENML_JSON],
	["has a value of no instance", `[${ACCOUNT},{"bn":"","n":"/1","v":1}]`, SENML_JSON],
	["has an executable resource", `[${ACCOUNT},{"bn":"","n":"/1/2/8","v":1}]`, SENML_JSON],
	["has a second instance of a single object", `[${ACCOUNT},{"bn":"","n":"/3/1/14","vs":"+01:00"}]`, SENML_JSON],
	["has more instances than there is room for", packOf(20), SENML_JSON],
	["is not consistent", `[${ACCOUNT.replace('"v":7}', '"v":8}')}]`, SENML_JSON],
	["is empty", "[]", SENML_JSON],
	["is plain text", "hello", 0],
	["is of an unknown format", "hello", 9999],
] as const)
	test(`a pack that ${what} changes nothing, and Bootstrap-Request follows`, () => {
		const { device, request } = asking(({ registry }) => registry.set("/1/1/0", 9));
		answer(device, request, payload, format);
		equal(uri(device.take()), REQUEST);
		equal(device.logged("Bootstrap-Pack: ").length, 1);
		const { objects } = device.registry.model;
		equal([objects[0]!.instanceIds, objects[1]!.instanceIds], [[5], [1]]);
		equal([device.registry.get("/3/0/14"), device.registry.get("/3303/0/5700")], ["+02:00", 21.5]);
	});

test("blocks that do not belong together, or are too many, are no pack", () => {
	const first = { code: 0x45, format: SENML_JSON, block2: 8 + 6, payload: ascii("x".repeat(1024)) };
	for (const [second, tag] of [
		[{ block2: 32 + 6 }, "t"],
		[{ block2: 16 + 7 }, "t"],
		[{ block2: 16 + 6 }, "u"],
	] as const) {
		const { device, request } = asking();
		device.reply(request, { ...first, options: [[4, ascii("t")]] });
		device.reply(device.take(), { ...first, ...second, options: [[4, ascii(tag)]] });
		equal(uri(device.take()), REQUEST);
	}
	const { device, request } = asking();
	let asked = request;
	for (let number = 0; number * 1024 <= REPRESENTATION_BYTES; number++) {
		device.reply(asked, { ...first, block2: number * 16 + 8 + 6 });
		asked = device.take();
	}
	equal(uri(asked), REQUEST);
});

test("a server that begins by itself while the pack is asked for goes ahead", () => {
	const { device } = asking();
	device.deliver({ type: 0, code: 4, mid: 77, path: "0" });
	equal(device.take().code, 0x42);
	device.platform.advance(100_000);
	ok(device.isQuiet, "the request is not repeated");
});

test("to stop while the pack is asked for ends the bootstrap", () => {
	const { device, request } = asking();
	device.client.stop();
	answer(device, request, `[${ACCOUNT}]`);
	ok(!device.registry.has("/0/3"));
	device.platform.advance(100_000);
	ok(device.isQuiet);
});

/** An account, and instances of Portfolio. */
function packOf(count: number): string {
	const instances = Array.from({ length: count }, (_, i) => `{"bn":"","n":"/16/${i}/0/0","vs":"x"}`);
	return `[${ACCOUNT},${instances.join(",")}]`;
}
