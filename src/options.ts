// What a device's program is told when it starts: from the command line on the host and the emulator, from the
// manifest's `config` on a board. Types only; README, "Command lines", says what each means.
import type { EnablerVersion } from "./lwm2m/definition.js";

/** X.509 credentials, PEM or DER as they were found. */
export interface Certificates {
	readonly certificate: ArrayBuffer;
	readonly privateKey: ArrayBuffer;
	/** The server's certificate or its CA's. */
	readonly server: ArrayBuffer;
}

/** The options of a device, checked by its port. */
export interface DeviceOptions {
	/** Endpoint client name. */
	readonly endpoint: string;
	/** `coap://…` or `coaps://…` of the LwM2M server, or of the bootstrap server; at most one of both is given. */
	readonly server: string | undefined;
	readonly bootstrap: string | undefined;
	readonly pskIdentity: string | undefined;
	readonly pskKey: ArrayBuffer | undefined;
	readonly certificates: Certificates | undefined;
	/** Seconds, 1..2^31 - 1. */
	readonly lifetime: number;
	/** `U` or `UQ`. */
	readonly binding: string;
	/** 1..65534 */
	readonly shortServerId: number;
	readonly lwm2m: EnablerVersion;
	/** Length of the connection ID offered, 0..32 bytes; -1: none is offered. */
	readonly cid: number;
	/** A name of `LEVELS` in log.ts. */
	readonly log: string;
	/** False: wait for `lwm2m start`. */
	readonly start: boolean;
	/** Who signs firmware images: a P-256 point, 65 bytes; undefined: the development key. */
	readonly firmwareKey: Uint8Array | undefined;
	/** Whose certificates servers of firmware by https have, PEM or DER; undefined: see security/tls-factory. */
	readonly firmwareAuthority: ArrayBuffer | undefined;
	/** False: firmware with an older version is refused. */
	readonly mayDowngrade: boolean;
	/** Whether the shell has somewhere to be. */
	readonly hasShell: boolean;
}
