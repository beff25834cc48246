// Time series with storage: what survives a restart, and the power that is cut after any single write.
import { CACHES, RING_SAMPLES, SAMPLE_COPY_MS, STORED_SAMPLES, TAIL_ENTRIES } from "../../src/config.js";
import { FLOAT, INTEGER, type ResourceType, STRING, UNSIGNED } from "../../src/lwm2m/definition.js";
import type { Value } from "../../src/lwm2m/path.js";
import { Ring } from "../../src/lwm2m/ring.js";
import { checkedSegment, countOf, SegmentReader, writeSegment } from "../../src/lwm2m/segment.js";
import type { Series } from "../../src/lwm2m/series.js";
import { TestStorage } from "../support/key-value.js";
import { equal, ok, test, throws } from "../support/test.js";
import { CaseDevice, SENML_CBOR } from "./lwm2m-cases.js";

const PATH = "/3441/0/4";

interface Restart {
	maxValueBytes?: number;
	/** How much later, by the calendar, s. */
	later?: number;
	hasClock?: boolean;
	samples?: number;
}

/** A device whose storage is that of another, with the cache of PATH. */
function started(storage: TestStorage, options: Restart = {}): CaseDevice {
	const { later = 0, hasClock = true, samples = 20_000 } = options;
	const device = new CaseDevice("1.1", new TestStorage(storage.entries, storage.maxValueBytes));
	device.platform.epochSeconds = hasClock ? 1_700_000_000 + later : Number.NaN;
	device.client.cache.enable(PATH, samples);
	return device;
}

function storageOf(device: CaseDevice): TestStorage {
	return device.platform.storage as TestStorage; // `started` gave it
}

function series(device: CaseDevice): Series {
	return device.client.cache.series(PATH)!;
}

/** Adds samples, one a minute: the value is their number. */
function measure(device: CaseDevice, count: number, from: number, seconds = 60): void {
	for (let i = 0; i < count; i++) {
		device.registry.set(PATH, from + i + 0.5);
		device.platform.advance(seconds * 1000);
	}
}

/** Times and values of a series, as a message would carry them. */
function samplesOf(device: CaseDevice): [number, Value][] {
	device.client.cache.begin();
	const one = series(device);
	const found: [number, Value][] = [];
	for (let i = 0; i < one.count(); i++) if (one.read(i)) found.push([one.time, one.value]);
	return found;
}

function valuesOf(device: CaseDevice): Value[] {
	return samplesOf(device).map(([, value]) => value);
}

function numbers(from: number, end: number): number[] {
	return Array.from({ length: end - from }, (_, index) => from + index + 0.5);
}

test("a segment holds samples of every type, exactly, and ends where there is no more room or the time goes back", () => {
	const cases: [ResourceType, Value[]][] = [
		[FLOAT, [21.5, 21.5, 0.1, -1e300, Number.NaN, Number.NaN, 16777217, Number.POSITIVE_INFINITY]],
		[INTEGER, [0, -1, 32767, -32769, 2 ** 31 - 1, -(2 ** 31) - 1, -(2n ** 63n)]],
		[UNSIGNED, [0, 65535, 2 ** 32, 2n ** 64n - 1n]],
		[STRING, ["", "seven b", "é", "é"]],
	];
	for (const [type, values] of cases) {
		const ring = new Ring(type, 10);
		ring.drop(70_000);
		values.forEach((value, index) => {
			ring.push(1000 + index * index * 1000.25, value);
		});
		for (const offset of [Number.NaN, 1_700_000_000]) {
			const entry = writeSegment(ring, 70_001, 1000, offset);
			const bytes = checkedSegment(entry)!;
			const reader = new SegmentReader(bytes, type);
			equal([reader.first, reader.count, countOf(entry)], [70_001, values.length - 1, values.length - 1]);
			for (let index = 1; reader.next(); index++) {
				ok(Object.is(reader.value, values[index]), `${index}: ${reader.value}`);
				const seconds = 1000 + index * index * 1000.25;
				equal(reader.stamp, offset === offset ? -(offset + seconds) : seconds);
			}
			equal(reader.number, 70_000 + values.length - 1);
			for (let damaged = 0; damaged < bytes.length; damaged++) {
				const copy = bytes.slice();
				copy[damaged]! ^= 0x10;
				equal(checkedSegment(copy.buffer as ArrayBuffer), undefined);
				equal(checkedSegment(bytes.slice(0, damaged).buffer), undefined);
			}
		}
	}
	const ring = new Ring(FLOAT, 10);
	for (const time of [1, 2, 3, 2, 4]) ring.push(time, time);
	equal(countOf(writeSegment(ring, 0, 1000, Number.NaN)), 3);
	equal(countOf(writeSegment(ring, 0, 19, Number.NaN)), 1);
});

test("10,000 samples survive a restart with their times, in entries of any size", () => {
	for (const [maxValueBytes, count] of [
		[4000, 10_000],
		[63, 700],
	] as const) {
		const device = started(new TestStorage(undefined, maxValueBytes));
		const start = device.platform.clock.time();
		measure(device, count, 0, 1);
		device.platform.advance(SAMPLE_COPY_MS);
		const again = started(storageOf(device), { later: 86_400 });
		const samples = samplesOf(again);
		equal(samples.length, count);
		samples.forEach(([time, value], index) => {
			if (time !== start + index || value !== index + 0.5) throw new Error(`${index}: ${time} ${value}`);
		});
		measure(again, 3, count);
		equal(valuesOf(again).slice(-4), numbers(count - 1, count + 3));
		equal(series(again).length, count + 3);
	}
});

test("samples that have been acknowledged leave the storage; the others are there after a restart", () => {
	const device = started(new TestStorage());
	measure(device, 200, 0);
	device.client.cache.flush();
	const before = storageOf(device).entries.size;
	series(device).drop(150);
	ok(storageOf(device).entries.size < before);
	const again = started(storageOf(device));
	equal(valuesOf(again), numbers(150, 200));
	series(again).drop(200);
	again.client.cache.flush();
	equal(
		[...storageOf(again).entries.keys()].filter((key) => /^c0\.[st]/.test(key)),
		[],
	);
	// what comes while a server is there leaves no trace in the storage
	const { writes } = storageOf(again);
	for (let i = 0; i < 500; i++) {
		measure(again, 1, i, 1);
		series(again).drop(1_000_000);
	}
	equal(storageOf(again).writes, writes);
	measure(again, 2, 500);
	const last = started(storageOf(again));
	equal(valuesOf(last), [500.5, 501.5].slice(0, series(last).length));
	ok(series(last).length >= 1);
});

test("the power may be cut after any write: no sample is lost but those that were in RAM only", () => {
	// adds, acknowledges, overflows; in entries of both sizes
	for (const maxValueBytes of [4000, 63]) {
		let isOver = false;
		for (let cut = 1; !isOver; cut++) {
			const storage = new TestStorage(undefined, maxValueBytes);
			const device = started(storage, { samples: 150 });
			const disk = storageOf(device);
			const end = disk.writes + cut;
			disk.cutAfter = end;
			let [added, left, copied] = [0, 0, 0];
			/** What was copied at the latest when the last write that counted was made. */
			let safe = 0;
			for (let round = 0; round < 14 && disk.writes < end; round++) {
				for (let i = 0; i < 29 && disk.writes < end; i++) {
					measure(device, 1, added, 7);
					added++;
					if (disk.writes <= end) safe = copied;
					copied = Math.max(copied, added - Math.ceil(SAMPLE_COPY_MS / 7000) - 1);
				}
				if (round % 3 !== 1) continue;
				left = Math.max(left, added - 20);
				series(device).drop(left);
			}
			isOver = disk.writes < end;
			const again = started(disk, { samples: 150 });
			const values = valuesOf(again);
			const first = values.length > 0 ? Number(values[0]) - 0.5 : 0;
			equal(values, numbers(first, first + values.length), `cut ${cut}`);
			const last = values.length > 0 ? first + values.length : left;
			ok(last >= safe, `cut ${cut}: ${last}, ${safe} of ${added} were safe`);
			if (values.length > 0) ok(first <= Math.max(left, added - 150), `cut ${cut}: begins with ${first}`);
			// and it goes on
			measure(again, 100, 1000, 1);
			again.client.cache.flush();
			const third = started(storageOf(again), { samples: 150 });
			equal(valuesOf(third).slice(-100), numbers(1000, 1100), `cut ${cut}`);
		}
	}
});

test("entries that have become superfluous are deleted after a power cut", () => {
	let device = started(new TestStorage());
	for (let cut = 0; cut < 12; cut++) {
		const from = 640 * cut;
		measure(device, 640, from, 1);
		device.client.cache.flush();
		storageOf(device).cutAfter = storageOf(device).writes + cut;
		series(device).drop(from + 600);
		device = started(storageOf(device));
		ok(series(device).length >= 40 && valuesOf(device).at(-1) === from + 639.5, `cut ${cut}`);
		series(device).drop(from + 640);
		equal(
			[...storageOf(device).entries.keys()].filter((key) => /^c0\.[st]/.test(key)),
			[],
			`cut ${cut}`,
		);
	}
});

test("while the clock is not set times count on it; the calendar corrects those that are stored as well", () => {
	const device = started(new TestStorage(), { hasClock: false });
	measure(device, 100, 0);
	device.client.cache.flush();
	equal(samplesOf(device)[0], [-6000, 0.5]);
	device.platform.clock.setTime(1_800_000_000);
	equal(samplesOf(device)[99], [1_799_999_940, 99.5]);
	measure(device, 100, 100);
	device.client.cache.flush();
	const again = started(storageOf(device), { later: 200_000_000 });
	const samples = samplesOf(again);
	equal(
		[samples[0], samples[199]],
		[
			[1_799_994_000, 0.5],
			[1_799_994_000 + 199 * 60, 199.5],
		],
	);
});

test("where the clock was never set, samples from before a restart end with it", () => {
	const device = started(new TestStorage(), { hasClock: false });
	measure(device, 70, 0);
	device.client.cache.flush();
	const again = started(storageOf(device), { hasClock: false });
	equal(samplesOf(again).slice(-2), [
		[-60, 68.5],
		[0, 69.5],
	]);
	again.platform.advance(10_000);
	again.platform.clock.setTime(1_800_000_000);
	equal(samplesOf(again).slice(-1), [[1_799_999_990, 69.5]]);
	measure(again, 1, 70);
	again.client.cache.flush();
	const third = started(storageOf(again), { later: 200_000_000 });
	equal(samplesOf(third).slice(-2), [
		[1_799_999_990, 69.5],
		[1_800_000_000, 70.5],
	]);
});

test("a series that is full drops its oldest samples, or the latest, also from the storage", () => {
	const device = started(new TestStorage(), { samples: 300 });
	measure(device, 1000, 0, 1);
	equal(valuesOf(device), numbers(700, 1000));
	const keys = [...storageOf(device).entries.keys()].filter((key) => key.startsWith("c0.s"));
	ok(keys.length <= Math.ceil(300 / RING_SAMPLES) + 1, `${keys.length} entries`);
	device.client.cache.flush();
	equal(valuesOf(started(storageOf(device), { samples: 300 })), numbers(700, 1000));
	equal(valuesOf(started(storageOf(device), { samples: 100 })), numbers(900, 1000));

	const other = new CaseDevice("1.1", new TestStorage());
	other.client.cache.enable(PATH, 100, { isLatestDropped: true });
	measure(other, 150, 0, 1);
	equal(valuesOf(other), numbers(0, 100));
});

test("a series that an operator has enabled is taken up at the start; one that is disabled is gone", () => {
	const device = started(new TestStorage());
	measure(device, 30, 0);
	device.client.cache.flush();
	const again = new CaseDevice("1.1", new TestStorage(storageOf(device).entries));
	ok(!again.client.cache.has(PATH));
	again.register();
	equal(valuesOf(again), numbers(0, 30));
	again.client.cache.enable(PATH, 20);
	equal(valuesOf(again), numbers(10, 30), "the application enables what was found");
	throws(() => again.client.cache.enable(PATH, 20), "RangeError", "enabled already");
	again.client.cache.disable(PATH);
	ok(!again.client.cache.has(PATH));
	equal(
		[...storageOf(again).entries.keys()].filter((key) => key.startsWith("c")),
		["conf"],
	);
	const third = new CaseDevice("1.1", new TestStorage(storageOf(again).entries));
	third.register();
	ok(!third.client.cache.has(PATH));
});

test("a storage that takes no more is said once; what is in RAM stays, what finds that full is not taken", () => {
	const device = started(new TestStorage());
	const disk = storageOf(device);
	measure(device, 10, 0);
	const { write } = disk;
	disk.write = () => {
		throw new Error("full");
	};
	measure(device, 100, 10);
	equal(valuesOf(device), numbers(0, 64));
	equal(device.logged("samples of 3441/0/4 are not saved: full").length, 1);
	disk.write = write;
	measure(device, 10, 64, 120);
	equal(valuesOf(device), numbers(0, 74));
	device.client.cache.flush();
	equal(valuesOf(started(disk)), numbers(0, 74));
});

test("an entry that is damaged costs its own samples only", () => {
	const device = started(new TestStorage());
	measure(device, 200, 0, 1);
	device.client.cache.flush();
	const disk = storageOf(device);
	disk.entries.set("c0.s1", new ArrayBuffer(300));
	const again = started(disk);
	equal(valuesOf(again), [...numbers(0, 60), ...numbers(120, 200)]);
	again.registry.set(PATH, 200.5);
	const read = again.register().request({ code: 1, path: "3441/0/4", accept: SENML_CBOR });
	equal([read.code, read.payload.length], [0x45, 1024]);
});

test("what is stored is bounded, and what is only to be in RAM is not stored", () => {
	const device = new CaseDevice("1.1", new TestStorage());
	const { cache } = device.client;
	throws(() => cache.enable(PATH, STORED_SAMPLES + 1), "RangeError", `storage for ${STORED_SAMPLES}`);
	cache.enable(PATH, 50, { isStored: false });
	measure(device, 60, 0);
	cache.flush();
	equal(
		[...storageOf(device).entries.keys()].filter((key) => key.startsWith("c0")),
		[],
	);
	equal(valuesOf(device), numbers(10, 60));
	for (let i = 1; i < CACHES; i++) cache.enable(`/3441/0/41/${i}`, 10);
	throws(() => cache.enable("/3441/0/2", 10), "RangeError", `${CACHES} resources`);
	equal([...storageOf(device).entries.keys()].filter((key) => /^c[0-9]+$/.test(key)).length, CACHES - 1);
});

test("copies of single samples are bounded as well, and few bytes", () => {
	const device = started(new TestStorage());
	const disk = storageOf(device);
	let bytes = 0;
	let most = 0;
	const write = disk.write.bind(disk);
	disk.write = (key, value) => {
		bytes += value.byteLength;
		write(key, value);
	};
	for (let i = 0; i < 3 * TAIL_ENTRIES; i++) {
		measure(device, 1, i);
		series(device).drop(i - 2);
		most = Math.max(most, disk.entries.size);
	}
	ok(most <= TAIL_ENTRIES + 6, `${most} entries`);
	const offline = started(new TestStorage());
	bytes = 0;
	storageOf(offline).write = (_, value) => {
		bytes += value.byteLength;
	};
	measure(offline, 1000, 0);
	ok(bytes / 1000 < 27, `${bytes / 1000} bytes a sample`);
});

test("a message is written with the times that it was measured with, though two clocks are never read at one moment", () => {
	const payload = (jitter: number) => {
		const device = new CaseDevice();
		device.client.cache.enable(PATH, 60);
		measure(device, 60, 0, 1);
		const { clock } = device.platform;
		const { time } = clock;
		let reads = 0;
		clock.time = () => time() + (reads++ % 10) * jitter;
		return device.register().request({ code: 1, path: "3441/0/4", accept: SENML_CBOR }).payload;
	};
	// whole seconds, which take two bytes each: a time that is off by a millisecond would take four
	equal(payload(0.0001).length, payload(0).length);
});
