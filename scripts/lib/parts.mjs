// What the firmware of the emulated board consists of, from the linker's map: every input section and the part that it
// belongs to.
import { readFileSync } from "node:fs";
import { build } from "./paths.mjs";

/** Parts by where an object comes from; the first that matches. */
const PARTS = [
	// of ours, those around a source of the engine
	[/\/qemu\/(engine\/|[\w-]+\/(run|namespace)\.o$)/, "XS engine"],
	[/\/rom\.o$/, "prepared machine: objects in flash"],
	[/\/(defaults|prepared|settle)\.o$/, "runtime and native modules"],
	[/\/image\.o$/, "program image: bytecode and names"],
	[/\/libdtls\.a\(dtls-/, "DTLS core"],
	[/\/libdtls\.a\(/, "Mbed TLS"],
	[/\/qemu\/lwip\//, "lwIP"],
	[/\/qemu\/(xs|native)\/|\/natives\.o$/, "runtime and native modules"],
	[/\/qemu\/port\//, "port"],
	[/\/lib(c|m|gcc)\w*\.a\(/, "C runtime"],
];

/** @returns the part that an object belongs to */
export function partOf(object) {
	return PARTS.find(([path]) => path.test(object))?.[1] ?? "other";
}

/**
 * @param name of the folder of the firmware
 * @returns every input section that was kept: name, address, bytes, object. Without debug information, which no board has
 */
export function readMap(name = "device") {
	const text = readFileSync(`${build}/qemu/${name}/program.map`, "utf8");
	const map = text.slice(text.indexOf("Linker script and memory map"));
	const found = [];
	for (const [, section, at, size, object] of map.matchAll(
		/^ (\.?[\w.$-]+|COMMON)\s+0x([0-9a-f]+)\s+0x([0-9a-f]+)\s+(\S*(?:\.o|\.a\(\S+\)))$/gm,
	)) {
		const bytes = Number.parseInt(size, 16);
		if (bytes > 0) found.push({ section, at: Number.parseInt(at, 16), bytes, object });
	}
	return found;
}
