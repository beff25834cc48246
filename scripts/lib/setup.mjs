// Everything that a fresh machine lacks: npm dependencies, compiler, make, the engine's sources. Does nothing twice.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { locked } from "./lock.mjs";
import { ensurePackages, ensurePrograms } from "./packages.mjs";
import { root } from "./paths.mjs";
import { fail, run } from "./run.mjs";
import { xsFolder } from "./xs.mjs";

const LEAST_NODE = 20;

export function setUp() {
	locked(installMissing);
}

/** npm's packages alone, for scripts that build nothing. */
export function ensureNpmPackages() {
	locked(installNpmPackages);
}

function installMissing() {
	if (Number(process.versions.node.split(".")[0]) < LEAST_NODE)
		fail(`Node.js ${LEAST_NODE} or later is needed, this is ${process.versions.node}`);
	installNpmPackages();
	ensurePrograms({ cc: "gcc", make: "make", tar: "tar" });
	if (!hasHeaders()) ensurePackages(["libc6-dev"]);
	xsFolder();
}

/** `npm ci` unless what is installed is what the lock file names. */
function installNpmPackages() {
	if (isInstalled()) return;
	process.stderr.write("installing npm packages\n");
	const quiet = ["--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"];
	const clean = spawnSync("npm", ["ci", ...quiet], { cwd: root, encoding: "utf8" });
	// npm refuses a lock file that lacks a tool's builds for other systems; an install that saves nothing takes the
	// same versions with the same checksums
	if (clean.status !== 0) run("npm", ["install", "--no-save", ...quiet]);
}

/** npm keeps a list of what it has installed: every package of the lock file has to be in it, in the same version. */
function isInstalled() {
	const list = `${root}/node_modules/.package-lock.json`;
	if (!existsSync(list)) return false;
	const wanted = JSON.parse(readFileSync(`${root}/package-lock.json`, "utf8")).packages;
	const installed = JSON.parse(readFileSync(list, "utf8")).packages;
	return Object.entries(wanted).every(
		([path, { version, optional }]) => path === "" || optional || installed[path]?.version === version,
	);
}

function hasHeaders() {
	return (
		existsSync("/usr/include/stdio.h") || existsSync("/usr/include/x86_64-linux-gnu") || process.platform !== "linux"
	);
}
