// The shell at its port: log lines while somebody types, slow ports, ends, noise.
import { SHELL_LINE_BYTES, SHELL_OUTPUT_BYTES } from "../../src/config.js";
import { startShell as startNone } from "../../src/shell/none.js";
import { Shell, startShell } from "../../src/shell/shell.js";
import { VERSION } from "../../src/version.js";
import { TestDevice } from "../support/device.js";
import { TestSerial } from "../support/serial.js";
import { TestShell } from "../support/shell.js";
import { equal, ok, randomFrom, test } from "../support/test.js";

const LEFT = "\x1b[D";

test("a log line goes above the line being typed and does not tear it", () => {
	const shell = new TestShell({ isTerminal: true });
	shell.type(`lwm2m read${LEFT}${LEFT}`);
	shell.shell.print("<inf> Update Done");
	shell.shell.print("<inf> Registration update complete");
	shell.look();
	equal(shell.screen.lines, ["<inf> Update Done", "<inf> Registration update complete", "uart:~$ lwm2m read"]);
	equal(shell.screen.cursor, [2, 16]);
	shell.type("EA");
	equal(shell.screen.lines[2], "uart:~$ lwm2m reEAad");
});

test("a log line goes above a line that wraps", () => {
	const shell = new TestShell({ isTerminal: true, width: 20 });
	shell.type("0123456789012345678901234567890123456789");
	shell.shell.print("<inf> Update Done");
	shell.look();
	equal(shell.screen.lines, ["<inf> Update Done", "uart:~$ 012345678901", "23456789012345678901", "23456789"]);
	equal(shell.screen.cursor, [3, 8]);
});

test("a log line is cut where it is too long, and steers no terminal", () => {
	const shell = new TestShell();
	shell.serial.take();
	shell.shell.print(`<inf> ${"x".repeat(1000)}`);
	equal(shell.serial.take().length, SHELL_OUTPUT_BYTES - 56 + 10);
	shell.shell.print("a\x1b[2Jb\rc\x9bd\x7f");
	equal(shell.serial.take(), "\na.[2Jb.c..d.\nuart:~$ ");
	shell.device.client.registry.set("/3/0/0", "a\x1b[2Jb\nc");
	equal(shell.run("lwm2m read 3/0/0 -s"), "a.[2Jb\nc\n");
});

test("log lines that the port is too slow for are counted", () => {
	const shell = new TestShell({ fifoBytes: 16 });
	for (let i = 0; i < 100; i++) shell.shell.print(`<inf> line ${i}, some more words`);
	let text = "";
	while (shell.serial.drain() > 0) text += shell.serial.take();
	const lines = text.split("\n");
	ok(lines.includes("<inf> line 0, some more words"));
	const dropped = lines.find((line) => line.startsWith("--- ")) ?? "";
	const shown = lines.filter((line) => line.startsWith("<inf> line ")).length;
	equal(dropped, `--- ${100 - shown} messages dropped ---`);
	ok(text.endsWith("uart:~$ "));
});

test("a log that shares the port goes through the shell", () => {
	const device = new TestDevice();
	let serial: TestSerial | undefined;
	device.platform.serialPort = (options) => {
		serial = new TestSerial(options, true);
		return serial;
	};
	const { client, platform } = device;
	startShell({ client, platform });
	client.log.info("to the platform");
	equal(platform.lines, ["<inf> to the platform"]);
	Object.assign(platform, { isLogOnSerial: true });
	startShell({ client, platform });
	serial!.take();
	client.log.info("to the shell");
	ok(serial!.take().includes("<inf> to the shell\r\n"));
	equal(platform.lines.length, 1);
});

test("where there is no port, or no shell in the build, nothing happens", () => {
	const { client, platform } = new TestDevice();
	equal(new Shell({ client, platform }).open(), false);
	startShell({ client, platform });
	startNone({});
	client.log.info("still");
	equal(platform.lines, ["<inf> still"]);
});

test("an answer of any length goes through a port that takes little at a time", () => {
	for (const fifoBytes of [1, 7, 16, 128]) {
		const whole = new TestShell();
		const slow = new TestShell({ fifoBytes });
		for (const shell of [whole, slow]) {
			const { registry } = shell.device.client;
			registry.set("/3/0/0", "€".repeat(170));
			registry.set("/3/0/1", "😀".repeat(128));
			for (let i = 0; i < 8; i++) registry.set(`/3/0/7/${i}`, i);
		}
		const lines = "lwm2m ls\nhelp\nlwm2m read 3/0/0\nlwm2m read 3/0/1 -s\nlog\n";
		slow.serial.type(lines);
		while (slow.serial.drain() > 0);
		whole.serial.type(lines);
		equal(slow.serial.take(), whole.serial.take());
	}
});

test("Ctrl-C ends an answer on its way", () => {
	const shell = new TestShell({ isTerminal: true, fifoBytes: 32, width: 0 });
	while (shell.serial.drain() > 0);
	shell.serial.type("help\r");
	for (let i = 0; i < 10; i++) shell.serial.drain();
	shell.serial.type("abc\x03");
	while (shell.serial.drain() > 0);
	const text = shell.serial.take();
	ok(text.includes("lwm2m - LwM2M commands"));
	ok(!text.includes("factory-reset"));
	ok(text.endsWith("^C\r\nuart:~$ "));
});

test("input waits while an answer is on its way", () => {
	const shell = new TestShell({ fifoBytes: 8 });
	shell.serial.type("help\nlog\nlog error\nlog\n");
	ok(shell.serial.waiting > 0);
	let text = "";
	while (shell.serial.drain() > 0) text += shell.serial.take();
	equal(shell.serial.waiting, 0);
	ok(text.endsWith("uart:~$ \ndebug\nuart:~$ \nuart:~$ \nerror\nuart:~$ "));
});

test("at the end of a pipe the commands already read are answered", () => {
	const shell = new TestShell({ fifoBytes: 8 });
	shell.serial.type("log\nkernel version");
	shell.serial.end();
	let text = "";
	while (shell.serial.drain() > 0) text += shell.serial.take();
	ok(text.endsWith(`uart:~$ \ndebug\nuart:~$ \nlwm2m-xs version ${VERSION}\nuart:~$ `));
	shell.shell.print("later");
	while (shell.serial.drain() > 0) text += shell.serial.take();
	ok(text.endsWith("\nlater\nuart:~$ "));
});

test("10,000 random lines break nothing", () => {
	const random = randomFrom(2024);
	const words = [
		..."help lwm2m kernel log reboot factory-reset send exec read write create delete cache start stop update pause".split(
			" ",
		),
		..."resume lock unlock obs ls status stats observe-changes version uptime on off debug -x -s -b -u8 -u64 -s32".split(
			" ",
		),
		..."-f -t -v -crc32 -h -p / 0 1 3 3303 3/0 3/0/0 3/0/6 3/0/6/0 0/0/0 0/0/5 1/0/1 3303/0/5700 3303/1 99 3/0/4".split(
			" ",
		),
		..."65535 -1 1e9 abc 0011 '' \" ' \\ é 99999999999999999999 lwm2m".split(" "),
	];
	for (let round = 0; round < 10; round++) {
		const shell = new TestShell({ isTerminal: round % 2 === 0 });
		const { platform } = shell.device;
		shell.log.level = 0;
		for (let i = 0; i < 1000; i++) {
			let line = random(2) === 0 ? "lwm2m" : "";
			for (let count = random(6); count > 0; count--) line += ` ${words[random(words.length)]}`;
			shell.serial.type(`${line}\r`);
			if (i % 50 === 0) platform.advance(10_000);
			for (const socket of platform.sockets) socket.sent = [];
			shell.look();
			shell.serial.take();
		}
		shell.log.level = 0;
		shell.serial.type("\x03lwm2m read 3/0/16 -s\rkernel version\r");
		ok(shell.serial.take().includes(`lwm2m-xs version ${VERSION}`));
		equal(shell.serial.waiting, 0);
	}
});

test("random bytes break nothing", () => {
	const random = randomFrom(77);
	const keys = [
		"\r",
		"\n",
		"\t",
		"\x1b[",
		"\x1b[A",
		"\x1b[B",
		"\x1b[C",
		"\x1b[D",
		"\x1b[3~",
		"\x7f",
		"\x03",
		"\x15",
		"\x0b",
	];
	for (let round = 0; round < 20; round++) {
		const shell = new TestShell({ isTerminal: round % 4 > 0, width: round % 2 ? 31 : 0, fifoBytes: 1 + random(300) });
		shell.log.level = 0;
		for (let i = 0; i < 500; i++) {
			if (random(3) === 0) shell.serial.type(keys[random(keys.length)]!);
			else {
				const bytes = new Uint8Array(random(20));
				for (let at = 0; at < bytes.length; at++) bytes[at] = random(4) === 0 ? random(256) : 32 + random(95);
				shell.serial.receive(bytes);
			}
			if (random(4) === 0) shell.shell.print("<inf> a line of the log");
			while (random(8) > 0 && shell.serial.drain() > 0);
			shell.serial.take();
		}
		while (shell.serial.drain() > 0);
		shell.serial.take();
		// whatever sequence was cut off is ended by a letter
		shell.serial.type("\x1bx\x03\nkernel version\r");
		let text = "";
		while (shell.serial.drain() > 0) text += shell.serial.take();
		ok(text.includes(`lwm2m-xs version ${VERSION}`), `round ${round}: ${text.slice(-200)}`);
	}
});

test("the longest line is edited within the bound of the queue", () => {
	const shell = new TestShell({ isTerminal: true, width: 33 });
	shell.type("x".repeat(SHELL_LINE_BYTES));
	shell.type("\x1b[H\x1b[C\x7fy\x1b[A\x1b[B");
	shell.shell.print("<inf> a line of the log");
	shell.look();
	const rows = shell.screen.lines;
	equal(rows[0], "<inf> a line of the log");
});
