// DTLS for the client: a session for each `coaps` server, with the credentials of its Security instance or those that
// the application supplies. What main.ts leaves out is not in the image.
import { DTLS_DATAGRAM_BYTES } from "../config.js";
import type { Log } from "../log.js";
import type { Model } from "../lwm2m/model.js";
import type { Platform } from "../platform.js";
import type { ServerUri } from "../uri.js";
import type { SecureAccount, SecureEvents, SecureSession } from "./connection.js";
import { readCredentials } from "./credentials.js";
import { type DtlsCredentials, DtlsSession, hasDtls } from "./dtls-session.js";

/** What `dtls()` takes; all of it may be absent. */
export interface DtlsSettings {
	/** Length of the connection ID that is offered for records that come in, 0..32 bytes; -1: none. RFC 9146. Default 0. */
	cidBytes?: number;
	/** Handshake: the first interval before a retransmission, ms, 1..60000, doubled up to the last one. Default 1000, 16000. */
	firstTimeoutMs?: number;
	lastTimeoutMs?: number;
	/** Handshake: retransmissions before it is given up, 1..16. Default 12. RFC 6347 4.2.4.1 */
	retransmissions?: number;
	/**
	 * The application's own credentials for a Security instance (a secure element, a modem); undefined leaves it to the
	 * instance's resources.
	 */
	credentialsOf?(securityInstance: number, uri: ServerUri): DtlsCredentials | undefined;
}

interface Parts {
	model: Model;
	platform: Platform;
	log: Log;
}

/** For `ClientOptions.dtls`. @returns what gives undefined where the build has no Mbed TLS */
export function dtls(settings: DtlsSettings = {}) {
	return ({ model, platform, log }: Parts) => {
		if (!hasDtls()) return undefined;
		// one buffer for the records of all sessions, made when the first is
		let record: Uint8Array | undefined;
		const { cidBytes = 0, firstTimeoutMs, lastTimeoutMs, retransmissions } = settings;
		return (account: SecureAccount, uri: ServerUri, events: SecureEvents): SecureSession => {
			const { securityInstance, isPassing } = account;
			const credentials =
				settings.credentialsOf?.(securityInstance, uri) ?? readCredentials(model, securityInstance, uri.host);
			record ??= new Uint8Array(DTLS_DATAGRAM_BYTES);
			return new DtlsSession({
				clock: platform.clock,
				random: (into) => platform.random(into),
				log,
				credentials: { cidBytes, firstTimeoutMs, lastTimeoutMs, retransmissions, ...credentials },
				storage: isPassing ? undefined : platform.storage,
				storageKey: `dtls.${securityInstance}`,
				record,
				transmit: (datagram, length) => events.transmit(datagram, length),
				onConnected: (isResumed) => events.onConnected(isResumed),
				onPlaintext: (buffer, length) => events.onPlaintext(buffer, length),
				onFailure: (message, alert) => events.onFailure(message, alert),
			});
		};
	};
}
