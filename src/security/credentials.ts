// What DTLS takes from an instance of Security (object 0): mode, credentials, and how the server proves what it is.
// OMA-TS-LightweightM2M_Core-V1_1_1 E.1.
import type { Model } from "../lwm2m/model.js";
import type { DtlsCredentials } from "./dtls-session.js";

const SECURITY = 0;
// its resources
const MODE = 2;
const PUBLIC_KEY_OR_IDENTITY = 3;
const SERVER_PUBLIC_KEY = 4;
const SECRET_KEY = 5;
const MATCHING_TYPE = 13;
const SNI = 14;
const CERTIFICATE_USAGE = 15;
const CIPHER_SUITES = 16;
// its modes
const PRE_SHARED_KEY = 0;
const RAW_PUBLIC_KEY = 1;
const CERTIFICATE = 2;
const NO_SECURITY = 3;
const CERTIFICATE_WITH_EST = 4;

const MOST_SUITES = 8;

/**
 * The credentials of a Security instance whose URI is `coaps://host…`.
 * @throws RangeError where they cannot be used; its message is one line
 */
export function readCredentials(model: Model, instance: number, host: string): DtlsCredentials {
	const name = `Security instance ${instance}`;
	const mode = integer(model, instance, MODE);
	const sni = model.stored(SECURITY, instance, SNI, -1);
	const shared = {
		sni: typeof sni === "string" && sni !== "" ? sni : undefined,
		cipherSuites: cipherSuites(model, instance),
	};
	if (mode === PRE_SHARED_KEY)
		return {
			...shared,
			identity: opaque(model, instance, PUBLIC_KEY_OR_IDENTITY, `${name}: the pre-shared key identity (3)`),
			key: opaque(model, instance, SECRET_KEY, `${name}: the pre-shared key (5)`),
		};
	if (mode === CERTIFICATE)
		return {
			...shared,
			certificate: opaque(model, instance, PUBLIC_KEY_OR_IDENTITY, `${name}: the client certificate (3)`),
			privateKey: opaque(model, instance, SECRET_KEY, `${name}: the private key (5)`),
			peerCertificate: opaque(model, instance, SERVER_PUBLIC_KEY, `${name}: the server certificate (4)`),
			certificateUsage: integer(model, instance, CERTIFICATE_USAGE),
			matchingType: integer(model, instance, MATCHING_TYPE),
			serverName: host,
		};
	throw new RangeError(`${name}: ${refusal(mode)}`);
}

function refusal(mode: number | undefined): string {
	if (mode === RAW_PUBLIC_KEY)
		return "raw public keys (mode 1) are not supported; use a pre-shared key or certificates";
	if (mode === NO_SECURITY) return "mode 3 is without security, but the URI is coaps://";
	if (mode === CERTIFICATE_WITH_EST) return "certificates by EST (mode 4) are not supported; use mode 2";
	return `security mode ${mode ?? "(none)"} is not 0 (pre-shared key) or 2 (certificate)`;
}

function integer(model: Model, instance: number, resource: number): number | undefined {
	const value = model.stored(SECURITY, instance, resource, -1);
	return value === undefined ? undefined : Number(value);
}

function opaque(model: Model, instance: number, resource: number, what: string): ArrayBuffer {
	const value = model.stored(SECURITY, instance, resource, -1);
	if (!(value instanceof ArrayBuffer) || value.byteLength === 0) throw new RangeError(`${what} is missing`);
	return value;
}

/** Two bytes a suite; undefined where the resource is absent or empty. */
function cipherSuites(model: Model, instance: number): Uint8Array | undefined {
	const value = model.objects[SECURITY]?.instances[instance]?.[CIPHER_SUITES];
	if (typeof value !== "object" || value instanceof ArrayBuffer || value.values.length === 0) return undefined;
	const suites = new Uint8Array(2 * Math.min(value.values.length, MOST_SUITES));
	for (let i = 0; 2 * i < suites.length; i++) {
		const suite = Number(value.values[i]);
		suites[2 * i] = suite >> 8;
		suites[2 * i + 1] = suite;
	}
	return suites;
}
