// What a person sees: a terminal of a few lines that knows the VT100 sequences which the shell paints with, and fails on
// any other. Runs on Node and on XS.

export class Screen {
	readonly width: number;
	readonly height: number;
	/** What it sends of itself, as an answer to a question. */
	onReply: ((text: string) => void) | undefined;
	bells = 0;
	#rows: string[][];
	#row = 0;
	#column = 0;
	/** A character stands in the last column: the next one goes to the next line. */
	#isPending = false;
	#saved: [number, number] = [0, 0];

	constructor(width: number, height: number) {
		this.width = width;
		this.height = height;
		this.#rows = [];
		for (let i = 0; i < height; i++) this.#rows.push([]);
	}

	/** The lines, without blanks at their ends and without empty lines at the end. */
	get lines(): string[] {
		const lines = this.#rows.map((row) => {
			let text = "";
			for (let i = 0; i < row.length; i++) text += row[i] ?? " ";
			return text.trimEnd();
		});
		while (lines.length > 0 && lines[lines.length - 1] === "") lines.pop();
		return lines;
	}

	/** Row and column of the cursor. */
	get cursor(): [number, number] {
		return [this.#row, this.#column];
	}

	write(text: string): void {
		for (let i = 0; i < text.length; i++) {
			const character = text[i]!;
			if (character !== "\x1b") this.#put(character);
			else if (text[i + 1] === "7") {
				this.#saved = this.cursor;
				i++;
			} else if (text[i + 1] === "8") {
				[this.#row, this.#column] = this.#saved;
				i++;
			} else {
				const found = /^.\[([0-9;]*)([A-Za-z])/.exec(text.slice(i));
				if (!found) throw new Error(`the terminal got an unknown sequence: ${JSON.stringify(text.slice(i, i + 8))}`);
				this.#control(found[2]!, found[1] === "" ? undefined : Number(found[1]));
				i += found[0].length - 1;
			}
		}
	}

	#put(character: string): void {
		if (character === "\r") this.#column = 0;
		else if (character === "\n") this.#down();
		else if (character === "\x07") this.bells++;
		else if (character < " ") throw new Error(`the terminal got the control character ${character.charCodeAt(0)}`);
		else {
			if (this.#isPending) {
				this.#column = 0;
				this.#down();
			}
			this.#rows[this.#row]![this.#column] = character;
			this.#isPending = this.#column === this.width - 1;
			if (!this.#isPending) this.#column++;
			return;
		}
		this.#isPending = false;
	}

	#down(): void {
		if (this.#row < this.height - 1) this.#row++;
		else {
			this.#rows.shift();
			this.#rows.push([]);
		}
	}

	#control(final: string, parameter: number | undefined): void {
		const count = parameter ?? 1;
		if (final === "A") this.#row = Math.max(0, this.#row - count);
		else if (final === "B") this.#row = Math.min(this.height - 1, this.#row + count);
		else if (final === "C") this.#column = Math.min(this.width - 1, this.#column + count);
		else if (final === "D") this.#column = Math.max(0, this.#column - count);
		else if (final === "H") this.#row = this.#column = 0;
		else if (final === "J") this.#erase(parameter ?? 0);
		else if (final === "K") this.#rows[this.#row]!.length = Math.min(this.#rows[this.#row]!.length, this.#column);
		else if (final === "n") this.onReply?.(`\x1b[${this.#row + 1};${this.#column + 1}R`);
		else throw new Error(`the terminal got ESC [ ${parameter} ${final}`);
		this.#isPending = false;
	}

	#erase(mode: number): void {
		if (mode === 0) this.#rows[this.#row]!.length = Math.min(this.#rows[this.#row]!.length, this.#column);
		for (let i = mode === 2 ? 0 : this.#row + 1; i < this.height; i++) this.#rows[i] = [];
	}
}
