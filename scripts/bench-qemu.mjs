// npm run bench:qemu: instructions of the Cortex-M4F for each operation, from the datagram that comes in to the one that
// goes out, UDP, IP and the Ethernet driver included, beside what they may be at most. Ends with `N passed, N failed`
// alone on a line: an operation fails that takes more instructions than its limit, or leaves more garbage than it may.
// Then, of some operations, whose instructions they are, from a trace of one more of each.
import { readFileSync } from "node:fs";
import { Board, Peer } from "./lib/board.mjs";
import { readCommandLine } from "./lib/command-line.mjs";
import { startSecureServer } from "./lib/companion.mjs";
import { buildFirmware } from "./lib/firmware.mjs";
import { garbageLimits, goals, limits, plain } from "./lib/instructions.mjs";
import { Profiler } from "./lib/profile.mjs";

/** Each is measured that often; the median counts. */
const REPEATS = 7;
/** Of an operation's instructions, by how much its trace may differ from the median. */
const TRACE_TOLERANCE = 0.15;
const OCTET_STREAM = 42;
const SENML_CBOR = 112;
const BLOCK_BYTES = 1024;
const PSK_KEY = "000102030405060708090a0b0c0d0e0f";
const number = (value) =>
	value === 0 ? Buffer.alloc(0) : value < 256 ? Buffer.from([value]) : Buffer.from([value >> 8, value & 255]);
const accept = (format) => ({ name: "Accept", value: number(format) });
const content = (format) => ({ name: "Content-Format", value: number(format) });

readCommandLine({
	name: "bench:qemu",
	about: "The emulated board's instructions for each operation, beside goal and limit; garbage; whose they are.",
});
const firmware = buildFirmware();
const results = new Map();
const profiles = [];
let passed = 0;
let failed = 0;

let registered = 0;

await withDevice(["--lifetime", "86400"], async (board, peer, profile, boot) => {
	record("boot to Register sent", [boot]);
	registered = boot.instructions + (await board.awake()).instructions;
	const ping = () => peer.ping();
	await measure(board, "ping: UDP, IP and the message layer", ping);
	const read = () => expect(peer.request("GET", "/3/0/9", { options: [accept(0)] }), "2.05");
	await measure(board, "Read 3/0/9, text", read);
	await profile("Read 3/0/9, text", read);
	await measure(board, "Write 3/0/14", () =>
		expect(peer.request("PUT", "/3/0/14", { options: [content(0)], payload: Buffer.from("+02:00") }), "2.04"),
	);
	await measure(board, "unknown path, 4.04", () => expect(peer.request("GET", "/99/0/1"), "4.04"));
	await measure(board, "Read 3/0, SenML CBOR", () =>
		expect(peer.request("GET", "/3/0", { options: [accept(SENML_CBOR)] }), "2.05"),
	);
	await measure(board, "Discover /3", () => expect(peer.request("GET", "/3", { options: [accept(40)] }), "2.05"));
	const image = readFileSync(firmware);
	let block = 0;
	const writeBlock = () => {
		const payload = image.subarray(block * BLOCK_BYTES, (block + 1) * BLOCK_BYTES);
		// more to come, blocks of 1024 bytes: RFC 7959 2.2
		const options = [content(OCTET_STREAM), { name: "Block1", value: number((block++ << 4) | 8 | 6) }];
		return expect(peer.request("PUT", "/5/0/0", { options, payload }), "2.31");
	};
	await writeBlock();
	await measure(board, "firmware: block of 1024 bytes", writeBlock);
	await profile("firmware: block of 1024 bytes", writeBlock);
	const observe = [{ name: "Observe", value: Buffer.alloc(0) }, accept(SENML_CBOR)];
	await measure(
		board,
		"Observe, float",
		() => expect(peer.request("GET", "/3303/0/5700", { options: observe }), "2.05"),
		() =>
			expect(peer.request("GET", "/3303/0/5700", { options: [{ name: "Observe", value: Buffer.from([1]) }] }), "2.05"),
	);
	await expect(
		peer.request("PUT", "/3303/0/5700", { options: [{ name: "Uri-Query", value: Buffer.from("pmax=1") }] }),
		"2.04",
	);
	await expect(peer.request("GET", "/3303/0/5700", { options: observe }), "2.05");
	const notification = () => peer.next(({ code, ack }) => code === "2.05" && !ack);
	await notification();
	await measure(board, "Notify, float, SenML CBOR", notification);
	await profile("Notify, float, SenML CBOR", notification);
	await measure(board, "full garbage collection", async () => {
		board.tell("G");
		await new Promise((resolve) => setTimeout(resolve, 100));
	});
});

// the lifetime is over in 15 s less, and a clock that runs ten times as fast has an Update every 1.5 s
await withDevice(["--lifetime", "30", "--time-scale", "10"], async (board, peer) => {
	const update = (code) => async () => {
		const message = await peer.next(({ code }) => code === "0.02");
		peer.answer(message, code);
		await settled();
	};
	await measure(board, "Update", update("2.04"));
	const again = await peer.next(({ code }) => code === "0.02");
	await board.awake();
	peer.answer(again, "4.04");
	const register = await peer.next(({ code }) => code === "0.02");
	record("Register, after an Update that was refused", [await board.awake()]);
	peer.answer(register, "2.01", [{ name: "Location-Path", value: Buffer.from("rd") }]);
});

await handshake();
print();
printProfiles();
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;

/** From boot to registered over DTLS, less the same without; then a Read over it. */
async function handshake() {
	const { server, port } = await startSecureServer("psk", PSK_KEY);
	const secure = ["--server", `coaps://127.0.0.1:${port}`, "--psk-identity", "psk", "--psk-key", PSK_KEY];
	const profiler = new Profiler();
	const board = new Board(firmware, ["--endpoint", "psk", "--shell", "off", ...secure], profiler.qemu);
	try {
		await board.until(/Registration Done/);
		const all = await board.awake();
		record("PSK handshake", [{ ...all, instructions: all.instructions - registered }]);
		await board.calibrate();
		const read = () => expect(server.request("psk", { method: "GET", path: "/3/0/9", accept: "TEXT" }), "2.05");
		await measure(board, "Read 3/0/9, text, over DTLS", read);
		await profileWith(profiler)("Read 3/0/9, text, over DTLS", read);
	} finally {
		board.end();
		profiler.end();
		await server.stop();
	}
}

/** A device that is registered with a peer of its own; `boot` is what it took until its Register was sent. */
async function withDevice(words, work) {
	const peer = new Peer();
	const profiler = new Profiler();
	const server = `coap://127.0.0.1:${await peer.open()}`;
	const board = new Board(firmware, ["--server", server, "--shell", "off", ...words], profiler.qemu);
	try {
		const register = await peer.next();
		const boot = await board.awake();
		await board.calibrate();
		peer.answer(register, "2.01", [{ name: "Location-Path", value: Buffer.from("rd") }]);
		await board.until(/Registration Done/);
		await work(board, peer, profileWith(profiler), boot);
	} finally {
		board.end();
		profiler.end();
		peer.close();
	}
}

/** An answer that the board takes in, and nothing that it sends. */
function settled() {
	return new Promise((resolve) => setTimeout(resolve, 20));
}

async function measure(board, name, operation, between = () => {}) {
	const all = [];
	// what was left before would bring a collection that is none of the operation's
	board.tell("G");
	await settled();
	let before = await board.awake();
	for (let i = 0; i < REPEATS; i++) {
		await operation();
		const { instructions, collections, slots } = await board.awake();
		all.push({ instructions, collections: collections - before.collections, slots: slots - before.slots });
		await between();
		before = await board.awake();
	}
	record(name, all);
}

/** Traces one more of an operation, to say where its instructions go. */
function profileWith(profiler) {
	return async (name, operation) => {
		profiles.push({ name, ...(await profiler.trace(operation)) });
	};
}

function record(name, all) {
	const sorted = [...all].sort((a, b) => a.instructions - b.instructions);
	const { instructions, slots } = sorted[sorted.length >> 1];
	const collections = all.reduce((sum, { collections }) => sum + collections, 0);
	results.set(name, { instructions, slots, collections, most: sorted.at(-1).instructions });
}

async function expect(answer, code) {
	const message = await answer;
	if (message.code !== code) throw new Error(`${message.code} instead of ${code}`);
}

function print() {
	row("instructions", "median", "most", "goal", "limit", "slots", "collections");
	for (const [name, { instructions, most, slots, collections }] of results) {
		const limit = limits[name];
		const garbage = garbageLimits[name];
		const isGood =
			(limit === undefined || instructions <= limit) &&
			(garbage === undefined || slots <= garbage) &&
			!(plain.includes(name) && collections > 0);
		if (isGood) passed++;
		else failed++;
		row(
			name,
			instructions,
			most,
			goals[name] ?? "",
			limit ?? "",
			slots ?? "",
			`${collections}${isGood ? "" : "  FAILED"}`,
		);
	}
}

function printProfiles() {
	for (const { name, kinds, functions } of profiles) {
		const all = kinds.reduce((sum, [, count]) => sum + count, 0);
		const share = (count) => `${((100 * count) / all).toFixed(1)} %`;
		// the counter and the trace know nothing of each other
		const isSame = Math.abs(all / results.get(name).instructions - 1) <= TRACE_TOLERANCE;
		if (isSame) passed++;
		else failed++;
		row(`where its instructions go: ${name}`, all, isSame ? "" : "  FAILED: not what was counted");
		for (const [kind, count] of kinds) row(`  ${kind}`, count, share(count));
		process.stdout.write(`  most: ${functions.map(([name, count]) => `${name} ${share(count)}`).join(", ")}\n`);
	}
}

function row(name, ...values) {
	process.stdout.write(`${name.padEnd(44)}${values.map((value) => String(value).padStart(12)).join("")}\n`);
}
