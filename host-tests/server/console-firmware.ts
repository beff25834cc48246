// Console commands for firmware: a file to a device, by push or by pull.

import { readFileSync } from "node:fs";
import type { Command } from "./console.js";
import { pathOf } from "./firmware/images.js";
import { plainAnswer } from "./lwm2m/answer.js";
import { hostAndPort } from "./transport.js";

export const FIRMWARE_COMMANDS: Readonly<Record<string, Command>> = {
	push: {
		usage: "push EP FILE",
		fewestWords: 2,
		async run(server, [ep, ...file]) {
			const image = server.offerFirmware(readFileSync(file.join(" ")));
			return plainAnswer(await server.pushFirmware(ep!, image));
		},
	},
	pull: {
		usage: "pull EP FILE",
		fewestWords: 2,
		run(server, [ep, ...file]) {
			const image = server.offerFirmware(readFileSync(file.join(" ")));
			const uri = `coap://${hostAndPort(server.host, server.coapPort)}${pathOf(image)}`;
			return server.pullFirmware(ep!, image, uri);
		},
	},
};
