// Whether a server can be spoken to with what its account says: for the check that ends a bootstrap.
import type { Model } from "../lwm2m/model.js";
import { parseUri } from "../uri.js";
import { readCredentials } from "./credentials.js";

/** What is wrong with an account's URI or credentials, in one line. */
export function problemOfAccount(
	model: Model,
	account: { readonly uri: string; readonly shortServerId: number; readonly securityInstance: number },
	hasDtls: boolean,
): string | undefined {
	const { uri, shortServerId, securityInstance } = account;
	const parsed = parseUri(uri);
	if (!parsed || (parsed.isSecure && !hasDtls)) return `server ${shortServerId}: "${uri}" cannot be used`;
	if (!parsed.isSecure) return undefined;
	try {
		readCredentials(model, securityInstance, parsed.host);
		return undefined;
	} catch (error) {
		return error instanceof Error ? error.message : String(error);
	}
}
