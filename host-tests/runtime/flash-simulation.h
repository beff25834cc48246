// A flash in memory that is as unkind as the real one: a unit is programmed once, bits are only cleared, and the power goes in
// the midst of the Nth step, which leaves some of its bits done. Areas begin at offsets of it (platforms/xs/flash.h).

#ifndef FLASH_SIMULATION_H
#define FLASH_SIMULATION_H

#include <setjmp.h>

#include "flash.h"

enum { SIMULATED_SECTORS = 32 };

extern uint8_t flash[SIMULATED_SECTORS * FLASH_SECTOR_BYTES];
extern uint32_t erasures[SIMULATED_SECTORS];
// Steps until the power goes: a longjmp to `cut`. Negative: it stays.
extern long stepsLeft;
extern jmp_buf cut;

uint32_t dice(uint32_t sides);
// Says what is wrong and ends the program with status 1.
_Noreturn void fail(const char* what, const char* where);

#endif
