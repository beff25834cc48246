// Where the emulated board's instructions go: QEMU writes down the address of each while an operation runs, and the
// firmware's symbols and the linker's map say whose it is.
import { once } from "node:events";
import { createReadStream, mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { partOf, readMap } from "./parts.mjs";
import { build } from "./paths.mjs";
import { run } from "./run.mjs";

const SETTLE_MS = 150;
const PROMPT = "(qemu) ";
/** `Trace 0: ADDRESS [BASE/PC/…`, one for each instruction. */
const TRACE = /^Trace \d+: \S+ \[[0-9a-f]+\/([0-9a-f]+)\//;
/** Kinds of work by function; the first that matches, of the engine's objects only. */
const ENGINE = [
	[/^fxRun/, "XS: interpreter"],
	[
		/^fx(NewSlot|NewChunk|RenewChunk|Mark|Sweep|Collect|Alloc|FindChunk|CheckChunk|Grow|Free)/,
		"XS: allocation, collection",
	],
	[
		/[Pp]roperty|Behavior|Environment|^elementOf|^fx(GetAt|SetAt|At|GetAll|GetID|GetIndex|GetKey|ToInstance|GetPrototype|IsReference)/,
		"XS: property lookup",
	],
];
const NETWORK = /\/qemu\/port\/(udp|network|lan9118)\.o$/;
/** Copying and clearing, the board's own instead of the C library's. */
const COPYING = /\/qemu\/port\/(copy|libc)\.o$/;
const BOARD = "port: clock, event loop, flash";
/** So many functions are named. */
const FUNCTIONS = 10;

/** The tracer of one emulator: `qemu` are the options that it needs, `end` removes its files. */
export class Profiler {
	#folder = mkdtempSync(join(tmpdir(), "lwm2m-xs-trace-"));
	#socket = join(this.#folder, "monitor");
	#traces = 0;
	#functionAt = readFunctions();
	#monitor;

	get qemu() {
		return ["-chardev", `socket,id=trace,path=${this.#socket},server=on,wait=off`, "-mon", "chardev=trace"];
	}

	/**
	 * What the board does until `operation` is over. What copies or divides is of the kind of whoever calls it.
	 * @returns instructions by kind of work, and those of the functions that take most: pairs, most first
	 */
	async trace(operation) {
		if (!this.#monitor) {
			this.#monitor = connect(this.#socket);
			this.#monitor.setEncoding("utf8");
			await this.#answer();
		}
		// one instruction at a time: its name has changed, and either emulator refuses the other one's
		for (const command of ["singlestep", "one-insn-per-tb on"]) await this.#tell(command);
		const file = join(this.#folder, `trace-${this.#traces++}`);
		await this.#tell(`logfile ${file}`);
		await this.#tell("log exec,nochain");
		await operation();
		// what follows the last datagram is part of it
		await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
		for (const command of ["log none", "singlestep off", "one-insn-per-tb off"]) await this.#tell(command);
		return this.#read(file);
	}

	end() {
		this.#monitor?.destroy();
		rmSync(this.#folder, { recursive: true });
	}

	async #tell(command) {
		this.#monitor.write(`${command}\n`);
		await this.#answer();
	}

	async #answer() {
		for (let text = ""; !text.endsWith(PROMPT); ) text += (await once(this.#monitor, "data"))[0];
	}

	async #read(file) {
		const kinds = new Map();
		const names = new Map();
		let caller = BOARD;
		for await (const line of createInterface({ input: createReadStream(file) })) {
			const pc = TRACE.exec(line)?.[1];
			if (pc === undefined) continue;
			const { name, kind } = this.#functionAt(Number.parseInt(pc, 16));
			if (kind !== undefined) caller = kind;
			kinds.set(caller, (kinds.get(caller) ?? 0) + 1);
			names.set(name, (names.get(name) ?? 0) + 1);
		}
		rmSync(file);
		return { kinds: sorted(kinds), functions: sorted(names).slice(0, FUNCTIONS) };
	}
}

function sorted(counts) {
	return [...counts].sort((a, b) => b[1] - a[1]);
}

/** The firmware's functions: `at` an address, `name` and `kind`, which is undefined for the C runtime. */
function readFunctions() {
	const sections = readMap()
		.filter(({ section, at }) => at > 0 && section.startsWith(".text"))
		.sort((a, b) => a.at - b.at);
	const symbols = [];
	for (const line of run("arm-none-eabi-nm", ["-n", "--defined-only", `${build}/qemu/lwm2m-xs.elf`]).split("\n")) {
		const [address, type, name] = line.split(" ");
		if (/^[tTwW]$/.test(type) && !name.startsWith("$")) symbols.push({ at: Number.parseInt(address, 16), name });
	}
	const known = new Map();
	return (address) => {
		let found = known.get(address);
		if (found) return found;
		const name = last(symbols, address)?.name ?? "?";
		const section = last(sections, address);
		const object = section && address < section.at + section.bytes ? section.object : "";
		found = { name, kind: kindOf(name, object) };
		known.set(address, found);
		return found;
	};
}

function kindOf(name, object) {
	const part = partOf(object);
	if (part === "XS engine") return ENGINE.find(([pattern]) => pattern.test(name))?.[1] ?? "XS: built-ins, conversion";
	if (part === "lwIP" || NETWORK.test(object)) return "UDP and IP: lwIP, Ethernet driver";
	if (part === "C runtime" || part === "other" || COPYING.test(object)) return undefined;
	return part === "port" ? BOARD : part;
}

/** The last of sorted entries that does not begin after `address`. */
function last(entries, address) {
	let low = 0;
	let high = entries.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if (entries[middle].at <= address) low = middle + 1;
		else high = middle;
	}
	return entries[low - 1];
}
