// What an image on trial may not do: take too long to confirm itself, or fail. Either ends in a restart, at which the boot
// record brings the image before it back.

#include <math.h>
#include <stddef.h>

#include "port.h"
#include "runtime.h"

// Of the device's clock: time for a few attempts to register.
enum { TRIAL_MS = 600000 };

double trialRun(void)
{
	static double until = INFINITY;
	if (!portFirmwareIsTrial())
		return until = INFINITY;
	if (until == INFINITY)
		until = clockNow() + TRIAL_MS;
	if (clockNow() >= until) {
		portLog("The firmware on trial has not confirmed itself: restarting");
		portRestart();
	}
	return until;
}

void trialExit(int status)
{
	if (!portFirmwareIsTrial())
		portExit(status);
	portLog("The firmware on trial has failed: restarting");
	portRestart();
}
