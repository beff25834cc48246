// The seam on the Moddable SDK's own Linux target, headless: for trying the SDK lane without a board. Storage, shell and slots
// are those of the self-contained build (platforms/host); sockets, DTLS and timers are what a board of this lane has.
import config from "mc/config";
import type { DeviceOptions } from "../../src/options.js";
import type * as seam from "../../src/platform.js";
import { keyValue } from "../sdk/key-value.js";
import { deviceOptions as boardOptions, textOf } from "../sdk/options.js";
import { platformOf } from "../sdk/platform.js";
import { openSerial } from "../sdk/serial.js";
import { firmwareSlot } from "../sdk/slot.js";
import { OptionError } from "../xs/options.js";
import { exit, isTerminal, onTerminate, words } from "./program.js";

/** What a file of the key-value store holds at most, and NVS on a board as well. */
const MAX_VALUE_BYTES = 4000;

const SHELLS: readonly string[] = Object.freeze(["stdio", "pty", "off"]);

export function deviceOptions(): DeviceOptions {
	return boardOptions(checkWords);
}

function checkWords(): void {
	const keys = Object.keys(config);
	for (const word of words()) {
		const key = word.split("=", 1)[0]!;
		if (!keys.includes(key)) throw new OptionError(`${key}: no such key; there are ${keys.join(", ")}`);
		if (!word.includes("=")) throw new OptionError(`${key}: ${key}=VALUE is wanted`);
	}
	const shell = textOf("shell") ?? "stdio";
	if (!SHELLS.includes(shell)) throw new OptionError(`shell ${shell}: one of ${SHELLS.join(", ")}`);
}

export function createPlatform(): seam.Platform {
	const shell = textOf("shell") ?? "stdio";
	const folder = textOf("storage");
	const platform = platformOf({
		name: "linux",
		storage: folder === undefined ? undefined : keyValue(folder, MAX_VALUE_BYTES),
		firmware: firmwareSlot(),
		isLogOnSerial: shell === "stdio" && isTerminal(),
		openSerial: (callbacks) =>
			shell === "stdio" || shell === "pty" ? openSerial({ device: shell }, callbacks) : undefined,
		exit,
	});
	onTerminate(() => (platform.onTerminate ? platform.onTerminate() : exit(0)));
	return platform;
}
