// CoRE Link Format (RFC 6690), as Register, Update and Discover use it.

import { CodecError } from "./value.js";

export interface Link {
	readonly url: string;
	/** Values as written, quotes included; null for an attribute without a value. */
	readonly attributes: Record<string, string | null>;
}

const LINK = /^\s*<([^>]*)>/;
const ATTRIBUTE = /^\s*;\s*([A-Za-z0-9!#$&+\-.^_`|~*]+)\s*(?:=\s*("(?:[^"\\]|\\.)*"|[^\s",;]+))?/;

export function parseLinks(text: string): Link[] {
	const links: Link[] = [];
	let rest = text;
	while (rest.trim() !== "") {
		const link = LINK.exec(rest);
		if (!link) throw new CodecError(`bad link format at "${rest.slice(0, 20)}"`);
		rest = rest.slice(link[0].length);
		const attributes: Record<string, string | null> = {};
		for (let match = ATTRIBUTE.exec(rest); match; match = ATTRIBUTE.exec(rest)) {
			attributes[match[1]!] = match[2] ?? null;
			rest = rest.slice(match[0].length);
		}
		links.push({ url: link[1]!, attributes });
		rest = rest.trimStart();
		if (rest === "") break;
		if (!rest.startsWith(",") || rest.slice(1).trim() === "") {
			throw new CodecError(`bad link format at "${rest.slice(0, 20)}"`);
		}
		rest = rest.slice(1);
	}
	return links;
}

/** An attribute's value without its quotes. */
export function unquote(value: string | null | undefined): string | undefined {
	if (value === null || value === undefined) return undefined;
	return value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/g, "$1") : value;
}
