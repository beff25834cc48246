// What the samples of a time series cost in the storage: bytes and writes a sample, while a server is away and when it is
// back, by how often is measured and what. Every entry that is written counts in full.
import { TestStorage } from "../support/key-value.js";
import { CaseDevice } from "../unit/lwm2m-cases.js";

const SAMPLES = 10_000;
const PATH = "/3441/0/4";

/** A temperature that wanders: `digits` digits after the point, none in binary fractions of two bytes. */
function values(digits: number): () => number {
	let [value, seed] = [20, 1];
	return () => {
		seed = (seed * 16807) % 2147483647;
		value = Math.min(40, Math.max(0, value + ((seed % 11) - 5) / 10));
		return digits < 0 ? Math.round(value * 2) / 2 : Number(value.toFixed(digits));
	};
}

function measure(seconds: number, next: () => number): string {
	const storage = new TestStorage();
	const device = new CaseDevice("1.1", storage);
	const disk = device.platform.storage as TestStorage; // given above
	device.client.cache.enable(PATH, SAMPLES);
	let bytes = 0;
	const write = disk.write.bind(disk);
	disk.write = (key, value) => {
		bytes += value.byteLength;
		write(key, value);
	};
	const writes = disk.writes;
	for (let i = 0; i < SAMPLES; i++) {
		device.registry.set(PATH, next());
		device.platform.advance(seconds * 1000);
	}
	device.client.cache.flush();
	const held = [...disk.entries].reduce((sum, [key, value]) => sum + (key.startsWith("c0.") ? value.byteLength : 0), 0);
	const each = (count: number) => (count / SAMPLES).toFixed(2).padStart(10);
	return `${each(bytes)}${each(held)}${each(disk.writes - writes)}`;
}

process.stdout.write(`${"bytes of storage a sample, of 10,000".padEnd(52)}   written      held    writes\n`);
for (const [what, digits] of [
	["halves of a degree", -1],
	["hundredths of a degree (8-byte floats)", 2],
] as const)
	for (const seconds of [1, 10, 60])
		process.stdout.write(`${`${what}, every ${seconds} s`.padEnd(52)}${measure(seconds, values(digits))}\n`);
