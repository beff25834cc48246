// Everything that a fresh machine lacks: npm dependencies, compiler, make, the engine's sources. Does nothing twice.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { ensurePackages, ensurePrograms } from "./packages.mjs";
import { root } from "./paths.mjs";
import { fail, run } from "./run.mjs";
import { xsFolder } from "./xs.mjs";

const LEAST_NODE = 20;

export function setUp() {
	if (Number(process.versions.node.split(".")[0]) < LEAST_NODE) fail(`Node.js ${LEAST_NODE} or later is needed, this is ${process.versions.node}`);
	installNpmPackages();
	ensurePrograms({ cc: "gcc", make: "make", tar: "tar" });
	if (!hasHeaders()) ensurePackages(["libc6-dev"]);
	xsFolder();
}

/** `npm ci` unless what is installed is what the lock file names. */
function installNpmPackages() {
	const lock = readFileSync(`${root}/package-lock.json`, "utf8");
	const mark = `${root}/node_modules/.lwm2m-xs-lock`;
	if (existsSync(mark) && readFileSync(mark, "utf8") === lock) return;
	process.stderr.write("installing npm packages\n");
	run("npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]);
	writeFileSync(mark, lock);
}

function hasHeaders() {
	return existsSync("/usr/include/stdio.h") || existsSync("/usr/include/x86_64-linux-gnu") || process.platform !== "linux";
}
