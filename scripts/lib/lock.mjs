// One build at a time: two scripts that start together (a server here, a device there) must not write the same files.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { build } from "./paths.mjs";

const file = `${build}/lock`;
const PAUSE_MS = 50;
const PAUSES_BEFORE_TELLING = 20;
let depth = 0;

/** Runs `work` while no other script of this repository runs its own; may be nested. */
export function locked(work) {
	if (depth === 0) acquire();
	depth++;
	try {
		return work();
	} finally {
		depth--;
		if (depth === 0) release();
	}
}

function acquire() {
	mkdirSync(build, { recursive: true });
	for (let pauses = 0; ; pauses++) {
		try {
			writeFileSync(file, String(process.pid), { flag: "wx" });
			process.once("exit", release);
			return;
		} catch (error) {
			if (error.code !== "EEXIST") throw error;
		}
		if (!isHeld()) rmSync(file, { force: true });
		else if (pauses === PAUSES_BEFORE_TELLING) process.stderr.write("waiting for another build to end\n");
		Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
	}
}

function release() {
	process.off("exit", release);
	rmSync(file, { force: true });
}

/** False where the script that made the lock is gone. */
function isHeld() {
	try {
		const holder = Number(readFileSync(file, "utf8"));
		// just made, and not yet written
		if (holder === 0) return true;
		process.kill(holder, 0);
		return true;
	} catch (error) {
		return error.code === "EPERM";
	}
}
