// The links that Register announces and Discover answers, written into a buffer or measured. RFC 6690.
import { Attributes } from "../../src/lwm2m/attributes.js";
import type { EnablerVersion } from "../../src/lwm2m/definition.js";
import { writeDiscoverLinks, writeRegisterLinks } from "../../src/lwm2m/links.js";
import { Registry } from "../../src/lwm2m/registry.js";
import { text } from "../support/coap.js";
import { equal, test } from "../support/test.js";
import { caseObjects } from "./lwm2m-cases.js";

function registryWithInstances() {
	const registry = new Registry(caseObjects);
	registry.set("/0/0/10", 1);
	registry.set("/1/0/0", 1);
	registry.set("/3/0/11/0", 0);
	registry.set("/3303/0/5700", 1);
	registry.set("/3303/12/5700", 1);
	return registry;
}

function registerLinks(enabler: EnablerVersion): string {
	const buffer = new Uint8Array(500);
	return text(buffer.slice(0, writeRegisterLinks(buffer, 0, registryWithInstances().model, enabler)));
}

test("Register announces the root with its formats, versions that are not 1.0, instances and objects without any", () => {
	equal(
		registerLinks("1.1"),
		'</>;rt="oma.lwm2m";ct="0 42 60 110 112 11542 11543",</1>;ver=1.1,</1/0>,</3>;ver=1.1,</3/0>,</6>,</16>,</3303>;ver=1.1,</3303/0>,</3303/12>,</3441>',
	);
	equal(
		registerLinks("1.0"),
		'</>;rt="oma.lwm2m";ct="0 42 11542 11543",</1/0>,</3/0>,</6>,</16>,</3303/0>,</3303/12>,</3441>',
	);
});

test("the Security object is never announced", () => {
	for (const enabler of ["1.0", "1.1", "1.2"] as const) equal(registerLinks(enabler).includes("</0"), false);
});

test("an object that the enabler lacks is not announced to it", () => {
	const registry = registryWithInstances();
	registry.model.addObject({ id: 500, name: "new", versions: { "1.2": "1.0" }, instances: 1, resources: {}, ids: [] });
	const buffer = new Uint8Array(500);
	const links = (enabler: EnablerVersion) =>
		text(buffer.slice(0, writeRegisterLinks(buffer, 0, registry.model, enabler)));
	equal([links("1.1").includes("</500>"), links("1.2").includes(",</500>")], [false, true]);
});

test("a buffer that is too small is measured, and not written past its end", () => {
	const { model } = registryWithInstances();
	const whole = new Uint8Array(500);
	const length = writeRegisterLinks(whole, 0, model, "1.1");
	for (const size of [0, 1, 20, 60, length - 1])
		equal(writeRegisterLinks(new Uint8Array(size), 0, model, "1.1"), length);
	const attributes = new Attributes();
	attributes.write(1, 3303, 0, 5700, -1, [10, undefined, 3.5]);
	const discovered = writeDiscoverLinks(whole, 7, model, attributes, 1, "1.1", 3303, 0, -1);
	equal(text(whole.slice(7, discovered)), "</3303/0>,</3303/0/5700>;pmin=10;gt=3.5");
	equal(writeDiscoverLinks(new Uint8Array(9), 7, model, attributes, 1, "1.1", 3303, 0, -1), discovered);
});
