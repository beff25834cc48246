// Where things lie in the board's flash. The emulated machine has no flash: memory of it that a reset leaves alone, and
// that can be a file of the computer (scripts/lib/emulator.mjs), stands for a chip's 1 MB, and behind it for an external
// flash. What the emulator loads from the firmware's file lies elsewhere, because it is loaded again at each reset.

#ifndef FLASH_MAP_H
#define FLASH_MAP_H

enum {
	FLASH_BASE = 0x21000000,
	FLASH_BYTES = 0x100000,
	FLASH_STORAGE = FLASH_BASE + 0xf0000,
	FLASH_STORAGE_BYTES = 0x10000,
};

#endif
