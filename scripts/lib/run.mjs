// Runs other programs, and ends scripts that cannot go on with one line.
import { spawnSync } from "node:child_process";
import { root } from "./paths.mjs";

/** Ends the script: the message is what the user has to know. */
export function fail(message) {
	process.stderr.write(`${message}\n`);
	process.exit(1);
}

/**
 * Runs a program in the repository's folder and waits for it. What it prints is shown only when it fails.
 * @returns its standard output
 */
export function run(program, args, options = {}) {
	const result = spawnSync(program, args, { cwd: root, encoding: "utf8", maxBuffer: 1 << 28, ...options });
	if (result.error) fail(`${program}: ${result.error.message}`);
	if (result.status !== 0) fail(`${program} ${args.join(" ").slice(0, 200)} failed:\n${result.stdout}${result.stderr}`);
	return result.stdout;
}

/** True where a program can be started. */
export function hasProgram(program) {
	return !spawnSync(program, ["--version"], { stdio: "ignore" }).error;
}

/** True where a program runs and ends well; what it prints is not shown. */
export function succeeds(program, args) {
	return spawnSync(program, args, { cwd: root, stdio: "ignore" }).status === 0;
}

/** Passes signals on to a child that the terminal does not reach: its Ctrl-C goes to both of us by itself. */
export function passSignals(child) {
	for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
		process.on(signal, () => {
			if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal === "SIGHUP" ? "SIGTERM" : signal);
		});
}
