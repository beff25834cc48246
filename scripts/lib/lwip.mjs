// lwIP from source: $LWIP_DIR (an unpacked tree), build/cache, or Debian's source package from the machine's own mirror.
// The archive's checksum is pinned.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { build } from "./paths.mjs";
import { fail, run } from "./run.mjs";

const VERSION = "2.2.1";
const ARCHIVE = `lwip_${VERSION}+dfsg1.orig.tar.xz`;
const POOL_FILE = `pool/main/l/lwip/${ARCHIVE}`;
const SHA256 = "83729c274c499d3348e9fbbe043a3113f3fa8953e7efddc7c21c7fcbb1f2b7b1";
const DOWNLOAD_MS = 120_000;

/** @returns the folder with `src`, fetched where it is missing */
export function lwipFolder() {
	const given = process.env.LWIP_DIR;
	if (given) {
		if (!existsSync(`${given}/src/core/udp.c`)) fail(`LWIP_DIR: no lwIP sources in ${given}`);
		return given;
	}
	const folder = `${build}/cache/lwip-${VERSION}`;
	if (existsSync(`${folder}/.unpacked`)) return folder;
	mkdirSync(`${build}/cache`, { recursive: true });
	const file = `${build}/cache/${ARCHIVE}`;
	if (!isIntact(file)) download(file);
	rmSync(folder, { recursive: true, force: true });
	run("tar", ["-xJf", file, "-C", `${build}/cache`]);
	writeFileSync(`${folder}/.unpacked`, `${SHA256}\n`);
	return folder;
}

function isIntact(file) {
	return existsSync(file) && createHash("sha256").update(readFileSync(file)).digest("hex") === SHA256;
}

/** The file appears under its name only when its checksum is right. */
function download(file) {
	const part = `${file}.${process.pid}`;
	const problems = [];
	for (const mirror of mirrors()) {
		rmSync(part, { force: true });
		const address = `${mirror.replace(/\/?$/, "/")}${POOL_FILE}`;
		const { status, error, stderr } = spawnSync(
			"/usr/lib/apt/apt-helper",
			["download-file", address, part, `SHA256:${SHA256}`],
			{ encoding: "utf8", timeout: DOWNLOAD_MS },
		);
		if (status === 0 && isIntact(part)) {
			renameSync(part, file);
			return;
		}
		problems.push(error?.message ?? stderr?.trim().split("\n").pop() ?? "failed");
	}
	rmSync(part, { force: true });
	fail(
		`lwIP ${VERSION} cannot be fetched (${problems.join("; ") || "no package mirror is set up"}). Put ${ARCHIVE} of ` +
			"Debian's source package into build/cache, or set LWIP_DIR to unpacked sources.",
	);
}

/** The package mirrors that this machine is set up with, without repetition. */
function mirrors() {
	const { stdout } = spawnSync("apt-get", ["indextargets", "--format", "$(REPO_URI)"], { encoding: "utf8" });
	return [...new Set((stdout ?? "").split("\n").filter(Boolean))];
}
