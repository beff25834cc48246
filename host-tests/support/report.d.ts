// Where the unit tests' results go: standard output, by the engine at hand.
/** Prints one line. */
export function print(line: string): void;
