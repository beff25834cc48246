// Programs on timers and the clock.
import Time from "time";
import Timer from "timer";
import * as host from "../../../platforms/xs/host.js";

/** Fires in the order of the moments, and at the same moment in the order in which they were set. */
export function timerOrder(): void {
	const order: string[] = [];
	const started = host.now();
	Timer.set(() => order.push("c"), 30);
	Timer.set(() => order.push("a"), 10);
	Timer.set(() => order.push("b"), 10);
	void Promise.resolve().then(() => order.push("job"));
	Timer.set(() => {
		order.push("d");
		void Promise.resolve().then(() => order.push("e"));
	}, 40);
	Timer.set(() => {
		host.log(order.join(" "));
		host.log(host.now() - started >= 60 ? "not early" : "early");
		host.exit(0);
	}, 60);
}

export function timerClears(): void {
	let fired = 0;
	const other = Timer.set(() => host.log("a cleared timer fired"), 20);
	const repeated = Timer.repeat(() => {
		fired++;
		Timer.clear(other);
		if (fired === 3) Timer.clear(repeated);
	}, 5);
	const moved = Timer.repeat(() => {
		host.log(`fired ${fired}`);
		Timer.clear(moved);
		Timer.clear(moved);
		Timer.clear(undefined);
		try {
			Timer.schedule(moved, 1);
		} catch (error) {
			host.log(String(error));
		}
		host.exit(0);
	}, Number.POSITIVE_INFINITY);
	Timer.schedule(moved, 60, Number.POSITIVE_INFINITY);
	const self = Timer.set(() => host.log("a timer cleared twice fired"), 1);
	Timer.clear(self);
}

export function timerMisuse(): void {
	const attempts: (() => void)[] = [
		// @ts-expect-error: wrong types on purpose
		() => Timer.set(5, 1),
		// @ts-expect-error: wrong types on purpose
		() => Timer.set(() => {}, "soon"),
		() => Timer.set(() => {}, Number.NaN),
		() => Timer.schedule({}, 1),
		() => host.setTimeScale(0),
		() => host.setTime(Number.NaN),
	];
	for (const attempt of attempts)
		try {
			attempt();
			host.log("no error");
		} catch (error) {
			host.log(String(error));
		}
	host.exit(0);
}

/** A clock a hundred times as fast, and a wall clock that was set. */
export function timeScaled(scale: string): void {
	host.setTimeScale(Number(scale));
	const started = host.now();
	Time.set(1_000_000_000);
	Timer.set(() => {
		const elapsed = host.now() - started;
		const seconds = host.time() - 1_000_000_000;
		const date = Date.now() / 1000 - 1_000_000_000;
		host.log(
			elapsed >= 10_000 && elapsed < 30_000 && Math.abs(seconds - elapsed / 1000) < 5 && Math.abs(date - seconds) < 5
				? "scaled"
				: `${elapsed} ${seconds} ${date}`,
		);
		host.exit(0);
	}, 10_000);
}

export function randomBytes(): void {
	const bytes = new Uint8Array(64);
	host.random(bytes);
	host.log(new Set(bytes).size > 32 ? "random" : "not random");
	host.exit(0);
}
