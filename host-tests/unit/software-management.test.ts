// Object 9: the life of a package, with an application whose answers the test gives.
import {
	CONNECTION_LOST,
	DELIVERED,
	DOWNLOAD_DONE,
	DOWNLOAD_STARTED,
	DOWNLOADING,
	INITIAL,
	INSTALL_DONE,
	INSTALL_FAILURE,
	INSTALLED,
	NONE_YET,
	UNINSTALL_FAILURE,
	UNSUPPORTED_TYPE,
	UPDATE_ERROR,
} from "../../src/behaviours/software-management-states.js";
import { SoftwareBench } from "../support/software-bench.js";
import { equal, test } from "../support/test.js";

const CREATED = 0x41;
const DELETED = 0x42;
const CHANGED = 0x44;
const BAD_REQUEST = 0x80;
const NOT_ALLOWED = 0x85;

test("a package that is pushed, installed, activated, deactivated and removed goes through every state", () => {
	const bench = new SoftwareBench();
	equal(bench.state, [INITIAL, NONE_YET]);
	equal(bench.push("package"), CHANGED);
	equal([...bench.state, bench.read(0), bench.read(1)], [DELIVERED, DOWNLOAD_DONE, "app", "7"]);
	equal(bench.execute(4), CHANGED);
	equal(bench.state, [DELIVERED, DOWNLOAD_DONE]);
	bench.done(true);
	equal(bench.state, [INSTALLED, INSTALL_DONE]);
	equal([bench.holdsPackage, bench.store.bytes.length], [false, 0]);
	equal([bench.execute(10), bench.read(12)], [CHANGED, "1"]);
	equal([bench.execute(11), bench.read(12)], [CHANGED, "0"]);
	equal(bench.execute(6), CHANGED);
	bench.done(true);
	equal(bench.state, [INITIAL, NONE_YET]);
	equal(bench.did, ["install 0 7", "activate 0", "deactivate 0", "uninstall 0 false"]);
});

test("a package that the application cannot use is refused, and the result says why", () => {
	const bench = new SoftwareBench();
	equal(bench.push("abc"), BAD_REQUEST);
	equal(bench.state, [INITIAL, UNSUPPORTED_TYPE]);
	equal(bench.holdsPackage, false);
	equal(bench.push("a package of 13"), CHANGED);
	bench.execute(6);
	bench.done(true);
	equal(bench.push("thirteen byte"), BAD_REQUEST);
	equal(bench.state, [INITIAL, UPDATE_ERROR]);
	equal([bench.push(""), bench.push("\0"), ...bench.state], [BAD_REQUEST, BAD_REQUEST, INITIAL, UPDATE_ERROR]);
	equal(bench.push("package"), CHANGED);
});

test("a package is fetched from its URI, or the result says why not", () => {
	const bench = new SoftwareBench();
	equal(bench.fetch("coap://192.0.2.9/p"), CHANGED);
	equal(bench.state, [DOWNLOAD_STARTED, DOWNLOADING]);
	equal(
		[bench.fetch("coap://192.0.2.9/q"), bench.push("package"), bench.execute(4)],
		[NOT_ALLOWED, NOT_ALLOWED, NOT_ALLOWED],
	);
	bench.fetched(CONNECTION_LOST);
	equal(bench.state, [INITIAL, CONNECTION_LOST]);
	equal(bench.fetch("coap://192.0.2.9/p"), CHANGED);
	bench.fetched(DOWNLOAD_DONE, 5);
	equal([...bench.state, bench.read(1)], [DELIVERED, DOWNLOAD_DONE, "5"]);
	equal(bench.did, ["fetch 0 coap://192.0.2.9/p", "fetch 0 coap://192.0.2.9/p"]);
});

test("a hook that answers twice, or late, is not heard", () => {
	const bench = new SoftwareBench();
	bench.fetch("coap://192.0.2.9/p");
	const { fetched } = bench;
	fetched(CONNECTION_LOST);
	fetched(DOWNLOAD_DONE, 5);
	equal(bench.state, [INITIAL, CONNECTION_LOST]);
	bench.fetch("coap://192.0.2.9/p");
	fetched(DOWNLOAD_DONE, 5);
	equal(bench.state, [DOWNLOAD_STARTED, DOWNLOADING]);
});

test("a device that cannot fetch refuses URIs, an empty URI is refused everywhere", () => {
	equal(new SoftwareBench(false).fetch("coap://192.0.2.9/p"), NOT_ALLOWED);
	equal(new SoftwareBench().fetch(""), BAD_REQUEST);
});

test("a failed installation leaves the package delivered, to be tried again", () => {
	const bench = new SoftwareBench();
	bench.push("package");
	bench.execute(4);
	bench.done(false);
	equal(bench.state, [DELIVERED, INSTALL_FAILURE]);
	equal(bench.execute(4), CHANGED);
	bench.done(true);
	equal(bench.state, [INSTALLED, INSTALL_DONE]);
});

test("a failed removal leaves the software installed", () => {
	const bench = new SoftwareBench();
	bench.install();
	bench.execute(6);
	bench.done(false);
	equal(bench.state, [INSTALLED, UNINSTALL_FAILURE]);
});

test("Uninstall for an update keeps the software active until the next one", () => {
	const bench = new SoftwareBench();
	bench.install();
	bench.execute(10);
	equal(bench.execute(6, "1"), CHANGED);
	bench.done(true);
	equal([...bench.state, bench.read(12)], [INITIAL, NONE_YET, "1"]);
	equal(bench.did.at(-1), "uninstall 0 true");
	equal(bench.execute(6, "2"), BAD_REQUEST);
});

test("an application that throws has failed, and nothing is stuck", () => {
	const bench = new SoftwareBench();
	bench.push("fourteen bytes");
	equal([bench.execute(4), ...bench.state], [CHANGED, DELIVERED, INSTALL_FAILURE]);
	equal([bench.execute(6), bench.did.at(-1)], [CHANGED, "uninstall 0 false"]);
	bench.done(true);
	equal(bench.state, [INITIAL, NONE_YET]);
	equal(
		bench.device.platform.lines.filter((line) => line.includes("the application failed: Error: fourteen")).length,
		1,
	);
});

test("what a state does not allow is 4.05 and changes nothing", () => {
	const bench = new SoftwareBench();
	for (const resource of [4, 6, 10, 11]) equal(bench.execute(resource), NOT_ALLOWED, `initial, ${resource}`);
	bench.push("package");
	for (const resource of [10, 11]) equal(bench.execute(resource), NOT_ALLOWED, `delivered, ${resource}`);
	bench.execute(4);
	for (const resource of [4, 6, 10, 11]) equal(bench.execute(resource), NOT_ALLOWED, `installing, ${resource}`);
	bench.done(true);
	equal(bench.execute(4), NOT_ALLOWED);
	equal(bench.push("package"), NOT_ALLOWED);
	equal(bench.state, [INSTALLED, INSTALL_DONE]);
});

test("an instance is deleted when nothing of it is installed or under way", () => {
	const bench = new SoftwareBench();
	bench.install();
	equal(bench.device.request({ code: 4, path: "9/0" }).code, NOT_ALLOWED);
	bench.execute(6);
	equal(bench.device.request({ code: 4, path: "9/0" }).code, NOT_ALLOWED);
	bench.done(true);
	equal(bench.device.request({ code: 4, path: "9/0" }).code, DELETED);
});

test("a server's own instance begins empty, one that the device restores is installed", () => {
	const bench = new SoftwareBench();
	equal(bench.device.request({ code: 2, path: "9" }).code, CREATED);
	bench.software.restore(2, { name: "base", version: "3" }, true);
	const { registry } = bench.device.client;
	const { model } = registry;
	equal(
		[1, 2].map((instance) => [0, 7, 9, 12].map((id) => model.stored(9, instance, id, -1))),
		[
			["", INITIAL, NONE_YET, false],
			["base", INSTALLED, INSTALL_DONE, true],
		],
	);
});
