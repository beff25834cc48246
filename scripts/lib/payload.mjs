// What a firmware image consists of, for each target: the program image of bytecode that the simulated device maps, or
// the whole firmware of the emulated board.
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { withStart } from "./device.mjs";
import { buildPayload as buildFirmwarePayload } from "./firmware.mjs";
import { locked } from "./lock.mjs";
import { readManifest, replaceModules } from "./manifest.mjs";
import { build } from "./paths.mjs";
import { buildImage, compileDevice } from "./program.mjs";
import { setUp } from "./setup.mjs";

const builders = { host: buildHost, qemu: buildFirmwarePayload };

export const TARGETS = Object.keys(builders);

/**
 * @param replacements JavaScript sources by the id of the module that they take the place of
 * @returns the path of the payload
 */
export function buildPayload(target, version, replacements = new Map()) {
	setUp();
	compileDevice();
	const sources = new Map(replacements);
	sources.set("src/version", `export const VERSION = ${JSON.stringify(version)};\n`);
	return builders[target](placed(sources));
}

/** Puts the sources where modules are looked for. @returns their paths there, without extension, by id */
function placed(sources) {
	const digest = createHash("sha256")
		.update(JSON.stringify([...sources]))
		.digest("hex")
		.slice(0, 16);
	const paths = new Map();
	for (const [id, source] of sources) {
		const path = `build/images/${digest}/${id}`;
		const file = `${build}/js/${path}.js`;
		mkdirSync(file.slice(0, file.lastIndexOf("/")), { recursive: true });
		writeFileSync(file, source);
		paths.set(id, `./${path}`);
	}
	return paths;
}

function buildHost(replacements) {
	const manifest = withStart(replaceModules(readManifest("x-host"), replacements), "device");
	const folder = `${build}/host/images/${replacements.get("src/version").split("/")[3]}`;
	locked(() => buildImage(folder, manifest, "start"));
	return `${folder}/image.bin`;
}
