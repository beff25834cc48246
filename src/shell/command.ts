// What a command is, and how it refuses.
import type { Log } from "../log.js";
import type { Platform } from "../platform.js";
import type { ShellClient } from "./shell-client.js";

/** What a command works with. */
export interface Context {
	readonly client: ShellClient;
	readonly platform: Platform;
	readonly log: Log;
	/** Of the firmware, for `kernel version`. */
	readonly version: string;
	/** `Clock.now()` when the device started. */
	readonly startedAtMs: number;
	/** Prints a line beside the one being typed, unless there is no room for it. */
	print(line: string): void;
}

/** An answer of many lines, each made when the serial port has taken the one before. */
export interface Lines {
	/** @returns undefined at the end */
	next(): string | undefined;
}

/** Lines separated by "\n"; undefined where there is nothing to say. */
export type Reply = string | Lines | undefined;

export interface Command {
	readonly name: string;
	/** The parameters, as `help` shows them. */
	readonly usage: string;
	readonly help: string;
	/** How many words may follow. */
	readonly least: number;
	readonly most: number;
	/** @param words those behind the command's name. @throws Refused, or what the client throws */
	readonly run: ((context: Context, words: readonly string[]) => Reply) | undefined;
	readonly commands: readonly Command[] | undefined;
}

/** Error numbers of Zephyr (newlib's errno.h), which people's scripts look at. */
export const EPERM = -1;
export const ENOENT = -2;
export const EAGAIN = -11;
export const ENOMEM = -12;
export const EEXIST = -17;
export const EINVAL = -22;
export const EINPROGRESS = -119;
export const ENOTSUP = -134;

/** A command that cannot be carried out, and why. */
export class Refused extends Error {
	override name = "Refused";
	readonly errno: number;

	constructor(errno: number, why: string) {
		super(why);
		this.errno = errno;
	}
}

/** Refuses what this build's client has not. */
export function unsupported(): never {
	throw new Refused(ENOTSUP, "not supported by this build");
}
