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
 * @param words those behind the command's name
 * @param word the first of them, "" where there is none
 * @throws what `refuse` throws, or the client
 */
export type Command = (context: Context, word: string, words: readonly string[]) => Reply;
/** Commands by name. */
export type Commands = Readonly<Record<string, Command>>;

export interface Refusal extends Error {
	errno: number;
}

/** Says that a command cannot be carried out: one of newlib's error numbers, as Zephyr shows them, and why. */
export function refuse(errno: number, why: string): never {
	throw Object.assign(new Error(why), { errno });
}

/** This build's client cannot do it. */
export function unsupported(): never {
	refuse(-134, "not supported by this build"); // ENOTSUP
}

/** A text with the values in the places of its `%`. */
export function fill(text: string, ...values: unknown[]): string {
	return text.split("%").reduce((before, part, n) => `${before}${values[n - 1]}${part}`);
}
