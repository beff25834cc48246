// What the compiler accepts and refuses of a client with an object of its own, and what it says of a path that it refuses. As in
// registry-types.ts, nothing here runs.
import { coreObjects } from "../../objects/index.js";
import type { Client } from "../../src/client.js";
import { defineObject, E, FLOAT, NONE, OBJLNK, OPAQUE, R, RW, STRING, W } from "../../src/lwm2m/definition.js";
import { type AnyPath, objectLink, type Path, type RecordOf, type ValuePath } from "../../src/lwm2m/path.js";

const oven = defineObject({
	id: 33000,
	name: "Oven",
	versions: { "1.1": "1.0" },
	instances: 2,
	resources: {
		0: { name: "Temperature", type: FLOAT, operations: R },
		1: { name: "Recipe", type: OPAQUE, operations: W },
		2: { name: "Sensors", type: OBJLNK, operations: R, multiple: 4 },
		3: { name: "Start", type: NONE, operations: E },
		4: { name: "Names", type: STRING, operations: RW, multiple: 2 },
	},
});
const objects = [...coreObjects, oven] as const;
type Objects = typeof objects;

/** Only to be type-checked, never called. */
export function accepted(client: Client<Objects>): void {
	const { registry } = client;
	for (let id = 0; id < 2; id++) registry.set(`/33000/${id}/0`, 20.5);
	registry.set("/33000/0/2/1", objectLink(3303, 0));
	registry.onRead("/33000/*/0", (instance) => instance + 0.5);
	registry.onWrite("/33000/*/4", (name: string) => void name);
	registry.onWrite("/33000/1/1", (recipe: ArrayBuffer) => void recipe);
	registry.onExecute("/33000/*/3", (parameters: string, instance: number) => void [parameters, instance]);
	registry.onCreate("/33000", (instance: number) => void instance);
	client.send(["/33000/0/0", "/33000/1", "/3", "/33000/0/4/1"], () => {});
	const paths: AnyPath<Objects>[] = ["/33000", "/3/0/9"];
	client.send(paths, () => {});
	client.sendRecords(
		[
			{ path: "/33000/0/0", value: 20.5, time: 1 },
			{ path: "/3/0/0", value: "maker" },
		],
		() => {},
	);
	const records: RecordOf<Objects>[] = [1, 2].map((value) => ({ path: "/33000/0/0", value }));
	client.sendRecords(records, () => {});
	client.cache.enable("/33000/1/0", 10, { filter: (value) => value !== 0 });
	client.observations.confirm("/33000/1", true);
	untyped(client as unknown as Client);
}

/** Where no objects are known to the compiler, any path may be one, and any value fits. */
function untyped(client: Client): void {
	const path: string = "/1/2/3";
	client.registry.set(path, 1);
	client.registry.onExecute(path, () => undefined);
	client.send([path], () => {});
	client.sendRecords([{ path, value: "text" }], () => {});
	client.cache.enable(path, 1);
}

/** Only to be type-checked, never called. */
export function refused(client: Client<Objects>): void {
	const { registry } = client;
	// @ts-expect-error
	registry.onRead("/33000/*/1", () => new ArrayBuffer(1));
	// @ts-expect-error
	registry.onWrite("/33000/*/3", () => undefined);
	// @ts-expect-error
	registry.onExecute("/33000/*/4", () => undefined);
	// @ts-expect-error
	registry.onCreate("/33001", () => undefined);
	// @ts-expect-error
	registry.set("/33000/0/2/0", 5);
	// @ts-expect-error
	client.send(["/33000/0/0", "/33000/0/9"], () => {});
	// @ts-expect-error
	client.send("/33000/0/0", () => {});
	// @ts-expect-error
	client.sendRecords([{ path: "/33000/0/0", value: "warm" }], () => {});
	// @ts-expect-error
	client.sendRecords([{ path: "/33000/0/9", value: 1 }], () => {});
	// @ts-expect-error
	client.cache.enable("/33000/0/1", 10);
	// @ts-expect-error
	client.cache.enable("/33000/0", 10);
	// @ts-expect-error
	client.observations.confirm("/33001");
}

type Said<P extends string> = Path<Objects, ValuePath<Objects>, P>;
type IsSame<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;

/** What stands in the compiler's message in place of the path that is wanted. */
export const said: readonly true[] = [
	true satisfies IsSame<Said<"/3/0/9">, "/3/0/9">,
	true satisfies IsSame<Said<"3/0/9">, "3/0/9: a path begins with a slash">,
	true satisfies IsSame<Said<"/33001/0/0">, "/33001/0/0: the client has no object 33001">,
	true satisfies IsSame<Said<"/33000/0/9">, "/33000/0/9: object 33000 has no resource 9">,
	true satisfies IsSame<Said<"/33000/0/3">, "/33000/0/3: resource 3 is executable">,
	true satisfies IsSame<Said<"/3/1/9">, "/3/1/9: object 3 has the one instance 0">,
	true satisfies IsSame<Said<"/33000/0/4">, "/33000/0/4: a multiple resource, name the instance: /33000/0/4/0">,
	true satisfies IsSame<Said<"/33000/0/0/0">, "/33000/0/0/0: a single resource, it has no instances">,
	true satisfies IsSame<Said<"/33000/01/0">, "/33000/01/0: ids are digits, without sign and leading zeros">,
	true satisfies IsSame<Said<"/33000/0">, "/33000/0: not a path that is wanted here">,
	true satisfies IsSame<Said<string>, "a path that the compiler knows is wanted, not a string">,
];
