// Handlers that answer later: an empty acknowledgement at once, a separate response when the answer is there.
// RFC 7252 5.2.2.
import { DEFERRED_MS, DEFERRED_REQUESTS } from "../../src/config.js";
import { LATER } from "../../src/lwm2m/model.js";
import type { Ticket } from "../../src/lwm2m/registry.js";
import { type CoapMessage, integers } from "../support/coap.js";
import { equal, ok, test, throws } from "../support/test.js";
import { CaseDevice, formatOf, line, SENML_JSON, TEXT } from "./lwm2m-cases.js";

const CONTENT = 0x45;
const CHANGED = 0x44;

/** A device whose battery level, UTC offset and reboot answer later. */
class SlowDevice extends CaseDevice {
	tickets: Ticket[] = [];
	calls: string[] = [];

	constructor() {
		super();
		const { registry } = this;
		registry.set("/3/0/9", 50);
		registry.onRead("/3/0/9", () => this.#later("read"));
		registry.onWrite("/3/0/14", (value) => this.#later(`write ${value}`));
		registry.onExecute("/3/0/4", (parameters) => this.#later(`execute ${parameters}`));
		this.register();
	}

	#later(call: string) {
		this.calls.push(call);
		this.tickets.push(this.registry.defer());
		return LATER;
	}

	/** Answers the oldest ticket, and takes the response. */
	finish(code: number, value?: number): CoapMessage {
		ok(this.registry.answer(this.tickets.shift()!, code, value), "somebody waits");
		return this.takeAfter(0);
	}
}

/** The empty acknowledgement of a request. */
function isAcknowledgement(message: CoapMessage): boolean {
	return message.type === 2 && message.code === 0 && message.token.length === 0;
}

test("a Read that is put off is acknowledged, and answered in a confirmable message with its token", () => {
	const device = new SlowDevice();
	ok(isAcknowledgement(device.request({ code: 1, path: "3/0/9", accept: TEXT })));
	device.platform.run();
	ok(device.isQuiet);
	const response = device.finish(CONTENT, 77);
	equal([response.type, line(response), formatOf(response)], [0, "2.05 77", TEXT]);
	equal(response.token, Uint8Array.of(0xaa, device.mid));
	device.deliver({ type: 2, code: 0, mid: response.mid });
	device.platform.advance(100_000);
	ok(device.isQuiet);
	equal(device.calls, ["read"]);
	equal(device.registry.model.stored(3, 0, 9, -1), 77);
});

test("a response that is not acknowledged is repeated, and one that is answered by RST is not", () => {
	const device = new SlowDevice();
	device.request({ code: 1, path: "3/0/9" });
	const response = device.finish(CONTENT, 77);
	const again = device.takeAfter(3000);
	equal([again.mid, line(again)], [response.mid, "2.05 77"]);
	device.deliver({ type: 3, code: 0, mid: response.mid });
	device.platform.advance(100_000);
	ok(device.isQuiet);
	equal(device.get("3/0/3"), "2.05 1.0");
});

test("a Read may be refused later", () => {
	const device = new SlowDevice();
	device.request({ code: 1, path: "3/0/9" });
	equal(line(device.finish(0x84)), "4.04");
});

test("a Read of an instance waits for the one resource that is late", () => {
	const device = new SlowDevice();
	ok(isAcknowledgement(device.request({ code: 1, path: "3/0", accept: SENML_JSON })));
	const response = device.finish(CONTENT, 33);
	ok(line(response).includes('{"n":"9","v":33}'));
	ok(line(response).includes('{"n":"16","vs":"U"}'));
	equal(device.calls, ["read"]);
});

test("a Read of an instance waits for several that are late, one after the other", () => {
	const device = new SlowDevice();
	const tickets: Ticket[] = [];
	device.registry.onRead("/3/0/10", () => {
		tickets.push(device.registry.defer());
		return LATER;
	});
	ok(isAcknowledgement(device.request({ code: 1, path: "3/0", accept: SENML_JSON })));
	ok(device.registry.answer(device.tickets[0]!, CONTENT, 33));
	device.platform.run();
	ok(device.isQuiet, "it is acknowledged already");
	ok(device.registry.answer(tickets[0]!, CONTENT, 4096));
	const response = line(device.takeAfter(0));
	ok(response.includes('{"n":"9","v":33},{"n":"10","v":4096}'), response);
	equal(device.calls, ["read"]);
});

test("a Write that is put off is stored when the handler agrees", () => {
	const device = new SlowDevice();
	ok(isAcknowledgement(device.request({ code: 3, path: "3/0/14", format: TEXT, payload: "+05:00" })));
	equal(device.registry.get("/3/0/14"), "+02:00");
	equal(line(device.finish(CHANGED)), "2.04");
	equal(device.registry.get("/3/0/14"), "+05:00");
	equal(device.calls, ["write +05:00"]);
});

test("a Write that is refused later has changed nothing", () => {
	const device = new SlowDevice();
	device.request({
		code: 2,
		path: "3/0",
		format: SENML_JSON,
		payload: '[{"bn":"/3/0/","n":"14","vs":"+05:00"},{"n":"15","vs":"Europe/Berlin"}]',
	});
	equal(line(device.finish(0x83)), "4.03");
	equal([device.registry.get("/3/0/14"), device.registry.has("/3/0/15")], ["+02:00", false]);
});

test("a Write in blocks that is put off is stored whole", () => {
	const device = new SlowDevice();
	const payload = '[{"bn":"/3/0/","n":"14","vs":"+05:00"},{"n":"15","vs":"Europe/Berlin"}]';
	let answer: CoapMessage | undefined;
	for (let at = 0; at < payload.length; at += 32)
		answer = device.request({
			code: 2,
			path: "3/0",
			format: SENML_JSON,
			block1: (at / 32) * 16 + (at + 32 < payload.length ? 8 : 0) + 1,
			payload: payload.slice(at, at + 32),
		});
	ok(isAcknowledgement(answer!));
	// another transfer meanwhile
	device.request({ code: 3, path: "3/0/15", format: TEXT, block1: 8, payload: "x".repeat(16) });
	const response = device.finish(CHANGED);
	equal([line(response), integers(response, 27)], ["2.04", [2 * 16 + 1]]);
	equal([device.registry.get("/3/0/14"), device.registry.get("/3/0/15")], ["+05:00", "Europe/Berlin"]);
});

test("a Write whose instance has gone meanwhile is answered with 4.04", () => {
	const device = new SlowDevice();
	const { registry } = device;
	let ticket = 0;
	registry.create("/3441/0");
	registry.onWrite("/3441/*/1", () => {
		ticket = registry.defer();
		return LATER;
	});
	device.request({ code: 3, path: "3441/0/1", format: TEXT, payload: "x" });
	registry.delete("/3441/0");
	ok(registry.answer(ticket, CHANGED));
	device.platform.run();
	device.answerUpdates();
	equal(line(device.take()), "4.04");
});

test("an Execute that is put off is answered with what the handler says then", () => {
	for (const [code, expected] of [
		[CHANGED, "2.04"],
		[0xa0, "5.00"],
	] as const) {
		const device = new SlowDevice();
		ok(isAcknowledgement(device.request({ code: 2, path: "3/0/4", payload: "0='x'" })));
		equal(line(device.finish(code)), expected);
		equal(device.calls, ["execute 0='x'"]);
	}
});

test("a Create cannot be put off: 5.00, and nothing is created", () => {
	const device = new SlowDevice();
	const { registry } = device;
	let ticket = 0;
	registry.onWrite("/3441/*/1", () => {
		ticket = registry.defer();
		return LATER;
	});
	equal(device.post("3441", '[{"n":"/3441/0/1","vs":"x"}]', SENML_JSON), "5.00");
	equal(device.logged("a Create cannot be put off").length, 1);
	ok(!registry.has("/3441/0"));
	equal(registry.answer(ticket, CHANGED), false);
});

test("a repeated request that has been put off is acknowledged again, and its handler not run again", () => {
	for (const fields of [
		{ code: 1, path: "3/0/9" },
		{ code: 3, path: "3/0/14", format: TEXT, payload: "+05:00" },
		{ code: 2, path: "3/0/4" },
	]) {
		const device = new SlowDevice();
		const request = { type: 0, mid: 77, token: Uint8Array.of(1), ...fields };
		for (let i = 0; i < 3; i++) {
			device.deliver(request);
			ok(isAcknowledgement(device.take()));
			ok(device.isQuiet);
		}
		equal(device.calls.length, 1);
		const response = fields.code === 1 ? device.finish(CONTENT, 5) : device.finish(CHANGED);
		equal(response.token, Uint8Array.of(1));
		device.deliver({ type: 2, code: 0, mid: response.mid });
		if (fields.code === 1) continue;
		// a late repetition of what is no Read
		device.deliver(request);
		ok(isAcknowledgement(device.take()));
		equal(device.calls.length, 1);
	}
});

test("a request that is not confirmable is put off without a word, and answered all the same", () => {
	const device = new SlowDevice();
	device.deliver({ type: 1, code: 1, mid: 9, token: Uint8Array.of(3), path: "3/0/9" });
	ok(device.isQuiet);
	const response = device.finish(CONTENT, 5);
	equal([line(response), response.token], ["2.05 5", Uint8Array.of(3)]);
});

test("no more than a number of requests is put off: the next one is answered with 5.03", () => {
	const device = new SlowDevice();
	for (let i = 0; i < DEFERRED_REQUESTS; i++) ok(isAcknowledgement(device.request({ code: 1, path: "3/0/9" })));
	equal(device.get("3/0/9"), "5.03");
	equal(device.logged("requests are put off already").length, 1);
	equal(device.get("3/0/3"), "2.05 1.0");
	equal(line(device.finish(CONTENT, 1)), "2.05 1");
	ok(isAcknowledgement(device.request({ code: 1, path: "3/0/9" })));
});

test("a request that nobody answers is answered with 5.03 after a while", () => {
	const device = new SlowDevice();
	device.request({ code: 1, path: "3/0/9" });
	device.platform.advance(DEFERRED_MS - 1);
	ok(device.isQuiet);
	const response = device.takeAfter(1);
	equal([response.type, line(response)], [0, "5.03"]);
	device.deliver({ type: 2, code: 0, mid: response.mid });
	equal(device.registry.answer(device.tickets[0]!, CONTENT, 5), false);
	equal(device.registry.model.stored(3, 0, 9, -1), 50);
});

test("a request is answered once: a second answer, or one to no ticket, is false", () => {
	const device = new SlowDevice();
	device.request({ code: 1, path: "3/0/9" });
	const [ticket] = device.tickets;
	equal(device.registry.answer(ticket!, CONTENT, 5), true);
	equal(device.registry.answer(ticket!, CONTENT, 6), false);
	device.platform.run();
	equal(line(device.take()), "2.05 5");
	equal(device.registry.answer(ticket!, CONTENT, 7), false);
	equal(device.registry.answer(0, CONTENT, 7), false);
	equal(device.registry.answer(999, CHANGED), false);
	ok(device.isQuiet);
});

test("an answer to a Read takes CONTENT and a value that the resource can hold", () => {
	const device = new SlowDevice();
	device.request({ code: 1, path: "3/0/9" });
	const [ticket] = device.tickets;
	throws(() => device.registry.answer(ticket!, CONTENT), "TypeError", "a value");
	throws(() => device.registry.answer(ticket!, CHANGED), "TypeError");
	throws(() => device.registry.answer(ticket!, CONTENT, 101), "TypeError", "0 to 100");
	throws(() => device.registry.answer(ticket!, CONTENT, "full"), "TypeError");
	equal(line(device.finish(CONTENT, 100)), "2.05 100");
});

test("a handler that answers later without a ticket is a 5.00", () => {
	const device = new CaseDevice().register();
	device.registry.onRead("/3/0/9", () => LATER);
	device.registry.onExecute("/3/0/4", () => LATER);
	equal(device.get("3/0/9"), "5.00");
	equal(device.post("3/0/4"), "5.00");
	equal(device.logged("without having taken a ticket").length, 2);
});

test("an answer that is given within the handler of another request reaches the one it is for", () => {
	const device = new SlowDevice();
	device.request({ code: 1, path: "3/0/9", token: Uint8Array.of(1, 1) });
	device.registry.onExecute("/3/0/12", () => {
		device.registry.answer(device.tickets[0]!, CONTENT, 5);
	});
	const answer = device.request({ code: 2, path: "3/0/12", token: Uint8Array.of(2, 2) });
	equal([answer.type, line(answer), answer.token], [2, "2.04", Uint8Array.of(2, 2)]);
	const response = device.take();
	equal([line(response), response.token], ["2.05 5", Uint8Array.of(1, 1)]);
});

test("an Observe that is put off begins with its answer, and ends where that refuses", () => {
	const device = new SlowDevice();
	ok(isAcknowledgement(device.request({ code: 1, path: "3/0/9", accept: TEXT, observe: 0 })));
	const response = device.finish(CONTENT, 60);
	equal([line(response), integers(response, 6).length], ["2.05 60", 1]);
	equal(device.client.observations.count, 1);
	device.deliver({ type: 2, code: 0, mid: response.mid });
	device.platform.run();
	ok(device.isQuiet, "the value in the answer is not notified again");
	device.request({ code: 1, path: "3/0/9", observe: 1 });
	device.finish(CONTENT, 60);
	device.request({ code: 1, path: "3/0/9", observe: 0 });
	equal(line(device.finish(0x84)), "4.04");
	equal(device.client.observations.count, 0);
});

test("a notification does not wait: where the handler would answer later, it carries the stored value", () => {
	const device = new SlowDevice();
	device.request({ code: 1, path: "3/0/9", accept: TEXT, observe: 0 });
	const response = device.finish(CONTENT, 60);
	device.deliver({ type: 2, code: 0, mid: response.mid });
	device.registry.set("/3/0/9", 61);
	equal(line(device.takeAfter(0)), "2.05 61");
	equal(device.tickets, [0]);
	equal(device.logged("failed").length, 0);
});

test("the device itself gets the stored value where the handler would answer later", () => {
	const device = new SlowDevice();
	equal(device.registry.get("/3/0/9"), 50);
});

test("what was put off is forgotten when the client stops", () => {
	const device = new SlowDevice();
	device.request({ code: 1, path: "3/0/9" });
	device.client.stop();
	device.reply(device.takeAfter(0), { code: 0x42 });
	equal(device.registry.answer(device.tickets[0]!, CONTENT, 5), false);
	device.platform.advance(DEFERRED_MS);
	ok(device.isQuiet);
});
