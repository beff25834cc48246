// npm run soak:qemu [-- MINUTES]: the emulated board for an hour of its own clock (or MINUTES), which runs sixty times as
// fast, while the server loses every fifth datagram in either direction and reads, writes and observes. Ends with
// `N passed, N failed` alone on a line: the device must not restart, must answer in the end, and must not have grown.
import { Board, Peer } from "./lib/board.mjs";
import { readCommandLine, refuse } from "./lib/command-line.mjs";
import { buildFirmware } from "./lib/firmware.mjs";

const TIME_SCALE = 60;
const LOSS = 0.2;
/** Slots by which a device that has been observed and written to may differ from itself, and bytes of chunks. */
const SLACK = { slots: 64, chunks: 1024 };
const PAUSE_MS = 40;

const { operands } = readCommandLine({
	name: "soak:qemu",
	about: "The emulated board for an hour of its clock, or MINUTES (1 to 1440), with every fifth datagram lost.",
	operands: "[MINUTES]",
});
const minutes = Number(operands[0] ?? 60);
if (operands.length > 1 || !(Number.isInteger(minutes) && minutes >= 1 && minutes <= 1440))
	refuse("soak:qemu", `${operands.join(" ")}: one whole number of minutes, 1 to 1440`);
const peer = new Peer();
const port = await peer.open();
const words = ["--server", `coap://127.0.0.1:${port}`, "--shell", "off", "--lifetime", "120"];
const board = new Board(buildFirmware(), [...words, "--time-scale", String(TIME_SCALE)]);
let seed = 1;
let answered = 0;
let asked = 0;
let passed = 0;
let failed = 0;

peer.onRequest = (message) => {
	const isRegister = message.options.some(({ name }) => name === "Uri-Query");
	const isUpdate = message.options.filter(({ name }) => name === "Uri-Path").length > 1;
	if (isUpdate) peer.answer(message, "2.04");
	else if (isRegister)
		peer.answer(message, "2.01", [
			{ name: "Location-Path", value: Buffer.from("rd") },
			{ name: "Location-Path", value: Buffer.from("1") },
		]);
};
await board.until(/Registration Done/);
const pause = () => new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
await traffic(200);
const before = await board.memory();
peer.loses = () => random() < LOSS;
await traffic(Math.round((minutes * 60_000) / TIME_SCALE / PAUSE_MS));
peer.loses = () => false;
await traffic(200);
const after = await board.memory();
board.end();
peer.close();

judge(`${answered} of ${asked} requests answered, a fifth of the datagrams lost`, answered > asked / 2);
judge("no fault, no restart", !/Fault|restarting|Uncaught|Out of/.test(board.log));
for (const what of ["slots", "chunks"])
	judge(`${what}: ${before[what]} before, ${after[what]} after`, after[what] <= before[what] + SLACK[what]);
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 ? 1 : 0;

/** A request every now and then, of all kinds, whether the one before was answered or not. */
async function traffic(count) {
	const observe = { name: "Observe", value: Buffer.alloc(0) };
	const kinds = [
		() => peer.request("GET", "/3/0/9"),
		() =>
			peer.request("PUT", "/3/0/14", {
				options: [{ name: "Content-Format", value: Buffer.alloc(0) }],
				payload: Buffer.from("+01:00"),
			}),
		() => peer.request("GET", "/3/0"),
		() => peer.request("GET", "/99/0"),
		() => peer.request("GET", "/3303/0/5700", { options: [observe] }),
	];
	for (let i = 0; i < count; i++) {
		asked++;
		kinds[i % kinds.length]().then(
			() => answered++,
			() => {},
		);
		await pause();
	}
}

/** The same every time: a linear congruential generator. */
function random() {
	seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
	return seed / 0x7fffffff;
}

function judge(what, isGood) {
	process.stdout.write(`${isGood ? "ok" : "not ok"} - ${what}\n`);
	if (isGood) passed++;
	else failed++;
}
