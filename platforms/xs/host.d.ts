// What the device's program asks of the machine it runs on and no ECMA-419 module gives.
import type { MemoryUse } from "../../src/platform.js";

/** Milliseconds since some fixed moment; never goes back. */
export function now(): number;
/** Seconds since 1970; NaN while unknown. */
export function time(): number;
/** Sets the wall clock. @param seconds since 1970, finite */
export function setTime(seconds: number): void;
/** Makes the clock and the timers run `scale` times as fast. @param scale more than 0 */
export function setTimeScale(scale: number): void;
/** Fills a buffer with strong random bytes. */
export function random(into: Uint8Array): void;
/** Calls back once, later, with a numeric address, or undefined and a message. */
export function resolve(name: string, onResult: (address: string | undefined, message?: string) => void): void;
/** Writes one line to standard error. */
export function log(line: string): void;
/** True where `log` writes to a terminal. */
export function isLogOnTerminal(): boolean;
/** Starts the program anew with the same arguments. */
export function restart(): never;
export function exit(status: number): never;
/** What to call when the operator asks the program to end. Without it the program ends at once with status 1. */
export function onTerminate(callback: () => void): void;
/** The command line behind the program's name. */
export function programArguments(): string[];
/** The whole file. Throws where it cannot be read. */
export function readFile(path: string): ArrayBuffer;
/** Memory in use; `builtin…` of it are the engine's own objects, which a board has in flash. */
export function memory(): MemoryUse & { builtinSlots: number; builtinChunks: number };
export function collectGarbage(): void;
