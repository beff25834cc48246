// The file that stands for the emulated board's flash (platforms/qemu/flash-map.h), and what a programmer writes into it.
import { createHash } from "node:crypto";
import { constants, ftruncateSync, mkdtempSync, openSync, readFileSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What QEMU wants of the memory that the flash is a part of. The file has holes. */
export const FLASH_FILE_BYTES = 16 << 20;
const PRIMARY = { at: 0x2000, bytes: 0xf4000 };
const BOOT_RECORD = { at: 0xf6000, bytes: 0x2000 };
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
