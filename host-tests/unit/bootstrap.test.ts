// Bootstrap: every edge of its table, each operation, and what a failure leaves. OMA-TS-LightweightM2M_Core-V1_1_1 6.1.
import { BOOTSTRAP_RETRY_SECONDS, BOOTSTRAP_SILENCE_SECONDS, REOPEN_SECONDS, RETRY_SECONDS } from "../../src/config.js";
import {
	BOOTSTRAP_REG_COMPLETE,
	BOOTSTRAP_REG_FAILURE,
	BOOTSTRAP_TRANSFER_COMPLETE,
	REGISTRATION_COMPLETE,
} from "../../src/lwm2m/event.js";
import { texts } from "../support/coap.js";
import { equal, hex, ok, test, throws } from "../support/test.js";
import { CaseDevice, line, SENML_JSON, TEXT, TLV, uri } from "./lwm2m-cases.js";

const SERVER_URI = "coap://192.0.2.1:5683";
const SECURITY = '[{"n":"0","vs":"coap://192.0.2.1:5683"},{"n":"1","vb":false},{"n":"2","v":3},{"n":"10","v":7}]';
const SERVER = '[{"n":"0","v":7},{"n":"1","v":60},{"n":"6","vb":true},{"n":"7","vs":"U"}]';

/** A device with nothing but the account of a bootstrap server. */
function blank(enabler: "1.0" | "1.1" = "1.1"): CaseDevice {
	const device = new CaseDevice(enabler);
	const { registry } = device;
	registry.delete("/0/0");
	registry.delete("/1/0");
	registry.set("/0/5/0", "coap://192.0.2.9:5783");
	registry.set("/0/5/1", true);
	registry.set("/0/5/2", 3);
	return device;
}

/** The same, and its Bootstrap-Request has been answered. */
function asked(device = blank()): CaseDevice {
	device.client.start();
	device.platform.run();
	device.reply(device.take(), { code: 0x44 });
	return device;
}

function json(device: CaseDevice, path: string, payload: string): string {
	return device.put(path, payload.replace("[{", `[{"bn":"/${path}/",`), SENML_JSON);
}

test("LightweightM2M-1.1-int-0: a device without a server is given one by the bootstrap server, and registers", () => {
	const device = blank();
	device.client.start();
	device.platform.run();
	equal(device.platform.socket.options.port, 5783);
	const request = device.take();
	equal([request.type, request.code, uri(request)], [0, 2, "bs?ep=d1&pct=112"]);
	device.reply(request, { code: 0x44 });
	equal(device.events, [BOOTSTRAP_REG_COMPLETE]);
	equal(device.logged("Bootstrap registration done (EP='d1')").length, 1);
	const bootstrapSocket = device.platform.socket;
	equal(json(device, "0/3", SECURITY), "2.04");
	equal(json(device, "1/2", SERVER), "2.04");
	device.mid++;
	device.deliver({ type: 0, code: 2, mid: device.mid, path: "bs" });
	equal(bootstrapSocket.take()?.[1], 0x44);
	equal(device.logged("Bootstrap transfer complete").length, 1);
	ok(bootstrapSocket.isClosed);
	equal(device.events, [BOOTSTRAP_REG_COMPLETE, BOOTSTRAP_TRANSFER_COMPLETE]);
	device.platform.run();
	equal(device.platform.socket.options.port, 5683);
	const register = device.take();
	equal(uri(register), "rd?lwm2m=1.1&ep=d1&lt=60");
	device.reply(register, { code: 0x41, location: "rd/1" });
	equal(device.events[2], REGISTRATION_COMPLETE);
	equal(device.client.servers[0]!.shortServerId, 7);
	ok((device.registry.get("/1/2/12") ?? 0) > 0, "last bootstrapped");
});

test("credentials for SMS may be empty, and have no other length than the standard's", () => {
	const sms = (parameters: string, secret: string) =>
		json(asked(), "0/3", SECURITY.replace("]", `,{"n":"7","vd":"${parameters}"},{"n":"8","vd":"${secret}"}]`));
	equal(sms("", ""), "2.04");
	equal(sms("AAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAA"), "2.04");
	equal(sms("AAAAAA", ""), "4.00");
	equal(sms("", "AA"), "4.00");
});

test("a device of 1.0 asks without a preferred format", () => {
	const device = blank("1.0");
	device.client.start();
	device.platform.run();
	equal(uri(device.take()), "bs?ep=d1");
});

test("LightweightM2M-1.1-int-4: Bootstrap-Delete takes what it names, but not the bootstrap account or the device", () => {
	const device = asked();
	provisionOnly(device);
	device.registry.create("/16/1");
	equal(device.delete("16/1"), "2.02");
	equal(device.delete("16/1"), "4.04");
	equal(device.delete("0/5"), "4.00");
	equal(device.delete("3/0"), "4.00");
	equal(device.delete("99"), "4.04");
	equal(device.delete("3/0/1"), "4.05");
	equal(device.delete("0"), "2.02");
	equal(device.client.registry.model.objects[0]!.instanceIds, [5]);
	equal(device.client.registry.model.objects[1]!.instanceIds, [2]);
	equal(device.delete(""), "2.02");
	equal(device.client.registry.model.objects[0]!.instanceIds, [5]);
	equal(device.client.registry.model.objects[1]!.instanceIds, []);
	ok(device.registry.has("/3/0"));
	ok(!device.registry.has("/3303/0"));
});

function provisionOnly(device: CaseDevice): void {
	equal(json(device, "0/3", SECURITY), "2.04");
	equal(json(device, "1/2", SERVER), "2.04");
}

test("Bootstrap-Write takes any resource, whatever its operations, and all of its formats", () => {
	const device = asked();
	equal(device.put("0/1/0", SERVER_URI, TEXT), "2.04");
	equal(device.put("0/1/1", "0", TEXT), "2.04");
	equal(device.put("0/1", hex("c800 00 c1 0100 c1 0203 c1 0a09".replace("c800 00 ", "")), TLV), "2.04");
	equal(device.registry.get("/0/1/10"), 9);
	equal(device.registry.get("/0/1/0"), undefined, "an instance is overwritten as a whole");
	equal(device.put("1/0/0", "9", TEXT), "2.04");
	equal(device.put("3441/10/1", "text", TEXT), "2.04");
	equal(device.put("3441/10/33", "5", TEXT), "2.04");
	equal(device.registry.get("/3441/10/1"), "text");
	equal(device.put("3441/10/99", "5", TEXT), "4.04");
	equal(device.put("99/0", "[]", SENML_JSON), "4.04");
	equal(device.put("3441/10/2", "no number", TEXT), "4.00");
	equal(device.put("1/0", "x", TEXT), "4.15");
	equal(device.put("1/0", "x", 9999), "4.15");
	equal(device.post("1/0", "x", TEXT), "4.05");
});

test("the bootstrap server's own account may have the short server id 0 or 65535, which means none", () => {
	const device = asked();
	equal(json(device, "0/5", SECURITY.replace('"v":7', '"v":65535').replace("false", "true")), "2.04");
	equal(device.registry.get("/0/5/10"), undefined);
	provisionOnly(device);
});

test("LightweightM2M-1.1-int-8: Bootstrap-Read gives Server and Access Control, and nothing else", () => {
	const device = asked();
	provisionOnly(device);
	equal(
		device.get("1/2", SENML_JSON),
		'2.05 [{"bn":"/1/2/","n":"0","v":7},{"n":"1","v":60},{"n":"6","vb":true},{"n":"7","vs":"U"}]',
	);
	equal(device.get("1").slice(0, 4), "2.05");
	equal(device.get("0/3"), "4.05");
	equal(device.get("3/0"), "4.05");
	equal(device.get("1/9"), "4.04");
	equal(device.get("1/2", 0), "4.06");
});

test("Bootstrap-Discover names every instance, with short server ids and URIs", () => {
	const device = asked();
	provisionOnly(device);
	equal(
		device.discover(""),
		'2.05 </>;lwm2m=1.1,</0>;ver=1.1,</0/3>;ssid=7;uri="coap://192.0.2.1:5683",</0/5>;uri="coap://192.0.2.9:5783",</1>;ver=1.1,</1/2>;ssid=7,</3>;ver=1.1,</3/0>,</6>,</16>,</3303>;ver=1.1,</3303/0>,</3441>',
	);
	equal(device.discover("1"), "2.05 </>;lwm2m=1.1,</1>;ver=1.1,</1/2>;ssid=7");
	equal(device.discover("1/2"), "4.05");
	equal(device.discover("99"), "4.04");
	const old = asked(blank("1.0"));
	equal(old.discover("0"), '2.05 lwm2m="1.0",</0/5>');
});

test("LightweightM2M-1.1-int-9: Finish is refused while the configuration is not consistent", () => {
	const device = asked();
	equal(device.post("bs"), "4.06");
	equal(json(device, "0/3", SECURITY), "2.04");
	equal(device.post("bs"), "4.06");
	equal(json(device, "1/2", SERVER.replace('"v":7', '"v":8')), "2.04");
	equal(device.post("bs"), "4.06");
	equal(device.put("1/2/0", "7", TEXT), "2.04");
	equal(device.put("0/3/0", "http://x", TEXT), "2.04");
	equal(device.post("bs"), "4.06");
	equal(device.put("0/3/0", SERVER_URI, TEXT), "2.04");
	equal(device.get("bs"), "4.05");
	equal(device.logged("Bootstrap transfer complete").length, 0);
});

test("LightweightM2M-1.1-int-6: a device with credentials does not bootstrap; without them it does", () => {
	const device = new CaseDevice();
	device.registry.set("/0/5/0", "coap://192.0.2.9:5783");
	device.registry.set("/0/5/1", true);
	device.register();
	equal(device.platform.sockets.length, 1);
	device.client.stop();
	device.reply(device.takeAfter(0), { code: 0x42 });
	device.registry.delete("/0/0");
	device.client.start();
	device.platform.run();
	equal(uri(device.take()), "bs?ep=d1&pct=112");
});

test("LightweightM2M-1.1-int-7: a device whose server does not answer falls back to a bootstrap", () => {
	const device = new CaseDevice();
	device.registry.set("/0/5/0", "coap://192.0.2.9:5783");
	device.registry.set("/0/5/1", true);
	device.client.start();
	device.platform.run();
	for (let i = 0; i < 3000 && device.platform.sockets.length === 1; i++) device.platform.advance(1000);
	equal(device.platform.socket.options.port, 5783);
	equal(uri(device.take()), "bs?ep=d1&pct=112");
});

test("LightweightM2M-1.1-int-7: a server whose name is not found, or whose URI cannot be used, counts as one that does not answer", () => {
	for (const where of ["coap://nowhere.example", "coaps://192.0.2.1"]) {
		const device = new CaseDevice();
		device.registry.set("/0/0/0", where);
		device.registry.set("/0/5/0", "coap://192.0.2.9:5783");
		device.registry.set("/0/5/1", true);
		device.client.start();
		const tries = RETRY_SECONDS * (1 + 2 + 4 + 8) * 1000;
		device.platform.advance(tries - 1);
		equal(device.platform.sockets.length, 0);
		device.platform.advance(1);
		equal(uri(device.take()), "bs?ep=d1&pct=112");
	}
});

test("a name that is found at last is registered at, and the next failure is the first again", () => {
	const device = new CaseDevice();
	device.registry.set("/0/0/0", "coap://late.example");
	device.client.start();
	device.platform.advance(RETRY_SECONDS * 3000 - 1);
	device.platform.names.set("late.example", "192.0.2.1");
	equal(uri(device.takeAfter(1)), "rd?lwm2m=1.1&ep=d1&lt=300");
	ok(device.isQuiet);
});

test("a server that does not want that is waited for instead", () => {
	const device = new CaseDevice();
	device.registry.set("/0/5/0", "coap://192.0.2.9:5783");
	device.registry.set("/0/5/1", true);
	device.registry.set("/1/0/16", false);
	device.client.start();
	device.platform.advance(3_000_000);
	equal(device.platform.sockets.length, 1);
});

test("LightweightM2M-1.1-int-5: Execute of the bootstrap trigger deregisters and bootstraps; without an account it is refused", () => {
	const device = new CaseDevice().register();
	equal(device.post("1/0/9"), "4.05");
	device.registry.set("/0/5/0", "coap://192.0.2.9:5783");
	device.registry.set("/0/5/1", true);
	device.mid++;
	device.deliver({ type: 0, code: 2, mid: device.mid, path: "1/0/9" });
	equal(line(device.take()), "2.04");
	device.platform.run();
	const request = device.take();
	equal([request.code, uri(request)], [4, "rd/5a3f"]);
	device.reply(request, { code: 0x42 });
	equal(device.logged("Server Initiated Bootstrap").length, 1);
	device.platform.run();
	equal(uri(device.take()), "bs?ep=d1&pct=112");
});

test("a bootstrap that is broken off leaves the configuration as it was, and the device registers with it", () => {
	const device = new CaseDevice().register();
	device.registry.set("/0/5/0", "coap://192.0.2.9:5783");
	device.registry.set("/0/5/1", true);
	device.client.bootstrap();
	device.platform.run();
	device.reply(device.take(), { code: 0x42 });
	device.platform.run();
	device.reply(device.take(), { code: 0x44 });
	equal(device.delete(""), "2.02");
	equal(json(device, "0/3", SECURITY), "2.04");
	equal(device.registry.get("/0/0/0"), undefined);
	device.platform.advance(BOOTSTRAP_SILENCE_SECONDS * 1000);
	equal(device.events.filter((event) => event === BOOTSTRAP_REG_FAILURE).length, 1);
	equal([device.registry.get("/0/0/0"), device.registry.get("/1/0/1")], [SERVER_URI, 300]);
	equal([device.registry.has("/0/3"), device.registry.get("/3303/0/5700")], [false, 21.5]);
	equal(uri(device.take()), "rd?lwm2m=1.1&ep=d1&lt=300");
});

test("a bootstrap that is refused, or not answered, is tried again later and later", () => {
	const device = blank();
	device.client.start();
	device.platform.run();
	device.reply(device.take(), { code: 0x80 });
	equal(device.events, [BOOTSTRAP_REG_FAILURE]);
	equal(device.logged("Failed with code 4.00").length, 1);
	device.platform.advance(BOOTSTRAP_RETRY_SECONDS * 1000 - 1);
	ok(device.isQuiet);
	const again = device.takeAfter((BOOTSTRAP_RETRY_SECONDS * 1000) / 4 + 1);
	equal(uri(again), "bs?ep=d1&pct=112");
	device.platform.advance(100_000);
	equal(device.events.length, 2);
	device.platform.socket.sent = [];
	device.platform.advance(BOOTSTRAP_RETRY_SECONDS * 2000 * 1.25);
	device.reply(device.take(), { code: 0x44 });
	equal(device.events[2], BOOTSTRAP_REG_COMPLETE);
});

test("a bootstrap server that cannot be reached is tried later and later", () => {
	const device = blank();
	device.registry.set("/0/5/0", "coap://bs.example");
	device.client.start();
	device.platform.run();
	for (const factor of [1, 2, 4]) {
		const count = device.logged("bs.example: no such host").length;
		let seconds = 0;
		for (; device.logged("bs.example: no such host").length === count; seconds++) device.platform.advance(1000);
		// a quarter more at random
		ok(seconds >= REOPEN_SECONDS * factor && seconds <= REOPEN_SECONDS * factor * 1.25 + 1, `${seconds} s`);
	}
	device.platform.names.set("bs.example", "192.0.2.9");
	device.platform.advance(REOPEN_SECONDS * 10_000);
	equal(uri(device.take()), "bs?ep=d1&pct=112");
});

test("the hold-off time is waited, in which the server may begin by itself", () => {
	const device = blank();
	device.registry.set("/0/5/11", 100);
	device.client.start();
	device.platform.advance(99_000);
	ok(device.isQuiet);
	equal(uri(device.takeAfter(1000)), "bs?ep=d1&pct=112");

	const other = blank();
	other.registry.set("/0/5/11", 100);
	other.client.start();
	other.platform.run();
	equal(json(other, "0/3", SECURITY), "2.04");
	equal(other.logged("Server Initiated Bootstrap").length, 1);
	other.platform.advance(120_000);
	ok(other.isQuiet, "it is not asked any more");
});

test("the account of the bootstrap server goes after its time-out", () => {
	const device = asked(
		(() => {
			const one = blank();
			one.registry.set("/0/5/12", 50);
			return one;
		})(),
	);
	provisionOnly(device);
	device.mid++;
	device.deliver({ type: 0, code: 2, mid: device.mid, path: "bs" });
	device.platform.run();
	device.reply(device.take(), { code: 0x41, location: "rd/1" });
	device.platform.advance(49_000);
	ok(device.registry.has("/0/5"));
	device.platform.advance(2000);
	ok(!device.registry.has("/0/5"));
});

test("a bootstrap that leads nowhere does not repeat at once", () => {
	const device = asked();
	provisionOnly(device);
	device.mid++;
	device.deliver({ type: 0, code: 2, mid: device.mid, path: "bs" });
	device.platform.run();
	device.reply(device.take(), { code: 0x83 });
	device.platform.run();
	equal(device.platform.sockets.length, 3, "it is refused: a bootstrap begins");
	device.platform.advance(BOOTSTRAP_RETRY_SECONDS * 1000 - 1);
	ok(device.isQuiet);
	equal(texts(device.takeAfter(1), 11), ["bs"]);
});

test("to stop ends a bootstrap; to ask for one without an account is refused", () => {
	const device = asked();
	equal(json(device, "0/3", SECURITY), "2.04");
	let stopped = 0;
	device.client.stop(() => stopped++);
	equal([stopped, device.platform.socket.isClosed, device.registry.has("/0/3")], [1, true, false]);
	throws(() => new CaseDevice().client.bootstrap(), "RangeError", "account");
});
