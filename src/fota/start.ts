// Firmware update for a build that has it. A manifest leaves it out by mapping this module to `none`.
import { type FirmwareSettings, FirmwareUpdate } from "./firmware.js";
import type { PartFactory } from "./part.js";

/** For `ClientOptions.firmware`: does nothing where the platform has no slot. */
export function firmwareUpdate(settings: FirmwareSettings): PartFactory {
	return (parts) => {
		const { firmware } = parts.platform;
		if (firmware) parts.tls = settings.tls?.(parts);
		return firmware && new FirmwareUpdate(parts, firmware, settings);
	};
}
