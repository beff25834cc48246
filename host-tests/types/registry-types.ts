// What the compiler accepts and refuses of the registry's paths and values. Nothing here runs: type-checking is the test,
// and a line that stops being refused fails it, because its `@ts-expect-error` then stands without an error.
import { coreObjects } from "../../objects/index.js";
import { objectLink } from "../../src/lwm2m/path.js";
import { Registry } from "../../src/lwm2m/registry.js";

/** Only to be type-checked, never called. */
export function accepted(): void {
	const registry = new Registry(coreObjects);
	registry.set("/3303/0/5700", 21.5);
	registry.set("/3303/3/5701", "Cel");
	registry.set("/3/0/0", "maker");
	registry.set("/3/0/9", 80);
	registry.set("/3/0/10", 512);
	registry.set("/3/0/10", 5_000_000_000_000_000_000n);
	registry.set("/3/0/13", 1_700_000_000);
	registry.set("/1/1/6", true);
	registry.set("/0/0/3", new ArrayBuffer(4));
	registry.set("/0/0/3", new Uint8Array(4));
	registry.set("/0/0/17", objectLink(21, 0));
	registry.set("/3/0/11/0", 0);
	registry.set("/3/0/22/1", objectLink(3303, 0));

	const temperature: number | undefined = registry.get("/3303/0/5700");
	const maker: string | undefined = registry.get("/3/0/0");
	const battery: number | undefined = registry.get("/3/0/9");
	const memory: number | bigint | undefined = registry.get("/3/0/10");
	const isStoring: boolean | undefined = registry.get("/1/0/6");
	const key: ArrayBuffer | undefined = registry.get("/0/0/5");
	const address: string | undefined = registry.get("/4/0/4/0");
	void [temperature, maker, battery, memory, isStoring, key, address];

	const instance: number = 2;
	registry.set(`/3303/${instance}/5700`, 1);
	registry.onExecute("/3/0/4", () => undefined);
	registry.onRead("/3/0/9", () => 80);
	registry.onRead("/3/0/7", () => 3300);
	registry.onWrite("/1/0/1", (seconds: number | bigint) => void seconds);
	registry.create("/3303/1");
	registry.delete("/1/2");
	registry.remove("/3/0/11");
	registry.remove("/3/0/11/1");
	registry.has("/3303");
	registry.has("/3303/1");
}

/** Only to be type-checked, never called. */
export function refused(): void {
	const registry = new Registry(coreObjects);

	// an object that is not registered
	// @ts-expect-error
	registry.set("/33000/0/5700", 1);
	// @ts-expect-error
	registry.get("/33001/0/3");
	// @ts-expect-error
	registry.has("/33000");
	// @ts-expect-error
	registry.create("/33000/0");

	// a resource that the object lacks
	// @ts-expect-error
	registry.set("/3303/0/5699", 1);
	// @ts-expect-error
	registry.get("/3/0/23");
	// @ts-expect-error
	registry.has("/3/0/99");

	// a value of another type
	// @ts-expect-error
	registry.set("/3303/0/5700", "21.5");
	// @ts-expect-error
	registry.set("/3303/0/5700", 21n);
	// @ts-expect-error
	registry.set("/3/0/0", 1);
	// @ts-expect-error
	registry.set("/3/0/9", 80n);
	// @ts-expect-error
	registry.set("/1/0/6", 1);
	// @ts-expect-error
	registry.set("/0/0/3", "key");
	// @ts-expect-error
	registry.set("/0/0/3", [1, 2]);
	// @ts-expect-error
	registry.set("/0/0/17", 21);
	// @ts-expect-error
	registry.set("/3303/0/5700", undefined);
	// @ts-expect-error
	registry.set("/3303/0/5700", null);
	// @ts-expect-error
	const text: string | undefined = registry.get("/3/0/9");
	// @ts-expect-error
	const always: number = registry.get("/3/0/9");
	// @ts-expect-error
	registry.onRead("/3/0/9", () => "80");
	// @ts-expect-error
	registry.onWrite("/1/0/1", (seconds: string) => void seconds);
	void [text, always];

	// an executable resource has no value, and one with a value is not executable
	// @ts-expect-error
	registry.set("/3/0/4", 1);
	// @ts-expect-error
	registry.get("/3/0/4");
	// @ts-expect-error
	registry.onRead("/3/0/4", () => 1);
	// @ts-expect-error
	registry.onExecute("/3/0/9", () => undefined);

	// a single object has the instance 0 alone
	// @ts-expect-error
	registry.set("/3/1/9", 80);
	// @ts-expect-error
	registry.get("/4/1/2");
	// @ts-expect-error
	registry.has("/6/1");
	// @ts-expect-error
	registry.onExecute("/3/1/4", () => undefined);

	// malformed paths
	// @ts-expect-error
	registry.set("3303/0/5700", 1);
	// @ts-expect-error
	registry.set("//3303/0/5700", 1);
	// @ts-expect-error
	registry.set("/3303//5700", 1);
	// @ts-expect-error
	registry.set("/3303/-1/5700", 1);
	// @ts-expect-error
	registry.set("/3303/+1/5700", 1);
	// @ts-expect-error
	registry.set("/3303/01/5700", 1);
	// @ts-expect-error
	registry.set("/3303/1.5/5700", 1);
	// @ts-expect-error
	registry.set("/3303/0/5700/", 1);
	// @ts-expect-error
	registry.set("/3303/first/5700", 1);
	// @ts-expect-error
	registry.set("/3303/ 0/5700", 1);
	// @ts-expect-error
	registry.set("/3303/0", 1);
	// @ts-expect-error
	registry.get("/3/0/11/-1");
	// @ts-expect-error
	registry.create("/3303/");
	// @ts-expect-error
	registry.create("/3303/-1");

	// a multiple resource is set by its instances, a single one has none
	// @ts-expect-error
	registry.set("/3/0/11", 0);
	// @ts-expect-error
	registry.get("/3/0/11");
	// @ts-expect-error
	registry.set("/3/0/9/0", 80);
	// @ts-expect-error
	registry.get("/3303/0/5700/0");

	// a text of which nothing is known
	const path: string = "/3/0/9";
	// @ts-expect-error
	registry.set(path, 80);
}
