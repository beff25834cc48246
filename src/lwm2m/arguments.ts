// The argument list of Execute. OMA-TS-LightweightM2M_Core-V1_1_1 6.3.4:
//   arglist = arg *( "," arg )      arg = DIGIT [ "=" "'" *CHAR "'" ]      CHAR = "!" / %x23-26 / %x28-5B / %x5D-7E

/** One argument of Execute, `2='text'`. */
export interface Argument {
	/** 0..9 */
	readonly id: number;
	/** Undefined where there is the digit alone. */
	readonly value: string | undefined;
}

/** @returns the arguments in order, none for an empty text; undefined where the text is not an argument list */
export function parseArguments(text: string): Argument[] | undefined {
	const list: Argument[] = [];
	if (text === "") return list;
	let at = 0;
	for (;;) {
		const id = text.charCodeAt(at) - 48;
		if (!(id >= 0 && id <= 9) || list.some((argument) => argument.id === id)) return undefined;
		at++;
		let value: string | undefined;
		if (text[at] === "=") {
			const close = text.indexOf("'", at + 2);
			if (text[at + 1] !== "'" || close < 0) return undefined;
			value = text.slice(at + 2, close);
			if (!isCharacters(value)) return undefined;
			at = close + 1;
		}
		list.push({ id, value });
		if (at === text.length) return list;
		if (text[at] !== ",") return undefined;
		at++;
	}
}

/** Nothing but CHAR. */
function isCharacters(text: string): boolean {
	for (let i = 0; i < text.length; i++) {
		const code = text.charCodeAt(i);
		if (code < 0x21 || code > 0x7e || text[i] === '"' || text[i] === "\\") return false;
	}
	return true;
}
