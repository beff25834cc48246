// lwm2m start, stop, update, pause, resume, lock, unlock, send, cache, obs, status, stats, observe-changes.
import type { ShellClient } from "../../src/shell/shell-client.js";
import { texts } from "../support/coap.js";
import { TestShell } from "../support/shell.js";
import { equal, ok, test } from "../support/test.js";

function failed(name: string, errno: number, why: string): string {
	return `can't do ${name} operation, request failed (err ${errno}): ${why}\n`;
}

/** A client of a build that has nothing but what every build has. */
function bare(client: ShellClient): ShellClient {
	const { registry, attributes, log } = client;
	return { registry, attributes, log, servers: [], observations: {}, start() {}, stop() {}, update() {} };
}

/** A shell on a client to which a test adds what this build's has not. */
function withClient(extend: (client: ShellClient) => Partial<ShellClient>): TestShell {
	const { client } = new TestShell().device;
	return new TestShell({ client: { ...bare(client), ...extend(client) } });
}

function registered(): TestShell {
	const shell = new TestShell();
	shell.device.register();
	return shell;
}

test("start registers, under the name that it is given", () => {
	const shell = new TestShell();
	equal(shell.run("lwm2m start thermometer-7 -b 0"), "");
	const sent = shell.device.take();
	equal(sent.code, 2);
	ok(texts(sent, 15).includes("ep=thermometer-7"));
	equal(shell.run("lwm2m start"), failed("start", -119, "it is started already"));
});

test("start says what is wrong with its words", () => {
	const shell = new TestShell();
	equal(shell.run("lwm2m start x -b"), "no specifier or value\n");
	equal(shell.run("lwm2m start x -c 1"), "unknown specifier -c\n");
	equal(shell.run("lwm2m start x -b yes"), "Invalid number: yes\n");
	equal(shell.run('lwm2m start ""'), failed("start", -22, "endpoint: 1 to 200 bytes, not 0"));
	ok(shell.run("lwm2m start x -b 1 2").startsWith("start: wrong parameter count\n"));
	equal(shell.device.client.servers.length, 0);
});

test("start -b 1 begins with a bootstrap where the build has one", () => {
	const shell = withClient(() => ({
		bootstrap() {
			begun++;
		},
	}));
	let begun = 0;
	equal(shell.run("lwm2m start x -b 1"), "");
	equal(begun, 1);
	equal(withClient(() => ({})).run("lwm2m start x -b 1"), failed("start", -134, "not supported by this build"));
});

test("stop deregisters, stop -f only stops", () => {
	const shell = registered();
	equal(shell.run("lwm2m stop"), "");
	equal(shell.device.take().code, 4);
	equal(shell.run("lwm2m stop -f"), "");
	equal(shell.device.client.servers.length, 0);
	equal(shell.run("lwm2m stop"), failed("stop", -1, "the client is not started"));
	const other = registered();
	equal(other.run("lwm2m stop -x"), "can't recognize specifier -x\n");
	equal(other.run("lwm2m stop -f"), "");
	ok(other.device.isQuiet);
	equal(other.device.client.servers.length, 0);
});

test("during a bootstrap status says so, stop ends it, and there is nobody to send an Update to", () => {
	for (const stop of ["lwm2m stop", "lwm2m stop -f"]) {
		const shell = new TestShell();
		const { client, platform } = shell.device;
		client.registry.set("/0/0/1", true);
		client.registry.set("/0/0/11", 30);
		equal(shell.run("lwm2m start"), "");
		equal(
			shell.run("lwm2m status"),
			"endpoint: d1\nbootstrap server: coap://192.0.2.1:5683\n  state: holding off, for 30 s at most\n",
		);
		equal(shell.run("lwm2m start"), failed("start", -119, "it is started already"));
		equal(shell.run("lwm2m update"), failed("update", -1, "the client is bootstrapping"));
		platform.advance(30_000);
		equal(texts(shell.device.take(), 11), ["bs"]);
		equal(shell.run("lwm2m status").split("\n")[2], "  state: requesting");
		equal(shell.run("lwm2m pause"), "");
		equal(shell.run("lwm2m resume"), "");
		equal(shell.run(stop), "");
		equal(shell.run("lwm2m status"), "endpoint: d1\nstate: stopped\n");
		equal(shell.run("lwm2m stop"), failed("stop", -1, "the client is not started"));
		shell.device.platform.sockets[0]!.sent = [];
		platform.advance(1_000_000);
		ok(shell.device.isQuiet);
	}
});

test("a bootstrap that has been asked for and not begun is ended by stop as well", () => {
	const { client, platform } = new TestShell().device;
	client.registry.set("/0/0/1", true);
	let stopped = 0;
	client.bootstrap();
	client.stop(() => stopped++);
	platform.advance(1_000_000);
	equal([stopped, platform.sockets.length], [1, 0]);
});

test("update sends an Update", () => {
	const shell = registered();
	equal(shell.run("lwm2m update"), "");
	equal(shell.device.take().code, 2);
	equal(new TestShell().run("lwm2m update"), failed("update", -1, "the client is not started"));
	ok(shell.run("lwm2m update now").startsWith("update: wrong parameter count\n"));
});

test("pause keeps the client quiet, resume sends an Update", () => {
	const shell = registered();
	const { device } = shell;
	equal(shell.run("lwm2m pause"), "");
	device.client.update();
	device.platform.advance(1_000_000);
	device.deliver({ type: 0, mid: 7, code: 1, path: "3/0/0" });
	ok(device.isQuiet);
	equal(device.client.servers.length, 1);
	equal(shell.run("lwm2m resume"), "");
	equal(device.take().code, 2);
	for (const name of ["pause", "resume"]) {
		equal(new TestShell().run(`lwm2m ${name}`), failed(name, -1, "the client is not started"));
		equal(withClient(() => ({})).run(`lwm2m ${name}`), failed(name, -134, "not supported by this build"));
	}
});

test("lock holds notifications back until unlock", () => {
	const shell = registered();
	const { device } = shell;
	device.request({ code: 1, path: "3303/0/5700", accept: 0, observe: 0 });
	equal(shell.run("lwm2m lock"), "");
	equal(shell.run("lwm2m write 3303/0/5700 -f 22"), "");
	ok(device.isQuiet);
	equal(shell.run("lwm2m unlock"), "");
	equal(device.take().code, 0x45);
	equal(shell.run("lwm2m unlock"), failed("unlock", -1, "it is not locked"));
	ok(shell.run("lwm2m lock 1").startsWith("lock: wrong parameter count\n"));
});

test("send passes the paths and logs the outcome", () => {
	const sent: string[] = [];
	const lines: string[] = [];
	const shell = withClient(({ log }) => ({
		log,
		send(paths, onResult) {
			sent.push(...paths);
			if (sent.length > 2) throw new RangeError("3/0/99: the object has no resource 99");
			log.divert((line) => lines.push(line));
			onResult(0x44);
		},
	}));
	equal(shell.run("lwm2m send 3303/0/5700 /3/0/9"), "");
	equal(sent, ["/3303/0/5700", "/3/0/9"]);
	equal(lines, ["<inf> SEND status: 68"]);
	equal(shell.run("lwm2m send 3/0/99"), failed("send", -22, "3/0/99: the object has no resource 99"));
	equal(shell.run("lwm2m send x"), failed("send", -22, "x is not a path of 1 to 4 ids"));
	equal(shell.run("lwm2m send"), "no path(s)\n");
	ok(shell.run("lwm2m send 1 2 3 4 5 6 7 8 9 10").startsWith("send: wrong parameter count\n"));
	equal(withClient(() => ({})).run("lwm2m send 3/0/0"), failed("send", -134, "not supported by this build"));
});

test("cache keeps samples of a resource", () => {
	const enabled: string[] = [];
	const shell = withClient(() => ({
		cache: {
			has: (path) => enabled.includes(path),
			enable(path, samples) {
				if (samples > 100) throw new RangeError(`${path}: ${samples} samples are too many`);
				enabled.push(path);
			},
		},
	}));
	equal(shell.run("lwm2m cache 3303/0/5700 10"), "");
	equal(enabled, ["/3303/0/5700"]);
	equal(shell.run("lwm2m cache 3303/0/5700 10"), "Cache already enabled for 3303/0/5700\n");
	equal(shell.run("lwm2m cache 3303/0/5601 0"), "Size must be 1 or more (given 0)\n");
	equal(shell.run("lwm2m cache 3303/0/5601 x"), "Size must be 1 or more (given x)\n");
	equal(shell.run("lwm2m cache 3303/0 10"), "Path string not correct: /3303/0\n");
	equal(shell.run("lwm2m cache 3303/0/5601 101"), failed("cache", -22, "/3303/0/5601: 101 samples are too many"));
	ok(shell.run("lwm2m cache 3303/0/5601").startsWith("cache: wrong parameter count\n"));
	equal(withClient(() => ({})).run("lwm2m cache 3303/0/5700 10"), failed("cache", -134, "not supported by this build"));
});

test("obs lists observations with their attributes, as Zephyr does", () => {
	const shell = registered();
	const { device } = shell;
	const head = " #  composite               path      pmin      pmax        gt        lt        st\n";
	equal(shell.run("lwm2m obs"), head);
	device.request({ code: 3, path: "3303/0/5700", queries: ["pmin=1", "pmax=60", "gt=25"] });
	device.request({ code: 1, path: "3303/0/5700", accept: 0, observe: 0 });
	device.request({ code: 1, path: "3/0", observe: 0 });
	const [, first = "", second = ""] = shell.run("lwm2m obs").split("\n");
	equal(first.trimEnd(), " 0          n 3303/0/5700                1        60 25.000000");
	equal(second.trimEnd(), " 1          n 3/0");
	equal([first.length, second.length], [82, 82]);
	equal(withClient(() => ({})).run("lwm2m obs"), failed("obs", -134, "not supported by this build"));
});

test("obs gives a composite observation a line a path", () => {
	const shell = withClient(() => ({
		observations: {
			list: [
				{
					session: { shortServerId: 1 },
					object: -1,
					instance: -1,
					resource: -1,
					resourceInstance: -1,
					paths: [3303, 0, 5700, -1, 3, -1, -1, -1],
				},
			],
		},
	}));
	const lines = shell.run("lwm2m obs").split("\n");
	ok(lines[1]!.startsWith(" 0          y 3303/0/5700 "));
	ok(lines[2]!.startsWith("              3  "));
});

test("status shows how it stands with each server", () => {
	const shell = new TestShell();
	equal(shell.run("lwm2m status"), "endpoint: d1\nstate: stopped\n");
	shell.device.register();
	shell.device.platform.advance(10_500);
	equal(
		shell.run("lwm2m status"),
		"endpoint: d1\nserver 1: coap://192.0.2.1:5683\n  state: registered, LwM2M 1.1\n  registration: /rd/5a3f\n" +
			"  lifetime left: 289 s\n  next update: in 260 s\n  queue mode: off\n  security: none\n  cid: none\n",
	);
	ok(shell.run("lwm2m status 1").startsWith("status: wrong parameter count\n"));
});

test("stats counts messages and shows what memory is used", () => {
	const shell = registered();
	equal(
		shell.run("lwm2m stats"),
		"slots: 0 of 16 bytes, peak 0\nchunks: 0 bytes, peak 0\ncollections: 0\n" +
			"server 1: 1 messages out, 1 in, 0 retransmitted\n  bytes: 178 out, 12 in\n" +
			"  empty: 0 bytes out, 0 in\n  requests: 178 bytes out, 0 in\n  responses: 0 bytes out, 12 in\n" +
			"  notifications: 0 bytes out, 0 in\n  handshakes: 0\n",
	);
	ok(shell.run("lwm2m stats x").startsWith("stats: wrong parameter count\n"));
});

test("observe-changes prints values as they change, and the client still notifies", () => {
	const shell = registered();
	const { device } = shell;
	const { registry } = device.client;
	device.request({ code: 1, path: "3303/0/5700", accept: 0, observe: 0 });
	equal(shell.run("lwm2m observe-changes on"), "");
	equal(shell.run("lwm2m observe-changes on"), "");
	registry.set("/3303/0/5700", 25);
	equal(shell.serial.take(), "\n3303/0/5700 : 25.000000\nuart:~$ ");
	device.platform.run();
	equal(device.take().code, 0x45);
	registry.set("/3/0/6/2", 1);
	registry.remove("/3/0/6/2");
	registry.set("/0/0/5", new ArrayBuffer(16));
	equal(shell.serial.take(), "\n3/0/6/2 : 1\nuart:~$ \n3/0/6/2 is gone\nuart:~$ \n0/0/5 : OPAQUE(16/4096)\nuart:~$ ");
	equal(shell.run("lwm2m observe-changes off"), "");
	registry.set("/3303/0/5700", 26);
	equal(shell.serial.take(), "");
	device.platform.run();
	equal(device.take().code, 0x45);
	equal(shell.run("lwm2m observe-changes maybe"), failed("observe-changes", -22, "on or off, not maybe"));
	ok(shell.run("lwm2m observe-changes").startsWith("observe-changes: wrong parameter count\n"));
});
