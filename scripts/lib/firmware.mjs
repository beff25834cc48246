// Builds the firmware of the emulated board: the device's own modules, the image that the host's tool makes of them, and
// platforms/qemu in place of platforms/host.
import { copyFileSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { appName, withApp } from "./app.mjs";
import { isNewer } from "./compile.mjs";
import { makeContainer, readKey } from "./container.mjs";
import { withStart } from "./device.mjs";
import { FIRMWARE } from "./flash.mjs";
import { locked } from "./lock.mjs";
import { lwipFolder } from "./lwip.mjs";
import { readManifest, replaceModules } from "./manifest.mjs";
import { ensurePackages, ensurePrograms } from "./packages.mjs";
import { build, root } from "./paths.mjs";
import { buildImage, checkPreload, compileDevice } from "./program.mjs";
import { buildRom } from "./rom.mjs";
import { hasProgram, run } from "./run.mjs";
import { setUp } from "./setup.mjs";
import { xsFolder } from "./xs.mjs";

const out = `${build}/qemu`;

/**
 * Sets up, compiles and links what has changed.
 * @param app a module in place of src/main
 * @returns the firmware's path: a container, as flash holds it. The ELF file is beside it
 */
export function buildFirmware({ app } = {}) {
	if (app) return `${buildWith(new Map(), appName(app), app)}.fw`;
	const program = buildWith(new Map(), "device");
	for (const [from, to] of [
		[program, `${out}/lwm2m-xs.elf`],
		[`${program}.fw`, `${out}/lwm2m-xs.fw`],
	])
		if (!isNewer(to, [from])) {
			// renamed into place: an emulator that starts gets the old one or the new one
			copyFileSync(from, `${to}.${process.pid}`);
			renameSync(`${to}.${process.pid}`, to);
		}
	return `${out}/lwm2m-xs.fw`;
}

/**
 * Builds another version of the firmware.
 * @param replacements files by the id of the module of the manifest that they take the place of
 * @returns the path of what a firmware image carries
 */
export function buildPayload(replacements) {
	return `${buildWith(replacements, "update")}.bin`;
}

/** Builds the firmware with something left out, to be measured. @param name of its folder beside `device` */
export function buildWithout(name, replacements) {
	buildWith(replacements, name);
}

function buildWith(replacements, name, app) {
	setUp();
	if (!hasProgram("arm-none-eabi-gcc")) ensurePackages(["gcc-arm-none-eabi", "libnewlib-arm-none-eabi"]);
	ensurePrograms({ xz: "xz-utils" });
	compileDevice();
	const manifest = readManifest("x-qemu");
	checkPreload(manifest);
	const chosen = app ? withApp(manifest, app) : manifest;
	const adapted = replaceModules(withStart(chosen, name), replacements);
	const { main } = adapted.creation;
	// what is preloaded is called as it lies; else a module that does so is loaded
	return locked(() => makeFirmware(`${out}/${name}`, adapted, adapted.preload.includes(main) ? main : "start"));
}

/** A firmware of other modules than the device's, whose `start` runs first. @returns the path of its container */
export function buildProgramFirmware(name, manifest) {
	return `${locked(() => makeFirmware(`${out}/${name}`, manifest, "start"))}.fw`;
}

function makeFirmware(folder, manifest, main) {
	mkdirSync(folder, { recursive: true });
	const image = buildImage(folder, manifest, main);
	const { natives } = image;
	buildRom(folder, image, manifest.preload);
	const dtls = run(process.execPath, [`${root}/scripts/lib/dtls.mjs`, "cortex-m4"]).trim();
	run("make", [
		"-s",
		`-j${Math.min(2, cpus().length)}`,
		"-f",
		"platforms/qemu/Makefile",
		`XS=${xsFolder()}`,
		`LWIP=${lwipFolder()}`,
		`DTLS=${dtls}`,
		`OUT=${out}`,
		`FIRMWARE_AT=${FIRMWARE.at}`,
		`FIRMWARE_BYTES=${FIRMWARE.bytes}`,
		`NATIVE_SOURCES=${natives.map(({ native }) => native).join(" ")}`,
		`${folder}/program`,
		`${out}/boot/loader`,
	]);
	if (!isNewer(`${folder}/program.fw`, [`${folder}/program`])) pack(`${folder}/program`);
	return `${folder}/program`;
}

/** What the programmer writes into a new board: the firmware in a container of the package's version. */
function pack(program) {
	run("arm-none-eabi-objcopy", ["-O", "binary", program, `${program}.bin`]);
	const { version } = JSON.parse(readFileSync(`${root}/package.json`, "utf8"));
	const key = readKey(readFileSync(`${root}/scripts/keys/firmware-development.pem`));
	const payload = readFileSync(`${program}.bin`);
	writeFileSync(`${program}.fw`, makeContainer({ payload, target: "qemu", version, name: "lwm2m-xs", key }));
}
