// The seam on ESP32, S3, C3 and C6: the SDK's modules for NVS and the UART, ESP-IDF for the rest.
import type * as seam from "../../src/platform.js";
import { keyValue } from "../sdk/key-value.js";
import { textOf } from "../sdk/options.js";
import { platformOf } from "../sdk/platform.js";
import { openSerial } from "../sdk/serial.js";
import { firmwareSlot } from "../sdk/slot.js";
import { keepWifi } from "./wifi.js";

/** NVS takes 4,000 bytes in one page; what is longer is kept in parts. */
const NVS_VALUE_BYTES = 1900;

export function createPlatform(): seam.Platform {
	keepWifi();
	return platformOf({
		name: "esp32",
		storage: keyValue("lwm2m", NVS_VALUE_BYTES),
		firmware: firmwareSlot(),
		isLogOnSerial: textOf("shellPort") !== undefined,
		openSerial: (options) => {
			const port = textOf("shellPort");
			if (port === undefined) return undefined;
			return openSerial(
				{
					port: Number(port),
					baud: Number(textOf("shellBaud") ?? 115200),
					receive: Number(textOf("shellReceive")),
					transmit: Number(textOf("shellTransmit")),
				},
				options,
			);
		},
	});
}
