// What a command is, how it refuses, and how it finds the resource that a user names.
import { parsePath } from "../bytes.js";
import { HIDDEN, NONE, type ResourceDefinition } from "../lwm2m/definition.js";
import { LATER, type Model, type ObjectNode } from "../lwm2m/model.js";
import type { Value } from "../lwm2m/path.js";
import type { Platform } from "../platform.js";
import type { ShellClient } from "./shell-client.js";

/** What a command works with. */
export interface Context {
	readonly client: ShellClient;
	readonly platform: Platform;
	/** `Clock.now()` when the shell began. */
	readonly startedAtMs: number;
	/** The model's listener from before `observe-changes on`; undefined while that is off. */
	onChangeBefore: Model["onChange"];
	/** Prints a line beside the one being typed, unless there is no room for it. */
	print(line: string): void;
}

/** Lines separated by "\n", or one after the other as fast as the serial port takes them; or nothing to say. */
export type Reply = string | Iterator<string, void> | undefined | void;

export interface Command {
	readonly name: string;
	/** What `help` prints: name, parameters, what it does. */
	readonly text: string;
	/** How many words may follow. */
	readonly least: number;
	readonly most: number;
	/** @param words those behind the command's name. @throws Refused, or what the client throws */
	readonly run: (context: Context, words: readonly string[]) => Reply;
	readonly commands: readonly Command[] | undefined;
}

/** A command that cannot be carried out: one of newlib's error numbers, as Zephyr shows them, and why. */
export class Refused extends Error {
	override name = "Refused";
	readonly errno: number;

	constructor(errno: number, why: string) {
		super(why);
		this.errno = errno;
	}
}

/** A resource by its path. */
export interface Target {
	readonly path: string;
	/** Object, instance, resource, and the resource instance, -1 of a single resource. */
	readonly ids: readonly number[];
	readonly node: ObjectNode;
	readonly definition: ResourceDefinition;
}

export function command(
	text: string,
	least: number,
	most: number,
	run: Command["run"],
	commands?: readonly Command[],
): Command {
	return Object.freeze({ name: text.slice(0, text.indexOf(" ")), text, least, most, run, commands });
}

/** What is named does not exist. */
export function absent(what: string): never {
	throw new Refused(-2, what); // ENOENT
}

/** What is wanted makes no sense. */
export function invalid(why: string): never {
	throw new Refused(-22, why); // EINVAL
}

/** This build's client cannot do it. */
export function unsupported(): never {
	throw new Refused(-134, "not supported by this build"); // ENOTSUP
}

/** The ids of a path. @throws Refused unless it has `least` to 4 */
export function idsOf(path: string, least: number): number[] {
	const ids = new Uint16Array(4);
	const depth = parsePath(path, ids);
	if (depth < least) invalid(`${path} is not a path of ${least} to 4 ids`);
	return Array.from(ids.subarray(0, depth));
}

/** The object of a path, and its instance if there is one in the path. @throws Refused where they do not exist */
export function nodeAt(model: Model, ids: readonly number[]): ObjectNode {
	const node = model.objects[ids[0]!];
	if (!node) absent(`no object ${ids[0]}`);
	if (ids.length > 1 && !node.instances[ids[1]!]) absent(`no instance ${ids[0]}/${ids[1]}`);
	return node;
}

/**
 * The resource of a path, whether its instance exists or not. The path of a multiple resource alone stands for its
 * instance 0, as in Zephyr. @throws Refused where there can be no value
 */
export function resourceAt(model: Model, path: string): Target {
	const ids = idsOf(path, 3);
	const node = nodeAt(model, ids.slice(0, 1));
	const definition = node.definition.resources[ids[2]!];
	if (!definition) absent(`no resource ${ids.slice(0, 3).join("/")}`);
	if (definition.type === NONE) invalid(`${path} is executable, it has no value`);
	if (definition.multiple === undefined) {
		if (ids.length > 3) absent(`no resource ${path}, it is a single one`);
		ids[3] = -1;
	} else ids[3] ??= 0;
	return { path, ids, node, definition };
}

/** What is stored, handlers left aside. */
export function storedAt(model: Model, { ids }: Target): Value | undefined {
	return model.stored(ids[0]!, ids[1]!, ids[2]!, ids[3]!);
}

/** The value of a resource, asked of its handler as for a server. @throws Refused where there is none */
export function valueAt(model: Model, target: Target): Value {
	const { path, ids } = target;
	nodeAt(model, ids);
	const stored = storedAt(model, target);
	const handler = model.handler(ids[0]!, ids[1]!, ids[2]!);
	// of a multiple resource the handler knows the values, and the registry which instances there are
	const value = stored === undefined && ids[3]! >= 0 ? undefined : (handler?.read?.(ids[1]!, ids[3]!) ?? stored);
	if (value === LATER) throw new Refused(-11, `${path} takes its time, and the shell does not wait`); // EAGAIN
	return value === undefined ? absent(`${path} has no value`) : (value as Value); // LATER has been dealt with
}

/** Keys are what no server may read and what takes no part in the Read of its instance: never shown, never kept. */
export function isSecret({ operations, isApart }: ResourceDefinition): boolean {
	return operations === HIDDEN && isApart === true;
}
