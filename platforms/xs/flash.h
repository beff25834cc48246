// NOR flash, as a port gives it to what is kept there (flash-log.c, the boot loader). Erasing sets a sector to 0xff,
// programming only clears bits; a power cut may stop either half-way, so that what was being written is anything.

#ifndef FLASH_H
#define FLASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// What is erased at once; and what is programmed at once, and only once between two erasures (flash with an error
// correction takes no second write).
enum { FLASH_SECTOR_BYTES = 4096, FLASH_UNIT_BYTES = 8 };

// A part of a flash, in whole sectors. What `start` means is the port's affair.
typedef struct {
	uintptr_t start;
	uint32_t bytes;
} FlashArea;

// Offsets count from the area's start. `offset` of a sector's first byte; false where the flash has not become blank.
bool flashErase(const FlashArea* area, uint32_t offset);
// `offset` and `count` are multiples of FLASH_UNIT_BYTES; false where the flash does not hold what was written.
bool flashProgram(const FlashArea* area, uint32_t offset, const void* from, uint32_t count);
void flashRead(const FlashArea* area, uint32_t offset, void* into, uint32_t count);

#endif
