// What the machine itself gives, on every board of the Moddable SDK lane.

/** Milliseconds since the start; never goes back. */
export function now(): number;
/** Seconds since 1970; NaN while the clock has not been set. */
export function time(): number;
export function setTime(seconds: number): void;
/** Fills a buffer from the hardware's generator. Throws where that fails. */
export function random(into: Uint8Array): void;
export function log(line: string): void;
export function restart(): never;
/** power, software, watchdog, brownout, pin, exception or unknown */
export function resetReason(): string;
/** Calls back once, later, with a numeric address, or undefined and a message. */
export function resolve(name: string, onResult: (address: string | undefined, message?: string) => void): void;
/** 0 bytes a slot, 1 slots, 2 their peak, 3 bytes of chunks, 4 their peak. */
export function memory(figure: number): number;
export function collectGarbage(): void;
