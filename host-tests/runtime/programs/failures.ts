// Programs that end badly, each in its way.
import Timer from "timer";
import * as host from "../../../platforms/xs/host.js";

/** Ends with the status given. */
export function exits(status: string): void {
	host.exit(Number(status));
}

export function throws(): void {
	throw new TypeError("thrown by main");
}

export function throwsInTimer(): void {
	Timer.set(function wake() {
		throw new RangeError("thrown by a timer");
	}, 1);
}

export function throwsText(): void {
	throw "just a text";
}

export function rejects(): void {
	void Promise.reject(new Error("nobody catches"));
}

/** A rejection that is caught in time is no failure. */
export function catches(): void {
	const promise = Promise.reject(new Error("caught"));
	promise.catch((error: Error) => {
		host.log(`handled ${error.message}`);
		host.exit(0);
	});
}

export function fillsSlots(): void {
	const kept: object[] = [];
	for (;;) kept.push({ kept });
}

export function fillsChunks(): void {
	const kept: ArrayBuffer[] = [];
	for (;;) kept.push(new ArrayBuffer(4096));
}

export function fillsStack(): void {
	const deeper = (depth: number): number => deeper(depth + 1) + 1;
	deeper(0);
}

export function fillsKeys(): void {
	const holder: Record<string, number> = {};
	for (let i = 0; i < 70_000; i++) {
		holder[`key${i}`] = i;
		delete holder[`key${i}`];
	}
	host.log("keys never ran out");
	host.exit(1);
}

/** Makes garbage, much more than fits, and goes on. */
export function makesGarbage(): void {
	for (let i = 0; i < 20_000; i++) void [new ArrayBuffer(1000), { i }];
	const { collections, slots, slotBytes } = host.memory();
	host.log(collections > 0 && slots > 0 && slotBytes >= 16 ? "collected" : "not collected");
	host.exit(0);
}

/** Restarts once: the second start sees the file that the first has left. */
export function restarts(): void {
	host.log(`arguments ${host.programArguments().join(" ")}`);
	Timer.set(() => host.restart(), 1);
}

export function waits(): void {
	Timer.repeat(() => {}, 1000);
	host.log("waiting");
}

export function terminates(): void {
	waits();
	host.onTerminate(() => {
		host.log("asked to end");
		Timer.set(() => host.exit(0), 1);
	});
	host.log("ready");
}

/** Is asked to end, and does not. */
export function lingers(): void {
	waits();
	host.onTerminate(() => host.log("asked to end"));
	host.log("ready");
}

export function evaluates(): void {
	try {
		new Function("return 1")();
		host.log("evaluated");
	} catch (error) {
		host.log(String(error));
	}
	host.exit(0);
}
