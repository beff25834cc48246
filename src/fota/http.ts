// Packages by HTTP and HTTPS. A manifest leaves it out by mapping this module to `http-none`.
import { HttpSource } from "./http-source.js";
import { HTTPS, type PackageUri } from "./package-uri.js";
import type { PartParts } from "./part.js";
import type { Source, SourceEvents } from "./source.js";

/** The last protocol of package-uri.ts that there is. */
export const lastProtocol: number = HTTPS;

export function httpSource(parts: PartParts, uri: PackageUri, securityInstance: number, events: SourceEvents): Source {
	return new HttpSource(parts, uri, securityInstance, events);
}
