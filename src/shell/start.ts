// The shell of a build that has one. A manifest leaves it out by mapping this module to `none`.
import { Shell, type ShellOptions } from "./shell.js";

/** Opens the shell at the platform's serial port, if there is one. The port keeps it alive. */
export function startShell(options: ShellOptions): void {
	const shell = new Shell(options);
	if (shell.open() && options.platform.isLogOnSerial) options.client.log.divert((line) => shell.print(line));
}
