// A clock that a test advances, in place of the computer's: the environment names a descriptor, LWM2M_XS_CLOCK=3.
// The test writes what time it is, a double, milliseconds since 1970, first of all when it starts the program. The program
// does everything that is due and waiting then, and when nothing is left writes when it wants to go on, INFINITY for never.

#ifndef STEPPED_CLOCK_H
#define STEPPED_CLOCK_H

#include <stdbool.h>

// True where a test has the clock.
bool steppedClockIsOn(void);
double steppedClockNow(void);
// Takes the time from inside portWait().
void steppedClockWatch(void);
// Nothing is left to do until then: tells the test, where it has asked.
void steppedClockRest(double untilMs);

#endif
