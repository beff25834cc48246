// The log: one line an event, by level. Tools match some of these lines (README, "Log lines").

/** Levels: what is at or below the log's is written. */
export const OFF = 0;
export const ERROR = 1;
export const WARNING = 2;
export const INFO = 3;
export const DEBUG = 4;

/** Level names by number, as the command line and the shell spell them. */
export const LEVELS: readonly string[] = Object.freeze(["off", "error", "warning", "info", "debug"]);

const marks: readonly string[] = Object.freeze(["", "<err> ", "<wrn> ", "<inf> ", "<dbg> "]);

/** Writes lines with their level before them: `<err> `, `<wrn> `, `<inf> `, `<dbg> `. */
export class Log {
	/** OFF (0) to DEBUG (4): what is above is not written. May be changed at any time. */
	level: number;
	#write: (line: string) => void;

	/** @param write takes one line without its end */
	constructor(level: number, write: (line: string) => void) {
		this.level = level;
		this.#write = write;
	}

	/** From now on lines go there: to the shell, where both share a serial port. */
	divert(write: (line: string) => void): void {
		this.#write = write;
	}

	/** Something that a person has to mend. */
	error(line: string): void {
		this.#put(ERROR, line);
	}

	/** Something that went wrong and that the client deals with itself. */
	warning(line: string): void {
		this.#put(WARNING, line);
	}

	/** What happens, in the words that tools match. */
	info(line: string): void {
		this.#put(INFO, line);
	}

	/** Somebody sees what `debug` is told: a line that has to be put together need not be otherwise. */
	get isDebug(): boolean {
		return this.level >= DEBUG;
	}

	/** What a developer of the client wants to see. */
	debug(line: string): void {
		this.#put(DEBUG, line);
	}

	#put(level: number, line: string): void {
		if (level <= this.level) this.#write(marks[level] + line);
	}
}
