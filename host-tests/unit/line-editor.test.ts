// The line editor as a person at a terminal sees it: what is typed, and what the screen shows.
import { SHELL_LINE_BYTES } from "../../src/config.js";
import { VERSION } from "../../src/version.js";
import { TestShell } from "../support/shell.js";
import { equal, ok, test } from "../support/test.js";

const UP = "\x1b[A";
const DOWN = "\x1b[B";
const RIGHT = "\x1b[C";
const LEFT = "\x1b[D";
const HOME = "\x1b[H";
const END = "\x1b[F";
const DELETE = "\x1b[3~";
const CTRL_U = "\x15";

function terminal(width = 80): TestShell {
	return new TestShell({ isTerminal: true, width });
}

/** The last line on the screen, and the column of the cursor. */
function last(shell: TestShell): [string, number] {
	const { lines } = shell.screen;
	return [lines[lines.length - 1] ?? "", shell.screen.cursor[1]];
}

test("what is typed is echoed behind the prompt", () => {
	const shell = terminal();
	equal(shell.screen.lines, ["uart:~$"]);
	shell.type("kernel");
	equal(last(shell), ["uart:~$ kernel", 14]);
	shell.type(" version\r");
	equal(shell.screen.lines, ["uart:~$ kernel version", `lwm2m-xs version ${VERSION}`, "uart:~$"]);
	equal(last(shell)[1], 8);
});

test("CR, LF and CRLF each end one line", () => {
	const shell = terminal();
	shell.type("log\rlog\nlog\r\nlog\r");
	shell.type("\nlog");
	equal(shell.screen.lines, [...Array(4).fill(["uart:~$ log", "debug"]).flat(), "uart:~$ log"]);
	shell.type("\r\r\n\n");
	equal(shell.screen.lines.slice(9), ["debug", "uart:~$", "uart:~$", "uart:~$"]);
});

test("backspace and Delete take characters out at the cursor", () => {
	const shell = terminal();
	shell.type("abcd\x7f\x08");
	equal(last(shell), ["uart:~$ ab", 10]);
	shell.type(`cd${LEFT}${LEFT}\x7f`);
	equal(last(shell), ["uart:~$ acd", 9]);
	shell.type(DELETE);
	equal(last(shell), ["uart:~$ ad", 9]);
	shell.type(`${END}${DELETE}${HOME}\x7f`);
	equal(last(shell), ["uart:~$ ad", 8]);
	shell.type(`${CTRL_U}\x7f\x7f`);
	equal(last(shell), ["uart:~$", 8]);
});

test("the cursor moves, and what is typed goes in where it stands", () => {
	const shell = terminal();
	shell.type(`bd${LEFT}c${HOME}a${RIGHT}${RIGHT}${RIGHT}e`);
	equal(last(shell), ["uart:~$ abcde", 13]);
	shell.type(`${LEFT.repeat(20)}>`);
	equal(last(shell), ["uart:~$ >abcde", 9]);
	shell.type(`${RIGHT.repeat(20)}<`);
	equal(last(shell), ["uart:~$ >abcde<", 15]);
	for (const [home, end] of [
		["\x1b[1~", "\x1b[4~"],
		["\x1b[7~", "\x1b[8~"],
		["\x1bOH", "\x1bOF"],
		["\x01", "\x05"],
	]) {
		shell.type(home!);
		equal(last(shell)[1], 8);
		shell.type(end!);
		equal(last(shell)[1], 15);
	}
});

test("Ctrl-U empties the line, Ctrl-K what is behind the cursor, Ctrl-L the screen", () => {
	const shell = terminal();
	shell.type(`abcdef${LEFT}${LEFT}\x0b`);
	equal(last(shell), ["uart:~$ abcd", 12]);
	shell.type(`${LEFT}${CTRL_U}x`);
	equal(last(shell), ["uart:~$ x", 9]);
	shell.type("\r\x0c");
	equal(shell.screen.lines, ["uart:~$"]);
	shell.type("ab\x0cc");
	equal(shell.screen.lines, ["uart:~$ abc"]);
});

test("Ctrl-C leaves the line and begins another", () => {
	const shell = terminal();
	shell.type(`reboot${LEFT}${LEFT}\x03`);
	equal(shell.screen.lines, ["uart:~$ reboot^C", "uart:~$"]);
	shell.type("log\r");
	equal(shell.screen.lines.slice(1), ["uart:~$ log", "debug", "uart:~$"]);
	equal(shell.device.platform.restarts, 0);
});

test("the history recalls earlier lines, which can be edited", () => {
	const shell = terminal();
	shell.type("log off\rlog debug\r");
	shell.type(UP);
	equal(last(shell), ["uart:~$ log debug", 17]);
	shell.type(UP);
	equal(last(shell), ["uart:~$ log off", 15]);
	shell.type(UP);
	equal([last(shell), shell.screen.bells], [["uart:~$ log off", 15], 1]);
	shell.type(DOWN);
	equal(last(shell), ["uart:~$ log debug", 17]);
	shell.type(DOWN);
	equal(last(shell), ["uart:~$", 8]);
	shell.type(`${DOWN}${UP}${UP}\x7f\x7f\x7ferror\r`);
	equal(shell.log.level, 1);
	shell.type(UP);
	equal(last(shell)[0], "uart:~$ log error");
	shell.type("\x10");
	equal(last(shell)[0], "uart:~$ log debug");
	shell.type("\x0e");
	equal(last(shell)[0], "uart:~$ log error");
});

test("the history keeps a line once in a row, empty ones never, and forgets the oldest", () => {
	const shell = terminal();
	shell.type("log\rlog\r\r   \r");
	shell.type(UP.repeat(2));
	equal(last(shell)[0], "uart:~$ log");
	shell.type(CTRL_U);
	for (let i = 0; i < 40; i++) shell.type(`echo ${i}\r`);
	shell.type(UP.repeat(100));
	const oldest = Number(last(shell)[0].slice("uart:~$ echo ".length));
	ok(oldest > 15 && oldest < 36, `${oldest}`);
	shell.type(DOWN);
	equal(last(shell)[0], `uart:~$ echo ${oldest + 1}`);
});

test("the history keeps no line with a key", () => {
	const shell = terminal();
	shell.type("log\r");
	shell.type("lwm2m write 0/0/5 -x 00112233\rlwm2m wriet /0/0/5 -x 00112233\r");
	shell.type(UP);
	equal(last(shell)[0], "uart:~$ log");
});

test("a line that is too long rings the bell, is not cut, and is not run", () => {
	const shell = terminal();
	const start = "lwm2m write 3/0/0 ";
	shell.type(start + "x".repeat(SHELL_LINE_BYTES - start.length));
	equal(shell.screen.bells, 0);
	shell.type("yz");
	equal(shell.screen.bells, 2);
	shell.type("\r");
	const { lines } = shell.screen;
	equal(lines.slice(-2), [`line too long, ${SHELL_LINE_BYTES} bytes are the limit: not run`, "uart:~$"]);
	equal(shell.device.client.registry.get("/3/0/0"), "Open Mobile Alliance");
	shell.type("log\r");
	equal(shell.screen.lines.slice(-3), ["uart:~$ log", "debug", "uart:~$"]);
	// who heard the bell and mended the line runs it
	shell.type(`${start}${"x".repeat(SHELL_LINE_BYTES)}\x7f\r`);
	equal(shell.device.client.registry.get("/3/0/0"), "x".repeat(SHELL_LINE_BYTES - start.length - 1));
});

test("characters of several bytes are one to the cursor and to backspace", () => {
	const shell = terminal();
	shell.type(`aé€b${LEFT}${LEFT}${LEFT}`);
	equal(last(shell), ["uart:~$ aé€b", 9]);
	shell.type(`${RIGHT}\x7f`);
	equal(last(shell), ["uart:~$ a€b", 9]);
	shell.type(DELETE);
	equal(last(shell), ["uart:~$ ab", 9]);
	shell.type("ü");
	equal(last(shell), ["uart:~$ aüb", 10]);
	shell.type("\r");
	equal(shell.screen.lines.slice(-2), ["aüb: command not found", "uart:~$"]);
});

test("bytes that are no UTF-8 are refused at the end of the line", () => {
	const shell = new TestShell();
	shell.serial.take();
	shell.serial.receive(Uint8Array.of(0x6c, 0xc3, 0x28, 0x0a));
	equal(shell.serial.take(), "\nthe line is not UTF-8\nuart:~$ ");
});

test("Tab completes commands and subcommands", () => {
	const shell = terminal();
	shell.type("lw\t");
	equal(last(shell), ["uart:~$ lwm2m", 14]);
	shell.type("wr\t");
	equal(last(shell), ["uart:~$ lwm2m write", 20]);
	shell.type(`${CTRL_U}lwm2m st\t`);
	equal(shell.screen.lines, ["start  stop  status  stats", "uart:~$ lwm2m st"]);
	equal(last(shell)[1], 16);
	shell.type("at\t");
	equal(last(shell)[0], "uart:~$ lwm2m stat");
	shell.type("u\t");
	equal(last(shell), ["uart:~$ lwm2m status", 21]);
	shell.type(`${CTRL_U}xyz\t`);
	equal(last(shell), ["uart:~$ xyz", 11]);
	shell.type(`${CTRL_U}kernel u\t`);
	equal(last(shell), ["uart:~$ kernel uptime", 22]);
	shell.type(`${CTRL_U}log w\t`);
	equal(last(shell), ["uart:~$ log warning", 20]);
	shell.type(`${CTRL_U}lwm2m observe-changes \t`);
	equal(last(shell), ["uart:~$ lwm2m observe-changes o", 31]);
});

test("Tab completes paths, level by level", () => {
	const shell = terminal();
	shell.type("lwm2m read 33\t");
	equal(last(shell), ["uart:~$ lwm2m read 3303/", 24]);
	shell.type("\t");
	equal(last(shell), ["uart:~$ lwm2m read 3303/0/", 26]);
	shell.type("57\t");
	equal(last(shell), ["uart:~$ lwm2m read 3303/0/57", 28]);
	equal(shell.screen.lines, ["3303/0/5700  3303/0/5701  3303/0/5750", "uart:~$ lwm2m read 3303/0/57"]);
	shell.type("5\t");
	equal(last(shell), ["uart:~$ lwm2m read 3303/0/5750", 31]);
	shell.type("\t");
	equal(last(shell)[0], "uart:~$ lwm2m read 3303/0/5750");
	shell.type(`${CTRL_U}lwm2m write /3303/0/5750 33\t`);
	equal(last(shell)[0], "uart:~$ lwm2m write /3303/0/5750 33");
	shell.type(`${CTRL_U}lwm2m send 3303 33\t`);
	equal(last(shell)[0], "uart:~$ lwm2m send 3303 3303/");
	shell.type(`${CTRL_U}lwm2m ls /33\t`);
	equal(last(shell)[0], "uart:~$ lwm2m ls /3303/");
	shell.type(`${CTRL_U}lwm2m ls 9/9/\t`);
	equal(last(shell)[0], "uart:~$ lwm2m ls 9/9/");
});

test("Tab within a line does nothing", () => {
	const shell = terminal();
	shell.type(`lwm2m rea${LEFT}\t`);
	equal(last(shell), ["uart:~$ lwm2m rea", 16]);
});

test("a long line wraps and is edited across rows", () => {
	for (const width of [20, 24, 40]) {
		const shell = terminal(width);
		const text = "0123456789".repeat(5);
		const shown = (line: string) => {
			const all = `uart:~$ ${line}`;
			const rows: string[] = [];
			for (let at = 0; at < all.length; at += width) rows.push(all.slice(at, at + width).trimEnd());
			return rows;
		};
		const at = (column: number) => [Math.floor(column / width), column % width];
		for (let length = 1; length <= text.length; length++) {
			shell.type(text[length - 1]!);
			equal(shell.screen.lines, shown(text.slice(0, length)), `width ${width}, ${length} typed`);
		}
		equal(shell.screen.cursor, at(8 + text.length));
		shell.type(HOME);
		equal(shell.screen.cursor, at(8));
		shell.type("ab");
		equal(shell.screen.lines, shown(`ab${text}`));
		equal(shell.screen.cursor, at(10));
		shell.type(`${RIGHT.repeat(30)}\x7f\x7f`);
		equal(shell.screen.lines, shown(`ab${text.slice(0, 28)}${text.slice(30)}`));
		equal(shell.screen.cursor, at(8 + 30));
		for (let count = 60; count > 0; count--) shell.type("\x7f");
		equal(shell.screen.lines, shown(text.slice(30)));
		shell.type(CTRL_U);
		equal(shell.screen.lines, ["uart:~$"]);
		shell.type(`log\r${text}${UP}`);
		equal(last(shell), ["uart:~$ log", 11]);
	}
});

test("a program that answers no question gets a plain echo of a long line", () => {
	const shell = terminal(0);
	shell.serial.take();
	const line = `lwm2m write 3/0/0 ${"x".repeat(100)}`;
	shell.serial.type(line);
	equal(shell.serial.take(), line);
});

test("sequences that are unknown, cut off or out of place do no harm", () => {
	const shell = terminal();
	for (const sequence of [
		"\x1bx",
		"\x1b[99~",
		"\x1b[5;5x",
		"\x1b[200~",
		"\x1b[1;5C",
		"\x1b[A",
		"\x1b[0;3R",
		"\x00",
		"\x1d",
	])
		shell.type(sequence);
	shell.type("log\r");
	equal(shell.screen.lines, ["uart:~$ log", "debug", "uart:~$"]);
});

test("a pipe gets no echo and no painting: one prompt, one answer", () => {
	const shell = new TestShell();
	shell.serial.type("kernel version\nlwm2m read 3/0/0 -s\r\nlwm2m\twrite 3/0/0 x\x1b[A\x7f\nlog");
	equal(
		shell.serial.take(),
		`uart:~$ \nlwm2m-xs version ${VERSION}\nuart:~$ \nOpen Mobile Alliance\nuart:~$ \nuart:~$ `,
	);
	equal(shell.device.client.registry.get("/3/0/0"), "x[A");
	shell.serial.end();
	equal(shell.serial.take(), "\ndebug\nuart:~$ ");
});
