// Object links, and the paths that requests bring.
import { linkInstance, linkObject, objectLink } from "../../src/lwm2m/path.js";
import { equal, test, throws } from "../support/test.js";

test("a link holds an object and an instance, the null link too", () => {
	for (const [object, instance] of [
		[0, 0],
		[3303, 7],
		[65534, 65534],
		[65535, 65535],
		[32768, 0],
		[1, 65535],
	] as const) {
		const link = objectLink(object, instance);
		equal([linkObject(link), linkInstance(link)], [object, instance]);
	}
});

test("ids out of range, fractions and what is no number make no link", () => {
	for (const [object, instance] of [
		[-1, 0],
		[0, -1],
		[65536, 0],
		[0, 65536],
		[Number.NaN, 0],
		[0, Number.NaN],
		[1.5, 0],
		[0, 0.5],
	] as const)
		throws(() => objectLink(object, instance), "RangeError", `${object}:${instance}`);
});
