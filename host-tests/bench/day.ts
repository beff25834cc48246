// What a day costs a device that sleeps: messages, bytes of UDP payload, memory. With a number N as argument both clocks
// run N times as fast; without one they are advanced.
import { DAY_OPTIONS, runDay } from "../support/day.js";
import { scaledWorld } from "../support/scaled-world.js";
import { steppedWorld } from "../support/stepped-world.js";

const timeScale = Number(process.argv[2] ?? 0);
const world = timeScale > 0 ? await scaledWorld(timeScale, DAY_OPTIONS) : await steppedWorld(DAY_OPTIONS);
try {
	const begin = performance.now();
	const day = await runDay(world);
	const seconds = ((performance.now() - begin) / 1000).toFixed(1);
	const { heapAfterAnHour: first, heapAtTheEnd: last } = day;
	const rows: [string, string][] = [
		[
			"24 h in queue mode, lifetime 1 h",
			`simulated in ${seconds} s${timeScale > 0 ? `, ${timeScale} times as fast` : ""}`,
		],
		["registrations, Updates, awake", `${day.registrations}, ${day.updates}, ${day.wakes} times`],
		["samples, one a minute", `${day.samples}, ${day.lost} lost, ${day.doubled} told twice`],
		["operations, one an hour", `${day.operations}, ${day.answered} answered`],
		["observations at the end", `${day.observations} of 2`],
		["networks lost", "3, for 10, 20 and 15 min"],
		["messages of the device", `${day.messagesUp}, ${day.bytesUp} bytes`],
		["messages of the server", `${day.messagesDown}, ${day.bytesDown} bytes`],
		["heap after the first hour", `${first.slots} slots, ${first.chunks} bytes of chunks`],
		["heap at the end", `${last.slots} slots, ${last.chunks} bytes of chunks`],
	];
	for (const [name, value] of rows) process.stdout.write(`${name.padEnd(36)} ${value}\n`);
	if (day.lost > 0 || day.answered < day.operations || day.observations < 2) process.exitCode = 1;
} finally {
	await world.close();
}
