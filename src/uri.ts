// Server URIs: `coap://host[:port]` and `coaps://host[:port]`, IPv6 addresses in brackets. RFC 7252 6.1, 6.2.

export interface ServerUri {
	readonly isSecure: boolean;
	/** A host name or a numeric address, without brackets. */
	readonly host: string;
	/** 1..65535; 5683 and 5684 where the URI names none. */
	readonly port: number;
}

/** @returns undefined where the text is not such a URI */
export function parseUri(text: string): ServerUri | undefined {
	const match = /^(coaps?):\/\/(\[[0-9a-fA-F:.]+\]|[^/?#@:[\]\s]+)(?::([0-9]{1,5}))?\/?$/i.exec(text);
	if (!match) return undefined;
	const [, scheme, authority, portText] = match;
	const isSecure = scheme!.length === 5;
	const port = portText === undefined ? (isSecure ? 5684 : 5683) : Number(portText);
	if (port < 1 || port > 65535) return undefined;
	return { isSecure, host: authority!.startsWith("[") ? authority!.slice(1, -1) : authority!, port };
}
