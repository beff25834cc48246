// Server URIs: `coap://host[:port]` and `coaps://host[:port]`, IPv6 addresses in brackets. RFC 7252 6.1, 6.2.
import { DIGITS, HEX_DIGITS, isDigits, lowerCase, span, WHITE_SPACE } from "./scan.js";

const LETTERS = "abcdefghijklmnopqrstuvwxyz";

export interface ServerUri {
	readonly isSecure: boolean;
	/** A host name or a numeric address, without brackets. */
	readonly host: string;
	/** 1..65535; 5683 and 5684 where the URI names none. */
	readonly port: number;
}

/** The parts that every URI with a host has. RFC 3986 3 */
export interface UriParts {
	/** In lower case. */
	readonly scheme: string;
	/** Without brackets. */
	readonly host: string;
	/** 0..99999; undefined where the URI names none. */
	readonly port: number | undefined;
	/** What follows: a path, a query, a fragment. "" for nothing. */
	readonly rest: string;
}

/** @returns undefined where the text is not such a URI */
export function parseUri(text: string): ServerUri | undefined {
	const parts = splitUri(text);
	if (!parts || (parts.rest !== "" && parts.rest !== "/")) return undefined;
	const { scheme, host } = parts;
	const isSecure = scheme === "coaps";
	const port = parts.port ?? (isSecure ? 5684 : 5683);
	return (isSecure || scheme === "coap") && port > 0 && port < 65536 ? { isSecure, host, port } : undefined;
}

/** @returns undefined where the text does not begin with `scheme://host` or `scheme://host:port` */
export function splitUri(text: string): UriParts | undefined {
	const colon = text.indexOf("://");
	const scheme = lowerCase(text.slice(0, Math.max(colon, 0)));
	const isBracketed = text[colon + 3] === "[";
	const start = colon + (isBracketed ? 4 : 3);
	const end = isBracketed ? span(text, start, `${HEX_DIGITS}:.`) : span(text, start, `/?#@:[]${WHITE_SPACE}`, false);
	let rest = text.slice(end);
	if (!LETTERS.includes(scheme[0] ?? " ") || span(scheme, 0, `${LETTERS}${DIGITS}+.-`) < scheme.length || end === start)
		return undefined;
	if (isBracketed) {
		if (rest[0] !== "]") return undefined;
		rest = rest.slice(1);
	}
	let port: number | undefined;
	if (rest[0] === ":") {
		const stop = span(rest, 1, DIGITS);
		if (!isDigits(rest.slice(1, stop), 5)) return undefined;
		port = Number(rest.slice(1, stop));
		rest = rest.slice(stop);
	}
	return { scheme, host: text.slice(start, end), port, rest };
}

/** A numeric address, and no name. */
export function isAddress(host: string): boolean {
	return host.includes(":") || span(host, 0, `.${DIGITS}`) === host.length;
}
