// What a boot loader does before it starts an image, on a board whose code runs from one place: the image that the boot
// record (boot-record.h) wants is brought into the primary area, the other one into the secondary, and an image that is
// not whole is refused. The power may go at any moment.

#ifndef BOOT_CHOICE_H
#define BOOT_CHOICE_H

#include "boot-record.h"
#include "slot-swap.h"

typedef struct {
	SwapAreas areas;
	// Two sectors.
	FlashArea record;
	// NULL where the area holds a whole image, else why not. Takes long: it is asked for before an image is moved only.
	const char* (*check)(const FlashArea* area);
	// Bytes of the image in the area, as its header has it; 0 where that is none. Quick.
	uint32_t (*count)(const FlashArea* area);
	void (*say)(const char* text);
} BootLoader;

// The functions of the record over its area.
BootStorage bootStorageOf(const FlashArea* record);
// False where no image can run.
bool bootChoose(const BootLoader* loader, BootRecord* record, bool isRestart);

#endif
