// The coaps:// transports of the program: sessions whose keys come from the credential stores.
import { readFileSync } from "node:fs";
import { DtlsTransport } from "./dtls/dtls-transport.js";
import type { SecurityStore } from "./security/security-store.js";

export interface SecureSettings {
	readonly host: string;
	/** Length of the connection IDs, 1 to 32; -1 is without the extension. */
	readonly cidBytes: number;
	/** Files with the server's certificate and key, and the authorities of the clients' certificates. */
	readonly certificate: string | undefined;
	readonly key: string | undefined;
	readonly authority: string | undefined;
}

/**
 * @param storeOf the store is asked for at each handshake: it is made after its transport
 * @throws Error where a file or its content cannot be used, or DTLS has not been built
 */
export function secureTransport(settings: SecureSettings, port: number, storeOf: () => SecurityStore): DtlsTransport {
	const { host, cidBytes, certificate, key, authority } = settings;
	return new DtlsTransport({
		host,
		port,
		cidBytes,
		keyOf: (identity) => storeOf().keyOf(identity),
		...(certificate === undefined ? {} : { certificate: readFileSync(certificate) }),
		...(key === undefined ? {} : { privateKey: readFileSync(key) }),
		...(authority === undefined ? {} : { authorities: readFileSync(authority) }),
		onFailure: (message, address) => console.log(`coaps from ${address}: ${message}`),
	});
}
