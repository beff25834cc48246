// What keeps a module out of flash. The Moddable SDK's linker runs a module's body on the build machine and puts what it
// leaves into flash: so a module has no variables that change, no objects that are not frozen, and calls nothing that acts.
// What changes is in objects that are made when the program runs. Judged by the text alone, as Biome formats it.

/** Comments, and what can hold brackets without meaning them: texts, templates without `${`, regular expressions. */
const OPAQUE =
	/\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\$]|\\.)*`|(?<=[=(,:]\s*)\/(?![*/])(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/g;
const CLOSING = { "(": ")", "[": "]", "{": "}" };

/** @returns one line for each obstacle in a module's text, the variable named */
export function obstaclesToPreload(source) {
	const text = source.replace(OPAQUE, (found) => (/^\/[*/]/.test(found) ? "" : "0").padEnd(found.length));
	const found = [];
	for (const statement of statements(text)) {
		const [, kind, name] = /^(?:export )?(?:default )?(let|var|const|class)\b\s*([\w$#]*)/.exec(statement) ?? [];
		if (kind === "let" || kind === "var") for (const one of names(statement)) found.push(`variable "${one}" changes`);
		else if (kind === "const") {
			if (!isFrozen(statement)) found.push(`"${name}" is not frozen`);
		} else if (kind === "class") {
			for (const [, field] of statement.matchAll(/^\tstatic (?:readonly )?([\w$#]+)(?::[^=\n]*)? = /gm))
				found.push(`"${name}.${field}" is a static field`);
		} else if (
			!/^(import|export|function|async function|interface|type|declare|abstract class|Object\.freeze\(|[;}])/.test(
				statement,
			)
		)
			found.push(`"${statement.split("\n")[0].trim()}" is run when the module is loaded`);
	}
	return found;
}

/** The statements of the module's own level: Biome begins each at the first column, and nothing else but what closes one. */
function statements(text) {
	return text.split(/\n(?=[^\s)\]}])/).filter((statement) => /\S/.test(statement));
}

/** All names that a declaration declares. */
function names(statement) {
	return [...statement.replace(/^(export )?(let|var)/, ",").matchAll(/,\s*([\w$]+)(?=\s*[:=,;]|\s*$)/g)].map(
		([, name]) => name,
	);
}

/** True where every object and array that a constant's value is made of is the argument of Object.freeze. */
function isFrozen(statement) {
	const value = /(?<![=<>!])=(?![=>])([\s\S]*)/.exec(statement)?.[1] ?? "";
	if (/^\s*new\b/.test(value)) return false;
	const open = [];
	for (let at = 0; at < value.length; at++) {
		const before = value.slice(0, at).trimEnd();
		const character = value[at];
		if (character === "(")
			open.push(before.endsWith("Object.freeze") ? "freeze" : /[\w$\]]$/.test(before) ? "call" : "(");
		else if (character === "[" || character === "{") {
			const isBody = character === "{" && /(\)|=>)(: [\w<>[\] |]+)?$/.test(before);
			if (isBody) at = endOf(value, at);
			else {
				const isLiteral = character === "{" || !/[\w$\])]$/.test(before);
				const around = open.at(-1);
				if (isLiteral && around !== "freeze" && around !== "deep" && !open.includes("call")) return false;
				open.push(around === "freeze" && isDeep(value, at) ? "deep" : around === "deep" ? "deep" : character);
			}
		} else if (")]}".includes(character)) open.pop();
	}
	return true;
}

/** The second argument of Object.freeze, after the literal that begins at a position, is true: all in it is frozen. */
function isDeep(value, at) {
	return /^,\s*true\b/.test(value.slice(endOf(value, at) + 1));
}

/** Where the bracket that opens at a position closes. */
function endOf(value, at) {
	const open = value[at];
	let depth = 0;
	for (; at < value.length; at++) {
		if (value[at] === open) depth++;
		else if (value[at] === CLOSING[open] && --depth === 0) break;
	}
	return at;
}
