// What a device keeps over a restart: configuration, registration, observations, attributes; and the power that is cut
// after any single write.
import { Log, OFF } from "../../src/log.js";
import { Vault } from "../../src/vault.js";
import { text } from "../support/coap.js";
import { TestStorage } from "../support/key-value.js";
import { equal, ok, test } from "../support/test.js";
import { CaseDevice, line, SENML_JSON, uri } from "./lwm2m-cases.js";

const silent = new Log(OFF, () => {});

/** The device after a power failure: nothing but what its storage holds. */
function restarted(storage: TestStorage, hasClock = true): CaseDevice {
	const device = new CaseDevice("1.1", new TestStorage(storage.entries, storage.maxValueBytes));
	if (!hasClock) device.platform.epochSeconds = Number.NaN;
	return device;
}

function kept(maxValueBytes = 4000): { device: CaseDevice; storage: TestStorage } {
	const storage = new TestStorage(undefined, maxValueBytes);
	return { device: new CaseDevice("1.1", storage).register(), storage };
}

test("a text of any length is read as it was written, and can be replaced and deleted", () => {
	const storage = new TestStorage(undefined, 50);
	const vault = new Vault(storage, silent);
	for (const size of [0, 1, 48, 49, 50, 51, 100, 149, 700, 3, 200]) {
		const written = "é".repeat(size / 2) + "x".repeat(size % 2);
		ok(vault.write("conf", written));
		equal(vault.read("conf"), written);
	}
	vault.delete("conf");
	equal([vault.read("conf"), storage.entries.size], [undefined, 0]);
	ok(!vault.write("conf", "x".repeat(10_000)), "too long");
	equal(vault.read("conf"), undefined);
});

test("a text that is damaged is none", () => {
	const storage = new TestStorage(undefined, 50);
	const vault = new Vault(storage, silent);
	vault.write("conf", "y".repeat(120));
	for (const key of storage.entries.keys()) {
		const damaged = new TestStorage(storage.entries, 50);
		damaged.entries.delete(key);
		equal(new Vault(damaged, silent).read("conf"), undefined);
		damaged.entries.set(key, new ArrayBuffer(50));
		ok(new Vault(damaged, silent).read("conf") !== "y".repeat(120));
	}
});

test("a power cut after any write leaves the old text or the new one", () => {
	const texts = ["a".repeat(20), "b".repeat(130), "c".repeat(140), "d".repeat(30), "e".repeat(120)];
	for (let cut = 0; cut < 40; cut++) {
		const storage = new TestStorage(undefined, 50);
		const vault = new Vault(storage, silent);
		storage.cutAfter = cut;
		let last = -1;
		for (let i = 0; i < texts.length && storage.writes < cut; i++) {
			vault.write("conf", texts[i]!);
			last = i;
		}
		const read = new Vault(new TestStorage(storage.entries, 50), silent).read("conf");
		ok(read === texts[last] || read === texts[last - 1], `cut ${cut}`);
	}
});

test("after a restart the registration goes on with an Update, and so do observations and attributes", () => {
	const { device, storage } = kept();
	equal(device.attributes("3303/0/5700", "pmin=5", "gt=30"), "2.04");
	const { token } = device.observe("3303/0/5700");
	equal(text(device.observe("3/0/14").payload), "+02:00");
	const again = restarted(storage);
	again.client.start();
	again.platform.run();
	const update = again.take();
	equal([update.code, uri(update), update.payload.length], [2, "rd/5a3f", 0]);
	ok(again.isQuiet, "notifications wait for the answer");
	again.reply(update, { code: 0x44 });
	equal(again.client.observations.count, 2);
	equal(again.client.attributes.at(1, 3303, 0, 5700, -1)?.slice(0, 3), [5, undefined, 30]);
	again.platform.advance(6000);
	again.platform.socket.sent = [];
	again.registry.set("/3303/0/5700", 35);
	const notification = again.takeAfter(6000);
	equal([text(notification.payload), notification.token], ["35", token]);
});

test("what a server has set up is stored before it is told so: the power may go with the answer", () => {
	const observed = (device: CaseDevice) => device.client.observations.list.map((one) => one.object);
	const changes: [
		string,
		(device: CaseDevice, token: Uint8Array) => unknown,
		(next: CaseDevice) => unknown,
		unknown,
	][] = [
		["Observe", (device) => device.observe("3303/0/5700"), observed, [3, 3303]],
		[
			"Observe-Composite",
			(device) =>
				device.request({
					code: 5,
					format: SENML_JSON,
					accept: SENML_JSON,
					observe: 0,
					payload: '[{"n":"/3303/0/5700"}]',
				}),
			observed,
			[3, -1],
		],
		["cancel", (device, token) => device.request({ code: 1, path: "3/0/14", observe: 1, token }), observed, []],
		[
			"Write-Attributes",
			(device) => device.attributes("3303/0/5700", "pmin=7"),
			(next) => next.client.attributes.at(1, 3303, 0, 5700, -1)?.[0],
			7,
		],
		["Write of 1/0/1", (device) => device.put("1/0/1", "4000"), (next) => next.registry.get("/1/0/1"), 4000],
	];
	for (const [name, change, keptOf, expected] of changes) {
		const { device, storage } = kept();
		const { token } = device.observe("3/0/14");
		device.platform.run();
		const { socket } = device.platform;
		const { write } = socket;
		socket.write = (from, lengthBytes) => {
			write.call(socket, from, lengthBytes);
			storage.cutAfter = 0;
		};
		change(device, token);
		equal(storage.cutAfter, 0, `${name}: answered`);
		const next = restarted(storage);
		next.client.start();
		next.platform.run();
		equal(keptOf(next), expected, name);
	}
});

test("it comes back from the port where the server knows it, and from another where that is taken", () => {
	const { storage } = kept();
	const device = restarted(storage);
	device.client.start();
	device.platform.run();
	equal(device.platform.socket.options.localPort, device.platform.socket.port);

	const crowded = restarted(storage);
	const { platform } = crowded;
	const open = platform.openUdp.bind(platform);
	platform.openUdp = (options) => {
		if (options.localPort) throw new Error("bind: address already in use");
		return open(options);
	};
	crowded.client.start();
	platform.run();
	equal([platform.sockets.length, platform.socket.options.localPort], [1, 0]);
	equal(uri(crowded.take()), "rd/5a3f");
});

test("what has changed meanwhile is told by that Update", () => {
	const { storage } = kept();
	const device = restarted(storage);
	device.registry.create("/16/1");
	device.client.start();
	device.platform.run();
	const update = device.take();
	equal(uri(update), "rd/5a3f");
	ok(text(update.payload).includes("</16/1>"));
});

test("without a clock the server is asked by an Update; a registration that it does not know is made anew", () => {
	const { storage } = kept();
	const device = restarted(storage, false);
	device.client.start();
	device.platform.run();
	device.reply(device.take(), { code: 0x84 });
	equal(uri(device.take()), "rd?lwm2m=1.1&ep=d1&lt=300");
});

test("a registration whose lifetime has ended, or that was ended, or of another server or name, is made anew", () => {
	const { device, storage } = kept();
	const late = restarted(storage);
	late.platform.epochSeconds += 400;
	late.client.start();
	late.platform.run();
	equal(uri(late.take()), "rd?lwm2m=1.1&ep=d1&lt=300");

	const moved = restarted(storage);
	moved.registry.set("/0/0/0", "coap://192.0.2.2");
	moved.client.start();
	moved.platform.run();
	equal(uri(moved.take()), "rd?lwm2m=1.1&ep=d1&lt=300");

	const renamed = restarted(storage);
	renamed.client.endpointName = "d2";
	renamed.client.start();
	renamed.platform.run();
	equal(uri(renamed.take()), "rd?lwm2m=1.1&ep=d2&lt=300");

	device.client.stop();
	device.reply(device.takeAfter(0), { code: 0x42 });
	const stopped = restarted(storage);
	stopped.client.start();
	stopped.platform.run();
	equal(uri(stopped.take()), "rd?lwm2m=1.1&ep=d1&lt=300");
});

test("what a server writes to its account is kept, and a factory reset brings back the factory's", () => {
	const { device, storage } = kept();
	equal(device.put("1/0/1", "600"), "2.04");
	const again = restarted(storage);
	equal(again.get === undefined, false);
	equal(again.registry.get("/1/0/1"), 600);
	again.client.factoryReset();
	equal((again.platform.storage as TestStorage).entries.size, 0);
	equal(restarted(again.platform.storage as TestStorage).registry.get("/1/0/1"), 300);
});

test("another factory configuration than last time counts, and not what is stored", () => {
	const { storage } = kept();
	const device = restarted(storage);
	let made = 0;
	device.client.provision("another", () => made++);
	device.client.provision("factory", () => made++);
	equal(made, 1);
});

test("a power cut after any single write of a life leaves a device that starts, and with its whole configuration", () => {
	let writes = 1;
	for (let cut = 0; cut < writes; cut++) {
		// small entries: every text is of several parts
		const storage = new TestStorage(undefined, 60);
		storage.cutAfter = cut;
		const device = new CaseDevice("1.1", storage).register();
		device.attributes("3303/0/5700", "pmin=5");
		device.observe("3303/0/5700");
		device.put("1/0/1", "600");
		device.observe("3/0/14");
		device.client.factoryReset();
		writes = storage.writes;
		const again = restarted(storage);
		equal(again.registry.get("/0/0/0"), "coap://192.0.2.1:5683");
		ok([300, 600].includes(Number(again.registry.get("/1/0/1"))));
		again.client.start();
		again.platform.run();
		const request = again.take();
		ok(
			["rd/5a3f", "rd?lwm2m=1.1&ep=d1&lt=300", "rd?lwm2m=1.1&ep=d1&lt=600"].includes(
				uri(request).replace("5a3f?lt=600", "5a3f").replace("5a3f?lt=300", "5a3f"),
			),
			`cut ${cut}: ${uri(request)}`,
		);
		again.reply(request, uri(request).startsWith("rd/") ? { code: 0x44 } : { code: 0x41, location: "rd/1" });
		equal(again.get("3/0/14"), "2.05 +02:00");
	}
	ok(writes > 20);
});

test("a bootstrap is stored when it is finished, and not before", () => {
	const storage = new TestStorage();
	const device = new CaseDevice("1.1", storage);
	device.registry.delete("/0/0");
	device.registry.set("/0/5/0", "coap://192.0.2.9:5783");
	device.registry.set("/0/5/1", true);
	device.client.start();
	device.platform.run();
	device.reply(device.take(), { code: 0x44 });
	const security =
		'[{"bn":"/0/3/","n":"0","vs":"coap://192.0.2.3"},{"n":"1","vb":false},{"n":"2","v":3},{"n":"10","v":1}]';
	equal(device.put("0/3", security, SENML_JSON), "2.04");
	const before = restarted(storage);
	ok(!before.registry.has("/0/3"), "the transfer is not over");
	device.mid++;
	device.deliver({ type: 0, code: 2, mid: device.mid, path: "bs" });
	device.platform.run();
	const after = restarted(storage);
	equal(after.registry.get("/0/3/0"), "coap://192.0.2.3");
	ok(!after.registry.has("/0/0"));
	void line;
});
