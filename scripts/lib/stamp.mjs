// Skips work whose input is as it was: the names, sizes and times of all files that could matter.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { build, root } from "./paths.mjs";

/** Calls `make` unless the files below `inputs` are as they were when it last succeeded. */
export function unlessSame(name, inputs, make) {
	const file = `${build}/stamps/${name}`;
	const digest = createHash("sha256")
		.update(inputs.map((input) => describe(`${root}/${input}`)).join("\n"))
		.digest("hex");
	if (existsSync(file) && readFileSync(file, "utf8") === digest) return;
	mkdirSync(`${build}/stamps`, { recursive: true });
	rmSync(file, { force: true });
	make();
	writeFileSync(file, digest);
}

function describe(path) {
	if (!existsSync(path)) return `${path} absent`;
	const status = statSync(path);
	if (!status.isDirectory()) return `${path} ${status.size} ${status.mtimeMs}`;
	return readdirSync(path)
		.filter((name) => name !== "node_modules" && !name.startsWith("."))
		.map((name) => describe(`${path}/${name}`))
		.join("\n");
}
