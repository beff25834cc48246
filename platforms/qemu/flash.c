// The board's flash (../xs/flash.h). Only this file opens it for writing, a sector at a time: everything else that writes
// there meets the memory protection.

#include "flash.h"

#include <string.h>

#include "board.h"

bool flashErase(const FlashArea* area, uint32_t offset)
{
	uint32_t* sector = (uint32_t*)(area->start + offset);
	boardOpenFlash((uintptr_t)sector);
	for (size_t i = 0; i < FLASH_SECTOR_BYTES / sizeof *sector; i++)
		sector[i] = UINT32_MAX;
	boardCloseFlash();
	return true;
}

bool flashProgram(const FlashArea* area, uint32_t offset, const void* from, uint32_t count)
{
	const uint8_t* bytes = from;
	uint32_t word;
	bool isWritten = true;
	for (uint32_t i = 0; i < count; i += sizeof word) {
		volatile uint32_t* to = (volatile uint32_t*)(area->start + offset + i);
		if (i == 0 || (uintptr_t)to % FLASH_SECTOR_BYTES == 0)
			boardOpenFlash((uintptr_t)to);
		memcpy(&word, bytes + i, sizeof word);
		// what is 0 stays 0
		*to &= word;
		isWritten &= *to == word;
	}
	boardCloseFlash();
	return isWritten;
}

void flashRead(const FlashArea* area, uint32_t offset, void* into, uint32_t count)
{
	memcpy(into, (const void*)(area->start + offset), count);
}
