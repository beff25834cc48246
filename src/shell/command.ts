// What a command is: what it works with, how it answers, and how it refuses.
import type { Model } from "../lwm2m/model.js";
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

/** Part n of an answer, from 0 on: a line or several, "" for none, undefined behind the last. */
export type Parts = (n: number) => string | undefined | void;
/** Lines separated by "\n", or one part after the other as fast as the serial port takes them; or nothing to say. */
export type Reply = string | Parts | undefined | void;
/**
 * Carries out one of a group's commands.
 * @param words its name and what follows
 * @throws what `refuse` throws, or the client
 */
export type Commands = (context: Context, words: readonly string[]) => Reply;

/**
 * Says that a command cannot be carried out.
 * @param errno one of newlib's error numbers, as Zephyr shows them; it becomes the error's cause
 * @param why with `%` in the places of the values
 */
export function refuse(errno: number, why: string, ...values: unknown[]): never {
	throw new Error(fill(why, ...values), { cause: errno });
}

/** This build's client cannot do it. */
export function unsupported(): never {
	refuse(-134, "not supported by this build"); // ENOTSUP
}

/** A text with the values in the places of its `%`. */
export function fill(text: string, ...values: unknown[]): string {
	return text.split("%").reduce((before, part, n) => `${before}${values[n - 1]}${part}`);
}
