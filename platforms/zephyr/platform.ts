// The seam on Zephyr: the SDK's key-value storage on Zephyr's settings, MCUboot for firmware, Zephyr's own sockets.
import device from "embedded:provider/builtin";
import type * as seam from "../../src/platform.js";
import { withInstallMark } from "../sdk/install-mark.js";
import { keyValue } from "../sdk/key-value.js";
import { textOf } from "../sdk/options.js";
import { platformOf } from "../sdk/platform.js";
import { openSerial } from "../sdk/serial.js";
import { firmwareSlot } from "../sdk/slot.js";
import { keepClock } from "./clock.js";

/** What an entry of NVS below the settings takes with room to spare: a sector of the nRF's flash has 4,096 bytes. */
const SETTING_BYTES = 1024;

export function createPlatform(): seam.Platform {
	const sntp = textOf("sntp");
	if (sntp !== undefined) keepClock(sntp);
	const storage = keyValue("lwm2m", SETTING_BYTES);
	const slot = firmwareSlot();
	return platformOf({
		name: "zephyr",
		storage,
		firmware: slot && withInstallMark(slot, storage),
		isLogOnSerial: textOf("shellPort") !== undefined,
		openSerial: (options) => {
			// a name of the board's device tree: uart0, uart1, …
			const name = textOf("shellPort");
			if (name === undefined) return undefined;
			const ports = portsOf(device);
			const wiring = ports[name];
			if (!wiring) throw new RangeError(`shellPort ${name}: the board has ${Object.keys(ports).join(", ")}`);
			return openSerial({ ...wiring, baud: 115200 }, options);
		},
	});
}

/** The serial ports of the SDK's device tree, by name. What a board has is not in the types. */
function portsOf(provider: object): Readonly<Record<string, object | undefined>> {
	const { serial } = provider as { serial?: Record<string, object> };
	return serial ?? {};
}
