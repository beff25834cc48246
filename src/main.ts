// What a device runs: options from the port, the objects with this device's values, the client.
// examples/greenhouse.ts is a device with an object and sensors of its own.
import { coreObjects } from "../objects/index.js";
import { Client } from "./client.js";
import { provision, startOrWait } from "./factory.js";
import { developmentKey } from "./fota/development-key.js";
import { imageCheck } from "./fota/image.js";
import type { ImageCheck } from "./fota/image-check.js";
import { firmwareUpdate } from "./fota/start.js";
import { LEVELS, Log } from "./log.js";
import type { DeviceOptions } from "./options.js";
import type { Platform } from "./platform.js";
import { createPlatform, deviceOptions } from "./port.js";
import { dtls } from "./security/dtls-factory.js";
import { tls } from "./security/tls-factory.js";
import { startShell } from "./shell/shell.js";
import { VERSION } from "./version.js";

type DeviceClient = Client<typeof coreObjects>;

/** Runs the device. Called once, by the runtime, when the module has been loaded. */
export default function main(): void {
	const options = deviceOptions();
	const platform = createPlatform(options);
	const log = new Log(LEVELS.indexOf(options.log), (line) => platform.log(line));
	const client: DeviceClient = new Client({
		endpoint: options.endpoint,
		objects: coreObjects,
		platform,
		log,
		enabler: options.lwm2m,
		dtls: dtls({ cidBytes: options.cid }),
		firmware: firmwareUpdate({
			check: checkOf(options, platform.name),
			tls: tls({ authority: options.firmwareAuthority }),
		}),
	});
	provision(client, options);
	populate(client, platform);
	startShell({ client, platform });
	platform.onTerminate = () => client.stop(() => platform.exit(0));
	if (options.start) startOrWait(client);
}

/** Firmware images for this target, signed with the key of the options. */
function checkOf({ firmwareKey, mayDowngrade }: DeviceOptions, target: string): ImageCheck {
	const publicKey = firmwareKey ? () => firmwareKey : developmentKey;
	return imageCheck({ publicKey, mayDowngrade, target, version: VERSION });
}

/** The device's values and what it does when it is told to. */
function populate(client: DeviceClient, platform: Platform): void {
	const { registry } = client;
	registry.set("/3/0/0", "lwm2m-xs");
	registry.set("/3/0/1", platform.name);
	registry.set("/3/0/2", "345000123");
	registry.set("/3/0/3", VERSION);
	registry.set("/3/0/6/0", 1);
	registry.set("/3/0/6/1", 5);
	registry.set("/3/0/7/0", 3800);
	registry.set("/3/0/7/1", 5000);
	registry.set("/3/0/8/0", 125);
	registry.set("/3/0/8/1", 900);
	registry.set("/3/0/9", 100);
	registry.set("/3/0/11/0", 0);
	registry.set("/3/0/14", "+00:00");
	registry.set("/3/0/15", "Etc/UTC");
	registry.set("/3/0/16", "U");
	registry.set("/3/0/17", "simulated device");
	registry.set("/3/0/18", "1.0");
	registry.set("/3/0/19", VERSION);
	registry.set("/3/0/20", 0);
	registry.onRead("/3/0/10", () => Math.floor(freeBytes(platform) / 1024));
	registry.onRead("/3/0/13", () => Math.floor(platform.clock.time()));
	registry.onWrite("/3/0/13", (seconds) => platform.clock.setTime(seconds));
	registry.onExecute("/3/0/4", () => client.onceAnswered(() => platform.restart()));
	registry.onExecute("/3/0/5", () =>
		client.onceAnswered(() => {
			client.factoryReset();
			platform.restart();
		}),
	);
	registry.onExecute("/3/0/12", () => registry.set("/3/0/11/0", 0));

	registry.set("/4/0/0", 41);
	registry.set("/4/0/1/0", 41);
	registry.set("/4/0/2", -60);
	registry.set("/4/0/3", 100);
	registry.set("/4/0/4/0", "127.0.0.1");
	registry.set("/4/0/5/0", "127.0.0.1");

	registry.set("/6/0/0", 52.5);
	registry.set("/6/0/1", 13.375);
	registry.set("/6/0/5", 1367491215);

	registry.set("/3303/0/5700", 21.5);
	registry.set("/3303/0/5601", 21.5);
	registry.set("/3303/0/5602", 21.5);
	registry.set("/3303/0/5603", -40);
	registry.set("/3303/0/5604", 85);
	registry.set("/3303/0/5701", "Cel");
	registry.set("/3303/0/5750", "");
	registry.onExecute("/3303/*/5605", (_, instance) => {
		const now = registry.get(`/3303/${instance}/5700`) ?? 0;
		registry.set(`/3303/${instance}/5601`, now);
		registry.set(`/3303/${instance}/5602`, now);
	});
}

function freeBytes(platform: Platform): number {
	const { slotBytes, slots, slotsPeak, chunks, chunksPeak } = platform.memory();
	return (slotsPeak - slots) * slotBytes + (chunksPeak - chunks);
}
