// A package that the device fetches by HTTP/1.1: heads and bodies in pieces of any size, ranges, redirections, servers
// that break off. RFC 9110, RFC 9112.
import { imageOf } from "../support/firmware.js";
import { ascii, equal, joined, ok, randomFrom, test } from "../support/test.js";
import { Fixture, image, TAG, whole } from "./http-cases.js";

test("a package comes with a length, in chunks, and up to the end of the connection, in pieces of any size", () => {
	const random = randomFrom(17);
	for (const piece of [1, 2, 7, 100, 1499, 1500, 1501, 40_000]) {
		const byLength = new Fixture().pull();
		equal(
			byLength.request(),
			"GET /fw/image.bin?v=2 HTTP/1.1\r\nHost: 192.0.2.7:8080\r\nAccept-Encoding: identity\r\nConnection: close\r\n\r\n",
		);
		byLength.send(whole(`content-length: ${image.length}\r\nETag: ${TAG}\r\nX-Long: ${"x".repeat(500)}\r\n`), piece);
		equal([byLength.device.status, byLength.device.firmware.bytes, byLength.tcp.isClosed], ["2/0", image, true]);

		const inChunks = new Fixture().pull();
		inChunks.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", piece);
		for (let at = 0; at < image.length; ) {
			const count = Math.min(1 + random(3000), image.length - at);
			inChunks.send(`${count.toString(16)};name=value\r\n`, piece);
			inChunks.send(image.slice(at, at + count), piece);
			inChunks.send("\r\n", piece);
			at += count;
		}
		inChunks.send("0\r\nTrailer: x\r\n\r\n", piece);
		equal([inChunks.device.status, inChunks.device.firmware.bytes], ["2/0", image]);

		const toTheEnd = new Fixture().pull();
		toTheEnd.send(whole("Server: old\n"), piece).end();
		equal([toTheEnd.device.status, toTheEnd.device.firmware.bytes], ["2/0", image]);
	}
});

test("a connection that breaks off: the next one asks for the rest, by ETag, by date, or with neither", () => {
	for (const [header, condition] of [
		[`ETag: ${TAG}\r\n`, `If-Range: ${TAG}\r\n`],
		["Last-Modified: Sat, 21 Nov 2026 00:00:00 GMT\r\n", "If-Range: Sat, 21 Nov 2026 00:00:00 GMT\r\n"],
		['ETag: W/"weak"\r\n', ""],
	] as const) {
		const fixture = new Fixture().pull();
		fixture.send(whole(`Content-Length: ${image.length}\r\n${header}`, image.slice(0, 10_000))).end("reset by peer");
		fixture.device.platform.advance(13_000);
		equal(fixture.connections.length, 2);
		ok(fixture.request().includes(`Range: bytes=8976-\r\n${condition}`), fixture.tcp.sent);
		const range = `Content-Range: bytes 8976-29999/30000\r\nContent-Length: 21024\r\n`;
		fixture.send(whole(range, image.slice(8976), "206 Partial Content"));
		equal(
			[fixture.device.status, fixture.device.firmware.bytes, fixture.device.firmware.written],
			["2/0", image, 30_000],
		);
	}
});

test("a restart goes on where it was stored; a server without ranges sends all, and nothing is written twice", () => {
	const first = new Fixture().pull();
	first.send(whole(`Content-Length: ${image.length}\r\n`, image.slice(0, 20_000)));
	const next = new Fixture(first.device.restarted());
	next.device.register();
	ok(next.request().includes("Range: bytes=15360-\r\n"), next.tcp.sent);
	next.send(whole(`Content-Length: ${image.length}\r\n`));
	equal(
		[next.device.status, next.device.firmware.bytes, next.device.firmware.written],
		["2/0", image, 30_000 - 16_384],
	);
});

test("another package than before is fetched from the beginning", () => {
	const other = imageOf(20_000, 3, 11);
	const changes: [string, Uint8Array][] = [
		[`HTTP/1.1 200 OK\r\nETag: "other"\r\nContent-Length: 20000\r\n\r\n`, other],
		["HTTP/1.1 416 Range Not Satisfiable\r\nContent-Length: 0\r\n\r\n", new Uint8Array(0)],
		["HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 8976-19999/20000\r\n\r\n", other.slice(8976)],
		[
			"HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 8976-29999/30000\r\n\r\n",
			imageOf(30_000, 3, 11).slice(8976),
		],
	];
	for (const [head, body] of changes) {
		const fixture = new Fixture().pull();
		fixture.send(whole(`Content-Length: ${image.length}\r\n`, image.slice(0, 10_000))).end("gone");
		fixture.device.platform.advance(13_000);
		fixture.send(joined(ascii(head), body));
		fixture.device.platform.advance(1000);
		equal(fixture.device.logged("from the beginning"), 1, head);
		ok(!fixture.request().includes("Range"), head);
		fixture.send(whole("Content-Length: 20000\r\n", other));
		equal([fixture.device.status, fixture.device.firmware.bytes], ["2/0", other], head);
	}
});

test("redirections are followed, three of them, and to no other protocol", () => {
	const fixture = new Fixture().pull();
	fixture.send("HTTP/1.1 302 Found\r\nLocation: /other?x=1\r\nContent-Length: 0\r\n\r\n");
	ok(fixture.request().startsWith("GET /other?x=1 HTTP/1.1\r\nHost: 192.0.2.7:8080\r\n"), fixture.tcp.sent);
	fixture.send("HTTP/1.1 307 Temporary Redirect\r\nLocation: http://192.0.2.8/third\r\n\r\n");
	equal([fixture.tcp.options.address, fixture.tcp.options.port], ["192.0.2.8", 80]);
	ok(fixture.request().startsWith("GET /third HTTP/1.1\r\nHost: 192.0.2.8\r\n"), fixture.tcp.sent);
	fixture.send(whole(`Content-Length: ${image.length}\r\n`));
	equal([fixture.device.status, fixture.device.firmware.bytes], ["2/0", image]);

	const round = new Fixture().pull();
	for (let i = 0; i < 4; i++) round.send("HTTP/1.1 301 Moved\r\nLocation: /again\r\n\r\n");
	equal([round.device.status, round.device.logged("more than 3 redirections")], ["0/7", 1]);
	equal(new Fixture().pull().send("HTTP/1.1 302 Found\r\nLocation: ftp://h/x\r\n\r\n").device.status, "0/7");
	equal(new Fixture().pull().send("HTTP/1.1 302 Found\r\nLocation: coap://h/x\r\n\r\n").device.status, "0/9");
});

test("what a server refuses is result 7; what passes is tried again", () => {
	for (const status of ["404 Not Found", "403 Forbidden", "401 Unauthorized", "410 Gone", "204 No Content"])
		equal(new Fixture().pull().send(`HTTP/1.1 ${status}\r\n\r\n`).device.status, "0/7", status);
	for (const answer of [
		"HTTP/1.1 503 Busy\r\n\r\n",
		"HTTP/1.1 429 Slow down\r\n\r\n",
		"SSH-2.0-x\r\n",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
	]) {
		const fixture = new Fixture().pull().send(answer);
		equal(fixture.device.status, "1/0", answer);
		fixture.device.platform.advance(13_000);
		fixture.send("HTTP/1.1 100 Continue\r\n\r\n").send(whole(`Content-Length: ${image.length}\r\n`));
		equal([fixture.device.status, fixture.device.firmware.bytes], ["2/0", image], answer);
	}
});

test("a server that falls silent, closes early or takes no connection: result 4 in the end", () => {
	const silent = new Fixture().pull();
	for (let i = 0; i < 200 && silent.device.logged("result 4") === 0; i++) silent.device.platform.advance(10_000);
	equal([silent.device.status, silent.connections.length, silent.device.logged("silent for 60 s")], ["0/4", 6, 6]);
	const early = new Fixture().pull();
	early.send(whole(`Content-Length: ${image.length}\r\n`, image.slice(0, 5000))).end();
	for (let i = 0; i < 100 && early.device.logged("result 4") === 0; i++) {
		early.device.platform.advance(10_000);
		early.end("refused");
	}
	equal(early.device.status, "0/4");
	const full = new Fixture();
	full.device.platform.openTcp = () => {
		throw new Error("no socket is left");
	};
	full.pull().device.platform.run();
	equal([full.device.status, full.device.logged("no socket is left")], ["0/3", 1]);
});

test("a package that says that it is too large is refused before its first byte", () => {
	const fixture = new Fixture().pull().send("HTTP/1.1 200 OK\r\nContent-Length: 5000000\r\n\r\n");
	equal([fixture.device.status, fixture.tcp.isClosed, fixture.device.firmware.written], ["0/2", true, 0]);
});
