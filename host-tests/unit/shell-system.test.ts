// help, log, reboot, factory-reset, kernel, and what is common to all commands.
import type { KeyValue } from "../../src/platform.js";
import { VERSION } from "../../src/version.js";
import { TestShell } from "../support/shell.js";
import { equal, ok, test } from "../support/test.js";

test("help has one line a command", () => {
	const lines = new TestShell().run("help").trimEnd().split("\n");
	equal(lines.length, 27);
	for (const line of lines) ok(/^ {0,2}[a-z0-9-]+( [^ ].*)? - .+$/.test(line) && line.length < 90, line);
	for (const name of ["send", "exec", "read", "write", "create", "delete", "cache", "start", "stop", "update", "pause"])
		ok(
			lines.some((line) => line.startsWith(`  ${name} `)),
			name,
		);
	equal(new TestShell().run("help me").split("\n")[0], "help: wrong parameter count");
});

test("a group of commands alone lists them, and -h after a command shows its parameters", () => {
	const shell = new TestShell();
	equal(shell.run("lwm2m").split("\n").length, 20);
	equal(shell.run("lwm2m -h"), shell.run("lwm2m"));
	equal(shell.run("lwm2m create -h"), "create PATH - Create an object or resource instance\n");
	equal(shell.run("lwm2m create --help"), shell.run("lwm2m create -h"));
});

test("what is not a command is said to be none", () => {
	const shell = new TestShell();
	equal(shell.run("lwm3m read 3/0/0"), "lwm3m: command not found\n");
	equal(shell.run("lwm2m raed 3/0/0"), "lwm2m raed: command not found\n");
	equal(shell.run("kernel panic"), "kernel panic: command not found\n");
	equal(shell.run("constructor"), "constructor: command not found\n");
	equal(shell.run('lwm2m write 3/0/0 "Acme'), 'not terminated: "\n');
	equal(shell.run(""), "");
	equal(shell.run("   "), "");
});

test("spaces part words; quotes and backslashes keep them together", () => {
	const shell = new TestShell();
	for (const [typed, value] of [
		['"a b"', "a b"],
		["'a \"b'", 'a "b'],
		["a\\ b", "a b"],
		['\\"a', '"a'],
		['""', ""],
		["   a   ", "a"],
	] as const) {
		equal(shell.run(`lwm2m   write 3/0/0 -s ${typed}`), "", typed);
		equal(shell.device.client.registry.get("/3/0/0"), value, typed);
	}
});

test("log shows and sets the level", () => {
	const shell = new TestShell();
	equal(shell.run("log"), "debug\n");
	equal(shell.run("log warning"), "");
	equal(shell.log.level, 2);
	equal(shell.run("log loud"), "can't do log operation, request failed (err -22): loud is no level\n");
	equal(shell.run("log"), "warning\n");
});

test("kernel version and uptime answer as Zephyr's", () => {
	const shell = new TestShell();
	equal(shell.run("kernel version"), `lwm2m-xs version ${VERSION}\n`);
	shell.device.platform.advance(90_061_007);
	equal(shell.run("kernel uptime"), "Uptime: 90061007 ms\n");
	const pretty = "uptime: 1 days, 1 hours, 1 minutes, 1 seconds, 7 milliseconds\n";
	equal(shell.run("kernel uptime -p"), pretty);
	equal(shell.run("kernel uptime --pretty"), pretty);
	equal(shell.run("kernel uptime -q"), "Unsupported option: -q\n");
	ok(shell.run("kernel version 1").startsWith("version: wrong parameter count\n"));
});

test("reboot restarts once the answer is out", () => {
	const shell = new TestShell({ fifoBytes: 8 });
	shell.serial.drain();
	shell.serial.type("reboot\n");
	equal(shell.device.platform.restarts, 0);
	let before = "";
	while (shell.device.platform.restarts === 0 && shell.serial.drain() > 0) before += shell.serial.take();
	equal(shell.device.platform.restarts, 1);
	ok(before.startsWith("uart:~$ \nrestarting"));
	ok(new TestShell().run("reboot now").startsWith("reboot: wrong parameter count\n"));
});

test("factory-reset forgets what is stored and restarts", () => {
	const shell = new TestShell();
	equal(
		shell.run("factory-reset"),
		"can't do factory-reset operation, request failed (err -134): not supported by this build\n",
	);
	let cleared = 0;
	const storage: KeyValue = {
		read: () => undefined,
		write() {},
		delete() {},
		clear() {
			cleared++;
		},
		maxValueBytes: 0,
	};
	shell.device.platform.storage = storage;
	shell.run("factory-reset");
	equal([cleared, shell.device.platform.restarts], [1, 1]);
});
