// Time as the server sees it: wall-clock milliseconds and one-shot timers, replaceable by tests.

/** setTimeout overflows beyond this delay and fires at once. */
const LONGEST_TIMER_MS = 0x7fffffff;

export interface Clock {
	/** Milliseconds since 1970-01-01. */
	now(): number;
	/** Runs `callback` once after `delayMs`; the answer cancels it. */
	schedule(callback: () => void, delayMs: number): () => void;
}

export const systemClock: Clock = {
	now: () => Date.now(),
	schedule(callback, delayMs) {
		const deadline = Date.now() + delayMs;
		let timer: NodeJS.Timeout;
		const arm = () => {
			const remaining = Math.max(0, deadline - Date.now());
			timer = remaining > LONGEST_TIMER_MS ? setTimeout(arm, LONGEST_TIMER_MS) : setTimeout(callback, remaining);
		};
		arm();
		return () => clearTimeout(timer);
	},
};
