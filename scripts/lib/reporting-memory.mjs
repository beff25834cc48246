// What reporting takes of the emulated board's RAM: slots and chunks in use after a garbage collection, before and after
// several observations, sets of attributes and series, by one of them. What the first of a kind takes beside, such as
// the list of an object's observations, is not in it.
import { Board, Peer } from "./board.mjs";
import { build } from "./paths.mjs";

const { Encoder } = await import("cbor-x");

const SLOT_BYTES = 16;
const SENML_CBOR = 112;
/** Numbers that nothing changes. */
const PATHS = ["5601", "5602", "5603", "5604"].map((resource) => `/3303/0/${resource}`);
const OTHER = "/3303/0/5701";
const SAMPLES = 48;
const SAMPLE_BYTES = 16;
/** RING_SAMPLES of src/config.ts. */
const STORED_IN_RAM = 64;
const encoder = new Encoder({ useRecords: false, variableMapSize: true, useTag259ForMaps: false });
const format = (name) => ({ name, value: Buffer.from([SENML_CBOR]) });
const observing = (value) => ({ name: "Observe", value: Buffer.from(value) });
const START = observing([]);
const CANCEL = observing([1]);

/** @returns names, and the bytes that each takes */
export async function measureReporting(firmware) {
	const rows = await withBoard(firmware, ["--shell", "off"], ofRequests);
	const series = await withBoard(firmware, [], (board) => ofSeries(board, SAMPLES));
	const stored = await withBoard(firmware, ["--storage", `${build}/qemu`], (board) => ofSeries(board, STORED_IN_RAM));
	return [...rows, ["a series, beside its samples", series], ["a series that is stored, beside its samples", stored]];
}

async function ofRequests(board, peer) {
	const attributes = (path, query) =>
		expect(
			peer.request("PUT", path, { options: query.map((value) => ({ name: "Uri-Query", value: Buffer.from(value) })) }),
			"2.04",
		);
	const observe = (path, option) => expect(peer.request("GET", path, { options: [option, format("Accept")] }), "2.05");
	const composite = (paths, option) => {
		const payload = encoder.encode(paths.map((path) => new Map([[0, path]])));
		const options = [option, format("Content-Format"), format("Accept")];
		return expect(peer.request("FETCH", "", { options, payload }), "2.05");
	};
	const each = async (work) => {
		for (const path of PATHS) await work(path);
	};
	const grown = (work) => growth(board, PATHS.length, work);

	// everything once, for what stays after it
	await observe(OTHER, START);
	await attributes(OTHER, ["pmin=1", "pmax=100"]);
	for (const option of [START, CANCEL]) await composite(PATHS, option);

	const single = await grown(() => each((path) => observe(path, START)));
	await each((path) => observe(path, CANCEL));
	const few = await used(board);
	await composite(PATHS.slice(0, 1), START);
	const one = await used(board);
	await composite(PATHS.slice(0, 1), CANCEL);
	await composite(PATHS, START);
	const all = await used(board);
	await composite(PATHS, CANCEL);
	const set = await grown(() => each((path) => attributes(path, ["gt=1000"])));
	const attribute = await grown(() => each((path) => attributes(path, ["pmin=1"])));
	return [
		["an observation", single],
		["a composite observation of one path", one - few],
		["  a path more", (all - one) / (PATHS.length - 1)],
		["a set of one attribute", set],
		["  an attribute more", attribute],
	];
}

/** What a series takes beside its samples in RAM. */
async function ofSeries(board, ringSamples) {
	const enable = async (path) => {
		board.type(`lwm2m cache ${path} ${SAMPLES}`);
		board.type("lwm2m status");
		await board.until(/cid: /);
	};
	await enable(OTHER);
	const bytes = await growth(board, PATHS.length, async () => {
		for (const path of PATHS) await enable(path);
	});
	return bytes - ringSamples * SAMPLE_BYTES;
}

async function growth(board, count, work) {
	const before = await used(board);
	await work();
	return ((await used(board)) - before) / count;
}

async function used(board) {
	const { slots, chunks } = await board.memory();
	return slots * SLOT_BYTES + chunks;
}

async function withBoard(firmware, words, work) {
	const peer = new Peer();
	const server = `coap://127.0.0.1:${await peer.open()}`;
	const board = new Board(firmware, ["--server", server, "--lifetime", "86400", ...words]);
	try {
		peer.answer(await peer.next(), "2.01", [{ name: "Location-Path", value: Buffer.from("rd") }]);
		await board.until(/Registration Done/);
		return await work(board, peer);
	} finally {
		board.end();
		peer.close();
	}
}

async function expect(answer, code) {
	const message = await answer;
	if (message.code !== code) throw new Error(`${message.code} instead of ${code}`);
}
