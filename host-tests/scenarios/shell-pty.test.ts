// The simulated device's shell on a real pseudo terminal: once read by this program, once in a terminal (tmux).
import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { openSync } from "node:fs";
import { afterEach, test } from "node:test";
import { ReadStream, WriteStream } from "node:tty";
import { endWithTests } from "../support/children.js";
import { deviceCommand } from "../support/device-process.js";
import { Screen } from "../support/screen.js";

const PATIENCE_MS = 20_000;
const hasTmux = spawnSync("tmux", ["-V"]).status === 0;

let device: ChildProcess | undefined;
const closers: (() => void)[] = [];

afterEach(() => {
	for (const close of closers.splice(0)) close();
	device?.kill("SIGKILL");
	device = undefined;
});

/** Starts a device. @returns the name of its pseudo terminal, as it prints it */
function start(): Promise<string> {
	const child = endWithTests(
		spawn(...deviceCommand(["--no-start", "--server", "coap://127.0.0.1:9", "--shell", "pty"])),
	);
	device = child;
	return new Promise((resolve, reject) => {
		let log = "";
		child.stderr.setEncoding("utf8").on("data", (text: string) => {
			log += text;
			const found = /Shell on (\S+)/.exec(log);
			if (found) resolve(found[1]!);
		});
		child.on("close", () => reject(new Error(`the device ended: ${log}`)));
	});
}

async function until(what: string, isSo: () => boolean): Promise<void> {
	const deadline = Date.now() + PATIENCE_MS;
	while (!isSo()) {
		assert.ok(Date.now() < deadline, what);
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
}

/** A terminal program on the pseudo terminal: a screen of 80 columns and what a person types. */
class Terminal {
	readonly screen = new Screen(80, 24);
	#output: WriteStream;
	#rest = "";

	constructor(name: string) {
		const input = new ReadStream(openSync(name, "r+"));
		this.#output = new WriteStream(openSync(name, "r+"));
		input.setRawMode(true);
		input.setEncoding("utf8");
		input.on("data", (text: string) => this.#take(text));
		// the device ends before it
		input.on("error", () => {});
		this.screen.onReply = (text) => this.#output.write(text);
		closers.push(() => {
			input.destroy();
			this.#output.destroy();
		});
	}

	/** Types, and waits until these are the last lines. */
	async type(keys: string, ...last: string[]): Promise<void> {
		this.#output.write(keys);
		const shown = () => this.screen.lines.slice(-last.length);
		await until("the lines", () => shown().join("\n") === last.join("\n")).catch(() => assert.deepEqual(shown(), last));
	}

	/** A sequence may arrive in parts. */
	#take(text: string): void {
		const all = this.#rest + text;
		const last = all.lastIndexOf("\x1b");
		const cut = last >= 0 && /^.(\[[0-9;]*)?$/s.test(all.slice(last)) ? last : all.length;
		this.#rest = all.slice(cut);
		this.screen.write(all.slice(0, cut));
	}
}

test("on a pseudo terminal lines are edited, completed and recalled", async () => {
	const terminal = new Terminal(await start());
	const { screen } = terminal;
	// a key, because a serial line does not keep the prompt for a terminal that comes later
	await terminal.type("\r", "uart:~$");
	await terminal.type("lw\tre\t", "uart:~$ lwm2m re");
	assert.ok(screen.lines.includes("read  resume"));
	await terminal.type("a\t3303\t\t5700\t", "uart:~$ lwm2m read 3303/0/5700");
	await terminal.type("-f\r", "21.500000", "uart:~$");
	await terminal.type("\x1b[A", "uart:~$ lwm2m read 3303/0/5700 -f");
	await terminal.type("\x7fv", "uart:~$ lwm2m read 3303/0/5700 -v");
	await terminal.type("\x1b[D\x1b[D\x1b[D\x7f\x7f\x7f\x7f5601", "uart:~$ lwm2m read 3303/0/5601 -v");
	await terminal.type("\r", "21.5", "uart:~$");
	await terminal.type("reboot\x03", "uart:~$ reboot^C", "uart:~$");
	await terminal.type("reboot\x15kernel version\r", "lwm2m-xs version 0.1.0", "uart:~$");
});

test("values that change are printed above the line being typed", async () => {
	const terminal = new Terminal(await start());
	await terminal.type("lwm2m observe-changes on\r", "uart:~$ lwm2m observe-changes on", "uart:~$");
	await terminal.type("lwm2m write 3303/0/5700 -f 99", "uart:~$ lwm2m write 3303/0/5700 -f 99");
	await terminal.type("\r", "3303/0/5700 : 99.000000", "uart:~$");
});

test("a terminal program in tmux shows the same, also where a line wraps", {
	skip: !hasTmux && "no tmux",
}, async () => {
	const name = await start();
	const socket = `lwm2m-xs-${process.pid}`;
	const tmux = (...words: string[]) => spawnSync("tmux", ["-L", socket, ...words], { encoding: "utf8" });
	closers.push(() => tmux("kill-server"));
	tmux(
		"-f",
		"/dev/null",
		"new-session",
		"-d",
		"-x",
		"40",
		"-y",
		"12",
		`stty raw -echo; cat ${name} & exec cat > ${name}`,
	);
	const screen = () =>
		tmux("capture-pane", "-p")
			.stdout.split("\n")
			.map((line) => line.trimEnd())
			.filter((line) => line !== "");
	const shows = (...lines: string[]) =>
		until(
			`tmux shows ${lines.join(" | ")}, not ${screen().join(" | ")}`,
			() => screen().slice(-lines.length).join("\n") === lines.join("\n"),
		);
	spawnSync("stty", ["-F", name, "raw", "-echo"]);
	tmux("send-keys", "Enter");
	await until("a prompt", () => screen().at(-1) === "uart:~$");
	// a terminal that came late is asked for its width by Ctrl-L
	tmux("send-keys", "C-l");
	await shows("uart:~$");
	tmux("send-keys", "-l", "lwm2m write 3303/0/5750 -s abcdefghijklmnopqrstuvwxyz");
	await shows("uart:~$ lwm2m write 3303/0/5750 -s abcde", "fghijklmnopqrstuvwxyz");
	tmux("send-keys", "Home", "Right", "Right", "Right", "Right", "Right", "X");
	await until("X in the first row", () => screen().at(-2)?.startsWith("uart:~$ lwm2mX") === true);
	tmux("send-keys", "BSpace");
	await until("X is gone", () => screen().at(-2)?.startsWith("uart:~$ lwm2m w") === true);
	tmux("send-keys", "Enter");
	await until("a prompt", () => screen().at(-1) === "uart:~$");
	tmux("send-keys", "-l", "lwm2m read 3303/0/5750 -s");
	tmux("send-keys", "Enter");
	await shows("uart:~$ lwm2m read 3303/0/5750 -s", "abcdefghijklmnopqrstuvwxyz", "uart:~$");
	tmux("send-keys", "Up", "Up");
	await until("the line again", () => screen().at(-1) === "fghijklmnopqrstuvwxyz");
	tmux("send-keys", "C-u");
	await shows("abcdefghijklmnopqrstuvwxyz", "uart:~$");
});
