// The shell's side of a serial port: the line being typed, its history, and a queue of what goes out. Native on XS
// (../native/terminal.js); in tests on Node the same C by host-tests/support/terminal.js. It lives in one buffer of
// STATE_BYTES, the queue, the line, the history and INPUT_BYTES, in this order; nothing is allocated for what is typed.
// Every function throws a TypeError or RangeError for a buffer that `open` has not prepared.

/** In front of the queue. */
export const STATE_BYTES: 32;
/** At the end of the buffer: where the caller puts what it reads of the port. */
export const INPUT_BYTES: 16;

/** Of `feed`: no input is left; a line is complete; Tab at the end of the line; Ctrl-C during an answer. 1 is "call again". */
export const IDLE: 0;
export const COMPLETE: 2;
export const TABBED: 3;
export const LEFT: 4;

/**
 * Prepares the buffer, and asks a terminal for its width.
 * @param line the longest line, bytes
 * @param history bytes of lines that are kept
 * @param isTerminal echo and painting are wanted
 */
export function open(bytes: Uint8Array, line: number, history: number, isTerminal: boolean): void;

/** The port has taken the first `count` bytes of the queue. @returns where in the buffer the rest ends */
export function sent(bytes: Uint8Array, count: number): number;

/**
 * Prompts, or takes input as long as there is room to paint.
 * @param count bytes that the caller has read, where `feed` was IDLE; -1: the end, and the last line may lack its own
 * @param isAnswering nothing is taken but what ends with Ctrl-C
 */
export function feed(bytes: Uint8Array, count: number, isAnswering: boolean): number;

/** Queues of a text what there is room for; control characters become dots. @returns true where it is over, else call again */
export function answer(bytes: Uint8Array, text: string): boolean;

/** Queues a line above the one being typed. @returns false where there is no room, or an answer is on its way */
export function report(bytes: Uint8Array, text: string): boolean;

/**
 * The line's words, as Zephyr's shell finds them: spaces part them, quotes and backslashes keep them together. Quotes
 * around a word go, quotes within one stay, so that an argument list can be typed as it is: `0='a b',1`.
 * @param isOpen behind a space there is one more, empty
 * @returns the words; or what is wrong with the line; undefined where more was typed than it takes
 */
export function words(bytes: Uint8Array, isOpen: boolean): string[] | string | undefined;

/** Puts a text in at the cursor, as if it had been typed. @returns false where the line does not take all of it */
export function insert(bytes: Uint8Array, text: string): boolean;

/** Ends the line. @param isKept it goes into the history */
export function accept(bytes: Uint8Array, isKept: boolean): void;
