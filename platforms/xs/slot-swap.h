// Exchanges two flash areas sector by sector through a third, so that the power may go at any moment: the next start goes
// on where this one ended. No engine: boot loaders use it.
//
// Each sector goes through three steps, and each step that is done leaves a mark:
//
//   1  scratch   = primary     the primary one is as it was until the mark is there
//   2  primary   = secondary   the secondary one is
//   3  secondary = scratch     the scratch one is
//
// A step without a mark is done again from its beginning, which harms nothing. A mark that was cut off counts: its step
// had ended. The status area holds the number of the exchange, how many sectors it has, a checksum, and the marks; an
// exchange of another number is over, or has never begun.

#ifndef SLOT_SWAP_H
#define SLOT_SWAP_H

#include "flash.h"

typedef struct {
	// Of one size.
	FlashArea primary, secondary;
	// One or more sectors, used in turn.
	FlashArea scratch;
	// Room for SWAP_STATUS_HEAD_BYTES, and three units for each sector of the two.
	FlashArea status;
} SwapAreas;

enum { SWAP_STATUS_HEAD_BYTES = 16 };

// True where an exchange of this number has begun.
bool swapHasBegun(const SwapAreas* areas, uint32_t number);
// Begins an exchange of the first `bytes`, rounded up to sectors. False where the flash fails.
bool swapBegin(const SwapAreas* areas, uint32_t number, uint32_t bytes);
// Goes on with the one that has begun, to its end. False where the flash fails.
bool swapFinish(const SwapAreas* areas);

#endif
