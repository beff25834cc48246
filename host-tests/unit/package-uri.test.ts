// Package URIs, RFC 3986: what is understood, what is none, and what is of another protocol.
import { COAP, COAPS, HTTP, HTTPS, parsePackageUri } from "../../src/fota/package-uri.js";
import { equal, test } from "../support/test.js";

test("the four protocols with their ports, paths and queries", () => {
	for (const [text, protocol, host, port, path, query] of [
		["coap://192.0.2.1", COAP, "192.0.2.1", 5683, "/", undefined],
		["coap://[2001:db8::1]:5700/fw", COAP, "2001:db8::1", 5700, "/fw", undefined],
		["coaps://host.example/a/b%20c", COAPS, "host.example", 5684, "/a/b%20c", undefined],
		["HTTP://h/?epid=1&x", HTTP, "h", 80, "/", "epid=1&x"],
		["http://h?x", HTTP, "h", 80, "/", "x"],
		["https://h:8443/x?", HTTPS, "h", 8443, "/x", ""],
	] as const)
		equal(parsePackageUri(text), { protocol, host, port, path, query }, text);
});

test("what is no URI is undefined, another scheme is null", () => {
	for (const text of [
		"",
		"/fw",
		"coap:/h",
		"coap://",
		"coap:///x",
		"http://u@h/",
		"http://h:0/",
		"http://h:65536/",
		"http://h/#a",
		"http://h/ a",
		"http://h/%",
		"http://h/%ff",
		"1http://h/",
	])
		equal(parsePackageUri(text), undefined, text);
	for (const text of ["ftp://h/x", "coap+tcp://h/x", "coaps+ws://h", "mqtt://h:1883/x"])
		equal(parsePackageUri(text), null, text);
});
