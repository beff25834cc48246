// TLS for the client's downloads by https: whose certificate counts for a host, and whose key. A manifest leaves it out by
// mapping this module to `tls-none`.
import type { Log } from "../log.js";
import type { Model } from "../lwm2m/model.js";
import type { Platform } from "../platform.js";
import { lowerCase } from "../scan.js";
import { isAddress, parseUri } from "../uri.js";
import { readCredentials } from "./credentials.js";
import Dtls from "./dtls.js";
import { type DtlsCredentials, hasDtls } from "./dtls-session.js";
import type { SecureStreams } from "./secure-stream.js";
import { TlsStream } from "./tls-stream.js";

const SECURITY = 0;
// its resources
const URI = 0;
const MODE = 2;
// its modes
const PRE_SHARED_KEY = 0;
const CERTIFICATE = 2;

const SEED_BYTES = 48;

export interface TlsSettings {
	/**
	 * Who is trusted with any host: the certificate of an authority or of the server itself, P-256, PEM or DER, in PEM several of
	 * them. Where it is not given the credentials of the LwM2M servers' accounts serve.
	 */
	authority?: ArrayBuffer | Uint8Array | undefined;
}

interface Parts {
	model: Model;
	platform: Platform;
	log: Log;
}

/** For `FirmwareSettings.tls`. @returns what gives undefined where the image has no Mbed TLS */
export function tls({ authority }: TlsSettings = {}): (parts: Parts) => SecureStreams | undefined {
	return ({ model, platform, log }) => {
		if (!hasDtls()) return undefined;
		return (securityInstance, host) => {
			const credentials = authority ? { peerCertificate: authority } : accountFor(model, securityInstance, host);
			const session = newSession(platform, credentials, host);
			return (options) => new TlsStream(session, (tcp) => platform.openTcp(tcp), log, options);
		};
	};
}

function newSession(platform: Platform, credentials: DtlsCredentials, host: string): Dtls {
	const seed = new Uint8Array(SEED_BYTES);
	platform.random(seed);
	// an address is not to be sent as a name: RFC 6066 3
	const sni = isAddress(host) ? undefined : host;
	try {
		return new Dtls({ ...credentials, isStream: true, serverName: host, sni, seed, time: platform.clock.time() });
	} finally {
		seed.fill(0);
	}
}

/**
 * The certificates of the account whose server wrote the URI serve for any host, as for coaps; a pre-shared key for the host
 * that it is shared with: that of any account.
 */
function accountFor(model: Model, securityInstance: number, host: string): DtlsCredentials {
	const mode = (instance: number) => Number(model.stored(SECURITY, instance, MODE, -1));
	if (mode(securityInstance) === CERTIFICATE) return readCredentials(model, securityInstance, host);
	for (const instance of [securityInstance, ...model.objects[SECURITY]!.instanceIds]) {
		const uri = parseUri(String(model.stored(SECURITY, instance, URI, -1)));
		if (mode(instance) === PRE_SHARED_KEY && uri && lowerCase(uri.host) === lowerCase(host))
			return readCredentials(model, instance, host);
	}
	throw new Error(
		`https: nothing to know ${host} by: neither an authority for firmware, nor certificates for the LwM2M server, nor its key with this host`,
	);
}
