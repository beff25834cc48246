// The simulated device's shell on a pipe: what scripts and test harnesses do with it.
import assert from "node:assert/strict";
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { test } from "node:test";
import { endWithTests } from "../support/children.js";
import { deviceCommand } from "../support/device-process.js";
import { randomFrom } from "../support/test.js";

const PATIENCE_MS = 60_000;

class Pipe {
	output = "";
	readonly exit: Promise<number | null>;
	#child: ChildProcessWithoutNullStreams;
	#onOutput: (() => void) | undefined;

	constructor(...options: string[]) {
		this.#child = endWithTests(spawn(...deviceCommand(["--log", "off", "--server", "coap://127.0.0.1:9", ...options])));
		this.#child.stdout.setEncoding("utf8").on("data", (text: string) => {
			this.output += text;
			this.#onOutput?.();
		});
		this.#child.stderr.resume();
		this.exit = new Promise((resolve) => this.#child.on("close", (status) => resolve(status)));
	}

	write(text: string): void {
		this.#child.stdin.write(text);
	}

	end(): void {
		this.#child.stdin.end();
	}

	/** Waits until the output ends with this. */
	async endsWith(text: string): Promise<void> {
		const deadline = Date.now() + PATIENCE_MS;
		while (!this.output.endsWith(text)) {
			assert.ok(Date.now() < deadline, `the output ends with ${JSON.stringify(this.output.slice(-300))}`);
			await new Promise<void>((resolve) => {
				const timer = setTimeout(resolve, 1000);
				this.#onOutput = () => {
					clearTimeout(timer);
					resolve();
				};
			});
		}
	}

	async stop(): Promise<void> {
		this.#child.kill("SIGKILL");
		await this.exit;
	}

	get isRunning(): boolean {
		return this.#child.exitCode === null && this.#child.signalCode === null;
	}
}

test("each line of a pipe is answered, and the device runs on behind its end", async () => {
	const device = new Pipe();
	try {
		device.write("lwm2m read 3/0/0 -s\nlwm2m write 3303/0/5700 -f 30.5\nlwm2m read 3303/0/5700 -f\nlwm2m ls 3303\n");
		device.write("lwm2m read 3/0/99\nkernel uptime -x");
		device.end();
		await device.endsWith("Unsupported option: -x\nuart:~$ ");
		assert.equal(
			device.output,
			"uart:~$ \nlwm2m-xs\n" +
				"uart:~$ \n" +
				"uart:~$ \n30.500000\n" +
				"uart:~$ \n3303/0/5601 : 21.500000\n3303/0/5602 : 21.500000\n3303/0/5603 : -40.000000\n" +
				"3303/0/5604 : 85.000000\n3303/0/5700 : 30.500000\n3303/0/5701 : Cel\n3303/0/5750 : \n" +
				"uart:~$ \ncan't do read operation, request failed (err -2): no resource 3/0/99\n" +
				"uart:~$ \nUnsupported option: -x\nuart:~$ ",
		);
		assert.ok(device.isRunning);
	} finally {
		await device.stop();
	}
});

test("a thousand lines at once are all answered, in order", async () => {
	const device = new Pipe("--no-start");
	try {
		let lines = "";
		let answers = "uart:~$ ";
		for (let i = 0; i < 1000; i++) {
			lines += `lwm2m write 3303/0/5700 -f ${i}\nlwm2m read 3303/0/5700 -v\n`;
			answers += `\nuart:~$ \n${i}\nuart:~$ `;
		}
		device.write(lines);
		device.end();
		await device.endsWith("\n999\nuart:~$ ");
		assert.equal(device.output, answers);
	} finally {
		await device.stop();
	}
});

test("10,000 random lines leave no memory behind", async () => {
	const device = new Pipe("--no-start");
	const random = randomFrom(4711);
	const words =
		"help lwm2m kernel log read write create delete exec ls obs status stats lock unlock send cache version uptime off -x -s -b -u8 -s32 -f -v -crc32 / 0 3 3303 3/0 3/0/0 3/0/6 0/0/0 0/0/5 1/0/1 3303/0/5700 3303/1 99 3/0/16 -1 1e9 abc 0011 '' \" \\ é".split(
			" ",
		);
	const used = async () => {
		device.write("\nlwm2m stats\nkernel version\n");
		await device.endsWith("\nlwm2m-xs version 0.1.0\nuart:~$ ");
		const found = [
			...device.output.matchAll(/^slots: \d+ of \d+ bytes, peak (\d+)\nchunks: \d+ bytes, peak (\d+)$/gm),
		].at(-1);
		return { slots: Number(found?.[1]), chunks: Number(found?.[2]) };
	};
	const run = (count: number) => {
		let lines = "";
		for (let i = 0; i < count; i++) {
			lines += random(2) === 0 ? "lwm2m" : "";
			for (let left = random(6); left > 0; left--) lines += ` ${words[random(words.length)]}`;
			lines += "\n";
		}
		device.write(lines);
	};
	try {
		run(5000);
		const half = await used();
		run(5000);
		const all = await used();
		assert.ok(all.slots < half.slots * 1.05, `slots: ${half.slots}, then ${all.slots}`);
		assert.ok(all.chunks < half.chunks * 1.1, `chunks: ${half.chunks}, then ${all.chunks}`);
	} finally {
		await device.stop();
	}
});
