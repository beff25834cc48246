// The program that the SDK's Linux target makes.

export function exit(status: number): never;
/** True where both the shell and the log are on a terminal. */
export function isTerminal(): boolean;
/** Called once, when the operator asks the program to end. */
export function onTerminate(callback: () => void): void;
/** The words of the command line. */
export function words(): string[];
