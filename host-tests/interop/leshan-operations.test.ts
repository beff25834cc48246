// The device on XS at a server of Eclipse Leshan 2: registration, and every operation in every content format that it has.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { EveryObjectDevice } from "../support/device-process.js";
import { Leshan, type Operator } from "../support/leshan.js";

const EP = "every-object";
const STRUCTURED = ["", "TLV", "JSON", "SENML_JSON", "SENML_CBOR"];
const COMPOSITE = ["SENML_JSON", "SENML_CBOR"];
let leshan: Leshan;
let device: EveryObjectDevice;
let server: Operator;

before(async () => {
	leshan = await Leshan.server();
	server = leshan.operator(EP);
	const registered = leshan.peer.next("registered");
	device = new EveryObjectDevice(
		"--endpoint",
		EP,
		"--server",
		leshan.coap,
		"--lifetime",
		"86400",
		"--time-scale",
		"10",
	);
	await registered;
});
after(async () => {
	await device?.kill();
	await leshan?.stop();
});

const nameOf = (format: string) => format || "Leshan's default";

test("the registration says what the device has", async () => {
	const found = await server.registration();
	assert.equal(found.version, "1.1");
	assert.equal(found.lifetime, 86400);
	assert.equal(found.queue, false);
	assert.ok(found.instances.includes("/3304/0"));
	for (const format of ["TEXT", "OPAQUE", "TLV", "JSON", "CBOR", "SENML_JSON", "SENML_CBOR"])
		assert.ok(found.formats.includes(format), format);
});

for (const format of STRUCTURED)
	test(`${nameOf(format)}: Create, Read, Write that replaces and that updates, on every level, and Delete`, async () => {
		// only TLV has a Create that leaves the id to the device
		const id = format === "" || format === "TLV" ? 0 : 2;
		const path = `/19/${id}`;
		const data = { [`${path}/0/0`]: "OPAQUE=00ff10", [`${path}/0/3`]: "OPAQUE=" };
		const others = { [`${path}/1`]: "INTEGER=200", [`${path}/2`]: "TIME=1700000000", [`${path}/3`]: "STRING=käse €" };
		const { location } = await server.done("CREATED", "create", id ? path : "/19", format, { ...data, ...others });
		assert.equal(`/${location}`, path);
		const all = {
			[`${path}/0/0`]: { hex: "00ff10" },
			[`${path}/0/3`]: { hex: "" },
			[`${path}/1`]: 200,
			[`${path}/2`]: { time: 1700000000 },
			[`${path}/3`]: "käse €",
		};
		assert.deepEqual(await server.read("/19", format), all);
		await server.write(path, format, "UPDATE", { [`${path}/1`]: "INTEGER=7" });
		assert.deepEqual(await server.read(path, format), { ...all, [`${path}/1`]: 7 });
		await server.write(path, format, "REPLACE", { [`${path}/0/1`]: "OPAQUE=aa", [`${path}/3`]: "STRING=new" });
		assert.deepEqual(await server.read(path, format), { [`${path}/0/1`]: { hex: "aa" }, [`${path}/3`]: "new" });
		const two = { [`${path}/0/2`]: "OPAQUE=0102", [`${path}/0/4`]: "OPAQUE=ff" };
		await server.write(`${path}/0`, format, "REPLACE", two);
		await server.write(`${path}/0`, format, "UPDATE", { [`${path}/0/2`]: "OPAQUE=03" });
		const both = { [`${path}/0/2`]: { hex: "03" }, [`${path}/0/4`]: { hex: "ff" } };
		assert.deepEqual(await server.read(`${path}/0`, format), both);
		await server.write(`${path}/0/2`, format, "REPLACE", { [`${path}/0/2`]: "OPAQUE=0909" });
		assert.deepEqual(await server.read(`${path}/0/2`, format), { [`${path}/0/2`]: { hex: "0909" } });
		await server.done("DELETED", "delete", path);
		await server.done("NOT_FOUND", "delete", path);
	});

const SINGLE: [path: string, value: string, read: unknown][] = [
	["/3311/0/5850", "BOOLEAN=true", true],
	["/3311/0/5851", "INTEGER=77", 77],
	["/3340/0/5534", "INTEGER=-9007199254740993", "-9007199254740993"],
	["/3340/0/5544", "FLOAT=0.1", 0.1],
	["/3340/0/5521", "FLOAT=1e-7", 1e-7],
	["/3311/0/5706", "STRING=#ff00ff Weiß", "#ff00ff Weiß"],
	["/1/0/10", "OBJLNK=11:7", { link: "11:7" }],
];
for (const format of [...STRUCTURED, "TEXT", "CBOR"])
	test(`${nameOf(format)}: single resources of every type are written and read`, async () => {
		for (const [path, value, read] of SINGLE) {
			await server.write(path, format, "REPLACE", { [path]: value });
			assert.deepEqual(await server.read(path, format), { [path]: read });
		}
	});

for (const format of ["OPAQUE", "CBOR", "TLV"])
	test(`${format}: bytes are written and read in blocks`, async () => {
		const hex = Buffer.from(Array.from({ length: 3000 }, (_, index) => index & 255)).toString("hex");
		await server.done("CREATED", "create", "/19/1", "TLV", { "/19/1/0/0": "OPAQUE=00" });
		await server.write("/19/1/0/0", format, "REPLACE", { "/19/1/0/0": `OPAQUE=${hex}` });
		assert.deepEqual(await server.read("/19/1/0/0", format), { "/19/1/0/0": { hex } });
		await server.done("DELETED", "delete", "/19/1");
	});

test("Execute, and what may not be executed, read or written", async () => {
	await server.done("CHANGED", "execute", "/3340/0/5523");
	await device.waitFor(/Timer 0 on/);
	await server.done("METHOD_NOT_ALLOWED", "execute", "/3/0/16");
	await server.done("METHOD_NOT_ALLOWED", "read", "/3340/0/5523", "");
	await server.done("METHOD_NOT_ALLOWED", "write", "/3/0/16", "TEXT", "REPLACE", { "/3/0/16": "STRING=x" });
	await server.done("BAD_REQUEST", "write", "/3311/0/5851", "TEXT", "REPLACE", { "/3311/0/5851": "INTEGER=101" });
	await server.done("UNAUTHORIZED", "read", "/0/0", "");
	await server.done("NOT_FOUND", "read", "/99", "");
	await server.done("NOT_ACCEPTABLE", "read", "/3", "TEXT");
});

test("Discover tells instances, resources and attributes that Write-Attributes has set", async () => {
	const links = async (path: string) => (await server.done("CONTENT", "discover", path)).links;
	assert.deepEqual(await links("/3"), ["</3>;ver=1.1", "</3/0>", "</3/0/4>", "</3/0/16>"]);
	await server.done("CHANGED", "writeAttributes", "/3304/0/5700", "pmin=1&pmax=100&gt=60.5&lt=5&st=1");
	assert.deepEqual(await links("/3304/0/5700"), ["</3304/0/5700>;pmin=1;pmax=100;gt=60.5;lt=5;st=1"]);
	assert.ok((await links("/3304/0"))?.includes("</3304/0/5700>;pmin=1;pmax=100;gt=60.5;lt=5;st=1"));
	await server.done("CHANGED", "writeAttributes", "/3304/0/5700", "pmin&pmax&gt&lt&st");
	assert.deepEqual(await links("/3304/0/5700"), ["</3304/0/5700>"]);
	await server.done("NOT_FOUND", "discover", "/99");
});

test("an Update tells of instances that came and went", async () => {
	const isUpdate = ({ ep }: { ep?: string }) => ep === EP;
	let updated = leshan.peer.next("updated", isUpdate);
	await server.done("CREATED", "create", "/16/3", "TLV", { "/16/3/0/0": "STRING=a", "/16/3/0/7": "STRING=b" });
	await updated;
	assert.ok((await server.registration()).instances.includes("/16/3"));
	updated = leshan.peer.next("updated", isUpdate);
	await server.done("DELETED", "delete", "/16/3");
	await updated;
	assert.ok(!(await server.registration()).instances.includes("/16/3"));
});

for (const format of [...STRUCTURED, "TEXT", "CBOR"])
	test(`${nameOf(format)}: Observe, notifications, and both cancels`, async () => {
		const path = "/3311/0/5851";
		const set = (value: number) => server.write(path, "TEXT", "REPLACE", { [path]: `INTEGER=${value}` });
		await set(1);
		for (const cancel of ["cancel", "cancelPassively"]) {
			assert.deepEqual(await server.values("observe", path, format), { [path]: 1 });
			const notified = server.notified(path);
			await set(2);
			assert.deepEqual((await notified).values, { [path]: 2 });
			const removed = device.waitFor(/Observer removed for 3311\/0\/5851/);
			if (cancel === "cancel") assert.deepEqual(await server.values(cancel, path), { [path]: 2 });
			else assert.equal(await leshan.peer.ask<number>(cancel, EP, path), 1);
			// a passive one is told by the RST to the next notification
			await set(1);
			await removed;
		}
	});

for (const format of COMPOSITE)
	test(`${format}: Read-Composite, Write-Composite, Observe-Composite and both cancels`, async () => {
		const light = (isOn: boolean, dimmer: number) => ({ "/3311/0/5850": isOn, "/3311/0/5851": dimmer });
		const write = (isOn: boolean, dimmer: number) =>
			server.ask("writeComposite", format, { "/3311/0/5850": `BOOLEAN=${isOn}`, "/3311/0/5851": `INTEGER=${dimmer}` });
		assert.match((await write(true, 40)).code, /^CHANGED/);
		const paths = ["/3304/0/5700", "/3311/0/5850", "/3311/0/5851"];
		const all = (isOn: boolean, dimmer: number) => ({ "/3304/0/5700": 55.5, ...light(isOn, dimmer) });
		assert.deepEqual(await server.values("readComposite", format, format, ...paths), all(true, 40));
		assert.match((await write(true, 101)).code, /^BAD_REQUEST/);
		await server.done("METHOD_NOT_ALLOWED", "writeComposite", format, {
			"/3311/0/5851": "INTEGER=1",
			"/3304/0/5700": "FLOAT=3",
		});
		for (const cancel of ["cancelComposite", "cancelCompositePassively"]) {
			assert.deepEqual(await server.values("observeComposite", format, format, ...paths), all(true, 40));
			const notified = server.notified(paths.join());
			await write(true, 41);
			assert.deepEqual((await notified).values, all(true, 41));
			const removed = device.waitFor(/Observer removed for 3304\/0\/5700, 3311/);
			if (cancel === "cancelComposite") assert.deepEqual(await server.values(cancel, ...paths), all(true, 41));
			else assert.equal(await leshan.peer.ask<number>(cancel, EP, ...paths), 1);
			await write(true, 40);
			await removed;
		}
	});

test("the server is told when the device stops", async () => {
	const gone = leshan.peer.next("unregistered", ({ ep, expired }) => ep === EP && expired === false);
	assert.equal(await device.stop(), 0);
	await gone;
});
