// Server URIs. RFC 7252 6.1, 6.2.
import { parseUri } from "../../src/uri.js";
import { equal, test } from "../support/test.js";

test("a server URI has a scheme, a host and perhaps a port", () => {
	for (const [uri, isSecure, host, port] of [
		["coap://192.0.2.1:5683", false, "192.0.2.1", 5683],
		["coap://192.0.2.1", false, "192.0.2.1", 5683],
		["coaps://lwm2m.example.org", true, "lwm2m.example.org", 5684],
		["coaps://lwm2m.example.org:15684/", true, "lwm2m.example.org", 15684],
		["coap://localhost:1", false, "localhost", 1],
		["coap://localhost:65535", false, "localhost", 65535],
		["coap://[2001:db8::1]:5783", false, "2001:db8::1", 5783],
		["coap://[::ffff:192.0.2.1]", false, "::ffff:192.0.2.1", 5683],
		["COAP://server", false, "server", 5683],
	] as const)
		equal(parseUri(uri), { isSecure, host, port }, uri);
});

test("what is no server URI is refused", () => {
	for (const uri of [
		"",
		"coap",
		"coap://",
		"coap:///",
		"coap://:5683",
		"http://server",
		"coap+tcp://server",
		"coap:/server",
		"coap://server:0",
		"coap://server:65536",
		"coap://server:123456",
		"coap://server:",
		"coap://server:x",
		"coap://server:-1",
		"coap://server/path",
		"coap://server?query",
		"coap://server#fragment",
		"coap://user@server",
		"coap://a b",
		" coap://server",
		"coap://server\n",
		"coap://[::1",
		"coap://::1",
		"coap://[]",
		"coap://[server]",
	])
		equal(parseUri(uri), undefined, uri);
});
