// Time: TIMER 0 runs freely at 25 MHz, TIMER 1 wakes the processor. Nothing ticks: an idle device sleeps until its next
// deadline, or until the watchdog wants to be fed.

#include "board.h"

#include "port.h"

// CMSDK APB timer and watchdog.
enum { CONTROL = 0x0, VALUE = 0x4, RELOAD = 0x8, CLEAR = 0xc };
enum { ENABLE = 1, INTERRUPT = 8 };
enum { WATCHDOG_LOAD = 0x0, WATCHDOG_CONTROL = 0x8, WATCHDOG_CLEAR = 0xc };

enum { TICKS_A_MS = CLOCK_HZ / 1000 };
// The first end of the watchdog's count is the interrupt that names the reason, a second one resets.
enum { WATCHDOG_SECONDS = 10 };
// The longest sleep: well before the watchdog, and before TIMER 0 has gone round (172 s).
enum { SLEEP_MS = 4000 };

volatile bool boardHasEvent;

// How long the processor has not slept, in ticks, and since when it is awake.
static uint64_t awakeTicks, awakeSince;

void clockStart(void)
{
	REGISTER(TIMER_0 + RELOAD) = UINT32_MAX;
	REGISTER(TIMER_0 + VALUE) = UINT32_MAX;
	REGISTER(TIMER_0 + CONTROL) = ENABLE;
	boardEnableInterrupt(IRQ_TIMER_1);
	REGISTER(WATCHDOG + WATCHDOG_LOAD) = (uint32_t)WATCHDOG_SECONDS * CLOCK_HZ;
	REGISTER(WATCHDOG + WATCHDOG_CONTROL) = 3;
}

void watchdogFeed(void)
{
	REGISTER(WATCHDOG + WATCHDOG_CLEAR) = 1;
}

uint64_t clockTicks(void)
{
	static uint32_t last, rounds;
	uint32_t now = ~REGISTER(TIMER_0 + VALUE);
	if (now < last)
		rounds++;
	last = now;
	return (uint64_t)rounds << 32 | now;
}

uint32_t clockMs(void)
{
	// whole milliseconds since the start, and the tick at which the last of them ended
	static uint32_t ms, last;
	uint32_t passed = (uint32_t)clockTicks() - last;
	ms += passed / TICKS_A_MS;
	last += passed - passed % TICKS_A_MS;
	return ms;
}

double portNow(void)
{
	// a division of doubles takes five hundred instructions here, and this is called all the time
	return (double)clockTicks() * (1.0 / TICKS_A_MS);
}

uint32_t clockTakeAwakeTicks(void)
{
	uint64_t now = clockTicks();
	uint32_t ticks = (uint32_t)(awakeTicks + now - awakeSince);
	awakeTicks = 0;
	awakeSince = now;
	return ticks;
}

void timer1Interrupt(void)
{
	REGISTER(TIMER_1 + CONTROL) = 0;
	REGISTER(TIMER_1 + CLEAR) = 1;
}

void clockSleep(double untilMs)
{
	double ms = untilMs - portNow();
	if (ms > SLEEP_MS)
		ms = SLEEP_MS;
	__asm volatile("cpsid i" ::: "memory");
	// an interrupt that is held back still ends the wait, so that none is slept through
	if (!boardHasEvent && ms > 0) {
		uint32_t ticks = (uint32_t)(ms * TICKS_A_MS);
		// which also sets the value that counts down
		REGISTER(TIMER_1 + RELOAD) = ticks + 1;
		REGISTER(TIMER_1 + CONTROL) = ENABLE | INTERRUPT;
		awakeTicks += clockTicks() - awakeSince;
		__asm volatile("dsb\nwfi" ::: "memory");
		awakeSince = clockTicks();
	}
	boardHasEvent = false;
	__asm volatile("cpsie i\nisb" ::: "memory");
	REGISTER(TIMER_1 + CONTROL) = 0;
}
