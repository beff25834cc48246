// Reads that fill more than a datagram: RFC 7959 2.4.
import { REPRESENTATION_BYTES } from "../../src/config.js";
import { type CoapMessage, integers, text } from "../support/coap.js";
import { equal, ok, test } from "../support/test.js";
import { CaseDevice, line, SENML_CBOR, SENML_JSON, TLV } from "./lwm2m-cases.js";

/** A device whose resource /3441/0/41 holds `count` texts of 40 characters. */
function largeDevice(count = 100): CaseDevice {
	const device = new CaseDevice();
	for (let index = 0; index < count; index++) device.registry.set(`/3441/0/41/${index}`, `${index} `.padEnd(40, "x"));
	return device.register();
}

function blockOf(answer: CoapMessage): { number: number; isMore: boolean; size: number } {
	const value = integers(answer, 23)[0]!;
	return { number: value >> 4, isMore: (value & 8) !== 0, size: 16 << (value & 7) };
}

function tagOf(answer: CoapMessage): Uint8Array | undefined {
	return answer.options.find(([option]) => option === 4)?.[1];
}

function readBlock(device: CaseDevice, accept: number, block2?: number): CoapMessage {
	return device.request({ code: 1, path: "3441/0/41", accept, ...(block2 === undefined ? {} : { block2 }) });
}

/** The whole representation, fetched in blocks; from the second on they are of the size exponent that the server wants. */
function readAll(device: CaseDevice, accept: number, firstBlock?: number): Uint8Array {
	const first = readBlock(device, accept, firstBlock);
	const { size, isMore, number } = blockOf(first);
	equal([number, isMore, integers(first, 12)], [0, true, [accept]]);
	const total = integers(first, 28)[0]!;
	const bytes = [...first.payload];
	const szx = Math.log2(size) - 4;
	for (let next = 1; bytes.length < total; next++) {
		const answer = readBlock(device, accept, next * 16 + szx);
		const block = blockOf(answer);
		equal([block.number, block.size, tagOf(answer)], [next, size, tagOf(first)]);
		bytes.push(...answer.payload);
		equal(block.isMore, bytes.length < total);
	}
	equal(bytes.length, total);
	return Uint8Array.from(bytes);
}

for (const [title, accept] of [
	["TLV", TLV],
	["SenML CBOR", SENML_CBOR],
	["SenML JSON", SENML_JSON],
] as const)
	test(`more than 4 KB are read in blocks of ${title}, the same in blocks of any size`, () => {
		const device = largeDevice();
		const whole = readAll(device, accept);
		ok(whole.length > 4000);
		equal(readAll(device, accept, 5), whole);
		equal(readAll(device, accept, 2), whole);
		if (accept === SENML_JSON) {
			const json = text(Uint8Array.from(whole));
			equal(json.match(/"vs":/g)!.length, 100);
			ok(json.endsWith(`{"n":"99","vs":"${"99 ".padEnd(40, "x")}"}]`));
		}
	});

test("a Read in blocks can be begun again, and a block be asked for twice", () => {
	const device = largeDevice();
	const first = readBlock(device, SENML_CBOR);
	const second = readBlock(device, SENML_CBOR, 16 + 6);
	equal(readBlock(device, SENML_CBOR, 16 + 6).payload, second.payload);
	equal(readBlock(device, SENML_CBOR).payload, first.payload);
	equal(readBlock(device, SENML_CBOR, 6).payload, first.payload);
	equal(readBlock(device, SENML_CBOR, 16 + 6).payload, second.payload);
});

test("a server that wants smaller blocks half-way gets what follows in its own units", () => {
	const device = largeDevice();
	const whole = readAll(device, TLV);
	readBlock(device, TLV);
	const block = readBlock(device, TLV, (1024 / 64) * 16 + 2);
	equal(blockOf(block), { number: 16, isMore: true, size: 64 });
	equal(block.payload, whole.slice(1024, 1088));
});

test("a block is of the representation as it was when the first was read, and its tag says so", () => {
	const device = largeDevice();
	const whole = readAll(device, TLV);
	const first = readBlock(device, TLV);
	device.registry.set("/3441/0/41/0", "changed");
	equal(readBlock(device, TLV, 16 + 6).payload, whole.slice(1024, 2048));
	// begun again: the new one
	ok(`${tagOf(readBlock(device, TLV))}` !== `${tagOf(first)}`);
});

test("a block that nobody has begun with is built then, and one behind the end is answered with 4.00", () => {
	const device = largeDevice();
	const whole = readAll(device, TLV);
	equal(readBlock(device, TLV, 16 + 6).payload, whole.slice(1024, 2048));
	equal(line(readBlock(device, TLV, 100 * 16 + 6)), "4.00");
	equal(line(device.request({ code: 1, path: "3/0/3", accept: 0, block2: 16 })), "4.00");
	equal(line(readBlock(device, TLV, 7)), "4.00", "the reserved size");
	equal(line(device.request({ code: 1, path: "3/0/3", accept: 0, block2: 6 })), "2.05 1.0", "small enough for one");
});

test("a kept representation is dropped after a while without upsetting anybody", () => {
	const device = largeDevice();
	device.registry.set("/1/0/1", 86_400);
	device.platform.run();
	device.answerUpdates();
	const whole = readAll(device, TLV);
	readBlock(device, TLV);
	device.platform.advance(300_000);
	equal(readBlock(device, TLV, 16 + 6).payload, whole.slice(1024, 2048));
});

test("blocks of two paths do not mix", () => {
	const device = largeDevice();
	const whole = readAll(device, TLV);
	readBlock(device, TLV);
	device.registry.set("/3441/0/1", "another");
	const other = device.request({ code: 1, path: "3441/0", accept: TLV, block2: 6 });
	ok(`${tagOf(other)}` !== `${tagOf(readBlock(device, TLV))}`);
	equal(readBlock(device, TLV, 16 + 6).payload, whole.slice(1024, 2048));
});

test("what is larger than the device can send is answered with 5.00, and not observed", () => {
	const device = largeDevice(250);
	equal(line(readBlock(device, SENML_JSON)), "5.00");
	equal(line(device.request({ code: 1, path: "3441/0/41", accept: SENML_JSON, observe: 0 })), "5.00");
	equal(device.client.observations.count, 0);
	ok(250 * 40 > REPRESENTATION_BYTES);
	equal(line(device.request({ code: 1, path: "3441/0/41/7", accept: 0 })).slice(0, 6), "2.05 7");
});

test("a notification that has become too large is the last one, with 5.00", () => {
	const device = largeDevice(100);
	const first = device.request({ code: 1, path: "3441/0/41", accept: TLV, observe: 0 });
	device.registry.batch(() => {
		for (let index = 100; index < 250; index++) device.registry.set(`/3441/0/41/${index}`, "x".repeat(60));
	});
	const notification = device.takeAfter(0);
	equal([line(notification), notification.token], ["5.00", first.token]);
	equal(device.client.observations.count, 0);
});
