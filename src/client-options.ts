// What a client is made of: the options of `Client`. Types only.
import type { PartFactory } from "./fota/part.js";
import type { Log } from "./log.js";
import type { EnablerVersion, ObjectDefinition } from "./lwm2m/definition.js";
import type { ClientEvent } from "./lwm2m/event.js";
import type { Model } from "./lwm2m/model.js";
import type { Platform, Udp, UdpOptions } from "./platform.js";
import type { SecureFactory } from "./server-link.js";

/** What a client is made of. @see Client */
export interface ClientOptions<O extends readonly ObjectDefinition[]> {
	/** Endpoint client name, 1 to 200 bytes. OMA-TS-LightweightM2M_Core-V1_1_1 6.2.1 */
	endpoint: string;
	/** The objects that the device has, Security (0) and Server (1) among them. */
	objects: O;
	/** What it runs on: `createPlatform()` of the port, or one of your own (`src/platform.ts`). */
	platform: Platform;
	/** Default: nothing is logged. */
	log?: Log;
	/** The version to register with first; 4.12 makes the client step down. Default 1.1. */
	enabler?: EnablerVersion;
	/** Makes the secure sessions of `coaps` servers: `dtls()` of security/dtls-factory. Default: the build has no DTLS. */
	dtls?: DtlsFactory;
	/** Firmware update: `firmwareUpdate()` of fota/start. Default: the build has none. */
	firmware?: PartFactory | undefined;
	/** Queue mode: how long the device listens after the last message, s; announced as `at=`. Default 93, not announced. */
	awakeSeconds?: number;
	/** Opens the sockets in place of the platform: a modem's, or with options of their own. Default: `platform.openUdp`. */
	openUdp?(options: UdpOptions, securityInstance: number): Udp;
	/** Told what happens with the registrations and bootstraps; the short server id is 0 where no server is meant. */
	onEvent?(event: ClientEvent, shortServerId: number): void;
}

/** Given what a client has, makes what makes secure sessions; undefined: the build has no DTLS after all. */
export type DtlsFactory = (parts: { model: Model; platform: Platform; log: Log }) => SecureFactory | undefined;
