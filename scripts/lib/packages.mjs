// System packages: installed where that is possible (root on Debian or Ubuntu), named where it is not.
import { spawnSync } from "node:child_process";
import { fail, hasProgram } from "./run.mjs";

/** Makes sure that programs are there. @param needs the Debian package of each program */
export function ensurePrograms(needs) {
	const missing = Object.keys(needs).filter((program) => !hasProgram(program));
	if (missing.length > 0) ensurePackages([...new Set(missing.map((program) => needs[program]))]);
	const still = missing.filter((program) => !hasProgram(program));
	if (still.length > 0)
		fail(`${still.join(", ")}: not found; install the package ${still.map((program) => needs[program]).join(" ")}`);
}

/** Installs Debian packages, or ends the script with a line that names them. */
export function ensurePackages(names) {
	const isDebian = hasProgram("apt-get");
	if (!isDebian || process.getuid?.() !== 0)
		fail(
			`missing system packages: ${names.join(" ")}; install them${isDebian ? ` with: sudo apt-get install ${names.join(" ")}` : ""}`,
		);
	process.stderr.write(`installing ${names.join(" ")}\n`);
	const environment = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
	spawnSync("apt-get", ["update", "-qq"], { stdio: "ignore", env: environment });
	const result = spawnSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...names], {
		encoding: "utf8",
		env: environment,
	});
	if (result.status !== 0) fail(`cannot install ${names.join(" ")}: ${result.stderr.trim().split("\n").pop()}`);
}
