// Which program image the simulated device runs, and the watchdog of an image on trial.

#ifndef FIRMWARE_H
#define FIRMWARE_H

#include <stddef.h>
#include <stdint.h>

// The image that the boot record names, else the one in the executable. Called once, before anything else runs.
const uint8_t* firmwareChoose(const uint8_t* own, size_t ownSize, size_t* size);

// On trial a crash restarts, and so does an event loop that does not come back to portWait(). To be called when a trial
// begins or ends; the others, around the loop's sleep, do nothing without a trial.
void watchdogSet(void);
void watchdogSleep(void);
void watchdogWake(void);

#endif
