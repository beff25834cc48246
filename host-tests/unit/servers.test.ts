// Several servers at a time: order, each its own registration, observations and attributes, and access rights.
// OMA-TS-LightweightM2M_Core-V1_1_1 6.2.1.1, 8.
import { accessControl, device, security, server, temperature } from "../../objects/index.js";
import { Client } from "../../src/client.js";
import type { SERVER_DISABLED } from "../../src/lwm2m/event.js";
import { REGISTERED, WAITING } from "../../src/lwm2m/registration-states.js";
import { type CoapFields, type CoapMessage, datagram, parse } from "../support/coap.js";
import { TestPlatform, type TestSocket } from "../support/platform.js";
import { equal, ok, test } from "../support/test.js";
import { line, portfolio, uri } from "./lwm2m-cases.js";

const objects = [security, server, accessControl, device, portfolio, temperature] as const;

/** A device with the servers 1 (192.0.2.1) and 2 (192.0.2.2). */
class Pair {
	readonly platform = new TestPlatform();
	readonly events: [number, number][] = [];
	readonly client = new Client({
		endpoint: "d1",
		objects,
		platform: this.platform,
		onEvent: (event, id) => this.events.push([event, id]),
	});
	#mid = 100;

	constructor() {
		const { registry } = this.client;
		for (const i of [0, 1]) {
			registry.set(`/0/${i}/0`, `coap://192.0.2.${i + 1}`);
			registry.set(`/0/${i}/1`, false);
			registry.set(`/0/${i}/2`, 3);
			registry.set(`/0/${i}/10`, i + 1);
			registry.set(`/1/${i}/0`, i + 1);
			registry.set(`/1/${i}/1`, 300 + i);
			registry.set(`/1/${i}/6`, true);
			registry.set(`/1/${i}/7`, "U");
		}
		registry.set("/3/0/14", "+02:00");
		registry.set("/3303/0/5700", 21.5);
		registry.set("/3303/1/5700", 5);
	}

	socket(id: number): TestSocket {
		const address = `192.0.2.${id}`;
		const found = this.platform.sockets.filter((one) => one.options.address === address);
		if (found.length === 0) throw new Error(`no socket to ${address}`);
		return found[found.length - 1]!;
	}

	take(id: number): CoapMessage {
		const sent = this.socket(id).take();
		if (!sent) throw new Error(`nothing was sent to server ${id}`);
		return parse(sent);
	}

	answer(id: number, fields: CoapFields): void {
		const { mid, token } = this.take(id);
		this.socket(id).deliver(datagram({ type: 2, mid, token, ...fields }));
		this.platform.run();
	}

	register(): this {
		this.client.start();
		this.platform.run();
		for (const id of [1, 2]) this.answer(id, { code: 0x41, location: `rd/${id}` });
		return this;
	}

	/** A request of a server and the answer, as a line. Updates that follow are answered. */
	ask(id: number, fields: CoapFields): string {
		this.#mid++;
		this.socket(id).deliver(datagram({ type: 0, mid: this.#mid, token: Uint8Array.of(1, this.#mid), ...fields }));
		this.platform.run();
		const answer = this.take(id);
		for (const one of [1, 2]) while (this.socket(one).sent.length > 0) this.answer(one, { code: 0x44 });
		return line(answer);
	}

	/** Says who may do what with an instance. */
	rule(id: number, object: number, instance: number, owner: number, rights: [server: number, rights: number][]): void {
		const { registry } = this.client;
		registry.set(`/2/${id}/0`, object);
		registry.set(`/2/${id}/1`, instance);
		registry.set(`/2/${id}/3`, owner);
		for (const [one, bits] of rights) registry.set(`/2/${id}/2/${one}`, bits);
		this.platform.run();
		for (const one of [1, 2]) while (this.socket(one).sent.length > 0) this.answer(one, { code: 0x44 });
	}
}

test("LightweightM2M-1.1-int-950: two servers have each its own registration, lifetime and observations", () => {
	const pair = new Pair();
	pair.client.start();
	pair.platform.run();
	equal([uri(pair.take(1)), uri(pair.take(2))], ["rd?lwm2m=1.1&ep=d1&lt=300", "rd?lwm2m=1.1&ep=d1&lt=301"]);
	const two = new Pair().register();
	equal(two.ask(1, { code: 1, path: "3303/0/5700", accept: 0, observe: 0 }), "2.05 21.5");
	two.client.registry.set("/3303/0/5700", 22);
	two.platform.run();
	equal(line(two.take(1)), "2.05 22");
	equal(two.socket(2).sent.length, 0);
	// the first server loses its registration: the second keeps what it has
	equal(two.ask(2, { code: 1, path: "3303/0/5700", accept: 0, observe: 0 }), "2.05 22");
	two.client.update(1);
	two.platform.run();
	two.answer(1, { code: 0x84 });
	equal(two.client.observations.count, 1);
	two.client.registry.set("/3303/0/5700", 23);
	two.platform.run();
	equal(line(two.take(2)), "2.05 23");
});

test("LightweightM2M-1.1-int-951: each server has its own attributes", () => {
	const pair = new Pair().register();
	equal(pair.ask(1, { code: 3, path: "3303/0/5700", queries: ["pmin=10"] }), "2.04");
	equal(pair.ask(2, { code: 3, path: "3303/0/5700", queries: ["pmin=20"] }), "2.04");
	equal(pair.ask(1, { code: 1, path: "3303/0/5700", accept: 40 }), "2.05 </3303/0/5700>;pmin=10");
	equal(pair.ask(2, { code: 1, path: "3303/0/5700", accept: 40 }), "2.05 </3303/0/5700>;pmin=20");
});

test("servers register in the order of their priority, each after its delay, once the one before has", () => {
	const pair = new Pair();
	const { registry } = pair.client;
	registry.set("/1/0/13", 2);
	registry.set("/1/1/13", 1);
	registry.set("/1/0/14", 30);
	pair.client.start();
	pair.platform.run();
	equal(pair.platform.sockets.length, 1);
	pair.answer(2, { code: 0x41, location: "rd/2" });
	pair.platform.advance(29_000);
	equal(pair.platform.sockets.length, 1);
	pair.platform.advance(1000);
	equal(uri(pair.take(1)), "rd?lwm2m=1.1&ep=d1&lt=300");
});

test("a server that fails lets the next one pass, unless it blocks", () => {
	for (const isBlocking of [false, true]) {
		const pair = new Pair();
		const { registry } = pair.client;
		registry.set("/1/0/13", 1);
		registry.set("/1/1/13", 2);
		registry.set("/1/0/15", isBlocking);
		registry.set("/1/0/17", 1);
		registry.set("/1/0/19", 1000);
		pair.client.start();
		pair.platform.run();
		pair.answer(1, { code: 0xa3 });
		pair.platform.run();
		equal(pair.platform.sockets.length, isBlocking ? 1 : 2);
		pair.platform.advance(1_000_000);
		pair.answer(1, { code: 0x41, location: "rd/1" });
		pair.platform.run();
		equal(pair.platform.sockets.length, 2);
	}
});

test("a server that fails and blocks the others leads to a bootstrap; one that is registered keeps it away", () => {
	for (const isBlocking of [true, false]) {
		const pair = new Pair();
		const { registry } = pair.client;
		registry.set("/0/2/0", "coap://192.0.2.9");
		registry.set("/0/2/1", true);
		registry.set("/1/0/13", 1);
		registry.set("/1/1/13", 2);
		registry.set("/1/0/15", isBlocking);
		pair.client.start();
		pair.platform.run();
		pair.answer(1, { code: 0x83 });
		pair.platform.run();
		if (!isBlocking) pair.answer(2, { code: 0x41, location: "rd/2" });
		pair.platform.run();
		equal(pair.platform.socket.options.address, isBlocking ? "192.0.2.9" : "192.0.2.2");
	}
});

test("retries come by the server's count and timers", () => {
	const pair = new Pair();
	const { registry } = pair.client;
	registry.set("/1/0/17", 3);
	registry.set("/1/0/18", 5);
	registry.set("/1/0/19", 1000);
	registry.set("/1/0/20", 2);
	pair.client.start();
	pair.platform.run();
	for (const seconds of [5, 10, 1000, 5, 10, 1000]) {
		pair.answer(1, { code: 0xa3 });
		pair.platform.advance(seconds * 1000 - 1);
		equal(pair.socket(1).sent.length, 0, `${seconds}`);
		pair.platform.advance(1);
	}
});

test("Disable deregisters, and registers again after the time-out; another server is not concerned", () => {
	const pair = new Pair().register();
	pair.client.registry.set("/1/0/5", 100);
	equal(pair.ask(1, { code: 2, path: "1/0/4" }), "2.04");
	const [one, two] = pair.client.servers;
	equal([one!.registration.state, two!.registration.state], [WAITING, REGISTERED]);
	const disabled: typeof SERVER_DISABLED = 12;
	ok(pair.events.some(([event, id]) => event === disabled && id === 1));
	pair.platform.advance(99_000);
	equal(pair.socket(1).sent.length, 0);
	pair.platform.advance(1000);
	equal(uri(pair.take(1)), "rd?lwm2m=1.1&ep=d1&lt=300");
});

test("the registration update trigger of a server's own instance brings an Update to that server", () => {
	const pair = new Pair().register();
	pair.socket(2).deliver(datagram({ type: 0, mid: 1, code: 2, path: "1/1/8" }));
	pair.platform.run();
	equal(line(pair.take(2)), "2.04");
	equal(uri(pair.take(2)), "rd/2");
	equal(pair.socket(1).sent.length, 0);
});

test("rights are those of the server's own entry, or of the default one, or all for the owner", () => {
	const pair = new Pair().register();
	pair.rule(0, 3, 0, 1, [
		[2, 1],
		[0, 4],
	]);
	equal(pair.ask(2, { code: 1, path: "3/0/14", accept: 0 }), "2.05 +02:00");
	equal(pair.ask(2, { code: 3, path: "3/0/14", payload: "+01:00", format: 0 }), "4.01");
	equal(pair.ask(1, { code: 3, path: "3/0/14", payload: "+01:00", format: 0 }), "2.04");
	pair.client.registry.remove("/2/0/2/2");
	equal(pair.ask(2, { code: 1, path: "3/0/14", accept: 0 }), "4.01");
	equal(pair.ask(2, { code: 2, path: "3/0/4" }), "4.04", "the default allows to execute, there is nothing to");
	equal(pair.ask(2, { code: 3, path: "3/0", queries: ["pmin=1"] }), "4.01");
	equal(pair.ask(2, { code: 1, path: "3/0", accept: 40 }).slice(0, 4), "2.05", "Discover shows no values");
});

test("a Read of an object leaves out what the server may not read, and is refused where that is all", () => {
	const pair = new Pair().register();
	pair.rule(0, 3303, 0, 1, [[2, 0]]);
	equal(pair.ask(2, { code: 1, path: "3303", accept: 110 }), '2.05 [{"n":"/3303/1/5700","v":5}]');
	pair.rule(1, 3303, 1, 1, []);
	equal(pair.ask(2, { code: 1, path: "3303", accept: 110 }), "4.01");
	equal(pair.ask(1, { code: 1, path: "3303/0/5700", accept: 0 }), "2.05 21.5");
});

test("who creates an instance owns it; to create takes the right to", () => {
	const pair = new Pair().register();
	pair.rule(0, 16, 65535, 65535, [[2, 16]]);
	const payload = '[{"bn":"/16/0/","n":"0/0","vs":"x"}]';
	equal(pair.ask(1, { code: 2, path: "16", payload, format: 110 }), "4.01");
	equal(pair.ask(2, { code: 2, path: "16", payload, format: 110 }), "2.01");
	equal(pair.client.registry.get("/2/1/3"), 2);
	equal(pair.ask(1, { code: 4, path: "16/0" }), "4.01");
	equal(pair.ask(1, { code: 1, path: "16/0/0/0", accept: 0 }), "4.01");
	equal(pair.ask(2, { code: 4, path: "16/0" }), "2.02");
	ok(!pair.client.registry.has("/2/1"), "the rule goes with it");
});

test("a Write-Composite is refused as a whole where one of its instances may not be written", () => {
	const pair = new Pair().register();
	pair.rule(0, 3, 0, 1, [[2, 1]]);
	const payload = '[{"n":"/1/1/1","v":500},{"n":"/3/0/14","vs":"+09:00"}]';
	equal(pair.ask(2, { code: 7, payload, format: 110 }), "4.01");
	equal(pair.client.registry.get("/1/1/1"), 301);
});

test("rules are changed by their owner alone, and made by no server", () => {
	const pair = new Pair().register();
	pair.rule(0, 3, 0, 1, []);
	equal(pair.ask(2, { code: 1, path: "2/0/3", accept: 0 }), "2.05 1");
	equal(pair.ask(2, { code: 3, path: "2/0/3", payload: "2", format: 0 }), "4.01");
	equal(pair.ask(1, { code: 3, path: "2/0/3", payload: "2", format: 0 }), "2.04");
	equal(pair.ask(1, { code: 4, path: "2/0" }), "4.01");
});

test("with a single server nothing is refused for want of rights", () => {
	const pair = new Pair();
	pair.client.registry.delete("/0/1");
	pair.client.registry.delete("/1/1");
	pair.client.registry.set("/2/0/0", 3);
	pair.client.registry.set("/2/0/1", 0);
	pair.client.registry.set("/2/0/3", 9);
	pair.client.start();
	pair.platform.run();
	pair.answer(1, { code: 0x41, location: "rd/1" });
	const mid = 7;
	pair.socket(1).deliver(datagram({ type: 0, mid, code: 1, path: "3/0/14", accept: 0 }));
	equal(line(pair.take(1)), "2.05 +02:00");
});
