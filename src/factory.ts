// Factory bootstrap: the account that a device begins with, from its options.
// OMA-TS-LightweightM2M_Core-V1_1_1 6.1.3.1 (Factory Bootstrap).
import type { security } from "../objects/0-security.js";
import type { server } from "../objects/1-server.js";
import { hash, textBytes, writeText } from "./bytes.js";
import type { Client } from "./client.js";
import type { ObjectDefinition } from "./lwm2m/definition.js";
import type { Registry } from "./lwm2m/registry.js";
import type { DeviceOptions } from "./options.js";

type Accounts = Registry<readonly [typeof security, typeof server]>;

/**
 * Takes up the configuration that storage holds, or makes the account of the options. Other options than last time count,
 * and not what is stored. Without a server in the options nothing is made: the device waits to be provisioned.
 */
export function provision<O extends readonly ObjectDefinition[]>(client: Client<O>, options: DeviceOptions): void {
	const registry = client.registry as unknown as Accounts; // every client has these two objects
	client.provision(factoryOf(options), () => makeAccount(registry, options));
}

/** Starts, or waits where there is no account yet: on a blank device it comes by hand, in the shell. */
export function startOrWait<O extends readonly ObjectDefinition[]>(client: Client<O>): void {
	try {
		client.start();
	} catch (error) {
		client.log.warning(String(error instanceof Error ? error.message : error));
	}
}

/** Tells factory configurations apart: other options than last time count, and not what storage holds. */
function factoryOf(options: DeviceOptions): string {
	const { server, bootstrap, pskIdentity, pskKey, certificates, lifetime, binding, shortServerId } = options;
	const secrets = [pskKey, certificates?.certificate, certificates?.privateKey, certificates?.server];
	const hashes = secrets.map((one) => (one ? hash(new Uint8Array(one), 0, one.byteLength) : 0));
	return [server, bootstrap, pskIdentity, ...hashes, lifetime, binding, shortServerId].join(" ");
}

/** The server account that the options name becomes instance 0 of Security and Server. */
function makeAccount(registry: Accounts, options: DeviceOptions): void {
	const uri = options.server ?? options.bootstrap;
	if (uri === undefined) return;
	registry.set("/0/0/0", uri);
	registry.set("/0/0/1", options.server === undefined);
	secure(registry, options);
	if (options.server === undefined) return;
	registry.set("/0/0/10", options.shortServerId);
	registry.set("/1/0/0", options.shortServerId);
	registry.set("/1/0/1", options.lifetime);
	registry.set("/1/0/6", true);
	registry.set("/1/0/7", options.binding);
}

/** Security mode and credentials of instance 0: pre-shared key (0), certificates (2) or none (3). */
function secure(registry: Accounts, { pskIdentity, pskKey, certificates }: DeviceOptions): void {
	if (pskIdentity !== undefined && pskKey) {
		registry.set("/0/0/2", 0);
		registry.set("/0/0/3", utf8(pskIdentity));
		registry.set("/0/0/5", pskKey);
	} else if (certificates) {
		registry.set("/0/0/2", 2);
		registry.set("/0/0/3", certificates.certificate);
		registry.set("/0/0/4", certificates.server);
		registry.set("/0/0/5", certificates.privateKey);
	} else registry.set("/0/0/2", 3);
}

function utf8(text: string): ArrayBuffer {
	const bytes = new Uint8Array(textBytes(text));
	writeText(bytes, 0, text);
	return bytes.buffer;
}
