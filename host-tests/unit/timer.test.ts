// Object 3340: every mode by the clock of the platform in memory, as a server and as the application see it.
import { timer } from "../../objects/3340-timer.js";
import { DISABLED, DROP_OUT, INTERVAL, ONE_SHOT, PICK_UP, Timers } from "../../src/behaviours/timer.js";
import { text } from "../support/coap.js";
import { TestDevice } from "../support/device.js";
import { equal, test } from "../support/test.js";

class Bench {
	readonly device = new TestDevice("1.1", [timer]);
	readonly outputs: string[] = [];
	readonly timers = new Timers(this.device.client.registry, {
		clock: this.device.platform.clock,
		onOutput: (instance, isOn) => this.outputs.push(`${instance} ${isOn ? "on" : "off"}`),
	});

	constructor(delaySeconds: number, mode: number) {
		this.device.register();
		this.timers.create(0, delaySeconds, mode);
		// the Update that tells the new instance
		this.device.platform.run();
		this.device.reply(this.device.take(), { code: 0x44 });
	}

	read(resource: number): string {
		return text(this.device.request({ code: 1, path: `3340/0/${resource}`, accept: 0 }).payload);
	}

	write(resource: number, value: string): number {
		return this.device.request({ code: 3, path: `3340/0/${resource}`, format: 0, payload: value }).code;
	}

	trigger(): number {
		return this.device.request({ code: 2, path: "3340/0/5523" }).code;
	}

	advance(seconds: number): void {
		this.device.platform.advance(seconds * 1000);
	}
}

test("a one-shot is on for its delay after a trigger, and counts down", () => {
	const bench = new Bench(10, ONE_SHOT);
	equal([bench.read(5543), bench.read(5538)], ["0", "0"]);
	equal(bench.trigger(), 0x44);
	equal([bench.read(5543), bench.read(5538), bench.read(5534)], ["1", "10", "1"]);
	bench.advance(4);
	equal(bench.read(5538), "6");
	bench.advance(6);
	equal([bench.read(5543), bench.read(5538)], ["0", "0"]);
	equal(bench.outputs, ["0 on", "0 off"]);
});

test("a trigger while a one-shot runs is 4.05 and changes nothing", () => {
	const bench = new Bench(10, ONE_SHOT);
	bench.trigger();
	bench.advance(9);
	equal(bench.trigger(), 0x85);
	bench.advance(1);
	equal(bench.read(5543), "0");
	equal(bench.trigger(), 0x44);
	equal(bench.read(5534), "2");
});

test("the minimum off-time keeps a new cycle away, and no longer", () => {
	const bench = new Bench(10, ONE_SHOT);
	equal(bench.write(5525, "5"), 0x44);
	bench.trigger();
	bench.advance(14);
	equal(bench.trigger(), 0x85);
	bench.advance(1);
	equal(bench.trigger(), 0x44);
});

test("a disabled timer refuses triggers, and disabling one ends its cycle", () => {
	const bench = new Bench(10, DISABLED);
	equal(bench.trigger(), 0x85);
	equal(bench.write(5526, String(ONE_SHOT)), 0x44);
	equal(bench.trigger(), 0x44);
	equal(bench.write(5526, String(DISABLED)), 0x44);
	equal(bench.read(5543), "0");
	equal(bench.outputs, ["0 on", "0 off"]);
});

test("an interval ends with its delay, or with its input", () => {
	const bench = new Bench(10, INTERVAL);
	bench.timers.input(0, true);
	bench.advance(10);
	equal([bench.read(5543), bench.read(5850)], ["0", "1"]);
	bench.timers.input(0, false);
	bench.timers.input(0, true);
	bench.advance(3);
	bench.timers.input(0, false);
	equal([bench.read(5543), bench.read(5538)], ["0", "0"]);
	equal(bench.outputs, ["0 on", "0 off", "0 on", "0 off"]);
});

test("a pick-up goes on after its delay, and not where the input went off before", () => {
	const bench = new Bench(10, PICK_UP);
	bench.timers.input(0, true);
	bench.advance(9);
	bench.timers.input(0, false);
	bench.advance(5);
	equal(bench.outputs, []);
	bench.timers.input(0, true);
	bench.advance(10);
	equal(bench.read(5543), "1");
	bench.timers.input(0, false);
	equal(bench.outputs, ["0 on", "0 off"]);
});

test("a drop-out stays on for its delay after the input went off, and goes on where it comes back", () => {
	const bench = new Bench(10, DROP_OUT);
	bench.timers.input(0, true);
	bench.advance(60);
	bench.timers.input(0, false);
	bench.advance(9);
	equal(bench.read(5538), "1");
	bench.timers.input(0, true);
	bench.advance(60);
	equal(bench.outputs, ["0 on"]);
	bench.timers.input(0, false);
	bench.advance(10);
	equal(bench.outputs, ["0 on", "0 off"]);
});

test("the time of the input adds up, is set by a write, and its beginnings are counted", () => {
	const bench = new Bench(1, INTERVAL);
	equal(bench.write(5850, "1"), 0x44);
	bench.advance(7.5);
	equal([bench.read(5544), bench.read(5501)], ["7.5", "1"]);
	equal(bench.write(5850, "0"), 0x44);
	bench.advance(100);
	equal(bench.read(5544), "7.5");
	equal(bench.write(5850, "1"), 0x44);
	equal(bench.write(5544, "0"), 0x44);
	bench.advance(2);
	equal([bench.read(5544), bench.read(5501)], ["2", "2"]);
});

test("values below zero are refused", () => {
	const bench = new Bench(10, ONE_SHOT);
	for (const resource of [5521, 5525, 5544]) equal(bench.write(resource, "-1"), 0x80);
	equal(bench.write(5526, "5"), 0x80);
	equal(bench.read(5521), "10");
});

test("a server's instance starts with what was written together: its delay counts", () => {
	const bench = new Bench(10, ONE_SHOT);
	const payload = '[{"bn":"/3340/7/","n":"5521","v":30},{"n":"5526","v":2},{"n":"5850","vb":true}]';
	equal(bench.device.request({ code: 2, path: "3340", format: 110, payload }).code, 0x41);
	bench.device.platform.run();
	bench.advance(29);
	equal(bench.outputs, ["7 on"]);
	bench.advance(1);
	equal(bench.outputs, ["7 on", "7 off"]);
});

test("a deleted instance is heard of no more", () => {
	const bench = new Bench(10, ONE_SHOT);
	bench.trigger();
	equal(bench.device.request({ code: 4, path: "3340/0" }).code, 0x42);
	bench.advance(20);
	equal(bench.outputs, ["0 on"]);
});
