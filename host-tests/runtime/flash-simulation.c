// The flash in memory of the tests in C (flash-simulation.h).

#include "flash-simulation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

uint8_t flash[SIMULATED_SECTORS * FLASH_SECTOR_BYTES];
uint32_t erasures[SIMULATED_SECTORS];
long stepsLeft;
jmp_buf cut;
static uint32_t seed = 1;

uint32_t dice(uint32_t sides)
{
	seed ^= seed << 13;
	seed ^= seed >> 17;
	seed ^= seed << 5;
	return seed % sides;
}

void fail(const char* what, const char* key)
{
	printf("%s: %s\n", what, key);
	exit(1);
}

static void step(uint8_t* at, const uint8_t* from, uint32_t count)
{
	bool isCut = stepsLeft-- == 0;
	for (uint32_t i = 0; i < count; i++) {
		// each bit is done or not
		uint8_t done = isCut ? (uint8_t)dice(256) : 0xff;
		at[i] = (uint8_t)((at[i] & ~done) | ((from ? from[i] & at[i] : 0xff) & done));
	}
	if (isCut)
		longjmp(cut, 1);
}

bool flashErase(const FlashArea* area, uint32_t offset)
{
	erasures[(area->start + offset) / FLASH_SECTOR_BYTES]++;
	// in parts, so that a cut leaves some of the sector
	for (uint32_t i = 0; i < FLASH_SECTOR_BYTES; i += FLASH_SECTOR_BYTES / 4)
		step(flash + area->start + offset + i, NULL, FLASH_SECTOR_BYTES / 4);
	return true;
}

bool flashProgram(const FlashArea* area, uint32_t offset, const void* from, uint32_t count)
{
	const uint8_t* bytes = from;
	if (offset + count > area->bytes)
		fail("outside of the area", "program");
	if (offset % FLASH_UNIT_BYTES || count % FLASH_UNIT_BYTES)
		fail("not a unit", "program");
	for (uint32_t i = 0; i < count; i += FLASH_UNIT_BYTES) {
		for (uint32_t j = 0; j < FLASH_UNIT_BYTES; j++)
			if (flash[area->start + offset + i + j] != 0xff)
				fail("programmed twice", "program");
		step(flash + area->start + offset + i, bytes + i, FLASH_UNIT_BYTES);
	}
	return true;
}

void flashRead(const FlashArea* area, uint32_t offset, void* into, uint32_t count)
{
	memcpy(into, flash + area->start + offset, count);
}
