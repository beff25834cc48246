// The board's slot for firmware, as `Firmware` in src/platform.ts has it. Each function throws an Error of one line where the
// flash, or the board's updater, refuses.

/** Bytes; 0 where the board's flash has no such slot. */
export function capacity(): number;
export function isTrial(): boolean;
export function isReverted(): boolean;
export function erase(): void;
export function write(offset: number, from: Uint8Array, start: number, end: number): void;
export function read(offset: number, into: Uint8Array): number;
export function install(length: number): void;
export function confirm(): void;
/** 0, or the Update Result (5/0/5): 5 damaged, 6 of another kind */
export function verify(length: number): number;
