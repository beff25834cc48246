// The file that stands for the emulated board's flash (platforms/qemu/flash-map.h), and what a programmer writes into it.
import { createHash } from "node:crypto";
import { constants, ftruncateSync, mkdtempSync, openSync, readFileSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HEADER_BYTES } from "./container.mjs";
import { root } from "./paths.mjs";

const map = readMap();
/** The memory that the firmware is linked to: the primary area behind the container's header. */
export const FIRMWARE = {
	at: map.FLASH_PRIMARY + HEADER_BYTES,
	bytes: map.FLASH_PRIMARY_BYTES - HEADER_BYTES,
};
/** What QEMU wants of the memory that the flash is a part of. The file has holes. */
export const FLASH_FILE_BYTES = 16 << 20;
const PRIMARY = area("PRIMARY");
const BOOT_RECORD = area("BOOT_RECORD");
/** Behind all that the board sees: which firmware was written here last. */
const PROGRAMMED_AT = 0xf00000;

/**
 * @param path the file, which is made where it is missing; undefined: one that goes with the last process that has it
 * @param firmware path of a container. It is written unless it was the last that was: what the device has installed since
 *   then stays. The storage stays in any case
 * @returns a descriptor
 */
export function openFlash(path, firmware) {
	const flash = path === undefined ? openNameless() : openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
	ftruncateSync(flash, FLASH_FILE_BYTES);
	const container = readFileSync(firmware);
	const digest = createHash("sha256").update(container).digest();
	const programmed = Buffer.alloc(digest.length);
	readSync(flash, programmed, 0, programmed.length, PROGRAMMED_AT);
	if (programmed.equals(digest)) return flash;
	erase(flash, BOOT_RECORD);
	erase(flash, PRIMARY);
	writeSync(flash, container, 0, container.length, PRIMARY.at);
	writeSync(flash, digest, 0, digest.length, PROGRAMMED_AT);
	return flash;
}

function erase(flash, { at, bytes }) {
	writeSync(flash, Buffer.alloc(bytes, 0xff), 0, bytes, at);
}

function openNameless() {
	const folder = mkdtempSync(join(tmpdir(), "lwm2m-xs-flash-"));
	const file = openSync(join(folder, "flash.bin"), "w+");
	rmSync(folder, { recursive: true });
	return file;
}

/** The constants of flash-map.h, by name: each is a sum of numbers and of those before it. */
function readMap() {
	const values = {};
	const text = readFileSync(`${root}/platforms/qemu/flash-map.h`, "utf8");
	for (const [, name, sum] of text.matchAll(/^\t(\w+) = ([^,]+),/gm))
		values[name] = sum.split(" + ").reduce((all, term) => all + (values[term] ?? Number(term)), 0);
	return values;
}

/** In the file, which begins where the flash does. */
function area(name) {
	return { at: map[`FLASH_${name}`] - map.FLASH_BASE, bytes: map[`FLASH_${name}_BYTES`] };
}
