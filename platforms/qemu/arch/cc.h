// What lwIP asks of compiler and platform.

#ifndef ARCH_CC_H
#define ARCH_CC_H

#include <stdint.h>
#include <stdlib.h>

extern uint32_t networkRandom(void);
_Noreturn extern void networkFailAt(int line);

#define LWIP_RAND() networkRandom()
#define LWIP_PLATFORM_DIAG(text) ((void)0)
// by its line alone: the texts are 4 kB
#define LWIP_PLATFORM_ASSERT(what) networkFailAt(__LINE__)

#endif
