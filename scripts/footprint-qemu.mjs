// npm run footprint:qemu: what the firmware of the emulated board takes. Flash and static RAM by part, from the linker's
// map; the engine's memory, the C heap and the painted stack of a device that is registered with the companion server.
import { readFileSync } from "node:fs";
import { startServerApart } from "./lib/companion.mjs";
import { forBoard, startEmulator } from "./lib/emulator.mjs";
import { buildFirmware } from "./lib/firmware.mjs";
import { build } from "./lib/paths.mjs";
import { fail } from "./lib/run.mjs";

const PATIENCE_MS = 20_000;
/** Parts by where an object comes from; the first that matches. */
const PARTS = [
	[/\/qemu\/engine\//, "XS engine"],
	[/\/rom\.o$/, "prepared machine: objects in flash"],
	[/\/(defaults|prepared)\.o$/, "runtime and native modules"],
	[/\/image\.o$/, "program image: bytecode and names"],
	[/\/libdtls\.a\(dtls-/, "DTLS core"],
	[/\/libdtls\.a\(/, "Mbed TLS"],
	[/\/qemu\/lwip\//, "lwIP"],
	[/\/qemu\/(xs|native)\/|\/natives\.o$/, "runtime and native modules"],
	[/\/qemu\/port\//, "port"],
	[/\/lib(c|m|gcc)\w*\.a\(/, "C runtime"],
];
const IN_FLASH = /^\.(vectors|text|rodata|data|ARM\.exidx)/;
const IN_RAM = /^(\.(data|bss)|COMMON)/;

const firmware = buildFirmware();
const inputs = readMap(readFileSync(`${build}/qemu/device/program.map`, "utf8"));
print("flash", inputs, IN_FLASH);
print("static RAM, without the stack", inputs, IN_RAM);
for (const line of await registeredMemory()) process.stdout.write(`registered: ${line}\n`);

/** Every input section that was kept: name, bytes, object. Without debug information, which no board has. */
function readMap(text) {
	const map = text.slice(text.indexOf("Linker script and memory map"));
	const found = [];
	for (const [, section, size, object] of map.matchAll(
		/^ (\.?[\w.$-]+|COMMON)\s+0x[0-9a-f]+\s+0x([0-9a-f]+)\s+(\S*(?:\.o|\.a\(\S+\)))$/gm,
	)) {
		const bytes = Number.parseInt(size, 16);
		if (bytes > 0) found.push({ section, bytes, object });
	}
	return found;
}

function print(title, sections, pattern) {
	const sums = new Map();
	for (const { section, bytes, object } of sections) {
		if (!pattern.test(section)) continue;
		const part = PARTS.find(([path]) => path.test(object))?.[1] ?? "other";
		sums.set(part, (sums.get(part) ?? 0) + bytes);
	}
	row(
		title,
		[...sums.values()].reduce((sum, bytes) => sum + bytes, 0),
	);
	for (const [part, bytes] of [...sums].sort((a, b) => b[1] - a[1])) row(`  ${part}`, bytes);
}

/** Runs the device until it is registered. @returns its lines about memory */
async function registeredMemory() {
	const { server, coap } = await startServerApart(["--coap", "0", "--bootstrap-coap", "0", "--http", "0"]).catch(
		(error) => fail(error.message),
	);
	let text = "";
	let look = () => {};
	const { device } = forBoard(["--server", coap, "--shell", "off"]);
	const { child, command } = startEmulator(firmware, device, {
		log: (bytes) => {
			text += bytes;
			look();
		},
	});
	const until = (pattern) =>
		new Promise((resolve) => {
			const timer = setTimeout(() => fail(`no ${pattern} from the device:\n${text}`), PATIENCE_MS);
			look = () => {
				if (!pattern.test(text)) return;
				clearTimeout(timer);
				resolve();
			};
			look();
		});
	await until(/Registration Done/);
	command("M");
	await until(/^Board: .*\n/m);
	child.kill("SIGKILL");
	server.removeAllListeners("exit");
	server.kill("SIGTERM");
	return text.split("\n").filter((line) => /^(Memory|Board): /.test(line));
}

function row(name, bytes) {
	process.stdout.write(`${name.padEnd(40)} ${String(bytes).padStart(8)} bytes\n`);
}
