// Objects 16 and 19 as data: a server creates, writes, reads and deletes their instances, within the definitions' bounds.
import { portfolio } from "../../objects/16-portfolio.js";
import { binaryAppDataContainer } from "../../objects/19-binary-app-data-container.js";
import { TestDevice } from "../support/device.js";
import { equal, hex, test } from "../support/test.js";

test("a server puts binary application data into an instance that it creates, and reads it", () => {
	const device = new TestDevice("1.1", [binaryAppDataContainer]);
	device.register();
	// instance 3: data 0 and 1, priority 2
	const payload = hex("08030b 8600 4100aa 4101bb c10102");
	const create = device.request({ code: 2, path: "19", format: 11542, payload });
	equal(create.code, 0x41);
	device.settle();
	const { model } = device.client.registry;
	equal(new Uint8Array(model.stored(19, 3, 0, 1) as ArrayBuffer), hex("bb"));
	equal(model.stored(19, 3, 1, -1), 2);
	equal(device.request({ code: 1, path: "19/3/0/0", accept: 42 }).payload, hex("aa"));
	equal(device.request({ code: 3, path: "19/3/5", format: 0, payload: "65536" }).code, 0x80);
	equal(device.request({ code: 3, path: "19/3/5", format: 0, payload: "65535" }).code, 0x44);
	equal(device.request({ code: 4, path: "19/3" }).code, 0x42);
	equal(model.objects[19]!.instanceIds, []);
});

test("an instance without its mandatory data is refused, and one more than the definition holds", () => {
	const device = new TestDevice("1.1", [binaryAppDataContainer]);
	device.register();
	equal(device.request({ code: 2, path: "19", format: 11542, payload: hex("c10102") }).code, 0x80);
	for (let i = 0; i < 4; i++) {
		equal(device.request({ code: 2, path: "19", format: 11542, payload: hex("83004100aa") }).code, 0x41);
		device.settle();
	}
	equal(device.request({ code: 2, path: "19", format: 11542, payload: hex("83004100aa") }).code, 0x80);
});

test("a portfolio's identities are instances of one resource", () => {
	const device = new TestDevice("1.1", [portfolio]);
	device.register();
	equal(device.request({ code: 2, path: "16", format: 11542, payload: hex("86 00 4100 61 4103 62") }).code, 0x41);
	device.settle();
	const { model } = device.client.registry;
	equal([model.stored(16, 0, 0, 0), model.stored(16, 0, 0, 3)], ["a", "b"]);
	equal(device.request({ code: 1, path: "16/0/3" }).code, 0x84);
});
