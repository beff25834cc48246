// Where things lie in the board's flash. The emulated machine has no flash: memory of it that a reset leaves alone and that
// is a file of the computer (scripts/lib/flash.mjs, which reads this, writes it, as a programmer does a chip) stands for a chip's 1 MB, and
// behind it for an external flash. Only the boot loader lies elsewhere, at address 0, where the processor starts; its
// place in the 1 MB stays empty.

#ifndef FLASH_MAP_H
#define FLASH_MAP_H

enum {
	FLASH_BASE = 0x21000000,
	FLASH_BYTES = 0x100000,
	FLASH_BOOT_LOADER_BYTES = 0x2000,
	// A container (../xs/container.h) with the firmware that runs.
	FLASH_PRIMARY = FLASH_BASE + FLASH_BOOT_LOADER_BYTES,
	FLASH_PRIMARY_BYTES = 0xf4000,
	FLASH_BOOT_RECORD = FLASH_PRIMARY + FLASH_PRIMARY_BYTES,
	FLASH_BOOT_RECORD_BYTES = 0x2000,
	FLASH_STORAGE = FLASH_BOOT_RECORD + FLASH_BOOT_RECORD_BYTES,
	FLASH_STORAGE_BYTES = 0x8000,

	EXTERNAL_FLASH_BASE = FLASH_BASE + FLASH_BYTES,
	EXTERNAL_FLASH_BYTES = 0x100000,
	FLASH_SECONDARY = EXTERNAL_FLASH_BASE,
	FLASH_SECONDARY_BYTES = FLASH_PRIMARY_BYTES,
	FLASH_SWAP_STATUS = FLASH_SECONDARY + FLASH_SECONDARY_BYTES,
	FLASH_SWAP_STATUS_BYTES = 0x2000,
	FLASH_SCRATCH = FLASH_SWAP_STATUS + FLASH_SWAP_STATUS_BYTES,
	FLASH_SCRATCH_BYTES = 0x8000,
};

#endif
