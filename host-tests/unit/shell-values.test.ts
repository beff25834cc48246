// lwm2m read, write, create, delete, exec, ls: options, formats and error texts are Zephyr's, with the reason behind.
import { BAD_REQUEST } from "../../src/coap/numbers.js";
import { LATER } from "../../src/lwm2m/model.js";
import { objectLink } from "../../src/lwm2m/path.js";
import { TestShell } from "../support/shell.js";
import { equal, hex, ok, test } from "../support/test.js";

const READ = "can't do read operation, request failed";
const WRITE = "can't do write operation, request failed";

/** A device with a value of every type. */
function shell(): TestShell {
	const shell = new TestShell();
	const { registry } = shell.device.client;
	registry.set("/3/0/9", 100);
	registry.set("/3/0/13", 1_700_000_000);
	registry.set("/3/0/22/0", objectLink(3, 7));
	registry.set("/3/0/6/0", 1);
	registry.set("/3/0/6/3", 5);
	registry.set("/0/0/3", hex("6964"));
	registry.set("/0/0/5", hex("00112233445566778899aabbccddeeff"));
	return shell;
}

/** Each line with its answer. */
function answers(shell: TestShell, table: readonly (readonly [string, string])[]): void {
	for (const [line, answer] of table) equal(shell.run(line), answer === "" ? "" : `${answer}\n`, line);
}

test("read prints a value in the form that the option names", () => {
	answers(shell(), [
		["lwm2m read 3/0/0 -s", "Open Mobile Alliance"],
		["lwm2m read /3/0/0 -v", "Open Mobile Alliance"],
		["lwm2m read 3303/0/5700 -f", "21.500000"],
		["lwm2m read 3303/0/5700 -v", "21.5"],
		["lwm2m read 3303/0/5700 -s", "21.5"],
		["lwm2m read 1/0/1 -u16", "300"],
		["lwm2m read 1/0/1 -u32", "300"],
		["lwm2m read 1/0/1 -u64", "300"],
		["lwm2m read 1/0/1 -s16", "300"],
		["lwm2m read 1/0/1 -s64", "300"],
		["lwm2m read 1/0/1 -f", "300.000000"],
		["lwm2m read 3/0/9 -u8", "100"],
		["lwm2m read 3/0/9 -s8", "100"],
		["lwm2m read 3/0/13 -t", "1700000000"],
		["lwm2m read 1/0/6 -b", "1"],
		["lwm2m read 1/0/6 -u8", "1"],
		["lwm2m read 1/0/6 -v", "1"],
		["lwm2m read 3/0/22/0 -v", "3:7"],
		["lwm2m read 0/0/3 -s", "id"],
		["lwm2m read 0/0/3 -v", "6964"],
		["lwm2m read 3/0/6/3 -u8", "5"],
		["lwm2m read 3/0/6 -u8", "1"],
	]);
});

test("read dumps the bytes in hexadecimal where no option is given", () => {
	answers(shell(), [
		[
			"lwm2m read 3/0/0",
			"00000000: 4f 70 65 6e 20 4d 6f 62  69 6c 65 20 41 6c 6c 69 |Open Mob ile Alli|\n" +
				"00000010: 61 6e 63 65                                      |ance             |",
		],
		["lwm2m read 3/0/9 -x", "00000000: 64                                               |d                |"],
		["lwm2m read 1/0/1", "00000000: 2c 01                                            |,.               |"],
		["lwm2m read 3303/0/5700", "00000000: 00 00 00 00 00 80 35 40                          |......5@         |"],
		["lwm2m read 3/0/13", "00000000: 00 f1 53 65 00 00 00 00                          |..Se....         |"],
		["lwm2m read 1/0/6", "00000000: 01                                               |.                |"],
	]);
});

test("read -crc32 prints the checksum of the bytes", () => {
	const it = shell();
	it.device.client.registry.set("/3/0/0", "123456789");
	equal(it.run("lwm2m read 3/0/0 -crc32"), "3421780262\n");
});

test("read says what is wrong and why", () => {
	const it = shell();
	it.device.client.registry.onRead("/3/0/21", () => LATER);
	answers(it, [
		["lwm2m read 3/0/99", `${READ} (err -2): no resource 3/0/99`],
		["lwm2m read 99/0/1", `${READ} (err -2): no object 99`],
		["lwm2m read 3303/9/5700", `${READ} (err -2): no instance 3303/9`],
		["lwm2m read 3/0/17", `${READ} (err -2): 3/0/17 has no value`],
		["lwm2m read 3/0/6/1", `${READ} (err -2): 3/0/6/1 has no value`],
		["lwm2m read 3/0/0/0", `${READ} (err -2): no resource 3/0/0/0, it is a single one`],
		["lwm2m read 3/0", `${READ} (err -22): 3/0 is not a path of 3 to 4 ids`],
		["lwm2m read a/b/c", `${READ} (err -22): a/b/c is not a path of 3 to 4 ids`],
		["lwm2m read 3/0/4", `${READ} (err -22): 3/0/4 is executable, it has no value`],
		["lwm2m read 3/0/21 -v", `${READ} (err -11): 3/0/21 takes its time, and the shell does not wait`],
		["lwm2m read 1/0/1 -u8", `${READ} (err -22): 300 does not fit -u8`],
		["lwm2m read 1/0/1 -b", `${READ} (err -22): 300 does not fit -b`],
		["lwm2m read 3303/0/5700 -s32", `${READ} (err -22): 21.5 does not fit -s32`],
		["lwm2m read 3/0/0 -f", `${READ} (err -22): 3/0/0 holds a text of at most 512 bytes`],
		["lwm2m read 3/0/0 -q", "can't recognize data type -q"],
		["lwm2m read 3/0/0 -u7", "can't recognize data type -u7"],
	]);
	ok(it.run("lwm2m read").startsWith("read: wrong parameter count\nread PATH "));
	ok(it.run("lwm2m read 3/0/0 -s -s").startsWith("read: wrong parameter count\n"));
});

test("read asks the application's handler", () => {
	const it = shell();
	it.device.client.registry.onRead("/3/0/9", () => 42);
	equal(it.run("lwm2m read 3/0/9 -u8"), "42\n");
});

test("a key is written and never shown", () => {
	const it = shell();
	for (const option of ["", "-x", "-s", "-v", "-crc32"])
		equal(it.run(`lwm2m read 0/0/5 ${option}`), `${READ} (err -1): 0/0/5 is secret\n`);
	equal(it.run("lwm2m write 0/0/5 -x 0011223344556677"), "");
	equal(it.device.client.registry.get("/0/0/5"), hex("0011223344556677").buffer);
	equal(it.run("lwm2m write 0/0/8 -v 00112233445566778899aabbccddeeff"), "");
	equal(it.run("lwm2m ls 0/0/5"), "0/0/5 : OPAQUE(8/4096)\n");
	equal(it.run("lwm2m read 0/0/8"), `${READ} (err -1): 0/0/8 is secret\n`);
	const refused = it.run("lwm2m write 0/0/5 -x 00112233445566778899aabbccddeefg");
	equal(refused, `${WRITE} (err -22): 0/0/5 wants an ArrayBuffer of at most 4096 bytes\n`);
});

test("write sets a value of the type that the option names, also of what a server may not write", () => {
	const it = shell();
	const { registry } = it.device.client;
	const lines = [
		"lwm2m write 3/0/0 -s Acme",
		'lwm2m write 3/0/1 "Model #1"',
		"lwm2m write 3303/0/5700 -f 30.5",
		"lwm2m write 1/0/1 -u32 86400",
		"lwm2m write 1/0/6 -b 0",
		"lwm2m write 3/0/9 -s8 50",
		"lwm2m write 3/0/13 -t 1700000001",
		"lwm2m write 3/0/6/3 -u8 7",
		"lwm2m write 0/0/3 -s identity",
		"lwm2m write 3/0/22/0 -v 5:6",
		"lwm2m write 3/0/10 -s64 -9007199254740993",
		"lwm2m write 3303/0/5601 -v -1.5",
	];
	for (const line of lines) equal(it.run(line), "", line);
	equal(registry.get("/3/0/0"), "Acme");
	equal(registry.get("/3/0/1"), "Model #1");
	equal(registry.get("/3303/0/5700"), 30.5);
	equal(registry.get("/1/0/1"), 86400);
	equal(registry.get("/1/0/6"), false);
	equal(registry.get("/3/0/9"), 50);
	equal(registry.get("/3/0/13"), 1_700_000_001);
	equal(registry.get("/3/0/6/3"), 7);
	equal(registry.get("/0/0/3"), hex("6964656e74697479").buffer);
	equal(registry.get("/3/0/22/0"), objectLink(5, 6));
	equal(registry.get("/3/0/10"), -9007199254740993n);
	equal(registry.get("/3303/0/5601"), -1.5);
	equal(it.run("lwm2m write 1/0/6 -u8 1"), "");
	equal(registry.get("/1/0/6"), true);
});

test("write says what is wrong and why, and changes nothing", () => {
	const it = shell();
	const before = it.run("lwm2m ls");
	answers(it, [
		["lwm2m write 3/0/99 1", `${WRITE} (err -2): no resource 3/0/99`],
		["lwm2m write 3303/9/5700 -f 1", `${WRITE} (err -2): no instance 3303/9`],
		["lwm2m write 3/0/6/1 -u8 1", `${WRITE} (err -2): no resource instance 3/0/6/1`],
		["lwm2m write 3/0/4 1", `${WRITE} (err -22): 3/0/4 is executable, it has no value`],
		["lwm2m write 3303/0/5700 30.5", `${WRITE} (err -22): 3303/0/5700 wants a number`],
		["lwm2m write 3/0/9 -u8 101", `${WRITE} (err -22): 3/0/9 wants an integer from 0 to 100`],
		["lwm2m write 3/0/9 -v 9x", `${WRITE} (err -22): 3/0/9 wants an integer from 0 to 100`],
		["lwm2m write 3/0/9 -f 9.5", `${WRITE} (err -22): 3/0/9 wants an integer from 0 to 100`],
		["lwm2m write 3/0/9 -u8 256", `${WRITE} (err -22): 256 does not fit -u8`],
		["lwm2m write 3/0/9 -u8 -1", `${WRITE} (err -22): -1 does not fit -u8`],
		["lwm2m write 3/0/9 -u8 ten", "Invalid number: ten"],
		["lwm2m write 3303/0/5700 -f ten", "Invalid number: ten"],
		["lwm2m write 1/0/6 -u8 2", `${WRITE} (err -22): 1/0/6 wants a boolean`],
		["lwm2m write 3/0/0 -u8 2", `${WRITE} (err -22): 3/0/0 wants a text of at most 512 bytes`],
		["lwm2m write 0/0/3 -x 123", `${WRITE} (err -22): 0/0/3 wants an ArrayBuffer of at most 4096 bytes`],
		["lwm2m write 3/0/0 -crc32 2", "can't recognize data type -crc32"],
		["lwm2m write 3/0/0 -z 2", "can't recognize data type -z"],
	]);
	ok(it.run("lwm2m write 3/0/0").startsWith("write: wrong parameter count\nwrite PATH "));
	equal(it.run("lwm2m ls"), before);
});

test("write passes the application's handlers, which may refuse", () => {
	const it = shell();
	const { registry } = it.device.client;
	let written = 0;
	registry.onValidate("/3303/0/5700", (value) => (value > 100 ? BAD_REQUEST : undefined));
	registry.onWrite("/3303/0/5700", (value) => {
		written = value;
	});
	equal(it.run("lwm2m write 3303/0/5700 -f 99.5"), "");
	equal(written, 99.5);
	equal(it.run("lwm2m write 3303/0/5700 -f 101"), `${WRITE} (err -22): refused by the application, 4.00\n`);
	equal(registry.get("/3303/0/5700"), 99.5);
});

test("a blank board gets its account by hand", () => {
	const it = shell();
	const { registry } = it.device.client;
	registry.delete("/0/0");
	registry.delete("/1/0");
	equal(
		it.run("lwm2m start"),
		"can't do start operation, request failed (err -22): start: there is no server account: objects 0 and 1 need an instance each\n",
	);
	const lines = [
		"lwm2m write 0/0/0 -s coap://192.0.2.1:5683",
		"lwm2m write 0/0/1 -b 0",
		"lwm2m write 0/0/2 -u8 3",
		"lwm2m write 0/0/3 -s client",
		"lwm2m create 1/0",
		"lwm2m write 0/0/10 -u16 1",
		"lwm2m write 1/0/0 -u16 1",
		"lwm2m write 1/0/1 -u32 86400",
		"lwm2m start client -b 0",
	];
	for (const line of lines) equal(it.run(line), "", line);
	ok(it.device.platform.socket.sent.length > 0);
	equal(it.run("lwm2m write 0/9/0 -s coap://192.0.2.1"), "");
	for (const id of [1, 2]) equal(it.run(`lwm2m write 0/${id}/0 -s coap://192.0.2.1`), "");
	equal(it.run("lwm2m write 0/3/0 -s coap://192.0.2.1"), `${WRITE} (err -12): object 0 holds no more instances\n`);
});

test("create makes instances of objects and of resources", () => {
	const it = shell();
	answers(it, [
		["lwm2m create 3303/1", ""],
		["lwm2m create 3303/1", "operation failed, -17: 3303/1 exists"],
		["lwm2m create 3/0/6/1", ""],
		["lwm2m read 3/0/6/1 -u8", "0"],
		["lwm2m create 3/0/6/1", "operation failed, -17: 3/0/6/1 exists"],
		["lwm2m create 4/0/4/0", "operation failed, -2: no instance 4/0"],
		["lwm2m create 3/1", "operation failed, -12: object 3 holds no more instances"],
		["lwm2m create 99/0", "operation failed, -2: no object 99"],
		["lwm2m create 3303", "operation failed, -22: 3303 is not a path of 2 to 4 ids"],
		["lwm2m create 3303/0/5700", "operation failed, -17: 3303/0/5700 exists"],
	]);
	for (const id of [2, 3]) equal(it.run(`lwm2m create 3303/${id}`), "");
	equal(it.run("lwm2m create 3303/4"), "operation failed, -12: object 3303 holds no more instances\n");
	ok(it.run("lwm2m create").startsWith("create: wrong parameter count\n"));
});

test("delete removes instances of objects and of resources", () => {
	const it = shell();
	it.run("lwm2m create 3303/1");
	answers(it, [
		["lwm2m delete 3303/1", ""],
		["lwm2m delete 3303/1", "operation failed, -2: no instance 3303/1"],
		["lwm2m delete 3/0/6/3", ""],
		["lwm2m delete 3/0/6/3", "operation failed, -2: no resource instance 3/0/6/3"],
		["lwm2m delete 3/0/6", "operation failed, -22: 3/0/6 is neither an object instance nor a resource instance"],
		["lwm2m delete 3", "operation failed, -22: 3 is not a path of 2 to 4 ids"],
	]);
});

test("exec calls the application, with the list of arguments as it was typed", () => {
	const it = shell();
	const { registry } = it.device.client;
	let given = "";
	registry.onExecute("/3303/*/5605", (parameters, instance) => {
		given = `${instance}: ${parameters}`;
		return parameters === "9" ? BAD_REQUEST : undefined;
	});
	equal(it.run("lwm2m exec 3303/0/5605"), "");
	equal(given, "0: ");
	equal(it.run("lwm2m exec 3303/0/5605 0='abc',1"), "");
	equal(given, "0: 0='abc',1");
	equal(it.run("lwm2m exec 3303/0/5605 \"0='xyz'\""), "");
	equal(given, "0: 0='xyz'");
	answers(it, [
		["lwm2m exec 3303/0/5605 abc", "returned (err -22): abc is no argument list, 0='abc',1"],
		["lwm2m exec 3303/0/5605 9", "returned (err -22): refused, 4.00"],
		["lwm2m exec 3303/0", "Illegal path (PATH 3303/0)"],
		["lwm2m exec x", "Illegal path (PATH x)"],
		["lwm2m exec 3303/1/5605", "Resource not found: 3303/1/5605"],
		["lwm2m exec 3303/0/1", "Resource not found: 3303/0/1"],
		["lwm2m exec 3/0/5", "No execute callback! 3/0/5"],
		["lwm2m exec 3/0/0", "No execute callback! 3/0/0"],
	]);
	registry.onExecute("/3/0/12", () => {
		throw new Error("broken");
	});
	equal(it.run("lwm2m exec 3/0/12"), "can't do exec operation, request failed (err -22): broken\n");
});

test("ls lists what is below a path", () => {
	const it = shell();
	it.device.client.registry.onRead("/3/0/21", () => 64);
	answers(it, [
		["lwm2m ls 3303", "3303/0/5700 : 21.500000"],
		["lwm2m ls 3303/0/5700", "3303/0/5700 : 21.500000"],
		["lwm2m ls 3/0/6", "3/0/6/0 : 1\n3/0/6/3 : 5"],
		["lwm2m ls 3/0/6/3", "3/0/6/3 : 5"],
		["lwm2m ls 3/0/21", "3/0/21 : 64"],
		[
			"lwm2m ls 0/0",
			"0/0/0 : coap://192.0.2.1:5683\n0/0/1 : 0\n0/0/2 : 3\n0/0/3 : OPAQUE(2/4096)\n0/0/5 : OPAQUE(16/4096)\n0/0/10 : 1",
		],
		["lwm2m ls 6", ""],
		["lwm2m ls 99", "can't do ls operation, request failed (err -2): no object 99"],
		["lwm2m ls 3303/7", "can't do ls operation, request failed (err -2): no instance 3303/7"],
		["lwm2m ls 3303/0/1", "can't do ls operation, request failed (err -2): no resource 3303/0/1"],
		["lwm2m ls 3/0/17", "can't do ls operation, request failed (err -2): 3/0/17 has no value"],
		["lwm2m ls 3/x", "can't do ls operation, request failed (err -22): 3/x is not a path of 0 to 4 ids"],
	]);
	equal(it.run("lwm2m ls"), it.run("lwm2m ls /"));
	equal(it.run("lwm2m ls").split("\n").length, 20);
});
