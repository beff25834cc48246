// The power is cut after any single write to storage while a device is bootstrapped, for the first time and over the
// configuration of an earlier one: it starts, and ends registered. OMA-TS-LightweightM2M_Core-V1_1_1 6.1.
import { REGISTERED } from "../../src/lwm2m/registration-states.js";
import { type CoapMessage, datagram, parse, texts } from "../support/coap.js";
import { TestStorage } from "../support/key-value.js";
import type { TestSocket } from "../support/platform.js";
import { equal, ok, test } from "../support/test.js";
import { CaseDevice, SENML_JSON } from "./lwm2m-cases.js";

const BOOTSTRAP_SERVER = "192.0.2.9";
const PATIENCE_MS = 1_000_000;

/** What the bootstrap server gives: a server at an address, with a lifetime. */
function configuration(server: string, lifetime: number): [path: string, payload: string][] {
	const security = `[{"bn":"/0/3/","n":"0","vs":"coap://${server}"},{"n":"1","vb":false},{"n":"2","v":3},{"n":"10","v":7}]`;
	const account = `[{"bn":"/1/2/","n":"0","v":7},{"n":"1","v":${lifetime}},{"n":"6","vb":true},{"n":"7","vs":"U"}]`;
	return [
		["0/3", security],
		["1/2", account],
	];
}
const FIRST = configuration("192.0.2.1", 300);
const SECOND = configuration("192.0.2.2", 600);

function device(storage: TestStorage): CaseDevice {
	return new CaseDevice("1.1", storage, (registry) => {
		registry.set("/0/0/0", `coap://${BOOTSTRAP_SERVER}`);
		registry.set("/0/0/1", true);
		registry.set("/0/0/2", 3);
	});
}

/**
 * Plays all servers until the device is registered.
 * @param onFinish called before Finish is sent to the device
 * @returns the address of the server that it is registered at
 */
function serve(
	one: CaseDevice,
	given: [path: string, payload: string][],
	onFinish: (socket: TestSocket) => void = () => {},
): string {
	const { platform, client } = one;
	client.start();
	const end = platform.nowMs + PATIENCE_MS;
	for (; platform.nowMs < end; platform.advance(1000)) {
		platform.run();
		for (const socket of platform.sockets.slice())
			for (let sent = socket.take(); sent; sent = socket.take()) answer(one, socket, parse(sent), given, onFinish);
		if (client.servers.some(({ registration }) => registration.state === REGISTERED))
			return platform.socket.options.address;
	}
	throw new Error(`never registered:\n${platform.lines.slice(-20).join("\n")}`);
}

function answer(
	one: CaseDevice,
	socket: TestSocket,
	{ code, mid, token, options }: CoapMessage,
	given: [string, string][],
	onFinish: (socket: TestSocket) => void,
) {
	const reply = (answerCode: number, location?: string) =>
		socket.deliver(datagram({ type: 2, mid, token, code: answerCode, ...(location ? { location } : {}) }));
	if (code > 31) return;
	const path = texts({ type: 0, code, mid, token, options, payload: token }, 11);
	if (path[0] === "rd") {
		if (path.length > 1) reply(code === 4 ? 0x42 : 0x44);
		else reply(0x41, "rd/1");
	} else {
		reply(0x44);
		let next = 1000;
		const send = (fields: Parameters<typeof datagram>[0]) => {
			next++;
			socket.deliver(datagram({ type: 0, mid: next, ...fields }));
			one.platform.run();
		};
		for (const [to, payload] of given) send({ code: 3, path: to, payload, format: SENML_JSON });
		onFinish(socket);
		send({ code: 2, path: "bs" });
	}
}

/** What is in the storage after a cut. */
const left = (storage: TestStorage) => new TestStorage(storage.entries, storage.maxValueBytes);

for (const maxValueBytes of [4000, 60])
	test(`a first bootstrap, cut after any write, ends registered: entries of ${maxValueBytes} bytes`, () => {
		let writes = 1;
		for (let cut = 0; cut < writes; cut++) {
			const storage = new TestStorage(undefined, maxValueBytes);
			storage.cutAfter = cut;
			equal(serve(device(storage), FIRST), "192.0.2.1");
			writes = storage.writes;
			const again = device(left(storage));
			equal(serve(again, FIRST), "192.0.2.1", `cut ${cut}`);
			equal([again.registry.get("/0/3/10"), again.registry.get("/1/2/1")], [7, 300]);
			ok(again.registry.has("/0/0"), "the bootstrap server's account");
		}
		ok(writes >= 2, `${writes}`);
	});

for (const maxValueBytes of [4000, 60])
	test(`a second bootstrap, cut after any write, leaves the first configuration or the second: ${maxValueBytes} bytes`, () => {
		const before = new TestStorage(undefined, maxValueBytes);
		serve(device(before), FIRST);
		const found = new Set<string>();
		let writes = 1;
		for (let cut = 0; cut < writes; cut++) {
			const storage = left(before);
			storage.cutAfter = cut;
			const one = device(storage);
			serve(one, FIRST);
			one.client.bootstrap();
			equal(serve(one, SECOND), "192.0.2.2");
			writes = storage.writes;
			const again = device(left(storage));
			const server = serve(again, SECOND);
			found.add(server);
			equal(again.registry.get("/1/2/1"), server === "192.0.2.1" ? 300 : 600, `cut ${cut}`);
		}
		equal([...found].sort(), ["192.0.2.1", "192.0.2.2"]);
	});

test("a bootstrap whose Finish has been answered is over: the power goes with the answer", () => {
	const storage = new TestStorage();
	let answered = 0;
	serve(device(storage), FIRST, (socket) => {
		const { write } = socket;
		socket.write = (from, lengthBytes) => {
			write.call(socket, from, lengthBytes);
			answered++;
			storage.cutAfter = 0;
		};
	});
	ok(answered > 0);
	const again = device(left(storage));
	equal(serve(again, SECOND), "192.0.2.1");
	equal(again.platform.sockets.length, 1, "nobody else is asked");
});
