// npm run footprint:qemu: what the firmware of the emulated board takes. Flash and static RAM by part, from the linker's
// map; the engine's memory, the C heap and the painted stacks, in use and at most, of a device that has started, that is
// registered, that has made a handshake with PSK, then taken a firmware image, also by https, and with certificates. Ends with
// `N passed, N failed` alone on a line: the budgets below.

import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import { Board, Peer } from "./lib/board.mjs";
import { makeCertificates } from "./lib/certificates.mjs";
import { readCommandLine } from "./lib/command-line.mjs";
import { startCertificateServer, startSecureServer } from "./lib/companion.mjs";
import { buildFirmware, buildWithout } from "./lib/firmware.mjs";
import { partOf, readMap } from "./lib/parts.mjs";
import { build } from "./lib/paths.mjs";
import { measureReporting } from "./lib/reporting-memory.mjs";
import { fail } from "./lib/run.mjs";

const PSK_KEY = "000102030405060708090a0b0c0d0e0f";
const SLOT_BYTES = 16;
/** Of the C stack, whatever of it is used (link.ld). */
const STACK_BYTES = 6 * 1024;
/** Bytes. Flash: what is reached, and a little; RAM: the chip's, which the memory protection keeps to, too. */
const BUDGETS = { flash: 632_000, ram: 256 * 1024 };
/** What a change must not exceed in each state, the high-water mark since the start: what is reached, and a little. */
const STATES = {
	"Register sent": 78_000,
	registered: 78_000,
	"registered over DTLS, after a handshake with PSK": 86_000,
	"a firmware image taken over DTLS": 88_500,
	"a firmware image fetched by https": 97_500,
	"registered over DTLS, after a handshake with X.509": 92_000,
};
/** Where we are going: what is advised for a C client with all of this on. */
const TARGETS = { flash: 512 * 1024, ram: 64 * 1024 };
/** Of the flash, what the shell may take: its bytecode, and all of it with the objects of its functions and its native code. */
const SHELL = { bytecode: 12 * 1024, all: 24_500 };
/** The same of https: DTLS, which its connections share, and HTTP are there without it. */
const HTTPS = { bytecode: 2_900, all: 4_300 };
const IN_FLASH = /^\.(vectors|text|rodata|data|ARM\.exidx)/;
const IN_RAM = /^(\.(data|bss)|COMMON)/;

readCommandLine({
	name: "footprint:qemu",
	about: "What the firmware of the emulated board takes: flash and RAM by part, in each state; budgets.",
});
const firmware = buildFirmware();
const inputs = readMap();
const flash = print("flash", inputs, IN_FLASH);
const shell = printPart("the shell", "without-shell", ["src/shell/shell", "./src/shell/none"], /native\/terminal\.o$/);
const https = printPart("https", "without-https", ["src/security/tls-factory", "./src/security/tls-none"]);
const fixed = print("static RAM, without the stack", inputs, IN_RAM);
const states = new Map();
await inTheClear();
await withDownload();
await withHttps();
await withCertificates();
process.stdout.write("\nwhat reporting takes, each:\n");
for (const [name, bytes] of await measureReporting(firmware)) row(name, Math.round(bytes));

let passed = 0;
let failed = 0;
judge("flash", flash, BUDGETS.flash, TARGETS.flash);
judge("flash: the shell's bytecode", shell.bytecode, SHELL.bytecode);
judge("flash: the shell", shell.all, SHELL.all);
judge("flash: the bytecode of https", https.bytecode, HTTPS.bytecode);
judge("flash: https", https.all, HTTPS.all);
for (const [state, bytes] of states) judge(`ram: ${state}`, bytes, STATES[state]);
judge("ram, at most", Math.max(...states.values()), BUDGETS.ram, TARGETS.ram);
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 ? 1 : 0;

async function inTheClear() {
	const peer = new Peer();
	const port = await peer.open();
	const board = new Board(firmware, ["--server", `coap://127.0.0.1:${port}`, "--shell", "off"]);
	try {
		const register = await peer.next();
		tell("Register sent", await board.memory());
		peer.answer(register, "2.01", [{ name: "Location-Path", value: Buffer.from("rd") }]);
		await board.until(/Registration Done/);
		tell("registered", await board.memory());
	} finally {
		board.end();
		peer.close();
	}
}

/** The firmware itself is pushed to the device, which checks its signature. */
async function withDownload() {
	const { server, port } = await startSecureServer("psk", PSK_KEY);
	const secure = ["--server", `coaps://127.0.0.1:${port}`, "--psk-identity", "psk", "--psk-key", PSK_KEY];
	const board = new Board(firmware, ["--endpoint", "psk", "--shell", "off", ...secure]);
	try {
		await board.until(/Registration Done/);
		tell("registered over DTLS, after a handshake with PSK", await board.memory());
		const answer = await server.pushFirmware("psk", server.offerFirmware(readFileSync(firmware)));
		if (answer.code !== "2.04") fail(`the image was answered with ${answer.code}`);
		await board.until(/downloading -> downloaded/);
		tell("a firmware image taken over DTLS", await board.memory());
	} finally {
		board.end();
		await server.stop();
	}
}

/** The same over TCP and TLS, from a server that has a certificate, while the registration is over DTLS. */
async function withHttps() {
	const folder = makeCertificates(`${build}/dtls/certificates`);
	const [cert, key] = ["server.pem", "server.key"].map((name) => readFileSync(`${folder}/${name}`));
	const files = createServer({ cert, key }, (_, response) => response.end(readFileSync(firmware)));
	files.listen(0, "127.0.0.1");
	await once(files, "listening");
	const { server, port } = await startSecureServer("psk", PSK_KEY);
	const secure = ["--server", `coaps://127.0.0.1:${port}`, "--psk-identity", "psk", "--psk-key", PSK_KEY];
	const words = ["--endpoint", "psk", "--shell", "off", ...secure, "--firmware-ca", `${folder}/ca.pem`];
	const board = new Board(firmware, words);
	try {
		await board.until(/Registration Done/);
		const payload = `https://10.0.2.2:${files.address().port}/image.fw`;
		const answer = await server.request("psk", { method: "PUT", path: "/5/0/1", format: "TEXT", payload });
		if (answer.code !== "2.04") fail(`the URI was answered with ${answer.code}`);
		await board.until(/downloading -> downloaded/);
		tell("a firmware image fetched by https", await board.memory());
	} finally {
		board.end();
		await server.stop();
		files.close();
	}
}

async function withCertificates() {
	const folder = makeCertificates(`${build}/dtls/certificates`);
	const { server, port } = await startCertificateServer(folder);
	const files = [
		"--cert",
		`${folder}/client.pem`,
		"--key",
		`${folder}/client.key`,
		"--server-cert",
		`${folder}/ca.pem`,
	];
	const words = ["--endpoint", "dev1", "--shell", "off", "--server", `coaps://127.0.0.1:${port}`, ...files];
	const board = new Board(firmware, words);
	try {
		await board.until(/Registration Done/);
		tell("registered over DTLS, after a handshake with X.509", await board.memory());
	} finally {
		board.end();
		await server.stop();
	}
}

/** The C heap holds the engine's slots, chunks and stack as they are set aside, and what Mbed TLS and the runtime take. */
function tell(state, { slots, chunks, slotsPeak, chunksPeak, engineStack, engineStackSize, stack, heap }) {
	const engine = slotsPeak * SLOT_BYTES + chunksPeak + engineStackSize * SLOT_BYTES;
	const all = fixed + STACK_BYTES + heap;
	states.set(state, all);
	row(`RAM: ${state}`, all);
	row("  static", fixed);
	row(`  stack, of which used ${stack}`, STACK_BYTES);
	row(`  engine: slots, in use ${slots * SLOT_BYTES}`, slotsPeak * SLOT_BYTES);
	row(`  engine: chunks, in use ${chunks}`, chunksPeak);
	row(`  engine: stack, used ${engineStack * SLOT_BYTES}`, engineStackSize * SLOT_BYTES);
	row("  C heap beside: Mbed TLS, tables, sockets", heap - engine);
}

function judge(what, bytes, budget, target) {
	const isGood = bytes <= budget;
	if (isGood) passed++;
	else failed++;
	const aim = target === undefined ? "" : `; the target is ${target}`;
	process.stdout.write(`${what}: ${bytes} of ${budget} bytes${isGood ? "" : ": TOO MUCH"}${aim}\n`);
}

/** @returns all of it, bytes */
function print(title, sections, pattern) {
	const sums = new Map();
	for (const { section, bytes, object } of sections) {
		if (!pattern.test(section)) continue;
		const part = partOf(object);
		sums.set(part, (sums.get(part) ?? 0) + bytes);
	}
	const all = [...sums.values()].reduce((sum, bytes) => sum + bytes, 0);
	row(title, all);
	for (const [part, bytes] of [...sums].sort((a, b) => b[1] - a[1])) row(`  ${part}`, bytes);
	return all;
}

/** The difference to a firmware with another module in the place of one, and native modules of it that are in that as well. */
function printPart(part, name, replacement, objects = /^$/) {
	buildWithout(name, new Map([replacement]));
	const without = readMap(name);
	const difference = (objects) => sumOf(inputs, objects) - sumOf(without, objects);
	const native = sumOf(inputs, objects);
	const bytecode = bytecodeOf("device") - bytecodeOf(name);
	const engine = difference(/\/qemu\/engine\//);
	const all = difference(/./) + sumOf(without, objects);
	row(`  of it ${part}`, all);
	row("    bytecode", bytecode);
	row("    native code", native);
	row("    objects, names", all - bytecode - native - engine);
	row("    built-ins that nothing else names", engine);
	return { all, bytecode };
}

function sumOf(sections, objects) {
	return sections
		.filter(({ section, object }) => IN_FLASH.test(section) && objects.test(object))
		.reduce((sum, { bytes }) => sum + bytes, 0);
}

function bytecodeOf(name) {
	return Number(/ROM_CODE_BYTES = (\d+)/.exec(readFileSync(`${build}/qemu/${name}/rom.h`, "utf8"))?.[1]);
}

function row(name, bytes) {
	process.stdout.write(`${name.padEnd(52)} ${String(bytes).padStart(8)} bytes\n`);
}
