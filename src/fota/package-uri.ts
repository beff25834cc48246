// The Package URI, 5/0/1: `coap://host[:port]/path?query`, coaps, http, https; IPv6 addresses in brackets. RFC 3986,
// RFC 7252 6. What is escaped by `%` in a path or query must be UTF-8.
import { span, WHITE_SPACE } from "../scan.js";
import { splitUri } from "../uri.js";

export const COAP = 0;
export const COAPS = 1;
export const HTTP = 2;
export const HTTPS = 3;

/** The numbers are those of 5/0/8. */
export interface PackageUri {
	readonly protocol: number;
	/** A host name or a numeric address, without brackets. */
	readonly host: string;
	readonly port: number;
	/** With the slash that it begins with, as it stands in the URI; "/" where it is absent. */
	readonly path: string;
	/** Behind the question mark; undefined where there is none. */
	readonly query: string | undefined;
}

const SCHEMES: readonly string[] = Object.freeze(["coap", "coaps", "http", "https"]);
const PORTS: readonly number[] = Object.freeze([5683, 5684, 80, 443]);

/** @returns undefined where the text is no such URI; null where its scheme is another one */
export function parsePackageUri(text: string): PackageUri | null | undefined {
	const parts = splitUri(text);
	if (!parts) return undefined;
	const { scheme, host, rest } = parts;
	if (!"/?".includes(rest[0] ?? "/") || span(rest, 0, `#${WHITE_SPACE}`, false) < rest.length) return undefined;
	const protocol = SCHEMES.indexOf(scheme);
	if (protocol < 0) return null;
	const port = parts.port ?? PORTS[protocol]!;
	if (port < 1 || port > 65535) return undefined;
	const mark = span(rest, 0, "?", false);
	const path = rest.slice(0, mark) || "/";
	const query = mark < rest.length ? rest.slice(mark + 1) : undefined;
	try {
		decodeURIComponent(path);
		decodeURIComponent(query ?? "");
	} catch {
		return undefined;
	}
	return { protocol, host, port, path, query };
}
