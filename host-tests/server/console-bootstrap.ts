// Console commands for the bootstrap server and for credentials. Keys are taken, and never shown.

import type { Command } from "./console.js";
import type { Json } from "./lwm2m/node-json.js";
import { hexKey, pskInfo } from "./security/security-info.js";
import type { CompanionServer } from "./server.js";

const SERVER_ID = 1;

export const BOOTSTRAP_COMMANDS: Readonly<Record<string, Command>> = {
	bootstrap: {
		usage: "bootstrap EP URI [IDENTITY KEY]",
		fewestWords: 2,
		run(server, [ep, uri, identity, key]) {
			bootstrapOf(server).configure(ep!, configOf(uri!, identity, key));
			return `${ep} gets ${uri} at its next bootstrap`;
		},
	},
	bootstraps: {
		usage: "bootstraps",
		fewestWords: 0,
		run(server) {
			const names = [...bootstrapOf(server).configs.keys()];
			return names.length === 0 ? "no bootstrap configurations" : names.join("\n");
		},
	},
	security: {
		usage: "security [EP IDENTITY KEY]",
		fewestWords: 0,
		run(server, [ep, identity, key]) {
			if (ep !== undefined) {
				if (identity === undefined || key === undefined) return "usage: security [EP IDENTITY KEY]";
				server.security.add(pskInfo(ep, identity, hexKey(key)));
			}
			const lines = [...server.security].map(
				(info) => `${info.endpoint}  ${info.mode}${info.mode === "psk" ? `  ${info.identity}` : ""}`,
			);
			return lines.length === 0 ? "no credentials" : lines.join("\n");
		},
	},
};

/** One server with the short id 1; the instance 0 of the security object stays the bootstrap server's. */
function configOf(uri: string, identity: string | undefined, key: string | undefined): Json {
	if (identity !== undefined && key === undefined) throw new RangeError("an identity needs a key");
	const credentials: { [name: string]: Json } =
		identity === undefined || key === undefined
			? { securityMode: "NO_SEC" }
			: { securityMode: "PSK", publicKeyOrId: [...Buffer.from(identity)], secretKey: [...hexKey(key)] };
	return {
		toDelete: ["/0", "/1"],
		security: { "1": { uri, bootstrapServer: false, serverId: SERVER_ID, ...credentials } },
		servers: { "0": { shortId: SERVER_ID, lifetime: 300, binding: "U" } },
	};
}

function bootstrapOf(server: CompanionServer): NonNullable<CompanionServer["bootstrap"]> {
	if (!server.bootstrap) throw new RangeError("there is no bootstrap server");
	return server.bootstrap;
}
