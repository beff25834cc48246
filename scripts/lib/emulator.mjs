// Runs the firmware in QEMU so that it looks like the simulated device: the shell on standard input and output, the log
// on standard error, signals and exit status the same.
import { spawn } from "node:child_process";
import { closeSync, mkdirSync } from "node:fs";
import { createServer } from "node:net";
import { FLASH_FILE_BYTES, openFlash } from "./flash.mjs";
import { ensurePrograms } from "./packages.mjs";
import { build } from "./paths.mjs";

/** Where the emulated board finds the computer that it is emulated on. */
const HOST = "10.0.2.2";
/** The pipes to QEMU, numbered as its descriptors. */
const LOG = 3;
const SHELL = 4;
const FLASH = 5;
/** Commands on the log's UART (platforms/qemu/process.c). */
const TERMINATE = "T";
const REPORT_MEMORY = "M";
const INTERRUPT_KEY = 0x03;

/**
 * @param firmware path of a container
 * @param words the device's options
 * @param settings `qemu`: further options for QEMU; `log`: what to do with a piece of the log instead of printing it;
 *   `flash`: a file for the flash's contents, which are lost with the emulator otherwise; `shell`: where the shell is,
 *   as the option `--shell` has it: on `pty` the emulator itself makes the pseudo terminal
 * @returns the process, `command` to write to its control port, and the shell's stream
 */
export function startEmulator(firmware, words, settings = {}) {
	const { qemu = [], log = (bytes) => process.stderr.write(bytes), flash, shell = "stdio" } = settings;
	const chip = openFlash(flash, firmware);
	const isPty = shell === "pty";
	const isTerminal = shell === "stdio" ? process.stdin.isTTY : shell !== "off";
	ensurePrograms({ "qemu-system-arm": "qemu-system-arm", setpriv: "util-linux" });
	// the emulator must not outlive whoever reads its log, also one that ends before the signal is agreed upon
	const unlessOrphan = ["sh", "-c", `[ "$PPID" = ${process.pid} ] && exec "$@"`, "sh"];
	const child = spawn(
		"setpriv",
		[
			...["--pdeathsig", "KILL", ...unlessOrphan, "qemu-system-arm"],
			...["-object", `memory-backend-file,id=flash,mem-path=/proc/self/fd/${FLASH},size=${FLASH_FILE_BYTES},share=on`],
			...["-machine", "mps2-an386,memory-backend=flash"],
			...["-display", "none", "-monitor", "none", "-nic", "user,model=lan9118"],
			...["-chardev", isPty ? "pty,id=shell" : `socket,id=shell,fd=${SHELL}`, "-serial", "chardev:shell"],
			...["-chardev", `socket,id=log,fd=${LOG}`, "-serial", "chardev:log"],
			...["-semihosting-config", semihosting(words, isTerminal), "-kernel", `${build}/qemu/boot/loader`],
			...qemu,
		],
		{ stdio: ["ignore", isPty ? "pipe" : "inherit", "inherit", "pipe", "pipe", chip], detached: true },
	);
	closeSync(chip);
	// QEMU says on its standard output which one it has made
	child.stdout?.on("data", (text) => {
		const [name] = /\/dev\/pts\/\d+/.exec(text) ?? [];
		if (name) log(`Shell on ${name}\n`);
	});
	const control = child.stdio[LOG];
	control.on("data", log);
	// QEMU ends before its side of a pipe is read to the end
	for (const pipe of [control, child.stdio[SHELL]]) pipe.on("error", () => {});
	return { child, shell: child.stdio[SHELL], command: (letter) => control.write(letter) };
}

/** Runs the firmware as this script's own work: terminal, signals, exit status. */
export function runEmulator(firmware, words, settings) {
	const { device, shell: where, flash } = forBoard(words);
	const { child, shell, command } = startEmulator(firmware, device, {
		...settings,
		flash: flash ?? settings.flash,
		shell: where,
	});
	if (where === "stdio") attachTerminal(shell, () => command(TERMINATE));
	else if (where.startsWith("tcp:")) listen(shell, Number(where.slice("tcp:".length)));
	else shell.resume();
	let hasAsked = false;
	for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
		process.on(signal, () => {
			// a second wish ends it whatever it does
			if (hasAsked) process.exit(1);
			hasAsked = true;
			command(TERMINATE);
		});
	process.on("SIGUSR1", () => command(REPORT_MEMORY));
	process.on("exit", () => child.kill("SIGKILL"));
	child.on("error", (error) => {
		process.stderr.write(`${error.message}\n`);
		process.exit(1);
	});
	child.on("close", (status) => process.exit(status ?? 1));
}

/**
 * The options as the board wants them: this computer's own address is another one there, the shell is always on the
 * UART, whatever is at the other end of it, and a folder for storage is where the flash's contents are kept.
 * @returns the options, where the user wants the shell, and the file of the flash
 */
export function forBoard(words) {
	const device = [];
	let shell = "stdio";
	let flash;
	for (let i = 0; i < words.length; i++) {
		const equals = words[i].startsWith("--") ? words[i].indexOf("=") : -1;
		const name = equals > 0 ? words[i].slice(0, equals) : words[i];
		const value = equals > 0 ? words[i].slice(equals + 1) : words[i + 1];
		if ((name === "--server" || name === "--bootstrap") && value !== undefined)
			device.push(name, value.replace(/^(coaps?:\/\/)(127\.0\.0\.1|localhost)(?=[:/]|$)/, `$1${HOST}`));
		else if (name === "--shell" && (value === "pty" || /^tcp:[0-9]{1,5}$/.test(value ?? ""))) {
			shell = value;
			device.push(name, "stdio");
		} else if (name === "--storage" && value !== undefined) {
			flash = flashFile(value);
			device.push(name, "flash");
		} else {
			if (name === "--shell") shell = value ?? "off";
			device.push(words[i]);
			continue;
		}
		if (equals < 0) i++;
	}
	return { device, shell, flash };
}

function flashFile(folder) {
	try {
		mkdirSync(folder, { recursive: true });
		return `${folder}/flash.bin`;
	} catch (error) {
		process.stderr.write(`--storage ${folder}: ${error.message}\n`);
		return process.exit(2);
	}
}

/** QEMU joins the words with spaces, and a comma ends an option of its own unless it is doubled. */
function semihosting(words, isTerminal) {
	const coded = ["lwm2m-xs", isTerminal ? "terminal" : "pipe", ...words].map((word) =>
		word.replace(/[%\s]/g, (sign) => `%${sign.charCodeAt(0).toString(16).padStart(2, "0")}`).replace(/,/g, ",,"),
	);
	return ["enable=on,target=native", ...coded.map((word) => `arg=${word}`)].join(",");
}

function attachTerminal(shell, interrupt) {
	shell.pipe(process.stdout);
	const input = process.stdin;
	if (!input.isTTY) {
		// a line of a UART has no end that could be seen: the last one is ended here
		let last = 0x0a;
		input.on("data", (bytes) => {
			last = bytes.at(-1);
		});
		input.on("end", () => last === 0x0a || shell.write("\n"));
		input.pipe(shell, { end: false });
		return;
	}
	input.setRawMode(true);
	process.on("exit", () => input.setRawMode(false));
	input.on("data", (bytes) => {
		if (bytes.includes(INTERRUPT_KEY)) interrupt();
		else shell.write(bytes);
	});
}

/** The shell for one caller at a time on a TCP port of this computer. */
function listen(shell, port) {
	let caller;
	shell.on("data", (bytes) => caller?.write(bytes));
	const server = createServer((socket) => {
		caller?.destroy();
		caller = socket;
		socket.on("data", (bytes) => shell.write(bytes));
		socket.on("error", () => {});
		socket.on("close", () => {
			if (caller === socket) caller = undefined;
		});
	});
	server.on("error", (error) => {
		process.stderr.write(`--shell tcp:${port}: ${error.message}\n`);
		process.exit(2);
	});
	server.listen(port, "127.0.0.1", () => process.stderr.write(`Shell on 127.0.0.1:${port}\n`));
}
