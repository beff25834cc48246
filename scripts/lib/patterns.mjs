// Finds the regular expressions in a source text. Each token is skipped whole, so that a slash within a text, a comment or a
// template is none; one that stands where a value can begin opens a literal.

const TOKEN =
	/\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|[\w$#]+|[`{}]|\/(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*|\S/g;
const TEMPLATE = /(?:[^`\\$]|\\[\s\S]|\$(?!\{))*(`|\$\{)/y;
/** Words behind which a value begins; behind others a slash divides. */
const BEFORE_VALUE = /^(return|typeof|case|in|of|do|else|throw|void|delete|instanceof|new|default|yield|await)$/;

/** @returns what is found: literals, and `RegExp` where it is called; each with its line, from 1 */
export function patternsIn(text) {
	const found = [];
	const open = []; // per brace: true where its end goes on with a template
	let before = "";
	TOKEN.lastIndex = 0;
	for (let match = TOKEN.exec(text); match; match = TOKEN.exec(text)) {
		let [token] = match;
		if (/^\/[/*]/.test(token)) continue;
		if (token[0] === "/" && token.length > 1 && isValueBefore(before)) {
			token = "/";
			TOKEN.lastIndex = match.index + 1;
		}
		const isCall = token === "RegExp" && /^\s*\(/.test(text.slice(TOKEN.lastIndex));
		if (isCall || (token[0] === "/" && token.length > 1))
			found.push({ pattern: token, line: text.slice(0, match.index).split("\n").length });
		const isTemplate = token === "`" || (token === "}" && open.pop());
		if (token === "{") open.push(false);
		if (isTemplate) {
			TEMPLATE.lastIndex = TOKEN.lastIndex;
			const end = TEMPLATE.exec(text);
			if (!end) return found;
			TOKEN.lastIndex = TEMPLATE.lastIndex;
			token = end[1] === "`" ? "``" : "{";
			if (token === "{") open.push(true);
		}
		before = token;
	}
	return found;
}

/** A name, a number, a text or a closing bracket: what can be divided. */
function isValueBefore(token) {
	return /[\w$"'`)\]}]$/.test(token) && !BEFORE_VALUE.test(token);
}
