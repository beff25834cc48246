// A package that the device fetches by https: HTTP over TLS over TCP, in pieces of any size; what can go wrong with each, and
// the result that a server reads then; whose credentials serve.

import { security } from "../../objects/index.js";
import { Log, OFF } from "../../src/log.js";
import { Model } from "../../src/lwm2m/model.js";
import Dtls from "../../src/security/dtls.js";
import { dtls } from "../../src/security/dtls-factory.js";
import { tls } from "../../src/security/tls-factory.js";
import { tls as none } from "../../src/security/tls-none.js";
import { TlsStream } from "../../src/security/tls-stream.js";
import { TestPlatform } from "../support/platform.js";
import { failure, finished, goodBye, opened, protect, StreamSession } from "../support/stream-session.js";
import { ascii, equal, joined, ok, test, throws } from "../support/test.js";
import { FotaDevice, type FotaOptions } from "./fota-cases.js";
import { Fixture, image, TAG, whole } from "./http-cases.js";

const URI = "https://192.0.2.7/fw/image.bin";
const LENGTH = `Content-Length: ${image.length}\r\n`;

/** A device with TLS, and the server that it connects to. */
class SecureFixture extends Fixture {
	readonly sessions: StreamSession[];
	/** Hosts that were asked for credentials, with the Security instance. */
	readonly asked: string[];

	constructor(steps = 0) {
		const sessions: StreamSession[] = [];
		const asked: string[] = [];
		const made: FotaOptions["tls"] =
			({ platform, log }) =>
			(instance, host) => {
				asked.push(`${instance} ${host}`);
				const session = new StreamSession(steps);
				sessions.push(session);
				return (options) => new TlsStream(session, (tcp) => platform.openTcp(tcp), log, options);
			};
		super(new FotaDevice({ tls: made }).register());
		this.sessions = sessions;
		this.asked = asked;
	}

	override pull(uri = URI): this {
		super.pull(uri);
		this.device.platform.run();
		return this;
	}

	/** TCP is connected, the handshake is made; the request, once it has been sent. */
	handshake(pieceBytes?: number): this {
		this.flush();
		this.send(finished(), pieceBytes);
		this.flush();
		return this;
	}

	flush(): void {
		for (let i = 0; i < 100 && !this.tcp.isClosed; i++) this.tcp.options.onWritable(1000);
	}

	override request(): string {
		this.flush();
		return opened(Uint8Array.from(this.tcp.sentBytes));
	}

	get session(): StreamSession {
		return this.sessions[this.sessions.length - 1]!;
	}
}

test("a package comes over TLS in pieces of any size, in records of any length", () => {
	for (const [piece, recordBytes] of [
		[1, 1024],
		[7, 100],
		[511, 1024],
		[512, 1],
		[1460, 1000],
		[40_000, 1024],
	] as const) {
		const fixture = new SecureFixture().pull().handshake(piece);
		equal(
			fixture.request(),
			"<hello>GET /fw/image.bin HTTP/1.1\r\nHost: 192.0.2.7\r\nAccept-Encoding: identity\r\nConnection: close\r\n\r\n",
		);
		fixture.send(protect(whole(LENGTH), recordBytes), piece);
		equal([fixture.device.status, fixture.device.firmware.bytes], ["2/0", image], `${piece}, ${recordBytes}`);
		equal([fixture.tcp.isClosed, fixture.session.closes], [true, 1]);
	}
});

test("5/0/8 names coaps and https where the build has Mbed TLS, and there alone", () => {
	const { describe } = Dtls;
	const protocols = (device: FotaDevice) => device.request({ code: 1, path: "5/0/8", accept: 110 });
	const make = () => new FotaDevice({ dtls: dtls(), tls: tls() }).register();
	equal(protocols(make()), '2.05 [{"bn":"/5/0/8/","n":"0","v":0},{"n":"1","v":1},{"n":"2","v":2},{"n":"3","v":3}]');
	const without = [
		() => "",
		() => {
			throw new Error("no such native function");
		},
	];
	try {
		for (const none of without) {
			Dtls.describe = none;
			const device = make();
			equal(protocols(device), '2.05 [{"bn":"/5/0/8/","n":"0","v":0},{"n":"2","v":2}]');
			equal([device.pull("coaps://192.0.2.7/fw"), device.status], ["2.04", "0/9"]);
			equal(device.logged('"coaps://192.0.2.7/fw" has another scheme; possible are coap, http'), 1);
		}
	} finally {
		Dtls.describe = describe;
	}
});

test("5/0/8 names https where there is TLS, and there alone", () => {
	const protocols = (device: FotaDevice) => device.request({ code: 1, path: "5/0", accept: 110 }).includes('"8/3"');
	equal(protocols(new SecureFixture().device), true);
	equal(protocols(new FotaDevice({ tls: none() }).register()), false);
	const without = new FotaDevice().register();
	equal(protocols(without), false);
	equal([without.pull(URI), without.status], ["2.04", "0/9"]);
});

test("a handshake that computes leaves the loop in between, and takes nothing meanwhile", () => {
	const fixture = new SecureFixture(5).pull().handshake();
	equal(fixture.session.steps, 0);
	ok(fixture.request().endsWith("\r\n\r\n"));
	fixture.send(protect(whole(LENGTH)));
	equal([fixture.device.status, fixture.device.firmware.bytes], ["2/0", image]);

	const closed = new SecureFixture(5).pull();
	closed.flush();
	closed.tcp.push(finished());
	closed.tcp.options.onReadable(3);
	closed.end("reset by peer");
	equal([closed.session.steps, closed.session.closes, closed.device.status], [0, 1, "1/0"]);
	equal(closed.device.logged("the server closed the connection: reset by peer"), 1);

	// what the server said before it went is heard
	const refused = new SecureFixture(5).pull();
	refused.flush();
	refused.tcp.push(joined(finished(), failure(34, 40)));
	refused.tcp.options.onReadable(3);
	refused.end();
	equal([refused.session.steps, refused.session.closes, refused.device.status], [0, 1, "0/7"]);
});

test("a body up to the end counts where the server has said that it ends; cut short it is tried again", () => {
	const said = new SecureFixture().pull().handshake();
	said.send(protect(whole("Server: old\r\n"))).send(goodBye());
	equal([said.device.status, said.device.firmware.bytes, said.session.closes], ["2/0", image, 1]);

	const cut = new SecureFixture().pull().handshake();
	cut.send(protect(whole("Server: old\r\n"))).end();
	equal([cut.device.status, cut.device.logged("the server closed the connection; attempt 1")], ["1/0", 1]);

	// what comes with the end is read first
	const together = new SecureFixture().pull().handshake();
	together.tcp.push(protect(whole(LENGTH)));
	together.tcp.push(goodBye());
	together.end();
	equal([together.device.status, together.device.firmware.bytes], ["2/0", image]);
});

test("a connection that breaks off is made again, and asks for the rest", () => {
	const fixture = new SecureFixture().pull().handshake();
	fixture.send(protect(whole(`${LENGTH}ETag: ${TAG}\r\n`, image.slice(0, 10_000)))).end("reset by peer");
	equal(fixture.device.logged("closed the connection: reset by peer"), 1);
	fixture.device.platform.advance(13_000);
	fixture.handshake();
	ok(fixture.request().includes(`Range: bytes=8976-\r\nIf-Range: ${TAG}\r\n`), fixture.request());
	const range = "Content-Range: bytes 8976-29999/30000\r\nContent-Length: 21024\r\n";
	fixture.send(protect(whole(range, image.slice(8976), "206 Partial Content")));
	equal([fixture.device.status, fixture.device.firmware.bytes, fixture.sessions.length], ["2/0", image, 2]);
});

test("each failure of TLS has its result: 7 a server that is not trusted, 9 one that does not suit, 4 and 3 the others", () => {
	for (const [error, alert, status, line] of [
		[25, 45, "0/7", "TLS: the peer's certificate has expired (alert 45)"],
		[26, undefined, "0/7", "TLS: the peer's certificate is not valid yet"],
		[27, undefined, "0/7", "TLS: the server's certificate is for another host name"],
		[28, undefined, "0/7", "TLS: the peer's certificate is signed by an unknown authority"],
		[29, undefined, "0/7", "TLS: the server's certificate is not the configured one"],
		[22, 115, "0/7", "TLS: the pre-shared key identity is unknown to the server (alert 115)"],
		[23, 20, "0/7", "TLS: the pre-shared key is wrong"],
		[31, 42, "0/7", "TLS: the peer does not accept our certificate"],
		[34, 40, "0/7", "TLS: the peer refused the handshake (alert 40)"],
		[34, 80, "1/0", "TLS: the peer refused the handshake (alert 80); attempt 1 of 5"],
		[24, 40, "0/9", "TLS: no common cipher suite (alert 40)"],
		[36, 70, "0/9", "TLS: the peer does not speak version 1.2 (alert 70)"],
		[37, undefined, "0/9", "max_fragment_length"],
		[38, undefined, "0/9", "TLS: the peer's certificates are too long"],
		[35, undefined, "1/0", "TLS: the peer broke the protocol; attempt 1 of 5"],
		[1, undefined, "0/3", "TLS: out of memory"],
	] as const) {
		// at once, and at the end of a computation
		for (const steps of [0, 3]) {
			const fixture = new SecureFixture(steps).pull();
			fixture.flush();
			fixture.send(failure(error, alert));
			equal([fixture.device.status, fixture.device.logged(line)], [status, 1], line);
			equal([fixture.tcp.isClosed, fixture.session.closes], [true, 1], line);
		}
	}
});

test("credentials that cannot be used are result 9, a port without sockets is result 3", () => {
	const refusing = new Fixture(
		new FotaDevice({
			tls: () => () => {
				throw new Error("https: nothing to know it by");
			},
		}).register(),
	);
	refusing.pull(URI).device.platform.run();
	equal([refusing.device.status, refusing.device.logged("nothing to know it by")], ["0/9", 1]);
	const full = new SecureFixture();
	full.device.platform.openTcp = () => {
		throw new Error("no socket is left");
	};
	full.pull();
	equal([full.device.status, full.session.closes], ["0/3", 1]);
});

test("redirections lead to https, and never from there to http", () => {
	const to = (location: string) => `HTTP/1.1 302 Found\r\nLocation: ${location}\r\nContent-Length: 0\r\n\r\n`;
	const up = new SecureFixture().pull("http://192.0.2.7/image.bin");
	up.send(to(URI)).handshake();
	up.send(protect(ascii(to("https://192.0.2.8/other")))).handshake();
	equal([up.asked, up.tcp.options.port], [["0 192.0.2.7", "0 192.0.2.8"], 443]);
	up.send(protect(whole(LENGTH)));
	equal([up.device.status, up.sessions.map(({ closes }) => closes)], ["2/0", [1, 1]]);

	const down = new SecureFixture().pull().handshake();
	down.send(protect(ascii(to("http://192.0.2.7/image.bin"))));
	equal([down.device.status, down.session.closes], ["0/9", 1]);
	const without = new Fixture().pull("http://192.0.2.7/image.bin").send(to(URI));
	equal(without.device.status, "0/9");
});

test("a download that is cancelled ends its connection, with the good-bye", () => {
	const fixture = new SecureFixture().pull().handshake();
	fixture.send(protect(whole(LENGTH, image.slice(0, 5000))));
	equal(fixture.device.pull(""), "2.04");
	equal([fixture.tcp.isClosed, fixture.session.closes, fixture.device.status], [true, 1, "0/0"]);
});

test("a server that never answers the handshake: silent for 60 s, and in the end result 4", () => {
	const silent = new SecureFixture().pull();
	for (let i = 0; i < 200 && silent.device.logged("result 4") === 0; i++) silent.device.platform.advance(10_000);
	equal([silent.device.status, silent.sessions.length, silent.device.logged("silent for 60 s")], ["0/4", 6, 6]);
	equal(silent.sessions.map(({ closes }) => closes).join(""), "111111");
});

/** Credentials for a host, with the accounts that are in Security. */
function credentialsFor(host: string, authority: Uint8Array | undefined, ...modes: number[]): void {
	const model = new Model([security]);
	modes.forEach((mode, instance) => {
		model.createInstance(0, instance);
		model.assign(0, instance, 0, -1, `coaps://server${instance}.example:5684`);
		model.assign(0, instance, 2, -1, mode);
		model.assign(0, instance, 3, -1, Uint8Array.of(1).buffer);
		model.assign(0, instance, 5, -1, Uint8Array.of(2).buffer);
	});
	const platform = new TestPlatform();
	tls({ authority })({ model, platform, log: new Log(OFF, () => {}) })!(0, host);
}

test("an authority serves for every host, certificates for every one that they are good for, a key for the host that has it", () => {
	const KEY = 0;
	const CERTIFICATE = 2;
	const NONE = 3;
	credentialsFor("server0.example", undefined, KEY);
	credentialsFor("SERVER1.example", undefined, NONE, KEY);
	for (const [host, ...modes] of [
		["files.example", KEY],
		["server0.example", NONE],
		["server1.example", KEY],
	] as const)
		throws(() => credentialsFor(host, undefined, ...modes), "Error", `nothing to know ${host} by`);
	throws(
		() => credentialsFor("files.example", undefined, CERTIFICATE),
		"RangeError",
		"the server certificate (4) is missing",
	);
	throws(() => credentialsFor("files.example", ascii("no PEM"), KEY), "Error", "authority cannot be read");
});
