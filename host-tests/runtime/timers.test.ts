// Timers and clocks of the runtime.
import assert from "node:assert/strict";
import { test } from "node:test";
import { runProbe } from "./probe.js";

test("timers fire in order, never early, and promise jobs run after each callback", async () => {
	assert.deepEqual(await runProbe(["timerOrder"]), { lines: ["job a b c d e", "not early"], status: 0 });
});

test("a cleared timer does not fire; one may be cleared in its callback, and twice", async () => {
	assert.deepEqual(await runProbe(["timerClears"]), { lines: ["fired 3", "Error: the timer is cleared"], status: 0 });
});

test("wrong arguments are refused before anything is set", async () => {
	const { lines, status } = await runProbe(["timerMisuse"]);
	assert.equal(status, 0);
	const expected = [
		/TypeError: callback is not a function/,
		/TypeError: interval is not a number/,
		/RangeError: interval/,
		/Error/,
		/RangeError: scale/,
		/RangeError: seconds/,
	];
	assert.equal(lines.length, expected.length, lines.join("\n"));
	for (const [i, pattern] of expected.entries()) assert.match(lines[i]!, pattern);
});

test("a clock a hundred times as fast takes timers, wall clock and dates with it", async () => {
	const started = Date.now();
	assert.deepEqual(await runProbe(["timeScaled", "100"]), { lines: ["scaled"], status: 0 });
	assert.ok(Date.now() - started < 5000);
});

test("random bytes differ", async () => {
	assert.deepEqual(await runProbe(["randomBytes"]), { lines: ["random"], status: 0 });
});
