// Whatever comes from the network: every truncation of a message of each kind, and every byte of it with every value.
// The device does not throw, answers only what is a request, stays bounded, and answers the next Read.
import { OBSERVATIONS } from "../../src/config.js";
import { isMultiple } from "../../src/lwm2m/model.js";
import { type CoapFields, datagram, parse } from "../support/coap.js";
import { equal, hex, ok, randomFrom, test } from "../support/test.js";
import { CaseDevice, SENML_JSON, TEXT, TLV } from "./lwm2m-cases.js";

const MID = 0x2100;
/** Read-only: no message may change it. */
const UNTOUCHED = "Open Mobile Alliance";

const kinds: readonly [title: string, fields: CoapFields][] = [
	["Read", { code: 1, path: "3/0/0", accept: TEXT }],
	["Read of an instance", { code: 1, path: "3/0", accept: TLV }],
	["Discover", { code: 1, path: "3/0", accept: 40 }],
	["Observe", { code: 1, path: "3303/0", observe: 0 }],
	["Write in text", { code: 3, path: "3441/0/2", format: TEXT, payload: "12" }],
	["Write in TLV", { code: 2, path: "3441/0", format: TLV, payload: hex("c2020007862841000341010430017a") }],
	["Write in SenML JSON", { code: 2, path: "3441/0", format: SENML_JSON, payload: '[{"n":"/3441/0/2","v":1}]' }],
	["Write in SenML CBOR", { code: 3, path: "3441/0/2", format: 112, payload: hex("81a2006a2f333434312f302f32021863") }],
	["Write-Attributes", { code: 3, path: "3303/0", queries: ["pmin=1", "pmax=60"] }],
	["Execute", { code: 2, path: "3/0/12", payload: "0='a',1" }],
	["Create", { code: 2, path: "3441", format: TLV, payload: hex("0303c10205") }],
	["Delete", { code: 4, path: "3441/3" }],
	["Write with Block1", { code: 3, path: "3441/0/1", format: TEXT, block1: 8, payload: "0123456789abcdef" }],
	["Read with Block2", { code: 1, path: "3/0", accept: TLV, block2: 17 }],
	["a message that is not confirmable", { type: 1, code: 3, path: "3441/0/2", format: TEXT, payload: "12" }],
	["an answer to Register", { type: 2, code: 0x41, location: "rd/5a3f" }],
	["a separate response", { type: 0, code: 0x44, token: Uint8Array.of(7) }],
	["an acknowledgement", { type: 2, code: 0 }],
	["RST", { type: 3, code: 0 }],
	["ping", { type: 0, code: 0 }],
];

function hostileDevice(): CaseDevice {
	const device = new CaseDevice();
	const { registry } = device;
	registry.set("/3441/0/1", "text");
	registry.set("/3441/0/2", 7);
	registry.onExecute("/3/0/12", () => {});
	return device.register();
}

/** A device that gets datagrams, and is looked at after each. */
class Target {
	device = hostileDevice();
	count = 0;

	/** Delivers a datagram. */
	hit(bytes: Uint8Array, what: () => string): void {
		const { device } = this;
		const { socket } = device.platform;
		this.count++;
		socket.deliver(bytes);
		device.platform.run();
		const { sent } = socket;
		if (sent.length > 1 && sent.filter((one) => !isRequest(one)).length > 2)
			throw new Error(`${what()}: ${sent.length} answers`);
		for (const one of sent) if (!isRequest(one)) this.#checkAnswer(bytes, parse(one), what);
		// an Update for an instance that has come or gone
		while (device.answerUpdates() > 0) device.platform.run();
		socket.sent = [];
	}

	/** The device is as well as it was: it answers, and holds no more than it may. */
	finish(): void {
		const { device } = this;
		equal(device.get("3/0/0", TEXT), `2.05 ${UNTOUCHED}`);
		ok(device.client.observations.count <= OBSERVATIONS);
		const [server] = device.client.servers;
		equal(server!.endpoint.pending, 0);
		equal((server as unknown as { exchanges: { pending: number } }).exchanges.pending, 0);
		equal(device.registry.model.isBatching, false);
		equal(device.logged("failed").length, 0, device.logged("failed")[0] ?? "");
	}

	#checkAnswer(bytes: Uint8Array, answer: ReturnType<typeof parse>, what: () => string): void {
		const type = (bytes[0]! >> 4) & 3;
		const isSound = bytes.length >= 4 && bytes[0]! >> 6 === 1;
		// a notification may follow from a change, or from the end of what was observed
		if (answer.type === 1 && (answer.code === 0x45 || answer.code === 0x84)) return;
		if (!isSound || type > 1) throw new Error(`${what()}: an answer to what wants none`);
		const { type: answerType, code, mid } = answer;
		if (type === 0 && (answerType === 2 || answerType === 3) && mid === bytes[2]! * 256 + bytes[3]!) return;
		if (type === 1 && answerType === 1 && code > 0x3f) return;
		throw new Error(`${what()}: answered by type ${answerType}, code ${code}, message id ${mid}`);
	}
}

function isRequest(bytes: Uint8Array): boolean {
	return bytes[1]! > 0 && bytes[1]! < 0x20;
}

for (const [title, fields] of kinds) {
	const original = datagram({ mid: MID, token: Uint8Array.of(0xcc), ...fields });

	test(`${title}: every truncation is withstood`, () => {
		const target = new Target();
		for (let length = 0; length <= original.length; length++) {
			const bytes = original.slice(0, length);
			// another message id each time, so that none is taken for a duplicate
			if (length > 3) bytes[3] = length;
			target.hit(bytes, () => `${length} bytes`);
		}
		target.finish();
	});

	test(`${title}: every value of every byte is withstood`, () => {
		const target = new Target();
		for (let at = 0; at < original.length; at++)
			for (let value = 0; value < 256; value++) {
				const bytes = original.slice();
				bytes[2] = 0x22 + (at & 31);
				bytes[3] = value;
				bytes[at] = value;
				target.hit(bytes, () => `byte ${at} as ${value}`);
			}
		target.finish();
		equal(target.count, original.length * 256);
	});
}

test("noise is withstood", () => {
	const target = new Target();
	const random = randomFrom(4711);
	for (let i = 0; i < 2000; i++) {
		const bytes = new Uint8Array(random(60));
		for (let at = 0; at < bytes.length; at++) bytes[at] = random(256);
		if (i % 2 === 0 && bytes.length > 1) {
			bytes[0] = 0x40 | (bytes[0]! & 0x3f);
			bytes[1] = random(8);
		}
		target.hit(bytes, () => `noise ${i}`);
	}
	target.finish();
});

test("a flood of requests is answered one by one, a datagram that is too large not at all", () => {
	const device = hostileDevice();
	for (let i = 0; i < 1000; i++) {
		device.deliver({ code: 1, mid: 1000 + i, path: "3/0/3", accept: TEXT });
		equal(device.platform.socket.sent.length, 1);
		device.take();
	}
	device.platform.socket.deliver(datagram({ code: 3, path: "3441/0/1", payload: "x".repeat(1300) }));
	device.platform.run();
	ok(device.isQuiet);
	equal(device.get("3441/0/1"), "2.05 text");
});

test("observations and attributes that a server piles up stay bounded", () => {
	const device = hostileDevice();
	for (let id = 0; id < 100; id++) device.registry.set(`/3441/0/41/${id}`, "x");
	for (let id = 0; id < 100; id++) {
		device.observe(`3441/0/41/${id}`);
		device.attributes(`3441/0/41/${id}`, "pmin=1");
	}
	ok(device.client.observations.count <= OBSERVATIONS);
	equal(device.get("3/0/0"), `2.05 ${UNTOUCHED}`);
	equal(device.attributes("3441/0/41/99", "pmin=1"), "5.00");
});

for (const [title, fields] of kinds)
	if (fields.code > 1 && fields.code < 5)
		test(`${title}: what is refused leaves the device's data as they were`, () => {
			const original = datagram({ mid: MID, token: Uint8Array.of(0xcc), ...fields });
			const { device } = new Target();
			const { socket } = device.platform;
			let refused = 0;
			const hit = (bytes: Uint8Array, what: string) => {
				const before = dataOf(device);
				socket.deliver(bytes);
				device.platform.run();
				while (device.answerUpdates() > 0) device.platform.run();
				const isRefused = socket.sent.every((one) => one[1] === 0 || one[1]! >= 0x80);
				if (isRefused) equal(dataOf(device), before, what);
				if (isRefused) refused++;
				socket.sent = [];
			};
			for (let length = 0; length < original.length; length++) {
				const bytes = original.slice(0, length);
				if (length > 3) bytes[3] = length;
				hit(bytes, `${length} bytes`);
			}
			for (let at = 4; at < original.length; at++)
				for (let value = at % 5; value < 256; value += 23) {
					const bytes = original.slice();
					bytes[2] = 0x22 + (at & 31);
					bytes[3] = value;
					bytes[at] = value;
					hit(bytes, `byte ${at} as ${value}`);
				}
			ok(refused > 0);
		});

/** All that the registry holds, as text. */
function dataOf(device: CaseDevice): string {
	let data = "";
	for (const id of device.registry.model.objectIds) {
		const { instanceIds, instances } = device.registry.model.objects[id]!;
		for (const instance of instanceIds)
			instances[instance]!.forEach((value, resource) => {
				const one = isMultiple(value) ? `${value.ids}:${value.values}` : value;
				data += `/${id}/${instance}/${resource}=${one}\n`;
			});
	}
	return data;
}
