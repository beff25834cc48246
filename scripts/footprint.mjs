// npm run footprint: what the device takes. Bytecode by module, the executable, and the engine's memory once the device
// is registered with the companion server. Slots count 16 bytes, as on a 32-bit board; on a board the engine's own
// objects and the preloaded modules lie in flash, here everything is in RAM. Fails where the shell is over its budget.
import { spawn, spawnSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { readCommandLine } from "./lib/command-line.mjs";
import { FREE_PORTS, startServerApart } from "./lib/companion.mjs";
import { buildDevice, withStart } from "./lib/device.mjs";
import { readImage } from "./lib/image.mjs";
import { readManifest } from "./lib/manifest.mjs";
import { build } from "./lib/paths.mjs";
import { buildImage } from "./lib/program.mjs";
import { fail } from "./lib/run.mjs";

const SLOT_BYTES = 16;
const PATIENCE_MS = 20_000;
/** What the shell may add to the image, the bodies of its modules and names included; what a board keeps of it, footprint:qemu says. */
const SHELL_BUDGET_BYTES = 16_200;

readCommandLine({
	name: "footprint",
	about: "What the simulated device takes: bytecode by module, the executable, slots and chunks once it is registered.",
});
const executable = buildDevice();
const image = readImage(readFileSync(`${build}/host/device/image.bin`));
printCode(image);
const shellBytes = image.bytes - bytesWithoutShell();
row("  of it the shell", shellBytes);
if (shellBytes > SHELL_BUDGET_BYTES)
	fail(`the shell takes ${shellBytes} bytes of flash, ${SHELL_BUDGET_BYTES} are its budget`);
printExecutable();
printMemory(await registeredMemory());

function printCode({ bytes, keyCount, keyBytes, modules }) {
	const folders = new Map();
	for (const { name, codeBytes } of modules) {
		const folder = name.includes("/") ? name.slice(0, name.lastIndexOf("/")) : "";
		folders.set(folder, (folders.get(folder) ?? 0) + codeBytes);
	}
	row("bytecode by module", "bytes");
	for (const { name, codeBytes } of [...modules].sort((a, b) => b.codeBytes - a.codeBytes)) row(`  ${name}`, codeBytes);
	row("by folder", "bytes");
	for (const [folder, sum] of [...folders].sort((a, b) => b[1] - a[1])) row(`  ${folder || "(platform)"}`, sum);
	row("program image", bytes);
	row(`  of it ${keyCount} names`, keyBytes);
}

/** The size of the image where the manifest leaves the shell out. */
function bytesWithoutShell() {
	const manifest = readManifest("x-host");
	const modules = new Map([...manifest.modules, ["src/shell/shell", "./src/shell/none"]]);
	const folder = `${build}/host/device-without-shell`;
	buildImage(folder, withStart({ ...manifest, modules }, "device"), "start");
	return readImage(readFileSync(`${folder}/image.bin`)).bytes;
}

function printExecutable() {
	row("executable, without symbols", strippedBytes());
	const sections = spawnSync("size", [executable], { encoding: "utf8" }).stdout?.trim().split("\n")[1];
	const [text, data, bss] = sections?.trim().split(/\s+/) ?? [];
	if (bss)
		for (const [name, value] of Object.entries({ "code and constants": text, data, "zeroed data": bss }))
			row(`  ${name}`, Number(value));
}

function strippedBytes() {
	const copy = `${build}/host/device/stripped`;
	return spawnSync("strip", ["-o", copy, executable]).status === 0 ? statSync(copy).size : statSync(executable).size;
}

function printMemory({ slots, chunks, builtinSlots, builtinChunks, slotsPeak, chunksPeak }) {
	row("registered: slots in use", `${slots} = ${slots * SLOT_BYTES} bytes`);
	row("  the engine's own and the names", `${builtinSlots} = ${builtinSlots * SLOT_BYTES} bytes`);
	row("  the program's", `${slots - builtinSlots} = ${(slots - builtinSlots) * SLOT_BYTES} bytes`);
	row("  peak", `${slotsPeak} = ${slotsPeak * SLOT_BYTES} bytes`);
	row("registered: chunks in use", `${chunks} bytes`);
	row("  the engine's own", `${builtinChunks} bytes`);
	row("  the program's", `${chunks - builtinChunks} bytes`);
	row("  peak", `${chunksPeak} bytes`);
}

/** Runs the device until it is registered. @returns the figures of its memory line */
async function registeredMemory() {
	const { server, coap } = await startServerApart(FREE_PORTS).catch((error) => fail(error.message));
	const device = spawn(executable, ["--server", coap, "--shell", "off"], { stdio: ["ignore", "ignore", "pipe"] });
	try {
		await line(device, /Registration Done/);
		device.kill("SIGUSR1");
		const match = await line(
			device,
			/Memory: (\d+) slots and (\d+) bytes of chunks, of which the engine's own (\d+) and (\d+); peaks (\d+) and (\d+);/,
		);
		const [slots, chunks, builtinSlots, builtinChunks, slotsPeak, chunksPeak] = match.slice(1).map(Number);
		return { slots, chunks, builtinSlots, builtinChunks, slotsPeak, chunksPeak };
	} catch (error) {
		return fail(error.message);
	} finally {
		device.kill("SIGKILL");
		server.removeAllListeners("exit");
		server.kill("SIGTERM");
	}
}

function line(device, pattern) {
	return new Promise((resolve, reject) => {
		let text = "";
		const timer = setTimeout(() => reject(new Error(`no ${pattern} from the device:\n${text}`)), PATIENCE_MS);
		device.stderr.on("data", function look(bytes) {
			text += bytes;
			const match = pattern.exec(text);
			if (!match) return;
			clearTimeout(timer);
			device.stderr.off("data", look);
			resolve(match);
		});
	});
}

function row(name, value) {
	process.stdout.write(`${name.padEnd(40)} ${String(value).padStart(10)}\n`);
}
