// The boot loader's choice (platforms/xs/boot-choice.c) through many power cuts: while images are exchanged, written,
// installed and confirmed. Prints what it counted; exit status 1 and a line where the wrong image would run.

#include "boot-choice.h"
#include "flash-simulation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SECTORS = 6, SLOT_BYTES = SECTORS * FLASH_SECTOR_BYTES };

static const FlashArea primary = { 0, SLOT_BYTES }, secondary = { SLOT_BYTES, SLOT_BYTES };

static uint32_t wordAt(const FlashArea* area, uint32_t offset)
{
	uint32_t word;
	memcpy(&word, flash + area->start + offset, sizeof word);
	return word;
}

// An image: its length, its number, and words that follow from both.
static uint32_t wordOf(uint32_t number, uint32_t offset)
{
	return (number * 2654435761u) ^ (offset * 40503u);
}

static uint32_t countOf(const FlashArea* area)
{
	uint32_t count = wordAt(area, 0);
	return count >= 16 && count <= SLOT_BYTES && count % 8 == 0 ? count : 0;
}

static const char* checkOf(const FlashArea* area)
{
	uint32_t count = countOf(area), number = wordAt(area, 4);
	for (uint32_t offset = 8; offset < count; offset += 4)
		if (wordAt(area, offset) != wordOf(number, offset))
			return "not whole";
	return count == 0 ? "none" : NULL;
}

static void put(const FlashArea* area, uint32_t number, uint32_t count)
{
	static uint32_t image[SLOT_BYTES / 4];
	image[0] = count;
	image[1] = number;
	for (uint32_t offset = 8; offset < count; offset += 4)
		image[offset / 4] = wordOf(number, offset);
	for (uint32_t offset = 0; offset < area->bytes; offset += FLASH_SECTOR_BYTES)
		flashErase(area, offset);
	flashProgram(area, 0, image, count);
}

static void say(const char* text)
{
	(void)text;
}

static const BootLoader loader = {
	.areas = { { 0, SLOT_BYTES }, { SLOT_BYTES, SLOT_BYTES }, { 2 * SLOT_BYTES, 2 * FLASH_SECTOR_BYTES }, { 2 * SLOT_BYTES + 2 * FLASH_SECTOR_BYTES, FLASH_SECTOR_BYTES } },
	.record = { 2 * SLOT_BYTES + 3 * FLASH_SECTOR_BYTES, 2 * FLASH_SECTOR_BYTES },
	.check = checkOf,
	.count = countOf,
	.say = say,
};

// What is to be: `kept` runs unless `candidate`, not 0, is on trial. `asked`: a change that a cut may have left undone.
static uint32_t kept, candidate, newest;
static enum { NOTHING, INSTALL, CONFIRM } asked;
static long trials, reverts, confirmations, broken;

static void checkChoice(const BootRecord* record)
{
	uint32_t runs = wordAt(&primary, 4);
	if (checkOf(&primary))
		fail("the image that runs is not whole", "primary");
	if (record->active != record->primary)
		fail("another slot than the active one", "record");
	if (record->state == BOOT_TRIAL) {
		if (runs != candidate)
			fail("on trial, and not the new image", "primary");
		if (checkOf(&secondary) || wordAt(&secondary, 4) != kept)
			fail("on trial, and the old image is gone", "secondary");
		trials++;
		return;
	}
	if (asked == CONFIRM && runs == candidate)
		kept = candidate;
	if (runs != kept)
		fail("neither on trial nor the image that was kept", "primary");
	reverts += record->state == BOOT_REVERTED;
}

// What the program that runs may do. It ends as a restart.
static void runProgram(BootRecord* record)
{
	BootStorage storage = bootStorageOf(&loader.record);
	if (record->state == BOOT_TRIAL) {
		if (dice(3) == 0)
			return;
		asked = CONFIRM;
		if (!bootConfirm(&storage, record))
			fail("cannot be confirmed", "record");
		kept = candidate;
		confirmations++;
	}
	asked = NOTHING;
	if (!bootForget(&storage, record))
		fail("cannot be forgotten", "record");
	candidate = ++newest;
	put(&secondary, candidate, 16 + dice(SLOT_BYTES / 8 - 2) * 8);
	// a flash that loses something is seen before the images change places
	if (dice(4) == 0) {
		flash[secondary.start + 12] ^= 1;
		broken++;
	}
	asked = INSTALL;
	if (!bootInstall(&storage, record, countOf(&secondary)))
		fail("cannot be installed", "record");
}

int main(int argc, char** argv)
{
	static volatile int lives, life, cuts;
	lives = argc > 1 ? atoi(argv[1]) : 1000;
	stepsLeft = -1;
	memset(flash, 0, sizeof flash);
	put(&primary, kept = newest = 1, SLOT_BYTES);
	for (life = 0; life < lives; life++) {
		BootRecord record;
		// an exchange has some 10,000 steps
		stepsLeft = dice(3) ? (long)dice(30000) : (long)dice(60);
		if (setjmp(cut) == 0) {
			for (;;) {
				if (!bootChoose(&loader, &record, dice(3) > 0))
					fail("nothing runs", "loader");
				checkChoice(&record);
				runProgram(&record);
			}
		}
		cuts++;
	}
	printf("%d cuts, %ld trials, %ld confirmed, %ld reverted, %ld broken\n", cuts, trials, confirmations, reverts, broken);
}
