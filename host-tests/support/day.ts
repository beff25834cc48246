// A day of a device that sleeps: queue mode, a lifetime of an hour, a sample a minute, which are told every half hour; the
// battery's level and an operation of the server each hour; three times the network is lost when there is something to
// tell. Node only.
import { SENML_CBOR } from "../server/codec/content-format.js";
import type { World } from "./stepped-world.js";

const EP = "sleepy";
/** What the device is started with. */
export const DAY_OPTIONS: readonly string[] = ["--endpoint", EP, "--binding", "UQ", "--lifetime", "3600"];
const MINUTES = 24 * 60;
const MINUTE_MS = 60_000;
const TEMPERATURE = [3303, 0, 5700];
const BATTERY = [3, 0, 9];
/** Room for what is sampled while the network is lost. */
const RING = 64;
/** From which minute on and for how many the network is lost; the address is another one after the last. */
const LOSSES = [
	[29, 10],
	[479, 20],
	[959, 15],
] as const;
/** How long after the day the last half hour's samples may take, minutes. */
const REST_MINUTES = 45;

export interface DayFigures {
	registrations: number;
	updates: number;
	/** How often the server saw the device wake. */
	wakes: number;
	samples: number;
	/** Of them those that have not arrived. */
	lost: number;
	/** Those that have arrived more than once. */
	doubled: number;
	operations: number;
	/** Answered with success. */
	answered: number;
	/** Still there at the end. */
	observations: number;
	messagesUp: number;
	bytesUp: number;
	messagesDown: number;
	bytesDown: number;
	/** In use after a garbage collection: 16-byte slots, bytes of chunks. */
	heapAfterAnHour: Heap;
	heapAtTheEnd: Heap;
}

interface Heap {
	slots: number;
	chunks: number;
}

export async function runDay({ server, proxy, device, advance }: World): Promise<DayFigures> {
	const counts = { REGISTRATION: 0, UPDATED: 0, AWAKE: 0 };
	for (const name of ["REGISTRATION", "UPDATED", "AWAKE"] as const) server.events.on(name, () => counts[name]++);
	const arrived = new Map<number, number>();
	server.events.on("NOTIFICATION", ({ samples }: { samples?: { value: string }[] }) => {
		for (const { value } of samples ?? []) arrived.set(Number(value), (arrived.get(Number(value)) ?? 0) + 1);
	});
	for (let i = 0; i < 100 && counts.REGISTRATION === 0; i++) await advance(1000);
	const operations = () => server.device(EP);
	await during(operations().writeAttributes(TEMPERATURE, ["pmin=1800"]));
	device.type(`lwm2m cache 3303/0/5700 ${RING}\n`);
	await during(operations().observe(TEMPERATURE, { format: SENML_CBOR }));
	await during(operations().writeAttributes(BATTERY, ["pmin=1"]));
	await during(operations().observe(BATTERY));

	let [asked, answered] = [0, 0];
	let afterAnHour: Heap | undefined;
	for (let minute = 1; minute <= MINUTES; minute++) {
		device.type(`lwm2m write 3303/0/5700 -f ${minute}\n`);
		for (const [from, count] of LOSSES) {
			if (minute === from) proxy.isCut = true;
			if (minute === from + count) {
				if (from === LOSSES.at(-1)![0]) await proxy.move();
				proxy.isCut = false;
			}
		}
		if (minute % 60 === 17) device.type(`lwm2m write 3/0/9 -u8 ${100 - Math.floor(minute / 60)}\n`);
		if (minute % 60 === 7) {
			asked++;
			void operate(Math.floor(minute / 60) % 3).then(({ isSuccess }) => {
				if (isSuccess) answered++;
			});
		}
		await advance(MINUTE_MS);
		// an hour and a quarter: it is asleep, as at the end
		if (minute === 75) afterAnHour = await heap();
	}
	for (let i = 0; i < REST_MINUTES; i++) await advance(MINUTE_MS);
	const registration = server.registrations.byEndpoint(EP);
	const sum = (datagrams: Buffer[]) => datagrams.reduce((total, { length }) => total + length, 0);
	return {
		registrations: counts.REGISTRATION,
		updates: counts.UPDATED,
		wakes: counts.AWAKE,
		samples: MINUTES,
		lost: Array.from({ length: MINUTES }, (_, i) => i + 1).filter((one) => !arrived.has(one)).length,
		doubled: [...arrived.values()].filter((count) => count > 1).length,
		operations: asked,
		answered,
		observations: registration ? server.observations.of(registration).length : 0,
		messagesUp: proxy.fromDevice.length,
		bytesUp: sum(proxy.fromDevice),
		messagesDown: proxy.fromServer.length,
		bytesDown: sum(proxy.fromServer),
		heapAfterAnHour: afterAnHour!, // the day is longer than that
		heapAtTheEnd: await heap(),
	};

	/** Waits for an operation while time passes. */
	async function during<T>(operation: Promise<T>): Promise<T> {
		let isOver = false;
		const over = operation.finally(() => {
			isOver = true;
		});
		over.catch(() => {});
		for (let i = 0; i < 100 && !isOver; i++) await advance(1000);
		return over;
	}

	/** One of three kinds of operation, which waits for the device to wake. */
	function operate(kind: number) {
		if (kind === 0) return operations().read([3, 0]);
		if (kind === 1) return operations().execute([3, 0, 12]);
		return operations().writeAttributes(BATTERY, ["pmin=1"]);
	}

	async function heap(): Promise<Heap> {
		const line = device.waitFor(/Memory: (\d+) slots and (\d+) bytes/);
		device.signal("SIGUSR1");
		const [, slots, chunks] = await line;
		return { slots: Number(slots), chunks: Number(chunks) };
	}
}
